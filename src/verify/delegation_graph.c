/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_graph.c - which delegations can be found at all, and which run in circles.
 *
 *   a.example NS ns.b.example      a.example leans on b.example: to find ns.b.example's
 *   b.example NS ns.b.example      address (no glue here) a resolver asks b.example first
 *
 * A delegation is alive when one server of it has an address here, lies out of the zone, or
 * lies in a delegation that is alive: the least fixpoint, by a work list over reversed edges.
 * What is not alive nobody can resolve. Strongly connected components of two and more are
 * cycles (Tarjan, without recursion): dead ones, and others in which a resolver may still
 * run in circles (TsuNAME). Glue breaks an edge.
 *
 * Nodes are only what can matter: delegations that lean on another one, and are leaned on or
 * have no server of their own. Cost: linear in their NS records; 28 octets a node. */
#include "verify/delegation.h"

#define NONE UINT32_MAX
#define CHAIN_SHOWN 8u		/* names of a chain or cycle that are printed */
#define PATH 400u		/* octets of their text */
#define CHAIN_MAX 64u		/* steps of a chain that are followed */

struct graph {
	struct delegation *d;
	struct rank in;		/* cuts that are nodes */
	u32 n, *cut;		/* node -> cut */
	u32 *order, *low, *comp, *stack, *path;
	u32 *place;		/* of the NS record at which a node on the path stands */
	u32 path_len, stack_len, next, comps;
};

/* The next delegation that a cut leans on at or after NS record *i; NONE at the end. */
static u32 next_edge(const struct delegation *d, u32 cut, u32 *i)
{
	const u32 name = zone_cut(d->z, cut);

	for (; d->records[*i].owner == name && d->records[*i].type == TYPE_NS; ++*i) {
		u32 host = delegation_host_of(d, &d->records[*i]);

		if ((d->host[host] & HOST_KIND) == HOST_UNDER && d->ref[host] != cut) {
			++*i;
			return d->ref[host];
		}
	}
	return NONE;
}

static u32 first_server(const struct delegation *d, u32 cut)
{
	u32 count;

	return delegation_servers(d, zone_cut(d->z, cut), &count);
}

/* What a host without an address lies in is leaned on, by whoever names the host. (By itself
 * only, sometimes; then it is a node for nothing.) */
static void mark_targets(struct delegation *d)
{
	for (u32 i = 0; i < d->host_count; i++)
		if ((d->host[i] & HOST_KIND) == HOST_UNDER)
			d->mark[d->ref[i]] |= CUT_TARGET;
}

static bool is_node(u32 mark)
{
	return mark & CUT_EDGE && (!(mark & CUT_ALIVE) || mark & CUT_TARGET);
}

static void graph_close(struct graph *g)
{
	rank_close(&g->in);
	free(g->cut);
	free(g->order);
	free(g->low);
	free(g->comp);
	free(g->stack);
	free(g->path);
	free(g->place);
}

static int graph_open(struct graph *g, struct delegation *d)
{
	u64 size;

	*g = (struct graph){ .d = d };
	if (rank_open(&g->in, d->cut_count) < 0)
		return -ENOMEM;
	for (u32 c = 0; c < d->cut_count; c++)
		if (is_node(d->mark[c])) {
			rank_set(&g->in, c);
			g->n++;
		}
	if (rank_seal(&g->in) < 0)
		return -ENOMEM;
	size = ((u64)g->n + 1) * sizeof(u32);
	g->cut = malloc(size);
	g->order = calloc(1, size);
	g->low = malloc(size);
	g->comp = calloc(1, size);
	g->stack = malloc(size);
	g->path = malloc(size);
	g->place = malloc(size);
	if (!g->cut || !g->order || !g->low || !g->comp || !g->stack || !g->path ||
	    !g->place)
		return -ENOMEM;
	for (u32 c = 0, i = 0; c < d->cut_count; c++)
		if (rank_has(&g->in, c))
			g->cut[i++] = c;
	return 0;
}

/* ---- what is alive ---- */

/* Reversed edges between delegations that are not alive: start[i] .. start[i + 1] of from[]
 * lean on node i. Fills `work` with those that lean on one that lives. */
static u32 first_work(struct graph *g, u32 *start, u32 *from, u32 *work)
{
	struct delegation *d = g->d;
	u32 count = 0;

	for (u32 pass = 0; pass < 2; pass++) {
		for (u32 i = 0; i < g->n; i++) {
			u32 cut = g->cut[i], at = first_server(d, cut), to;

			if (d->mark[cut] & CUT_ALIVE)
				continue;
			while ((to = next_edge(d, cut, &at)) != NONE)
				if (!(d->mark[to] & CUT_ALIVE) && rank_has(&g->in, to)) {
					u32 node = rank_of(&g->in, to);

					if (pass == 0)
						start[node]++;
					else
						from[--start[node]] = i;
				} else if (pass == 0 && d->mark[to] & CUT_ALIVE &&
					   g->order[i] == 0) {
					g->order[i] = 1;	/* in the list already */
					work[count++] = i;
				}
		}
		for (u32 i = 0; pass == 0 && i < g->n; i++)
			start[i + 1] += start[i];
	}
	return count;
}

static int spread_life(struct graph *g)
{
	u64 edges = 0;
	u32 *start = calloc((u64)g->n + 2, sizeof *start), *from, count;

	for (u32 i = 0; i < g->n; i++) {
		u32 n;

		delegation_servers(g->d, zone_cut(g->d->z, g->cut[i]), &n);
		edges += n;
	}
	from = malloc((edges + 1) * sizeof *from);
	if (start == NULL || from == NULL) {
		free(start);
		free(from);
		return -ENOMEM;
	}
	count = first_work(g, start, from, g->stack);
	while (count) {
		u32 node = g->stack[--count];

		g->d->mark[g->cut[node]] |= CUT_ALIVE;
		for (u32 i = start[node]; i < start[node + 1]; i++)
			if (g->order[from[i]] == 0) {
				g->order[from[i]] = 1;
				g->stack[count++] = from[i];
			}
	}
	memset(g->order, 0, g->n * sizeof *g->order);
	free(start);
	free(from);
	return 0;
}

/* ---- cycles ---- */

static void enter(struct graph *g, u32 node)
{
	g->order[node] = g->low[node] = ++g->next;
	g->stack[g->stack_len++] = node;
	g->place[g->path_len] = first_server(g->d, g->cut[node]);
	g->path[g->path_len++] = node;
}

/* The component that the node is the root of leaves the stack. */
static void leave(struct graph *g, u32 node)
{
	u32 top;

	if (g->low[node] == g->order[node]) {
		g->comps++;
		do {
			top = g->stack[--g->stack_len];
			g->comp[top] = g->comps;
		} while (top != node);
	}
	if (--g->path_len && g->low[g->path[g->path_len - 1]] > g->low[node])
		g->low[g->path[g->path_len - 1]] = g->low[node];
}

static void components_from(struct graph *g, u32 node)
{
	enter(g, node);
	while (g->path_len) {
		u32 here = g->path[g->path_len - 1], to, other;

		to = next_edge(g->d, g->cut[here], &g->place[g->path_len - 1]);
		if (to == NONE) {
			leave(g, here);
		} else if (rank_has(&g->in, to)) {
			other = rank_of(&g->in, to);
			if (g->order[other] == 0)
				enter(g, other);
			else if (g->comp[other] == 0 && g->order[other] < g->low[here])
				g->low[here] = g->order[other];
		}
	}
}

/* Breadth first inside a component, from its first node back to it: low[] holds the node
 * before (plus one), path[] the queue. The length of the cycle is returned; stack[] holds it. */
static u32 shortest_cycle(struct graph *g, u32 from)
{
	u32 head = 0, tail = 0, len = 0, last = from;
	bool found = false;

	g->path[tail++] = from;
	while (head < tail && !found) {
		u32 here = g->path[head++], at = first_server(g->d, g->cut[here]), to;

		while (!found && (to = next_edge(g->d, g->cut[here], &at)) != NONE) {
			u32 other = rank_has(&g->in, to) ? rank_of(&g->in, to) : NONE;

			if (other == NONE || g->comp[other] != g->comp[from])
				continue;
			if (other == from) {
				found = true;
				last = here;
			} else if (g->low[other] == 0) {
				g->low[other] = here + 1;
				g->path[tail++] = other;
			}
		}
	}
	for (u32 i = last; i != from; i = g->low[i] - 1)
		g->stack[len++] = i;
	g->stack[len++] = from;
	for (u32 i = 0; i < len / 2; i++) {
		u32 other = g->stack[i];

		g->stack[i] = g->stack[len - 1 - i];
		g->stack[len - 1 - i] = other;
	}
	return len;
}

/* Appends " -> x" to text as long as it fits. */
static void step(const struct delegation *d, char text[PATH], u32 cut)
{
	char name[ZONE_BRIEF];
	size_t n = strlen(text);

	zone_brief(d->z, zone_cut(d->z, cut), name);
	if (n + strlen(name) + 12 < PATH)
		snprintf(text + n, PATH - n, "%s%s", n ? " -> " : "", name);
	else if (n < 3 || strcmp(text + n - 3, "...") != 0)
		snprintf(text + n, PATH - n, " -> ...");
}

static void tell_cycle(struct graph *g, u32 node, u32 members)
{
	struct delegation *d = g->d;
	u32 cut = g->cut[node], len;
	bool dead = !(d->mark[cut] & CUT_ALIVE);
	char path[PATH] = "", name[NAME_TEXT_MAX];
	struct finding *f = audit_begin(d->a, ROW_CYCLE, zone_cut(d->z, cut),
		&d->records[first_server(d, cut)]);

	if (f == NULL)
		return;
	len = shortest_cycle(g, node);
	for (u32 i = 0; i < len && i < CHAIN_SHOWN; i++)
		step(d, path, g->cut[g->stack[i]]);
	if (len > CHAIN_SHOWN && strlen(path) + 8 < PATH)
		snprintf(path + strlen(path), PATH - strlen(path), " -> ...");
	step(d, path, cut);
	for (u32 i = 0; i < len && i < FINDING_RELATED_MAX; i++)
		finding_party(f, "delegation",
			      zone_text(d->z, zone_cut(d->z, g->cut[g->stack[i]]), name),
			      FINDING_RELATED_MAX - i, "in the cycle");
	f->severity = dead ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	finding_value(f, "delegations", members, "", "that lean on each other");
	finding_value(f, "cycle", len, "", "length of the shortest cycle through the "
		      "first");
	audit_end(d->a, f, dead
		  ? N_("Addresses of servers are looked for in a circle of %u without glue: %s (%u "
		       "delegations lean on each other). None of these delegations can be "
		       "resolved.")
		  : N_("Addresses of servers are looked for in a circle of %u without glue: %s (%u "
		       "delegations lean on each other). Other servers answer, but a resolver that "
		       "takes this way runs in circles."), len, path, members);
}

static int tell_cycles(struct graph *g)
{
	u32 *members;

	for (u32 i = 0; i < g->n; i++)
		if (g->order[i] == 0)
			components_from(g, i);
	if ((members = calloc((u64)g->comps + 1, sizeof *members)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < g->n; i++)
		members[g->comp[i]]++;
	memset(g->low, 0, g->n * sizeof *g->low);
	for (u32 i = 0; i < g->n; i++)
		if (members[g->comp[i]] > 1)
			g->d->mark[g->cut[i]] |= CUT_CYCLE;
	for (u32 i = 0; i < g->n; i++)
		if (members[g->comp[i]] > 1) {
			tell_cycle(g, i, members[g->comp[i]]);
			members[g->comp[i]] = 0;	/* once */
		}
	free(members);
	return 0;
}

/* ---- what hangs on what is broken ---- */

static const char *end_of(const struct delegation *d, u32 cut)
{
	u32 mark = delegation_marks(d, cut, zone_cut(d->z, cut));

	if (mark & CUT_CYCLE)
		return N_("whose servers are looked for in a circle");
	return mark & CUT_NO_GLUE ? N_("whose servers need glue that is missing") :
	       N_("none of whose servers can be found");
}

static void tell_chain(struct delegation *d, u32 cut)
{
	char path[PATH] = "", text[NAME_TEXT_MAX], name[ZONE_BRIEF], end[ZONE_BRIEF];
	const u32 owner = zone_cut(d->z, cut);
	u32 here = cut, steps = 0, to, at = first_server(d, cut);
	struct finding *f = audit_begin(d->a, ROW_DEPENDS, owner, &d->records[at]);

	if (f == NULL)
		return;
	for (;; here = to, steps++) {
		if (steps < CHAIN_SHOWN)
			step(d, path, here);
		at = first_server(d, here);
		to = next_edge(d, here, &at);
		if (to == NONE || (d->mark[here] & CUT_CYCLE && here != cut) ||
		    steps == CHAIN_MAX)
			break;
	}
	finding_value(f, "steps", steps, "", "delegations on the way, as far as it was "
		      "followed");
	finding_party(f, "cause", zone_text(d->z, zone_cut(d->z, here), text), 1,
		      end_of(d, here));
	zone_brief(d->z, owner, name);
	if (steps >= CHAIN_SHOWN)
		snprintf(path + strlen(path), sizeof path - strlen(path), " ...");
	if (steps == CHAIN_MAX)
		audit_end(d->a, f, "%s cannot be resolved: its servers lie in other delegations "
			  "(%s), and at the end no working one was reached.", name, path);
	else
		audit_end(d->a, f, "%s cannot be resolved: its servers lie in other delegations "
			  "(%s), and at the end is %s, %s.", name, path,
			  zone_brief(d->z, zone_cut(d->z, here), end), end_of(d, here));
}

int delegation_graph(struct delegation *d)
{
	struct graph g;
	int rc;

	mark_targets(d);
	if ((rc = graph_open(&g, d)) < 0 || g.n == 0)
		goto out;
	if ((rc = spread_life(&g)) < 0 || (rc = tell_cycles(&g)) < 0)
		goto out;
	for (u32 i = 0; i < g.n; i++)
		if (!(d->mark[g.cut[i]] & (CUT_ALIVE | CUT_CYCLE)))
			tell_chain(d, g.cut[i]);
out:
	graph_close(&g);
	return rc;
}
