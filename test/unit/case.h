/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.h - replay cases: test/case/DETECTOR/NAME.case, a line an event
 * (test/case/README.md).
 *
 *   text --case_read()--> traffic, options, wishes --case_run()--> what is wrong, or nothing
 *
 * The same case always gives the same messages: names are drawn from the case's own
 * seed. */
#pragma once
#include "traffic.h"

#define CASE_LINE_MAX 8192
#define CASE_WHY 600
#define CASE_WISHES_MAX 32

struct wish {		/* "want" or "never" */
	bool wanted;
	unsigned line;
	char text[400];	/* what follows "finding" */
};

struct replay_case {
	const char *path;
	char title[200];
	struct judge judge;
	struct traffic traffic;
	struct wish wishes[CASE_WISHES_MAX];
	unsigned wish_count, line;
	char why[CASE_WHY];	/* what is wrong, with path and line */
	/* while it is read */
	u64 now, every, lag, seed;
	struct addr server;
};

/* Reads a file: false and c->why when a line is not understood. */
bool case_read(struct replay_case *c, const char *path);
/* Lets the detectors look, minute by minute and day by day as run/closing.c does, and
 * holds the wishes against what they said. False and c->why when one is not fulfilled. */
bool case_run(struct replay_case *c);
void case_free(struct replay_case *c);
/* Sets c->why; false, so that it can be returned. */
bool case_fail(struct replay_case *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* --- case_text.c: {1..60}, <hex:12>, <a|b> ------------------------------- */

/* The range of a line's {A..B}: false when there is none; *bad when it is no good. */
bool case_range(const char *line, u64 *from, u64 *to, bool *bad);
/* Writes `word` with everything replaced into out[CASE_LINE_MAX]; false when a word in
 * angle brackets is not known or it gets too long. */
bool case_expand(const char *word, u64 number, u64 *seed, char *out);
/* Text of an address. */
bool case_address(const char *text, struct addr *ret);

/* --- case_record.c: A=192.0.2.1, TXT=<b64:200>, SOA=example.com ---------- */

/* A record of an answer to `a` from "TYPE=VALUE". */
bool case_record(const struct ask *a, const char *word, u64 *seed, struct answer *ret);
