/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell_drill.c - see tell_drill.h. */
#include "run/tell_drill.h"
#include "respond/op.h"

void tell_drill_letter(struct tell_drill *ret, struct desk *d, const struct tell_conf *conf,
		       const char *contact, const char *language)
{
	*ret = (struct tell_drill){ .ask = { .contact = contact, .letter = "drill",
		.language = language, .letters = conf->letters, .basis = "reachability drill",
		.us = conf->us, .deadline = desk_now(d) + conf->answer_ns } };
	ret->ask.key = notice_key(ret->key);
	ret->ask.token = drill_token(ret->key, ret->token);
	if (desk_sign(d, ret->token, strlen(ret->token), ret->signature) == 0)
		ret->ask.signature = ret->signature;
}

/* At the address that the letter goes to. */
static int asked(struct desk *d, const struct composed *c, const struct tell_drill *t)
{
	return drill_ask(d, &(struct drill){ .token = t->token, .contact = c->notice.contact,
		.value = c->notice.value, .due = t->ask.deadline }, c->notice.channel);
}

int tell_drill_keep(struct desk *d, const struct composed *c, const struct tell_drill *t,
		    bool approve, u64 *number)
{
	int rc = desk_begin(d);

	if (rc == 0)
		rc = notice_draft(d, &(struct notice_draft){ .notice = &c->notice,
			.octets = c->message.at, .n = c->message.len }, number);
	if (rc == 0 && approve)
		rc = notice_approve(d, *number, NULL);
	if (rc == 0)
		rc = asked(d, c, t);
	return desk_end(d, rc);
}

int tell_drill_write(const struct house *h, struct desk *d, json_t *args, json_t *reply)
{
	const bool dry = op_flag(args, "dry_run"), approve = op_flag(args, "approve");
	struct tell_drill t;
	struct composed c;
	char why[COMPOSE_WHY] = "";
	u64 number = 0;
	int rc;

	tell_drill_letter(&t, d, h->own, op_text(args, "id"), NULL);
	t.ask.shown = dry;
	if ((rc = compose(&c, d, &t.ask, why)))
		desk_refuse(d, c.code, rc, "%s", why);
	else if (!dry)
		rc = tell_drill_keep(d, &c, &t, approve, &number);
	if (rc == 0)
		rc = tell_shown(&c, dry ? NULL : approve ? "approved" : "draft", reply);
	composed_free(&c);
	return rc;
}
