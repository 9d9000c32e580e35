/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp_feed.c - see exchange_misp_feed.h. One event at a time in memory. */
#include "share/exchange_misp_feed.h"
#include "model/digest.h"
#include "model/uuid.h"
#include "share/exchange_misp.h"
#include <openssl/evp.h>

/* ---- writing ---- */

struct writing {
	misp_file_fn *fn;
	void *to;
	json_t *manifest;
	struct buf hashes;
};

/* The MD5 of n octets and the event: how servers of MISP find overlaps. */
static void add_hash(struct writing *w, const char *value, size_t n, const char *uuid)
{
	u8 hash[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned size = 0;

	if (n && EVP_Digest(value, n, hash, &size, EVP_md5(), NULL))
		buf_fmt(&w->hashes, "%s,%s\n", hex_text(hash, size, hex), uuid);
}

static void add_hashes(struct writing *w, json_t *attributes, const char *uuid)
{
	json_t *a;
	size_t k;

	json_array_foreach(attributes, k, a) {
		const char *value = rest_text(a, "value");
		bool parts = strchr(rest_text(a, "type"), '|') != NULL;

		while (*value) {
			size_t n = parts ? strcspn(value, "|") : strlen(value);

			add_hash(w, value, n, uuid);
			value += n + (value[n] == '|');
		}
	}
}

static void add_entry(struct writing *w, json_t *event, const char *uuid)
{
	static const char *const keys[] = { "info", "date", "timestamp", "analysis",
		"threat_level_id", "Orgc", "Tag" };
	json_t *entry = json_object();

	for (size_t k = 0; k < COUNT(keys); k++)
		json_object_set(entry, keys[k], json_object_get(event, keys[k]));
	json_object_set_new(w->manifest, uuid, entry);
}

static int put_json(struct writing *w, const char *name, json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT);
	int rc = text ? w->fn(w->to, name, text, strlen(text)) : -ENOMEM;

	free(text);
	return rc;
}

static int write_event(void *to, json_t *wrapped)
{
	struct writing *w = to;
	json_t *event = json_object_get(wrapped, "Event");
	const char *uuid = rest_text(event, "uuid");
	char name[UUID_TEXT + 8];

	snprintf(name, sizeof name, "%s.json", uuid);
	add_hashes(w, json_object_get(event, "Attribute"), uuid);
	add_entry(w, event, uuid);
	return put_json(w, name, wrapped);
}

int misp_feed_write(const struct exchange_write *how, misp_file_fn *fn, void *to,
		    char why[EXCHANGE_WHY])
{
	struct writing w = { .fn = fn, .to = to };
	struct buf none = { 0 };
	int rc;

	if (!release_good(how->release))	/* says why */
		return exchange_write(exchange_find("misp"), &none, how, why);
	w.manifest = json_object();
	rc = w.manifest ? misp_events(how, write_event, &w) : -ENOMEM;
	if (rc == 0 && (rc = buf_error(&w.hashes)) == 0)
		rc = fn(to, "hashes.csv", buf_str(&w.hashes), w.hashes.len);
	if (rc == 0)
		rc = put_json(&w, "manifest.json", w.manifest);
	json_decref(w.manifest);
	buf_free(&w.hashes);
	return rc;
}

/* ---- reading ---- */

struct reading {
	const struct exchange_read *how;
	const char *name;
};

static int pass_item(void *to, const struct item *i)
{
	const struct reading *g = to;

	return g->how->item(g->how->to, i);
}

static void pass_trouble(void *to, const char *where, const char *why)
{
	const struct reading *g = to;
	char place[200];

	snprintf(place, sizeof place, "%s: %.100s", g->name, where);
	g->how->trouble(g->how->to, place, why);
}

static int read_event(struct reading *g, misp_fetch_fn *fetch, void *from)
{
	struct buf octets = { .limit = EXCHANGE_OCTETS_MAX };
	struct exchange_read r = *g->how;
	char why[EXCHANGE_WHY] = "";
	int rc = fetch(from, g->name, &octets);

	r.octets = (const u8 *)buf_str(&octets);
	r.n = octets.len;
	r.name = g->name;
	r.item = pass_item;
	r.trouble = pass_trouble;
	r.to = g;
	if (rc == 0)
		rc = buf_error(&octets);
	if (rc == 0)
		rc = misp_read(&r, why);
	buf_free(&octets);
	if (rc != OOPS_FORMAT && rc != -ENOENT && rc != OOPS_LIMIT)
		return rc;
	g->how->trouble(g->how->to, g->name, why[0] ? why : oops_text(rc));
	return 0;
}

int misp_feed_read(const struct exchange_read *how, misp_fetch_fn *fetch, void *from,
		   char why[EXCHANGE_WHY])
{
	struct reading g = { .how = how };
	struct buf octets = { .limit = EXCHANGE_OCTETS_MAX };
	int rc = fetch(from, "manifest.json", &octets);
	json_t *manifest, *entry;
	const char *uuid;
	char name[UUID_TEXT + 8];

	if (rc == 0)
		rc = buf_error(&octets);
	if (rc) {
		snprintf(why, EXCHANGE_WHY, "manifest.json: %s", oops_text(rc));
		buf_free(&octets);
		return rc;
	}
	manifest = rest_load((const u8 *)buf_str(&octets), octets.len, why);
	buf_free(&octets);
	if (!json_is_object(manifest))
		rc = OOPS_FORMAT;
	if (json_object_size(manifest) > MISP_FEED_EVENTS_MAX)
		rc = OOPS_LIMIT;
	if (rc && why[0] == 0)
		snprintf(why, EXCHANGE_WHY, "manifest.json: %s", oops_text(rc));
	if (rc == 0)
		json_object_foreach(manifest, uuid, entry) {
			g.name = name;
			snprintf(name, sizeof name, "%.36s.json", uuid);
			if (!uuid_is(uuid))
				how->trouble(how->to, "manifest.json", N_("a key that is "
					"no UUID"));
			else if ((rc = read_event(&g, fetch, from)))
				break;
		}
	json_decref(manifest);
	return rc;
}
