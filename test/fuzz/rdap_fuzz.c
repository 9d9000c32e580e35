/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rdap_fuzz.c - contacts out of any octets: each entry has an id of plain letters (RDAP) or
 * the one that was written (CSV), its members are texts within bounds, and reading it again
 * gives the same. */
#include "respond/roll.h"

struct seen { u64 entries, octets; bool table; };

static int look(void *to, json_t *entry)
{
	struct seen *s = to;
	const char *key, *id = json_string_value(json_object_get(entry, "id"));
	json_t *value;

	must(id && id[0]);
	must(s->table || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == 0);
	json_object_foreach(entry, key, value) {
		must(json_is_string(value));
		must(json_string_length(value) <= 2 * ROLL_TEXT_MAX + 1);
		must(json_string_length(value) == strlen(json_string_value(value)));
		s->octets += json_string_length(value);
	}
	s->entries++;
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct roll_counts counts;
	char why[ROLL_WHY] = "";
	size_t at = 0;
	struct seen a = { 0 }, b;
	int rc;

	while (at < n && data[at] && strchr(" \t\r\n", data[at]))
		at++;
	a.table = at == n || data[at] != '{';
	b = a;
	rc = roll_read((const char *)data, n, look, &a, &counts, why);
	must(rc <= 0 && counts.contacts == a.entries && a.entries <= ROLL_CONTACTS_MAX);
	must(roll_read((const char *)data, n, look, &b, &counts, why) == rc);
	must(a.entries == b.entries && a.octets == b.octets);
	return 0;
}
