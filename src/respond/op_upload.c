/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_upload.c - operations on files that are sent to a server (upload.h). Sending is two
 * operations around a stream of octets: job.begin asks for room and gets a socket beside its
 * reply, job.add says that all of it is there. */
#include "respond/op_own.h"
#include "respond/upload.h"

static int hands_of(struct desk *d, const struct upload_hands **ret)
{
	*ret = desk_house(d)->hands;
	return *ret ? 0 : desk_fault(d, -EOPNOTSUPP, "only a server does this");
}

static int begin(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct upload_hands *h;
	struct marking m;
	int rc = hands_of(d, &h);

	if (rc == 0)
		rc = op_marking_in(d, who, args, &m);
	if (rc == 0)
		rc = op_tell_text(args, "tlp", label_names[m.tlp]);
	if (rc == 0)
		rc = op_tell_text(args, "pap", pap_names[m.pap]);
	return rc ? rc : h->begin(h->own, d, who, args, reply);
}

static int add(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct upload_hands *h;
	int rc = hands_of(d, &h);

	return rc ? rc : h->add(h->own, d, who, args, reply);
}

static int replay(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct upload_hands *h;
	int rc = hands_of(d, &h);

	return rc ? rc : h->replay(h->own, d, who, args, reply);
}

/* The one that is meant, when the caller may see it. */
static int take(struct desk *d, const struct caller *who, json_t *args, struct upload **ret)
{
	const u64 number = op_count(args, "number");
	int rc = op_may_see_one(d, who, DESK_upload, &(struct upload){ .number = number });

	return rc ? rc : upload_find(d, number, ret);
}

static int put(struct desk *d, struct upload *u, enum upload_state state, json_t *reply)
{
	int rc;

	u->why = state == UPLOAD_CANCELLED && u->state == UPLOAD_RUNNING &&
		 u->kind == UPLOAD_REPORT
		 ? N_("what it had taken in by then stays in the inbox") : "";
	u->state = (u8)state;
	rc = upload_set(d, u, state == UPLOAD_QUEUED);
	if (rc == 0)
		rc = op_tell_count(reply, "number", u->number);
	return rc ? rc : op_tell_text(reply, "state", upload_states[state]);
}

/* Ends what waits or runs, and gives up what could be started again. */
static int cancel(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct upload_hands *h;
	struct upload *u = NULL;
	int rc = hands_of(d, &h);

	if (rc == 0)
		rc = take(d, who, args, &u);
	if (rc == 0 && u->folder[0] == 0)
		rc = desk_fault(d, OOPS_RANGE, "job %llu has ended (%s): there is nothing to "
				"cancel", (unsigned long long)u->number, upload_states[u->state]);
	if (rc == 0 && (rc = put(d, u, UPLOAD_CANCELLED, reply)) == 0) {
		h->stop(h->own, u->number);
		h->drop(h->own, u->folder);
	}
	free(u);
	return rc;
}

static int again(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct upload_hands *h;
	struct upload *u = NULL;
	int rc = hands_of(d, &h);

	if (rc == 0)
		rc = take(d, who, args, &u);
	if (rc == 0 && (u->folder[0] == 0 || u->state == UPLOAD_QUEUED ||
			u->state == UPLOAD_RUNNING))
		rc = desk_fault(d, OOPS_RANGE, u->folder[0]
				? N_("job %llu has not ended: it is %s")
				: N_("the octets of job %llu are gone (%s): send it again"),
				(unsigned long long)u->number, upload_states[u->state]);
	if (rc == 0)
		rc = put(d, u, UPLOAD_QUEUED, reply);
	free(u);
	return rc;
}

#define NUMBER { "number", "the job", OP_COUNT, true, 0, NULL }
static const struct op_arg begin_args[] = {
	{ "kind", "what it is", OP_CHOICE, true, 0, upload_kinds },
	{ "name", "the file's name", OP_TEXT, true, 1000, NULL },
	{ "origin", "name of the zone, where its file does not begin with it", OP_TEXT, false, 255,
	  NULL },
	{ "octets", "its length, when it is known", OP_COUNT, false, 0, NULL },
	OP_MARKING, OP_END };
static const struct op_arg add_args[] = {
	{ "upload", "what the beginning replied", OP_TEXT, true, 64, NULL }, OP_END };
static const struct op_arg number_args[] = { NUMBER, OP_END };
static const struct op_arg replay_args[] = {
	{ "id", "the finding, or its first digits", OP_TEXT, true, 64, NULL }, OP_END };

const struct op upload_ops[] = {
	{ "job.begin", "Asks for room for a file.", ROLE_ANALYST, begin_args, begin },
	{ "job.add", "Says that a file is there.", ROLE_ANALYST, add_args, add },
	{ "job.cancel", "Ends a job, or gives up one that could be started again.", ROLE_ANALYST,
	  number_args, cancel },
	{ "job.again", "Starts a job again that failed or was interrupted.", ROLE_ANALYST,
	  number_args, again },
	{ "finding.replay", "Judges a finding again from its evidence.", ROLE_ANALYST, replay_args,
	  replay },
	{ .name = NULL }
};
