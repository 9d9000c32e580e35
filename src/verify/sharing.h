/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing.h - what the files of the sharing family share; the story is in sharing.c.
 *
 *   delegations --> groups: sets of hosts with a weight        sharing_sets.c, sharing_graph.c
 *   hosts --> elements of each level                           sharing_graph.c
 *   groups + elements --> shares, groups of the level          sharing_level.c
 *   groups of a level --> smallest sets, proofs                sharing_cut.h
 *   a question --> what falls                                  sharing_what_if.c
 *
 * Cost: a distinct set of n hosts 12 + 4 n octets; a host 12, an address 12; tables that find
 * them while they come. A level's groups are held while that level is looked at. A delegation
 * with servers and addresses of its own takes 170 octets in all, hence --sharing-sets. */
#pragma once
#include "verify/verify.h"
#include "zone/asn.h"

enum sharing_row {
	SHARING_SPREAD, SHARING_HEAVY, SHARING_CUT, SHARING_CRITICAL_CUT, SHARING_WHAT_IF,
	SHARING_CRITICAL_UNKNOWN, SHARING_ASN_LINES, SHARING_LIMIT, SHARING_ROWS
};
extern const struct catalogue_row sharing_rows[];
extern const struct opt sharing_opts[];

struct sharing_conf {
	const char *losses;
	double heavy;
	u64 least, work, sets;
};

/* What can be lost. */
#define SHARING_LEVELS(F)                                                      \
	F(OPERATOR, "operator", NC_("phrase", "operators"), \
	  NC_("phrase", "operator")) \
	F(HOST, "host", NC_("phrase", "name servers"), \
	  NC_("phrase", "name server")) \
	F(ADDRESS, "address", NC_("phrase", "addresses"), \
	  NC_("phrase", "address")) \
	F(PREFIX, "prefix", NC_("phrase", "prefixes"), \
	  NC_("phrase", "prefix")) \
	F(AS, "as", NC_("phrase", "autonomous systems"), \
	  NC_("phrase", "autonomous system"))
enum sharing_level {
#define F(name, id, many, one) BY_##name,
	SHARING_LEVELS(F)
#undef F
	SHARING_LEVEL_COUNT
};
const char *sharing_level_id(enum sharing_level level);
const char *sharing_level_name(enum sharing_level level, bool many);

#define SHARING_NONE UINT32_MAX

/* ---- sets of numbers, each kept once, with weights ---- */

struct sharing_set {
	u32 first;		/* members[first .. first of the next set) */
	u32 weight, critical;	/* delegations; of the critical list */
};
/* Open addressing, at most three quarters full: hash << 32 | number + 1; 0 = free. */
struct sharing_slots {
	u64 *at;
	u32 bits;
};
struct sharing_sets {
	struct sharing_set *at;	/* one more behind the last, for its first */
	u32 *members;
	struct sharing_slots slots;
	u32 count, room, member_room;
	u64 key;		/* of the hash; set before the first one comes */
	u32 most;		/* sets that are kept; 0 = SHARING_SETS_MAX */
};
/* Adds to the weights of the set with these members (ascending, no two the same), made when
 * it is new. Its number in *ret (may be NULL). 0, -ENOMEM, or OOPS_LIMIT. */
#define SHARING_SETS_MAX (1u << 25)
#define SHARING_MEMBERS_MAX (1u << 28)
int sharing_intern(struct sharing_sets *s, const u32 *members, u32 n,
		   const struct sharing_set *weight, u32 *ret);
/* The same in steps, for many sets at a time: their hashes first; what sharing_put() will
 * look at is then asked for, for all of them with step 0, then with 1, then with 2. */
u32 sharing_hash(const struct sharing_sets *s, const u32 *members, u32 n);
void sharing_fetch(const struct sharing_sets *s, u32 hash, unsigned step);
int sharing_put(struct sharing_sets *s, u32 hash, const u32 *members, u32 n,
		const struct sharing_set *weight, u32 *ret);
/* No more sets will come: what finds them goes. */
void sharing_sets_seal(struct sharing_sets *s);
void sharing_sets_free(struct sharing_sets *s);
static inline u32 sharing_size(const struct sharing_sets *s, u32 set)
{
	return s->at[set + 1].first - s->at[set].first;
}
static inline const u32 *sharing_members(const struct sharing_sets *s, u32 set)
{
	return s->members + s->at[set].first;
}

/* Things with a number each, in the order of coming, found by a hash; and their keys, when they
 * are kept here: what an address is stands in a record. */
struct sharing_keys {
	u64 *at;		/* of sharing_number() */
	struct sharing_slots slots;
	u32 count, room;
	u64 key;		/* of the hash */
};
/* Asks the caches for what sharing_number() of this hash will look at. */
u32 sharing_hash_key(const struct sharing_keys *k, u64 key);
void sharing_fetch_key(const struct sharing_keys *k, u32 hash);
/* The number of a key, a new one when it was not there: 0, -ENOMEM or OOPS_LIMIT. */
int sharing_number(struct sharing_keys *k, u32 hash, u64 key, u32 *ret);
/* The same of a thing that is looked for: is it the one of this number? */
typedef bool sharing_same(const void *to, u32 number);
int sharing_number_by(struct sharing_keys *k, u32 hash, sharing_same *same, const void *to,
		      u32 *ret);
/* No more keys will come: their number is all that stays. */
void sharing_keys_seal(struct sharing_keys *k);
void sharing_keys_free(struct sharing_keys *k);

/* A list of numbers that grows. */
struct sharing_list { u32 *at, count, room; };
int sharing_push(struct sharing_list *l, u32 number);	/* 0 or -ENOMEM */
/* Sorts it and drops repeats. */
void sharing_settle(struct sharing_list *l);

/* ---- the graph ---- */

struct sharing {
	struct audit *a;
	const struct zone *z;
	const struct audit_input *in;
	const struct sharing_conf *c;
	const struct zone_record *records;
	const struct zone_host *hosts;
	u32 cut_count, host_count;
	u32 *group;			/* of each delegation, for --what-if, or NULL;
					 * SHARING_NONE = left out */
	u32 left_out;			/* delegations past a limit */
	struct sharing_sets groups;	/* of hosts */
	u8 *critical;			/* of each delegation: on the list; NULL = no list */
	u32 criticals;
	struct sharing_keys operators, addresses, prefixes, ases;
	u32 *operator;			/* of each host */
	u32 *operator_host;		/* of each operator: its first host */
	u32 *first_address;		/* of each host, and one more: into address[] */
	u32 *address;			/* numbers of addresses */
	struct sharing_list address_record;	/* of each address: a record that has it */
	u32 *prefix, *as;		/* of each address; as: SHARING_NONE = not known */
	struct sharing_list prefix_address;	/* of each prefix: an address in it */
	struct sharing_list as_number;		/* of each AS */
	struct asn_table *asn;		/* NULL: no table was given */
	u64 work;			/* steps that proofs may still take */
	u32 problems;			/* that they are for */
};

int sharing_graph(struct sharing *s);	/* makes all of it: 0 or negative */
void sharing_graph_free(struct sharing *s);
/* An address: IPv6, or IPv4 mapped into it. */
struct sharing_key { u64 a, b; };
bool sharing_four(struct sharing_key key);
struct sharing_key sharing_address_key(const u8 *octets, unsigned len);
struct sharing_key sharing_address(const struct sharing *s, u32 address);	/* of a number */
/* How many elements a level has; 0: nothing is known of it. */
u32 sharing_elements(const struct sharing *s, enum sharing_level level);
/* What an element of a level is called, and more about it (may be NULL). */
#define SHARING_NAME NAME_TEXT_MAX
char *sharing_name(const struct sharing *s, enum sharing_level level, u32 element,
		   char to[SHARING_NAME]);
/* Its description for people, with the AS's name: "AS64500 (Example, Inc.)"; shortened. */
#define SHARING_BRIEF 110
char *sharing_brief(const struct sharing *s, enum sharing_level level, u32 element,
		    char to[SHARING_BRIEF]);
/* The elements of a level that carry a group: *l is filled and settled. Returns how many of
 * its hosts have none that is known (or negative). */
int sharing_carriers(const struct sharing *s, enum sharing_level level, u32 group,
		     struct sharing_list *l);
/* "12.3 %" of an amount. */
char *sharing_percent(u64 part, u64 of, char to[16]);
/* Appends a blank and a sentence to those that are in to[size] already. */
void sharing_then(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- the levels ---- */

struct sharing_side {	/* of a level: the whole zone, or the critical list */
	u64 all;	/* delegations */
	u64 blind;	/* of them, nothing is known of any server */
	u64 immune;	/* of them, nothing is known of some server: they never fall here */
	u64 single;	/* of them, one element carries all */
};
struct sharing_spread {
	enum sharing_level level;
	u32 elements;
	double *share;		/* of each element: delegations, each spread over its elements */
	u32 *alone, *alone_critical;	/* of each element: what falls with it alone */
	struct sharing_side zone, critical;
	/* Of elements, of the delegations that can fall. The hosts' own sets are the groups. */
	const struct sharing_sets *sets;
	struct sharing_sets made;
};
int sharing_spread(struct sharing *s, enum sharing_level level, struct sharing_spread *ret);
void sharing_spread_slim(struct sharing_spread *p);	/* only the sets and sides stay */
void sharing_spread_free(struct sharing_spread *p);
int sharing_tell_spread(struct sharing *s, const struct sharing_spread *p);

/* ---- the smallest sets that take down a share ---- */

#define SHARING_LOSSES_MAX 8u
/* "10%,50%" as shares above 0 and up to 1: how many, or OOPS_RANGE with one sentence. */
int sharing_losses(const char *text, double to[SHARING_LOSSES_MAX], char why[OPT_WHY]);
/* Looks for them at a level, for the zone and the critical list, and tells them; with
 * certificates when they are wanted. 0 or -ENOMEM. */
int sharing_least(struct sharing *s, struct sharing_spread *p);	/* the sets go */
struct cut_problem;
struct cut_answer;
/* The proofs of a level and list as lines of JSON: first the groups, then each answer. */
struct sharing_claim {
	enum sharing_level level;
	bool critical;
	u64 all;		/* delegations of the list */
	double share;		/* of them that fall */
};
void sharing_prove_begin(struct sharing *s);
void sharing_prove_groups(struct sharing *s, const struct cut_problem *p,
			  const struct sharing_claim *c);
void sharing_prove(struct sharing *s, const struct cut_problem *p,
		   const struct sharing_claim *c, const struct cut_answer *a);

/* ---- the picture (picture.h) ---- */

/* Tells it, if it is wanted: 0 or -ENOMEM. */
int sharing_picture(struct sharing *s);

/* ---- what if ---- */

/* Is the question well-formed? 0, or OOPS_RANGE with one sentence. */
int sharing_what_if_check(const struct audit_input *in, char why[OPT_WHY]);
int sharing_what_if(struct sharing *s);
