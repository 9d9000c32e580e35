/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit.c - see audit.h. What files an auditor may have beside the zone is audit_include.h. */
#include "base/rd.h"
#include "base/stamp.h"
#include "dns/sig.h"
#include "dns/suffix.h"
#include "link/codec.h"
#include "link/pass.h"
#include "model/digest.h"
#include "run/audit_include.h"
#include "run/audit_result.h"
#include "run/auditor.h"
#include "run/marked.h"
#include "zone/transfer.h"
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writable memory of the auditor beside --memory: sorting, graphs, keys, stacks, a
 * decompressor's window. A wall, not a plan; families of checks state what they need. */
#define MEMORY_BESIDE (2ull << 30)
#define INCLUDES_OPEN 64u	/* at a time */

/* A file that must not change while it is read. */
struct watched {
	const char *name;	/* NULL: it is no such file */
	int fd;
	struct stat was;
};

struct parent {
	struct watched zone, since;
	struct includes includes;
	struct audit_result *r;
	struct audit_setup setup;
	struct suffixes *suffixes;
	int snapshot;		/* where the zone's snapshot goes, or -1 */
	int certificates;	/* the same for certificates */
	int written;		/* the first error of it */
	char trouble[OPT_WHY];	/* why the auditor gave up */
	audit_progress_fn *progress;
	void *to;
};

/* ---- what came back ---- */

static void take_progress(struct parent *p, const u8 *body, size_t n)
{
	struct rd r = rd_of(body, n);
	u64 done = rd_u64(&r), all = rd_u64(&r), phase = rd_u64(&r), family;
	char text[80];

	if (p->progress == NULL || r.bad)
		return;
	if (phase == AUDIT_READING && all)
		snprintf(text, sizeof text, "reading: %3.0f %%",
			 100.0 * (double)done / (double)all);
	else if (phase == AUDIT_READING)
		snprintf(text, sizeof text, "reading: %.1f MB", (double)done / 1e6);
	else
		snprintf(text, sizeof text, "sorting");
	family = phase - AUDIT_CHECKING;
	for (u64 i = 0; phase >= AUDIT_CHECKING && check_families[i]; i++)
		if (i == family)
			snprintf(text, sizeof text, "checking: %s", check_families[i]->title);
	p->progress(p->to, text, done, all);
}

/* Octets of a snapshot or certificates, in order. OOPS_FORMAT when nobody wants them. */
static int take_octets(struct parent *p, int fd, const u8 *body, size_t n)
{
	ssize_t step;

	if (fd < 0)
		return OOPS_FORMAT;
	for (; n && p->written == 0; n -= (size_t)step, body += step)
		if ((step = write(fd, body, n)) < 0) {
			if (errno != EINTR)
				p->written = -errno;
			step = 0;
		}
	return 0;
}

/* Empties a file that is written anew. */
static void begin_octets(struct parent *p, int fd)
{
	if (fd >= 0 && (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0))
		p->written = -errno;
}

/* The auditor's last sentence: foreign, so only what can be printed of it. */
static void take_trouble(struct parent *p, const u8 *body, size_t n)
{
	size_t len = n < sizeof p->trouble - 1 ? n : sizeof p->trouble - 1;

	for (size_t i = 0; i < len; i++)
		p->trouble[i] = (char)(body[i] < ' ' || body[i] == 0x7f ? '?' : body[i]);
	p->trouble[len] = '\0';
}

/* ---- the job ---- */

struct hearing { struct parent *p; int socket; };

static int take_frame(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	const struct hearing *h = to;
	struct parent *p = h->p;

	switch (kind) {
	case CODEC_FINDING:
		return result_finding(p->r, body, n);
	case CODEC_EVIDENCE:
		return result_evidence(p->r, body, n);
	case CODEC_PROGRESS:
		take_progress(p, body, n);
		return 0;
	case CODEC_WANT:
		return includes_give(&p->includes, h->socket, body, n);
	case CODEC_SNAPSHOT:
		return take_octets(p, p->snapshot, body, n);
	case CODEC_CERTIFICATE:
		return take_octets(p, p->certificates, body, n);
	case CODEC_PICTURE:
		return result_picture(p->r, body, n);
	case CODEC_TROUBLE:
		take_trouble(p, body, n);
		return 0;
	case CODEC_DONE:
		report_free(&p->r->report);
		p->r->complete = true;
		return report_parse(&p->r->report, (const char *)body, n);
	default:
		return OOPS_FORMAT;
	}
}

/* ---- files that change ---- */

static void watch(struct watched *w, const char *name, int fd)
{
	w->fd = fd;
	w->name = fd >= 0 && fstat(fd, &w->was) == 0 && S_ISREG(w->was.st_mode) ? name : NULL;
}

static bool is_changed(const struct watched *w)
{
	struct stat is;

	return w->name && fstat(w->fd, &is) == 0 && includes_differ(&is, &w->was);
}

/* A snapshot is mapped, so one that is cut makes the auditor crash: that is no fault of the
 * program, and trying again is of no use. */
static bool crashed_by_change(const struct parent *p, char why[OPT_WHY])
{
	const struct watched *w = is_changed(&p->since) ? &p->since : &p->zone;

	if (is_changed(w))
		snprintf(why, OPT_WHY, N_("%.160s: was changed while it was read; "
			 "nothing of the audit is used"), w->name);
	return is_changed(w);
}

static void say_changed(struct parent *p, const char *name)
{
	struct audit_result *r = p->r;

	if (name == NULL)
		return;
	r->unread = true;
	if (r->crash_count < COUNT(r->crashes))
		snprintf(r->crashes[r->crash_count++], sizeof r->crashes[0], N_("%.120s: "
			 "was changed while it was read; what is told may be "
			 "wrong"), name);
}

/* What the auditor was at, for people. */
static void where(const struct parent *p, const struct job_note *note, char to[160])
{
	u64 i = note->phase - AUDIT_CHECKING;

	if (note->phase < AUDIT_CHECKING)
		snprintf(to, 160, N_("while it %s (some %llu octets were read)"),
			 note->phase == AUDIT_READING ? N_("read the "
			 	"zone") : N_("sorted the zone"),
			 (unsigned long long)note->offset);
	else
		snprintf(to, 160, N_("in the checks of '%.40s'"),
			 i < AUDIT_FAMILIES_MAX && p->setup.wanted[i] ? check_families[i]->id
								     : "?");
}

/* The note of the thread that crashed: of several that were at their checks nobody knows
 * which it was, then NULL. */
static const struct job_note *culprit(const struct job *job)
{
	const struct job_note *found = &job->note[0];
	unsigned busy = 0;

	for (unsigned i = 0; i < job->notes; i++)
		if (job->note[i].phase >= AUDIT_CHECKING) {
			found = &job->note[i];
			busy++;
		}
	return busy > 1 ? NULL : found;
}

/* After a crash: says where; true when it makes sense to audit again, without the family, or
 * one family at a time to see which it is. */
static bool learn(struct parent *p, const struct job *job, int end)
{
	const struct job_note *note = culprit(job);
	struct audit_result *r = p->r;
	u64 i = note ? note->phase - AUDIT_CHECKING : 0;
	char at[160] = N_("in its checks");
	bool known = note && note->phase >= AUDIT_CHECKING && i < AUDIT_FAMILIES_MAX &&
		     p->setup.wanted[i] && !p->setup.crashed[i];
	bool again = (known || (note == NULL && !p->setup.careful)) &&
		     r->crash_count + 1 < COUNT(r->crashes) &&
		     lseek(p->setup.fd, 0, SEEK_SET) == 0 &&
		     (p->setup.since < 0 || lseek(p->setup.since, 0, SEEK_SET) == 0);

	if (note)
		where(p, note, at);
	if (r->crash_count < COUNT(r->crashes))
		snprintf(r->crashes[r->crash_count++], sizeof r->crashes[0],
			 N_("%.120s: the auditor crashed (%s) %s; %s"), p->setup.name,
			 strsignal(-end), at, !again ? N_("nothing of its work is used") :
			 known ? N_("the zone is audited again without them")
			       : N_("the zone is audited again, one family at a time"));
	if (again && known)
		p->setup.crashed[i] = r->unread = true;
	p->setup.careful = true;
	return again;
}

static int start(struct parent *p, struct job *job)
{
	int keep[2 + AUDIT_FILES] = { p->setup.fd };
	struct job_setup setup = { .name = "auditor", .keep = keep,
		.keep_count = 1, .threads = p->setup.input.threads,
		.receives = p->includes.folder >= 0 ? INCLUDES_OPEN : 0, .run = auditor_run,
		.arg = &p->setup, .memory_max = p->setup.memory + MEMORY_BESIDE };

	if (p->setup.since >= 0)
		keep[setup.keep_count++] = p->setup.since;
	for (unsigned i = 0; i < AUDIT_FILES; i++)
		if (p->setup.files[i] >= 0)
			keep[setup.keep_count++] = p->setup.files[i];
	return job_start(job, &setup);
}

static int run_job(struct parent *p, char why[OPT_WHY])
{
	struct job job;
	bool again, crashed, changed;
	int rc, end;

	do {
		result_forget(p->r);
		includes_forget(&p->includes);
		p->written = 0;
		p->trouble[0] = '\0';
		begin_octets(p, p->snapshot);
		begin_octets(p, p->certificates);
		again = false;
		if ((rc = start(p, &job)) < 0) {
			snprintf(why, OPT_WHY,
				 N_("the auditor's sandbox cannot be set up (%s); "
				 	"nothing was read"),
				 oops_text(rc));
			return rc;
		}
		rc = codec_each(job.socket, -1, take_frame, &(struct hearing){ p, job.socket });
		end = job_end(&job);
		crashed = end < 0 && !p->r->complete;
		changed = crashed && crashed_by_change(p, why);
		if (crashed && !changed)
			again = learn(p, &job, end);
		job_free(&job);
	} while (again);
	if (changed)
		return OOPS_TYPE;
	if (rc < 0)
		snprintf(why, OPT_WHY, N_("the auditor's answer is %s; nothing of it is "
			"used"),
			 oops_text(rc));
	else if (!p->r->complete && p->trouble[0]) {
		snprintf(why, OPT_WHY, "%s", p->trouble);
		return OOPS_TYPE;
	} else if (!p->r->complete)
		snprintf(why, OPT_WHY, N_("the auditor %s; nothing of its work is used"),
			 end == 1 ? N_("ran out of memory "
			 	"(--memory)") : N_("did not come to its end"));
	else if (p->written < 0)
		snprintf(why, OPT_WHY, N_("what was asked for cannot be written: %s"),
			 oops_text(p->written));
	if (rc >= 0 && p->r->complete && p->written < 0)
		return p->written;
	return rc < 0 ? OOPS_FORMAT : p->r->complete ? 0 : OOPS_SHORT;
}

/* ---- before and after ---- */

static void open_folder(struct parent *p, const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder = slash ? strndup(name, (size_t)(slash - name) + 1) : strdup("./");
	char *real = folder ? realpath(folder, NULL) : NULL;

	if (folder)
		p->includes.folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (real && (p->includes.path = malloc(strlen(real) + 2)))
		snprintf(p->includes.path, strlen(real) + 2, "%s%s", real,
			 strcmp(real, "/") ? "/" : "");
	free(real);
	free(folder);
}

static int open_zone(struct parent *p, const char *name, char why[OPT_WHY])
{
	struct stat st = { 0 };
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY)
				   : dup(STDIN_FILENO);
	int rc = fd < 0 || fstat(fd, &st) < 0 ? -errno : S_ISDIR(st.st_mode) ? -EISDIR : 0;

	p->setup.fd = fd;
	if (rc < 0) {
		snprintf(why, OPT_WHY, N_("%.160s: cannot be opened: %s"),
			name, oops_text(rc));
		return OOPS_TYPE;
	}
	p->setup.name = name;
	p->setup.size = S_ISREG(st.st_mode) ? (u64)st.st_size : 0;
	p->setup.time = (u64)st.st_mtime;
	if (strcmp(name, "-"))
		open_folder(p, name);
	return 0;
}

static int open_files(struct parent *p, const struct opts *o, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);

	for (unsigned i = 0; i < AUDIT_FILES; i++) {
		const char *name = c->files[i];
		struct stat st;
		int fd = name ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
		int rc = name && (fd < 0 || fstat(fd, &st) < 0) ? -errno : 0;

		p->setup.files[i] = fd;
		p->setup.input.files[i].name = name;
		if (rc == 0 && (name == NULL || S_ISREG(st.st_mode)))
			continue;
		snprintf(why, OPT_WHY, N_("%.160s: cannot be opened: %s"), name,
			 rc ? oops_text(rc) : N_("a file is wanted, no pipe or folder"));
		return OOPS_TYPE;
	}
	return 0;
}

static void close_all(struct parent *p)
{
	for (unsigned i = 0; i < AUDIT_FILES; i++)
		if (p->setup.files[i] >= 0)
			close(p->setup.files[i]);
	if (p->setup.fd >= 0)
		close(p->setup.fd);
	includes_free(&p->includes);
	transfer_key_free(p->setup.key);
	suffixes_free(p->suffixes);
}

/* What the families say to the options and the names of the files. */
static int ask_families(const struct parent *p, char why[OPT_WHY])
{
	int rc = 0;

	for (unsigned i = 0; check_families[i] && rc == 0; i++)
		if (p->setup.wanted[i] && check_families[i]->check)
			rc = check_families[i]->check(&p->setup.input, p->setup.family_conf[i],
						      why);
	return rc;
}

static int open_suffixes(struct parent *p, const struct opts *o, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);
	int rc = suffixes_open(&p->suffixes, c->suffixes, p->setup.input.key);

	if (rc < 0)
		snprintf(why, OPT_WHY,
			 N_("%.100s: the public suffix list cannot be read (%s); install "
			 "the package publicsuffix or name another list with "
			 "--suffixes"), c->suffixes,
			 oops_text(rc));
	p->setup.input.suffixes = p->suffixes;
	return rc;
}

static int take_label(struct audit_result *ret, const struct opts *o, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);
	struct marking m;
	int rc = marked_read(c->marking, &m, why);

	marking_label(m, ret->label);
	return rc;
}

int audit_one(struct audit_result *ret, const struct opts *o, const struct audit_task *t,
	      char why[OPT_WHY])
{
	struct parent p = { .r = ret, .includes = { .folder = -1 }, .snapshot = t->snapshot,
		.certificates = t->certificates,
		.progress = t->progress, .to = t->to };
	int rc;

	*ret = (struct audit_result){ 0 };
	p.setup.fd = -1;
	memset(p.setup.files, 0xff, sizeof p.setup.files);	/* -1 each */
	p.setup.progress = t->progress != NULL;
	p.setup.since = t->since;
	p.setup.since_name = t->since_name;
	p.setup.since_time = t->since_time;
	p.setup.snapshot = t->snapshot >= 0;
	p.setup.certificates = t->certificates >= 0;
	p.setup.series = t->series;
	rc = take_label(ret, o, why);
	if (rc == 0)
		rc = audit_take_options(&p.setup, o, t->now, why);
	if (rc == 0)
		rc = open_suffixes(&p, o, why);
	if (rc == 0 && audit_is_transfer(t->name))
		rc = audit_transfer_open(&p.setup, t->name, ((const struct audit_run_conf *)
					 opts_conf(o, audit_run_rows))->tsig_file, why);
	else if (rc == 0)
		rc = open_zone(&p, t->name, why);
	if (rc == 0)
		rc = open_files(&p, o, why);
	if (rc == 0)
		rc = ask_families(&p, why);
	if (rc == 0) {
		watch(&p.zone, t->name, p.setup.fd);
		watch(&p.since, t->since_name, t->since);
		json_object_seed(0);	/* these read files, which the auditor cannot */
		digest_prepare();
		sig_prepare();
		rc = run_job(&p, why);
	}
	if (rc == 0) {
		result_settle(ret);
		say_changed(&p, is_changed(&p.zone) ? p.zone.name : includes_changed(&p.includes));
		say_changed(&p, is_changed(&p.since) ? p.since.name : NULL);
	}
	close_all(&p);
	return rc;
}
