/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_run.c - what the detectors say of a case, held against its wishes: see case.h. */
#include "case.h"
#include "english_left.h"
#include "run/judged.h"
#include "run/verdicts.h"

#define MEMORY (64ull << 20)

/* --- minutes and days, as run/closing.c closes them ---------------------- */

struct course {
	struct replay_case *c;
	struct window *minute, *day;
	struct verdicts verdicts;
};

static void look(struct course *k, const struct window *w, bool day)
{
	for (unsigned i = 0; detectors[i]; i++) {
		struct look l = { .w = w, .day = day,
			.conf = opts_conf(&k->c->judge.opts, detectors[i]->opts) };

		k->verdicts.look = &l;
		k->verdicts.detector = detectors[i];
		detectors[i]->look(&l, verdicts_say, &k->verdicts);
	}
}

static void end_day(struct course *k)
{
	if (k->day->until_ns)
		look(k, k->day, true);
	window_clear(k->day);
}

static void end_minute(struct course *k)
{
	if (k->minute->until_ns == 0)
		return;
	window_close(k->minute);
	look(k, k->minute, false);
	if (k->day->until_ns && k->day->from_ns / DAY_NS != k->minute->from_ns / DAY_NS)
		end_day(k);
	window_merge(k->day, k->minute);
	window_clear(k->minute);
}

static void go_to(struct course *k, u64 time_ns)
{
	u64 from = time_ns / MINUTE_NS * MINUTE_NS;

	if (k->minute->until_ns && k->minute->from_ns == from)
		return;
	end_minute(k);
	k->minute->from_ns = from;
	k->minute->until_ns = from + MINUTE_NS;
}

/* Messages and losses by time. */
static void fold_all(struct course *k)
{
	const struct traffic *t = &k->c->traffic;
	static struct observation o;
	u32 lost = 0;

	for (u32 i = 0; i < t->count; i++) {
		for (; lost < t->loss_count &&
		       t->losses[lost].time_ns < t->letters[i].p.time_ns;
		     lost++) {
			go_to(k, t->losses[lost].time_ns);
			window_fold_fragments(k->minute, &t->losses[lost]);
		}
		must(traffic_read(t, i, &o));
		go_to(k, o.time_ns);
		window_fold(k->minute, &o, 1);
		k->minute->frames++;
	}
	for (; lost < t->loss_count; lost++) {
		go_to(k, t->losses[lost].time_ns);
		window_fold_fragments(k->minute, &t->losses[lost]);
	}
	end_minute(k);
	end_day(k);
}

/* --- wishes -------------------------------------------------------------- */

static bool is_rule(const struct finding *f, const char *rule)
{
	size_t n = strlen(rule);

	return strcmp(rule, "any") == 0 || strcmp(f->rule, rule) == 0 ||
	       (strncmp(f->rule, rule, n) == 0 && f->rule[n] == '.');
}

static bool compares(double value, const char *sign, double with)
{
	return *sign == '>'   ? value >= with
	       : *sign == '<' ? value <= with
			      : value == with;
}

/* "bound_out>=1000", "severity<=low", "confidence=95", "client=192.0.2.7". -1: no such
 * thing. */
static int holds(const struct finding *f, const char *word)
{
	char name[40], sign[3], value[200];
	double with;

	if (sscanf(word, "%39[a-z_]%2[<>=]%199s", name, sign, value) != 3)
		return -1;
	if (strcmp(name, "severity") == 0)
		return severity_parse(value) < 0 ? -1
			: compares(f->severity, sign, severity_parse(value));
	if (strcmp(name, "confidence") == 0)
		return compares((double)f->confidence, sign, strtod(value, NULL));
	with = strtod(value, NULL);
	for (u32 i = 0; i < f->feature_count; i++)
		if (strcmp(f->features[i].name, name) == 0)
			return compares(f->features[i].value, sign, with);
	for (u32 i = 0; i < f->related_count; i++)
		if (strcmp(f->related[i].role, name) == 0 &&
		    strcmp(f->related[i].name, value) == 0)
			return true;
	return false;
}

/* Whether a finding is what the wish speaks of. */
static bool fits(const struct wish *w, const struct finding *f)
{
	char text[sizeof w->text], *save, *word;

	snprintf(text, sizeof text, "%s", w->text);
	word = strtok_r(text, " ", &save);
	if (!is_rule(f, word))
		return false;
	while ((word = strtok_r(NULL, " ", &save))) {
		if (strpbrk(word, "<>=") ? holds(f, word) != 1 : strcmp(word, f->subject))
			return false;
	}
	return true;
}

static size_t tell_said(const struct verdicts *v, char *to, size_t room)
{
	size_t used = 0;

	for (u32 i = 0; i < v->count && used < room; i++)
		used += (size_t)snprintf(to + used, room - used, "%s%s %s (%s)",
					 i ? "; " : "", v->at[i].f->rule,
					 v->at[i].f->subject,
					 severity_name(v->at[i].f->severity));
	return used;
}

static bool check(struct replay_case *c, const struct verdicts *v, const struct wish *w)
{
	const struct finding *met = NULL;
	char said[300] = "nothing";

	for (u32 i = 0; i < v->count && met == NULL; i++)
		if (fits(w, v->at[i].f))
			met = v->at[i].f;
	if ((met != NULL) == w->wanted)
		return true;
	c->line = w->line;
	tell_said(v, said, sizeof said);
	return case_fail(c, "%s finding %s; said was: %.300s",
			 w->wanted ? "there is no" : "there is a", w->text, said);
}

/* Whatever is said can be judged again from what it carries, to the same verdict. */
static bool judge_again(struct replay_case *c, const struct verdicts *v)
{
	static struct finding again;
	char why[OPT_WHY] = "";
	struct judged j;
	bool good = true;

	for (u32 i = 0; i < v->count && good; i++) {
		const struct finding *f = v->at[i].f;

		good = judged_open(&j, f, why) == 0;
		if (good && !judged_again(&j, j.w, f, &again)) {
			snprintf(why, sizeof why, "nothing is said");
			good = false;
		}
		finding_said_whole(f);
		if (good)
			good = !judged_differs(f, &again, why) &&
			       !judged_misquotes(f, &again, why);
		judged_close(&j);
		if (!good)
			case_fail(c, "judged again, %s %s differs: %s", f->rule,
				  f->subject, why);
	}
	return good;
}

bool case_run(struct replay_case *c)
{
	struct course k = {
		.c = c, .minute = traffic_window(MEMORY), .day = traffic_window(MEMORY)};
	bool good = true;

	traffic_sort(&c->traffic);
	fold_all(&k);
	verdicts_finish(&k.verdicts);
	if (getenv("CASE_SHOW"))
		for (u32 i = 0; i < k.verdicts.count; i++) {
			const struct finding *f = k.verdicts.at[i].f;

			printf("  %s %s %s: %s\n", f->rule, f->subject,
			       severity_name(f->severity), f->sentence);
			for (u32 j = 0; j < f->feature_count; j++)
				printf("      %s %g (%g)\n", f->features[j].name,
				       f->features[j].value, f->features[j].threshold);
		}
	for (unsigned i = 0; i < c->wish_count && good; i++)
		good = check(c, &k.verdicts, &c->wishes[i]);
	good = good && judge_again(c, &k.verdicts);
	verdicts_free(&k.verdicts);
	window_free(k.minute);
	window_free(k.day);
	return good;
}
