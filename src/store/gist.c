/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gist.c - findings as grouping wants them, in the order of their numbers; see desk.h.
 *
 *   which   not in an incident: two indexes by id, side by side; what is in one only
 *           in one: by the time index, from a time on
 *           of audits: by the index that holds each finding's zone
 *   what    findings and related parties, each by a cursor that goes on from number to number
 *           and jumps where the next one is far
 *
 * So a look at a store in which nothing is new costs a walk over two indexes, and a few new
 * findings cost what they and their time bring, not the whole table of parties. */
#include "store/own.h"
#include "store/desk.h"

#define FAR 64u		/* rows that are stepped over rather than jumped */

static const char all_ids[] = "SELECT id, number FROM finding ORDER BY id";
static const char member_ids[] = "SELECT id FROM member WHERE kind=0 ORDER BY id";
static const char since_then[] = "SELECT number FROM finding WHERE \"until\">=?1";
static const char audited[] =
	"SELECT number FROM finding INDEXED BY finding_brief WHERE zone<>'' AND revision>=?1";
static const char findings[] =
	"SELECT number, id, rule, subject_kind, subject, zone, label, \"from\", \"until\", "
	"confidence, severity FROM finding WHERE number>=?1 ORDER BY number";
static const char parties[] =
	"SELECT finding, role, name FROM related WHERE finding>=?1 ORDER BY finding, place";
static const char homes[] = "SELECT incident FROM member WHERE kind=0 AND id=?1";

/* ---- which ---- */

struct numbers { u64 *at; size_t count, room; };

static int add(struct store *s, struct numbers *n, sqlite3_int64 number)
{
	if (n->count == n->room) {
		size_t room = n->room ? n->room * 2 : 1024;
		u64 *at = reallocarray(n->at, room, sizeof *at);

		if (at == NULL)
			return store_say(s, -ENOMEM, "needs more memory than there is");
		n->at = at;
		n->room = room;
	}
	n->at[n->count++] = (u64)number;
	return 0;
}

/* Ids of findings that are not among those of members: both come in order. */
static int unlike(struct store *s, sqlite3_stmt *all, sqlite3_stmt *members, struct numbers *n)
{
	int more = store_step(s, members), rc = 0;

	while (more >= 0 && (rc = store_step(s, all)) == 1) {
		int order = more == 1 ? -1 : 1;

		while (more == 1 && (order = strcmp(store_words(members, 0),
						    store_words(all, 0))) < 0)
			more = store_step(s, members);
		if ((more != 1 || order) && (rc = add(s, n, sqlite3_column_int64(all, 1))))
			return rc;
	}
	return more < 0 ? more : rc;
}

static int find_unplaced(struct store *s, struct numbers *n)
{
	sqlite3_stmt *all = store_prepared(s, all_ids), *members = NULL;
	int rc = s->error;

	if (all && (members = store_prepared(s, member_ids)))
		rc = unlike(s, all, members, n);
	sqlite3_finalize(all);
	sqlite3_finalize(members);
	return rc;
}

static int find_from(struct store *s, const char *sql, u64 since, struct numbers *n)
{
	sqlite3_stmt *st = store_prepared(s, sql);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(since, INT64_MAX));
	while ((rc = store_step(s, st)) == 1)
		if ((rc = add(s, n, sqlite3_column_int64(st, 0))))
			break;
	sqlite3_finalize(st);
	return rc;
}

static int by_number(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* ---- what ---- */

/* Rows in the order of their first column; `at` is that of the one it stands on. */
struct cursor { sqlite3_stmt *st; u64 at; int more; };

static void step_on(struct store *s, struct cursor *c)
{
	c->more = store_step(s, c->st);
	c->at = c->more == 1 ? (u64)sqlite3_column_int64(c->st, 0) : UINT64_MAX;
}

/* To the first row of `number` or more. */
static int go_to(struct store *s, struct cursor *c, u64 number)
{
	if (c->at == 0 || (c->at < number && number - c->at > FAR)) {
		sqlite3_reset(c->st);
		sqlite3_bind_int64(c->st, 1, (i64)number);
		step_on(s, c);
	}
	while (c->more == 1 && c->at < number)
		step_on(s, c);
	return c->more < 0 ? c->more : 0;
}

/* The texts of related parties must outlive their rows. */
struct names { char at[FINDING_RELATED_MAX][sizeof((struct related *)0)->role +
	sizeof((struct related *)0)->name]; };
struct reading {
	struct cursor findings, parties;
	sqlite3_stmt *home;	/* NULL: they are in none */
	struct names names;
};

static int take_related(struct store *s, struct reading *r, struct store_gist *g)
{
	const size_t role = sizeof((struct related *)0)->role;
	int rc = go_to(s, &r->parties, g->number);

	while (rc == 0 && r->parties.at == g->number) {
		char *to = r->names.at[g->related_count];

		if (g->related_count < FINDING_RELATED_MAX) {
			snprintf(to, role, "%s", store_words(r->parties.st, 1));
			snprintf(to + role, sizeof r->names.at[0] - role, "%s",
				 store_words(r->parties.st, 2));
			g->related[g->related_count].role = to;
			g->related[g->related_count++].name = to + role;
		}
		step_on(s, &r->parties);
		rc = r->parties.more < 0 ? r->parties.more : 0;
	}
	return rc;
}

static int take(struct store *s, struct reading *r, struct store_gist *g)
{
	sqlite3_stmt *st = r->findings.st;

	*g = (struct store_gist){
		.number = r->findings.at, .id = store_words(st, 1), .rule = store_words(st, 2),
		.subject_kind = store_words(st, 3), .subject = store_words(st, 4),
		.zone = store_words(st, 5), .label = store_words(st, 6),
		.from = (u64)sqlite3_column_int64(st, 7),
		.until = (u64)sqlite3_column_int64(st, 8),
		.confidence = (u64)sqlite3_column_int64(st, 9),
		.severity = (enum severity)sqlite3_column_int64(st, 10),
	};
	if ((unsigned)g->severity >= SEVERITY_COUNT || g->confidence > 100)
		return store_damaged(s, "severity or confidence");
	return take_related(s, r, g);
}

/* Once for each incident that it is in, or once when that is not asked. */
static int hand_over(struct store *s, struct reading *r, struct store_gist *g,
		     store_gist_fn *each, void *to)
{
	int rc;

	if (r->home == NULL)
		return each(to, g);
	sqlite3_bind_text(r->home, 1, g->id, -1, SQLITE_STATIC);
	while ((rc = store_step(s, r->home)) == 1) {
		g->incident = (u64)sqlite3_column_int64(r->home, 0);
		if ((rc = each(to, g)))
			break;
	}
	sqlite3_reset(r->home);
	return rc;
}

struct gist_to { store_gist_fn *each; void *to; };

static int each_gist(struct store *s, struct reading *r, const struct numbers *n,
		     const struct gist_to *to)
{
	struct store_gist g;
	int rc = 0;

	for (size_t i = 0; i < n->count && rc == 0; i++) {
		rc = go_to(s, &r->findings, n->at[i]);
		if (rc == 0 && r->findings.at == n->at[i] && (rc = take(s, r, &g)) == 0)
			rc = hand_over(s, r, &g, to->each, to->to);
	}
	return rc;
}

static int find(struct store *s, enum store_gists which, u64 since, struct numbers *n)
{
	if (which == STORE_LOOSE)
		return find_unplaced(s, n);
	return which == STORE_PLACED ? find_from(s, since_then, since, n)
				     : find_from(s, audited, 0, n);
}

int store_each_gist(struct store *s, enum store_gists which, u64 since, store_gist_fn *each,
		    void *to)
{
	struct reading *r = calloc(1, sizeof *r);
	struct numbers n = { 0 };
	int rc = r ? 0 : store_say(s, -ENOMEM, "needs more memory than there is");

	if (rc == 0)
		rc = find(s, which, since, &n);
	if (rc == 0 && n.count) {
		qsort(n.at, n.count, sizeof *n.at, by_number);
		if ((r->findings.st = store_prepared(s, findings)) == NULL ||
		    (r->parties.st = store_prepared(s, parties)) == NULL ||
		    (which != STORE_LOOSE && (r->home = store_prepared(s, homes)) == NULL))
			rc = s->error;
		else
			rc = each_gist(s, r, &n, &(struct gist_to){ each, to });
	}
	if (r) {
		sqlite3_finalize(r->findings.st);
		sqlite3_finalize(r->parties.st);
		sqlite3_finalize(r->home);
	}
	free(n.at);
	free(r);
	return rc;
}
