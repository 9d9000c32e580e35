/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traffic_load.c - traffic_load() and traffic_files() of traffic.h: real captures. */
#include "traffic.h"
#include "packet/packet.h"
#include "source/source.h"
#include <fcntl.h>
#include <fts.h>

#define FRAMES 256

/* A payload that is a DNS message; traffic_read() would say the same. */
static bool take(struct traffic *t, const struct payload *p)
{
	struct msg m;
	bool good = (p->flags & PAYLOAD_PARTIAL ? msg_read_start : msg_read)(
			    &m, p->data, p->len) == MSG_OK;

	if (good)
		traffic_put(t, p);
	return good;
}

static void take_frame(struct traffic *t, struct packets *ps, const struct frame *f)
{
	struct payload out[PAYLOADS_A_FRAME_MAX];
	unsigned n;

	packet_read(ps, f, out, &n);
	for (; n; n = packets_more(ps, out, PAYLOADS_A_FRAME_MAX))
		for (unsigned i = 0; i < n; i++)
			take(t, &out[i]);
}

static void take_leftovers(struct traffic *t, struct packets *ps)
{
	struct payload out[16];
	struct fragment_loss loss[16];
	unsigned n;

	while ((n = packets_partial(ps, out, 16)) > 0)
		for (unsigned i = 0; i < n; i++)
			take(t, &out[i]);
	while ((n = packets_fragments(ps, loss, 16)) > 0)
		for (unsigned i = 0; i < n; i++)
			traffic_lose(t, &loss[i]);
	packets_recycle(ps);
}

bool traffic_load(struct traffic *t, const char *path)
{
	struct packets_conf conf = { .shares = 1, .key = TRAFFIC_KEY };
	struct frame frames[FRAMES];
	struct source_error error;
	struct packets *ps;
	struct source *s;
	int fd = open(path, O_RDONLY), n;

	if (fd < 0 || source_open(&s, fd, 0, &error) < 0)
		return false;
	must(packets_open(&ps, &conf) == 0);
	while ((n = source_read(s, frames, FRAMES)) != 0) {
		for (int i = 0; i < n; i++)
			take_frame(t, ps, &frames[i]);
		take_leftovers(t, ps);
	}
	packets_finish(ps);
	take_leftovers(t, ps);
	packets_free(ps);
	source_close(s);
	return true;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int traffic_files(const char *folder, path_fn *each, void *to)
{
	const char *data = getenv("VEDETTE_DATA");
	char path[4096];
	int files = -1;
	FTSENT *e;
	FTS *fts;

	snprintf(path, sizeof path, "%s/%s", data ? data : "", folder);
	if (data == NULL ||
	    (fts = fts_open((char *[]){path, NULL}, FTS_LOGICAL, by_name)) == NULL)
		return -1;
	while ((e = fts_read(fts))) {
		if (files < 0 && e->fts_info == FTS_D)
			files = 0;
		if (e->fts_info == FTS_F) {
			files++;
			each(to, e->fts_path);
		}
	}
	fts_close(fts);
	return files;
}
