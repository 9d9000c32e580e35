/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.h - the one gate: whatever is read from the store for anybody passes here.
 *
 *   store (findings, evidence, desk) --> gate of an audience --> the person at the desk
 *                                          |                     or a release (for formats)
 *                                          +--> withheld: counted; refused: logged
 *
 * A gate is the store as one audience may see it. Commands, web routes and notices hold a
 * gate and never the store: store/read.h and store/desk.h may be included by this folder
 * only (tools/layers sees to it). Formats hold a release (model/release.h), which is filled
 * here only.
 *
 * The marking of a thing is the join of what it is made from: of a run and of a finding that
 * of what was read (its label); of a finding also what people raised it to as a member of
 * incidents; of an incident its own and those of its members and notes; of a report its own; of
 * a member, note, task or deadline also that of its incident; of a notice its own. Contacts are
 * for the desk: DESK_MARKING.
 *
 * Not here: who somebody is (that is the web's and the operating system's work). */
#pragma once
#include "model/release.h"
#include "respond/desk.h"
#include "store/store.h"

/* Contacts hold people's data. */
#define DESK_MARKING ((struct marking){ LABEL_AMBER_STRICT, PAP_AMBER })

struct gate;
/* On a desk, or on a store alone (a file of findings without a desk; then d is NULL). The
 * audience is copied; desk and store must outlive the gate. 0 or -ENOMEM. */
int gate_open(struct gate **ret, struct desk *d, struct store *s, const struct audience *who);
struct gate *gate_close(struct gate *g);	/* takes NULL, gives NULL */
const struct audience *gate_audience(const struct gate *g);
const char *gate_error(const struct gate *g);
/* From now on what may not be seen is as if it was not there: no answer tells the two apart.
 * For those who ask from outside; who sits at the store is told the marking instead. */
void gate_discreet(struct gate *g);
/* How many things were withheld since it was opened, because of their markings. */
u64 gate_withheld(const struct gate *g);

/* ---- findings: as store/read.h, less what the audience may not have ---- */

/* As store_each_finding(). */
int gate_each_finding(struct gate *g, const struct store_filter *filter,
		      store_finding_fn *each, void *to);
/* Those that may be seen. */
int gate_count(struct gate *g, const struct store_filter *filter, u64 *ret);
/* As store_finding(); -EPERM when it exists and may not be seen (the sentence says under
 * which marking it stands, and nothing more). A discreet gate: among those that may be seen. */
int gate_finding(struct gate *g, const char *id, struct finding *ret);
/* By its number in the file, as the sieve gives them; without its lists unless `whole`. 0,
 * OOPS_UNKNOWN, -EPERM (not of a discreet gate). */
int gate_numbered(struct gate *g, u64 number, bool whole, struct finding *ret);
/* What is read between the two is as of one moment, and each look-up costs no lock of the
 * file: for pages. 0 or negative; the end in any case. */
int gate_still(struct gate *g, bool *ours);
void gate_still_end(struct gate *g, bool ours);
/* The finding's own label and what it was raised to: 0 or negative. */
int gate_finding_marking(struct gate *g, const struct finding *f, struct marking *ret);
/* As store_evidence(), of a finding that may be seen. */
int gate_evidence(struct gate *g, const struct finding *f, store_evidence_fn *each, void *to);

/* Runs, and what they say of how much was read and lost, are marked as what they read. */
int gate_each_run(struct gate *g, const struct store_filter *made, store_run_fn *each,
		  void *to);
/* As store_latest_runs(); the limit counts those that may be seen. */
int gate_latest_runs(struct gate *g, u64 before, u64 limit, store_run_fn *each, void *to);
/* The number of the last run, whoever may see it; 0: none, UINT64_MAX: it goes on. For those
 * who keep what they have made until there is another. 0 or negative. */
int gate_settled(struct gate *g, u64 *ret);

/* Documents that runs left beside their findings (a zone's picture), the latest first; of one
 * run, or of all (0). They are marked as their run. */
int gate_each_part(struct gate *g, const char *name, u64 run, store_part_fn *each, void *to);
/* How far the store was when the audience (by its name) last looked; zeroes: never. */
int gate_looked(struct gate *g, struct store_looked *ret);

/* ---- the desk's nouns ---- */

/* As store_each(); limit and skip count what may be seen. */
int gate_each(struct gate *g, const struct store_query *q, store_record_fn *each, void *to);
int gate_total(struct gate *g, const struct store_query *q, u64 *ret);
/* The record of that key as a copy (desk_copy) in *ret: 1; 0 when there is none; -EPERM (a
 * discreet gate: 0). */
int gate_take(struct gate *g, enum desk_table t, const void *key, void **ret);
/* Events about something that may be seen ("incident:12"); of the whole log only for an
 * audience of MARKING_STRICTEST, else -EPERM. An event that tells of something stricter (a
 * member that has left since) is withheld. */
int gate_each_event(struct gate *g, const char *about, store_event_fn *each, void *to);
/* The strictest marking that an event's body says of anything in it. */
struct marking gate_event_marking(const struct event *e);
/* Events behind number `after`, for an audience that may have the whole log, and the number
 * of the last one. 0, what each() stopped with, or negative. */
int gate_events_after(struct gate *g, u64 after, store_event_fn *each, void *to);
/* The same for those below number `before` (0: all), the latest first. */
int gate_events_before(struct gate *g, u64 before, store_event_fn *each, void *to);
int gate_last_event(struct gate *g, u64 *ret);
/* The marking of what an event is about ("incident:12", "report:3", ""), whoever asks: for
 * those who hand events on and compare themselves. 0 or negative. */
int gate_about(struct gate *g, const char *about, struct marking *ret);
/* What was kept under a hash, for a thing with that marking (a report's original, a
 * notice's message): 0, -EPERM, or as store_kept(). */
int gate_kept(struct gate *g, const char *hash, struct marking of, struct buf *out);
/* A document that others sent, by its hash: under the strictest marking of all that came out
 * of it, and never for less than the desk (DESK_MARKING): what nobody took out of it may be
 * as strict. OOPS_UNKNOWN when it was not kept, or nothing came out of it. */
int gate_original(struct gate *g, const char *hash, struct buf *out);

/* ---- what may leave ---- */

enum gate_part {	/* of an incident, beside itself */
	GATE_FINDINGS = 1, GATE_REPORTS = 2, GATE_NOTES = 4, GATE_ALL = 7,
};
/* What a release is made of: zeroed = nothing. */
struct gate_wish {
	const u64 *incidents;	/* numbers */
	size_t incident_count;
	unsigned parts;		/* enum gate_part bits, of each incident */
	const struct store_filter *findings;	/* NULL = none */
	const struct store_query *reports;	/* of DESK_report; NULL = none */
	const struct store_query *indicators;	/* of DESK_indicator; NULL = none */
	const struct gate *asker;	/* what this one may not see is not there; NULL = all is */
	bool reporters;		/* say who reported; else the desk stands for them */
};
/* A release for this gate's audience, filled with the wish. `cap` is the format's. What is
 * refused is in the release and, when the desk can be written, in the log (one event
 * gate.refused: audience, ids, markings; nothing of the content). 0 or negative; a release
 * that is not good is 0, too: see release_good(). */
int gate_release(struct gate *g, const struct gate_wish *wish, struct marking cap,
		 enum release_mode mode, struct release **ret);
/* Logs what a release refused, when there is something and the desk can be written; for
 * those who fill a release with items of their own (imports on their way through). */
int gate_log(struct gate *g, const struct release *r);

/* Says in the log what left: for whom, in which format, which items by their ids, under which
 * marking, and the document's SHA-256. */
int gate_told(struct gate *g, const struct release *r, const char *format, const char *hash);

/* Items of nouns; their ids and texts are views of the noun or in `room`. A report is without
 * who reported it, an indicator without a source that is somebody's address. */
struct gate_room { char id[65], parent[65], a[1024], b[1024]; };
void item_of_finding(struct item *ret, const struct finding *f, struct gate_room *room);
void item_of_incident(struct item *ret, const struct incident *i, struct gate_room *room);
void item_of_note(struct item *ret, const struct note *n, struct gate_room *room);
void item_of_report(struct item *ret, const struct report *r, struct gate_room *room);
void item_of_indicator(struct item *ret, const struct indicator *i);
/* The id of incident `number` as others know it: SHA-256 of the log's first hash and the
 * number, so two desks never give one id to two incidents. */
int gate_incident_id(struct gate *g, u64 number, char ret[65]);
