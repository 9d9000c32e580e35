/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sent.h - what became of a message that was handed to another machine. */
#pragma once
#include "base/base.h"

#define SENT_ANSWER 300
/* SENT: the other side took it. LATER: it was surely not taken, and may be if tried again.
 * NEVER: it was refused for good. UNSURE: all of it was sent and no answer came: it may have
 * been taken or not, and trying again may send it twice. */
enum sent { SENT_TAKEN, SENT_LATER, SENT_NEVER, SENT_UNSURE };
struct sent_report {
	enum sent outcome;
	char answer[SENT_ANSWER];	/* what the other side said, or what went wrong */
};
