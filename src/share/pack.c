/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.c - see pack.h. libarchive writes and reads the tar format. */
#include "share/pack.h"
#include "model/digest.h"
#include "share/pcap.h"
#include <archive.h>
#include <archive_entry.h>

#define MEMBER_NAME 32
#define MEMBERS_MAX (FINDING_EVIDENCE_MAX + 8)
#define USTAR_TIME_MAX 077777777777ull	/* eleven octal digits: the year 2242 */

struct member { char name[MEMBER_NAME]; struct buf body; };
struct members { struct member *at; u32 count; };

static void members_free(struct members *m)
{
	for (u32 i = 0; i < m->count; i++)
		buf_free(&m->at[i].body);
	free(m->at);
	*m = (struct members){ 0 };
}

static struct buf *member_add(struct members *m, const char *name)
{
	struct member *to = &m->at[m->count++];

	*to = (struct member){ .body = { .limit = PACK_MAX } };
	snprintf(to->name, sizeof to->name, "%s", name);
	return &to->body;
}

/* --- writing ---------------------------------------------------------------- */

static void write_readme(struct buf *out, const struct finding *f)
{
	buf_fmt(out,
		"Evidence pack of Vedette\n\n"
		"Rule     %s, version %llu\n"
		"Finding  %s\n"
		"Label    %s\n\n"
		"finding.json      what was concluded, with features and thresholds, and the\n"
		"                  packed summary that was judged\n"
		"evidence/*.msg    messages as they were seen, named by their SHA-256 in the "
		"finding\n"
		"messages.pcap     the same messages for other tools; the headers around them are\n"
		"                  made up, addresses, ports and times are true\n\n"
		"To check the octets:    sha256sum -c MANIFEST.sha256\n"
		"To judge it again:      vedette replay PACK\n",
		f->rule, (unsigned long long)f->rule_version, f->id, f->label);
}

static void write_manifest(struct buf *out, const struct members *m)
{
	for (u32 i = 1; i < m->count; i++) {
		struct digest d;
		u8 hash[DIGEST_OCTETS];
		char hex[DIGEST_TEXT];

		digest_init(&d);
		digest_add(&d, m->at[i].body.at, m->at[i].body.len);
		digest_end(&d, hash);
		buf_fmt(out, "%s  %s\n", hex_text(hash, sizeof hash, hex), m->at[i].name);
	}
}

static int members_of(struct members *m, const struct finding *f,
		      const struct evidence *const *items, u32 count)
{
	struct buf *pcap;
	int error = 0;

	m->at = calloc(MEMBERS_MAX, sizeof *m->at);
	if (m->at == NULL)
		return -ENOMEM;
	member_add(m, "MANIFEST.sha256");
	write_readme(member_add(m, "README.txt"), f);
	finding_json(member_add(m, "finding.json"), f);
	pcap = member_add(m, "messages.pcap");
	pcap_begin(pcap);
	for (u32 i = 0; i < count && i < FINDING_EVIDENCE_MAX; i++) {
		char name[MEMBER_NAME];

		if (items[i] == NULL)
			continue;
		snprintf(name, sizeof name, "evidence/%04u.msg", i + 1);
		pcap_add(pcap, items[i]);
		evidence_pack(member_add(m, name), items[i]);
	}
	write_manifest(&m->at[0].body, m);
	for (u32 i = 0; i < m->count && error == 0; i++)
		error = buf_error(&m->at[i].body);
	return error;
}

static la_ssize_t take_octets(struct archive *a, void *to, const void *octets, size_t n)
{
	struct buf *out = to;

	(void)a;
	buf_add(out, octets, n);
	return buf_error(out) ? -1 : (la_ssize_t)n;
}

static int write_member(struct archive *a, const struct member *m, u64 time_ns)
{
	struct archive_entry *e = archive_entry_new();
	int rc = e ? ARCHIVE_OK : ARCHIVE_FATAL;

	if (e == NULL)
		return -ENOMEM;
	archive_entry_set_pathname(e, m->name);
	archive_entry_set_size(e, (la_int64_t)m->body.len);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_mtime(e, (time_t)min_u64(time_ns / 1000000000, USTAR_TIME_MAX), 0);
	rc = archive_write_header(a, e);
	if (rc == ARCHIVE_OK && m->body.len)
		rc = archive_write_data(a, m->body.at, m->body.len) == (la_ssize_t)m->body.len
			? ARCHIVE_OK : ARCHIVE_FATAL;
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? 0 : OOPS_LIMIT;
}

int pack_write(struct buf *out, const struct finding *f, const struct evidence *const *items,
	       u32 count)
{
	struct members m = { 0 };
	struct archive *a = archive_write_new();
	int rc = members_of(&m, f, items, count);

	if (a == NULL || rc < 0)
		goto out;
	archive_write_set_format_ustar(a);
	archive_write_add_filter_none(a);
	archive_write_set_bytes_per_block(a, 10240);
	archive_write_set_bytes_in_last_block(a, 1);
	rc = archive_write_open(a, out, NULL, take_octets, NULL) == ARCHIVE_OK ? 0 : -ENOMEM;
	for (u32 i = 0; i < m.count && rc == 0; i++)
		rc = write_member(a, &m.at[i], f->until);
	if (rc == 0 && archive_write_close(a) != ARCHIVE_OK)
		rc = -ENOMEM;
	if (rc == 0)
		rc = buf_error(out);
out:
	if (a)
		archive_write_free(a);
	else
		rc = -ENOMEM;
	members_free(&m);
	return rc;
}

int pack_item(void *items, const u8 hash[32], const u8 *packed, size_t n)
{
	struct pack_items *i = items;
	u8 *copy;

	(void)hash;
	if (i->count == FINDING_EVIDENCE_MAX)
		return OOPS_LIMIT;
	if (packed) {
		if ((copy = malloc(n)) == NULL)
			return -ENOMEM;
		memcpy(copy, packed, n);
		if (evidence_unpack(&i->at[i->count], copy, n) < 0) {
			free(copy);
			return OOPS_FORMAT;
		}
		i->octets[i->count] = copy;
	}
	i->count++;
	return 0;
}

int pack_items_write(struct buf *out, const struct finding *f, const struct pack_items *items)
{
	const struct evidence *at[FINDING_EVIDENCE_MAX];

	for (u32 i = 0; i < items->count; i++)
		at[i] = items->octets[i] ? &items->at[i] : NULL;
	return pack_write(out, f, at, items->count);
}

void pack_items_free(struct pack_items *items)
{
	for (u32 i = 0; i < items->count; i++)
		free(items->octets[i]);
	*items = (struct pack_items){ 0 };
}

/* --- reading ---------------------------------------------------------------- */

static int fail(char why[PACK_WHY], int rc, const char *text)
{
	snprintf(why, PACK_WHY, "%s", text);
	return rc;
}

/* All bodies together are no longer than the archive; those of sparse files could be. */
static int read_body(struct archive *a, struct buf *to, la_int64_t size, size_t *left)
{
	u8 some[8192];
	la_ssize_t got;

	if (size < 0 || (u64)size > *left)
		return OOPS_LIMIT;
	*left -= (size_t)size;
	while ((got = archive_read_data(a, some, sizeof some)) > 0)
		buf_add(to, some, (size_t)got);
	return got < 0 ? OOPS_FORMAT : buf_error(to);
}

static int read_members(struct members *m, const u8 *at, size_t n, char why[PACK_WHY])
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int rc = 0, got = ARCHIVE_FATAL;
	size_t left = n;

	m->at = calloc(MEMBERS_MAX, sizeof *m->at);
	if (a == NULL || m->at == NULL) {
		rc = fail(why, -ENOMEM, N_("out of memory"));
		goto out;
	}
	archive_read_support_format_tar(a);
	if (archive_read_open_memory(a, at, n) == ARCHIVE_OK)
		while (rc == 0 && (got = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
			const char *name = archive_entry_pathname(e);

			if (m->count == MEMBERS_MAX || name == NULL || strlen(name) >= MEMBER_NAME)
				rc = fail(why, OOPS_FORMAT, N_("it holds a file that "
					"does not belong there"));
			else if ((rc = read_body(a, member_add(m, name),
						 archive_entry_size(e), &left)) < 0)
				fail(why, rc, N_("one of its files is broken or too "
					"long"));
		}
	if (rc == 0 && (got != ARCHIVE_EOF || m->count < 4))
		rc = fail(why, OOPS_FORMAT, N_("this is no evidence pack (a tar "
			"archive), or it is cut off"));
out:
	archive_read_free(a);
	return rc;
}

static int check_manifest(const struct members *m, char why[PACK_WHY])
{
	struct buf want = { 0 };
	int rc = 0;

	write_manifest(&want, m);
	if (strcmp(m->at[0].name, "MANIFEST.sha256") != 0 ||
	    strcmp(m->at[2].name, "finding.json") != 0)
		rc = fail(why, OOPS_FORMAT, N_("this is no evidence pack: its files are "
			"others"));
	else if (buf_error(&want) || want.len != m->at[0].body.len ||
		 memcmp(want.at, m->at[0].body.at, want.len) != 0)
		rc = fail(why, OOPS_CHANGED, N_("it was changed: a file in it is not "
			"what MANIFEST.sha256 says"));
	buf_free(&want);
	return rc;
}

/* The evidence members as items; each must be one that the finding names. */
static int take_evidence(struct pack *p, const struct members *m, char why[PACK_WHY])
{
	u32 at = 0;

	p->evidence = calloc(m->count, sizeof *p->evidence);
	if (p->evidence == NULL)
		return fail(why, -ENOMEM, N_("out of memory"));
	for (u32 i = 4; i < m->count; i++)
		buf_add(&p->octets, m->at[i].body.at, m->at[i].body.len);
	for (u32 i = 4; i < m->count; i++) {
		struct evidence *e = &p->evidence[p->count];
		bool named = false;

		if (evidence_unpack(e, (u8 *)p->octets.at + at, m->at[i].body.len) < 0)
			return fail(why, OOPS_FORMAT, N_("a message in it is broken"));
		for (u32 j = 0; j < p->finding.evidence_count && !named; j++)
			named = memcmp(p->finding.evidence[j], e->id, 32) == 0;
		if (!named)
			return fail(why, OOPS_CHANGED, N_("a message in it does not "
				"belong to the finding"));
		at += (u32)m->at[i].body.len;
		p->count++;
	}
	return 0;
}

/* What pack_write() would make of it must be what was read. */
static int check_whole(const struct pack *p, const u8 *at, size_t n, char why[PACK_WHY])
{
	const struct evidence *items[FINDING_EVIDENCE_MAX] = { NULL };
	struct buf again = { .limit = PACK_MAX };
	int rc;

	for (u32 i = 0; i < p->count; i++)
		for (u32 j = 0; j < p->finding.evidence_count; j++)
			if (memcmp(p->finding.evidence[j], p->evidence[i].id, 32) == 0)
				items[j] = &p->evidence[i];
	rc = pack_write(&again, &p->finding, items, p->finding.evidence_count);
	if (rc == 0 && (again.len != n || memcmp(again.at, at, n) != 0))
		rc = OOPS_CHANGED;
	if (rc < 0)
		fail(why, rc, N_("it was changed: the archive is not as Vedette writes "
			"it"));
	buf_free(&again);
	return rc;
}

int pack_read(struct pack *ret, const u8 *at, size_t n, char why[PACK_WHY])
{
	struct members m = { 0 };
	char key[FINDING_WHY];
	int rc = n > PACK_MAX ? fail(why, OOPS_LIMIT, N_("it is too long")) : 0;

	if (rc == 0 && (rc = read_members(&m, at, n, why)) == 0)
		rc = check_manifest(&m, why);
	if (rc == 0) {
		rc = finding_parse(&ret->finding, buf_str(&m.at[2].body), m.at[2].body.len, key);
		if (rc < 0)
			snprintf(why, PACK_WHY, N_("its finding is %s (%s)"),
				oops_text(rc), key);
	}
	if (rc == 0 && (rc = take_evidence(ret, &m, why)) == 0)
		rc = check_whole(ret, at, n, why);
	members_free(&m);
	return rc;
}

void pack_free(struct pack *p)
{
	free(p->evidence);
	buf_free(&p->octets);
	p->evidence = NULL;
	p->count = 0;
}
