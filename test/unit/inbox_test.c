/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_test.c - reports from outside: what is the same, what speaks for and against one,
 * what becomes of many, and that all of it can be taken back and follows from the log. */
#include "store_place.h"
#include "respond/case.h"
#include "respond/inbox_own.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

#define DAY (86400 * STAMP_NS)

struct room {
	struct place *place;
	struct desk *desk;
	struct inbox *inbox;
	struct inbox_setup setup;
	char list[120];
	u64 now;
};

static u64 tick(void *world)
{
	struct room *r = world;

	return r->now += STAMP_NS;
}

static void open_inbox(struct room *r)
{
	char why[DESK_WHY] = "";

	inbox_close(r->inbox);
	r->inbox = NULL;
	if (inbox_open(&r->inbox, r->desk, &r->setup, why))
		fail_msg("%s", why);
}

static int up(void **state)
{
	struct room *r = calloc(1, sizeof *r);
	struct desk_setup setup = { .author = "ana", .now = tick, .world = r };
	char why[DESK_WHY];
	FILE *f;

	if (place_up((void **)&r->place))
		return -1;
	r->now = 1790000000 * STAMP_NS;
	setup.path = r->place->path;
	if (desk_open(&r->desk, &setup, why))
		fail_msg("%s", why);
	snprintf(r->list, sizeof r->list, "%s/popular", r->place->folder);
	f = fopen(r->list, "w");
	fputs("1,Popular.com\r\n2,other.org\n", f);
	fclose(f);
	r->setup = (struct inbox_setup){ .window_ns = 7 * DAY, .old_ns = 30 * DAY,
		.floor = { LABEL_AMBER, PAP_GREEN }, .popular = r->list };
	open_inbox(r);
	*state = r;
	return 0;
}

static int down(void **state)
{
	struct room *r = *state;

	unlink(r->list);
	inbox_close(r->inbox);
	desk_close(r->desk);
	place_down((void **)&r->place);
	free(r);
	return 0;
}

static struct inbox_told take(struct room *r, const struct item *i, bool headers)
{
	const struct inbox_letter l = { .item = i, .format = "xarf", .original = "",
		.headers = headers, .is_marked = i->tlp != LABEL_CLEAR };
	struct inbox_told told = { 0 };

	assert_int_equal(desk_begin(r->desk), 0);
	if (desk_end(r->desk, inbox_take(r->inbox, &l, &told)))
		fail_msg("%s", desk_error(r->desk));
	return told;
}

static struct item reported(const char *subject, enum abuse abuse, const char *source)
{
	return (struct item){ .kind = ITEM_REPORT, .subject = subject, .abuse = abuse,
		.source = source, .title = "abuse" };
}

static struct report *now_is(struct room *r, u64 number)
{
	const struct report key = { .number = number };
	void *copy = NULL;

	assert_int_equal(desk_find(r->desk, DESK_report, &key, &copy), 1);
	return copy;
}

static void expect(struct room *r, u64 number, enum report_state state, u64 same, u64 copies)
{
	struct report *is = now_is(r, number);

	assert_int_equal(is->state, state);
	assert_int_equal(is->same, same);
	assert_int_equal(is->copies, copies);
	free(is);
}

/* All reports as text, to compare. */
static int dump(void *to, const void *record)
{
	json_t *body = desk_body(DESK_report, record);
	char *text = json_dumps(body, JSON_COMPACT);

	buf_text(to, text);
	buf_byte(to, '\n');
	free(text);
	json_decref(body);
	return 0;
}

static void same_when_rebuilt(struct room *r)
{
	const struct store_query q = { .table = DESK_report, .order = "number" };
	struct buf before = { 0 }, after = { 0 };

	assert_int_equal(store_each(desk_store(r->desk), &q, dump, &before), 0);
	if (desk_rebuild(r->desk))
		fail_msg("%s", desk_error(r->desk));
	assert_int_equal(store_each(desk_store(r->desk), &q, dump, &after), 0);
	assert_string_equal(buf_str(&before), buf_str(&after));
	buf_free(&before);
	buf_free(&after);
}

/* ---- subjects ---- */

static void subjects(void **state)
{
	static const struct { const char *from, *to; enum subject_kind kind; } pairs[] = {
		{ "hxxps://Example[.]com:443/a%7eb#top", "https://example.com/a~b", SUBJECT_URL },
		{ "http://example.com:80", "http://example.com/", SUBJECT_URL },
		{ "http://example.com:8080/%2f%c3%a9?q=%41#x",
		  "http://example.com:8080/%2F%C3%A9?q=A", SUBJECT_URL },
		{ "https://example.com?x=1", "https://example.com/?x=1", SUBJECT_URL },
		{ "https://example.com/%4", "https://example.com/%4", SUBJECT_URL },
		{ "Example.COM.", "example.com", SUBJECT_DOMAIN },
		{ "192.0.2[.]1", "192.0.2.1", SUBJECT_ADDRESS },
		{ "abuse[at]Example.com", "abuse@example.com", SUBJECT_EMAIL },
		{ "", "", SUBJECT_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		enum subject_kind kind = SUBJECT_OTHER;
		struct buf to = { 0 };

		inbox_subject(&to, pairs[i].from, &kind);
		assert_string_equal(buf_str(&to), pairs[i].to);
		assert_int_equal(kind, pairs[i].kind);
		buf_clear(&to);	/* once normalised it stays so */
		inbox_subject(&to, pairs[i].to, &kind);
		assert_string_equal(buf_str(&to), pairs[i].to);
		buf_free(&to);
	}
}

/* ---- the same again ---- */

static void duplicates(void **state)
{
	struct room *r = *state;
	struct item url = reported("hxxp://Bad.example.net/login", ABUSE_PHISHING,
				   "a@x.example");
	struct item again = reported("http://bad.example.net:80/login#1", ABUSE_MALWARE,
				     "b@x.example");
	struct item name = reported("bad.example.net", ABUSE_PHISHING, "a@x.example");
	struct item spam = reported("bad.example.net", ABUSE_SPAM, "a@x.example");
	struct item vague = reported("BAD.example.net.", ABUSE_NONE, "c@x.example");

	assert_int_equal(take(r, &url, false).same, 0);		/* 1 */
	assert_int_equal(take(r, &again, false).same, 1);	/* 2: the same URL */
	/* 3: the site is more than a page */
	assert_int_equal(take(r, &name, false).same, 0);
	assert_int_equal(take(r, &spam, false).same, 0);	/* 4: other abuse */
	assert_int_equal(take(r, &vague, false).same, 3);	/* 5: says nothing of abuse */
	assert_int_equal(take(r, &name, false).same, 3);	/* 6: word for word */
	assert_int_equal(take(r, &vague, false).same, 3);	/* 7: word for word a duplicate */
	expect(r, 1, REPORT_NEW, 0, 1);
	expect(r, 3, REPORT_NEW, 0, 3);
	expect(r, 5, REPORT_DUPLICATE, 3, 0);
	r->now += 8 * DAY;
	assert_int_equal(take(r, &again, false).same, 1);	/* word for word, at any time */
	again.title = "once more";
	assert_int_equal(take(r, &again, false).same, 0);	/* the window is over */
	same_when_rebuilt(r);
}

static void nothing_said(void **state)
{
	struct room *r = *state;
	struct item a = reported("", ABUSE_NONE, ""), b = reported(NULL, ABUSE_SPAM, NULL);
	struct report *is;

	a.text = "something is wrong";
	assert_int_equal(take(r, &a, false).same, 0);
	assert_int_equal(take(r, &b, false).same, 0);	/* no subject is not the same subject */
	b.references = "https://site.example.net/x\nhttps://other.example.net/";
	take(r, &b, false);
	is = now_is(r, 3);
	assert_string_equal(is->subject, "https://site.example.net/x");
	assert_int_equal(is->subject_kind, SUBJECT_URL);
	assert_int_equal(is->tlp, LABEL_AMBER);
	free(is);
}

/* ---- facts ---- */

static void reason(struct room *r, u64 number, const char *begins, bool is_there)
{
	struct report *is = now_is(r, number);
	bool found = strncmp(is->reasons, begins, strlen(begins)) == 0;

	for (const char *p = is->reasons; (p = strchr(p, '\n')); )
		found |= strncmp(++p, begins, strlen(begins)) == 0;
	if (found != is_there)
		fail_msg("'%s' is %sin:\n%s", begins, is_there ? "not " : "", is->reasons);
	free(is);
}

/* The weight is the start and what the lines say. */
static int sum_is_weight(void *to, const void *record)
{
	const struct report *is = record;
	long sum = INBOX_START;

	(void)to;
	for (const char *p = is->reasons; *p; p += strcspn(p, "\n"), p += *p == '\n')
		sum += strtol(p, NULL, 10);
	sum = sum < 0 ? 0 : sum > 100 ? 100 : sum;
	if (is->state != REPORT_DUPLICATE)
		assert_int_equal(is->weight, sum);
	return 0;
}

static void facts(void **state)
{
	struct room *r = *state;
	const struct store_query all = { .table = DESK_report };
	struct item bare = reported("site.popular.com", ABUSE_NONE, "a@x");
	struct item good = reported("https://bad.example.net/", ABUSE_PHISHING, "a@x");
	struct item none = reported("host.nosuchsuffix", ABUSE_SPAM, "a@x");
	struct item suffix = reported("co.uk", ABUSE_SPAM, "a@x");
	struct item local = reported("http://10.1.2.3/x", ABUSE_MALWARE, "a@x");
	struct item six = reported("fe80::1", ABUSE_MALWARE, "a@x");

	good.first_seen = r->now - DAY;
	local.first_seen = r->now - 90 * DAY;
	six.first_seen = r->now + 90 * DAY;
	take(r, &bare, false);
	take(r, &good, true);
	take(r, &none, false);
	take(r, &suffix, false);
	take(r, &local, false);
	take(r, &six, false);
	reason(r, 1, "-20 popular: popular.com is place 1", true);
	reason(r, 1, "-25 bare: ", true);
	reason(r, 2, "+10 url: ", true);
	reason(r, 2, "+5 time: ", true);
	reason(r, 2, "+10 headers: ", true);
	reason(r, 2, "+5 kind: phishing", true);
	reason(r, 2, "-25 bare: ", false);
	reason(r, 3, "-45 suffix: ", r->inbox->known.has_list);
	reason(r, 4, "-35 public: co.uk", r->inbox->known.has_list);
	reason(r, 5, "-45 local: 10.1.2.3", true);
	reason(r, 5, "-15 old: ", true);
	reason(r, 6, "-45 local: fe80::1", true);
	reason(r, 6, "-10 future: ", true);
	assert_int_equal(store_each(desk_store(r->desk), &all, sum_is_weight, NULL), 0);
	same_when_rebuilt(r);
}

static void from_the_store(void **state)
{
	struct room *r = *state;
	struct finding *f = calloc(1, sizeof *f);
	struct item about = reported("https://www.tunnel.example.com/x", ABUSE_MALWARE, "a@x");
	struct item listed = reported("http://listed.example.net/", ABUSE_NONE, "a@x");
	struct item party = reported("192.0.2.53", ABUSE_MALWARE, "a@x");
	struct item target = reported("192.0.2.99", ABUSE_MALWARE, "a@x");
	struct item indicator = { .kind = ITEM_INDICATOR, .subject = "Listed.example.net",
		.source = "cert.example", .abuse = ABUSE_PHISHING };
	const struct item *all[] = { &indicator };
	const struct inbox_batch batch = { .items = all, .count = 1, .format = "stix",
		.document = "" };
	size_t fresh = 0;

	snprintf(f->rule, sizeof f->rule, "tunnel.data");
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	snprintf(f->subject, sizeof f->subject, "example.com");
	snprintf(f->label, sizeof f->label, "TLP:AMBER");
	f->severity = SEVERITY_HIGH;
	f->from = r->now;
	f->until = r->now + DAY;
	finding_related(f, &(struct related){ .role = "server", .name = "192.0.2.53" });
	finding_related(f, &(struct related){ .role = "victim", .name = "192.0.2.99" });
	finding_identify(f);
	place_begin(desk_store(r->desk));
	assert_int_equal(store_add_finding(desk_store(r->desk), f), 1);
	assert_int_equal(store_commit(desk_store(r->desk)), 0);
	free(f);
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, inbox_indicators(r->inbox, &batch, &fresh)), 0);
	assert_int_equal(fresh, 1);
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, inbox_indicators(r->inbox, &batch, &fresh)), 0);
	assert_int_equal(fresh, 1);	/* the second time it is known */
	take(r, &about, false);
	take(r, &listed, false);
	take(r, &party, false);
	take(r, &target, false);
	reason(r, 1, "+30 finding: tunnel.data (high)", true);
	reason(r, 1, "+0 server: example.com was answered for by 192.0.2.53", true);
	reason(r, 2, "+25 listed: listed.example.net is listed for phishing by cert.example", true);
	reason(r, 3, "+10 party: 192.0.2.53 takes part as server in tunnel.data (high)", true);
	reason(r, 4, " party: ", false);
	same_when_rebuilt(r);
}

/* ---- senders ---- */

static void wilson(void **state)
{
	(void)state;
	assert_true(inbox_least(0, 0) == 0);
	assert_true(inbox_least(1, 1) < 0.5);		/* once is nothing */
	assert_true(inbox_least(3, 3) < 0.5);
	assert_true(inbox_least(4, 4) > 0.5);
	assert_true(inbox_least(50, 100) < 0.5);
	assert_true(inbox_least(95, 100) > 0.88 && inbox_least(95, 100) < 0.89);
	for (u64 n = 1; n < 60; n++)	/* never over the share itself */
		for (u64 k = 0; k <= n; k++)
			assert_true(inbox_least(k, n) <= (double)k / (double)n + 1e-12);
}

static void decide(struct room *r, const char *numbers, enum report_state state, u64 *event)
{
	const struct inbox_decision is = { .state = state, .reason = "looked at ten of them" };
	struct inbox_set s;

	assert_int_equal(inbox_set_parse(numbers, &s), 0);
	if (inbox_decide(r->desk, &s, &is, event))
		fail_msg("%s", desk_error(r->desk));
	free(s.at);
}

static void bad_sender(void **state)
{
	struct room *r = *state;
	struct item i = reported("", ABUSE_PHISHING, "many@x.example");
	char name[64];
	struct report *is;
	u64 event;

	i.subject = name;
	for (unsigned n = 0; n < 30; n++) {
		snprintf(name, sizeof name, "https://h%u.example.net/", n);
		take(r, &i, false);
	}
	decide(r, "1-30", REPORT_NOISE, &event);
	open_inbox(r);	/* what it knew of senders is forgotten */
	snprintf(name, sizeof name, "https://new.example.net/");
	i.first_seen = r->now;
	take(r, &i, false);
	reason(r, 31, "-17 wrong: of 30 reports by this sender that were decided, 30 were wrong",
	       true);
	is = now_is(r, 31);	/* with evidence, the sender alone makes no noise of it */
	assert_true(is->weight > INBOX_NOISE);
	free(is);
}

/* ---- deciding ---- */

static void sets(void **state)
{
	static const char *const bad[] = { "", "0", "1,", "2-1", "1,1", "3,2", "1-", "a", "1 2",
		"-1", "1--2", "99999999999999999999", "1-99999999999" };
	struct inbox_set s;
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(inbox_set_parse("1-3,5,7-8", &s), 0);
	assert_int_equal(s.count, 6);
	inbox_set_text(&out, &s);
	assert_string_equal(buf_str(&out), "1-3,5,7-8");
	buf_free(&out);
	free(s.at);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(inbox_set_parse(bad[i], &s), OOPS_FORMAT);
}

static void in_bulk(void **state)
{
	struct room *r = *state;
	struct item i = reported("", ABUSE_NONE, "a@x");
	const struct inbox_decision noise = { .state = REPORT_NOISE, .reason = "twice" };
	struct inbox_set s;
	char name[64];
	u64 event, other, count;

	i.subject = name;
	for (unsigned n = 0; n < 9; n++) {
		snprintf(name, sizeof name, "h%u.example.net", n);
		take(r, &i, false);
	}
	decide(r, "2-5,8", REPORT_NOISE, &event);
	expect(r, 2, REPORT_NOISE, 0, 0);
	expect(r, 6, REPORT_NEW, 0, 0);
	assert_int_equal(inbox_set_parse("5-6", &s), 0);	/* 5 is noise already */
	assert_int_equal(inbox_decide(r->desk, &s, &noise, &other), OOPS_RANGE);
	assert_string_equal(desk_error(r->desk), "report 5 is noise already");
	expect(r, 6, REPORT_NEW, 0, 0);
	free(s.at);
	decide(r, "3", REPORT_ANSWERED, &other);
	assert_int_equal(inbox_undo(r->desk, event, "was wrong", &count), 0);
	assert_int_equal(count, 4);	/* 3 was answered since */
	expect(r, 2, REPORT_NEW, 0, 0);
	expect(r, 3, REPORT_ANSWERED, 0, 0);
	assert_int_equal(inbox_undo(r->desk, event, "again", &count), OOPS_CHANGED);
	assert_int_equal(inbox_undo(r->desk, 1, "no decision", &count), OOPS_UNKNOWN);
	same_when_rebuilt(r);
}

static void by_hand_a_duplicate(void **state)
{
	struct room *r = *state;
	struct item a = reported("a.example.net", ABUSE_NONE, "a@x");
	struct item b = reported("b.example.net", ABUSE_NONE, "a@x");
	struct inbox_decision is = { .state = REPORT_DUPLICATE, .reason = "the same kit",
		.same = 1 };
	struct inbox_set s;
	u64 event, count;

	take(r, &a, false);
	take(r, &b, false);
	assert_int_equal(inbox_set_parse("2", &s), 0);
	assert_int_equal(inbox_decide(r->desk, &s, &is, &event), 0);
	expect(r, 1, REPORT_NEW, 0, 1);
	expect(r, 2, REPORT_DUPLICATE, 1, 0);
	assert_int_equal(inbox_undo(r->desk, event, "another kit", &count), 0);
	expect(r, 1, REPORT_NEW, 0, 0);
	expect(r, 2, REPORT_NEW, 0, 0);
	reason(r, 1, "adds", false);
	is.same = 9;
	assert_int_equal(inbox_decide(r->desk, &s, &is, &event), OOPS_UNKNOWN);
	is.same = 2;
	assert_int_equal(inbox_decide(r->desk, &s, &is, &event), OOPS_RANGE);
	free(s.at);
	same_when_rebuilt(r);
}

/* Somebody sees that they are the same: then the first has what the other knows. */
static void by_hand_it_adds(void **state)
{
	struct room *r = *state;
	struct item a = reported("a.example.net", ABUSE_NONE, "a@x");
	struct item b = reported("https://b.example.net/", ABUSE_PHISHING, "b@x");
	const struct inbox_decision is = { .state = REPORT_DUPLICATE, .reason = "the same kit",
		.same = 1 };
	struct report *first;
	struct inbox_set s;
	u64 event, count;

	b.first_seen = r->now - DAY;
	b.references = "https://b.example.net/proof";
	take(r, &a, false);
	take(r, &b, true);
	reason(r, 1, "-25 bare: ", true);
	assert_int_equal(inbox_set_parse("2", &s), 0);
	assert_int_equal(inbox_decide(r->desk, &s, &is, &event), 0);
	reason(r, 1, "-25 bare: ", false);
	reason(r, 1, "+10 headers: ", true);
	reason(r, 1, "+0 copy: report 2 of b@x adds: when it was seen; the kind of abuse; the "
	       "message that it is about; where more is said", true);
	first = now_is(r, 1);
	assert_int_equal(first->abuse, ABUSE_PHISHING);
	assert_int_equal(first->copies, 1);
	free(first);
	assert_int_equal(inbox_undo(r->desk, event, "another kit", &count), 0);
	reason(r, 1, "+0 copy: report 2 of b@x adds: ", true);	/* it was said */
	reason(r, 2, "+10 headers: ", true);
	assert_int_equal(inbox_decide(r->desk, &s, &is, &event), 0);
	first = now_is(r, 1);
	assert_null(strstr(strstr(first->reasons, "adds:") + 1, "adds:"));
	free(first);
	free(s.at);
	same_when_rebuilt(r);
}

static void heaps(void **state)
{
	struct room *r = *state;
	struct item i = reported("", ABUSE_NONE, "a@x");
	const struct store_query all = { .table = DESK_report };
	const struct audience everybody = { "us", MARKING_STRICTEST };
	const struct audience others = { "others", { LABEL_GREEN, PAP_GREEN } };
	struct inbox_triage t;
	struct gate *g;
	char name[64];
	u64 sum = 0;

	i.subject = name;
	for (unsigned n = 0; n < 20; n++) {
		i.abuse = n % 4 == 0 ? ABUSE_PHISHING : ABUSE_NONE;
		i.first_seen = n % 4 == 0 ? r->now : 0;
		snprintf(name, sizeof name, n % 4 == 0 ? "https://h%u.example.net/" :
			 n % 4 == 1 ? "h%u.popular.com" : "10.0.0.%u", n);
		take(r, &i, n % 4 == 0);
	}
	assert_int_equal(gate_open(&g, r->desk, NULL, &everybody), 0);
	assert_int_equal(inbox_sort(g, &all, INBOX_NOISE, INBOX_GENUINE, &t), 0);
	assert_int_equal(t.all, 20);
	assert_int_equal(t.per[PILE_NOISE], 15);
	assert_int_equal(t.per[PILE_GENUINE], 5);
	assert_int_equal(t.heaps[0].pile, PILE_NOISE);
	assert_int_equal(t.heaps[0].fact, FACT_LOCAL);
	assert_int_equal(t.heaps[0].set.count, 10);
	for (size_t h = 0; h < t.count; h++)
		sum += t.heaps[h].set.count;
	assert_int_equal(sum, 20);
	inbox_triage_free(&t);
	gate_close(g);
	assert_int_equal(gate_open(&g, r->desk, NULL, &others), 0);	/* they are AMBER */
	assert_int_equal(inbox_sort(g, &all, INBOX_NOISE, INBOX_GENUINE, &t), 0);
	assert_int_equal(t.all, 0);
	inbox_triage_free(&t);
	gate_close(g);
}

static void again(void **state)
{
	struct room *r = *state;
	struct item i = reported("https://late.example.net/", ABUSE_PHISHING, "a@x");
	struct item indicator = { .kind = ITEM_INDICATOR, .subject = "late.example.net",
		.source = "cert.example" };
	const struct item *all[] = { &indicator };
	const struct inbox_batch batch = { .items = all, .count = 1, .format = "stix",
		.document = "" };
	struct inbox_set s;
	struct inbox_looked looked;

	take(r, &i, true);
	assert_int_equal(inbox_set_parse("1", &s), 0);
	assert_int_equal(inbox_again(r->inbox, &s, &looked), 0);
	assert_int_equal(looked.changed, 0);
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, inbox_indicators(r->inbox, &batch, NULL)), 0);
	assert_int_equal(inbox_again(r->inbox, &s, &looked), 0);
	assert_int_equal(looked.changed, 1);
	reason(r, 1, "+25 listed: ", true);
	reason(r, 1, "+10 headers: ", true);
	free(s.at);
	same_when_rebuilt(r);
}

/* What is not looked at stays: a list that is not given says nothing. */
static void not_looked_at(void **state)
{
	struct room *r = *state;
	struct item i = reported("site.popular.com", ABUSE_NONE, "a@x");
	struct inbox_looked looked;
	struct inbox_set s;

	take(r, &i, false);
	reason(r, 1, "-20 popular: popular.com is place 1", true);
	assert_int_equal(inbox_set_parse("1", &s), 0);
	r->setup.popular = NULL;
	open_inbox(r);
	assert_int_equal(inbox_again(r->inbox, &s, &looked), 0);
	assert_int_equal(looked.changed, 0);
	assert_int_equal(looked.kept[INBOX_POPULAR], 1);
	assert_int_equal(looked.kept[INBOX_ZONES], 0);
	assert_false(inbox_looks(r->inbox, INBOX_POPULAR));
	reason(r, 1, "-20 popular: popular.com is place 1", true);
	reason(r, 1, "+10 headers: ", false);	/* "no headers: nothing to act on" is no fact */
	free(s.at);
	same_when_rebuilt(r);
}

static void day_decides(void **state)
{
	static const char known[] = "+5 url: x\n-45 absent: a.example is not delegated in the "
				    "zone example (of 2026-11-20)";
	struct known_name n = { .zone = "example", .in_zone = true };

	(void)state;
	assert_int_equal(stamp_parse("2026-11-19", &n.zone_at), 0);
	assert_true(inbox_knows_later(known, &n));
	assert_int_equal(stamp_parse("2026-11-20", &n.zone_at), 0);
	assert_false(inbox_knows_later(known, &n));
	assert_int_equal(stamp_parse("2026-11-19", &n.zone_at), 0);
	snprintf(n.zone, sizeof n.zone, "ample");
	assert_false(inbox_knows_later(known, &n));
}

/* A mail of one sentence first, then a report with all that is wanted. */
static void duplicate_adds(void **state)
{
	struct room *r = *state;
	const struct store_query all = { .table = DESK_report };
	struct item mail = reported("shop.example.net", ABUSE_NONE, "a@x.example");
	struct item xarf = reported("shop.example.net", ABUSE_PHISHING, "b@y.example");
	struct inbox_looked looked;
	struct report *is;
	struct inbox_set s;
	u64 weight;

	mail.text = "please look at it";
	xarf.first_seen = r->now - DAY;
	xarf.references = "https://shop.example.net/login";
	take(r, &mail, false);
	reason(r, 1, "-25 bare: ", true);
	assert_int_equal(take(r, &xarf, true).same, 1);
	reason(r, 1, "-25 bare: ", false);
	reason(r, 1, "+10 url: ", true);
	reason(r, 1, "+5 time: ", true);
	reason(r, 1, "+10 headers: ", true);
	reason(r, 1, "+5 kind: phishing", true);
	reason(r, 1, "+10 others: ", true);
	reason(r, 1, "+0 copy: report 2 of b@y.example adds: when it was seen; the kind of abuse; "
	       "the message that it is about; where more is said", true);
	is = now_is(r, 1);
	assert_int_equal(is->seen, xarf.first_seen);
	assert_int_equal(is->abuse, ABUSE_PHISHING);
	assert_string_equal(is->text, "please look at it");
	assert_string_equal(is->references, "https://shop.example.net/login");
	weight = is->weight;
	assert_int_equal(weight, 80);
	free(is);
	assert_int_equal(take(r, &xarf, true).same, 1);	/* nothing new: nothing is added twice */
	assert_int_equal(inbox_set_parse("1", &s), 0);
	assert_int_equal(inbox_again(r->inbox, &s, &looked), 0);
	reason(r, 1, "+0 copy: report 2 of b@y.example adds: ", true);
	is = now_is(r, 1);
	assert_int_equal(is->weight, weight);
	free(is);
	free(s.at);
	assert_int_equal(store_each(desk_store(r->desk), &all, sum_is_weight, NULL), 0);
	same_when_rebuilt(r);
}

/* What was taken for a duplicate and is none has never been weighed: it is when it is reopened, or
 * triage would close it as noise. */
static void reopened(void **state)
{
	struct room *r = *state;
	const struct store_query all = { .table = DESK_report };
	struct item i = reported("https://shop.example.net/", ABUSE_PHISHING, "a@x.example");
	struct report *is;
	struct inbox_set s;
	u64 event;

	take(r, &i, false);
	i.source = "b@x.example";
	i.first_seen = r->now - DAY;
	assert_int_equal(take(r, &i, true).same, 1);
	decide(r, "2", REPORT_NEW, &event);
	expect(r, 2, REPORT_NEW, 0, 0);
	expect(r, 1, REPORT_NEW, 0, 0);
	reason(r, 2, "+10 headers: ", true);
	reason(r, 2, "+5 time: ", true);
	reason(r, 2, "+10 others: ", true);
	is = now_is(r, 2);
	assert_int_equal(is->weight, 80);
	free(is);
	reason(r, 1, "+0 copy: report 2 of b@x.example adds: ", true);
	assert_int_equal(store_each(desk_store(r->desk), &all, sum_is_weight, NULL), 0);

	decide(r, "2", REPORT_NOISE, &event);
	assert_int_equal(inbox_set_parse("2", &s), 0);
	assert_int_equal(inbox_may(r->desk, &s, REPORT_ACCEPTED), OOPS_RANGE);
	assert_string_equal(desk_error(r->desk), "report 2 is noise and cannot become accepted; "
			    "reopen it first");
	free(s.at);
	same_when_rebuilt(r);
}

/* A time to come, by which a stranger would make a good report look bad, is not taken over; and
 * however many say the same, the record stays small. */
static void duplicates_do_no_harm(void **state)
{
	struct room *r = *state;
	struct item i = reported("https://many.example.net/", ABUSE_PHISHING, "a@x.example");
	char sender[40], url[100];
	struct report *is;

	take(r, &i, false);
	i.first_seen = r->now + 90 * DAY;
	i.source = "bad@x.example";
	assert_int_equal(take(r, &i, false).same, 1);
	reason(r, 1, "-10 future: ", false);
	i.first_seen = 0;
	i.source = sender;
	i.references = url;
	for (unsigned n = 0; n < 200; n++) {
		snprintf(sender, sizeof sender, "s%u@x.example", n);
		snprintf(url, sizeof url, "https://many.example.net/%050u", n);
		assert_int_equal(take(r, &i, false).same, 1);
	}
	is = now_is(r, 1);
	assert_int_equal(is->copies, 201);
	assert_true(strlen(is->references) <= INBOX_TEXT_MAX);
	assert_true(strlen(is->reasons) < INBOX_TEXT_MAX / 2);
	free(is);
	reason(r, 1, "+0 copy: report 12 of ", true);
	reason(r, 1, "+0 copy: report 13 of ", false);
	same_when_rebuilt(r);
}

/* Anybody may send a duplicate: it takes nothing out of sight, makes nothing look old, and adds
 * nothing to what was accepted. */
static void strangers(void **state)
{
	struct room *r = *state;
	struct item i = reported("framed.example.net", ABUSE_PHISHING, "a@x");
	struct inbox_accepted told;
	struct inbox_set s;
	struct report *was, *is;
	char sender[140];

	take(r, &i, false);
	was = now_is(r, 1);
	i.source = "red@x";
	i.tlp = LABEL_RED;
	i.references = "https://red.example/dropper";
	assert_int_equal(take(r, &i, true).same, 1);
	is = now_is(r, 1);
	assert_int_equal(is->tlp, was->tlp);
	assert_string_equal(is->reasons, was->reasons);
	free(is);
	i = reported("framed.example.net", ABUSE_PHISHING, "old@x");
	i.first_seen = r->now - 900 * DAY;
	assert_int_equal(take(r, &i, false).same, 1);
	reason(r, 1, "old: ", false);
	reason(r, 1, "+10 others: one other report", true);	/* not the red one */
	memset(sender, 'b', sizeof sender);
	snprintf(sender + 119, sizeof sender - 119, "\xc3\xa9\xc3\xa9 <z@x>");	/* cut there */
	i.source = sender;
	i.first_seen = r->now - DAY;
	assert_int_equal(take(r, &i, false).same, 1);
	reason(r, 1, "+0 copy: report 4 of bbb", true);
	assert_int_equal(inbox_set_parse("1", &s), 0);
	assert_int_equal(inbox_accept_all(r->desk, &s, &told), 0);
	free(s.at);
	free(was);
	was = now_is(r, 1);
	i.source = "late@x";
	i.references = "https://late.example/dropper";
	assert_int_equal(take(r, &i, true).same, 1);
	is = now_is(r, 1);
	assert_string_equal(is->references, was->references);
	assert_string_equal(is->reasons, was->reasons);
	free(is);
	free(was);
	same_when_rebuilt(r);
}

static void accepted(void **state)
{
	struct room *r = *state;
	struct item i = reported("", ABUSE_PHISHING, "a@x");
	const char *const urls[] = { "https://one.example.net/a", "https://two.example.net/",
		"https://one.example.net/b", "https://one.example.net/c" };
	struct inbox_accepted told;
	struct inbox_decision back = { .state = REPORT_NEW, .reason = "not sure" };
	struct inbox_set s;
	struct report *is;
	u64 where, event;

	for (size_t n = 0; n < COUNT(urls); n++) {
		i.subject = urls[n];
		i.tlp = n == 3 ? LABEL_RED : i.tlp;
		take(r, &i, false);
	}
	assert_int_equal(inbox_set_parse("1-3", &s), 0);
	if (inbox_accept_all(r->desk, &s, &told))
		fail_msg("%s", desk_error(r->desk));
	assert_int_equal(told.opened, 2);
	assert_int_equal(told.stricter_count, 0);
	free(s.at);
	expect(r, 1, REPORT_ACCEPTED, 0, 0);
	is = now_is(r, 3);
	assert_int_equal(is->incident, 1);
	free(is);
	assert_int_equal(case_of(r->desk, MEMBER_REPORT, "2", &where), 0);
	assert_int_equal(where, 2);
	assert_int_equal(inbox_set_parse("4", &s), 0);	/* the host has an incident by now */
	assert_int_equal(inbox_accept_all(r->desk, &s, &told), 0);
	assert_int_equal(told.joined, 1);
	assert_int_equal(told.stricter_count, 1);	/* which it marks stricter */
	assert_int_equal(told.stricter[0].number, 1);
	assert_int_equal(told.stricter[0].was.tlp, LABEL_AMBER);
	assert_int_equal(told.stricter[0].is.tlp, LABEL_RED);
	assert_int_equal(inbox_accept_all(r->desk, &s, &told), OOPS_RANGE);
	assert_int_equal(inbox_decide(r->desk, &s, &back, &event), 0);
	expect(r, 4, REPORT_NEW, 0, 0);
	assert_int_equal(case_of(r->desk, MEMBER_REPORT, "4", &where), 0);
	assert_int_equal(where, 0);
	free(s.at);
	same_when_rebuilt(r);
}

static u8 state_of(struct room *r, u64 incident)
{
	struct incident *i = NULL;
	u8 state;

	assert_int_equal(case_find(r->desk, incident, &i), 0);
	state = i->state;
	free(i);
	return state;
}

/* What was taken in by mistake is new again, and what it opened ends with it, unless somebody
 * has taken that on. */
static void accepted_by_mistake(void **state)
{
	struct room *r = *state;
	struct item i = reported("", ABUSE_PHISHING, "a@x");
	const char *const urls[] = { "https://one.example.net/a", "https://two.example.net/",
		"https://one.example.net/b", "https://three.example.net/" };
	struct inbox_accepted told;
	struct inbox_set s;
	u64 where, count, incident, event;

	for (size_t n = 0; n < COUNT(urls); n++) {
		i.subject = urls[n];
		take(r, &i, false);
	}
	assert_int_equal(inbox_set_parse("1-4", &s), 0);
	assert_int_equal(inbox_accept_all(r->desk, &s, &told), 0);
	free(s.at);
	assert_int_equal(told.opened, 3);
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, case_state(r->desk, (struct case_ref){ 2, 0 },
		INCIDENT_TRIAGED, NULL)), 0);
	assert_int_equal(inbox_set_parse("3", &s), 0);	/* decided otherwise since: stays so */
	assert_int_equal(inbox_decide(r->desk, &s, &(struct inbox_decision){
		.state = REPORT_NEW, .reason = "look again" }, &event), 0);
	assert_int_equal(inbox_decide(r->desk, &s, &(struct inbox_decision){
		.state = REPORT_NOISE, .reason = "it is" }, &event), 0);
	free(s.at);
	assert_int_equal(inbox_undo(r->desk, told.event, "the wrong heap", &count), 0);
	assert_int_equal(count, 3);
	for (u64 n = 1; n <= 4; n++) {
		char id[8];

		snprintf(id, sizeof id, "%llu", (unsigned long long)n);
		expect(r, n, n == 3 ? REPORT_NOISE : REPORT_NEW, 0, 0);
		assert_int_equal(case_of(r->desk, MEMBER_REPORT, id, &where), 0);
		assert_int_equal(where, 0);
	}
	assert_int_equal(state_of(r, 1), INCIDENT_CLOSED);
	assert_int_equal(state_of(r, 2), INCIDENT_TRIAGED);
	assert_int_equal(state_of(r, 3), INCIDENT_CLOSED);
	assert_int_equal(inbox_undo(r->desk, told.event, "x", &count), OOPS_CHANGED);
	same_when_rebuilt(r);

	assert_int_equal(inbox_set_parse("1", &s), 0);	/* and one by itself */
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, inbox_accept_new(r->desk, &s, NULL, &incident,
		&event)), 0);
	assert_int_equal(incident, 4);
	assert_int_equal(inbox_undo(r->desk, event, "x", &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(state_of(r, 4), INCIDENT_CLOSED);
	free(s.at);
	assert_int_equal(inbox_set_parse("1", &s), 0);	/* into one that was there */
	assert_int_equal(desk_begin(r->desk), 0);
	assert_int_equal(desk_end(r->desk, inbox_accept(r->desk, &s, 2, &event)), 0);
	assert_int_equal(inbox_undo(r->desk, event, "x", &count), 0);
	assert_int_equal(state_of(r, 2), INCIDENT_TRIAGED);
	free(s.at);
	same_when_rebuilt(r);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects), cmocka_unit_test(wilson), cmocka_unit_test(sets),
		ROW(duplicates), ROW(nothing_said), ROW(facts), ROW(from_the_store),
		ROW(bad_sender), ROW(in_bulk), ROW(by_hand_a_duplicate),
		ROW(by_hand_it_adds), ROW(reopened), ROW(heaps), ROW(again),
		cmocka_unit_test(day_decides), ROW(not_looked_at), ROW(duplicate_adds),
		ROW(duplicates_do_no_harm),
		ROW(strangers), ROW(accepted), ROW(accepted_by_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
