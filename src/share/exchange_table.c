/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_table.c - what each format of exchange carries, as a table for documents. */
#include "share/exchange.h"

static void rule(struct buf *out)
{
	buf_text(out, "|---|");
	for (const struct exchange *const *e = exchanges; *e; e++)
		buf_text(out, "---|");
	buf_byte(out, '\n');
}

void exchange_table(struct buf *out)
{
	buf_text(out, "| |");
	for (const struct exchange *const *e = exchanges; *e; e++)
		buf_fmt(out, " %s |", (*e)->id);
	buf_byte(out, '\n');
	rule(out);
	buf_text(out, "| written |");
	for (const struct exchange *const *e = exchanges; *e; e++)
		buf_text(out, (*e)->write ? " yes |" : " |");
	buf_text(out, "\n| read |");
	for (const struct exchange *const *e = exchanges; *e; e++)
		buf_text(out, (*e)->read ? " yes |" : " |");
	buf_text(out, "\n| strictest |");
	for (const struct exchange *const *e = exchanges; *e; e++)
		buf_fmt(out, " %s %s |", label_text((*e)->cap.tlp) + 4,
			pap_text((*e)->cap.pap) + 4);
	buf_byte(out, '\n');
	for (const struct field *f = item_fields; f->name; f++) {
		buf_fmt(out, "| %s |", f->name);
		for (const struct exchange *const *e = exchanges; *e; e++)
			buf_text(out, exchange_carries(*e) >> item_bit(f->name) & 1 ? " x |"
				 : " |");
		buf_byte(out, '\n');
	}
}
