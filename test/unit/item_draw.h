/* SPDX-License-Identifier: GPL-3.0-or-later */
/* item_draw.h - items drawn at random, as awkward as people and programs make them: subjects
 * of each kind in good and bad form, texts that need escaping, times said or not, parents
 * that are there or not. The same seed gives the same items. */
#pragma once
#include "model/release.h"

static inline u64 item_roll(u64 *seed, u64 below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % below;
}

#define ITEM_HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
static const char *const item_subjects[SUBJECT_KIND_COUNT][5] = {
	[SUBJECT_OTHER] = { "something", "a thing", "x", "", "it's \\ \"so\"" },
	[SUBJECT_DOMAIN] = { "example.com", "xn--bcher-kva.example", "a.b.c.example.org",
			     "b\303\274cher.example", "no name at all" },
	[SUBJECT_ADDRESS] = { "192.0.2.1", "2001:db8::5", "198.51.100.77", "::ffff:192.0.2.9",
			      "192.0.2.300" },
	[SUBJECT_PREFIX] = { "192.0.2.0/24", "2001:db8::/32", "198.51.100.0/25", "0.0.0.0/0",
			     "192.0.2.0/33" },
	[SUBJECT_AS] = { "AS64500", "AS0", "AS4200000001", "64500", "AS042" },
	[SUBJECT_URL] = { "https://example.com/a?b=c&d", "http://192.0.2.1/x,y#1#2",
			  "https://example.org/'\"%20 <>|\\^`{}", "http://[2001:db8::1]:80/",
			  "https://b\303\274cher.example/\303\244?[1]=%zz" },
	[SUBJECT_EMAIL] = { "a@example.com", "b.c+d@example.org", "x@example.net",
			    "o'neil@example.com", "two@at@example.com" },
	[SUBJECT_SERVER] = { "192.0.2.53", "2001:db8::53", "203.0.113.53", "::1", "ns1" },
	[SUBJECT_CLIENT] = { "192.0.2.7", "2001:db8::7", "203.0.113.7", "127.0.0.1", "" },
	[SUBJECT_ZONE] = { "example.com", "example", ".", "2.0.192.in-addr.arpa", "a b" },
	[SUBJECT_HASH] = { ITEM_HASH, "d41d8cd98f00b204e9800998ecf8427e",
			   "da39a3ee5e6b4b0d3255bfef95601890afd80709", ITEM_HASH ITEM_HASH,
			   "0123" },
};

static const char *const item_texts[] = {
	"", "a plain line", "two\nlines", "\"quotes\", <tags> & 'more'; = + @", "\\back\\slash\t",
	"caf\303\251 \346\227\245\346\234\254 \360\237\220\264", "=cmd|' /C calc'!A0",
	" blanks ", "\342\200\256turned\302\205 \001\037\177", "phishing",
};
static const char *const item_lists[] = {
	"", "one", "one\ntwo", "phishing\nspam\none",
	"https://example.com/a\nhttps://example.org/b",
	"https://example.com/ with blanks\nCVE-2024-0001\nhttp://x/%zz", "\n\ngaps\n\n", "cve",
};

/* One item; `id` holds its id. Its parent is one of `parents` (ids), or none. */
static inline struct item item_draw(u64 *seed, char id[65], const char *const *parents,
				    unsigned parent_count)
{
	const u64 ms = 1000000u;
	struct item i = {
		.kind = (u8)item_roll(seed, ITEM_KIND_COUNT),
		.subject_kind = (u8)item_roll(seed, SUBJECT_KIND_COUNT),
		.abuse = (u8)item_roll(seed, ABUSE_COUNT),
		.rule = item_roll(seed, 2) ? "tunnel.data" : "",
		.title = item_texts[item_roll(seed, COUNT(item_texts))],
		.text = item_texts[item_roll(seed, COUNT(item_texts))],
		.severity = (enum severity)item_roll(seed, SEVERITY_COUNT),
		.confidence = item_roll(seed, 101),
		.first_seen = item_roll(seed, 2) * (1700000000000u + item_roll(seed, 1000)) * ms,
		.created = item_roll(seed, 9) ? (1710000000000u + item_roll(seed, 100000)) * ms : 0,
		.sightings = item_roll(seed, 9) ? item_roll(seed, 5) : 5000000000u,
		.source = item_roll(seed, 2) ? "cert.example"
			: item_roll(seed, 3) ? "" : "CVE \"x\"",
		.references = item_lists[item_roll(seed, COUNT(item_lists))],
		.tags = item_lists[item_roll(seed, COUNT(item_lists))],
		.evidence = item_roll(seed, 3) ? "" : ITEM_HASH,
		.action = (u8)item_roll(seed, ACTION_COUNT),
		.tlp = (u8)item_roll(seed, LABEL_COUNT), .pap = (u8)item_roll(seed, PAP_COUNT),
	};

	i.subject = item_subjects[i.subject_kind][item_roll(seed, 5)];
	i.last_seen = item_roll(seed, 3) ? i.first_seen + item_roll(seed, 9) * 1000 * ms
					 : item_roll(seed, 2) * 1600000000123456789u;
	i.created += item_roll(seed, 4) ? 0 : item_roll(seed, 1000000);	/* not whole ms */
	i.modified = item_roll(seed, 5) ? i.created + item_roll(seed, 9) * 1000 * ms : 0;
	i.valid_until = item_roll(seed, 2) * (i.modified + item_roll(seed, 2) * 86400000 * ms);
	if (parent_count && item_roll(seed, 2))
		i.parent = parents[item_roll(seed, parent_count)];
	item_identify(&i, id);
	return i;
}

/* A release of `count` items at most for somebody who can have them all; two with the same
 * id are one. */
static inline struct release *item_release(u64 *seed, u32 count)
{
	const struct audience all = { "everybody", MARKING_STRICTEST };
	char ids[64][65];
	const char *list[65] = { ITEM_HASH };
	struct release *r;

	must(release_new(&r, &all, MARKING_STRICTEST, RELEASE_WHOLE) == 0);
	for (u32 i = 0; i < count && i < COUNT(ids); i++) {
		struct item one = item_draw(seed, ids[i], list, i + 1);
		bool again = false;

		for (u32 k = 0; k < i; k++)
			again |= strcmp(ids[k], ids[i]) == 0;
		if (!again)
			must(release_add(r, &one) == 1);
		list[i + 1] = ids[i];
	}
	return r;
}
