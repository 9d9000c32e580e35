/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifest_test.c - every capture of the shared data is read to the end: as many
 * frames as its list says, each in exactly one counter, whole and in three shares;
 * tunnel captures have as many DNS messages as the list says.
 *
 * The list's rows:  | pcap/PATH | octets | PACKETS / MESSAGES / LINK | ... */
#include "source/source.h"
#include "wire.h"
#include <fcntl.h>
#include <unistd.h>

struct row { char path[300]; unsigned long long packets, messages; };
struct tally { u64 frames, messages; };

static const char *data(void)
{
	return getenv("VEDETTE_DATA");
}

static bool row_next(FILE *list, struct row *row)
{
	static char line[8192];

	while (fgets(line, sizeof line, list))
		if (sscanf(line, "| %299s | %*u | %llu / %llu /", row->path, &row->packets,
			   &row->messages) == 3 && strncmp(row->path, "pcap/", 5) == 0)
			return true;
	return false;
}

static void batch(struct reader *r, const struct frame *f, int n, struct tally *t)
{
	struct payload more[PAYLOADS_A_FRAME_MAX];

	for (int i = 0; i < n; i++) {
		int got = packet_read(r->p, &f[i], r->out, &r->n);
		unsigned k = r->n;

		assert_int_equal(got == FRAME_MESSAGE, k > 0);
		while (k) {
			t->messages += k;
			k = packets_more(r->p, more, COUNT(more));
		}
		law(r->p);
	}
	while (packets_partial(r->p, more, COUNT(more)))
		;
	packets_recycle(r->p);
	law(r->p);
}

static struct tally read_file(const char *path, unsigned share, unsigned shares)
{
	struct reader r = reader_of(&(struct packets_conf){ .share = share, .shares = shares });
	struct tally t = { .frames = 0 };
	struct source_error e;
	static struct frame f[256];
	struct source *s;
	char name[600];
	int n;

	snprintf(name, sizeof name, "%s/%s", data(), path);
	if (source_open(&s, open(name, O_RDONLY), 0, &e) < 0)
		fail_msg("%s: %s", path, e.text);
	while ((n = source_read(s, f, COUNT(f))) > 0)
		batch(&r, f, n, &t);
	if (n < 0)
		fail_msg("%s: %s", path, source_trouble(s)->text);
	source_close(s);
	t.frames = packets_counts(r.p)->frames;
	reader_end(&r);
	return t;
}

static void every_capture(void **state)
{
	struct row row;
	unsigned files = 0;
	char name[600];
	FILE *list;

	if (data() == NULL || access(data(), R_OK) == -1) {
		print_message("skipped: there is no shared data here\n");
		skip();
	}
	snprintf(name, sizeof name, "%s/MANIFEST.md", data());
	list = fopen(name, "r");
	assert_non_null(list);
	while (row_next(list, &row)) {
		struct tally whole = read_file(row.path, 0, 1), sum = { .frames = 0 };

		if (whole.frames != row.packets)
			fail_msg("%s: %llu frames, not %llu", row.path,
				 (unsigned long long)whole.frames, row.packets);
		if (strncmp(row.path, "pcap/tunnel/", 12) == 0)
			assert_true(whole.messages == row.messages);
		for (unsigned i = 0; i < 3; i++) {
			struct tally share = read_file(row.path, i, 3);

			sum.frames += share.frames;
			sum.messages += share.messages;
		}
		assert_true(sum.frames == whole.frames && sum.messages == whole.messages);
		files++;
	}
	fclose(list);
	print_message("%u files\n", files);
	assert_true(files > 300);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_capture) };

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
