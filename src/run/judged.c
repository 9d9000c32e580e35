/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judged.c - see judged.h. */
#include "run/judged.h"
#include "base/rd.h"
#include "window/network.h"
#include <arpa/inet.h>

#define MAGIC "VJ2"
#define MEMORY (8u << 20)	/* of the window that a replay judges */

static const char letters[SUMMARY_KINDS] = {
	[SUMMARY_DOMAIN] = 'D',
	[SUMMARY_CLIENT] = 'C',
	[SUMMARY_SERVER] = 'S',
	[SUMMARY_PAIR] = 'P',
};

/* --- packing -------------------------------------------------------------- */

static void put_head(struct buf *out, const struct look *l)
{
	const struct window *w = l->w;
	const u64 head[] = { w->key, w->from_ns, w->until_ns, w->frames, w->lost, w->late,
		window_crowded(w), w->queries, w->responses };

	buf_text(out, MAGIC);
	buf_byte(out, l->day);
	for (unsigned i = 0; i < COUNT(head); i++)
		buf_u64(out, head[i]);
}

static void put_section(struct buf *out, char type, const struct buf *body)
{
	buf_byte(out, (u8)type);
	buf_u32(out, (u32)body->len);
	buf_add(out, body->at, body->len);
}

static void put_options(struct buf *out, const struct look *l, const struct detector *d)
{
	struct opt_group g = { .name = d->id, .rows = d->opts, .conf = (void *)(uintptr_t)l->conf };
	struct buf text = { 0 };

	buf_fmt(&text, "%s:\n", d->id);
	for (const struct opt *o = d->opts; o->name; o++) {
		buf_fmt(&text, "  %s: ", o->name);
		opt_value(&g, o, &text);
		buf_byte(&text, '\n');
	}
	put_section(out, 'O', &text);
	buf_free(&text);
}

static void put_entry(struct buf *out, const struct window *w, unsigned kind, const void *entry)
{
	struct buf body = { 0 };

	if (entry == NULL)
		return;
	summary_kinds[kind]->pack(w, entry, &body);
	if (out->len + body.len + 5 <= FINDING_SUMMARY_MAX)
		put_section(out, letters[kind], &body);
	buf_free(&body);
}

/* The key of an address, or of a network where there is a '/'. */
static bool address_key_of(const char *text, u64 key, u64 *ret)
{
	char first[ADDRESS_TEXT_MAX];
	size_t n = strcspn(text, "/");
	struct addr a;
	u8 raw[16];

	snprintf(first, sizeof first, "%.*s", (int)min_u64(n, sizeof first - 1), text);
	if (inet_pton(AF_INET, first, raw) == 1)
		a = addr_of4(raw);
	else if (inet_pton(AF_INET6, first, raw) == 1)
		a = addr_of6(raw);
	else
		return false;
	*ret = text[n] ? network_key(&a, key) : address_key(&a, key);
	return true;
}

/* The pairs of a domain with the clients that the finding names. */
static void put_pairs(struct buf *out, const struct window *w, const struct finding *f)
{
	for (u32 r = 0; r < f->related_count; r++) {
		u64 client;

		if (address_key_of(f->related[r].name, w->key, &client))
			put_entry(out, w, SUMMARY_PAIR, keytab_find(&w->table[SUMMARY_PAIR],
								    pair_key(client, f->key)));
	}
}

static void put_addresses(struct buf *out, const struct window *w, const struct finding *f)
{
	u64 key;

	put_entry(out, w, SUMMARY_CLIENT, keytab_find(&w->table[SUMMARY_CLIENT], f->key));
	put_entry(out, w, SUMMARY_SERVER, keytab_find(&w->table[SUMMARY_SERVER], f->key));
	for (u32 i = 0; i < f->related_count; i++) {
		if (!address_key_of(f->related[i].name, w->key, &key))
			continue;
		if (strcmp(f->related[i].role, "server") == 0)
			put_entry(out, w, SUMMARY_SERVER,
				  keytab_find(&w->table[SUMMARY_SERVER], key));
		else if (strcmp(f->related[i].role, "victim") == 0)
			put_entry(out, w, SUMMARY_CLIENT,
				  keytab_find(&w->table[SUMMARY_CLIENT], key));
	}
}

bool judged_pack(struct finding *f, const struct look *l, const struct detector *d)
{
	struct buf out = { .limit = FINDING_SUMMARY_MAX };
	bool good;

	put_head(&out, l);
	put_options(&out, l, d);
	if (strcmp(f->subject_kind, "domain") == 0) {
		put_entry(&out, l->w, SUMMARY_DOMAIN, window_domain(l->w, f->key));
		put_pairs(&out, l->w, f);
	} else {
		put_addresses(&out, l->w, f);
	}
	good = buf_error(&out) == 0;
	f->summary.len = good ? (u32)out.len : 0;
	if (good)
		memcpy(f->summary.bytes, out.at, out.len);
	buf_free(&out);
	return good;
}

bool judged_add_rules(struct finding *f, const char *rules, size_t n)
{
	u8 *to = f->summary.bytes + f->summary.len;

	if (f->summary.len == 0 || n == 0 || f->summary.len + n + 5 > FINDING_SUMMARY_MAX)
		return false;
	to[0] = 'R';
	for (unsigned i = 0; i < 4; i++)
		to[1 + i] = (u8)(n >> (24 - 8 * i));
	memcpy(to + 5, rules, n);
	f->summary.len += (u32)n + 5;
	return true;
}

/* --- judging again ---------------------------------------------------------- */

static int fail(char why[OPT_WHY], int rc, const char *text)
{
	snprintf(why, OPT_WHY, "%s", text);
	return rc;
}

static int find_detector(struct judged *j, const struct finding *f, char why[OPT_WHY])
{
	size_t n = strcspn(f->rule, ".");

	for (unsigned i = 0; detectors[i]; i++)
		if (strlen(detectors[i]->id) == n && strncmp(detectors[i]->id, f->rule, n) == 0)
			j->d = detectors[i];
	if (j->d == NULL)
		return fail(why, OOPS_UNKNOWN, N_("this program has no such rule"));
	if (j->d->version != f->rule_version) {
		snprintf(why, OPT_WHY, N_("the rule is of version %llu, this program has "
			"version %u"),
			 (unsigned long long)f->rule_version, j->d->version);
		return OOPS_VERSION;
	}
	return 0;
}

static int read_head(struct judged *j, struct rd *r, char why[OPT_WHY])
{
	const u8 *magic = rd_take(r, 3);
	u64 head[8];
	u8 day = rd_u8(r);

	j->day = day == 1;
	j->key = rd_u64(r);
	for (unsigned i = 0; i < COUNT(head); i++)
		head[i] = rd_u64(r);
	if (r->bad || memcmp(magic, MAGIC, 3) != 0 || day > 1)
		return fail(why, OOPS_FORMAT, N_("the finding carries no summary that "
			"can be judged again"));
	if (window_open(&j->w, MEMORY, j->key) < 0)
		return fail(why, -ENOMEM, N_("out of memory"));
	j->w->from_ns = head[0];
	j->w->until_ns = head[1];
	j->w->frames = head[2];
	j->w->lost = head[3];
	j->w->late = head[4];
	j->w->table[SUMMARY_DOMAIN].crowded = head[5];
	j->w->queries = head[6];
	j->w->responses = head[7];
	return 0;
}

static int read_options(struct judged *j, const u8 *text, size_t n, char why[OPT_WHY])
{
	struct opt_group g = { .name = j->d->id, .title = j->d->title, .rows = j->d->opts,
		.conf = j->conf };
	struct opts o = { 0 };
	int rc = opts_init(&o, &g, 1);

	if (rc == 0)
		rc = opts_parse(&o, (const char *)text, n, "options", why);
	opts_free(&o);
	return rc;
}

static int read_rules(struct judged *j, const char *text, size_t n, char why[OPT_WHY])
{
	if (j->suffixes || suffixes_parse(&j->suffixes, text, n, j->key) < 0)
		return fail(why, OOPS_FORMAT, N_("its rules of the public suffix list "
			"are broken"));
	return 0;
}

static int read_section(struct judged *j, char type, struct rd *body, char why[OPT_WHY])
{
	size_t n = rd_left(body);

	if (type == 'O')
		return read_options(j, body->p, n, why);
	if (type == 'R')
		return read_rules(j, (const char *)body->p, n, why);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		if (letters[k] == type) {
			if (summary_kinds[k]->unpack(j->w, body) < 0 || rd_left(body))
				return fail(why, OOPS_FORMAT, N_("a packed summary is "
					"broken"));
			return 0;
		}
	return fail(why, OOPS_FORMAT, N_("a section of the summary is not known"));
}

int judged_open(struct judged *j, const struct finding *f, char why[OPT_WHY])
{
	struct rd r = rd_of(f->summary.bytes, f->summary.len);
	int rc;

	*j = (struct judged){ 0 };
	fail(why, 0, N_("out of memory"));	/* where nothing else is said */
	if ((rc = find_detector(j, f, why)) < 0 || (rc = read_head(j, &r, why)) < 0)
		return rc;
	if ((j->conf = calloc(1, j->d->conf_size)) == NULL)
		return fail(why, -ENOMEM, N_("out of memory"));
	while (rd_left(&r)) {
		char type = (char)rd_u8(&r);
		u32 n = rd_u32(&r);
		const u8 *at = rd_take(&r, n);
		struct rd body = rd_of(at, at ? n : 0);

		if (at == NULL)
			return fail(why, OOPS_FORMAT, N_("the summary ends too early"));
		if ((rc = read_section(j, type, &body, why)) < 0)
			return rc;
	}
	return 0;
}

void judged_close(struct judged *j)
{
	window_free(j->w);
	suffixes_free(j->suffixes);
	free(j->conf);
	*j = (struct judged){ 0 };
}

struct again { const struct finding *was; struct finding *ret; bool found; };

static void say_again(void *to, struct finding *f)
{
	struct again *a = to;

	if (strcmp(f->subject, a->was->subject) || strcmp(f->subject_kind, a->was->subject_kind))
		return;
	if (a->found && strcmp(f->rule, a->was->rule) != 0)
		return;
	*a->ret = *f;
	a->found = true;
}

bool judged_again(const struct judged *j, const struct window *w, const struct finding *f,
		  struct finding *ret)
{
	struct look l = { .w = w, .conf = j->conf, .day = j->day };
	struct again a = { .was = f, .ret = ret };

	j->d->look(&l, say_again, &a);
	if (a.found)
		finding_identify(ret);
	return a.found;
}

static bool feature_differs(const struct feature *a, const struct feature *b)
{
	return strcmp(a->name, b->name) != 0 || a->rule != b->rule ||
	       a->value < b->value || a->value > b->value ||
	       a->threshold < b->threshold || a->threshold > b->threshold;
}

bool judged_differs(const struct finding *was, const struct finding *is, char why[OPT_WHY])
{
	if (strcmp(was->rule, is->rule) != 0)
		snprintf(why, OPT_WHY, N_("the rule was %s and is %s"),
			was->rule, is->rule);
	else if (was->severity != is->severity)
		snprintf(why, OPT_WHY, N_("the severity was %s and is %s"),
			 severity_name(was->severity),
			 severity_name(is->severity));
	else if (was->confidence != is->confidence)
		snprintf(why, OPT_WHY, N_("the confidence was %llu and is %llu"),
			 (unsigned long long)was->confidence, (unsigned long long)is->confidence);
	else if (was->feature_count != is->feature_count)
		snprintf(why, OPT_WHY, N_("there were %u features and are %u"),
			was->feature_count,
			 is->feature_count);
	else if (strcmp(was->id, is->id) != 0)
		snprintf(why, OPT_WHY, N_("the window or the rule's version is another"));
	else {
		for (u32 i = 0; i < was->feature_count; i++)
			if (feature_differs(&was->features[i], &is->features[i])) {
				snprintf(why, OPT_WHY, N_("%s was %.6g and is %.6g"),
					 was->features[i].name, was->features[i].value,
					 is->features[i].value);
				return true;
			}
		return false;
	}
	return true;
}

static bool is_minutes(const struct related *r)
{
	return strcmp(r->role, "minutes") == 0;
}

/* The next party from *at on that the rule named (minutes come from the run); NULL at the end. */
static const struct related *next_party(const struct finding *f, u32 *at)
{
	while (*at < f->related_count && is_minutes(&f->related[*at]))
		(*at)++;
	return *at < f->related_count ? &f->related[(*at)++] : NULL;
}

static bool parties_differ(const struct finding *was, const struct finding *is)
{
	u32 i = 0, j = 0;
	const struct related *a, *b;

	do {
		a = next_party(was, &i);
		b = next_party(is, &j);
		if ((a == NULL) != (b == NULL) ||
		    (a && (strcmp(a->role, b->role) || strcmp(a->name, b->name) ||
			   strcmp(a->note, b->note) || a->amount != b->amount)))
			return true;
	} while (a);
	return false;
}

static bool words_differ(const struct finding *was, const struct finding *is)
{
	for (u32 i = 0; i < was->feature_count && i < is->feature_count; i++)
		if (strcmp(was->features[i].unit, is->features[i].unit) ||
		    strcmp(was->features[i].help, is->features[i].help))
			return true;
	return false;
}

bool judged_misquotes(const struct finding *was, const struct finding *is, char why[OPT_WHY])
{
	if (strcmp(was->sentence, is->sentence) != 0)
		snprintf(why, OPT_WHY, N_("the rule says something else: %s"),
			is->sentence);
	else if (parties_differ(was, is))
		snprintf(why, OPT_WHY, N_("the rule names others, or says something else "
			"of them"));
	else if (words_differ(was, is))
		snprintf(why, OPT_WHY, N_("the rule says something else of what was "
			"measured"));
	else if (was->frames != is->frames || was->lost != is->lost || was->late != is->late ||
		 was->crowded != is->crowded)
		snprintf(why, OPT_WHY, N_("the totals of the window are others"));
	else if (was->evidence_all != is->evidence_all)
		snprintf(why, OPT_WHY, N_("there were %llu messages, not %llu"),
			 (unsigned long long)is->evidence_all,
			 (unsigned long long)was->evidence_all);
	else
		return false;
	return true;
}
