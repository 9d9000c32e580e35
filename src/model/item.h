/* SPDX-License-Identifier: GPL-3.0-or-later */
/* item.h - one thing that is told to others, or that others told us.
 *
 * The noun between the desk and the formats: what STIX, MISP, XARF, IODEF, RPZ, lists,
 * CSV and JSON Lines write and read is a run of items. A finding, an incident, a note
 * and a report from outside all have a form as an item, so a format knows one noun.
 *
 *   incident (item INCIDENT) <-- parent -- observation, indicator, note, ...
 *
 * Which of the fields a format can carry it says itself (share/exchange.h); a round trip
 * loses nothing of those. Every item has a marking, and leaves by a release only
 * (model/release.h). Texts are views. Lists inside one text stand on lines of their own.
 *
 * Not here: the raw messages (evidence packs), contacts, the desk's own state. */
#pragma once
#include "model/catalogue.h"
#include "model/field.h"
#include "model/label.h"

/* What it is. OBSERVATION: something measured (a finding). INDICATOR: a name, address or
 * pattern to act on. REPORT: somebody says that there is abuse. */
#define ITEM_KINDS(F)                                                          \
	F(OBSERVATION, "observation") F(INDICATOR, "indicator")                \
	F(REPORT, "report") F(INCIDENT, "incident") F(NOTE, "note")
#define F(name, text) ITEM_##name,
enum item_kind { ITEM_KINDS(F) ITEM_KIND_COUNT };
#undef F
/* What a subject is. The texts are those of findings, too. */
#define SUBJECT_KINDS(F)                                                       \
	F(OTHER, NC_("subject kind", "other"))                                 \
	F(DOMAIN, NC_("subject kind", "domain"))                               \
	F(ADDRESS, NC_("subject kind", "address"))                             \
	F(PREFIX, NC_("subject kind", "prefix"))                               \
	F(AS, NC_("subject kind", "as"))                                       \
	F(URL, NC_("subject kind", "url"))                                     \
	F(EMAIL, NC_("subject kind", "email"))                                 \
	F(SERVER, NC_("subject kind", "server"))                               \
	F(CLIENT, NC_("subject kind", "client"))                               \
	F(ZONE, NC_("subject kind", "zone"))                                   \
	F(HASH, NC_("subject kind", "hash"))
#define F(name, text) SUBJECT_##name,
enum subject_kind { SUBJECT_KINDS(F) SUBJECT_KIND_COUNT };
#undef F
/* What a resolver or filter shall do; of indicators. */
#define ITEM_ACTIONS(F)                                                        \
	F(NONE, "") F(NXDOMAIN, "nxdomain") F(NODATA, "nodata")                \
	F(DROP, "drop") F(PASSTHRU, "passthru")
#define F(name, text) ACTION_##name,
enum item_action { ITEM_ACTIONS(F) ACTION_COUNT };
#undef F
extern const char *const item_kinds[], *const subject_kinds[], *const item_actions[],
	*const abuse_names[];

/* F(kind, member, help), C(member, choices, help): model/field.h. */
#define ITEM_FIELDS(F, C)                                                      \
	F(words, id, "what identifies it: 64 hex digits for our own")          \
	C(kind, item_kinds, "observation, indicator, report, incident or note") \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "who or what it is about: example.com, 192.0.2.1")   \
	C(abuse, abuse_names, "phishing, malware, botnet, pharming, spam or nothing") \
	F(words, rule, "catalogue id of the finding it comes from")            \
	F(words, title, "one line")                                            \
	F(words, text, "what is said about it")                                \
	F(severity, severity, "info, low, medium, high or critical")           \
	F(count, confidence, "0 to 100")                                       \
	F(stamp, first_seen, "when it was first seen; 1970 = not said")        \
	F(stamp, last_seen, "when it was last seen; 1970 = not said")          \
	F(stamp, created, "when the item was made")                            \
	F(stamp, modified, "when it was last changed")                         \
	F(stamp, valid_until, "from when on it is not to be used; 1970 = not said") \
	F(count, sightings, "how often it was seen; 0 = not said")             \
	F(words, source, "who says so: an organisation")                       \
	F(words, references, "where more is said: one URL a line")             \
	F(words, tags, "words for it: one a line")                             \
	F(words, parent, "id of the incident that it belongs to")              \
	F(words, evidence, "SHA-256 of its evidence: one a line")              \
	C(action, item_actions, "what a resolver shall do")                    \
	C(tlp, label_names, "TLP 2.0 label")                                   \
	C(pap, pap_names, "what may be done with it")

struct item {
	ITEM_FIELDS(FIELD_MEMBER, FIELD_MEMBER_C)
};
extern const struct field item_fields[];	/* ends with name NULL */

#define ITEM_FIELDS_MAX 32
#define ITEM_JSON_MAX (1u << 20)

static inline struct marking item_marking(const struct item *i)
{
	return (struct marking){ i->tlp, i->pap };
}
/* The number of a field in item_fields, by its name: of a bit in a format's `carries`. A
 * name that is none is a broken program. */
u32 item_bit(const char *name);

struct buf;
/* Appends the item as one JSON object without a line end. */
void item_json(struct buf *out, const struct item *i);
/* A copy that owns its texts, in one block: free() it. NULL without memory. */
struct item *item_copy(const struct item *i);
/* One field as text, as a cell of a table has it: instants as RFC 3339 ("" for 1970),
 * numbers, names of choices, texts as they are. */
void item_text(struct buf *out, const struct item *i, const struct field *f);
/* The same back; "" is nothing said. A text is kept as a view. 0, OOPS_FORMAT, OOPS_UNKNOWN
 * or OOPS_RANGE, and the item is as it was. */
int item_set(struct item *i, const struct field *f, const char *text);
/* Sets id to the SHA-256 of kind, subject kind, subject, rule, source, created, title and
 * parent, for items that came without one; `to` holds it. */
void item_identify(struct item *i, char to[65]);
/* What a foreign subject is, from its text alone: an address, a prefix, a URL, an e-mail
 * address, a hash, an AS, a domain name; SUBJECT_OTHER when it is none of them. */
enum subject_kind subject_kind_of(const char *text);

/* A subject as strangers write it, appended as we write it: out of < > ( ) [ ] quotes, refanged
 * (hxxp://a[.]example, a(dot)example, user[at]example.com), a name in lower case without
 * its last dot, the host of a URL in lower case, http:// before a name with a path or
 * port, IPv6 as RFC 5952 says. Nothing is appended when nothing is left. */
void subject_clean(struct buf *to, const char *text, size_t n);
/* The name or address that a subject lies at: of a URL its host, of an e-mail address what is
 * behind the @, else itself; in lower case, "" when it has none. */
#define SUBJECT_HOST_MAX 256
char *subject_host(const char *subject, char to[SUBJECT_HOST_MAX]);

/* An item read back, with what owns its texts. Zero it first. */
struct item_box { struct item item; void *own; };
/* Strict as fields_parse(); the marking is part of it. 0 or its errors. */
int item_parse(struct item_box *ret, const char *json, size_t n, char why[FIELD_WHY]);
void item_free(struct item_box *box);
