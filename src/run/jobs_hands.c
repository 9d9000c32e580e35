/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jobs_hands.c - what operations on uploads need of a server: room and a socket for a file, a
 * job out of what came, a replay of a finding's pack. See jobs.h. */
#include "base/num.h"
#include "respond/gate.h"
#include "run/jobs_own.h"
#include "share/pack.h"
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BROKEN_NS (2ull * 1000000000)
#define SPARE (64ull << 20)	/* octets of the disk that uploads leave free */

/* ---- room ---- */

static int check_disk(struct jobs *j, struct desk *d, u64 octets)
{
	struct statvfs v;

	if (statvfs(j->folder, &v) == 0 && (u64)v.f_bavail * v.f_frsize < octets + SPARE)
		return desk_fault(d, -ENOSPC, "the disk of %s has no room for it", j->folder);
	return 0;
}

static int check_room(struct jobs *j, struct desk *d, const struct caller *who, u64 octets)
{
	struct upload_wish w = { .owner = who->login, .octets = octets };
	unsigned others = 0;
	int rc;

	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++) {
		struct coming *c = &j->coming[i];

		if (c->state == BROKEN && desk_now(d) - c->since > BROKEN_NS)
			*c = (struct coming){ 0 };	/* nobody asked what became of it */
		if (c->token[0] == 0)
			continue;
		others++;
		w.under_way += c->state == THERE ? c->octets : c->most;
		w.more += strcmp(c->owner, who->login) == 0;
	}
	if (others == FOREMAN_UPLOADS)
		return desk_fault(d, -EAGAIN, "%u files are being sent at this moment; try again "
				  "soon", others);
	if ((rc = upload_room(d, &j->setup.limits, &w)))
		return rc;
	return check_disk(j, d, octets);
}

static int make_token(char to[TOKEN_TEXT])
{
	u8 octets[(TOKEN_TEXT - 1) / 2];

	if (getrandom(octets, sizeof octets, 0) != sizeof octets)
		return -EIO;
	hex_text(octets, sizeof octets, to);
	return 0;
}

/* A socket pair: one end to the foreman with `what` (stolen) and perhaps a file, the other
 * beside the reply. */
static int hand_over(struct jobs *j, struct desk *d, json_t *what, int file)
{
	int ends[2], fds[2], rc = parcel_pair(ends);

	if (rc) {
		json_decref(what);
		return desk_fault(d, rc, "%s", oops_text(rc));
	}
	fds[0] = file >= 0 ? file : ends[1];
	fds[1] = ends[1];
	rc = jobs_say(j, what, fds, file >= 0 ? 2 : 1);
	close(ends[1]);
	if (rc) {
		close(ends[0]);
		return desk_fault(d, -EAGAIN, "nobody can take it at this moment; try again");
	}
	if (j->pass >= 0)
		close(j->pass);
	j->pass = ends[0];
	return 0;
}

int jobs_begin(void *own, struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct jobs *j = own;
	const u64 octets = op_count(args, "octets");
	struct coming *c, is = { .state = COMING, .since = desk_now(d),
		.kind = op_choice(args, "kind", upload_kinds, 0),
		.tlp = op_choice(args, "tlp", label_names, 0),
		.pap = op_choice(args, "pap", pap_names, 0),
		.most = octets ? octets : j->setup.limits.octets };
	int rc = check_room(j, d, who, octets);

	if (rc || (rc = make_token(is.token)))
		return rc;
	snprintf(is.owner, sizeof is.owner, "%s", who->login);
	snprintf(is.origin, sizeof is.origin, "%s", op_text(args, "origin"));
	upload_name(op_text(args, "name"), is.name);
	rc = hand_over(j, d, json_pack("{s:s, s:s, s:s, s:I}", "do", "upload", "token", is.token,
		"name", is.name, "most", (json_int_t)is.most), -1);
	if (rc)
		return rc;
	c = jobs_coming(j, "");
	must(c);
	*c = is;
	return json_object_set_new(reply, "upload", json_string(is.token)) ? -ENOMEM : 0;
}

/* ---- a job ---- */

static int why_broken(struct jobs *j, struct desk *d, const struct coming *c)
{
	char n[NUM_TEXT_MAX];

	if (c->error == -ENOSPC || c->error == -EDQUOT || c->error == -EFBIG)
		return desk_fault(d, -ENOSPC, "the disk of %s is full: nothing of it was kept",
				  j->folder);
	if (c->error == OOPS_LIMIT)
		return desk_fault(d, OOPS_LIMIT, "it is larger than %s octets: nothing of it was "
				  "kept", num_size_exact(c->most, n));
	return desk_fault(d, -EIO, "it did not come whole (%s): send it again",
			  oops_text(c->error));
}

static int add_one(struct jobs *j, struct desk *d, const struct coming *c, json_t *reply)
{
	const struct upload u = { .kind = c->kind, .name = c->name, .origin = c->origin,
		.owner = c->owner, .octets = c->octets, .sha256 = c->sha256, .folder = c->token,
		.tlp = c->tlp, .pap = c->pap };
	u64 number = 0;
	int rc;

	if (c->octets == 0)
		rc = desk_fault(d, OOPS_RANGE, "the file is empty");
	else
		rc = upload_add(d, &u, &number);
	if (rc) {
		jobs_drop(j, c->token);
		return rc;
	}
	return json_object_set_new(reply, "number", json_integer((json_int_t)number)) ? -ENOMEM : 0;
}

int jobs_add(void *own, struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct jobs *j = own;
	const char *token = op_text(args, "upload");
	struct coming *c = token[0] ? jobs_coming(j, token) : NULL;
	int rc;

	jobs_hear(j, d);
	desk_as(d, who->login);
	if (c == NULL || strcmp(c->owner, who->login) || c->state == COMING)
		return desk_fault(d, OOPS_UNKNOWN, "there is no such upload");
	rc = c->state == BROKEN ? why_broken(j, d, c) : add_one(j, d, c, reply);
	*c = (struct coming){ 0 };
	jobs_queue(j, d);
	return rc;
}

/* ---- replay ---- */

/* The pack of a finding that the caller may see, in a file in memory: its descriptor, or
 * negative and the sentence. */
static int pack_of(struct desk *d, const struct caller *who, const char *id)
{
	struct pack_items *items = calloc(1, sizeof *items);
	struct finding *f = calloc(1, sizeof *f);
	struct buf out = { .limit = PACK_MAX };
	struct gate *g = NULL;
	int fd = -1, rc = items && f ? op_gate(d, who, &g) : -ENOMEM;

	if (rc == 0)
		rc = gate_finding(g, id, f);
	if (rc == 0)
		rc = gate_evidence(g, f, pack_item, items);
	if (rc)
		desk_fault(d, rc, "%s", g && gate_error(g)[0] ? gate_error(g) : oops_text(rc));
	else if ((rc = pack_items_write(&out, f, items)) == 0)
		fd = memfd_create("pack", MFD_CLOEXEC);
	if (rc == 0 && (fd < 0 || write(fd, out.at, out.len) != (ssize_t)out.len ||
			lseek(fd, 0, SEEK_SET) == -1))
		rc = desk_fault(d, -ENOMEM, "there is no memory for the pack");
	if (rc && fd >= 0)
		close(fd);
	gate_close(g);
	if (items)
		pack_items_free(items);
	free(items);
	free(f);
	buf_free(&out);
	return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc ? rc : fd;
}

int jobs_replay(void *own, struct desk *d, const struct caller *who, json_t *args,
		json_t *reply)
{
	struct jobs *j = own;
	int fd = pack_of(d, who, op_text(args, "id")), rc;

	(void)reply;
	if (fd < 0)
		return fd;
	rc = hand_over(j, d, json_pack("{s:s}", "do", "replay"), fd);
	close(fd);
	return rc;
}
