/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_words.c - the names that letters may use, and their texts; see compose_words.h.
 * A new name is one line in words_make() or a column of a list. */
#include "run/compose_words.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/contact.h"
#include "respond/notice.h"
#include "respond/title.h"

#define ROWS_MAX 200u		/* of one list; what is more is counted as withheld */
#define WORDS_MAX 60u
#define TEXT_MAX 2000u		/* octets of one item's text; more is cut at a word */
#define ITEM_WORDS 9u

struct words {
	struct letter_word word[WORDS_MAX];
	struct letter_list list[9];
	struct letter_data data;
	const char *items[ROWS_MAX * ITEM_WORDS], *sorted[3][ROWS_MAX * ITEM_WORDS];
	const char *files[COMPOSE_PARTS * 2],
		*packs[COMPOSE_PACKS_LOOKED * 3], *told[ROWS_MAX * 4],
		*deadlines[ROWS_MAX * 3];
	size_t count;
	void **own;		/* texts, freed in the end */
	size_t owned;
	int error;
	const struct words_from *from;
};

/* A text that lives as long as the words. */
static const char *hold(struct words *w, char *text)
{
	void **more = text ? realloc(w->own, (w->owned + 1) * sizeof *more) : NULL;

	if (more == NULL) {
		free(text);
		w->error = -ENOMEM;
		return "";
	}
	w->own = more;
	more[w->owned++] = text;
	return text;
}

static const char *copy(struct words *w, const char *text)
{
	const char *is = text ? text : "";
	const size_t n = utf8_cut(is, TEXT_MAX);
	char *made = NULL;

	if (asprintf(&made, "%.*s%s", (int)n, is, is[n] ? " \u2026" : "") < 0)
		made = NULL;
	return hold(w, made);
}

/* "2026-11-22 03:15 UTC"; empty for a time that is not known. */
static const char *when(struct words *w, u64 at)
{
	char text[STAMP_TEXT_MAX], *is = NULL;

	if (at == 0)
		return "";
	stamp_text(at, 0, text);
	if (asprintf(&is, "%.10s %.5s UTC", text, text + 11) < 0)
		is = NULL;
	return hold(w, is);
}

static const char *number(struct words *w, u64 n)
{
	char *is = NULL;

	if (n == 0)
		return "";
	if (asprintf(&is, "%llu", (unsigned long long)n) < 0)
		is = NULL;
	return hold(w, is);
}

static const char *term(struct words *w, const char *word)
{
	char to[100];

	return copy(w, letter_term(w->from->language, word, to));
}

/* "domain"; empty for what has no word: "other" would tell a reader nothing. */
static const char *kind(struct words *w, u8 of)
{
	return of == SUBJECT_OTHER ? "" : term(w, subject_kinds[of]);
}

void compose_safe(struct buf *out, const char *subject)
{
	const char *scheme = strstr(subject, "://");

	if (scheme && strncmp(subject, "http", 4) == 0) {
		buf_text(out, "hxxp");
		subject += 4;
	}
	for (; *subject; subject++)
		if (*subject == '.')
			buf_text(out, "[.]");
		else if (*subject == '@')
			buf_text(out, "[at]");
		else
			buf_byte(out, (u8)*subject);
}

/* How many octets of a name stand there; 0 when none does: "306.8" and "etc." are none. */
static size_t name_at(const char *text)
{
	static const char of_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789-_.";
	size_t n = strspn(text, of_names);
	const char *last;

	while (n && text[n - 1] == '.')
		n--;
	last = memrchr(text, '.', n);
	return last && memchr(text, '.', n) != text && (u8)((last[1] | 32) - 'a') < 26 ? n : 0;
}

/* A sentence, with the names in it like that. */
static void safe_text(struct buf *out, const char *text)
{
	while (*text) {
		size_t n = name_at(text), skip = strspn(text, "abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

		if (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0) {
			buf_text(out, "hxxp");
			text += 4;
			continue;
		}
		for (size_t i = 0; i < n; i++)
			buf_add(out, text[i] == '.' ? "[.]" : text + i, text[i] == '.' ? 3 : 1);
		if (n == 0)
			buf_add(out, text, n = skip ? skip : 1);
		text += n;
	}
}

static const char *safe(struct words *w, const char *subject)
{
	struct buf out = { .limit = TEXT_MAX };
	const char *is;

	compose_safe(&out, subject ? subject : "");
	is = copy(w, buf_str(&out));
	buf_free(&out);
	return is;
}

/* Words of others, as they are but for the names in them; further lines are indented. */
static const char *theirs(struct words *w, const char *text)
{
	struct buf safe = { 0 }, out = { 0 };
	const char *is;

	safe_text(&safe, text ? text : "");
	for (const char *p = buf_str(&safe); *p; p++)
		buf_add(&out, *p == '\n' ? "\n  " : p, *p == '\n' ? 3 : 1);
	is = copy(w, buf_str(&out));
	buf_free(&safe);
	buf_free(&out);
	return is;
}

/* What is ours, or a person's: ours is stored in English, and the letter has a language of its
 * own. */
static const char *stored(struct words *w, const char *text)
{
	struct buf said = { 0 };
	const char *is;

	say_stored(&said, tongue_find(w->from->language, NULL), text ? text : "");
	is = theirs(w, buf_str(&said));
	buf_free(&said);
	return is;
}

/* A finding's sentence: surely ours. */
static const char *sentence(struct words *w, const char *text)
{
	struct buf said = { 0 };
	const char *is;

	say_anew(&said, tongue_find(w->from->language, NULL), text ? text : "");
	is = theirs(w, buf_str(&said));
	buf_free(&said);
	return is;
}

/* "Data channel through DNS": what a finding's rule is called. */
static const char *rule_title(struct words *w, const char *rule)
{
	const struct tongue *t = tongue_find(w->from->language, NULL);

	return rule ? copy(w, say_in(t, title_of_rule(rule))) : "";
}

static void set(struct words *w, const char *name, const char *text)
{
	must(w->count < WORDS_MAX - 1);
	w->word[w->count++] = (struct letter_word){ name, text };
}

/* ---- lists ---- */

/* Is it a row of the letter? The incident itself is where nothing else is known of it. */
static bool is_told(const struct words *w, size_t i)
{
	const struct release *r = w->from->release;
	const struct item *it = release_item(r, i);

	return it->subject && it->subject[0] && !w->from->once[i].joined &&
	       (it->kind != ITEM_INCIDENT || release_count(r) == 1);
}

const struct item *words_subject(const struct release *r)
{
	for (size_t i = 0; r && i < release_count(r); i++)
		if (release_item(r, i)->subject && release_item(r, i)->subject[0])
			return release_item(r, i);
	return NULL;
}

/* A last moment where there was more than one, to the minute. */
static const char *until(struct words *w, u64 first, u64 last)
{
	const char *is = when(w, last);

	return strcmp(is, when(w, first)) == 0 ? "" : is;
}

static const char *text_of(struct words *w, const struct item *it)
{
	if (it->kind == ITEM_REPORT)
		return theirs(w, it->text);
	return it->kind == ITEM_OBSERVATION ? sentence(w, it->text) : stored(w, it->text);
}

static size_t add_items(struct words *w)
{
	const struct release *r = w->from->release;
	size_t n = 0;

	for (size_t i = 0; r && i < release_count(r) && n < ROWS_MAX; i++) {
		const struct item *it = release_item(r, i);
		const char **row = w->items + ITEM_WORDS * n;

		if (!is_told(w, i))
			continue;
		row[0] = copy(w, it->subject);
		row[1] = safe(w, it->subject);
		row[2] = kind(w, it->subject_kind);
		row[3] = it->kind == ITEM_OBSERVATION ? rule_title(w, it->rule)
						      : stored(w, it->title);
		row[4] = text_of(w, it);
		row[5] = when(w, w->from->once[i].first);
		row[6] = when(w, it->last_seen);
		row[7] = copy(w, it->evidence);
		row[8] = until(w, w->from->once[i].first, it->last_seen);
		n++;
	}
	return n;
}

/* Those of one kind, as rows of the list of all. */
static size_t add_kind(struct words *w, const char **rows, u8 kind)
{
	const struct release *r = w->from->release;
	size_t n = 0, at = 0;

	for (size_t i = 0; r && i < release_count(r) && at < ROWS_MAX; i++) {
		const struct item *it = release_item(r, i);

		if (!is_told(w, i))
			continue;
		if (it->kind == kind)
			memcpy(rows + ITEM_WORDS * n++, w->items + ITEM_WORDS * at,
			       ITEM_WORDS * sizeof *rows);
		at++;
	}
	return n;
}

static size_t add_files(struct words *w)
{
	const struct composed *c = w->from->composed;
	char hash[65];

	for (size_t i = 0; i < c->part_count; i++) {
		w->files[2 * i] = c->parts[i].name;
		w->files[2 * i + 1] = copy(w, mime_sha256(c->parts[i].octets, c->parts[i].n,
							  hash));
	}
	return c->part_count;
}

/* Those that are not attached. */
static size_t add_packs(struct words *w)
{
	const struct compose_packs *p = &w->from->composed->packs;
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (p->at[i].attached.len)
			continue;
		w->packs[3 * n] = p->at[i].name;
		w->packs[3 * n + 1] = p->at[i].sha256;
		w->packs[3 * n++ + 2] = number(w, p->at[i].octets);
	}
	return n;
}

struct gathering { struct words *w; size_t n; u64 first_sent; };

static int add_told(void *to, const void *record)
{
	struct gathering *g = to;
	const struct notice *n = record;
	const char **row = g->w->told + 4 * g->n;

	if (n->state != NOTICE_SENT && n->state != NOTICE_BOUNCED && n->state != NOTICE_FAILED)
		return 0;
	if (n->state == NOTICE_SENT && g->first_sent == 0 &&
	    strcmp(n->contact, g->w->from->to->id) == 0)
		g->first_sent = n->sent;
	row[0] = copy(g->w, n->contact);
	row[1] = when(g->w, n->sent ? n->sent : n->at);
	row[2] = term(g->w, notice_states[n->state]);
	row[3] = copy(g->w, n->letter);
	return ++g->n == ROWS_MAX;
}

static int add_deadline(void *to, const void *record)
{
	struct gathering *g = to;
	const struct deadline *t = record;
	const char **row = g->w->deadlines + 3 * g->n;

	row[0] = copy(g->w, say_of(tongue_find(g->w->from->language, NULL), "clock", t->name));
	row[1] = when(g->w, t->due);
	row[2] = when(g->w, t->met);
	return ++g->n == ROWS_MAX;
}

/* Rows of a noun that hang on the incident, as the recipient may see them. */
static int gather(struct gathering *g, enum desk_table t, const char *order,
		  store_record_fn *each)
{
	const struct words_from *f = g->w->from;
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = f->ask->incident };
	const struct store_query q = { .table = t, .conds = &cond, .count = 1,
		.order = order };
	int rc = f->incident ? gate_each(f->gate, &q, each, g) : 0;

	return rc < 0 ? rc : 0;
}

static const char *const item_words[] = { "item.subject", "item.safe", "item.kind",
	"item.title", "item.text", "item.first", "item.last", "item.evidence", "item.until",
	NULL };
_Static_assert(COUNT(item_words) == ITEM_WORDS + 1, "a column each");

/* All that is told, then by what it rests on: our own findings, what was reported to us, or
 * neither. A letter must not call seen what was reported. */
static void lists_of_items(struct words *w)
{
	static const struct { const char *name, *has; u8 kind; } sorts[] = {
		{ "seen", "has.seen", ITEM_OBSERVATION }, { "reported", "has.reported",
		ITEM_REPORT }, { "about", "has.about", ITEM_INCIDENT },
	};

	w->list[0] = (struct letter_list){ "items", item_words, w->items, add_items(w) };
	for (unsigned i = 0; i < COUNT(sorts); i++) {
		const size_t n = add_kind(w, w->sorted[i], sorts[i].kind);

		w->list[5 + i] = (struct letter_list){ sorts[i].name, item_words, w->sorted[i], n };
		set(w, sorts[i].has, n ? "1" : "");
	}
	set(w, "evidence", w->list[5].rows || w->from->confirmed ? "1" : "");
	set(w, "reported", w->list[6].rows ? "1" : "");
}

static int lists(struct words *w)
{
	static const char *const files[] = { "file.name", "file.sha256", NULL };
	static const char *const packs[] = { "pack.name", "pack.sha256", "pack.octets", NULL };
	static const char *const told[] = { "told.whom", "told.when", "told.state",
		"told.letter", NULL };
	static const char *const deadlines[] = { "clock.name", "clock.due", "clock.met", NULL };
	struct gathering said = { .w = w }, clocks = { .w = w };
	int rc = gather(&said, DESK_notice, "number", add_told);

	if (rc == 0)
		rc = gather(&clocks, DESK_deadline, "due", add_deadline);
	lists_of_items(w);
	w->list[1] = (struct letter_list){ "files", files, w->files, add_files(w) };
	w->list[2] = (struct letter_list){ "told", told, w->told, said.n };
	w->list[3] = (struct letter_list){ "deadlines", deadlines, w->deadlines, clocks.n };
	w->list[4] = (struct letter_list){ "packs", packs, w->packs, add_packs(w) };
	set(w, "first.sent", when(w, said.first_sent));
	set(w, "packs.more", number(w, w->from->composed->packs.more));
	for (unsigned i = 0; i < 5; i++) {
		static const char *const has[] = { "has.items", "has.files", "has.told",
			"has.deadlines", "has.packs" };

		set(w, has[i], w->list[i].rows ? "1" : "");
	}
	return rc;
}

/* ---- words ---- */

static void of_people(struct words *w)
{
	const struct words_from *f = w->from;
	char ticket[32], text[100];

	set(w, "us.name", f->us->name);
	set(w, "us.mail", f->us->mail);
	set(w, "us.phone", f->us->phone);
	set(w, "to.name", f->to->name);
	set(w, "to.id", f->to->id);
	set(w, "to.roles", copy(w, contact_words(f->to->roles, text, sizeof text)));
	set(w, "ticket", f->ask->incident ? copy(w, compose_ticket(f->ask->incident, ticket))
					  : "");
	set(w, "token", f->ask->token);
	set(w, "signature", f->ask->signature);
	set(w, "basis", f->ask->basis);
	set(w, "deadline", when(w, f->ask->deadline));
	set(w, "withheld", number(w, f->composed->withheld));
}

/* The title, with the subject where it does not name it itself. */
static const char *full_title(struct words *w, const struct item *i)
{
	char *is = NULL;

	if (i->subject && i->title && strstr(i->title, i->subject))
		return stored(w, i->title);
	if (asprintf(&is, "%s (%s)", i->kind == ITEM_OBSERVATION ? rule_title(w, i->rule)
		     : stored(w, i->title), safe(w, i->subject)) < 0)
		is = NULL;
	return hold(w, is);
}

/* What was found: the name of the worst finding's rule, else the incident's title. */
static const char *what(struct words *w)
{
	const struct release *r = w->from->release;
	const struct item *worst = NULL;

	for (size_t i = 0; r && i < release_count(r); i++) {
		const struct item *it = release_item(r, i);

		if (it->kind == ITEM_OBSERVATION &&
		    (worst == NULL || it->severity > worst->severity))
			worst = it;
	}
	if (worst)
		return rule_title(w, worst->rule);
	return w->from->incident ? stored(w, w->from->incident->title) : "";
}

static void of_items(struct words *w)
{
	const struct item *first = words_subject(w->from->release), none = { 0 };
	const struct item *i = first ? first : &none;
	struct marking m = w->from->release ? release_marking(w->from->release)
					    : (struct marking){ 0 };

	set(w, "label", label_text(m.tlp));
	set(w, "pap", pap_text(m.pap));
	set(w, "title", i->kind == ITEM_OBSERVATION ? rule_title(w, i->rule)
						    : stored(w, i->title));
	set(w, "title.full", full_title(w, i));
	set(w, "reason", text_of(w, i));
	set(w, "subject", copy(w, i->subject));
	set(w, "subject.safe", safe(w, i->subject));
	set(w, "subject.kind", kind(w, i->subject_kind));
	set(w, "abuse", term(w, abuse_names[i->abuse]));
	set(w, "malicious", i->abuse ? "1" : "");
	set(w, "severity", term(w, severity_name(i->severity)));
	set(w, "confidence", number(w, i->confidence));
	set(w, "first_seen", when(w, i->first_seen));
	set(w, "last_seen", when(w, i->last_seen));
	set(w, "until", until(w, i->first_seen, i->last_seen));
}

static void of_incident(struct words *w)
{
	const struct incident none = { 0 };
	const struct incident *i = w->from->incident ? w->from->incident : &none;

	set(w, "family", copy(w, i->family));
	set(w, "what", what(w));
	set(w, "state", w->from->incident ? term(w, incident_states[i->state]) : "");
	set(w, "verdict", stored(w, i->verdict));
	set(w, "aware", when(w, i->aware));
	set(w, "exposed", number(w, i->exposed));
}

int words_make(struct words **ret, const struct words_from *from)
{
	struct words *w = calloc(1, sizeof *w);
	int rc;

	if (w == NULL)
		return -ENOMEM;
	w->from = from;
	of_people(w);
	of_items(w);
	of_incident(w);
	rc = lists(w);
	w->data = (struct letter_data){ w->word, w->list };
	if (rc == 0)
		rc = w->error;
	if (rc) {
		words_free(w);
		return rc;
	}
	*ret = w;
	return 0;
}

struct words *words_free(struct words *w)
{
	for (size_t i = 0; w && i < w->owned; i++)
		free(w->own[i]);
	if (w)
		free(w->own);
	free(w);
	return NULL;
}

const struct letter_data *words_data(const struct words *w)
{
	return &w->data;
}
