/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analyse.h - running an analysis for a command: progress line, troubles, status. */
#pragma once
#include "run/analysis.h"

/* Analyses the inputs named by the words, with a progress line on a terminal. 0 and *ret is
 * good, or the status to end with, after it was said why. analysis_free() in any case. */
int analyse(struct analysis *ret, const struct opts *o, int argc, char **argv);

/* True when nothing of any input could be read: then there is nothing to tell but why, and
 * "nothing found" would be a lie. */
bool analyse_nothing(const struct analysis *a);

/* Says every crash and every input's trouble; the status to end with, given that of the
 * command's own work: an input that was not read whole counts more than findings. */
int analyse_end(const struct analysis *a, int status);
