/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.h - what lists ask about tables: both are lines of text (exchange_list.c,
 * exchange_csv.c). */
#pragma once
#include "base/base.h"

/* True when the first line that is no remark names columns, one of them a subject's: "url,
 * category,reporter". No line of a list does. */
bool csv_headed(const u8 *octets, size_t n);
/* True when what stands at p (n octets) is a cell that no URL would go on with: a time, an
 * address, a URL, a kind of abuse. So "https://a/b,phishing" is a row and no URL. */
bool csv_cell(const char *p, size_t n);
