/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocklist_test.c - what block lists hold and refuse, and what real resolvers make of them:
 * test/e2e/blocklists loads the documents that are written here into unbound, named and
 * knotd on the loopback and asks. */
#include "dns/suffix.h"
#include "run/popular.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define NOW 1720000000000000000u
#define DAY 86400000000000u

static const struct item entries[] = {
	{ .subject = "bad.example", .subject_kind = SUBJECT_DOMAIN, .abuse = ABUSE_PHISHING,
	  .action = ACTION_NXDOMAIN, .source = "cert.example", .valid_until = NOW + 60 * DAY },
	{ .subject = "empty.example", .subject_kind = SUBJECT_DOMAIN,
	  .action = ACTION_NODATA },
	{ .subject = "pass.bad.example", .subject_kind = SUBJECT_DOMAIN,
	  .action = ACTION_PASSTHRU },
	{ .subject = "drop.example", .subject_kind = SUBJECT_DOMAIN, .action = ACTION_DROP },
	{ .subject = "b\303\274cher.example", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "old.example", .subject_kind = SUBJECT_DOMAIN, .valid_until = NOW },
	{ .subject = "192.0.2.66", .subject_kind = SUBJECT_ADDRESS,
	  .action = ACTION_NXDOMAIN },
	{ .subject = "2001:db8:0:1::/64", .subject_kind = SUBJECT_PREFIX },
	{ .subject = "2001:db8::6:0:0:1", .subject_kind = SUBJECT_ADDRESS },
	{ .subject = "198.51.100.0/24", .subject_kind = SUBJECT_PREFIX,
	  .action = ACTION_NODATA },
	{ .subject = "203.0.113.53", .subject_kind = SUBJECT_SERVER },
	{ .subject = "ns.bad.example", .subject_kind = SUBJECT_SERVER },
	{ .subject = "com", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "co.uk", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "popular.example", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "parent.example", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "below.popular.example", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "root-servers.net", .subject_kind = SUBJECT_DOMAIN },
	{ .subject = "https://bad.example/x", .subject_kind = SUBJECT_URL },
};

static const struct { const char *subject, *why; } refused[] = {
	{ "old.example", "expired at 2024-07-03T09:46:40Z" },
	{ "com", "would block too much: it is a top-level domain" },
	{ "co.uk", "would block too much: it is a public suffix: others register names "
		   "below it" },
	{ "popular.example", "would block too much: it is in top" },
	{ "parent.example", "would block too much: it is the parent of www.parent.example, "
			    "which is in top" },
	{ "root-servers.net", "would block too much: the DNS itself needs root-servers.net" },
	{ "https://bad.example/x", "url: no trigger of a policy zone" },
};

struct setup { struct popular p; struct release *r; };

static struct setup made(struct overblock **gate, struct suffixes **s)
{
	const struct audience all = { "everybody", MARKING_STRICTEST };
	static const char top[] = "1,popular.example\n2,www.parent.example\n3,192.0.2.1\n";
	struct setup set = { 0 };
	char id[65];

	assert_int_equal(release_new(&set.r, &all, MARKING_STRICTEST, RELEASE_WHOLE), 0);
	for (size_t i = 0; i < COUNT(entries); i++) {
		struct item one = entries[i];

		one.kind = ITEM_INDICATOR;
		item_identify(&one, id);
		assert_int_equal(release_add(set.r, &one), 1);
	}
	assert_int_equal(suffixes_open(s, SUFFIX_FILE, 0), 0);
	assert_int_equal(overblock_new(gate, *s, false), 0);
	assert_int_equal(overblock_add(*gate, "top", (const u8 *)top, strlen(top)), 0);
	overblock_seal(*gate);
	assert_int_equal(overblock_count(*gate), 3);
	return set;
}

static u32 told;

static void tell(void *to, const char *where, const char *why)
{
	(void)to;
	assert_true(told < COUNT(refused));
	assert_string_equal(where, refused[told].subject);
	assert_string_equal(why, refused[told].why);
	told++;
}

static void write_one(const char *format, const struct release *r,
		      const struct overblock *gate, struct buf *out)
{
	const struct exchange_write w = { .release = r, .at = NOW, .gate = gate,
		.producer = "desk\nexample", .contact = "a.b@desk.example", .version = "0",
		.trouble = strcmp(format, "rpz") ? NULL : tell };
	char why[EXCHANGE_WHY] = "";

	if (exchange_write(exchange_find(format), out, &w, why))
		fail_msg("%s: %s", format, why);
}

static void says_what_it_refuses(void **state)
{
	struct overblock *gate;
	struct suffixes *s;
	struct setup set = made(&gate, &s);
	struct buf out = { 0 };

	(void)state;
	told = 0;
	write_one("rpz", set.r, gate, &out);
	assert_int_equal(told, COUNT(refused));
	assert_null(strstr(buf_str(&out), "old.example"));
	assert_null(strstr(buf_str(&out), "\nparent.example"));
	assert_non_null(strstr(buf_str(&out), "\nbelow.popular.example 3600 CNAME .\n"));
	assert_non_null(strstr(buf_str(&out), "SOA localhost. a\\.b.desk.example. 1720000000"));
	assert_non_null(strstr(buf_str(&out), "\n64.zz.1.0.db8.2001.rpz-ip 3600 CNAME .\n"));
	assert_non_null(strstr(buf_str(&out), "\n128.1.0.0.6.zz.db8.2001.rpz-ip 3600"));
	assert_non_null(strstr(buf_str(&out), "\nxn--bcher-kva.example 3600 CNAME .\n"));
	assert_non_null(strstr(buf_str(&out), "\nns.bad.example.rpz-nsdname 3600 CNAME .\n"));
	buf_free(&out);
	release_free(set.r);
	overblock_free(gate);
	suffixes_free(s);
}

static void holds_prefixes(void **state)
{
	static const char list[] = "{\"type\":\"cidr\",\"list\":[\"192.0.2.0/24\","
				   "\"2001:db8::53\",\"198.51.100.7\"]}";
	static const struct { const char *prefix; bool over; } rows[] = {
		{ "192.0.2.9", true }, { "192.0.2.128/25", true }, { "192.0.3.1", false },
		{ "192.0.0.0/16", true }, { "198.51.100.0/24", true },
		{ "198.51.100.8", false }, { "2001:db8::/32", true },
		{ "2001:db8::54", false }, { "2001:db8::53", true }, { "0.0.0.0/0", true },
	};
	struct overblock *g;
	char why[EXCHANGE_WHY];

	(void)state;
	assert_int_equal(overblock_new(&g, NULL, false), 0);
	assert_int_equal(overblock_add(g, "list", (const u8 *)list, strlen(list)), 0);
	overblock_seal(g);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(overblock_prefix(g, rows[i].prefix, why), rows[i].over);
	overblock_free(g);
}

/* Every name of the popular list is refused, and so is every name above it. */
static void refuses_popular(void **state)
{
	const char *data = getenv("VEDETTE_DATA");
	char path[1][4096], line[300], why[EXCHANGE_WHY];
	struct popular_conf c = { .suffixes = SUFFIX_FILE };
	struct popular p;
	u64 names = 0;
	FILE *f;

	(void)state;
	snprintf(path[0], sizeof path[0], "%s/benign/umbrella-top-100k-20260724.txt",
		 data ? data : "");
	if ((f = fopen(path[0], "r")) == NULL)
		skip();
	c.popular = path[0];
	assert_int_equal(popular_open(&p, &c, why), 0);
	while (fgets(line, sizeof line, f)) {
		char name[OVERBLOCK_NAME_MAX];

		line[strcspn(line, "\r\n")] = 0;
		if (!overblock_ascii(line, name))
			continue;
		names++;
		for (const char *at = name; at; at = strchr(at, '.'))
			assert_true(overblock_name(p.gate, at += *at == '.', why));
		snprintf(line, sizeof line, "no-such-label-1.%s", name);
		assert_true(strlen(line) >= OVERBLOCK_NAME_MAX ||
			    !overblock_name(p.gate, line, why) ||
			    !strstr(why, "umbrella"));	/* a suffix, say *.ck */
	}
	assert_true(names > 90000);
	fclose(f);
	popular_close(&p);
}

static void put_file(const char *folder, const char *name, const struct buf *b)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(b->at, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

static void resolvers_obey(void **state)
{
	static const char *const formats[] = { "rpz", "hosts", "dnsmasq", "unbound", "list" };
	const char *source = getenv("VEDETTE_SOURCE");
	char folder[] = "/tmp/blocklists-XXXXXX", command[4096];
	struct overblock *gate;
	struct suffixes *s;
	struct setup set;
	int status;

	(void)state;
	if (source == NULL)
		skip();
	set = made(&gate, &s);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct buf out = { 0 };

		told = 0;
		write_one(formats[i], set.r, gate, &out);
		put_file(folder, formats[i], &out);
		buf_free(&out);
	}
	release_free(set.r);
	overblock_free(gate);
	suffixes_free(s);
	snprintf(command, sizeof command, "bash '%s/test/e2e/blocklists' %s", source, folder);
	status = system(command);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_it_refuses), cmocka_unit_test(holds_prefixes),
		cmocka_unit_test(refuses_popular), cmocka_unit_test(resolvers_obey),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
