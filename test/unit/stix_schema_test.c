/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stix_schema_test.c - bundles of drawn releases, held against the JSON schemas of OASIS by a
 * validator of others (test/npm/stix.js). Left out where the schemas, node or npm are not. */
#include "share/exchange.h"
#include "item_draw.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define BUNDLES 400u

static void write_file(const char *folder, u32 number, const struct buf *b)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%03u.json", folder, number);
	assert_non_null(f = fopen(path, "wb"));
	assert_int_equal(fwrite(b->at, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

static void write_bundles(const char *folder)
{
	const struct exchange *e = exchange_find("stix");
	u64 seed = 5;

	for (u32 k = 0; k < BUNDLES; k++) {
		struct release *r = item_release(&seed, k % 40);
		struct exchange_write w = { .release = r, .at = 1720000000000000000u,
			.producer = k % 3 ? "desk.example" : NULL, .version = "0",
			.contact = k % 2 ? "desk@desk.example" : NULL };
		struct buf out = { 0 };
		char why[EXCHANGE_WHY];

		assert_int_equal(exchange_write(e, &out, &w, why), 0);
		write_file(folder, k, &out);
		buf_free(&out);
		release_free(r);
	}
}

static void valid(void **state)
{
	const char *data = getenv("VEDETTE_DATA"), *source = getenv("VEDETTE_SOURCE");
	char folder[] = "/tmp/vedette-stix-XXXXXX", command[2000], schemas[1000];
	struct stat st;
	int rc;

	(void)state;
	snprintf(schemas, sizeof schemas, "%s/stix/oasis/schemas", data ? data : "");
	if (!data || !source || stat(schemas, &st)) {
		print_message("left out: the schemas of OASIS are not there\n");
		skip();
	}
	assert_non_null(mkdtemp(folder));
	write_bundles(folder);
	snprintf(command, sizeof command, "'%s/test/npm/validate' stix.js '%s' '%s'", source,
		 schemas, folder);
	rc = system(command);
	if (!getenv("VEDETTE_KEEP")) {
		snprintf(command, sizeof command, "rm -r '%s'", folder);
		assert_int_equal(system(command), 0);
	}
	if (WIFEXITED(rc) && WEXITSTATUS(rc) == 77)
		skip();
	assert_int_equal(rc, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(valid) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
