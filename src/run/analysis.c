/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis.c - see analysis.h. */
#include "run/analysis.h"
#include "base/buf.h"
#include "base/rd.h"
#include "dns/suffix.h"
#include "link/codec.h"
#include "model/digest.h"
#include "run/hash_key.h"
#include "run/inputs.h"
#include "run/marked.h"
#include <jansson.h>
#include <signal.h>
#include <time.h>

/* Writable memory of the analyser beside --memory: reassembly (80 MiB at most), transactions,
 * verdicts, buffers, stacks, and a decompressor's window. A wall, not a plan. */
#define MEMORY_BESIDE (1ull << 30)

struct parent {
	struct analysis *a;
	struct analysis_setup setup;
	struct suffixes *suffixes;
	struct inputs in;
	progress_fn *progress;
	void *to;
};

static void forget_results(struct analysis *a)
{
	for (u32 i = 0; i < a->finding_count; i++)
		free(a->findings[i]);
	for (u32 i = 0; i < a->evidence_count; i++)
		free(a->evidence[i].at);
	report_free(&a->report);
	a->report = (struct report_box){ 0 };
	a->finding_count = a->evidence_count = 0;
	a->evidence_octets = 0;
}

void analysis_free(struct analysis *a)
{
	forget_results(a);
	free(a->findings);
	free(a->evidence);
	*a = (struct analysis){ 0 };
}

static int by_id(const void *a, const void *b)
{
	return memcmp(((const struct packed *)a)->id, ((const struct packed *)b)->id, 32);
}

const struct packed *analysis_evidence(const struct analysis *a, const u8 id[32])
{
	struct packed key;

	memcpy(key.id, id, 32);
	return bsearch(&key, a->evidence, a->evidence_count, sizeof key, by_id);
}

/* Room for one more in an array that doubles. */
static bool room(void **at, u32 count, u32 *cap, size_t size)
{
	u32 more = *cap ? *cap * 2 : 64;
	void *bigger;

	if (count < *cap)
		return true;
	if ((bigger = realloc(*at, more * size)) == NULL)
		return false;
	*at = bigger;
	*cap = more;
	return true;
}

static int take_finding(struct analysis *a, const u8 *body, size_t n)
{
	struct finding *f;
	int rc;

	if (a->finding_count >= VERDICTS_MAX)
		return OOPS_LIMIT;
	if (!room((void **)&a->findings, a->finding_count, &a->finding_room, sizeof f) ||
	    (f = malloc(sizeof *f)) == NULL)
		return -ENOMEM;
	rc = finding_parse(f, (const char *)body, n, NULL);
	if (rc < 0) {
		free(f);
		return rc;
	}
	snprintf(f->label, sizeof f->label, "%s", a->label);	/* the analyser knows none */
	a->findings[a->finding_count++] = f;
	return 0;
}

static int take_evidence(struct analysis *a, const u8 *body, size_t n)
{
	struct packed *p;
	struct evidence e;

	if (evidence_unpack(&e, body, n) < 0 || a->evidence_octets + n > ANALYSIS_EVIDENCE_MAX)
		return OOPS_FORMAT;
	if (!room((void **)&a->evidence, a->evidence_count, &a->evidence_room, sizeof *p))
		return -ENOMEM;
	p = &a->evidence[a->evidence_count];
	if ((p->at = malloc(n)) == NULL)
		return -ENOMEM;
	memcpy(p->at, body, n);
	memcpy(p->id, e.id, 32);
	p->len = (u32)n;
	a->evidence_count++;
	a->evidence_octets += n;
	return 0;
}

static int take_frame(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	struct parent *p = to;
	struct rd r = rd_of(body, n);
	struct analysis_step step;

	switch (kind) {
	case CODEC_FINDING:
		return take_finding(p->a, body, n);
	case CODEC_EVIDENCE:
		return take_evidence(p->a, body, n);
	case CODEC_DONE:
		p->a->complete = true;
		report_free(&p->a->report);
		p->a->report = (struct report_box){ 0 };
		return report_parse(&p->a->report, (const char *)body, n);
	case CODEC_PROGRESS:
		step.done = rd_u64(&r);
		step.all = rd_u64(&r);
		step.frames = rd_u64(&r);
		step.found = rd_u64(&r);
		if (p->progress && !r.bad)
			p->progress(p->to, &step);
		return 0;
	default:
		return OOPS_FORMAT;
	}
}

static int start(struct parent *p, struct job *job)
{
	const struct analysis_setup *s = &p->setup;
	int *keep = calloc((size_t)s->inputs * SETS, sizeof *keep);
	struct job_setup setup = { .name = "analyser", .keep = keep,
		.threads = s->workers - 1, .run = analyser_run, .arg = &p->setup,
		.memory_max = s->conf->memory + MEMORY_BESIDE };
	int rc;

	if (keep == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < s->inputs * SETS; i++)
		if (s->fds[i] >= 0)
			keep[setup.keep_count++] = s->fds[i];
	rc = job_start(job, &setup);
	free(keep);
	if (rc == 0)
		inputs_handed_over(&p->in);
	return rc;
}

/* What comes after a crash, for people; `lost`: why nothing can. */
static const char *outlook(const struct parent *p, const struct job_note *note, bool near,
			   const char *lost)
{
	if (lost)
		return lost;
	if (near)
		return N_("everything is read again, more slowly, to see which frame it "
			"is");
	if (note->frame == 0)
		return N_("no frame had been read, so none can be left out");
	if (p->setup.poisons == POISONS_MAX)
		return N_("too many frames have been left out by now");
	return N_("that frame is left out and all others are analysed");
}

/* After a crash: says where, and whether it makes sense to read again. With several workers,
 * or while a batch is folded, the frame is not known for sure: then every frame is folded by
 * itself, by one worker. */
static bool learn(struct parent *p, const struct job *job, int end)
{
	struct analysis_setup *s = &p->setup;
	struct analysis *a = p->a;
	const struct job_note *note = &job->note[0];
	bool near = !s->careful && (s->workers > 1 || note->phase != 0);
	const char *lost = inputs_again(&p->in);

	must(a->crash_count < COUNT(a->crashes));
	snprintf(a->crashes[a->crash_count++], sizeof a->crashes[0],
		 N_("%.300s: the analyser crashed (%s) %s frame %llu (offset %llu); %s"),
		 note->file < s->inputs ? s->names[note->file] : "?", strsignal(-end),
		 near ? "near" : "at", (unsigned long long)note->frame,
		 (unsigned long long)note->offset, outlook(p, note, near, lost));
	if (lost || (!near && (note->frame == 0 || s->poisons == POISONS_MAX)))
		return false;
	if (near) {
		s->workers = 1;
		s->careful = true;
	} else {
		s->poison[s->poisons++] = (struct poison){ note->file, note->frame };
		a->unread = true;
	}
	return true;
}

/* A file was changed while several workers read it. One sees it in one way, whatever that is. */
static bool alone(struct parent *p)
{
	p->setup.workers = 1;
	return inputs_again(&p->in) == NULL;
}

static int run_job(struct parent *p, char why[OPT_WHY])
{
	struct job job;
	bool again;
	int rc, end;

	do {
		forget_results(p->a);
		p->a->complete = again = false;
		rc = start(p, &job);
		if (rc < 0) {
			snprintf(why, OPT_WHY,
				 N_("the analyser's sandbox cannot be set up (%s); "
				 	"nothing was read"),
				 oops_text(rc));
			return rc;
		}
		rc = codec_each(job.socket, -1, take_frame, p);
		end = job_end(&job);
		if (end < 0 && !p->a->complete)
			again = learn(p, &job, end);
		else if (end == ANALYSER_APART && p->setup.workers > 1)
			again = alone(p);
		job_free(&job);
	} while (again);
	if (rc < 0)
		snprintf(why, OPT_WHY, N_("the analyser's answer is %s; nothing of it is "
			"used"),
			 oops_text(rc));
	else if (!p->a->complete)
		snprintf(why, OPT_WHY, N_("the analyser %s; nothing of its work is used"),
			 end == 1 ? N_("ran out of memory "
			 	"(--memory)") : N_("did not come to its end"));
	return rc < 0 ? OOPS_FORMAT : p->a->complete ? 0 : OOPS_SHORT;
}

static int by_finding(const void *a, const void *b)
{
	return finding_compare(*(struct finding *const *)a, *(struct finding *const *)b);
}

static void settle(struct analysis *a)
{
	if (a->finding_count)
		qsort(a->findings, a->finding_count, sizeof *a->findings, by_finding);
	if (a->evidence_count)
		qsort(a->evidence, a->evidence_count, sizeof *a->evidence, by_id);
	for (u32 i = 0; i < a->report.report.input_count; i++)
		a->unread |= a->report.report.inputs[i].trouble[0] != 0;
}

/* What hangs on the inputs: the key, and what is hashed with it. */
static int prepare(struct parent *p, char why[OPT_WHY])
{
	const struct run_conf *conf = p->setup.conf;
	int rc;

	p->setup.fds = p->in.fds;
	p->setup.sizes = p->in.sizes;
	p->setup.piped = p->in.piped;
	p->setup.hash_key = hash_key_of(conf->hash_key, p->in.fds, p->in.count,
					(u64)time(NULL) / 86400);
	rc = suffixes_open(&p->suffixes, conf->suffixes, p->setup.hash_key);
	if (rc < 0)
		snprintf(why, OPT_WHY,
			 N_("%s: the public suffix list cannot be read (%s); install the "
			 "package publicsuffix or name another list with --suffixes"),
			 conf->suffixes, oops_text(rc));
	p->setup.suffixes = p->suffixes;
	return rc < 0 ? rc : 0;
}

int analysis_run(struct analysis *ret, const struct opts *o, const char *const *names,
		 unsigned count, progress_fn *progress, void *to, char why[OPT_WHY])
{
	struct parent p = { .a = ret, .progress = progress, .to = to };
	const struct run_conf *conf = run_conf_of(o);
	struct marking marking;
	int rc;

	*ret = (struct analysis){ 0 };
	p.setup.conf = conf;
	p.setup.progress = progress != NULL;
	if ((rc = run_check_only(conf, why)) < 0 ||
	    (rc = marked_read(conf->marking, &marking, why)) < 0)
		return rc;
	marking_label(marking, ret->label);
	for (unsigned i = 0; detectors[i]; i++)
		if (run_wants(conf, detectors[i]))
			p.setup.detector_conf[i] = run_detector_conf(o, detectors[i]);
	json_object_seed(0);	/* these two read files, which the analyser cannot */
	digest_prepare();
	p.setup.names = names;
	p.setup.inputs = count;
	p.setup.workers = (unsigned)conf->workers;
	rc = inputs_open(&p.in, names, count, conf->spool);
	if (rc < 0)
		snprintf(why, OPT_WHY, N_("%u inputs are too many at a time (%s); name "
			 "fewer, or lower --workers"), count, oops_text(rc));
	else if ((rc = prepare(&p, why)) == 0)
		rc = run_job(&p, why);
	if (rc == 0)
		settle(ret);
	inputs_close(&p.in);
	snprintf(ret->spool, sizeof ret->spool, "%s", p.in.trouble);
	ret->unread |= p.in.unread;
	suffixes_free(p.suffixes);
	return rc;
}
