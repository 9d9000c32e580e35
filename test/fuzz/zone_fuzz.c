/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_fuzz.c - hostile octets as zone text.
 *
 * Laws: blocks of any size and any number of threads give the same zone and the same
 * troubles, unless memory runs out; and a text whose lines all go the long way (a comment
 * behind each sees to that) means what it means by the short one. The first two octets
 * choose threads and the size of blocks. */
#include "../unit/zone_text.h"

#define MEMORY (8u << 20)

static const char *const files[] = {
	"a", "x 5 A 192.0.2.1\n A 192.0.2.2\n$ORIGIN q\n$TTL 7\ny NS z\n",
	"b", "$INCLUDE b\n$INCLUDE a r\n 9 TXT (",
	NULL
};

static int read_text(struct zone_text *t, const void *text, size_t n, unsigned threads,
		     unsigned block)
{
	*t = (struct zone_text){ .text = text, .len = n, .threads = threads, .block = block,
		.files = files, .memory = MEMORY, .origin = n & 1 ? "example." : NULL };
	return zone_text_read(t);
}

static void same(const struct zone_text *a, int ra, const struct zone_text *b, int rb)
{
	if (strncmp(a->troubles, "full ", 5) == 0 || strstr(a->troubles, "\nfull "))
		return;
	must(ra == rb);
	must(strcmp(a->troubles, b->troubles) == 0);
	must(strcmp(a->dump, b->dump) == 0);
	must(a->result->records == b->result->records);
	must(ra < 0 || a->result->files == b->result->files);	/* read ahead */
}

static void blocks(const u8 *text, size_t n, unsigned threads, unsigned block)
{
	struct zone_text a, b;
	int ra = read_text(&a, text, n, 1, 1u << 20), rb = read_text(&b, text, n, threads, block);

	same(&a, ra, &b, rb);
	zone_text_free(&a);
	zone_text_free(&b);
}

/* Texts in which a comment may stand behind any line. */
static bool is_simple(const u8 *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("\"();\\\r$", text[i]))	/* and the octet 0 */
			return false;
	return n > 0 && text[n - 1] == '\n';
}

static void long_way(const u8 *text, size_t n)
{
	struct buf b = { 0 };
	struct zone_text plain, other;
	int rp, ro;

	for (size_t i = 0; i < n; i++)
		if (text[i] == '\n')
			buf_text(&b, " ;\n");
		else
			buf_byte(&b, text[i]);
	buf_text(&b, (n ^ b.len) & 1 ? "\n" : "");	/* both odd, or both even */
	rp = read_text(&plain, text, n, 1, 1u << 20);
	ro = read_text(&other, b.at, b.len, 1, 1u << 20);
	same(&plain, rp, &other, ro);
	zone_text_free(&plain);
	zone_text_free(&other);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (size < 3)
		return 0;
	blocks(data + 2, size - 2, 1 + (data[0] & 3), 1 + data[1]);
	if (is_simple(data + 2, size - 2))
		long_way(data + 2, size - 2);
	return 0;
}
