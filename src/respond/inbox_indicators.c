/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_indicators.c - what others list: taken as indicators, so that reports can be held
 * against them and they can be passed on. One event holds a batch of them. */
#include "respond/inbox_own.h"

static void fill(struct inbox *in, const struct inbox_batch *b, const struct item *i,
		 struct indicator *ret)
{
	enum subject_kind kind = i->subject_kind;
	struct marking m = b->is_marked ? marking_join(item_marking(i), in->setup.floor)
					: in->setup.floor;

	buf_clear(&in->subject);
	inbox_subject(&in->subject, i->subject ? i->subject : "", &kind);
	*ret = (struct indicator){
		.id = i->id, .subject_kind = (u8)kind, .subject = buf_str(&in->subject),
		.abuse = i->abuse, .title = i->title, .source = i->source, .tags = i->tags,
		.references = i->references, .severity = i->severity,
		.confidence = min_u64(i->confidence, 100), .first_seen = i->first_seen,
		.last_seen = i->last_seen, .valid_until = i->valid_until,
		.taken = desk_now(in->desk), .document = b->document, .format = b->format,
		.action = i->action, .tlp = m.tlp, .pap = m.pap,
	};
}

/* "taken", "document" and "format" are the event's own. */
static json_t *body_of(const struct indicator *i)
{
	json_t *body = desk_body(DESK_indicator, i);

	json_object_del(body, "taken");
	json_object_del(body, "document");
	json_object_del(body, "format");
	return body;
}

/* Is its id none that we have? One that is twice in a batch is counted twice. */
static int count_fresh(struct inbox *in, const struct indicator *i, size_t *fresh)
{
	void *found = NULL;
	int rc = desk_find(in->desk, DESK_indicator, i, &found);

	*fresh += rc == 0;
	free(found);
	return rc < 0 ? rc : 0;
}

int inbox_indicators(struct inbox *in, const struct inbox_batch *b, size_t *fresh)
{
	json_t *items = json_array();
	char id[65];
	int rc = 0;

	must(b->count <= INBOX_BATCH);
	for (size_t i = 0; i < b->count; i++) {
		struct item item = *b->items[i];
		struct indicator one;

		if (item.id == NULL || item.id[0] == 0)
			item_identify(&item, id);
		fill(in, b, &item, &one);
		if (fresh)
			rc = count_fresh(in, &one, fresh);
		if (rc == 0 && (buf_error(&in->subject) ||
				json_array_append_new(items, body_of(&one))))
			rc = -ENOMEM;
		if (rc) {
			json_decref(items);
			return rc;
		}
	}
	return desk_say(in->desk, "indicators.taken", "", json_pack("{s:s, s:s, s:o}",
			"format", b->format, "document", b->document, "items", items), NULL);
}

int inbox_fold_indicators(struct desk *d, const struct desk_event *e)
{
	json_t *items = json_object_get(e->body, "items"), *one;
	size_t i;
	int rc = 0;

	json_array_foreach(items, i, one) {
		const struct desk_event each = { e->event, one };
		struct indicator r = { .taken = e->event->at,
			.document = desk_text(e, "document"), .format = desk_text(e, "format") };

		if ((rc = desk_record(d, &each, DESK_indicator, &r)))
			return rc;
		if (r.id == NULL || r.id[0] == 0 || r.confidence > 100)
			return desk_damaged(d, e, N_("an indicator without an id"));
		if ((rc = store_put(desk_store(d), DESK_indicator, &r)))
			return rc;
	}
	return rc;
}
