/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_job.c - what takes longer or is larger than a look: files that are sent and the work on
 * them, packs of findings, judging again.
 *
 *   POST /api/v1/jobs?kind=capture&name=a.pcap   octets -> {"number":12}
 *   GET  /api/v1/jobs/12                         state, what came of it, how far it is
 *
 * How far running ones are is told by the live events "job" too (live.c). */
#include "web/put.h"
#include "base/tongue.h"
#include "link/board.h"
#include "link/parcel.h"
#include "model/utf8.h"
#include "respond/upload.h"
#include "share/pack.h"

/* ---- packs ---- */

/* A finding and its messages as one file, as `vedette pack` writes it; through the caller's
 * gate. Who passes it on minds its label. */
static int write_pack(struct request *q, struct finding *f, struct pack_items *items)
{
	int rc = gate_finding(q->gate, q->values.at[0], f);

	if (rc == 0)
		rc = gate_evidence(q->gate, f, pack_item, items);
	if (rc) {
		request_fault(q, rc, "%s", gate_error(q->gate)[0] ? gate_error(q->gate)
			      : oops_text(rc));
		return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
	}
	if ((rc = pack_items_write(q->out, f, items)))
		return request_fault(q, rc, "the pack cannot be written: %s", oops_text(rc));
	snprintf(q->file, sizeof q->file, "%.12s.vedette", f->id);
	return 0;
}

static int get_pack(struct request *q)
{
	struct finding *f = calloc(1, sizeof *f);
	struct pack_items *items = calloc(1, sizeof *items);
	int rc = f && items ? write_pack(q, f, items) : -ENOMEM;

	if (items)
		pack_items_free(items);
	free(items);
	free(f);
	return rc;
}

/* ---- judging again ---- */

#define REPLAY_ANSWER (64u << 10)	/* octets of one parcel of it */

static const char *const verdicts[] = { "same", "differs", "unreadable", NULL };

/* "verdict  About 1,110 different names ...": a word of the protocol, and behind it a sentence
 * that is said anew. */
static void put_line(struct buf *out, const char *line)
{
	const size_t head = strcspn(line, " ");
	struct buf said = { 0 };

	buf_add(&said, line, head + strspn(line + head, " "));
	say_stored(&said, tongue_now(), line + said.len);
	utf8_json(out, buf_str(&said));
	buf_free(&said);
}

/* "0" and lines of text, as the foreman's worker said them. */
static int put_verdict(struct request *q, const struct buf *got)
{
	const unsigned char first = got->len ? (unsigned char)got->at[0] : 0;
	const char *comma = "";

	if (first < '0' || first > '2')
		return request_fault(q, -EAGAIN, "no worker has time to judge it; try again");
	buf_fmt(q->out, "{\"verdict\":\"%s\",\"lines\":[", verdicts[first - '0']);
	for (const char *p = got->at + 1; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[1000];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		buf_text(q->out, comma);
		put_line(q->out, line);
		comma = ",";
	}
	buf_text(q->out, "]}\n");
	return 0;
}

static int ask_replay(struct request *q)
{
	json_t *args = json_pack("{s:s}", "id", q->values.at[0]), *reply = NULL;
	int rc = request_ask_fd(q, "finding.replay", args, &reply, &q->waiting->fd);

	json_decref(args);
	json_decref(reply);
	return rc == 0 && q->waiting->fd < 0
	       ? request_fault(q, -EAGAIN, "nobody can judge it at this moment; try again") : rc;
}

static int replay(struct request *q)
{
	struct waiting *is = q->waiting;
	int rc = is->fd < 0 ? ask_replay(q) : 0, n = 1, fds[PARCEL_FDS];
	char *text;

	if (rc)
		return rc;
	if ((text = malloc(REPLAY_ANSWER)) == NULL)
		return -ENOMEM;
	while (n > 0 && is->got.len < 2 * REPLAY_ANSWER)
		if ((n = parcel_take(is->fd, text, REPLAY_ANSWER, fds)) > 0)
			buf_add(&is->got, text, (size_t)n);
	free(text);
	return n == -EAGAIN ? REQUEST_LATER : put_verdict(q, &is->got);
}

/* ---- jobs ---- */

static int send_file(struct request *q)
{
	json_t *args = json_pack("{s:s}", "upload", q->waiting->upload), *reply = NULL;
	int rc = request_ask(q, "job.add", args, &reply);
	const u64 number = (u64)json_integer_value(json_object_get(reply, "number"));

	json_decref(args);
	json_decref(reply);
	if (rc)
		return rc;
	snprintf(q->location, sizeof q->location, "/api/v1/jobs/%llu",
		 (unsigned long long)number);
	buf_fmt(q->out, "{\"number\":%llu}\n", (unsigned long long)number);
	return 0;
}

static void put_progress(struct buf *out, const struct board_slot *s)
{
	char phase[BOARD_PHASE];

	memcpy(phase, s->phase, sizeof phase);
	phase[sizeof phase - 1] = 0;
	buf_fmt(out, "{\"done\":%llu,\"all\":%llu,\"frames\":%llu,\"found\":%llu,\"phase\":",
		(unsigned long long)atomic_load(&s->done),
		(unsigned long long)atomic_load(&s->all),
		(unsigned long long)atomic_load(&s->frames),
		(unsigned long long)atomic_load(&s->found));
	put_stored(out, phase);
	buf_byte(out, '}');
}

static int put_job(void *to, struct buf *out, const void *record)
{
	const struct board *b = ((const struct request *)to)->web->setup.board;
	const struct upload *u = record;
	const struct board_slot *s = NULL;

	for (unsigned i = 0; b && i < BOARD_SLOTS; i++)
		if (atomic_load(&b->at[i].number) == u->number)
			s = &b->at[i];
	put_noun(out, DESK_upload, u);
	buf_text(out, ",\"progress\":");
	if (s && u->state == UPLOAD_RUNNING)
		put_progress(out, s);
	else
		buf_text(out, "null");
	return 0;
}

static int conditions(struct request *q, struct store_cond conds[3], unsigned *n)
{
	u64 states, kinds;
	int rc = request_words(q, "state", upload_states, &states);

	if (rc || (rc = request_words(q, "kind", upload_kinds, &kinds)))
		return rc;
	if (states)
		conds[(*n)++] = (struct store_cond){ "state", STORE_AMONG, NULL, states };
	if (kinds)
		conds[(*n)++] = (struct store_cond){ "kind", STORE_AMONG, NULL, kinds };
	if (request_param(q, "owner"))
		conds[(*n)++] = (struct store_cond){ "owner", STORE_IS,
			request_param(q, "owner"), 0 };
	return 0;
}

static int list(struct request *q)
{
	struct store_cond conds[3];
	struct store_query query = { .table = DESK_upload, .conds = conds, .order = "-number",
		.any = "name", .text = request_param(q, "text") };
	int rc = conditions(q, conds, &query.count);

	return rc ? rc : request_list(q, &query, put_job, q);
}

static int one(struct request *q)
{
	return request_one(q, DESK_upload, put_job, q);
}

static const struct api_param list_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "text", "the file's name holds this text", OP_TEXT, NULL },
	{ "state", "in one of these states: queued,running", OP_TEXT, NULL },
	{ "kind", "of one of these kinds", OP_TEXT, NULL },
	{ "owner", "of this person", OP_TEXT, NULL },
	{ .name = NULL }
};
static const struct api_param send_params[] = {
	{ "kind", "what it is; must be said", OP_CHOICE, upload_kinds },
	{ "name", "the file's name; must be said", OP_TEXT, NULL },
	{ "origin", "name of the zone, where its file does not begin with it", OP_TEXT, NULL },
	{ "tlp", "TLP 2.0 label of the job and of all that is made from it; when not said: that of "
	  "--marking, or the caller's own clearance", OP_CHOICE, label_names },
	{ "pap", "what may be done with it", OP_CHOICE, pap_names },
	{ .name = NULL }
};

const struct api_route job_routes[] = {
	{ .method = "GET", .path = "/api/v1/findings/{id}/pack", .run = get_pack,
	  .role = ROLE_ANALYST, .media = "application/x-tar",
	  .help = "A finding, the summary it was judged on and its messages as one file, which "
	  "others can judge again (vedette replay). It holds people's queries and the hash key." },
	{ .method = "POST", .path = "/api/v1/findings/{id}/replay", .run = replay,
	  .role = ROLE_ANALYST, .reply = "replay",
	  .help = "Judges a finding again from its evidence, in a locked-up process." },
	{ .method = "GET", .path = "/api/v1/jobs", .run = list, .params = list_params,
	  .role = ROLE_ANALYST, .reply = "jobs",
	  .help = "Files that were sent and the work on them, the newest first." },
	{ .method = "GET", .path = "/api/v1/jobs/{number}", .run = one, .role = ROLE_ANALYST,
	  .reply = "job", .help = "One of them." },
	{ .method = "POST", .path = "/api/v1/jobs", .run = send_file, .params = send_params,
	  .role = ROLE_ANALYST, .upload = true, .reply = "job_number",
	  .help = "Sends a capture, a zone or reports, as they are, to be worked on." },
	{ .method = "DELETE", .path = "/api/v1/jobs/{number}", .op = "job.cancel",
	  .reply = "job_state" },
	{ .method = "POST", .path = "/api/v1/jobs/{number}/again", .op = "job.again",
	  .reply = "job_state" },
	{ .method = NULL }
};

static const struct api_member progress[] = {
	{ "done", "count", "octets read", NULL },
	{ "all", "count", "octets in all; 0 = not known", NULL },
	{ "frames", "count", "frames read", NULL },
	{ "found", "count", "findings so far", NULL },
	{ "phase", "text", "what it does", NULL },
	{ .name = NULL }
};
static const struct api_member job_more[] = {
	{ "progress", "progress|null", "how far it is, while it runs", NULL }, { .name = NULL }
};
static const struct api_member job_number[] = {
	{ "number", "count", "the job", NULL }, { .name = NULL }
};
static const struct api_member job_state[] = {
	{ "number", "count", "the job", NULL },
	{ "state", "choice", "what it is now", upload_states }, { .name = NULL }
};
static const struct api_member replayed[] = {
	{ "verdict", "choice", "is it reached again?", verdicts },
	{ "lines", "[text]", "each a word (finding, rule, verdict, replay, messages, note, "
	  "pack; the kind of the subject) and what is said of it", NULL }, { .name = NULL }
};

const struct api_shape job_shapes[] = {
	{ .name = "progress", .members = progress },
	{ .name = "job", .noun = SHAPE_OF(upload), .members = job_more },
	{ .name = "jobs", .items = "job" },
	{ .name = "job_number", .members = job_number },
	{ .name = "job_state", .members = job_state },
	{ .name = "replay", .members = replayed },
	{ .name = NULL }
};
