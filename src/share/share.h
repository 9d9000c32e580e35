/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h - findings on their way out: one struct a format, one row in share.c.
 *
 *   share_begin --> share_finding, any number --> share_end
 *
 * Findings come in the order they shall stand in (finding_compare()). A format
 * writes as it goes or collects and writes at the end; the bytes are the same for
 * the same findings, report, style and language (of the thread: base/tongue.h), on every
 * machine. All
 * text of outsiders is made safe for the format it goes into.
 *
 * To add a format: write one file, add one row. */
#pragma once
#include "base/buf.h"
#include "base/num.h"
#include "model/finding.h"
#include "model/report.h"

struct share_style {
	unsigned width;		/* columns of text for people; 0 = 80 */
	bool color;		/* escape sequences for colours in text */
	bool verbose;		/* text: a block for each finding, too */
	const char *title;	/* of a page; NULL = "Findings" */
	const char *version;	/* of this program */
	/* What is known about the rules: rows, NULL-terminated; may be NULL. */
	const struct catalogue_row *const *catalogue;
};

struct share {
	const struct share_format *format;
	struct share_style style;
	FILE *out;		/* the caller's */
	u64 counts[SEVERITY_COUNT];	/* findings so far */
	struct buf text, more;	/* what a format collects */
	void *own;		/* one block of the format's; freed by share_free() */
	int error;		/* the first one; stays */
};

struct share_format {
	const char *id;		/* "html": also the option's name */
	const char *title;
	void (*begin)(struct share *s);		/* may be NULL */
	void (*finding)(struct share *s, const struct finding *f);
	void (*end)(struct share *s, const struct run_report *r);
};
extern const struct share_format *const share_formats[];	/* NULL-terminated */

/* The format of that id, or NULL. */
const struct share_format *share_find(const char *id);
/* Begins to write to `out`. share_free() in any case. */
void share_begin(struct share *s, const struct share_format *format, FILE *out,
		 const struct share_style *style);
void share_finding(struct share *s, const struct finding *f);
/* Ends and flushes: 0, or the first error of any call (-errno of the writing,
 * -ENOMEM, OOPS_LIMIT). */
int share_end(struct share *s, const struct run_report *r);
void share_free(struct share *s);

/* Appends one finding in full as text for people (what `verbose` adds): 0 or an
 * error as share_end(). */
int share_story(struct buf *out, const struct finding *f, const struct share_style *style);

/* Appends the JSON Schema (draft 2020-12) of a line of the format "json". */
void share_schema(struct buf *out);

/* For formats. Writes the buffer and clears it; keeps errors in s. */
void share_flush(struct share *s, struct buf *b);
/* All findings so far. */
u64 share_count(const struct share *s);
/* The catalogue's row of a rule, or NULL. */
const struct catalogue_row *share_row(const struct share *s, const char *rule);
/* "2026-01-31 10:00:00" (UTC), with as many decimals as it needs. */
#define SHARE_TIME_MAX 40
char *share_time(u64 time_ns, char to[SHARE_TIME_MAX]);
/* A length of time: "1m", "90s", "1h 5m". */
char *share_span(u64 ns, char to[NUM_TEXT_MAX]);
/* True when a finding is about a zone and not about traffic: it has an instant instead of a
 * window, and a place in a file. */
static inline bool share_of_zone(const struct finding *f) { return f->zone[0] != 0; }
/* Where it stands: "db.example:12"; "line 12" when that is longer than `most` octets or says
 * no more than the subject; "" for nowhere. */
#define SHARE_PLACE_MAX 96
char *share_place(const struct finding *f, size_t most, char to[SHARE_PLACE_MAX]);
/* A measured value: "41,200", "1234.5", others to three digits: "0.031"; a count; octets: as
 * the language of this thread writes them. */
char *share_value(double v, char to[REAL_TEXT_MAX]);
char *share_number(u64 n, char to[NUM_TEXT_MAX]);
char *share_octets(u64 n, char to[NUM_TEXT_MAX]);
