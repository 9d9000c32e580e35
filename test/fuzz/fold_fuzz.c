/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold_fuzz.c - a log from a stranger: whatever its events say, the fold takes them or stops
 * with a sentence; what it took can be read again by everybody; and the tables made anew from
 * the log are the same.
 *
 * Input: lines "kind TAB about TAB body". The store lies in a folder of its own and is empty
 * again after each input. */
#include "respond/gate.h"
#include "base/buf.h"
#include <unistd.h>

static u64 clock_of(void *world)
{
	(void)world;
	return 1790000000ull * 1000000000;
}

struct place { char folder[64], path[80]; struct desk *desk; };

static struct place *place(void)
{
	static struct place p;
	const struct desk_setup setup = { .path = p.path, .author = "fuzz", .now = clock_of };
	char why[DESK_WHY];

	if (p.desk)
		return &p;
	snprintf(p.folder, sizeof p.folder, "/dev/shm/vedette-fold-XXXXXX");
	must(mkdtemp(p.folder));
	snprintf(p.path, sizeof p.path, "%s/a.db", p.folder);
	must(desk_open(&p.desk, &setup, why) == 0);
	unlink(p.path);	/* it lives as long as it is open */
	return &p;
}

struct dump { struct buf *out; enum desk_table table; };

static int dump_one(void *to, const void *record)
{
	struct dump *d = to;

	fields_json(d->out, desk_nouns[d->table].fields, record);
	buf_byte(d->out, '\n');
	return 0;
}

/* Everything, through the gate of somebody who may see all. */
static void read_all(struct desk *desk, struct buf *out)
{
	const struct audience all = { "all", MARKING_STRICTEST };
	struct gate *g = NULL;

	must(gate_open(&g, desk, NULL, &all) == 0);
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		const struct store_query q = { .table = t };
		struct dump d = { out, t };

		must(gate_each(g, &q, dump_one, &d) == 0);
	}
	gate_close(g);
}

static int say_line(struct desk *d, char *line)
{
	char *about = strchr(line, '\t'), *body = about ? strchr(about + 1, '\t') : NULL;
	json_t *is;

	if (body == NULL)
		return 0;
	*about++ = 0;
	*body++ = 0;
	is = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(is)) {
		json_decref(is);
		return 0;
	}
	return desk_say(d, line, about, is, NULL);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct desk *d = place()->desk;
	struct buf before = { 0 }, after = { 0 };
	char *text = strndup((const char *)data, n), *at = text, *line;
	int rc = desk_begin(d);

	must(rc == 0 && text);
	while ((line = strsep(&at, "\n")) && rc == 0)
		rc = say_line(d, line);
	if (rc == 0)
		read_all(d, &before);
	else
		must(desk_error(d)[0]);
	if (rc == 0) {	/* in the same change: the fold of the whole log again */
		must(store_desk_fresh(desk_store(d)) == 0);
		rc = desk_fold_all(d);
		must(rc == 0);
		read_all(d, &after);
		must(strcmp(buf_str(&before), buf_str(&after)) == 0);
	}
	desk_end(d, -ECANCELED);
	buf_free(&before);
	buf_free(&after);
	free(text);
	return 0;
}
