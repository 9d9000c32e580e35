/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fate.c - names of what can become of a frame, from the table in packet.h. */
#include "packet/packet.h"

struct row { const char *name, *class, *text; };

static const struct row rows[FRAME_FATE_COUNT] = {
#define F(fate, name, class, text) [FRAME_##fate] = { name, #class, text },
	FRAME_FATES(F)
#undef F
};

static const struct row *row_of(int fate)
{
	must(fate >= 0 && fate < FRAME_FATE_COUNT);
	return &rows[fate];
}

const char *frame_fate_name(int fate)
{
	return row_of(fate)->name;
}

const char *frame_fate_class(int fate)
{
	return row_of(fate)->class;
}

const char *frame_fate_text(int fate)
{
	return row_of(fate)->text;
}
