/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_original.c - documents as they came: kept while reports are taken in, and given back.
 *
 *   inbox add --> the first report out of a document --> its octets, in the same change
 *   inbox original NUMBER [-o FILE] <-- gate_original() <-- SHA-256 of the report */
#include "cli/inbox.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "run/intake.h"

#define SHOWN 65536u	/* octets on a terminal; -o has all */

/* ---- taking in ---- */

int inbox_original_wait(struct inbox_waiting *w, const struct intake_file *from)
{
	struct buf *to;
	int rc;

	if (strcmp(w->last, from->sha256) == 0)
		return 0;
	snprintf(w->last, sizeof w->last, "%s", from->sha256);
	if (from->octets > inbox_conf.keep) {
		w->large += inbox_conf.keep != 0;
		return 0;
	}
	must(w->count < INBOX_ORIGINALS);
	to = &w->at[w->count];
	*to = (struct buf){ 0 };
	if ((rc = intake_octets(from, to)) == 0) {
		w->count++;
		w->size += to->len;
	}
	return rc;
}

bool inbox_original_full(const struct inbox_waiting *w, const struct intake_file *next)
{
	return strcmp(w->last, next->sha256) != 0 && w->count &&
	       (w->count == INBOX_ORIGINALS || w->size + next->octets > INBOX_ORIGINALS_SIZE);
}

int inbox_originals_keep(struct inbox_waiting *w, struct inbox *in)
{
	char hash[65];
	int rc = 0;

	for (size_t i = 0; i < w->count && rc == 0; i++)
		rc = inbox_keep(in, buf_str(&w->at[i]), w->at[i].len, hash);
	return rc;
}

void inbox_originals_drop(struct inbox_waiting *w)
{
	for (size_t i = 0; i < w->count; i++)
		buf_free(&w->at[i]);
	w->count = w->size = 0;
}

/* ---- giving back ---- */

/* Text of strangers, line by line, with what a terminal would obey made visible. */
static int show(const struct buf *octets)
{
	struct buf out = { 0 };
	size_t n = min_u64(octets->len, SHOWN);
	char *text = strndup(buf_str(octets), n), *line, *rest = text;
	int status;

	if (text == NULL || memchr(octets->at ? octets->at : "", 0, n)) {
		free(text);
		say_error("this is no text; write -o FILE");
		return STATUS_USAGE;
	}
	utf8_mend(text);
	while ((line = strsep(&rest, "\n"))) {
		line[strcspn(line, "\r")] = 0;
		utf8_show(&out, line, 0);
		if (rest)
			buf_byte(&out, '\n');
	}
	if (octets->len > n)
		buf_fmt(&out, n_("\n... and %zu octet more: -o FILE writes it\n",
				 "\n... and %zu octets more: -o FILE writes them\n",
				 octets->len - n), octets->len - n);
	status = say_print(&out);
	buf_free(&out);
	free(text);
	return status;
}

static int give(const char *hash, const struct buf *octets)
{
	int rc;

	if (inbox_conf.output == NULL)
		return show(octets);
	if ((rc = output_write(inbox_conf.output, octets))) {
		say_error("%s: the document cannot be written: %s", inbox_conf.output,
			  oops_text(rc));
		return STATUS_TROUBLE;
	}
	printf(n_("%s: %zu octet, SHA-256 %s\n", "%s: %zu octets, SHA-256 %s\n", octets->len),
	       inbox_conf.output, octets->len, hash);
	return STATUS_FINE;
}

int inbox_original(struct sitting *s, int argc, char **argv)
{
	struct buf octets = { 0 };
	const struct report *r;
	struct report key = { 0 };
	void *found = NULL;
	int rc, status = STATUS_USAGE;

	(void)argc;
	if (num_u64(argv[0], 1, INT64_MAX, &key.number)) {
		say_error("'%s' is no number of a report", argv[0]);
		return STATUS_USAGE;
	}
	rc = gate_take(s->gate, DESK_report, &key, &found);
	r = found;
	if (rc == 0)
		say_error("there is no report %llu", (unsigned long long)key.number);
	else if (rc == 1 && (r->original[0] == 0 || (rc = gate_original(s->gate, r->original,
								&octets)) == OOPS_UNKNOWN))
		say_error(r->original[0] ? N_("the document that report %llu came in was not kept; "
			  "its SHA-256 is %s")
			  : N_("the document that report %llu came in was not kept%s"),
			  (unsigned long long)r->number, r->original);
	else if (rc < 0)
		say_error("%s", gate_error(s->gate));
	else
		status = give(r->original, &octets);
	buf_free(&octets);
	free(found);
	return status;
}
