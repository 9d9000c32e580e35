/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf.h - the options of an analysis: rows, and the struct they fill.
 *
 * Detectors bring rows of their own; run_groups() joins them with these. The conf
 * of each detector is storage of the set, found by its rows (run_detector_conf). */
#pragma once
#include "base/opt.h"
#include "detect/detect.h"

struct run_conf {
	u64 workers, memory, late, timeout, transactions, evidence, spool;
	struct opt_ports ports;
	bool mdns;
	const char *suffixes, *hash_key, *only, *marking;
};

#define EVIDENCE_A_FINDING 64

extern const struct opt run_rows[];	/* group "" of commands that analyse */

/* The groups of an analysis into out[]: the general one and one a detector. Their
 * number. Conf storage is static to conf.c: one analysis a process. */
unsigned run_groups(struct opt_group *out, unsigned max);
const struct run_conf *run_conf_of(const struct opts *o);
const void *run_detector_conf(const struct opts *o, const struct detector *d);
/* False when `only` names others. 0 or OOPS_UNKNOWN (a name that does not exist). */
bool run_wants(const struct run_conf *c, const struct detector *d);
int run_check_only(const struct run_conf *c, char why[OPT_WHY]);
