/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c - see read.h. One thread: the whole text is read, then scanned record by record. */
#include "base/hash.h"
#include "zone/read.h"
#include <libzscanner/scanner.h>
#include <unistd.h>

#define READ_OCTETS (256u << 10)

struct reader {
	const struct zone_read_conf *conf;
	struct zone_read_result *result;
	struct zone *zone;
	char *text;
	u64 len, cap;
	zs_scanner_t zs;
};

static void tell(struct reader *r, enum zone_trouble_kind kind, const char *text)
{
	struct zone_trouble t = { .kind = kind, .line = (u32)r->zs.line_counter };

	snprintf(t.text, sizeof t.text, "%s", text);
	r->result->troubles++;
	r->conf->trouble(r->conf->to, &t);
}

static int read_all(struct reader *r, int fd)
{
	for (;;) {
		ssize_t n;

		if (r->cap - r->len < READ_OCTETS) {
			char *more = realloc(r->text, r->cap = r->cap * 2 + READ_OCTETS);

			if (more == NULL)
				return -ENOMEM;
			r->text = more;
		}
		if ((n = read(fd, r->text + r->len, READ_OCTETS)) == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		r->len += (u64)n;
	}
}

static int add(struct reader *r, u32 line)
{
	u8 owner[NAME_WIRE_MAX];
	struct zone_input in = { .owner = owner, .owner_len = r->zs.r_owner_length,
		.type = r->zs.r_type, .ttl = r->zs.r_ttl, .line = line, .rdata = r->zs.r_data,
		.rdlen = r->zs.r_data_length };

	name_lower(owner, r->zs.r_owner, in.owner_len);
	in.hash = zone_hash(r->conf->key, owner, in.owner_len);
	r->result->records++;
	return zone_add(r->zone, &in);
}

/* Lines that are blank, comments or directives before the record in [p, end). */
static u32 lines_before(const char *p, const char *end)
{
	u32 lines = 0;

	while (p < end) {
		const char *at = p + strspn(p, " \t");

		if (*at != '\n' && *at != ';' && *at != '$')
			break;
		p = memchr(at, '\n', (size_t)(end - at));
		if (p++ == NULL)
			break;
		lines++;
	}
	return lines;
}

/* Scans one record or directive; 1: there is more. */
static int scan_one(struct reader *r)
{
	u32 line = (u32)r->zs.line_counter;
	const char *from = r->zs.input.current;
	int rc;

	zs_parse_record(&r->zs);
	switch (r->zs.state) {
	case ZS_STATE_DATA:
		line += lines_before(from, r->zs.input.current);
		if ((rc = add(r, line)) == OOPS_LIMIT)
			tell(r, ZONE_FULL, "the memory for one zone is used up");
		return rc < 0 ? rc == OOPS_LIMIT ? 0 : rc : 1;
	case ZS_STATE_ERROR:
		tell(r, ZONE_BAD_LINE, zs_strerror(r->zs.error.code));
		return !r->zs.error.fatal;
	case ZS_STATE_INCLUDE:
		tell(r, ZONE_BAD_INCLUDE, "files are not included yet");
		return 1;
	default:
		r->result->whole = true;
		return 0;
	}
}

int zone_read(struct zone **ret, int fd, const struct zone_read_conf *conf,
	      struct zone_read_result *result)
{
	struct reader *r = calloc(1, sizeof *r);
	char origin[NAME_TEXT_MAX] = ".";
	int rc = -ENOMEM;

	if (r == NULL)
		return rc;
	r->conf = conf;
	r->result = result;
	*result = (struct zone_read_result){ .files = 1 };
	snprintf(result->names[0], sizeof result->names[0], "%s", conf->name);
	if (conf->origin)
		name_text(conf->origin, NAME_WIRE_MAX, origin);
	if ((rc = zone_make(&r->zone, conf->origin, conf->memory, conf->key)) < 0 ||
	    (rc = read_all(r, fd)) < 0)
		goto out;
	if (zs_init(&r->zs, origin, 1, 3600) < 0 ||
	    zs_set_input_string(&r->zs, r->text, r->len) < 0) {
		rc = -ENOMEM;
		goto out;
	}
	while ((rc = scan_one(r)) > 0)
		;
	zs_deinit(&r->zs);
	result->octets = r->len;
	result->lines = r->zs.line_counter;
	if (rc < 0)
		goto out;
	*ret = r->zone;
	r->zone = NULL;
out:
	zone_free(r->zone);
	free(r->text);
	free(r);
	return rc;
}
