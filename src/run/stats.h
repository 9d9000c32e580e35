/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.h - the analyser's report: counters of all workers, inputs, statistics. */
#pragma once
#include "base/buf.h"
#include "run/worker.h"

/* Appends the report (model/report.h) as JSON. */
void stats_report(struct analyser *a, struct buf *out);
