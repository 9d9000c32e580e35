/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact.h - the people who can act: who they are, what they answer for, how they are reached.
 *
 *   contact "registrar-9999"  roles registrar      covers iana:9999 shop.example
 *      |-- address mail abuse@registrar.example    proof answered 2026-03-01
 *      +-- contact "registrar-9999-abuse"  organisation registrar-9999, roles abuse
 *
 * What somebody covers are lines: a domain (the name and all below it; "." is every name),
 * AS64500, 192.0.2.0/24, iana:9999 (a registrar's number). A contact that covers nothing of
 * its own covers what its organisation does.
 *
 * A route is the list of those who can act for a subject, by role: the most exact cover
 * first, of equal ones the abuse desk first, then by the order of escalation (place).
 *
 * Everything is an event (contact.set, contact.remove, contact.address, ...); `about` is
 * "contact:ID". Limits: a text is CONTACT_TEXT_MAX octets, a route has ROUTE_MAX lines.
 * Cost: a route looks at each contact once. */
#pragma once
#include "respond/desk.h"

#define CONTACT_ID_MAX 100u
#define CONTACT_TEXT_MAX 32768u
#define CONTACT_ROLES(F)                                                       \
	F(REGISTRAR, NC_("contact role", "registrar"))                         \
	F(OPERATOR, NC_("contact role", "operator"))                           \
	F(HOST, NC_("contact role", "host"))                                   \
	F(REGISTRY, NC_("contact role", "registry"))                           \
	F(CERT, NC_("contact role", "cert"))                                   \
	F(REGULATOR, NC_("contact role", "regulator"))                         \
	F(POLICE, NC_("contact role", "police"))                               \
	F(ABUSE, NC_("contact role", "abuse"))                                 \
	F(TECHNICAL, NC_("contact role", "technical"))                         \
	F(REPORTER, NC_("contact role", "reporter"))                           \
	F(REGISTRANT, NC_("contact role", "registrant"))                       \
	F(TEAM, NC_("contact role", "team"))
#define F(name, text) ACTS_##name,
enum contact_role { CONTACT_ROLES(F) ACTS_COUNT };
#undef F
extern const char *const contact_roles[];

/* ---- changing; inside desk_begin() and desk_end() ---- */

/* Writes a contact, new or over the one with its id. id: lower-case letters, digits, dots
 * and hyphens; roles and covers as above, one a line or with commas and blanks between (they
 * are stored one a line). 0, or OOPS_FORMAT and desk_error() names what is wrong. */
int contact_set(struct desk *d, const struct contact *c);
/* Takes a contact away, with its addresses and vouches. OOPS_UNKNOWN when there is none. */
int contact_remove(struct desk *d, const char *id);
/* Adds an address, or changes its place. The form is checked by channel: an e-mail address,
 * a URL, a number, a public key of 64 hex digits. */
int contact_address(struct desk *d, const struct address *a);
/* OOPS_UNKNOWN when there is none. */
int contact_address_remove(struct desk *d, const struct address *key);
/* Notes what is known of an address: answered, silent, bounced. Answered proves the contact,
 * too. OOPS_UNKNOWN when the address is not on record. */
int contact_proof(struct desk *d, const struct address *key, enum proof proof);

/* ---- looking ---- */

/* The contact as a copy (free() it): 1, 0 when there is none, negative. */
int contact_find(struct desk *d, const char *id, struct contact **ret);
/* The first address of a channel (by place; bounced ones last) as a copy: 1, 0, negative. */
int contact_reach(struct desk *d, const char *id, enum channel ch, struct address **ret);
/* True when a text of lines holds that word as a line. */
bool contact_has(const char *lines, const char *word);
/* "one, two" of lines, for people; into `to`. */
char *contact_words(const char *lines, char *to, size_t room);

/* ---- who can act ---- */

#define ROUTE_MAX 200u
struct route_step {
	const struct contact *contact;	/* owned by the route */
	enum contact_role role;		/* why it is asked */
	const char *cover;		/* the line that covers; a view, ends at a line's end */
	u32 exact;			/* how exact: greater is more */
};
struct route {
	struct route_step step[ROUTE_MAX];
	u32 count, left;		/* left: those that had no room */
	void *own;
};
/* For a subject and what else is known of it ("example.com", "192.0.2.7", "AS64500",
 * "iana:9999"): every contact with a role among `wanted` (bits 1 << enum contact_role; 0 =
 * all that can act) that covers one of them. By role, then as told above. *ret is good for
 * route_free() in any case. 0 or negative. */
int route_find(struct route *ret, struct desk *d, const char *const *about, size_t count,
	       u32 wanted);
void route_free(struct route *r);
/* How exactly a cover line covers a subject: 0 not at all. */
u32 cover_match(const char *line, size_t n, const char *about);
/* True when somebody could cover that at all: it is a domain, an address, a prefix, a URL or an
 * e-mail address with such a host, AS64500 or iana:NUMBER. "not..valid" is none. */
bool cover_may_match(const char *about);
/* True when a line is a cover: a domain, AS number, prefix, address or iana:NUMBER. */
bool cover_good(const char *line, size_t n);
