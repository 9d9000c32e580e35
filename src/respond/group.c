/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group.c - which findings belong together: union-find over subjects and parties, in time;
 * see group.h.
 *
 *   all items by (key, from):     a a a - gap - a a   b   c c     runs are joined
 *   all parties by (name, from):  the same, unless one ties more than `hub` keys
 *
 * The order is that of texts, times and ids, never that of arrival or of memory. */
#include "respond/group_own.h"
#include "store/read.h"

/* What is sorted: a word, a time, an item. */
struct tie { u32 name, item; u64 from; const char *id; };

static int by_name(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return strcmp(x->id, y->id);
}

u32 group_find(struct group *g, u32 i)
{
	while (g->items[i].parent != i) {
		g->items[i].parent = g->items[g->items[i].parent].parent;
		i = g->items[i].parent;
	}
	return i;
}

static void join(struct group *g, u32 a, u32 b)
{
	a = group_find(g, a);
	b = group_find(g, b);
	if (a != b)
		g->items[a > b ? a : b].parent = a > b ? b : a;
}

/* Of several parties the first by its text is the reason that is told. */
static void set_why(const struct group *g, struct tied *i, u32 why)
{
	if (why && (i->why == 0 || strcmp(word(&g->words, why), word(&g->words, i->why)) < 0))
		i->why = why;
}

/* Joins a run's neighbours; the members of ended incidents tie nothing, and two members of
 * incidents are as people left them. */
static void join_run(struct group *g, const struct tie *t, size_t n, u32 why)
{
	const struct tied *last = NULL;
	u64 until = 0;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		struct tied *is = &g->items[t[i].item];

		if (is->ended)
			continue;
		if (last && (is->fault || is->from <= until + g->conf->gap)) {
			join(g, t[at].item, t[i].item);
			set_why(g, is, why);
			set_why(g, &g->items[t[at].item], why);
		}
		until = last && until > is->until ? until : is->until;
		last = is;
		at = i;
	}
}

/* How many keys a party ties. */
static u64 keys_of(struct group *g, const struct tie *t, size_t n)
{
	u64 count = 0;
	u32 *keys = malloc(n * sizeof *keys);

	if (keys == NULL)
		return UINT64_MAX;
	for (size_t i = 0; i < n; i++) {
		u32 key = g->items[t[i].item].key;
		size_t at = 0;

		while (at < count && keys[at] != key && at <= g->conf->hub)
			at++;
		if (at == count)
			keys[count++] = key;
		if (count > g->conf->hub)
			break;
	}
	free(keys);
	return count;
}

static void tell_hub(struct group *g, u32 name)
{
	char role[32];
	const char *text = word(&g->words, name), *blank = strchr(text, ' ');

	g->report->hubs++;
	snprintf(role, sizeof role, "%.*s", (int)(blank - text), text);
	if (g->conf->tell)
		g->conf->tell(g->conf->to, &(struct group_hub){ role, blank + 1,
			      g->conf->hub + 1 });
}

static void join_all(struct group *g, struct tie *t, size_t n, bool parties)
{
	size_t to;

	qsort(t, n, sizeof *t, by_name);
	for (size_t at = 0; at < n; at = to) {
		for (to = at; to < n && t[to].name == t[at].name;)
			to++;
		if (to - at < 2)
			continue;
		if (parties && keys_of(g, t + at, to - at) > g->conf->hub)
			tell_hub(g, t[at].name);
		else
			join_run(g, t + at, to - at, parties ? t[at].name : 0);
	}
}

static int tie_subjects(struct group *g)
{
	struct tie *t = reallocarray(NULL, g->count, sizeof *t);

	if (t == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < g->count; i++)
		t[i] = (struct tie){ g->items[i].key, i, g->items[i].from, g->items[i].id };
	join_all(g, t, g->count, false);
	free(t);
	return 0;
}

static int tie_parties(struct group *g)
{
	struct tie *t = reallocarray(NULL, g->party_count + 1, sizeof *t);

	if (t == NULL)
		return -ENOMEM;
	for (size_t p = 0; p < g->party_count; p++) {
		const struct tied *i = &g->items[g->parties[p].item];

		t[p] = (struct tie){ g->parties[p].name, g->parties[p].item, i->from, i->id };
	}
	join_all(g, t, g->party_count, true);
	free(t);
	return 0;
}

/* ---- components in order ---- */

struct place { u32 root, item; u64 first; const char *first_id; const struct tied *is; };

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->root != y->root) {
		if (x->first != y->first)
			return x->first < y->first ? -1 : 1;
		return strcmp(x->first_id, y->first_id);
	}
	if (x->is->from != y->is->from)
		return x->is->from < y->is->from ? -1 : 1;
	return strcmp(x->is->id, y->is->id);
}

/* The earliest item of each component stands for it in the order. */
static int in_order(struct group *g, u32 *order)
{
	struct place *p = reallocarray(NULL, g->count, sizeof *p);
	u32 *first = reallocarray(NULL, g->count, sizeof *first);

	if (p == NULL || first == NULL) {
		free(p);
		free(first);
		return -ENOMEM;
	}
	for (u32 i = 0; i < g->count; i++)
		first[i] = i;
	for (u32 i = 0; i < g->count; i++) {
		const struct tied *is = &g->items[i], *was;
		u32 root = group_find(g, i);

		was = &g->items[first[root]];
		if (is->from < was->from ||
		    (is->from == was->from && strcmp(is->id, was->id) < 0))
			first[root] = i;
	}
	for (u32 i = 0; i < g->count; i++) {
		u32 root = group_find(g, i);

		p[i] = (struct place){ root, i, g->items[first[root]].from,
			g->items[first[root]].id, &g->items[i] };
	}
	qsort(p, g->count, sizeof *p, by_place);
	for (size_t i = 0; i < g->count; i++)
		order[i] = p[i].item;
	free(first);
	free(p);
	return 0;
}

static int tie_and_say(struct group *g)
{
	u32 *order = reallocarray(NULL, g->count, sizeof *order);
	int rc = order ? tie_subjects(g) : -ENOMEM;

	if (rc == 0)
		rc = tie_parties(g);
	if (rc == 0)
		rc = in_order(g, order);
	if (rc == 0)
		rc = group_say(g, order);
	free(order);
	return rc;
}

static int forget(struct group *g, int rc)
{
	if (rc == -ENOMEM)
		desk_fault(g->desk, rc, "%s", oops_text(rc));
	texts_free(&g->words);
	texts_free(&g->own);
	faults_free(&g->faults);
	free(g->items);
	free(g->parties);
	return rc;
}

int group_findings(struct desk *d, const struct group_conf *conf, struct group_report *ret)
{
	struct group g = { .desk = d, .conf = conf, .report = ret };
	int rc;

	*ret = (struct group_report){ 0 };
	rc = group_read(&g);
	if (rc == 0 && g.count > 10000)
		rc = store_roomy(desk_store(d));
	if (rc == 0 && g.count)
		rc = tie_and_say(&g);
	return forget(&g, rc);
}

/* ---- in slices ---- */

#define PASSES 3u	/* over what others were at */

/* As it was at one moment, while others write. */
static int read_still(struct group *g)
{
	struct store *s = desk_store(g->desk);
	char hash[65];
	bool ours;
	int rc = store_snapshot(s, &ours);

	if (rc == 0)
		rc = store_last_event(s, &g->event, hash);
	if (rc == 0)
		rc = group_read(g);
	store_snapshot_end(s, ours);
	return rc;
}

static int pass(struct desk *d, const struct group_conf *conf, struct group_report *ret)
{
	struct group g = { .desk = d, .conf = conf, .report = ret, .sliced = true };
	int rc = read_still(&g);

	if (rc == 0 && g.count > 10000)
		rc = store_roomy(desk_store(d));
	if (rc == 0 && g.count)
		rc = tie_and_say(&g);
	return forget(&g, rc);
}

int group_slices(struct desk *d, const struct group_conf *conf, struct group_report *ret)
{
	struct group_conf again = *conf;
	int rc;

	*ret = (struct group_report){ 0 };
	rc = pass(d, conf, ret);
	again.tell = NULL;
	for (unsigned n = 1; n < PASSES && rc == 0 && ret->left && conf->most == 0; n++) {
		struct group_report more = { 0 };

		rc = pass(d, &again, &more);
		ret->opened += more.opened;
		ret->came_back += more.came_back;
		ret->joined += more.joined;
		ret->again += more.again;
		ret->bridged += more.bridged;
		ret->left = more.left;
	}
	return rc;
}
