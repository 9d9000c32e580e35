/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hint.h - command lines that we tell people to write next, as they write theirs.
 *
 *   text    "'vedette notices send' sends it"
 *   said    "'./run notices send --db my.db' sends it"	after ./run ... --db my.db
 *
 * Texts name commands in one way, 'vedette VERB ...', in every language; here they get the
 * name that the program was called by, and the --db and --config that stood on the command
 * line. So what is shown can be copied and works. */
#pragma once
#include "base/base.h"

struct buf;
struct opts;

/* The name that the program was called by, once at its beginning: "./run"; what ends in
 * "vedette" is called vedette, in whichever folder it lies. */
void hint_called(const char *name);
/* What stood on the command line, once it was read. The set must outlive all hints. */
void hint_given(const struct opts *o);
/* Appends a text of ours with its command lines completed. Others' text that holds a quoted
 * command line of ours is completed too, which does no harm. */
void hint_put(struct buf *out, const char *text);
