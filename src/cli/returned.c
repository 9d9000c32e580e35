/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned.c - see returned.h. */
#include "cli/returned.h"
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "run/intake.h"

static const char *const words[] = {
	[RETURNED_NOT_OURS] = "other", [RETURNED_BOUNCED] = "bounced",
	[RETURNED_PROVED] = "proved", [RETURNED_REPLY] = "reply",
	[RETURNED_NOTHING] = "nothing", [RETURNED_KNOWN] = "known",
};

static void tell_json(const struct returned *r, struct buf *out)
{
	buf_fmt(out, "{\"returned\":\"%s\",\"notice\":%llu,\"incident\":%llu,\"contact\":",
		words[r->kind], (unsigned long long)r->notice,
		(unsigned long long)r->incident);
	utf8_json(out, r->contact);
	buf_text(out, ",\"next\":");
	utf8_json(out, r->next);
	if (r->kind == RETURNED_REPLY)
		buf_fmt(out, ",\"tlp\":\"%s\",\"pap\":\"%s\",\"apart\":%s",
			label_text(r->marking.tlp), pap_text(r->marking.pap),
			r->apart ? "true" : "false");
	buf_text(out, "}\n");
}

static void tell_next(const struct returned *r, struct buf *out)
{
	if (r->incident == 0)
		return;
	if (r->next[0] == 0)
		buf_fmt(out, _("  Nobody else is on record who covers incident %llu and "
			"can be written to.\n"), (unsigned long long)r->incident);
	else
		say_hint(out, _("  Next is %s%s: 'vedette incident notify %llu --to %s%s'\n"),
			 r->next, r->same ? _(", by another address") : "",
			 (unsigned long long)r->incident, r->next,
			 r->same ? " --again" : "");
}

static void tell(const struct returned *r, const struct item *i, struct buf *out)
{
	char label[MARKING_TEXT_MAX];

	switch (r->kind) {
	case RETURNED_BOUNCED:
		buf_fmt(out, _("Notice %llu to %s came back: "), (unsigned long long)r->notice,
			r->contact);
		utf8_show(out, i->text && i->text[0] ? i->text : _("no reason is "
			"given"), 200);
		buf_byte(out, '\n');
		tell_next(r, out);
		break;
	case RETURNED_PROVED:
		buf_text(out, _("A drill was answered: "));
		utf8_show(out, i->source ? i->source : "", 100);
		buf_byte(out, '\n');
		break;
	case RETURNED_REPLY:
		buf_fmt(out, r->apart
			? _("Notice %llu was answered by %s; noted in incident %llu, kept apart, "
			    "%s.\n")
			: _("Notice %llu was answered by %s; noted in incident %llu, %s as the "
			    "letter to them.\n"),
			(unsigned long long)r->notice, r->contact,
			(unsigned long long)r->incident, marking_text(r->marking, label));
		break;
	default:
		break;
	}
}

int returned_one(struct sitting *s, const struct item *i, bool json,
		 struct returned_counts *counts, bool *ours)
{
	struct returned r;
	struct buf out = { 0 };
	int rc = desk_begin(s->desk);

	if (rc == 0)
		rc = returned_take(s->desk, i, &r);
	rc = desk_end(s->desk, rc);
	if (rc)
		return rc;
	counts->per[r.kind]++;
	*ours = r.kind != RETURNED_NOT_OURS;
	if (r.kind != RETURNED_NOT_OURS && json)
		tell_json(&r, &out);
	else if (r.kind != RETURNED_NOT_OURS)
		tell(&r, i, &out);
	fwrite(buf_str(&out), 1, out.len, stdout);
	buf_free(&out);
	return 0;
}

void returned_sum(const struct returned_counts *c)
{
	static const char *const says[] = { [RETURNED_BOUNCED] = N_("came back: %llu"),
		[RETURNED_PROVED] = N_("drills answered: %llu"),
		[RETURNED_REPLY] = N_("answered: %llu"),
		[RETURNED_NOTHING] = N_("delays, receipts or automatic answers: %llu"),
		[RETURNED_KNOWN] = N_("known before: %llu") };
	bool any = false;

	for (size_t i = 0; i < COUNT(says); i++) {
		if (says[i] == NULL || c->per[i] == 0)
			continue;
		fputs(any ? ", " : _("Of our letters: "), stdout);
		printf(_(says[i]), (unsigned long long)c->per[i]);
		any = true;
	}
	if (any)
		printf(".\n");
}

/* ---- a mailbox that holds answers alone ---- */

struct reading {
	struct sitting *sitting;
	struct returned_counts counts;
	u64 mails, ours;	/* that say something; of letters of ours */
	char last[300], mine[300];	/* the mail at hand; the last that was ours */
	u64 troubles;
	int rc;
};

static int take_item(void *to, const struct intake_file *from, const struct item *i)
{
	struct reading *r = to;
	char mail[300];
	bool ours = false;

	snprintf(mail, sizeof mail, "%.64s %.*s", from->sha256,
		 (int)min_u64(strcspn(i->references, "\n"), 200), i->references);
	r->mails += strcmp(mail, r->last) != 0;
	snprintf(r->last, sizeof r->last, "%s", mail);
	if (returned_is(i))
		r->rc = returned_one(r->sitting, i, notify_conf.json, &r->counts, &ours);
	if (ours && strcmp(mail, r->mine)) {
		r->ours++;
		snprintf(r->mine, sizeof r->mine, "%s", mail);
	}
	return r->rc;
}

static void take_trouble(void *to, const struct intake_file *from, const char *where,
			 const char *why)
{
	((struct reading *)to)->troubles++;
	say_error("%s: %s%s%s", from->name, where, where[0] ? ": " : "", why);
}

int notices_returned(struct sitting *s, int argc, char **argv)
{
	struct reading r = { .sitting = s };
	const struct intake setup = { .paths = (const char *const *)argv,
		.count = (unsigned)argc, .format = exchange_find("mail") };
	int rc = intake_read(&setup, take_item, take_trouble, &r);

	if (rc && rc == r.rc)
		return sitting_fault(s, rc);
	if (rc) {
		say_error("%s", oops_text(rc));
		return STATUS_TROUBLE;
	}
	if (!notify_conf.json) {
		printf(n_("%llu mail says something; ", "%llu mails say something; ", r.mails),
		       (unsigned long long)r.mails);
		printf(_("of letters of ours: %llu. The others change nothing here: 'inbox add' "
			 "takes them as reports.\n"), (unsigned long long)r.ours);
		returned_sum(&r.counts);
	}
	return r.troubles ? STATUS_INPUT : STATUS_FINE;
}
