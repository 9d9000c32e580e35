/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_world.c - see sieve_world.h. Values are from few, so that much is equal. */
#include "sieve_world.h"
#include "store/read.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define lot world_lot

static const char *const rules[] = { "tunnel.data", "tunnel.out", "dga.client", "zone.soa" };
static const char *const kinds[] = { "domain", "client", "server", "zone" };

static void words_of(struct world *w, struct finding *f)
{
	switch (lot(w, 3)) {
	case 0:	/* one that is translated */
		snprintf(f->sentence, sizeof f->sentence, "%s asked for %llu registered domains "
			 "that do not exist; %llu %% of them look made by a machine (7.7 bits "
			 "each).", f->subject, (unsigned long long)lot(w, 500),
			 (unsigned long long)lot(w, 100));
		break;
	case 1:
		snprintf(f->sentence, sizeof f->sentence, "\"%s\" was seen %llu times, by Party-"
			 "%llu.example, localhost%llu and (others)", f->subject,
			 (unsigned long long)lot(w, 20), (unsigned long long)lot(w, 5),
			 (unsigned long long)lot(w, 3));
		break;
	default:
		snprintf(f->sentence, sizeof f->sentence, "Something odd:  %s", f->zone);
	}
}

/* From few values, so that much is equal. The same n gives the same id. */
static void make(struct world *w, struct finding *f, u64 n)
{
	static const char *const labels[] = { "TLP:GREEN", "TLP:AMBER PAP:RED",
		"TLP:GREEN PAP:CLEAR", "TLP:AMBER", "TLP:RED", "TLP:CLEAR",
		"" };
	u64 same = n;

	memset(f, 0, offsetof(struct finding, features));
	f->feature_count = f->related_count = f->evidence_count = 0;
	f->rule_version = 1;
	snprintf(f->rule, sizeof f->rule, "%s", rules[draw_below(&same, COUNT(rules))]);
	snprintf(f->subject_kind, sizeof f->subject_kind, "%s",
		 kinds[draw_below(&same, COUNT(kinds))]);
	snprintf(f->subject, sizeof f->subject, draw(&same) & 1 ? "N%llu.Example" : "192.0.2.%llu",
		 (unsigned long long)draw_below(&same, 12));
	if (draw_below(&same, 3) == 0)
		snprintf(f->zone, sizeof f->zone, "zone%llu",
			 (unsigned long long)draw_below(&same, 3));
	f->until = 1790000000ull * 1000000000 + draw_below(&same, 40) * 60000000000ull;
	f->from = f->until - 60000000000ull;
	snprintf(f->label, sizeof f->label, "%s", labels[lot(w, COUNT(labels))]);
	f->severity = (enum severity)lot(w, SEVERITY_COUNT);
	f->confidence = lot(w, 4) * 30;
	f->frames = 1 + lot(w, 5);
	words_of(w, f);
	for (u64 i = lot(w, 3); i > 0; i--)
		finding_party(f, "client", lot(w, 2) ? "Party-1.example" : "198.51.100.7", i, "");
	finding_identify(f);
}

static void do_finding(struct world *w)
{
	const bool known = w->findings && lot(w, 3) == 0;
	u64 n = known ? lot(w, w->findings) : w->findings;

	if (w->findings == WORLD_MOST - 1)
		return;
	make(w, w->room, n);
	assert_true(store_add_finding(w->store, w->room) >= 0);
	assert_int_equal(store_commit(w->store), 0);
	memcpy(w->ids[n], w->room->id, FINDING_ID_MAX);
	w->findings += !known;
}

static void do_run(struct world *w)
{
	const struct run_report report = { .from = 1, .until = 2 };

	if (w->runs == WORLD_RUNS || lot(w, 3))
		return;
	if (lot(w, 4))
		assert_int_equal(store_end_run(w->store, 9, &report), 0);
	place_begin(w->store);
	w->runs++;
}

/* A change of the desk that may be refused: then nothing happened. */
static void attempt(struct world *w, int rc)
{
	desk_end(w->place->desk, rc);
}

static bool pick(struct world *w, struct member *m)
{
	if (w->findings == 0 || store_finding(w->store, w->ids[lot(w, w->findings)], w->room))
		return false;
	member_of_finding(m, w->room);
	m->reason = "a lot";
	return true;
}

static void do_open(struct world *w)
{
	const struct incident is = { .title = "one", .family = "tunnel", .subject = "x",
		.reason = "a lot", .owner = "", .clocks = "" };
	struct member m;
	const struct case_new c = { .incident = &is, .members = &m, .member_count = 1 };
	u64 number;

	if (!pick(w, &m))
		return;
	assert_int_equal(desk_begin(w->place->desk), 0);
	if (desk_end(w->place->desk, case_open(w->place->desk, &c, &number)) == 0)
		w->incidents = number;
}

static struct case_ref any(struct world *w)
{
	return (struct case_ref){ 1 + lot(w, w->incidents), 0 };
}

static void do_member(struct world *w)
{
	struct desk *d = w->place->desk;
	struct member m;
	u64 home = 0;

	if (w->incidents == 0 || !pick(w, &m))
		return;
	assert_int_equal(case_of(d, MEMBER_FINDING, m.id, &home), 0);
	assert_int_equal(desk_begin(d), 0);
	if (home == 0)
		attempt(w, case_add(d, any(w), &m, 1, false));
	else if (lot(w, 2))
		attempt(w, case_remove(d, (struct case_ref){ home, 0 }, MEMBER_FINDING, m.id, "x"));
	else
		attempt(w, case_mark(d, (struct case_ref){ home, 0 }, MEMBER_FINDING, m.id,
			(struct marking){ (u8)lot(w, LABEL_COUNT), (u8)lot(w, PAP_COUNT) }));
}

static void do_incident(struct world *w)
{
	struct desk *d = w->place->desk;

	if (w->incidents == 0)
		return;
	assert_int_equal(desk_begin(d), 0);
	switch (lot(w, 4)) {
	case 0:
		attempt(w, case_merge(d, any(w), 1 + lot(w, w->incidents), "the same"));
		break;
	case 1:
		attempt(w, case_label(d, any(w), (struct marking){ (u8)lot(w, LABEL_COUNT),
			(u8)lot(w, PAP_COUNT) }, "a lot"));
		break;
	default:
		attempt(w, case_state(d, any(w), (enum incident_state)lot(w,
			INCIDENT_STATE_COUNT), "a lot"));
	}
}

static void (*const deeds[])(struct world *) = { do_finding, do_finding, do_finding, do_finding,
	do_run, do_open, do_member, do_member, do_incident };

void world_go_on(struct world *w)
{
	deeds[lot(w, COUNT(deeds))](w);
}
