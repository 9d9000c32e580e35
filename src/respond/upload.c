/* SPDX-License-Identifier: GPL-3.0-or-later */
/* upload.c - see upload.h. Two kinds of events: upload.add says all of a file, upload.state
 * what became of it. */
#include "respond/upload.h"
#include "base/num.h"
#include "respond/case_own.h"

/* ---- names ---- */

static bool plain(u8 c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == '-' || c == '_' || c == '+';
}

char *upload_name(const char *name, char to[UPLOAD_NAME_MAX + 1])
{
	const char *last = strrchr(name, '/');
	size_t n = 0;

	for (const char *p = last ? last + 1 : name; *p && n < UPLOAD_NAME_MAX; p++)
		to[n++] = plain((u8)*p) ? *p : '_';
	to[n] = 0;
	if (n == 0)
		snprintf(to, UPLOAD_NAME_MAX + 1, "upload");
	if (to[0] == '.' || to[0] == '-')
		to[0] = '_';
	return to;
}

/* ---- looking ---- */

static int each_of(struct desk *d, const struct store_cond *conds, unsigned n,
		   store_record_fn *each, void *to)
{
	const struct store_query q = { .table = DESK_upload, .conds = conds, .count = n,
		.order = "number" };

	return store_each(desk_store(d), &q, each, to);
}

static const struct store_cond kept = { .field = "folder", .op = STORE_NOT, .text = "" };

struct summing { const char *owner; u64 octets; unsigned count; };

static int sum(void *to, const void *record)
{
	const struct upload *u = record;
	struct summing *s = to;

	s->octets += u->octets;
	s->count += strcmp(u->owner, s->owner) == 0 &&
		(u->state == UPLOAD_QUEUED || u->state == UPLOAD_RUNNING);
	return 0;
}

int upload_room(struct desk *d, const struct upload_limits *l, const struct upload_wish *w)
{
	struct summing s = { .owner = w->owner };
	char n[NUM_TEXT_MAX];
	int rc = each_of(d, &kept, 1, sum, &s);

	if (rc)
		return rc;
	if (w->octets > l->octets)
		return desk_fault(d, OOPS_LIMIT, "a file has at most %s octets here "
				  "(--serve-upload-size)", num_size_exact(l->octets, n));
	if (s.count + w->more >= l->each)
		return desk_fault(d, -EDQUOT, "%u of your files wait or are analysed; try again "
				  "when one has ended (--serve-jobs-each)", s.count + w->more);
	if (s.octets + w->under_way + w->octets > l->quota)
		return desk_fault(d, -EDQUOT, "all uploads together have at most %s octets here; "
				  "try again when others have ended (--serve-upload-quota)",
				  num_size_exact(l->quota, n));
	return 0;
}

int upload_find(struct desk *d, u64 number, struct upload **ret)
{
	const struct upload key = { .number = number };
	void *found = NULL;
	int rc = desk_find(d, DESK_upload, &key, &found);

	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no job %llu",
				  (unsigned long long)number);
	*ret = found;
	return rc < 0 ? rc : 0;
}

static int keep_one(void *to, const void *record)
{
	*(struct upload **)to = desk_copy(DESK_upload, record);
	return *(struct upload **)to ? 1 : -ENOMEM;
}

int upload_next(struct desk *d, struct upload **ret)
{
	const struct store_cond queued = { .field = "state", .op = STORE_IS,
		.number = UPLOAD_QUEUED };

	return each_of(d, &queued, 1, keep_one, ret);
}

struct telling { upload_fn *each; void *to; };

static int tell(void *to, const void *record)
{
	struct telling *t = to;

	return t->each(t->to, record);
}

int upload_each(struct desk *d, upload_fn *each, void *to)
{
	struct telling t = { each, to };

	return each_of(d, &kept, 1, tell, &t);
}

/* ---- changing ---- */

static int say(struct desk *d, const char *kind, u64 about, json_t *body, u64 *number)
{
	char text[40] = "";
	int rc = desk_begin(d);

	if (about)
		snprintf(text, sizeof text, "upload:%llu", (unsigned long long)about);
	if (rc)
		json_decref(body);
	return rc ? rc : desk_end(d, desk_say(d, kind, text, body, number));
}

int upload_add(struct desk *d, const struct upload *u, u64 *number)
{
	static const char *const without[] = { "number", "at", "state", "started", "ended", "run",
		"found", "why", NULL };

	return say(d, "upload.add", 0, desk_brief(DESK_upload, u, without), number);
}

int upload_set(struct desk *d, const struct upload *u, bool stays)
{
	json_t *body = json_pack("{s:I, s:s, s:b}", "number", (json_int_t)u->number, "state",
		upload_states[u->state], "kept", (int)stays);

	if (body && u->run)
		json_object_set_new(body, "run", json_integer((json_int_t)u->run));
	if (body && u->found)
		json_object_set_new(body, "found", json_integer((json_int_t)u->found));
	if (body && u->why && u->why[0])
		json_object_set_new(body, "why", json_string(u->why));
	return say(d, "upload.state", u->number, body, NULL);
}

bool upload_passes(const char *op)
{
	return strcmp(op, "job.begin") == 0 || strcmp(op, "finding.replay") == 0;
}

/* ---- folding ---- */

static int added(struct desk *d, const struct desk_event *e)
{
	struct upload u = { .name = "", .origin = "", .owner = "", .sha256 = "", .folder = "",
		.why = "" };
	int rc = desk_record(d, e, DESK_upload, &u);

	u.number = e->event->number;
	u.at = e->event->at;
	return rc ? rc : store_put(desk_store(d), DESK_upload, &u);
}

static void apply(struct upload *u, const struct desk_event *e)
{
	u->state = desk_choice(e, "state", upload_states);
	u->run = desk_number(e, "run");
	u->found = desk_number(e, "found");
	u->why = desk_text(e, "why");
	if (u->state == UPLOAD_QUEUED)
		u->started = 0;
	if (u->state == UPLOAD_RUNNING)
		u->started = e->event->at;
	u->ended = u->state == UPLOAD_QUEUED || u->state == UPLOAD_RUNNING ? 0 : e->event->at;
	if (!json_is_true(json_object_get(e->body, "kept")))
		u->folder = "";
}

static int changed(struct desk *d, const struct desk_event *e)
{
	const struct upload key = { .number = desk_number(e, "number") };
	void *found = NULL;
	int rc = desk_find(d, DESK_upload, &key, &found);

	if (rc == 0)
		return desk_damaged(d, e, "number");
	if (rc == 1) {
		apply(found, e);
		rc = store_put(desk_store(d), DESK_upload, found);
	}
	free(found);
	return rc;
}

const struct desk_kind upload_kinds_of_event[] = {
	{ "upload.add", "kind, name, origin, owner, octets, sha256, folder, tlp, pap", added },
	{ "upload.state", "number, state, kept, run, found, why", changed },
	{ .name = NULL }
};
