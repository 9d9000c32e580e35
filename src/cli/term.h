/* SPDX-License-Identifier: GPL-3.0-or-later */
/* term.h - what the terminal can do, and the progress line.
 *
 * Nothing is kept: each call asks the system, which costs a system call or two.
 * Colours only where standard output is a terminal, TERM is not "dumb" and
 * NO_COLOR (no-color.org) is unset or empty. */
#pragma once
#include "base/base.h"

#define TERM_WIDTH 80	/* where nothing is known */

/* Whether to colour standard output. */
bool term_color(void);
/* Columns of standard output: what the terminal says, else TERM_WIDTH. */
int term_width(void);
/* Columns that a line of a table may have: the terminal's, else those of COLUMNS; 0 = no
 * bound, where a program or a file takes it. */
unsigned term_room(void);

/* Shows `text` (cut to the width, control characters written out) as the one
 * progress line on standard error, in place of the one before; does nothing when
 * that is no terminal. The caller decides how often. */
void term_progress(const char *text);
void term_progress_end(void);	/* wipes it */
