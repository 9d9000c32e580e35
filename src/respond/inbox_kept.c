/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_kept.c - facts of a report that outlive a new look.
 *
 *   known so far          this look had          so it stays / goes
 *   -45 absent (zone x)   no zone of its name    stays, with the day of that snapshot
 *   -45 absent (zone x)   an older snapshot      stays
 *   -45 absent (zone x)   a snapshot as new      goes: the new look says what is so
 *   -20 popular           no list                stays
 *   +0 copy               -                      stays: what a duplicate added
 *
 * A file that is not given now says nothing, so it takes nothing away. The store is there at
 * every look: what it says is always what it says now. */
#include "respond/inbox_own.h"
#include "base/stamp.h"

const char *const inbox_files[] = { N_("zones"), N_("popular names"), N_("public suffixes"),
	NULL };

bool inbox_reason(const char **p, struct inbox_reason *ret)
{
	const char *line = *p, *word;
	char *end;

	if (*line == 0)
		return false;
	*ret = (struct inbox_reason){ .line = line, .n = strcspn(line, "\n"), .fact = -1 };
	*p = line + ret->n + (line[ret->n] == '\n');
	ret->weight = (int)strtol(line, &end, 10);
	word = end + strspn(end, " ");
	for (int f = 0; f < INBOX_FACT_COUNT; f++)
		if (strlen(inbox_facts[f].word) == strcspn(word, ":\n") &&
		    memcmp(inbox_facts[f].word, word, strcspn(word, ":\n")) == 0)
			ret->fact = f;
	return true;
}

bool inbox_has_fact(const char *reasons, enum inbox_fact f)
{
	struct inbox_reason r;

	while (inbox_reason(&reasons, &r))
		if (r.fact == (int)f)
			return true;
	return false;
}

bool inbox_looks(const struct inbox *in, enum inbox_file s)
{
	return s == INBOX_ZONES ? in->known.zone_count != 0 :
	       s == INBOX_POPULAR ? in->known.slots != 0 : in->known.has_list;
}

static bool is_of_zones(const struct inbox_reason *r)
{
	return r->fact == FACT_EXISTS || r->fact == FACT_ABSENT;
}

bool inbox_knows_later(const char *reasons, const struct known_name *n)
{
	char of[NAME_TEXT_MAX + 20], day[STAMP_TEXT_MAX];
	struct inbox_reason r;

	snprintf(of, sizeof of, " zone %.60s (of ", n->zone);
	stamp_text(n->zone_at, 0, day);
	while (inbox_reason(&reasons, &r)) {
		const char *at = is_of_zones(&r) ? memmem(r.line, r.n, of, strlen(of)) : NULL;

		if (at && strncmp(at + strlen(of), day, 10) > 0)
			return true;
	}
	return false;
}

/* Whose files said it; -1: the store, or the report itself. */
static int source_of(const struct inbox_reason *r)
{
	return is_of_zones(r) ? INBOX_ZONES :
	       r->fact == FACT_POPULAR ? INBOX_POPULAR :
	       r->fact == FACT_SUFFIX || r->fact == FACT_NO_SUFFIX ? INBOX_SUFFIXES : -1;
}

static bool stays(const struct inbox *in, const struct known_name *n,
		  const struct inbox_reason *r)
{
	if (is_of_zones(r))
		return !n->in_zone;
	if (r->fact == FACT_NO_SUFFIX && n->in_zone)
		return false;	/* our own zones know better */
	return source_of(r) >= 0 ? !inbox_looks(in, (enum inbox_file)source_of(r))
				 : r->fact == FACT_COPY;
}

int inbox_kept(struct inbox *in, const struct known_name *n, const char *known,
	       struct buf *reasons)
{
	struct inbox_reason r;
	int sum = 0;

	while (inbox_reason(&known, &r)) {
		if (!stays(in, n, &r))
			continue;
		if (reasons->len)
			buf_byte(reasons, '\n');
		buf_add(reasons, r.line, r.n);
		sum += r.weight;
		if (source_of(&r) >= 0)
			in->kept[source_of(&r)]++;
	}
	return sum;
}
