/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.c - opening the desk, changing it, closing it; see desk.h. */
#include "respond/own.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <sodium.h>
#include <stdarg.h>

#define F(name, text) text,
const char *const desk_codes[] = { DESK_CODES(F) NULL };
#undef F

static void say_why(struct desk *d, enum desk_code code, const char *format, va_list args)
{
	vsnprintf(d->why, sizeof d->why, format, args);
	d->code = code;
}

int desk_fault(struct desk *d, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_why(d, CODE_NONE, format, args);
	va_end(args);
	return error;
}

int desk_refuse(struct desk *d, enum desk_code code, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_why(d, code, format, args);
	va_end(args);
	return error;
}

struct changed_by { u64 at; char author[DESK_AUTHOR_MAX]; };

static int take_author(void *to, const struct event *e)
{
	struct changed_by *by = to;

	if (e->at == by->at)
		snprintf(by->author, sizeof by->author, "%s", e->author);
	return 0;
}

int desk_still(struct desk *d, const char *about, u64 at, u64 seen)
{
	const char *what = strchr(about, ':') ? strchr(about, ':') + 1 : about;
	struct changed_by by = { at, "?" };
	char text[STAMP_TEXT_MAX];
	int rc;

	if (seen == 0 || at == seen)
		return 0;
	if ((rc = store_each_event(d->store, 1, 0, about, take_author, &by)))
		return rc;
	if (strcmp(by.author, d->author) == 0)
		return desk_fault(d, OOPS_CHANGED, "'%.100s' was changed by you, in another window "
				  "or command, at %s: look again", what, stamp_text(at, 0, text));
	return desk_fault(d, OOPS_CHANGED, "'%.100s' was changed by %.100s at %s: look again",
			  what, by.author, stamp_text(at, 0, text));
}

enum desk_code desk_code(const struct desk *d)
{
	return d->code;
}

const char *desk_error(const struct desk *d)
{
	return d->why[0] ? d->why : store_error(d->store);
}

struct store *desk_store(const struct desk *d)
{
	return d->store;
}

const char *desk_author(const struct desk *d)
{
	return d->author;
}

void desk_use_playbooks(struct desk *d, const char *folder)
{
	d->playbooks = folder;
}

const char *desk_playbooks(const struct desk *d)
{
	return d->playbooks;
}

bool desk_reads(const struct desk *d)
{
	return d->reads;
}

u64 desk_now(const struct desk *d)
{
	return d->time ? d->time : d->now(d->world);
}

int desk_as(struct desk *d, const char *author)
{
	if (author == NULL || author[0] == 0 || strlen(author) >= sizeof d->author)
		return desk_fault(d, -EINVAL, "an author of 1 to %u octets is wanted",
				  DESK_AUTHOR_MAX - 1);
	memcpy(d->author, author, strlen(author) + 1);
	return 0;
}

/* Tables of another shape, or none: made anew; who only reads sees an empty desk. */
static int shape(struct desk *d)
{
	bool good;
	u64 last = 0;
	char hash[65];
	int rc = store_desk_good(d->store, &good);

	if (rc || good)
		return rc;
	if (d->reads) {
		if ((rc = store_last_event(d->store, &last, hash)))
			return rc;
		if (last == 0)
			return store_desk_none(d->store);
		return desk_fault(d, OOPS_VERSION, "its desk was written by another version of "
				  "Vedette; 'vedette log rebuild' brings it up");
	}
	return desk_rebuild(d);
}

static int open_all(struct desk *d, const struct desk_setup *setup)
{
	int rc;

	if (sodium_init() < 0)
		return desk_fault(d, -EIO, "libsodium cannot be used");
	if ((rc = desk_as(d, setup->author)))
		return rc;
	d->now = setup->now;
	d->world = setup->world;
	d->reads = setup->reads;
	if (setup->key && !setup->reads && (rc = log_key_read(d, setup->key)))
		return rc;
	rc = store_open(&d->store, setup->path, d->reads ? STORE_READ : STORE_WRITE, d->why);
	return rc ? rc : shape(d);
}

int desk_open(struct desk **ret, const struct desk_setup *setup, char why[DESK_WHY])
{
	struct desk *d = calloc(1, sizeof *d);
	int rc;

	if (d == NULL) {
		snprintf(why, DESK_WHY, N_("there is no memory left"));
		return -ENOMEM;
	}
	rc = open_all(d, setup);
	if (rc == 0) {
		d->why[0] = 0;
		*ret = d;
		return 0;
	}
	snprintf(why, DESK_WHY, "%s", d->why[0] || d->store == NULL ? d->why
		 : store_error(d->store));
	desk_close(d);
	return rc;
}

int desk_look(struct desk **ret, struct store *s, u64 (*now)(void *world), void *world)
{
	struct desk *d;
	bool good;
	int rc = store_desk_good(s, &good);

	if (rc || !good)
		return rc ? rc : OOPS_UNKNOWN;
	if ((d = calloc(1, sizeof *d)) == NULL)
		return -ENOMEM;
	d->store = s;
	d->now = now;
	d->world = world;
	d->reads = d->borrows = true;
	*ret = d;
	return 0;
}

struct desk *desk_close(struct desk *d)
{
	if (d == NULL)
		return NULL;
	if (!d->borrows)
		store_close(d->store);
	sodium_memzero(d, sizeof *d);
	free(d);
	return NULL;
}

#define BACK_MOST (600 * STAMP_NS)	/* so far the log does not follow a clock that goes back */

static int take_time(void *to, const struct event *e)
{
	*(u64 *)to = e->at;
	return 0;
}

/* The time of a change: read while nobody else can write, and a microsecond behind the last
 * event at least, so that who asks for what came after a time misses nothing. */
static int begin_time(struct desk *d, u64 *ret)
{
	u64 last = 0, number, now;
	char hash[65];
	int rc = store_last_event(d->store, &number, hash);

	if (rc == 0 && number)
		rc = store_each_event(d->store, number, number, NULL, take_time, &last);
	now = d->now(d->world);
	*ret = now <= last && last - now < BACK_MOST ? last + 1000 : now;
	return rc < 0 ? rc : 0;
}

int desk_begin(struct desk *d)
{
	int rc;

	d->why[0] = 0;
	d->code = CODE_NONE;
	if (d->reads)
		return desk_fault(d, -EACCES, "the desk was opened to look only");
	must(d->time == 0);
	if ((rc = store_begin(d->store)))
		return rc;
	if ((rc = begin_time(d, &d->time)))
		return desk_end(d, rc);
	return 0;
}

int desk_commit(struct desk *d)
{
	return desk_end(d, 0);
}

int desk_end(struct desk *d, int rc)
{
	d->time = 0;
	if (rc == 0)
		return store_commit(d->store);
	if (d->why[0] == 0)	/* undoing must not take the sentence away */
		desk_fault(d, rc, "%s", store_error(d->store)[0] ? store_error(d->store)
			   : oops_text(rc));
	store_undo(d->store);
	return rc;
}

/* The event with number, prev, hash and signature, folded. */
static int append(struct desk *d, struct event *e, json_t *body, u64 *number)
{
	char prev[65], hash[65], signature[129] = "";
	u64 last;
	int rc = store_last_event(d->store, &last, prev);

	if (rc)
		return rc;
	if (prev[0] == 0)
		memset(prev, '0', 64);
	prev[64] = 0;
	e->number = last + 1;
	e->prev = prev;
	event_hash(e, hash);
	e->hash = hash;
	if (d->is_signing)
		log_sign(d, hash, signature);
	e->signature = signature;
	e->signer = d->is_signing ? d->signer : "";
	if (number)
		*number = e->number;
	rc = store_append_event(d->store, e);
	return rc ? rc : fold_said(d, e, body);
}

int desk_say(struct desk *d, const char *kind, const char *about, json_t *body, u64 *number)
{
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	struct event e = { .at = d->time, .author = d->author, .kind = kind,
		.about = about ? about : "", .body = text };
	int rc;

	must(d->time);
	rc = text ? append(d, &e, body, number)
		  : desk_fault(d, -ENOMEM, "there is no memory left");
	json_decref(body);
	free(text);
	return rc;
}
