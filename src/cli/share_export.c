/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_export.c - `vedette share export | who`: what leaves, for whom, and who might have it.
 *
 *   --incident 12 --findings --reports --indicators   what is wished
 *   --to CONTACT, --clearance LABELS                 the audience: the lesser of both
 *        gate --> release --> format --> file; refusals and what left are in the log
 *
 * A refusal names each item by what it is and its marking, says nothing of what is in it,
 * and how the rest can be had. */
#include "cli/share.h"
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/version.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "respond/contact.h"
#include "respond/wish.h"

#define REFUSALS_SAID 10u
#define OMITTED_SAID 10u

/* ---- the wish ---- */

/* A status; what is wrong with it was said. */
static int wish_of(struct sitting *s, struct wish *w)
{
	const struct share_conf *c = &share_conf;
	const int rc = wish_make(w, s->gate, &(struct wish_words){ .incidents = c->incident,
		.finding = c->finding, .findings = c->findings, .reports = c->reports,
		.indicators = c->indicators, .reporters = c->name_reporters,
		.rule = c->rule, .subject = c->subject,
		.since = c->since });

	if (rc == 0)
		return STATUS_FINE;
	if (rc == OOPS_TYPE)
		say_error("--since: '%s' is not a time; write 2026-01-31T10:00:00Z or a "
			  "date", c->since);
	else if (rc == OOPS_FORMAT)
		say_error("--incident: '%s' is no number; write 12 or 3-9,12",
			  c->incident);
	else if (rc == OOPS_SHORT)
		say_error("what? Write --incident NUMBER, --finding ID, --findings, "
			  "--reports or --indicators");
	else
		say_error("%s", rc == -ENOMEM ? oops_text(rc) : gate_error(s->gate));
	return rc == -ENOMEM ? STATUS_TROUBLE : STATUS_USAGE;
}

/* ---- the audience ---- */

static int clearance_of(struct marking *m)
{
	if (share_clearance == NULL || marking_parse(share_clearance, m) == 0)
		return STATUS_FINE;
	say_no_label("--clearance", share_clearance);
	return STATUS_USAGE;
}

/* A gate of the contact of --to and of --clearance, whichever is less in each part. */
static int gate_of(struct sitting *s, struct gate **ret)
{
	struct audience who = { N_("this clearance"), MARKING_STRICTEST };
	struct contact *c = NULL;
	int status = clearance_of(&who.clearance);

	if (status == STATUS_FINE && share_conf.to == NULL && share_clearance == NULL) {
		say_error("for whom? Write --to CONTACT or --clearance LABELS");
		status = STATUS_USAGE;
	}
	if (status == STATUS_FINE && share_conf.to &&
	    contact_find(s->desk, share_conf.to, &c) != 1) {
		say_error("there is no contact '%s'; 'vedette contacts list' has them",
			  share_conf.to);
		status = STATUS_USAGE;
	}
	if (c) {
		who.name = c->id;
		who.clearance.tlp = (u8)min_u64(who.clearance.tlp, c->tlp);
		who.clearance.pap = (u8)min_u64(who.clearance.pap, c->pap);
	}
	if (status == STATUS_FINE && gate_open(ret, s->desk, NULL, &who))
		status = STATUS_TROUBLE;
	free(c);
	return status;
}

/* ---- refusals ---- */

/* "incident 12", "finding 9d0ff2b214d5": as people know it. */
static void name_of(struct gate *g, const struct wish *w, const struct refusal *r, char to[80])
{
	char id[65];

	for (size_t i = 0; r->kind == ITEM_INCIDENT && i < w->incidents.count; i++)
		if (gate_incident_id(g, w->incidents.at[i], id) == 0 && strcmp(id, r->id) == 0) {
			snprintf(to, 80, C_("item", "incident %llu"),
				 (unsigned long long)w->incidents.at[i]);
			return;
		}
	snprintf(to, 80, r->kind == ITEM_OBSERVATION ? C_("item", "finding %.12s")
		 : r->kind == ITEM_REPORT ? C_("item", "report %.12s") : r->kind == ITEM_NOTE
		 ? C_("item", "note %.12s") : C_("item", "item %.12s"), r->id);
}

static void say_refused(struct gate *g, const struct wish *w, const struct release *r,
			const struct exchange *e)
{
	const struct audience *who = release_audience(r);
	char name[80], marking[MARKING_TEXT_MAX], mine[MARKING_TEXT_MAX];
	size_t all = release_refused(r);

	for (size_t i = 0; i < all && i < REFUSALS_SAID; i++) {
		name_of(g, w, release_refusal(r, i), name);
		say_error(C_("marking", "%s is %s"), name,
			  marking_text(release_refusal(r, i)->marking, marking));
	}
	if (all > REFUSALS_SAID)
		say_error("and %zu more", all - REFUSALS_SAID);
	marking_text(who->clearance, mine);
	if (!marking_allows(gate_audience(g)->clearance, e->cap))
		say_error("refused: what leaves as %s is held for %s at most, for its use "
			  "can honour no more", e->id, mine);
	else
		say_error("refused: %s is cleared for %s", who->name, mine);
	say_error(n_("--redacted leaves %zu item out and says so; the refusal is in the log",
		     "--redacted leaves %zu items out and says so; the refusal is in the log",
		     all), all);
}

/* ---- writing ---- */

static void omitted(void *to, const char *where, const char *why)
{
	u64 *count = to;

	if (++*count <= OMITTED_SAID)
		say_error("left out: %s: %s", where, why);
}

static const void *conf_of(const struct exchange *e)
{
	for (unsigned i = 0; e->rows && share_opts && i < share_opts->count; i++)
		if (strcmp(share_opts->groups[i].name, e->id) == 0)
			return share_opts->groups[i].conf;
	return NULL;
}

int share_told(const struct share_cleared *c, const char *format, const struct buf *out)
{
	char hash[65];
	struct digest d;
	u8 raw[DIGEST_OCTETS];

	digest_init(&d);
	digest_add(&d, buf_str(out), out->len);
	digest_end(&d, raw);
	if (gate_told(c->gate, c->release, format, hex_text(raw, sizeof raw, hash)) == 0)
		return STATUS_FINE;
	say_error("%s", gate_error(c->gate));	/* what is not in the log does not leave */
	return STATUS_TROUBLE;
}

void share_say_gone(const struct share_cleared *c, const char *to, u64 left_out)
{
	char marking[MARKING_TEXT_MAX];
	size_t all = release_count(c->release);

	all -= (size_t)min_u64(left_out, all);
	printf(n_("%s: %zu item, %s, for %s", "%s: %zu items, %s, for %s", all), to, all,
	       marking_text(release_marking(c->release), marking),
	       _(release_audience(c->release)->name));
	if (release_refused(c->release))
		printf(_("; withheld: %zu"), release_refused(c->release));
	printf("\n");
}

static int hand_out(const struct share_cleared *c, const struct exchange *e,
		    const struct buf *out, u64 left_out)
{
	int status = share_told(c, e->id, out), rc;

	if (status != STATUS_FINE || share_conf.output == NULL)
		return status == STATUS_FINE ? say_print(out) : status;
	if ((rc = output_write(share_conf.output, out))) {
		say_error("%s: cannot be written: %s", share_conf.output, oops_text(rc));
		return STATUS_TROUBLE;
	}
	share_say_gone(c, share_conf.output, left_out);
	return STATUS_FINE;
}

struct exchange_write share_how(const struct share_cleared *c, const struct exchange *e,
				u64 *left_out)
{
	return (struct exchange_write){ .release = c->release, .at = sitting_now(NULL),
		.producer = share_conf.producer, .contact = share_conf.contact,
		.version = VEDETTE_VERSION, .conf = conf_of(e), .trouble = omitted,
		.to = left_out, .sample = share_conf.samples ? share_sample : NULL,
		.sample_of = c->gate };
}

int share_write(const struct share_cleared *c, const struct exchange *e, struct buf *out,
		u64 *left_out)
{
	struct exchange_write w = share_how(c, e, left_out);
	struct popular lists = { 0 };
	char why[EXCHANGE_WHY] = "";
	int rc = popular_open(&lists, &share_block, why);

	w.gate = lists.gate;
	if (rc == 0)
		rc = exchange_write(e, out, &w, why);
	popular_close(&lists);
	if (*left_out > OMITTED_SAID)
		say_error("and %llu more are left out",
			  (unsigned long long)(*left_out - OMITTED_SAID));
	if (rc == 0)
		return STATUS_FINE;
	say_error("%s: %s", e->id, why[0] ? why : oops_text(rc));
	return rc == -ENOMEM ? STATUS_TROUBLE : STATUS_USAGE;
}

static const struct exchange *format_of(void)
{
	const struct exchange *e;

	if (share_conf.format == NULL) {
		say_error("in which format? Write --format ID; 'vedette share formats' "
			  "tells them");
		return NULL;
	}
	e = exchange_find(share_conf.format);
	if (e == NULL)
		say_error("there is no format '%s'; 'vedette share formats' tells them",
			  share_conf.format);
	else if (e->write == NULL)
		say_error("%s is read only", e->id);
	return e && e->write ? e : NULL;
}

int share_clear(struct sitting *s, const struct exchange *e, struct share_cleared *ret)
{
	struct wish w = { .one = NULL };
	int status = wish_of(s, &w), rc;

	if (status == STATUS_FINE)
		status = gate_of(s, &ret->gate);
	if (status == STATUS_FINE) {
		rc = gate_release(ret->gate, &w.is, e->cap, share_conf.redact ? RELEASE_REDACTED
				  : RELEASE_WHOLE, &ret->release);
		if (rc) {
			say_error("%s", gate_error(ret->gate));
			status = rc == OOPS_UNKNOWN ? STATUS_USAGE : STATUS_TROUBLE;
		} else if (!release_good(ret->release)) {
			say_refused(ret->gate, &w, ret->release, e);
			status = STATUS_USAGE;
		}
	}
	wish_forget(&w);
	return status;
}

void share_forget(struct share_cleared *c)
{
	release_free(c->release);
	gate_close(c->gate);
	*c = (struct share_cleared){ 0 };
}

int share_export(struct sitting *s, int argc, char **argv)
{
	const struct exchange *e = format_of();
	struct share_cleared c = { 0 };
	struct buf out = { 0 };
	u64 left_out = 0;
	int status = e ? share_clear(s, e, &c) : STATUS_USAGE;

	(void)argc;
	(void)argv;
	if (status == STATUS_FINE)
		status = share_write(&c, e, &out, &left_out);
	if (status == STATUS_FINE)
		status = hand_out(&c, e, &out, left_out);
	share_forget(&c);
	buf_free(&out);
	return status;
}

/* ---- who ---- */

struct asking { const struct release *all; struct buf *out; u64 count; };

static const struct column who_columns[] = {
	{ .title = NC_("column", "CONTACT"), .width = 28 },
	{ .title = NC_("column", "CLEARED FOR"), .width = 28 },
	{ .title = NC_("column", "MAY HAVE"), .width = 12 },
	{ .title = NC_("column", "STRICTEST OF THE REST") },
	{ .title = NULL }
};

/* id, clearance and what is over it; how many of how many. */
static void who_row(struct asking *a, const char *const cells[3], size_t may, size_t all)
{
	struct table t = { a->out, who_columns, 0 };
	char text[TABLE_TIME_MAX];

	if (a->count++ == 0)
		table_head(&t);
	snprintf(text, sizeof text, C_("share", "%zu of %zu"), may, all);
	table_put(&t, cells[0]);
	table_put(&t, cells[1]);
	table_put(&t, text);
	table_put(&t, cells[2]);
	table_end(&t);
}

/* The strictest of what somebody may not have, and how many. */
static int one_contact(void *to, const void *record)
{
	const struct contact *c = record;
	const struct marking theirs = { c->tlp, c->pap };
	struct asking *a = to;
	size_t may = 0, all = release_count(a->all);
	char text[MARKING_TEXT_MAX], over[MARKING_TEXT_MAX] = "-";
	struct marking strictest = { 0 };

	for (size_t i = 0; i < all; i++) {
		const struct marking m = item_marking(release_item(a->all, i));

		if (marking_allows(m, theirs))
			may++;
		else
			strictest = marking_join(strictest, m);
	}
	if (may < all)
		marking_text(strictest, over);
	if (share_conf.json)
		buf_fmt(a->out, "{\"contact\":\"%s\",\"cleared\":\"%s\",\"may\":%zu,\"of\":%zu}\n",
			c->id, marking_text(theirs, text), may, all);
	else
		who_row(a, (const char *[]){ c->id, marking_text(theirs, text), over }, may, all);
	return buf_error(a->out);
}

int share_who(struct sitting *s, int argc, char **argv)
{
	const struct store_query contacts = { .table = DESK_contact, .order = "-tlp -pap id" };
	struct wish w = { .one = NULL };
	struct buf out = { 0 };
	struct asking a = { .out = &out };
	struct release *r = NULL;
	int status = wish_of(s, &w), rc;

	(void)argc;
	(void)argv;
	if (status == STATUS_FINE) {
		rc = gate_release(s->gate, &w.is, MARKING_STRICTEST, RELEASE_REDACTED, &r);
		a.all = r;
		if (rc == 0)
			rc = gate_each(s->gate, &contacts, one_contact, &a);
		if (rc == 0 && a.count == 0 && !share_conf.json)
			say_hint(&out, "%s", _("There are no contacts yet; 'vedette contacts "
					       "add' enters one.\n"));
		if (rc)
			say_error("%s", gate_error(s->gate));
		status = rc ? STATUS_USAGE : say_print(&out);
	}
	release_free(r);
	buf_free(&out);
	wish_forget(&w);
	return status;
}
