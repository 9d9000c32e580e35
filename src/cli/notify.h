/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notify.h - the options of those who tell others, and the telling: `vedette notices` and
 * `vedette incident notify`. */
#pragma once
#include "cli/sitting.h"
#include "run/compose.h"
#include "run/post.h"
#include "run/tell.h"

struct notify_mail {
	const char *from, *name, *phone, *server, *ca, *auth;
	bool plain;
	u64 timeout_ns;
};
struct notify_hook { const char *secret, *ca; bool private_too; };
struct notify_conf {
	const char *to, *role, *letter, *language, *letters, *basis, *reason;
	u64 answer_ns, most, evidence;
	bool dry_run, raw, approve, again, json, redacted, name_reporters;
};
extern struct notify_mail notify_mail;
extern struct notify_hook notify_hook;
extern struct notify_conf notify_conf;

/* Fills in groups: of writing and mail; the same and whom to tell; of the queue and webhooks:
 * their number. */
unsigned notify_letter_groups(struct opt_group *out, unsigned max);
unsigned notify_groups(struct opt_group *out, unsigned max);
unsigned notify_queue_groups(struct opt_group *out, unsigned max);
/* Of a server, which writes letters by request and sends them: letters and mail; webhooks. */
unsigned notify_house_groups(struct opt_group *out, unsigned max);
unsigned notify_hook_groups(struct opt_group *out, unsigned max);
/* Drafts a letter about an incident to --to or to whom --role names by route; with --approve
 * it may be sent at once, with --dry-run it is shown and nothing is kept. A status. */
int notify_incident(struct sitting *s, u64 number);
/* The same by a rule, which gives the word; NULL: --approve does. */
int notify_by(struct sitting *s, u64 number, const char *rule);
/* What compose() needs to know of us. */
struct compose_us notify_us(void);
/* What a letter is called in the reader's language; its name where it is not one of ours. */
const char *notify_letter_said(const char *name);
extern const char *const notify_letters[];	/* ours, as words of C_("letter"); ends with NULL */
struct tell_conf notify_tell(void);
/* Composes a drill's letter; shows it, or keeps both as one change. A status. */
struct tell_drill;
int notify_drill(struct sitting *s, struct tell_drill *t);
