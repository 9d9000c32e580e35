/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_rows.h - options of every type, for the tests and the fuzz target of opt. */
#pragma once
#include "base/opt.h"

struct rows_main {
	bool json, color;
	u64 jobs, memory, window, least;
	double share;
	const char *db, *note, *config;
	int level;
	struct opt_ports ports;
};
#define AT(f) offsetof(struct rows_main, f)
static const char *const rows_levels[] = { "info", "low", "medium", "high", NULL };
static const struct opt rows_main[] = {
	{ "json", 'j', OPT_FLAG, AT(json), .help = "write JSON Lines" },
	{ "color", 0, OPT_FLAG, AT(color), "true", .help = "colour the table" },
	{ "jobs", 'n', OPT_COUNT, AT(jobs), "1", 1, 64, .help = "workers" },
	{ "memory", 'm', OPT_SIZE, AT(memory), "512M", 1 << 20, (u64)64 << 30,
	  .help = "memory for the tables of open windows" },
	{ "window", 0, OPT_SPAN, AT(window), "60s", 1000000000, 86400000000000,
	  .help = "length of one window" },
	{ "least", 0, OPT_COUNT, AT(least), NULL, 5, 0, .help = "no default, 5 or more" },
	{ "share", 0, OPT_RATIO, AT(share), "0.5", 0, 1000, .help = "part of the queries" },
	{ "db", 'd', OPT_TEXT, AT(db), "vedette.db", .arg = "FILE", .help = "the store" },
	{ "note", 0, OPT_TEXT, AT(note), .was = "remark", .help = "kept with each finding" },
	{ "level", 'l', OPT_CHOICE, AT(level), "medium", .choices = rows_levels,
	  .help = "least severity shown" },
	{ "ports", 0, OPT_PORTS, AT(ports), "53", .help = "ports of the DNS" },
	{ "config", 'c', OPT_TEXT, AT(config), .arg = "FILE", .cli_only = true,
	  .help = "YAML file of options" },
	{ .name = NULL }
};
#undef AT

struct rows_tunnel {
	u64 min_bytes;
	const char *skip;
	struct opt_ports ports;
};
#define AT(f) offsetof(struct rows_tunnel, f)
static const struct opt rows_tunnel[] = {
	{ "min-bytes", 0, OPT_SIZE, AT(min_bytes), "4k", 1024, (u64)1 << 40,
	  .help = "least octets that a client moved" },
	{ "skip", 0, OPT_TEXT, AT(skip), .help = "names left out" },
	{ "ports", 0, OPT_PORTS, AT(ports), .help = "only these" },
	{ .name = NULL }
};
#undef AT

struct rows_set {
	struct rows_main main;
	struct rows_tunnel tunnel;
	struct opt_group groups[2];
	struct opts o;
	char why[OPT_WHY];
};

static inline int rows_open(struct rows_set *s)
{
	memset(s, 0xa5, sizeof *s);	/* nothing may rest on zeroed values */
	s->groups[0] = (struct opt_group){ "", "General", rows_main, &s->main };
	s->groups[1] = (struct opt_group){ "tunnel", "Tunnels", rows_tunnel, &s->tunnel };
	return opts_init(&s->o, s->groups, 2);
}

static inline bool rows_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static inline bool rows_same_ports(const struct opt_ports *a, const struct opt_ports *b)
{
	return a->count == b->count && memcmp(a->at, b->at, a->count * sizeof a->at[0]) == 0;
}

/* The same values, --config apart. */
static inline bool rows_same(const struct rows_set *s, const struct rows_set *t)
{
	const struct rows_main *a = &s->main, *b = &t->main;

	return a->json == b->json && a->color == b->color && a->jobs == b->jobs &&
	       a->memory == b->memory && a->window == b->window && a->least == b->least &&
	       a->share == b->share && rows_same_text(a->db, b->db) &&
	       rows_same_text(a->note, b->note) && a->level == b->level &&
	       rows_same_ports(&a->ports, &b->ports) &&
	       s->tunnel.min_bytes == t->tunnel.min_bytes &&
	       rows_same_text(s->tunnel.skip, t->tunnel.skip) &&
	       rows_same_ports(&s->tunnel.ports, &t->tunnel.ports);
}
