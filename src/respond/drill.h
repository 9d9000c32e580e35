/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drill.h - reachability drills: a harmless letter with a token, and what came of it.
 *
 *   asked --answer with the token, in time--> answered
 *      \--the deadline passes------------------> silent
 *
 * The address is marked with it, and an answer proves the contact. Answers come by hand, or
 * by mail (returned.h). All of this is inside desk_begin() .. desk_end(). */
#pragma once
#include "model/ticket.h"
#include "respond/desk.h"

#define DRILL_TOKEN_MAX TICKET_TOKEN_MAX

/* The token of the notice with that key. */
char *drill_token(const char *key, char to[DRILL_TOKEN_MAX]);
/* Notes that somebody was asked, at an address that is on record. */
int drill_ask(struct desk *d, const struct drill *drill, enum channel channel);
/* Notes an answer: OOPS_UNKNOWN for a token that was not given out; OOPS_CHANGED when an
 * answer was noted before. One that comes too late is noted, too, and still proves. */
int drill_answer(struct desk *d, const char *token, const char *answer);
/* Notes that the letter came back: the drill has ended, without an answer. Nothing is said of
 * one that is not there or has ended. */
int drill_bounce(struct desk *d, const char *token, const char *answer);
/* Marks as silent those whose deadline is past. */
int drill_lapse(struct desk *d, u64 *silent);
