/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enrol.h - reads contacts out of a file behind the walls (respond/roll.h).
 *
 *   parent: opens the file    reader (job.h): reads, parses
 *     <-- entries as JSON, then counts ----
 *
 * The parent parses each entry anew and takes texts only; what they say is checked again when
 * they are written to the desk. */
#pragma once
#include "respond/roll.h"

/* The entries of a file ("-": standard input) as an array that the caller frees. 0, or
 * negative and why[]. */
int enrol_read(const char *path, json_t **ret, struct roll_counts *counts,
	       char why[ROLL_WHY]);
