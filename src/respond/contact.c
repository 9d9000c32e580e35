/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact.c - contacts and their addresses, changed by events; see contact.h. */
#include "respond/contact.h"
#include "base/buf.h"
#include "model/digest.h"
#include <unicode/uloc.h>

#define F(name, text) text,
const char *const contact_roles[] = { CONTACT_ROLES(F) NULL };
#undef F

#define SEPARATORS " ,\t\r\n"

bool contact_has(const char *lines, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strcspn(p, "\n") == n && memcmp(p, word, n) == 0)
			return true;
	return false;
}

char *contact_words(const char *lines, char *to, size_t room)
{
	size_t n = 0;

	to[0] = 0;
	for (const char *p = lines; *p && n + 3 < room;
	     p += strcspn(p, "\n"), p += *p == '\n')
		n += (size_t)snprintf(to + n, room - n, "%s%.*s", n ? ", " : "",
				      (int)strcspn(p, "\n"), p);
	return to;
}

/* ---- what is wrong with it ---- */

static bool id_good(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	return n && n <= CONTACT_ID_MAX && id[n] == 0 && id[0] != '-' && id[0] != '.';
}

static bool role_good(const char *word, size_t n)
{
	for (unsigned i = 0; contact_roles[i]; i++)
		if (strlen(contact_roles[i]) == n && memcmp(contact_roles[i], word, n) == 0)
			return true;
	return false;
}

/* A language of ISO 639 ("es", "ast"), perhaps with more behind a hyphen ("pt-br"). */
static bool language_good(const char *word, size_t n)
{
	size_t first = strcspn(word, "- ,\t\r\n");

	if (n < 2 || n > 11 || strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") < n)
		return false;
	for (const char *const *known = uloc_getISOLanguages(); *known; known++)
		if (strlen(*known) == first && memcmp(*known, word, first) == 0)
			return true;
	return false;
}

/* Words of a text, each good and each once, one a line. OOPS_FORMAT and the first that is
 * not good is told. */
static int to_lines(struct desk *d, struct buf *out, const char *text,
		    bool (*good)(const char *, size_t), const char *what)
{
	char word[300];

	if (text == NULL)
		return 0;
	for (const char *p = text + strspn(text, SEPARATORS); *p; p += strspn(p, SEPARATORS)) {
		size_t n = strcspn(p, SEPARATORS);

		if (n >= sizeof word || !good(p, n))
			return desk_fault(d, OOPS_FORMAT, "'%.*s' is no %s",
					  (int)min_u64(n, 80), p, what);
		snprintf(word, sizeof word, "%.*s", (int)n, p);
		if (!contact_has(buf_str(out), word))
			buf_fmt(out, "%s%s", out->len ? "\n" : "", word);
		p += n;
	}
	return buf_error(out);
}

static int text_good(struct desk *d, const char *text, const char *what)
{
	if (text == NULL || strlen(text) <= CONTACT_TEXT_MAX)
		return 0;
	return desk_fault(d, OOPS_LIMIT, "%s is longer than %u octets", what,
			  CONTACT_TEXT_MAX);
}

static int must_exist(struct desk *d, const char *id)
{
	struct contact *c = NULL;
	int rc = contact_find(d, id, &c);

	free(c);
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no contact '%.100s'", id);
	return rc < 0 ? rc : 0;
}

static int check(struct desk *d, const struct contact *c)
{
	int rc;

	if (c->id == NULL || !id_good(c->id))
		return desk_fault(d, OOPS_FORMAT, "'%.80s' is no id of a contact: write up to "
			"%u lower-case letters, digits, dots and hyphens", c->id ? c->id : "",
			CONTACT_ID_MAX);
	if (c->name == NULL || c->name[0] == 0)
		return desk_fault(d, OOPS_FORMAT, "contact '%s' has no name", c->id);
	if ((rc = text_good(d, c->name, N_("the name"))) ||
	    (rc = text_good(d, c->covers, N_("what it covers"))) ||
	    (rc = text_good(d, c->note, N_("the note"))))
		return rc;
	if (c->organisation == NULL || c->organisation[0] == 0)
		return 0;
	if (strcmp(c->organisation, c->id) == 0)
		return desk_fault(d, OOPS_FORMAT, "'%s' cannot be its own organisation", c->id);
	return must_exist(d, c->organisation);
}

/* ---- operations ---- */

static int say(struct desk *d, const char *kind, const char *id, json_t *body)
{
	char about[CONTACT_ID_MAX + 16];

	snprintf(about, sizeof about, "contact:%s", id);
	return desk_say(d, kind, about, body, NULL);
}

struct lists { struct buf roles, covers, languages; };

static int read_lists(struct desk *d, const struct contact *c, struct lists *l)
{
	int rc = to_lines(d, &l->roles, c->roles, role_good,
			  N_("role; 'vedette help contacts' names them"));

	if (rc == 0)
		rc = to_lines(d, &l->covers, c->covers, cover_good,
			      N_("domain, AS number, prefix or iana:NUMBER"));
	if (rc == 0)
		rc = to_lines(d, &l->languages, c->languages, language_good,
			      N_("language; write codes of ISO 639: en, es, fr"));
	for (size_t i = 0; i < l->languages.len; i++)
		if (l->languages.at[i] == '\n')
			l->languages.at[i] = ' ';
	return rc;
}

int contact_set(struct desk *d, const struct contact *c)
{
	struct lists l = { 0 };
	struct contact is = *c;
	int rc = check(d, c);

	if (rc == 0)
		rc = read_lists(d, c, &l);
	is.roles = buf_str(&l.roles);
	is.covers = buf_str(&l.covers);
	is.languages = buf_str(&l.languages);
	is.changed = desk_now(d);
	if (rc == 0)
		rc = say(d, "contact.set", c->id, desk_body(DESK_contact, &is));
	buf_free(&l.roles);
	buf_free(&l.covers);
	buf_free(&l.languages);
	return rc;
}

int contact_find(struct desk *d, const char *id, struct contact **ret)
{
	void *found = NULL;
	int rc = desk_find(d, DESK_contact, &(struct contact){ .id = id }, &found);

	*ret = found;
	return rc;
}

int contact_remove(struct desk *d, const char *id)
{
	int rc = must_exist(d, id);

	return rc ? rc : say(d, "contact.remove", id, json_pack("{s:s}", "id", id));
}

static bool number_good(const char *text)
{
	return text[strspn(text, "+0123456789 ()-./;=ext")] == 0 && strlen(text) < 60 &&
	       strpbrk(text, "0123456789");
}

static bool one_line(const struct address *a)
{
	bool blanks = a->channel == CHANNEL_POST || a->channel == CHANNEL_PHONE;

	if (a->value == NULL || a->value[0] == 0 || strlen(a->value) > 500)
		return false;
	for (const char *p = a->value; *p; p++)
		if ((u8)*p < ' ' || *p == 0x7f || (*p == ' ' && !blanks))
			return false;
	return true;
}

/* NULL when the form is right, else what is wanted. */
static const char *form_wanted(const struct address *a)
{
	const char *v = a->value;
	u8 key[32];

	if (!one_line(a))
		return N_("one line of up to 500 octets");
	switch (a->channel) {
	case CHANNEL_MAIL:
		return subject_kind_of(v) == SUBJECT_EMAIL && !strpbrk(v, ",;:\"\\()[]") ? NULL
		       : N_("an e-mail address: abuse@example.org");
	case CHANNEL_WEBHOOK:
	case CHANNEL_WEB:
		return strncmp(v, "https://", 8) == 0 || strncmp(v, "http://", 7) == 0 ? NULL
		       : "a URL: https://example.org/abuse";
	case CHANNEL_PHONE:
		return number_good(v) ? NULL : N_("a telephone number: +34 910 000 000");
	case CHANNEL_KEY:
		return strlen(v) == 64 && hex_parse(v, 32, key) == 0 ? NULL
		       : N_("an Ed25519 public key: 64 hex digits");
	default:
		return NULL;
	}
}

int contact_address(struct desk *d, const struct address *a)
{
	const char *wanted = form_wanted(a);
	int rc = must_exist(d, a->contact);

	if (rc)
		return rc;
	if (wanted)
		return desk_fault(d, OOPS_FORMAT, "'%.200s' is no address for %s: it wants %s",
				  a->value ? a->value : "", channels[a->channel], wanted);
	return say(d, "contact.address", a->contact, json_pack("{s:s, s:s, s:s, s:I}",
		"contact", a->contact, "channel", channels[a->channel], "value", a->value,
		"place", (json_int_t)a->place));
}

static int address_known(struct desk *d, const struct address *key)
{
	void *found = NULL;
	int rc = desk_find(d, DESK_address, key, &found);

	free(found);
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "'%.100s' has no address %s %.200s",
				  key->contact, channels[key->channel], key->value);
	return rc < 0 ? rc : 0;
}

int contact_address_remove(struct desk *d, const struct address *key)
{
	int rc = address_known(d, key);

	return rc ? rc : say(d, "contact.address-remove", key->contact,
		json_pack("{s:s, s:s, s:s}", "contact", key->contact, "channel",
			  channels[key->channel], "value", key->value));
}

int contact_proof(struct desk *d, const struct address *key, enum proof proof)
{
	int rc = address_known(d, key);

	return rc ? rc : say(d, "contact.proof", key->contact,
		json_pack("{s:s, s:s, s:s, s:s}", "contact", key->contact, "channel",
			  channels[key->channel], "value", key->value, "proof",
			  proofs[proof]));
}

struct reaching { struct address *best; };

static bool better(const struct address *a, const struct address *b)
{
	bool a_bad = a->proof == PROOF_BOUNCED, b_bad = b->proof == PROOF_BOUNCED;

	return a_bad != b_bad ? b_bad : a->place < b->place;
}

static int keep_best(void *to, const void *record)
{
	struct reaching *r = to;

	if (r->best && !better(record, r->best))
		return 0;
	free(r->best);
	r->best = desk_copy(DESK_address, record);
	return r->best ? 0 : -ENOMEM;
}

int contact_reach(struct desk *d, const char *id, enum channel ch, struct address **ret)
{
	const struct store_cond conds[] = {
		{ .field = "contact", .op = STORE_IS, .text = id },
		{ .field = "channel", .op = STORE_IS, .number = ch },
	};
	const struct store_query q = { .table = DESK_address, .conds = conds, .count = 2,
		.order = "place value" };
	struct reaching r = { 0 };
	int rc = store_each(desk_store(d), &q, keep_best, &r);

	*ret = r.best;
	return rc < 0 ? rc : r.best != NULL;
}

/* ---- folding ---- */

static int apply_set(struct desk *d, const struct desk_event *e)
{
	struct contact c = { 0 };
	int rc = desk_record(d, e, DESK_contact, &c);

	if (rc == 0 && (c.id == NULL || c.id[0] == 0))
		rc = desk_damaged(d, e, N_("it has no id"));
	return rc ? rc : store_put(desk_store(d), DESK_contact, &c);
}

/* Records of a table that are to go: gathered first, as they are being read. */
struct doomed {
	enum desk_table table;
	void **record;
	size_t count;
};

static int doom(void *to, const void *record)
{
	struct doomed *g = to;
	void **more = realloc(g->record, (g->count + 1) * sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	g->record = more;
	more[g->count] = desk_copy(g->table, record);
	return more[g->count] ? (g->count++, 0) : -ENOMEM;
}

static int drop_all(struct desk *d, enum desk_table t, const char *field, const char *id)
{
	const struct store_cond cond = { .field = field, .op = STORE_IS, .text = id };
	const struct store_query q = { .table = t, .conds = &cond, .count = 1 };
	struct doomed g = { .table = t };
	int rc = store_each(desk_store(d), &q, doom, &g);

	for (size_t i = 0; i < g.count; i++) {
		if (rc == 0)
			rc = store_drop(desk_store(d), t, g.record[i]);
		free(g.record[i]);
	}
	free(g.record);
	return rc;
}

static int apply_remove(struct desk *d, const struct desk_event *e)
{
	const char *id = desk_text(e, "id");
	int rc = store_drop(desk_store(d), DESK_contact, &(struct contact){ .id = id });

	if (rc == 0)
		rc = drop_all(d, DESK_address, "contact", id);
	if (rc == 0)
		rc = drop_all(d, DESK_vouch, "by", id);
	return rc ? rc : drop_all(d, DESK_vouch, "whom", id);
}

/* The address that the event names, as it is; a new one when there is none. */
static int read_address(struct desk *d, const struct desk_event *e, struct address *ret,
			void **own)
{
	int rc;

	*ret = (struct address){ .contact = desk_text(e, "contact"),
		.channel = desk_choice(e, "channel", channels), .value = desk_text(e, "value") };
	rc = desk_find(d, DESK_address, ret, own);
	if (rc == 1)
		*ret = *(struct address *)*own;
	return rc;
}

static int apply_address(struct desk *d, const struct desk_event *e)
{
	struct address a;
	void *own = NULL;
	int rc = read_address(d, e, &a, &own);

	a.place = desk_number(e, "place");
	if (rc >= 0)
		rc = store_put(desk_store(d), DESK_address, &a);
	free(own);
	return rc;
}

static int apply_address_remove(struct desk *d, const struct desk_event *e)
{
	return store_drop(desk_store(d), DESK_address, &(struct address){
		.contact = desk_text(e, "contact"), .value = desk_text(e, "value"),
		.channel = desk_choice(e, "channel", channels) });
}

/* Who answered on one address was reached. */
static int proven(struct desk *d, const char *id, u64 at)
{
	struct contact *c = NULL;
	int rc = contact_find(d, id, &c);

	if (rc == 1) {
		c->proven = at;
		rc = store_put(desk_store(d), DESK_contact, c);
	}
	free(c);
	return rc < 0 ? rc : 0;
}

static int apply_proof(struct desk *d, const struct desk_event *e)
{
	struct address a;
	void *own = NULL;
	int rc = read_address(d, e, &a, &own);

	if (rc == 1) {
		a.proof = desk_choice(e, "proof", proofs);
		a.at = e->event->at;
		rc = store_put(desk_store(d), DESK_address, &a);
		if (rc == 0 && a.proof == PROOF_ANSWERED)
			rc = proven(d, a.contact, e->event->at);
	}
	free(own);
	return rc < 0 ? rc : 0;
}

const struct desk_kind people_kinds[] = {
	{ "contact.set", "the whole contact", apply_set },
	{ "contact.remove", "id", apply_remove },
	{ "contact.address", "contact, channel, value, place", apply_address },
	{ "contact.address-remove", "contact, channel, value", apply_address_remove },
	{ "contact.proof", "contact, channel, value, proof", apply_proof },
	{ .name = NULL }
};
