/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gist.c - findings as grouping wants them: two statements side by side, findings and
 * what is related to them, both in the order of the findings' numbers; see desk.h. */
#include "store/own.h"
#include "store/desk.h"

#define COLUMNS                                                                 \
	"SELECT f.number, f.id, f.rule, f.subject_kind, f.subject, f.zone, f.label, "   \
	"f.\"from\", f.\"until\", f.confidence, f.severity, "
static const char unplaced[] =
	COLUMNS "0 FROM finding AS f WHERE f.\"until\">=?1 AND NOT EXISTS(SELECT 1 FROM "
	"member WHERE kind=0 AND member.id=f.id) ORDER BY f.number";
static const char placed_ones[] =
	COLUMNS "m.incident FROM finding AS f JOIN member AS m ON m.kind=0 AND m.id=f.id "
	"WHERE f.\"until\">=?1 ORDER BY f.number";
static const char parties[] =
	"SELECT finding, role, name FROM related ORDER BY finding, place";

struct pair { sqlite3_stmt *findings, *related; int more; };

static const char *words(sqlite3_stmt *st, int at)
{
	const char *text = (const char *)sqlite3_column_text(st, at);

	return text ? text : "";
}

/* The texts of related parties must outlive their rows. */
struct names { char at[FINDING_RELATED_MAX][sizeof((struct related *)0)->role +
	sizeof((struct related *)0)->name]; };

static int take_related(struct store *s, struct pair *p, struct store_gist *g,
			struct names *names)
{
	while (p->more == 1 && (u64)sqlite3_column_int64(p->related, 0) < g->number)
		p->more = store_step(s, p->related);
	while (p->more == 1 && (u64)sqlite3_column_int64(p->related, 0) == g->number) {
		char *to = names->at[g->related_count];
		const size_t role = sizeof((struct related *)0)->role;

		if (g->related_count < FINDING_RELATED_MAX) {
			snprintf(to, role, "%s", words(p->related, 1));
			snprintf(to + role, sizeof names->at[0] - role, "%s",
				 words(p->related, 2));
			g->related[g->related_count].role = to;
			g->related[g->related_count++].name = to + role;
		}
		p->more = store_step(s, p->related);
	}
	return p->more < 0 ? p->more : 0;
}

static int take(struct store *s, struct pair *p, struct names *names, struct store_gist *g)
{
	sqlite3_stmt *st = p->findings;

	*g = (struct store_gist){
		.number = (u64)sqlite3_column_int64(st, 0), .id = words(st, 1),
		.rule = words(st, 2), .subject_kind = words(st, 3), .subject = words(st, 4),
		.zone = words(st, 5), .label = words(st, 6),
		.from = (u64)sqlite3_column_int64(st, 7),
		.until = (u64)sqlite3_column_int64(st, 8),
		.confidence = (u64)sqlite3_column_int64(st, 9),
		.severity = (enum severity)sqlite3_column_int64(st, 10),
		.incident = (u64)sqlite3_column_int64(st, 11),
	};
	if ((unsigned)g->severity >= SEVERITY_COUNT || g->confidence > 100)
		return store_damaged(s, "severity or confidence");
	return take_related(s, p, g, names);
}

static int each_gist(struct store *s, struct pair *p, store_gist_fn *each, void *to)
{
	struct names *names = malloc(sizeof *names);
	struct store_gist g;
	int rc;

	if (names == NULL)
		return -ENOMEM;
	p->more = store_step(s, p->related);
	while ((rc = store_step(s, p->findings)) == 1)
		if ((rc = take(s, p, names, &g)) || (rc = each(to, &g)))
			break;
	free(names);
	return rc;
}

int store_each_gist(struct store *s, bool placed, u64 since, store_gist_fn *each, void *to)
{
	struct pair p = { 0 };
	int rc = 0;

	if (sqlite3_prepare_v2(s->db, placed ? placed_ones : unplaced, -1, &p.findings, NULL) ||
	    sqlite3_prepare_v2(s->db, parties, -1, &p.related, NULL))
		rc = store_failed(s);
	if (rc == 0) {
		sqlite3_bind_int64(p.findings, 1, (i64)min_u64(since, INT64_MAX));
		rc = each_gist(s, &p, each, to);
	}
	sqlite3_finalize(p.findings);
	sqlite3_finalize(p.related);
	return rc;
}
