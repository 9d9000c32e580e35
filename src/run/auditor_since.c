/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor_since.c - the auditor's snapshots: what --since names, what the zone is now, and what
 * goes to the next audit. */
#include "run/auditor_own.h"
#include <unistd.h>

bool since_is_snapshot(int fd)
{
	u8 first[8];

	return pread(fd, first, sizeof first, 0) == sizeof first && snapshot_is(first, 8);
}

/* Bad lines of the older file were told when it was the new one; but what is missing at its
 * end would be taken for new. */
static void note_trouble(void *to, const struct zone_trouble *t)
{
	struct auditor *a = to;

	if ((t->kind == ZONE_CUT_SHORT || t->kind == ZONE_FULL || t->kind == ZONE_BROKEN) &&
	    a->old_cut.text[0] == '\0')
		a->old_cut = *t;
}

/* A snapshot of a zone file: the older one of two, or one without a history. */
static int snapshot_of_text(struct auditor *a, int fd, const char *name, u64 time,
			    struct snapshot **ret)
{
	struct zone_read_conf conf = { .name = name, .memory = a->setup->memory,
		.unpacked = a->setup->unpacked,
		.origin = a->setup->has_origin ? a->setup->origin : NULL,
		.key = a->setup->input.key, .threads = a->setup->input.threads,
		.include = auditor_include, .trouble = note_trouble, .to = a };
	struct zone_read_result *result = calloc(1, sizeof *result);
	struct snapshot_about about = { .at = 0, .key = conf.key };
	struct zone *z = NULL;
	int rc = result ? zone_read(&z, fd, &conf, result) : -ENOMEM;

	if (rc == 0 && a->old_cut.text[0])
		rc = auditor_refuse(a, "%.100s:%u: cannot be compared with, because it is not "
				    "whole: %.140s", name, a->old_cut.line, a->old_cut.text);
	if (rc == 0)
		rc = zone_seal(z);
	if (rc == 0)
		rc = snapshot_make(ret, z, &about);
	if (rc == 0 && ((*ret)->head.at = snapshot_serial_instant((*ret)->head.serial)) == 0)
		(*ret)->head.at = time;
	zone_free(z);
	free(result);
	return rc;
}

int since_read_old(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	int rc;

	if (s->since < 0)
		return 0;
	if (since_is_snapshot(s->since))
		rc = snapshot_open(&a->old, s->since);
	else
		rc = snapshot_of_text(a, s->since, s->since_name, s->since_time, &a->old);
	return rc < 0 && rc != -ENOMEM && a->old_cut.text[0] == '\0'
		? auditor_refuse(a, "%.150s: cannot be compared with: %s", s->since_name,
			 rc == OOPS_UNKNOWN ? N_("it holds no zone") : oops_text(rc)) : rc;
}

/* The zone's own snapshot, with the old one's history. */
static int make_now(struct auditor *a, const struct snapshot *from)
{
	const struct audit_setup *s = a->setup;
	struct snapshot_about about = { .at = a->at, .key = s->input.key, .old = a->old,
		.memory = s->history };
	char now[NAME_TEXT_MAX], old[NAME_TEXT_MAX];
	int rc;

	if (a->old == NULL && !s->snapshot)
		return 0;
	rc = from ? snapshot_renew(&a->now, from, &about)
		  : snapshot_make(&a->now, a->zone, &about);
	if (rc < 0 || a->old == NULL)
		return rc;
	name_text(a->now->head.origin, a->now->head.origin_len, now);
	name_text(a->old->head.origin, a->old->head.origin_len, old);
	if (strcmp(now, old))
		return auditor_refuse(a, "%.120s: holds the zone %.60s, not %.60s",
				      s->since_name, old, now);
	return 0;
}

static u32 serial_of(const struct zone *z)
{
	struct zone_rrset set;
	const u8 *d;
	u32 n;

	if (!zone_rrset(z, zone_origin(z), TYPE_SOA, &set))
		return 0;
	d = zone_rdata(z, &zone_records(z, NULL)[set.first], &n);
	return n < 20 ? 0 : (u32)d[n - 20] << 24 | (u32)d[n - 19] << 16 | (u32)d[n - 18] << 8 |
	       d[n - 17];
}

/* When the zone was so: --at, or in a series what the zone itself says. */
static void take_instant(struct auditor *a, u32 serial)
{
	const struct audit_setup *s = a->setup;

	if (s->series && (a->at = snapshot_serial_instant(serial)) == 0)
		a->at = s->time;
	if (a->old && a->old->head.at >= a->at && s->series)
		a->at = a->old->head.at + 1;	/* the order of the files counts */
}

int since_make_now(struct auditor *a)
{
	take_instant(a, serial_of(a->zone));
	return make_now(a, NULL);
}

/* A file of a series that is a snapshot itself. */
int since_read_now(struct auditor *a)
{
	struct snapshot *file;
	int rc = snapshot_open(&file, a->setup->fd);

	if (rc < 0)
		return rc == -ENOMEM ? rc : auditor_refuse(a, "%.150s: is no good snapshot: %s",
						   a->setup->name, oops_text(rc));
	a->at = file->head.at;
	if (a->old && a->old->head.at >= a->at)
		a->at = a->old->head.at + 1;
	rc = make_now(a, file);
	snapshot_free(file);
	return rc;
}

static int put_octets(void *to, const void *octets, size_t n)
{
	struct auditor *a = to;
	const u8 *at = octets;

	for (size_t step; n; n -= step, at += step) {
		step = n < CODEC_BODY_MAX ? n : CODEC_BODY_MAX;
		auditor_send(a, CODEC_SNAPSHOT, at, step);
	}
	return a->error;
}

static int put_buf(void *to, const void *octets, size_t n)
{
	buf_add(to, octets, n);
	return buf_error(to);
}

/* The snapshot with the signatures that were good, to the parent. */
int since_send(struct auditor *a)
{
	struct buf seen = { .limit = sig_seen_size(&a->marks) + 1 };
	int rc = 0;

	if (a->marks.count && (rc = sig_marks_sort(&a->marks)) == 0 &&
	    (rc = sig_seen_write(&a->marks, put_buf, &seen)) == 0)
		snapshot_attach_seen(a->now, seen.at, seen.len);
	if (rc == 0)
		rc = snapshot_write(a->now, put_octets, a);
	buf_free(&seen);
	return rc;
}
