/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_id.c - ids of STIX objects, made from what the objects are: the same item has
 * the same objects in every document and on every machine. So it can be said which objects
 * an item brings without writing it: web/taxii_index.c makes lists of collections of it. */
#include "share/exchange_stix.h"
#include "base/stamp.h"
#include "model/uuid.h"

const char *stix_said(const char *text)
{
	return text ? text : "";
}

char *stix_object_id(const char *type, const char *name, char to[STIX_ID_MAX])
{
	char uuid[UUID_TEXT];

	snprintf(to, STIX_ID_MAX, "%.20s--%s", type, uuid_name_text(uuid_of_vedette, name, uuid));
	return to;
}

char *stix_identity_id(const char *name, char to[STIX_ID_MAX])
{
	struct buf b = { 0 };

	buf_fmt(&b, "identity %s", name);
	stix_object_id("identity", buf_str(&b), to);
	buf_free(&b);
	return to;
}

char *stix_observable_id(const struct stix_value *v, char to[STIX_ID_MAX])
{
	struct buf b = { 0 };

	stix_value_id(&b, v);
	snprintf(to, STIX_ID_MAX, "%s", buf_str(&b));
	buf_free(&b);
	return to;
}

char *stix_item_id(const struct item *i, char to[STIX_ID_MAX])
{
	struct stix_value v;

	(void)stix_value(&v, i->subject_kind, i->subject);
	stix_object_id(stix_type(i, &v), stix_said(i->id), to);
	buf_free(&v.text);
	return to;
}

/* Milliseconds, as put_stamp() of the writer cuts them. */
static u64 version_of(const struct item *i)
{
	u64 at = max_u64(i->created, i->modified);

	return at - at % 1000000u;
}

static u64 for_ever(void)
{
	u64 at = 0;

	must(stamp_parse(STIX_FOR_EVER, &at) == 0);
	return at;
}

int stix_parts(const struct item *i, const char *producer, stix_part_fn *fn, void *to)
{
	bool own = stix_said(i->source)[0] && strcmp(i->source, producer);
	struct stix_value v;
	const char *type;
	char id[STIX_ID_MAX];
	int rc = stix_value(&v, i->subject_kind, i->subject);

	type = stix_type(i, &v);
	if (rc == 0 && own)
		rc = fn(to, stix_identity_id(i->source, id), for_ever());
	if (rc == 0 && v.type && strcmp(type, "indicator"))
		rc = fn(to, stix_observable_id(&v, id), 0);
	if (rc == 0)
		rc = fn(to, stix_object_id(type, stix_said(i->id), id), version_of(i));
	if (rc == 0 && i->sightings && strcmp(type, "indicator") == 0)
		rc = fn(to, stix_object_id("sighting", stix_said(i->id), id), version_of(i));
	buf_free(&v.text);
	return rc;
}

int stix_frame(const char *producer, stix_part_fn *fn, void *to)
{
	char id[STIX_ID_MAX];
	int rc = fn(to, stix_identity_id(STIX_PROJECT, id), for_ever());

	if (rc == 0)
		rc = fn(to, STIX_EXTENSION, for_ever());
	if (rc == 0 && strcmp(producer, STIX_PROJECT))
		rc = fn(to, stix_identity_id(producer, id), for_ever());
	return rc;
}
