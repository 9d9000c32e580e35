/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_csv.h - what the files of tables share: see exchange_csv_row.c. Texts lie between p
 * and end, without a NUL behind them. */
#pragma once
#include "base/buf.h"
#include "model/field.h"

#define CSV_COLUMNS_MAX 256u
#define CSV_CELL_MAX FIELD_WORDS_MAX

struct csv_row {
	struct buf text;	/* cells, each with its NUL; the caller's to free */
	size_t at[CSV_COLUMNS_MAX];
	unsigned count;
	bool cut;		/* more columns or octets than are kept, or a NUL */
};

static inline const char *csv_row_cell(const struct csv_row *r, unsigned i)
{
	return r->text.at + r->at[i];
}

/* The row at p: one past its end. */
const char *csv_row_read(struct csv_row *r, const char *p, const char *end, char separator);

/* The name of a column without blanks, marks of remarks and quotes. */
const char *csv_name(const char *cell, char to[64]);

/* Does a line stand at p that is blank, or that only the eye reads? */
bool csv_remark(const char *p, const char *end);
/* Past all of them; *last (if not NULL) is the last that is not blank, or stays. */
const char *csv_past_remarks(const char *p, const char *end, const char **last);

typedef bool csv_known_fn(const char *column);
/* What parts the cells: one of ",;\t|". */
char csv_separator(const char *p, const char *end, csv_known_fn *is_known);
