/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdicts.h - what the detectors said, one finding a subject and day.
 *
 * A flood of ten minutes makes ten minutes speak, and the day after them. People want one
 * finding: of all that one detector says about one subject in one day the strongest is
 * kept (severity, then the day's over a minute's, then confidence, then the earlier one),
 * and the minutes that spoke are told in it. Bounded: past VERDICTS_MAX the weakest gives way
 * to a stronger one, and `dropped` counts. */
#pragma once
#include "detect/detect.h"

#define VERDICTS_MAX 1000u

struct verdict {
	struct finding *f;
	bool day;
	u64 first, last;	/* minutes that spoke: start of the first, end of the last */
	u32 minutes;
};

struct verdicts {
	struct verdict *at;
	u32 count;
	u64 dropped;
	const struct look *look;	/* what the next verdicts_say() comes from */
	const struct detector *detector;
};

say_fn verdicts_say;	/* `to` is a struct verdicts */
/* No more will come: minutes are written into the findings, ids made, all sorted. */
void verdicts_finish(struct verdicts *v);
void verdicts_free(struct verdicts *v);
