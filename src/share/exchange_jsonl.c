/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_jsonl.c - items as JSON Lines: one object a line, every field; between desks
 * that both run Vedette, and for scripts.
 *
 *   {"id":"9f..","kind":"indicator","subject_kind":"domain",...}\n
 *
 * Strict: a line that is not exactly an item is told with its number and left out. Cost:
 * one pass. */
#include "share/exchange.h"

static int jsonl_write(struct buf *out, const struct exchange_write *w,
		       char why[EXCHANGE_WHY])
{
	(void)why;
	for (size_t i = 0; i < release_count(w->release); i++) {
		item_json(out, release_item(w->release, i));
		buf_byte(out, '\n');
	}
	return buf_error(out);
}

static bool jsonl_knows(const u8 *octets, size_t n)
{
	static const char begins[] = "{\"id\":\"";
	const u8 *end = memchr(octets, '\n', n);

	return n > sizeof begins && memcmp(octets, begins, sizeof begins - 1) == 0 &&
	       memmem(octets, end ? (size_t)(end - octets) : n, "\"subject_kind\":", 15);
}

static int read_line(const struct exchange_read *r, const char *line, size_t n, u64 number)
{
	struct item_box box = { 0 };
	char why[FIELD_WHY] = "", where[32];
	int rc = item_parse(&box, line, n, why);

	if (rc == 0) {
		rc = r->item(r->to, &box.item);
		item_free(&box);
		return rc;
	}
	snprintf(where, sizeof where, "line %llu", (unsigned long long)number);
	r->trouble(r->to, where, why[0] ? why : oops_text(rc));
	return 0;
}

static int jsonl_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	const char *p = (const char *)r->octets, *end = p + r->n;
	int rc = 0;

	(void)why;
	for (u64 number = 1; p < end && rc == 0; number++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((stop ? stop : end) - p);

		if (n)
			rc = read_line(r, p, n, number);
		p += n + 1;
	}
	return rc;
}

const struct exchange exchange_jsonl = {
	.id = "jsonl",
	.title = N_("JSON Lines"),
	.extension = ".jsonl",
	.media = "application/x-ndjson",
	.story = N_("Every item as one JSON object with all its fields. Nothing is "
		"lost."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp pap",
	.cap = { LABEL_RED, PAP_RED },
	.write = jsonl_write,
	.knows = jsonl_knows,
	.read = jsonl_read,
};
