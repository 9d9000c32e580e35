/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch_fuzz.c - packed parts from a hostile sender.
 *
 * The first octet chooses the part. What unpacks must merge, and what was merged
 * must pack to octets that unpack to the same again. */
#include "base/buf.h"
#include "base/rd.h"
#include "sketch/part.h"

static void *made(const struct part *p)
{
	void *part = calloc(1, p->size);

	must(part != NULL);
	p->init(part);
	return part;
}

/* Packs, unpacks, packs: both packed forms are one. */
static void there_and_back(const struct part *p, const void *part)
{
	struct buf once = { 0 }, twice = { 0 };
	void *again = made(p);
	struct rd in;

	p->pack(part, &once);
	must(buf_error(&once) == 0);
	in = rd_of(once.at, once.len);
	must(p->unpack(again, &in) == 0 && rd_left(&in) == 0);
	p->pack(again, &twice);
	must(once.len == twice.len && memcmp(once.at, twice.at, once.len) == 0);
	buf_free(&once);
	buf_free(&twice);
	free(again);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	const struct part *p;
	void *first, *second;
	unsigned rows = 0;
	struct rd in;

	if (n < 1)
		return 0;
	while (parts[rows])
		rows++;
	p = parts[data[0] % rows];
	first = made(p);
	second = made(p);
	in = rd_of(data + 1, n - 1);
	if (p->unpack(first, &in) == 0) {
		there_and_back(p, first);
		if (p->unpack(second, &in) == 0)
			p->merge(first, second);
		p->add(first, n, data[0]);
		there_and_back(p, first);
	}
	free(first);
	free(second);
	return 0;
}
