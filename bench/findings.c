/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.c - makes a store as a house has it after some months: for bench/api.
 *
 *   findings FILE FINDINGS INCIDENTS    prints "full TOKEN" and "green TOKEN"
 *   findings FILE write SECONDS         adds 50 findings and changes an incident each second,
 *                                       prints how many and the slowest commit in ms
 *
 * Rules are those of the catalogue, most findings of a few of them; subjects are names under
 * FINDINGS/8 domains, some with many findings, and addresses; windows end in the last 90
 * days; three of four are TLP:AMBER, some RED; beside each lies a summary of 1.5 kB, as
 * detectors leave them. Ten findings are in each incident. Two users come with a token each:
 * one who may see everything and one cleared for TLP:GREEN; and a crowd that listens. All of
 * it is made, from one seed. */
#include "made.h"
#include "respond/case.h"
#include "respond/user.h"
#include "respond/catalogue.h"

#define MEMBERS 10u
#define EARS 8u
#define EARS_EACH 4u	/* tokens */

struct maker {
	u64 seed, now, count;
	const struct catalogue_row *const *rules;
	unsigned rule_count;
};

static u64 draw(struct maker *m, u64 below)
{
	m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
	return (m->seed >> 33) % below;
}

/* Small numbers more often than large ones. */
static u64 few(struct maker *m, u64 below)
{
	u64 a = draw(m, below), b = draw(m, below);

	return a < b ? a * a / below : b;
}

static void subject(struct maker *m, struct finding *f)
{
	static const char *const words[] = { "bank", "mail", "shop", "news", "cloud", "update",
		"login", "static", "video", "city", "river", "stone" };
	u64 n = few(m, m->count / 8 + 1);

	if (draw(m, 8) == 0) {
		snprintf(f->subject_kind, sizeof f->subject_kind, "client");
		snprintf(f->subject, sizeof f->subject, "2001:db8:%llx::%llx",
			 (unsigned long long)(n & 0xffff), (unsigned long long)(n >> 16));
		return;
	}
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	snprintf(f->subject, sizeof f->subject, "%s-%s%llu.%s", words[n % COUNT(words)],
		 words[n / 7 % COUNT(words)], (unsigned long long)n,
		 n % 3 ? "example" : "example.net");
}

static void make(void *to, struct finding *f, u64 n)
{
	static const char *const labels[] = { "TLP:AMBER", "TLP:AMBER", "TLP:AMBER", "TLP:GREEN",
		"TLP:AMBER", "TLP:AMBER", "TLP:CLEAR", "TLP:RED" };
	struct maker *m = to;
	const struct catalogue_row *r = m->rules[few(m, m->rule_count)];
	struct related who = { .role = "client", .amount = 2, .note = "asked most" };

	memset(f, 0, offsetof(struct finding, features));
	snprintf(f->rule, sizeof f->rule, "%s", r->id);
	f->rule_version = 1;
	subject(m, f);
	f->until = m->now - few(m, 90 * 86400) * S - n % S;
	f->from = f->until - 60 * S;
	f->severity = (enum severity)((r->severity + draw(m, 2)) % SEVERITY_COUNT);
	f->confidence = draw(m, 101);
	snprintf(f->label, sizeof f->label, "%s", labels[draw(m, COUNT(labels))]);
	snprintf(f->sentence, sizeof f->sentence, "%s: something was seen at %.300s that its rule "
		 "speaks of, with %llu measured.", r->title, f->subject, (unsigned long long)n);
	f->frames = 100000 + n % 1000;
	finding_feature(f, &(struct feature){ .name = "measured", .unit = "names",
			.help = "how many", .value = (double)n, .threshold = 10,
			.rule = FEATURE_AT_LEAST });
	f->summary.len = 400 + (u32)(n * 7919 % 2200);
	memset(f->summary.bytes, (int)(n & 0xff), f->summary.len);
	snprintf(who.name, sizeof who.name, "192.0.2.%llu", (unsigned long long)draw(m, 256));
	finding_related(f, &who);
	finding_identify(f);
}

static void open_one(struct desk *d, const struct member *members, u64 n)
{
	const struct incident is = { .title = members[0].subject, .family = members[0].rule,
		.subject = members[0].subject, .reason = "made together", .owner = n % 4 ? "ana"
		: "", .subject_kind = members[0].subject_kind };
	const struct case_new c = { .incident = &is, .members = members, .member_count = MEMBERS,
		.fresh = true, .bulk = true };
	u64 number;

	made_check(case_open(d, &c, &number), desk_error(d));
}

/* The first findings again: the maker has begun anew. */
static void gather(struct maker *m, struct desk *d, u64 incidents)
{
	struct finding *f = calloc(MEMBERS, sizeof *f);
	struct member members[MEMBERS];

	made_check(desk_begin(d), desk_error(d));
	for (u64 n = 0; n < incidents * MEMBERS; n++) {
		make(m, &f[n % MEMBERS], n);
		member_of_finding(&members[n % MEMBERS], &f[n % MEMBERS]);
		members[n % MEMBERS].reason = "made";
		if (n % MEMBERS == MEMBERS - 1)
			open_one(d, members, n / MEMBERS);
	}
	made_check(desk_end(d, 0), desk_error(d));
	free(f);
}

static void person(struct desk *d, const char *login, struct marking m, u64 now)
{
	const struct user u = { .login = login, .name = login, .role = ROLE_ADMIN, .email = "",
		.language = "en", .timezone = "", .tlp = m.tlp, .pap = m.pap };
	const struct token t = { .login = login, .name = "bench", .role = ROLE_ADMIN,
		.expires = now + 30ull * 86400 * S };
	char made[64];

	made_check(user_add(d, &u, "a password that is long", made), desk_error(d));
	made_check(token_add(d, &t, made), desk_error(d));
	printf("%s %s\n", login, made);
}

/* Those who listen: one token may have 16 listeners, one user 64. */
static void crowd(struct desk *d, u64 now)
{
	char login[16], made[64];

	for (unsigned n = 0; n < EARS; n++) {
		const struct token t = { .login = login, .name = "bench", .role = ROLE_VIEWER,
			.expires = now + 30ull * 86400 * S };

		snprintf(login, sizeof login, "ear%u", n);
		person(d, login, MARKING_STRICTEST, now);
		for (unsigned k = 1; k < EARS_EACH; k++) {
			made_check(token_add(d, &t, made), desk_error(d));
			printf("%s.%u %s\n", login, k, made);
		}
	}
}

static double seconds(void)
{
	return (double)made_now(NULL) / 1e9;
}

/* Somebody works on incidents. */
static void change(struct desk *d, u64 n)
{
	const struct case_ref r = { 1 + n * 37 % 1000, 0 };
	int rc = desk_begin(d);

	if (rc == 0)
		rc = desk_end(d, n % 2 ? case_note(d, r, "looked at it", NULL)
			      : case_assign(d, r, n % 4 ? "full" : "green"));
	made_check(rc, desk_error(d));
}

/* Ten times a second five findings; they come one run after the other, as from a sensor. */
static void write_on(struct maker *m, struct desk *d, double length)
{
	const struct store_run run = { .started = m->now, .version = "", .arguments = "live" };
	struct finding *f = calloc(1, sizeof *f);
	double begin = seconds(), slowest = 0, from;
	u64 tick = 0;

	made_check(store_begin_run(desk_store(d), &run), desk_error(d));
	for (; seconds() - begin < length; tick++) {
		const double wait = begin + (double)tick / 10 - seconds();

		if (wait > 0)
			nanosleep(&(struct timespec){ 0, (long)(wait * 1e9) }, NULL);
		m->now = made_now(NULL);
		from = seconds();
		for (u64 n = 0; n < 5; n++) {
			make(m, f, m->now / 1000 + n);
			made_check(store_add_finding(desk_store(d), f), desk_error(d));
		}
		made_check(store_commit(desk_store(d)), desk_error(d));
		if (tick % 10 == 5)
			change(d, tick / 10);
		slowest = seconds() - from > slowest ? seconds() - from : slowest;
	}
	printf("%llu findings, %llu changes, slowest %.1f ms\n", (unsigned long long)tick * 5,
	       (unsigned long long)(tick + 4) / 10, slowest * 1e3);
	free(f);
}

int main(int argc, char **argv)
{
	const struct desk_setup setup = { .path = argv[1], .author = "bench", .now = made_now };
	struct maker m = { .seed = 1, .now = made_now(NULL) };
	struct desk *d = NULL;
	char why[DESK_WHY];

	if (argc != 4)
		return 2;
	m.rules = catalogue_all(&m.rule_count);
	if (strcmp(argv[2], "write") == 0) {
		m.seed = m.now;
		m.count = 1000000;
		made_check(desk_open(&d, &setup, why), why);
		write_on(&m, d, strtod(argv[3], NULL));
		desk_close(d);
		return 0;
	}
	m.count = strtoull(argv[2], NULL, 10);
	made_store(argv[1], m.count, m.now, make, &m);
	made_check(desk_open(&d, &setup, why), why);
	m.seed = 1;
	gather(&m, d, strtoull(argv[3], NULL, 10));
	person(d, "full", MARKING_STRICTEST, m.now);
	person(d, "green", (struct marking){ LABEL_GREEN, PAP_GREEN }, m.now);
	crowd(d, m.now);
	desk_close(d);
	return 0;
}
