/* SPDX-License-Identifier: GPL-3.0-or-later */
/* post.c - see post.h. */
#include "run/post.h"
#include "base/buf.h"
#include "respond/case.h"
#include "respond/notice.h"

struct posting {
	struct desk *d;
	struct gate *gate;
	const struct post_setup *setup;
	struct post_report *report;
	post_tell_fn *tell;
	void *to;
};

static bool can_send(const struct posting *p, const struct notice *n)
{
	return n->channel == CHANNEL_MAIL ? p->setup->smtp.url && p->setup->from
					  : n->channel == CHANNEL_WEBHOOK && p->setup->hook.sign;
}

static void hand_over(struct posting *p, const struct notice *n, const struct buf *octets,
		      struct sent_report *r)
{
	if (n->channel == CHANNEL_MAIL)
		smtp_send(&p->setup->smtp, &(struct smtp_mail){ .from = p->setup->from,
			.to = n->value, .octets = octets->at, .n = octets->len }, r);
	else
		hook_send(&p->setup->hook, &(struct hook_message){ .url = n->value,
			.key = n->key, .body = octets->at, .n = octets->len,
			.at = desk_now(p->d) }, r);
}

/* What was told may meet a deadline, and makes a confirmed incident a notified one. */
static int follow(struct desk *d, const struct notice *n)
{
	struct incident *i = NULL;
	char what[100];
	int rc;

	if (n->incident == 0)
		return 0;
	snprintf(what, sizeof what, "notice:%.80s", n->letter);
	rc = case_meet(d, n->incident, what);
	if (rc == 0)
		rc = case_find(d, n->incident, &i);
	if (rc == 0 && i->state == INCIDENT_CONFIRMED)
		rc = case_state(d, (struct case_ref){ n->incident, 0 }, INCIDENT_NOTIFIED, "");
	free(i);
	return rc;
}

static int note(struct posting *p, const struct notice *n, const struct sent_report *r)
{
	int rc = desk_begin(p->d);

	if (rc == 0)
		rc = notice_outcome(p->d, n->number, r);
	if (rc == 0 && r->outcome == SENT_TAKEN)
		rc = follow(p->d, n);
	return desk_end(p->d, rc);
}

static void count(struct post_report *to, enum sent outcome)
{
	u64 *const at[] = { [SENT_TAKEN] = &to->sent, [SENT_LATER] = &to->later,
		[SENT_NEVER] = &to->failed, [SENT_UNSURE] = &to->unsure };

	++*at[outcome];
}

/* One notice: begun, handed over, noted. */
static int post_one(struct posting *p, u64 number)
{
	struct sent_report r = { SENT_NEVER, "" };
	struct buf octets = { 0 };
	struct notice *n = NULL;
	int rc = notice_find(p->d, number, &n);

	if (rc == 0 && !can_send(p, n)) {
		p->report->waiting++;
		free(n);
		return 0;
	}
	if (rc == 0)	/* before the other side hears of it: is it what was approved? */
		rc = gate_kept(p->gate, n->message, (struct marking){ n->tlp, n->pap },
			       &octets);
	free(n);
	n = NULL;
	if (rc == 0 && (rc = desk_begin(p->d)) == 0)
		rc = desk_end(p->d, notice_sending(p->d, number, &n));
	if (rc == 0) {
		hand_over(p, n, &octets, &r);
		rc = note(p, n, &r);
		count(p->report, r.outcome);
		p->tell(p->to, n, &r);
	}
	buf_free(&octets);
	free(n);
	return rc == OOPS_CHANGED ? 0 : rc;	/* somebody else was faster */
}

int post_run(struct desk *d, const struct post_setup *setup, post_tell_fn *tell, void *to,
	     struct post_report *ret)
{
	const struct audience us = { N_("the queue"), MARKING_STRICTEST };
	struct posting p = { .d = d, .setup = setup, .report = ret, .tell = tell, .to = to };
	u64 number = 0;
	int rc = gate_open(&p.gate, d, NULL, &us);

	*ret = (struct post_report){ 0 };
	for (u64 i = 0; rc == 0 && i < setup->most; i++) {
		if (setup->only)
			number = setup->only;
		else if ((rc = notice_due(d, number, &number)))
			break;
		rc = post_one(&p, number);
		if (setup->only)
			break;
	}
	gate_close(p.gate);
	return rc == OOPS_UNKNOWN && !setup->only ? 0 : rc;
}
