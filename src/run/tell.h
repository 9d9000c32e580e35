/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell.h - telling somebody about an incident: whom, which letter, and what is kept of it; for
 * the command line, for rules and for the API (the house's hook, respond/house.h).
 *
 *   contact, or role --route--> contact --its roles--> letter --compose--> draft --> approved
 *
 * Not here: filling letters (compose.h), sending (post.h), who may (respond/op_notice.c). */
#pragma once
#include "respond/contact.h"
#include "respond/house.h"
#include "run/compose.h"

#define TELL_ANSWER_NS (2 * 86400ull * 1000000000)

struct tell_conf {
	struct compose_us us;
	const char *letters;	/* the user's folder, or NULL */
	u64 answer_ns;		/* how soon an answer is asked for */
	u64 evidence;		/* octets of evidence packs to attach */
};
struct tell_wish {
	u64 incident;
	const char *contact, *role;	/* one of them; the other NULL */
	const char *letter, *language, *basis;	/* NULL: what fits */
	u64 deadline;		/* 0: as the configuration says */
	bool redacted;
	bool reporters;		/* who reported is named */
	bool again;		/* also when they were told the same */
	bool shown;		/* it is only shown: compose.h */
	const char *by;		/* the rule that gives the word; NULL: nobody or `approve` */
	bool approve;
};
/* Who is asked first for an incident in a role and can be written to: by its subject, else by
 * all that it is about (respond/about.h). 0, or OOPS_UNKNOWN. */
int tell_whom(struct desk *d, const struct incident *i, enum contact_role role,
	      char id[CONTACT_ID_MAX + 1]);
/* As compose(); role and letter are worked out. */
int tell_compose(struct composed *ret, struct desk *d, const struct tell_conf *conf,
		 const struct tell_wish *w, char why[COMPOSE_WHY]);
/* Drafts it and gives the word where one is given, in a change of its own: 0, or negative and
 * desk_error(). */
int tell_keep(struct desk *d, const struct composed *c, const struct tell_wish *w,
	      u64 *number);
/* What was composed, for a reply; state NULL: nothing was kept. 0 or -ENOMEM. */
int tell_shown(const struct composed *c, const char *state, json_t *reply);
/* The house's hook; house->own is a struct tell_conf. */
int tell_write(const struct house *h, struct desk *d, json_t *args, json_t *reply);
