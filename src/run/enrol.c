/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enrol.c - see enrol.h. Child above, parent below. */
#include "run/enrol.h"
#include "base/octets.h"
#include "link/codec.h"
#include "model/utf8.h"
#include "run/job.h"
#include <fcntl.h>
#include <unistd.h>

#define MEMORY (2ull << 30)

struct child { int socket; };

static int send_entry(void *to, json_t *entry)
{
	const struct child *c = to;
	char *text = json_dumps(entry, JSON_COMPACT);
	int rc = text ? codec_write(c->socket, CODEC_ITEM, text, strlen(text)) : -ENOMEM;

	free(text);
	return rc;
}

static int send_counts(int socket, const struct roll_counts *c)
{
	struct buf done = { 0 };
	int rc;

	buf_fmt(&done, "{\"contacts\":%llu,\"redacted\":%llu,\"left\":%llu,\"unread\":",
		(unsigned long long)c->contacts, (unsigned long long)c->redacted,
		(unsigned long long)c->left);
	utf8_json(&done, c->unread);
	buf_byte(&done, '}');
	rc = buf_error(&done) ? -ENOMEM
		: codec_write(socket, CODEC_DONE, buf_str(&done), done.len);
	buf_free(&done);
	return rc;
}

static int work(int socket, struct job_note *note, void *arg)
{
	struct child c = { socket };
	struct roll_counts counts;
	struct buf text = { .limit = ROLL_OCTETS_MAX + 1 };
	char why[ROLL_WHY] = "";
	int rc = octets_read(&text, *(const int *)arg, ROLL_OCTETS_MAX);

	(void)note;
	if (rc)
		snprintf(why, sizeof why, "%s", oops_text(rc));
	else
		rc = roll_read(buf_str(&text), text.len, send_entry, &c, &counts, why);
	buf_free(&text);
	if (rc)
		return codec_write(socket, CODEC_TROUBLE, why, strlen(why)) != 0;
	return send_counts(socket, &counts) != 0;
}

/* ---- parent ---- */

/* An object of texts and nothing else. */
static bool entry_good(json_t *entry)
{
	const char *key;
	json_t *value;

	json_object_foreach(entry, key, value)
		if (!json_is_string(value) ||
		    strlen(json_string_value(value)) != json_string_length(value))
			return false;
	return json_is_object(entry);
}

struct parent {
	json_t *entries;
	struct roll_counts *counts;
	char *why;
	bool done;
};

static u64 count_of(json_t *from, const char *key)
{
	json_t *v = json_object_get(from, key);

	return json_is_integer(v) && json_integer_value(v) > 0 ? (u64)json_integer_value(v) : 0;
}

/* The names of columns are somebody else's text: shown as such by whoever shows them. */
static void take_counts(json_t *from, struct roll_counts *ret)
{
	const char *unread = json_string_value(json_object_get(from, "unread"));

	*ret = (struct roll_counts){ .contacts = count_of(from, "contacts"),
		.redacted = count_of(from, "redacted"), .left = count_of(from, "left") };
	snprintf(ret->unread, sizeof ret->unread, "%s", unread ? unread : "");
}

static int take(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	struct parent *p = to;
	json_t *is = kind == CODEC_TROUBLE ? NULL
		: json_loadb((const char *)body, n, JSON_REJECT_DUPLICATES, NULL);

	if (kind == CODEC_TROUBLE) {
		size_t len = min_u64(n, ROLL_WHY - 1);

		for (size_t i = 0; i < len; i++)
			p->why[i] = (char)(body[i] < ' ' || body[i] > '~' ? '?' : body[i]);
		p->why[len] = 0;
		return OOPS_FORMAT;
	}
	if (kind == CODEC_ITEM && entry_good(is) &&
	    json_array_size(p->entries) < ROLL_CONTACTS_MAX)
		return json_array_append_new(p->entries, is) ? -ENOMEM : 0;
	if (kind == CODEC_DONE) {
		p->done = true;
		take_counts(is, p->counts);
		json_decref(is);
		return 0;
	}
	json_decref(is);
	return OOPS_FORMAT;
}

static int read_it(int fd, struct parent *p)
{
	const struct job_setup setup = { .name = "enroller", .keep = &fd, .keep_count = 1,
		.memory_max = MEMORY, .run = work, .arg = &fd };
	struct job job = { 0 };
	int rc = job_start(&job, &setup), end;

	if (rc) {
		snprintf(p->why, ROLL_WHY, N_("no process that reads it can be locked "
			"up: %s"),
			 oops_text(rc));
		return rc;
	}
	rc = codec_each(job.socket, -1, take, p);
	end = job_end(&job);
	job_free(&job);
	if (rc == 0 && (end || !p->done)) {
		snprintf(p->why, ROLL_WHY, N_("the process that read it ended too "
			"early"));
		rc = OOPS_FORMAT;
	}
	return rc;
}

int enrol_read(const char *path, json_t **ret, struct roll_counts *counts,
	       char why[ROLL_WHY])
{
	struct parent p = { json_array(), counts, why, false };
	int fd = strcmp(path, "-") == 0 ? dup(0)
		: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

	why[0] = 0;
	*counts = (struct roll_counts){ 0 };
	rc = fd < 0 ? -errno : p.entries ? read_it(fd, &p) : -ENOMEM;
	if (fd >= 0)
		close(fd);
	if (rc && why[0] == 0)
		snprintf(why, ROLL_WHY, "%s", oops_text(rc));
	if (rc) {
		json_decref(p.entries);
		return rc;
	}
	*ret = p.entries;
	return 0;
}
