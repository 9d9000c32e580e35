/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident.h - what the files of `vedette incident` share. To add a verb: a function in a
 * file incident_NAME.c and a row in incident.c. */
#pragma once
#include "cli/sitting.h"
#include "respond/case.h"

struct buf;
struct incident_conf {
	const char *title, *subject, *family, *reason, *owner, *label, *member, *aware, *set,
		*stop, *meet, *unmeet, *at, *actor, *ask, *needs, *rule, *until, *clocks,
		*playbooks, *output, *text, *format;
	u64 if_version, limit, gap_ns, hub;
	int severity, state;
	bool graded;	/* --severity was given */
	bool json, hide, mine, nobodys, all, overdue, lift, redacted, apart,
	     name_reporters;
};
extern struct incident_conf incident_conf;
extern const struct opt incident_house_rows[];	/* --clocks, --playbooks */

/* Each verb's function; a status. */
int incident_list(struct sitting *s, int argc, char **argv);
int incident_show(struct sitting *s, int argc, char **argv);
int incident_open(struct sitting *s, int argc, char **argv);
int incident_add(struct sitting *s, int argc, char **argv);
int incident_remove(struct sitting *s, int argc, char **argv);
int incident_merge(struct sitting *s, int argc, char **argv);
int incident_split(struct sitting *s, int argc, char **argv);
int incident_assign(struct sitting *s, int argc, char **argv);
int incident_title(struct sitting *s, int argc, char **argv);
int incident_note(struct sitting *s, int argc, char **argv);
int incident_apart(struct sitting *s, int argc, char **argv);
int incident_state(struct sitting *s, int argc, char **argv);
int incident_group(struct sitting *s, int argc, char **argv);
int incident_clock(struct sitting *s, int argc, char **argv);
int incident_task(struct sitting *s, int argc, char **argv);
int incident_mute(struct sitting *s, int argc, char **argv);
int incident_label(struct sitting *s, int argc, char **argv);
int incident_notify(struct sitting *s, int argc, char **argv);
int incident_export(struct sitting *s, int argc, char **argv);
int incident_proof(struct sitting *s, int argc, char **argv);

/* ---- for these files ---- */

/* A number of an incident; false and it was said. */
bool incident_number(const char *text, u64 *ret);
/* The same with the version that the author must have seen: --if-version, else what they
 * were shown last. */
bool incident_ref(struct sitting *s, const char *text, struct case_ref *ret);
/* A time of an option: false and it was said. NULL is `none`. */
bool incident_time(const char *option, const char *text, u64 none, u64 *ret);
/* Ends the open change: a status; when it went well the author has seen the incidents as
 * they are now, and what was done is said unless rc is negative. */
int incident_done(struct sitting *s, int rc, const u64 *numbers, size_t count);
/* How an incident is marked before it is changed; one that is not there: as nothing is. */
struct marking incident_marking(struct sitting *s, u64 number);
/* Says that it is marked stricter than it was, and who is left out by that: now, or (with
 * `would`, as which it would be marked) before it is done. */
void incident_say_raised(struct sitting *s, u64 number, struct marking was,
			 const struct marking *would);
/* The same into a text, of an incident as it is marked now. */
void incident_put_raised(struct buf *out, struct sitting *s, u64 number,
			 const struct marking *was);
/* The author saw this version (incident_show). */
void incident_saw(struct sitting *s, u64 number, u64 version);
/* The version that they saw, where the incident went on since; else 0. What is always taken asks
 * before, and says incident_saw() of it behind: who adds a note did not look. */
u64 incident_behind(struct sitting *s, u64 number);
/* Prints and frees the text: a status. */
int incident_print(struct buf *out);
/* Text in colour when the terminal has it: red, yellow, green or plain. */
const char *incident_colour(const char *name);
