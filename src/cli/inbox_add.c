/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_add.c - `vedette inbox add` and `vedette share import`: documents of others come in.
 *
 *   files --run/intake.h, locked up--> items --> batches of BATCH --> changes of a turn each
 *
 * The desk is open for writing only while a batch is stored, never while a stranger's
 * document is read, and no longer than a turn at once (turn.h). What is killed in the
 * middle can be run again: a report that came out of the same document is not taken twice.
 *
 * The document is kept with what came out of it (inbox_original.c), in the same change.
 *
 * A mail in words names more than it reports (its own footer, other sites), and its reader
 * gives each name with how likely it is meant. Of one mail those of MAIL_SURE and more are
 * taken, or else the likeliest. */
#include "cli/inbox.h"
#include "cli/returned.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/turn.h"
#include "model/digest.h"
#include "run/intake.h"

#define BATCH 500u
#define MAIL_SURE 50u
#define MAIL_MOST 20u	/* reports out of one mail */
#define TROUBLES_SAID 20u

struct waiting { struct item *item; char document[65]; char format[16]; };

struct adding {
	struct sitting *sitting;
	struct inbox *inbox;
	bool as_indicators;
	struct waiting batch[BATCH];
	size_t count;
	struct waiting mail[BATCH];	/* of one message, not yet chosen from */
	size_t mails;
	u64 items, states[REPORT_STATE_COUNT], again, files, troubles, passed, faults;
	char answer[DIGEST_TEXT];	/* message that answers us: nothing of it is a report */
	struct returned_counts returned;
	struct inbox_waiting originals;
	struct turn turn;
	int rc;
};

static void drop(struct waiting *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(w[i].item);
}

/* ---- storing ---- */

static bool is_marked(const char *format)
{
	const struct exchange *e = exchange_find(format);

	return e && exchange_carries(e) & (u64)1 << item_bit("tlp");
}

/* Is the message that it is about with it? A document that came along is none, and what a
 * peer passes on has a hash of it and no more. */
static bool has_headers(const struct waiting *w)
{
	if (strcmp(w->format, "mail") == 0)
		return strstr(w->item->tags, "feedback-type:") != NULL;
	return strcmp(w->format, "xarf") == 0 && w->item->evidence[0] &&
	       strstr(w->item->tags, "evidence:message");
}

static int take_report(struct adding *a, const struct waiting *w)
{
	const struct inbox_letter l = { .item = w->item, .format = w->format,
		.original = w->document, .headers = has_headers(w),
		.is_marked = is_marked(w->format) };
	struct inbox_told told;
	int rc = inbox_take(a->inbox, &l, &told);

	if (rc == 0 && told.again)
		a->again++;
	else if (rc == 0)
		a->states[told.state]++;
	return rc;
}

/* Those of one document from the first on, at most INBOX_BATCH: *n says how many. */
static int take_indicators(struct adding *a, size_t first, size_t *n)
{
	const struct waiting *w = &a->batch[first];
	const struct item *items[INBOX_BATCH];
	struct inbox_batch b = { .items = items, .format = w->format,
		.document = w->document, .is_marked = is_marked(w->format) };
	size_t fresh = 0;
	int rc;

	while (first + b.count < a->count && b.count < INBOX_BATCH &&
	       strcmp(w[b.count].document, w->document) == 0) {
		items[b.count] = w[b.count].item;
		b.count++;
	}
	*n = b.count;
	rc = inbox_indicators(a->inbox, &b, &fresh);
	a->states[REPORT_NEW] += fresh;
	a->states[REPORT_DUPLICATE] += b.count - fresh;
	return rc;
}

/* After our turn somebody else's change may come between two of ours. */
static int give_way(struct adding *a)
{
	int rc = 0;

	if (turn_over(&a->turn) && (rc = desk_end(a->sitting->desk, 0)) == 0) {
		turn_rest(&a->turn);
		rc = desk_begin(a->sitting->desk);
	}
	return rc;
}

static int store_batch(struct adding *a)
{
	int rc = inbox_originals_keep(&a->originals, a->inbox);

	for (size_t i = 0, n = 1; i < a->count && rc == 0; i += n)
		if ((rc = give_way(a)) == 0)
			rc = a->as_indicators ? take_indicators(a, i, &n)
					      : take_report(a, &a->batch[i]);
	return rc;
}

static int flush(struct adding *a)
{
	int rc;

	if (a->count + a->originals.count == 0)
		return 0;
	if ((rc = desk_begin(a->sitting->desk)) == 0)
		rc = store_batch(a);
	rc = desk_end(a->sitting->desk, rc);
	if (turn_over(&a->turn))
		turn_rest(&a->turn);
	drop(a->batch, a->count);
	a->count = 0;
	inbox_originals_drop(&a->originals);
	return rc;
}

static int put(struct adding *a, const struct waiting *w)
{
	int rc = a->count == BATCH ? flush(a) : 0;

	if (rc) {
		free(w->item);
		return rc;
	}
	a->batch[a->count++] = *w;
	return 0;
}

/* ---- mail ---- */

static u64 likeliest(const struct adding *a)
{
	u64 most = 0;

	for (size_t i = 0; i < a->mails; i++)
		most = max_u64(most, a->mail[i].item->confidence);
	return most;
}

/* What of the message is meant. */
static int settle_mail(struct adding *a)
{
	u64 most = likeliest(a), taken = 0;
	int rc = 0;

	for (size_t i = 0; i < a->mails; i++) {
		u64 sure = a->mail[i].item->confidence;
		bool meant = most >= MAIL_SURE ? sure >= MAIL_SURE && taken < MAIL_MOST
					       : sure == most && taken == 0;

		if (meant && rc == 0) {
			taken++;
			rc = put(a, &a->mail[i]);
		} else {
			a->passed += !meant;
			free(a->mail[i].item);
		}
	}
	a->mails = 0;
	return rc;
}

static bool same_mail(const struct waiting *a, const struct waiting *b)
{
	const char *x = a->item->references, *y = b->item->references;
	size_t n = strcspn(x, "\n");

	return n && strcmp(a->document, b->document) == 0 && strncmp(x, "mid:", 4) == 0 &&
	       strcspn(y, "\n") == n && memcmp(x, y, n) == 0;
}

static int take_mail(struct adding *a, const struct waiting *w)
{
	int rc = 0;

	if (a->mails && (a->mails == BATCH || !same_mail(&a->mail[0], w)))
		rc = settle_mail(a);
	if (rc) {
		free(w->item);
		return rc;
	}
	a->mail[a->mails++] = *w;
	return 0;
}

/* ---- reading ---- */

static void show(const struct adding *a)
{
	char text[120], n[TABLE_TIME_MAX];

	snprintf(text, sizeof text, n_("%s item", "%s items", a->items),
		 table_count(a->items, n));
	term_progress(text);
}

/* An answer to us comes before the rest of its message. */
static int take_answer(struct adding *a, const struct item *i)
{
	bool ours = false;
	int rc = a->as_indicators ? 0 : returned_one(a->sitting, i, inbox_conf.json,
						     &a->returned, &ours);

	if (ours)
		snprintf(a->answer, sizeof a->answer, "%s", i->evidence);
	return a->rc = rc;
}

static int take_item(void *to, const struct intake_file *from, const struct item *i)
{
	struct adding *a = to;
	struct waiting w = { 0 };

	if (returned_is(i))
		return take_answer(a, i);
	if (a->answer[0] && strcmp(i->evidence, a->answer) == 0)
		return 0;
	if (!a->as_indicators && !inbox_conf.faults && inbox_is_fault(i)) {
		a->faults++;
		return 0;
	}
	if (inbox_original_full(&a->originals, from) && (a->rc = flush(a)))
		return a->rc;
	if ((a->rc = inbox_original_wait(&a->originals, from)))
		return a->rc;
	if ((w.item = item_copy(i)) == NULL)
		return a->rc = -ENOMEM;
	snprintf(w.document, sizeof w.document, "%s", from->sha256);
	snprintf(w.format, sizeof w.format, "%s", from->format);
	if (a->items++ % 1000 == 0)
		show(a);
	if (strcmp(from->format, "mail") == 0 && !a->as_indicators)
		a->rc = take_mail(a, &w);
	else if ((a->rc = settle_mail(a)) == 0)
		a->rc = put(a, &w);
	else
		free(w.item);
	return a->rc;
}

static void take_trouble(void *to, const struct intake_file *from, const char *where,
			 const char *why)
{
	struct adding *a = to;

	if (a->troubles++ < TROUBLES_SAID)
		say_error("%s: %s%s%s", from->name, where, where[0] ? ": " : "", why);
}

static void tell_taken(const struct adding *a)
{
	const u64 is_new = a->states[REPORT_NEW], same = a->states[REPORT_DUPLICATE];
	char n[TABLE_TIME_MAX];

	if (a->as_indicators) {
		printf(n_("%s indicator was taken: ", "%s indicators were taken: ",
			  is_new + same), table_count(is_new + same, n));
		printf(_("%s new, "), table_count(is_new, n));
		printf(_("%s renewed.\n"), table_count(same, n));
		return;
	}
	printf(n_("%s new report", "%s new reports", is_new), table_count(is_new, n));
	printf(n_(", %s duplicate of an earlier one", ", %s duplicates of earlier ones", same),
	       table_count(same, n));
	if (a->again)
		printf(_(", %s taken before from the same document"), table_count(a->again, n));
	printf(".\n");
	if (is_new)
		say_line("%s", _("'vedette inbox triage' sorts them, 'vedette inbox list' shows "
				 "them.\n"));
}

static void tell(const struct adding *a)
{
	char n[TABLE_TIME_MAX];

	if (inbox_conf.json) {
		printf("{\"items\":%llu,\"new\":%llu,\"duplicate\":%llu,\"again\":%llu,"
		       "\"faults\":%llu,\"troubles\":%llu}\n", (unsigned long long)a->items,
		       (unsigned long long)a->states[REPORT_NEW],
		       (unsigned long long)a->states[REPORT_DUPLICATE],
		       (unsigned long long)a->again, (unsigned long long)a->faults,
		       (unsigned long long)a->troubles);
		return;
	}
	tell_taken(a);
	if (a->originals.large)
		printf(n_("%s document larger than --inbox-keep was not kept.\n",
			  "%s documents larger than --inbox-keep were not kept.\n",
			  a->originals.large), table_count(a->originals.large, n));
	returned_sum(&a->returned);
	if (a->faults)
		printf(n_("%s fault of a zone, or incident of such, was left out: they are for "
			  "who runs the zone. --inbox-faults takes them in.\n",
			  "%s faults of zones, or incidents of such, were left out: they are for "
			  "who runs the zone. --inbox-faults takes them in.\n", a->faults),
		       table_count(a->faults, n));
	if (a->passed)
		printf(n_("%s more name stood in mails and is hardly meant.\n",
			  "%s more names stood in mails and are hardly meant.\n", a->passed),
		       table_count(a->passed, n));
}

static int finish(struct adding *a, int rc)
{
	if (rc == 0)
		rc = settle_mail(a);
	if (rc == 0)
		rc = flush(a);
	drop(a->mail, a->mails);
	drop(a->batch, a->count);
	inbox_originals_drop(&a->originals);
	term_progress_end();
	if (a->troubles > TROUBLES_SAID)
		say_error(n_("and %llu more part that could not be read",
			     "and %llu more parts that could not be read",
			     a->troubles - TROUBLES_SAID),
			  (unsigned long long)(a->troubles - TROUBLES_SAID));
	if (rc && a->rc == rc)
		return sitting_fault(a->sitting, rc);
	if (rc) {
		say_error("%s", oops_text(rc));
		return STATUS_TROUBLE;
	}
	/* Where nothing came that was said. */
	if (a->items || a->faults || a->troubles == 0 || inbox_conf.json)
		tell(a);
	return a->troubles ? STATUS_INPUT : STATUS_FINE;
}

int inbox_take_in(struct sitting *s, const struct inbox_source *from)
{
	struct adding *a = calloc(1, sizeof *a);
	struct intake setup = { .paths = from->paths, .count = from->count,
		.opts = from->opts };
	int status = a ? STATUS_FINE : STATUS_TROUBLE;

	if (a && inbox_conf.format && (setup.format = exchange_find(inbox_conf.format)) == NULL) {
		say_error("there is no format '%s'; 'vedette share formats' tells them",
			  inbox_conf.format);
		status = STATUS_USAGE;
	}
	if (status == STATUS_FINE)
		status = inbox_ready(s, &a->inbox);
	if (status == STATUS_FINE) {
		a->sitting = s;
		a->as_indicators = from->as_indicators;
		status = finish(a, intake_read(&setup, take_item, take_trouble, a));
	}
	if (a)
		inbox_close(a->inbox);
	free(a);
	return status;
}
