/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.c - reads replay cases: see case.h and test/case/README.md. One row a verb. */
#include "case.h"
#include "base/num.h"
#include "base/stamp.h"
#include "dns/rrtype.h"
#include "draw.h"

#define WORDS_MAX 128
#define ANSWERS_MAX 96

bool case_fail(struct replay_case *c, const char *format, ...)
{
	int n = snprintf(c->why, sizeof c->why, "%s:%u: ", c->path, c->line);
	va_list args;

	va_start(args, format);
	vsnprintf(c->why + n, sizeof c->why - (size_t)n, format, args);
	va_end(args);
	return false;
}

static unsigned split(char *line, char *word[WORDS_MAX])
{
	unsigned n = 0;

	for (char *p = line; *(p += strspn(p, " \t")) && n < WORDS_MAX; n++) {
		word[n] = p;
		p += strcspn(p, " \t");
		if (*p)
			*p++ = 0;
	}
	return n;
}

/* --- a message line ------------------------------------------------------ */

enum { QUERY = 1, RESPONSE = 2 };

struct message {	/* a line of messages, before it is repeated */
	unsigned ways;	/* QUERY, RESPONSE or both */
	char *client, *name, *type, *rcode;
	char *record[WORDS_MAX];
	unsigned records, edns;
	u64 times;
	u32 port;
	bool tcp, mixed;
};

static int rcode_of(const char *text)
{
	char to[RRTYPE_TEXT_MAX];

	for (int i = 0; i < 24; i++)
		if (strcmp(rcode_text((unsigned)i, to), text) == 0)
			return i;
	return -1;
}

/* A word behind the record list: an option of the line, or a record. */
static bool take_word(struct replay_case *c, struct message *m, char *word)
{
	char *value = strchr(word, '=');
	u64 n = 0;

	if (strcmp(word, "tcp") == 0)
		return m->tcp = true;
	if (strcmp(word, "mixed-case") == 0)
		return m->mixed = true;
	if (value == NULL)
		return case_fail(c, "'%s' is neither a record nor an option", word);
	if (strncmp(word, "times=", 6) && strncmp(word, "port=", 5) &&
	    strncmp(word, "edns=", 5)) {
		m->record[m->records++] = word;
		return true;
	}
	if (num_u64(value + 1, 0, 1000000, &n) < 0)
		return case_fail(c, "'%s' is no number", value + 1);
	if (*word == 't')
		m->times = n;
	else if (*word == 'p')
		m->port = (u32)n;
	else
		m->edns = (unsigned)n;
	return true;
}

static bool take_words(struct replay_case *c, struct message *m, char **word, unsigned n)
{
	unsigned at = 3;

	if (n < (m->ways & RESPONSE ? 4u : 3u))
		return case_fail(c, "words are missing: CLIENT NAME TYPE%s",
				 m->ways & RESPONSE ? " RCODE" : "");
	m->times = 1;
	m->client = word[0];
	m->name = word[1];
	m->type = word[2];
	if (m->ways & RESPONSE)
		m->rcode = word[at++];
	while (at < n)
		if (!take_word(c, m, word[at++]))
			return false;
	return true;
}

static void mix_case(struct ask *a, u64 *seed)
{
	for (unsigned i = 0, end = 0; i + 1 < a->qname_len; i++) {
		if (i == end)
			end += 1u + a->qname[i];
		else if (a->qname[i] >= 'a' && a->qname[i] <= 'z' && draw_below(seed, 2))
			a->qname[i] &= (u8)~0x20;
	}
}

/* Client, name and type of one repetition. */
static bool set_ask(struct replay_case *c, const struct message *m, u64 number,
		    struct ask *a)
{
	char text[CASE_LINE_MAX];
	int n;

	*a = (struct ask){ .server = c->server, .time_ns = c->now, .edns = (u16)m->edns,
		.id = (u16)draw(&c->seed), .transport = m->tcp };
	a->port = (u16)(m->port ? m->port : 1024 + draw_below(&c->seed, 64000));
	if (!case_expand(m->client, number, &c->seed, text) ||
	    !case_address(text, &a->client))
		return case_fail(c, "'%s' is no address", m->client);
	if (!case_expand(m->name, number, &c->seed, text) ||
	    (n = name_parse(text, a->qname)) < 0)
		return case_fail(c, "'%s' is no name", m->name);
	a->qname_len = (unsigned)n;
	if (!case_expand(m->type, number, &c->seed, text) || (n = rrtype_parse(text)) < 0)
		return case_fail(c, "'%s' is no record type", m->type);
	a->qtype = (u16)n;
	if (m->mixed)
		mix_case(a, &c->seed);
	return true;
}

static bool set_answer(struct replay_case *c, const struct message *m, u64 number,
		       struct ask *a, struct answer *r)
{
	char text[CASE_LINE_MAX];
	int rcode;

	if (!case_expand(m->rcode, number, &c->seed, text) ||
	    (rcode = rcode_of(text)) < 0)
		return case_fail(c, "'%s' is no response code", m->rcode);
	if (m->records > ANSWERS_MAX)
		return case_fail(c, "at most %d records go into one response",
				 ANSWERS_MAX);
	a->response = true;
	a->flags = (u16)rcode;
	a->answers = r;
	a->answer_count = m->records;
	for (unsigned i = 0; i < m->records; i++)
		if (!case_expand(m->record[i], number, &c->seed, text) ||
		    !case_record(a, text, &c->seed, &r[i]))
			return case_fail(c, "'%s' is no record of an answer",
					 m->record[i]);
	return true;
}

static bool send_one(struct replay_case *c, const struct message *m, u64 number)
{
	static struct answer r[ANSWERS_MAX];
	struct ask a;

	if (!set_ask(c, m, number, &a))
		return false;
	if (m->ways & QUERY)
		traffic_add(&c->traffic, &a);
	if (m->ways & RESPONSE) {
		a.time_ns += m->ways & QUERY ? c->lag : 0;
		if (!set_answer(c, m, number, &a, r))
			return false;
		traffic_add(&c->traffic, &a);
	}
	c->now += c->every;
	return true;
}

static bool send_all(struct replay_case *c, char **word, unsigned n, unsigned ways)
{
	struct message m = { .ways = ways };
	u64 from = 0, to = 0;
	bool bad = false, found = false;

	for (unsigned i = 0; i < n; i++) {
		bool here = case_range(word[i], &from, &to, &bad);

		if (bad || (found && here))
			return case_fail(c, "one range {FROM..TO} a line, please");
		found |= here;
	}
	if (!take_words(c, &m, word, n))
		return false;
	for (u64 number = from; number <= to; number++)
		for (u64 i = 0; i < m.times; i++)
			if (!send_one(c, &m, number))
				return false;
	return true;
}

/* --- verbs --------------------------------------------------------------- */

typedef bool verb_fn(struct replay_case *c, char **word, unsigned n);

static bool do_query(struct replay_case *c, char **word, unsigned n)
{
	return send_all(c, word, n, QUERY);
}

static bool do_response(struct replay_case *c, char **word, unsigned n)
{
	return send_all(c, word, n, RESPONSE);
}

static bool do_exchange(struct replay_case *c, char **word, unsigned n)
{
	return send_all(c, word, n, QUERY | RESPONSE);
}

/* CLIENT OCTETS [TIMES]: datagrams of which only fragments came. */
static bool do_lose(struct replay_case *c, char **word, unsigned n)
{
	struct fragment_loss loss = { .src = c->server, .fragments = 1 };
	u64 times = 1;

	if (!case_address(word[0], &loss.dst) ||
	    num_u64(word[1], 1, 65535, &loss.octets) < 0 ||
	    (n > 2 && num_u64(word[2], 1, 1000000, &times) < 0))
		return case_fail(c, "lose CLIENT OCTETS [TIMES]");
	for (; times; times--, c->now += c->every) {
		loss.time_ns = c->now;
		traffic_lose(&c->traffic, &loss);
	}
	return true;
}

static bool do_set(struct replay_case *c, char **word, unsigned n)
{
	char why[OPT_WHY];

	(void)n;
	return judge_set(&c->judge, word[0], word[1], why) ||
	       case_fail(c, "%s: %s", word[0], why);
}

static bool do_seed(struct replay_case *c, char **word, unsigned n)
{
	(void)n;
	return num_u64(word[0], 0, UINT64_MAX, &c->seed) == 0 ||
	       case_fail(c, "no number");
}

static bool do_at(struct replay_case *c, char **word, unsigned n)
{
	(void)n;
	return stamp_parse(word[0], &c->now) == 0 || case_fail(c, "no time");
}

static bool span(struct replay_case *c, const char *text, u64 *ret)
{
	return num_span(text, 0, UINT64_MAX / 4, ret) == 0 ||
	       case_fail(c, "no span of time");
}

static bool do_pass(struct replay_case *c, char **word, unsigned n)
{
	u64 ns;

	(void)n;
	if (!span(c, word[0], &ns))
		return false;
	c->now += ns;
	return true;
}

static bool do_every(struct replay_case *c, char **word, unsigned n)
{
	(void)n;
	return span(c, word[0], &c->every);
}

static bool do_lag(struct replay_case *c, char **word, unsigned n)
{
	(void)n;
	return span(c, word[0], &c->lag);
}

static bool do_server(struct replay_case *c, char **word, unsigned n)
{
	(void)n;
	return case_address(word[0], &c->server) || case_fail(c, "no address");
}

static bool do_wish(struct replay_case *c, char **word, unsigned n, bool wanted)
{
	struct wish *w = &c->wishes[c->wish_count];
	size_t used = 0;

	if (c->wish_count == CASE_WISHES_MAX || strcmp(word[0], "finding"))
		return case_fail(c, "want|never finding RULE [SUBJECT] [FEATURE>=N]...");
	*w = (struct wish){ .wanted = wanted, .line = c->line };
	for (unsigned i = 1; i < n && used < sizeof w->text; i++)
		used += (size_t)snprintf(w->text + used, sizeof w->text - used, "%s%s",
					 i > 1 ? " " : "", word[i]);
	if (used >= sizeof w->text)
		return case_fail(c, "the line is too long");
	c->wish_count++;
	return true;
}

static bool do_want(struct replay_case *c, char **word, unsigned n)
{
	return do_wish(c, word, n, true);
}

static bool do_never(struct replay_case *c, char **word, unsigned n)
{
	return do_wish(c, word, n, false);
}

static bool do_title(struct replay_case *c, char **word, unsigned n)
{
	size_t used = 0;

	for (unsigned i = 0; i < n && used < sizeof c->title; i++)
		used += (size_t)snprintf(c->title + used, sizeof c->title - used, "%s%s",
					 i ? " " : "", word[i]);
	return true;
}

static const struct verb { const char *name; unsigned least; verb_fn *run;
} verbs[] = {
	{ "title", 1, do_title },	{ "set", 2, do_set },
	{ "seed", 1, do_seed },		{ "at", 1, do_at },
	{ "pass", 1, do_pass },		{ "every", 1, do_every },
	{ "lag", 1, do_lag },		{ "server", 1, do_server },
	{ "query", 3, do_query },	{ "response", 4, do_response },
	{ "exchange", 4, do_exchange }, { "lose", 2, do_lose },
	{ "want", 2, do_want },		{ "never", 2, do_never },
};

/* A comment is a "#" at the beginning or after white space. */
static void cut_comment(char *line)
{
	for (char *p = line; (p = strchr(p, '#')); p++)
		if (p == line || p[-1] == ' ' || p[-1] == '\t') {
			*p = 0;
			return;
		}
}

static bool take_line(struct replay_case *c, char *line)
{
	char *word[WORDS_MAX];
	unsigned n;

	line[strcspn(line, "\r\n")] = 0;
	cut_comment(line);
	n = split(line, word);
	if (n == 0)
		return true;
	for (unsigned i = 0; i < COUNT(verbs); i++)
		if (strcmp(verbs[i].name, word[0]) == 0) {
			if (n - 1 < verbs[i].least)
				return case_fail(c, "'%s' wants more words", word[0]);
			return verbs[i].run(c, word + 1, n - 1);
		}
	return case_fail(c, "there is no '%s' in a case", word[0]);
}

bool case_read(struct replay_case *c, const char *path)
{
	char line[CASE_LINE_MAX];
	FILE *f = fopen(path, "r");
	bool good = true;

	*c = (struct replay_case){ .path = path, .now = TRAFFIC_T0, .every = 10000000,
		.lag = 20000000, .seed = 1, .server = addr_of4((u8[]){ 192, 0, 2, 53 }) };
	judge_open(&c->judge);
	if (f == NULL)
		return case_fail(c, "cannot be read");
	while (good && fgets(line, sizeof line, f)) {
		c->line++;
		good = strchr(line, '\n') || feof(f) ? take_line(c, line)
						     : case_fail(c, "the line is too long");
	}
	fclose(f);
	if (good && (c->wish_count == 0 || *c->title == 0))
		return case_fail(c, "a case has a title and at least one wish");
	return good;
}

void case_free(struct replay_case *c)
{
	judge_close(&c->judge);
	traffic_free(&c->traffic);
}
