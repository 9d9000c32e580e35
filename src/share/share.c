/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.c - the registry of formats, and what they share; see share.h. */
#include "share/share.h"
#include "base/num.h"
#include "base/stamp.h"
#include <math.h>

extern const struct share_format share_text, share_jsonl, share_html;

const struct share_format *const share_formats[] = {
	&share_text,
	&share_jsonl,
	&share_html,
	NULL
};

/* Units and roles that findings are stored with, here for translation: C_("unit", f->unit). */
static const char *const words[] __attribute__((unused)) = {
	NC_("unit", "bits"), NC_("unit", "bytes"), NC_("unit", "clients"),
	NC_("unit", "domains"), NC_("unit", "fragments"), NC_("unit", "lines"),
	NC_("unit", "messages"), NC_("unit", "minutes"), NC_("unit", "names"),
	NC_("unit", "octets"), NC_("unit", "records"), NC_("unit", "s"),
	NC_("unit", "seconds"), NC_("unit", "servers"), NC_("unit", "suffixes"),
	NC_("role", "address"), NC_("role", "alike"), NC_("role", "as"),
	NC_("role", "cause"), NC_("role", "client"), NC_("role", "delegation"),
	NC_("role", "example"), NC_("role", "host"), NC_("role", "key"),
	NC_("role", "minutes"), NC_("role", "name"), NC_("role", "operator"),
	NC_("role", "prefix"),
	NC_("role", "rrset"), NC_("role", "server"), NC_("role", "target"),
	NC_("role", "type"), NC_("role", "victim"),
};

const struct share_format *share_find(const char *id)
{
	for (unsigned i = 0; share_formats[i]; i++)
		if (strcmp(share_formats[i]->id, id) == 0)
			return share_formats[i];
	return NULL;
}

void share_begin(struct share *s, const struct share_format *format, FILE *out,
		 const struct share_style *style)
{
	*s = (struct share){ .format = format, .out = out, .style = *style };
	if (s->style.width == 0)
		s->style.width = 80;
	if (format->begin)
		format->begin(s);
}

void share_finding(struct share *s, const struct finding *f)
{
	s->counts[f->severity]++;
	s->format->finding(s, f);
}

int share_end(struct share *s, const struct run_report *r)
{
	s->format->end(s, r);
	errno = 0;
	if (fflush(s->out) && s->error == 0)
		s->error = errno ? -errno : -EIO;
	return s->error;
}

void share_free(struct share *s)
{
	buf_free(&s->text);
	buf_free(&s->more);
	free(s->own);
	s->own = NULL;
}

void share_flush(struct share *s, struct buf *b)
{
	if (s->error == 0)
		s->error = buf_error(b);
	errno = 0;
	if (s->error == 0 && b->len && fwrite(b->at, 1, b->len, s->out) != b->len)
		s->error = errno ? -errno : -EIO;
	buf_clear(b);
}

u64 share_count(const struct share *s)
{
	u64 sum = 0;

	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		sum += s->counts[i];
	return sum;
}

const struct catalogue_row *share_row(const struct share *s, const char *rule)
{
	const struct catalogue_row *const *row = s->style.catalogue;

	for (; row && *row; row++)
		if (strcmp((*row)->id, rule) == 0)
			return *row;
	return NULL;
}

char *share_time(u64 time_ns, char to[SHARE_TIME_MAX])
{
	u64 fraction = time_ns % STAMP_NS;
	int decimals = fraction == 0 ? 0 : fraction % 1000000 == 0 ? 3 :
		       fraction % 1000 == 0 ? 6 : 9;

	stamp_text(time_ns, decimals, to);
	to[10] = ' ';
	to[strlen(to) - 1] = 0;		/* the Z: the heading says UTC */
	return to;
}

char *share_span(u64 ns, char to[NUM_TEXT_MAX])
{
	if (ns && ns % STAMP_NS == 0 && strlen(num_span_exact(ns, to)) <= 4)
		return to;
	return num_span_text(ns, to);
}

char *share_place(const struct finding *f, size_t most, char to[SHARE_PLACE_MAX])
{
	to[0] = 0;
	if (f->line == 0)
		return to;
	snprintf(to, SHARE_PLACE_MAX, "%s:%llu", f->file, (unsigned long long)f->line);
	if (strlen(to) > most || f->file[0] == 0)
		snprintf(to, SHARE_PLACE_MAX, _("line %llu"),
			 (unsigned long long)f->line);
	return to;
}

char *share_number(u64 n, char to[NUM_TEXT_MAX])
{
	return say_number_to(tongue_now(), num_count_text(n, to), NUM_TEXT_MAX);
}

char *share_octets(u64 n, char to[NUM_TEXT_MAX])
{
	return say_number_to(tongue_now(), num_octets_text(n, to), NUM_TEXT_MAX);
}

char *share_value(double v, char to[REAL_TEXT_MAX])
{
	char number[NUM_TEXT_MAX];

	if (v >= 0 && v < 1e15 && v == floor(v)) {
		snprintf(to, REAL_TEXT_MAX, "%s", share_number((u64)v, number));
		return to;
	}
	if (fabs(v) >= 100 && fabs(v) < 1e15) {
		real_text(round(v * 10) / 10, to);
	} else {
		snprintf(to, REAL_TEXT_MAX, "%.2e", v);
		real_text(strtod(to, NULL), to);
	}
	return say_number_to(tongue_now(), to, REAL_TEXT_MAX);
}
