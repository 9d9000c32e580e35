/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_text.c - see zone_text.h. */
#include "zone_text.h"
#include "dns/rrtype.h"
#include "zone/own.h"
#include <sys/mman.h>
#include <unistd.h>

static const char *const kinds[] = {
	[ZONE_BAD_LINE] = "bad", [ZONE_WARNING] = "warning", [ZONE_BAD_CLASS] = "class",
	[ZONE_BAD_INCLUDE] = "include", [ZONE_CUT_SHORT] = "cut", [ZONE_FULL] = "full",
	[ZONE_BROKEN] = "broken",
};

static void on_trouble(void *to, const struct zone_trouble *t)
{
	struct zone_text *z = to;

	if (t->file)
		buf_fmt(&z->told, "%s %s:%u %s\n", kinds[t->kind], z->result->names[t->file],
			t->line, t->text);
	else
		buf_fmt(&z->told, "%s %u %s\n", kinds[t->kind], t->line, t->text);
}

static int file_of(const char *text, size_t n)
{
	int fd = memfd_create("zone", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, text, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static int on_include(void *to, const char *name, char *why)
{
	struct zone_text *z = to;

	for (const char *const *f = z->files; *f; f += 2)
		if (strcmp(*f, name) == 0)
			return file_of(f[1], strlen(f[1]));
	snprintf(why, 200, "there is none");
	return -1;
}

int zone_text_read(struct zone_text *t)
{
	struct zone_read_conf conf = { .name = "first", .memory = t->memory ? t->memory : 1u << 30,
		.unpacked = t->unpacked, .key = 42, .threads = t->threads ? t->threads : 1,
		.trouble = on_trouble, .to = t };
	u8 origin[NAME_WIRE_MAX];
	int fd = t->fd > 0 ? t->fd : file_of(t->text, t->len ? t->len : strlen(t->text)), rc;

	if (t->origin) {
		must(name_parse(t->origin, origin) > 0);
		conf.origin = origin;
	}
	if (t->files)
		conf.include = on_include;
	t->result = calloc(1, sizeof *t->result);
	must(t->result);
	rc = zone_read_blocks(&t->zone, fd, &conf, t->result, t->block ? t->block : 128u << 10);
	close(fd);
	if (rc == 0 && !t->open)
		rc = zone_seal(t->zone);
	t->troubles = t->told.at ? t->told.at : calloc(1, 1);
	t->told.at = NULL;
	t->dump = rc == 0 && !t->open ? zone_dump(t->zone, true) : calloc(1, 1);
	return rc;
}

void zone_text_free(struct zone_text *t)
{
	zone_free(t->zone);
	free(t->result);
	free(t->troubles);
	free(t->dump);
	buf_free(&t->told);
	*t = (struct zone_text){ 0 };
}

static void dump_record(struct buf *b, const struct zone *z, const struct zone_record *r,
			bool lines)
{
	char name[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	u32 len;
	const u8 *rdata = zone_rdata(z, r, &len);
	unsigned flags = zone_name(z, r->owner)->flags;

	buf_fmt(b, "%s ", zone_text(z, r->owner, name));
	if (lines)
		buf_fmt(b, "%u ", zone_line(z, r));
	buf_fmt(b, "%s %u ", rrtype_text(r->type, type), zone_ttl(z, r));
	for (u32 i = 0; i < len; i++)
		buf_fmt(b, "%02x", rdata[i]);
	buf_fmt(b, "%s%s%s%s%s\n", flags & ZONE_INSIDE ? "" : " outside",
		flags & ZONE_CUT ? " cut" : "", flags & ZONE_BELOW ? " below" : "",
		flags & ZONE_MASKED ? " masked" : "", r->mark & ZONE_REPEAT ? " repeat" : "");
}

char *zone_dump(const struct zone *z, bool lines)
{
	struct buf b = { 0 };
	char name[NAME_TEXT_MAX];
	u32 n, owners = zone_owner_count(z), at = 0;
	const struct zone_record *r = zone_records(z, &n);
	const struct zone_host *hosts;
	struct rank_walk walk;

	walk = zone_owners_from(z, 0);
	for (u32 i = 0; i < owners; i++) {
		u32 owner = zone_owners_next(z, &walk);

		must(zone_owner(z, i) == owner && zone_name(z, owner)->first == at);
		must(zone_owner_at(z, zone_name(z, owner)->wire) == i);
		for (; r[at].owner == owner; at++)
			dump_record(&b, z, &r[at], lines);
	}
	must(at == n && r[n].owner == 0);
	walk = zone_cuts_from(z, 0);
	for (u32 i = 0; i < zone_cut_count(z); i++) {
		u32 cut = zone_cuts_next(z, &walk);

		must(zone_cut(z, i) == cut && zone_cut_number(z, cut) == i);
		buf_fmt(&b, "cut %s\n", zone_text(z, cut, name));
	}
	hosts = zone_hosts(z, &n);
	for (u32 i = 0; i < n; i++) {
		must(zone_host(z, hosts[i].name) == i);
		buf_fmt(&b, "host %s %u\n", zone_text(z, hosts[i].name, name),
			hosts[i].delegations);
	}
	buf_byte(&b, 0);
	must(b.error == 0);
	return b.at;
}
