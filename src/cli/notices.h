/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notices.h - what the files of `vedette notices` share. */
#pragma once
#include "cli/sitting.h"

/* `notices rules FILE`: drafts and approves what rules say. A status. */
int notices_rules(struct sitting *s, int argc, char **argv);
