/* SPDX-License-Identifier: GPL-3.0-or-later */
/* intake_test.c - files of all formats, a Maildir, a file that is none, and one that makes its
 * reader do what it may not: each is told, and the others are read. */
#include "run/intake.h"
#include "model/digest.h"
#include "run/sandbox.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct got { u32 items, troubles, unknown; char formats[400], said[2000], sha[65]; };

/* The octets that can be had are those that were hashed, and nobody can change them. */
static void same_octets(const struct intake_file *from)
{
	struct buf octets = { 0 };
	struct digest d;
	u8 hash[DIGEST_OCTETS];
	char hex[DIGEST_TEXT];

	assert_int_equal(intake_octets(from, &octets), 0);
	assert_int_equal(octets.len, from->octets);
	digest_init(&d);
	digest_add(&d, octets.at, octets.len);
	digest_end(&d, hash);
	assert_string_equal(hex_text(hash, sizeof hash, hex), from->sha256);
	assert_int_equal(pwrite(from->copy, "x", 1, 0), -1);
	assert_int_equal(ftruncate(from->copy, 0), -1);
	buf_free(&octets);
}

static int take(void *to, const struct intake_file *from, const struct item *i)
{
	struct got *g = to;

	assert_non_null(i->subject);
	assert_int_equal(strlen(from->sha256), 64);
	g->unknown += exchange_find(from->format) == NULL;
	memcpy(g->sha, from->sha256, 65);
	same_octets(from);
	g->items++;
	return 0;
}

static void tell(void *to, const struct intake_file *from, const char *where, const char *why)
{
	struct got *g = to;
	size_t n = strlen(g->said);

	g->troubles++;
	snprintf(g->said + n, sizeof g->said - n, "%s|%s|%s\n", strrchr(from->name, '/') + 1,
		 where, why);
}

static char folder[64];

static void put(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void make_folder(const char *name)
{
	char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static struct got taken(const char *path)
{
	char full[200];
	const char *const paths[] = { full };
	const struct intake setup = { .paths = paths, .count = 1 };
	struct got g = { 0 };

	snprintf(full, sizeof full, "%s%s%s", folder, path[0] ? "/" : "", path);
	assert_int_equal(intake_read(&setup, take, tell, &g), 0);
	return g;
}

static void reads_all(void **state)
{
	struct got g;
	char hex[DIGEST_TEXT];
	struct digest d;
	u8 hash[32];

	(void)state;
	put("a.csv", "indicator,type\nbad.example,phishing\n192.0.2.1,malware\n");
	put("b.txt", "bad.example\nnot a name at all\nworse.example\nx.example\ny.example\n"
	    "z.example\nw.example\n");
	put("c.bin", "\x01\x02\x03 nothing that is known");
	put("d.hosts", "0.0.0.0 bad.example\n127.0.0.1 localhost\n");
	put("e.json", "{\"xarf_version\": \"4.0.0\", \"category\": \"content\"");
	put("f.xml", "<?xml version=\"1.0\" encoding=\"euc-tw\"?><IODEF-Document version=\"2.00\" "
	    "xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\"><Incident restriction=\"red\">"
	    "<EventData><Flow><System><Node><Address category=\"ipv4-addr\">192.0.2.1"
	    "</Address></Node></System></Flow></EventData></Incident></IODEF-Document>");
	put("g.rpz", "@ SOA . . 1 2 3 4 5\n@ NS .\nbad.example CNAME .\n");
	put("h.xml", "<!DOCTYPE x [<!ENTITY a SYSTEM \"/etc/passwd\">]><IODEF-Document>&a;"
	    "</IODEF-Document>");
	g = taken("");
	assert_int_equal(g.items, 11);
	assert_int_equal(g.unknown, 0);	/* the format says whether its items are marked */
	assert_string_equal(g.said, "b.txt|line 2|not an entry of a list\n"
			    "c.bin||no format that Vedette reads\n"
			    "e.json||line 1: '}' expected near end of file\n"
			    "h.xml||it has a document type; IODEF has none, and what stands in "
			    "one is not read\n");
	g = taken("a.csv");
	digest_init(&d);
	digest_add(&d, "indicator,type\nbad.example,phishing\n192.0.2.1,malware\n", 54);
	digest_end(&d, hash);
	assert_string_equal(g.sha, hex_text(hash, 32, hex));
	g = taken("none.txt");
	assert_string_equal(g.said, "none.txt||No such file or directory\n");
}

/* All sets of characters that mail has, and one that it has not, open no file. */
static void reads_mail_locked_up(void **state)
{
	static const char *const sets[] = { "iso-8859-1", "windows-1251", "gb2312",
		"iso-2022-jp", "big5", "koi8-r", "utf-7", "hp-roman8", "ebcdic-int", "euc-tw" };
	char text[2000];
	struct got g;

	(void)state;
	make_folder("mail");
	make_folder("mail/cur");
	make_folder("mail/new");
	make_folder("mail/tmp");
	for (size_t i = 0; i < COUNT(sets); i++) {
		char name[64];

		snprintf(name, sizeof name, "mail/%s/%zu.host:2,S", i % 2 ? "cur" : "new", i);
		snprintf(text, sizeof text, "From: =?%s?Q?=41=E9?= <a@x.example>\n"
			 "Subject: =?%s?B?QUJD?= bad.example\nDate: Tue, 12 Mar 2024 10:11:12 "
			 "MEST\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b; "
			 "x*=%s'en'%%41\n\n--b\nContent-Type: text/plain; charset=\"%s\"; "
			 "name*=%s''%%41%%E9\n\nhxxp://bad[.]example/ \xe9\n--b--\n", sets[i],
			 sets[i], sets[i], sets[i], sets[i]);
		put(name, text);
	}
	g = taken("mail");
	assert_string_equal(g.said, "");
	assert_int_equal(g.items, 3 * COUNT(sets) - COUNT(sets));
}

static int crash(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	(void)why;
	if (memmem(r->octets, r->n, "crash", 5))
		abort();
	if (memmem(r->octets, r->n, "open", 4))
		fclose(fopen("/etc/passwd", "r"));
	return r->item(r->to, &(struct item){ .subject = "fine.example" });
}

static void goes_on_after_crashes(void **state)
{
	static const struct exchange bad = { .id = "bad", .title = "bad", .carries = "",
					     .read = crash };
	char full[200];
	const char *const paths[] = { full };
	const struct intake setup = { .paths = paths, .count = 1, .format = &bad };
	struct got g = { 0 };

	(void)state;
	make_folder("crash");
	put("crash/1", "fine");
	put("crash/2", "crash");
	put("crash/3", "fine");
	put("crash/4", SANDBOX_SANITIZED ? "crash" : "open");
	put("crash/5", "fine");
	snprintf(full, sizeof full, "%s/crash", folder);
	assert_int_equal(intake_read(&setup, take, tell, &g), 0);
	assert_int_equal(g.items, 3);
	assert_int_equal(g.troubles, 2);
	assert_non_null(strstr(g.said, "2||it is left: its reader crashed"));
	if (!SANDBOX_SANITIZED)
		assert_non_null(strstr(g.said, "4||it is left: its reader tried what it may "
				       "not do"));
}

static int stop(void *to, const struct intake_file *from, const struct item *i)
{
	(void)to, (void)from, (void)i;
	return 7;
}

static void stops_when_told(void **state)
{
	char full[200];
	const char *const paths[] = { full };
	const struct intake setup = { .paths = paths, .count = 1 };
	struct got g = { 0 };

	(void)state;
	snprintf(full, sizeof full, "%s/a.csv", folder);
	assert_int_equal(intake_read(&setup, stop, tell, &g), 7);
}

static int begin(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/intake-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all), cmocka_unit_test(reads_mail_locked_up),
		cmocka_unit_test(goes_on_after_crashes), cmocka_unit_test(stops_when_told),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
