/* SPDX-License-Identifier: GPL-3.0-or-later */
/* captures.c - see captures.h. */
#include "captures.h"
#include "base/buf.h"
#include "base/rd.h"
#include <archive.h>
#include <archive_entry.h>
#include <fts.h>
#include <pcap/pcap.h>

#define FILE_MAX ((size_t)1 << 28)

struct walk {
	payload_fn *each;
	void *to;
	struct payload now;
};

static void tell(struct walk *w, const u8 *wire, size_t len, bool dns)
{
	w->now.wire = wire;
	w->now.len = len;
	w->now.dns = dns;
	w->each(w->to, &w->now);
}

static void udp(struct walk *w, struct rd r)
{
	u16 from = rd_u16(&r), to = rd_u16(&r), len = rd_u16(&r);
	const u8 *p;

	rd_u16(&r);
	p = len >= 8 ? rd_take(&r, len - 8u) : NULL;
	if (p)
		tell(w, p, len - 8u, from == 53 || to == 53);
}

static void tcp(struct walk *w, struct rd r)
{
	u16 from = rd_u16(&r), to = rd_u16(&r);
	const u8 *p;
	u16 len;

	rd_take(&r, 8);
	rd_take(&r, (rd_u8(&r) >> 4) * 4u - 13);	/* to the payload */
	if (from != 53 && to != 53)
		return;
	while (rd_left(&r) >= 2) {
		len = rd_u16(&r);
		p = rd_take(&r, len);
		if (p)
			tell(w, p, len, true);
	}
}

static void ip(struct walk *w, struct rd r)
{
	const u8 *h = r.p;
	size_t total;
	u8 proto;

	if (rd_left(&r) < 20)
		return;
	if (h[0] >> 4 == 4) {
		total = be16(h + 2);
		proto = h[9];
		if (be16(h + 6) & 0x3fff)	/* a fragment */
			return;
		rd_take(&r, (h[0] & 15) * 4u);
		total -= (h[0] & 15) * 4u;
	} else {
		rd_take(&r, 40);
		if (r.bad)
			return;
		total = be16(h + 4);
		proto = h[6];
	}
	if (rd_left(&r) > total)
		r.end = r.p + total;
	if (proto == 17)
		udp(w, r);
	else if (proto == 6)
		tcp(w, r);
}

static void frame(struct walk *w, int link, struct rd r)
{
	u16 type = 0x0800;

	switch (link) {
	case DLT_EN10MB:
		rd_take(&r, 12);
		type = rd_u16(&r);
		break;
	case DLT_LINUX_SLL:
		rd_take(&r, 14);
		type = rd_u16(&r);
		break;
	case DLT_LINUX_SLL2:
		type = rd_u16(&r);
		rd_take(&r, 18);
		break;
	case DLT_NULL:
	case DLT_LOOP:
		rd_take(&r, 4);
		break;
	case DLT_RAW:
		break;
	default:
		return;
	}
	while (type == 0x8100 || type == 0x88a8) {
		rd_u16(&r);
		type = rd_u16(&r);
	}
	if (!r.bad && (type == 0x0800 || type == 0x86dd))
		ip(w, r);
}

static bool capture_read(struct walk *w, char *bytes, size_t len)
{
	FILE *f = fmemopen(bytes, len, "rb");
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u8 *p;
	pcap_t *c;

	must(f != NULL);
	c = pcap_fopen_offline(f, why);
	if (c == NULL) {
		fclose(f);
		return false;
	}
	w->now.frame = 0;
	while (pcap_next_ex(c, &h, &p) == 1) {
		w->now.frame++;
		frame(w, pcap_datalink(c), rd_of(p, h->caplen));
	}
	pcap_close(c);
	return true;
}

/* The unpacked file into *ret: false when it cannot be read. */
static bool file_read(const char *path, struct buf *ret)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	u8 part[1 << 16];
	la_ssize_t n = -1;

	must(a != NULL);
	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_filename(a, path, sizeof part) == ARCHIVE_OK &&
	    archive_read_next_header(a, &entry) == ARCHIVE_OK)
		while ((n = archive_read_data(a, part, sizeof part)) > 0)
			buf_add(ret, part, (size_t)n);
	archive_read_free(a);
	return n == 0 && ret->len && buf_error(ret) == 0;
}

static bool file_each(struct walk *w, const char *path)
{
	struct buf b = { .limit = FILE_MAX };
	bool read = file_read(path, &b) && capture_read(w, b.at, b.len);

	buf_free(&b);
	return read;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int captures_each(const char *folder, payload_fn *each, void *to)
{
	const char *data = getenv("VEDETTE_DATA");
	struct walk w = { .each = each, .to = to };
	char path[4096];
	int files = -1;
	FTSENT *e;
	FTS *fts;

	snprintf(path, sizeof path, "%s/%s", data ? data : "", folder);
	if (data == NULL)
		return -1;
	fts = fts_open((char *[]){ path, NULL }, FTS_LOGICAL, by_name);
	if (fts == NULL)
		return -1;
	while ((e = fts_read(fts))) {
		if (files < 0 && e->fts_info == FTS_D)
			files = 0;
		w.now.file = e->fts_name;
		if (e->fts_info == FTS_F)
			files += file_each(&w, e->fts_path);
	}
	fts_close(fts);
	return files;
}
