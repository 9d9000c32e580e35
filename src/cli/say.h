/* SPDX-License-Identifier: GPL-3.0-or-later */
/* say.h - the only place that speaks to people about trouble.
 *
 * Library code returns errors; commands turn them into one sentence each. */
#pragma once
#include "base/base.h"

struct buf;

/* "vedette: ..." as one line on standard error, in the user's language: the format is in
 * English, and being here marks it for translation. The whole sentence is treated as foreign
 * text (model/utf8.h): line ends and control characters are written out. Wipes a progress
 * line first. errno is left alone. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a finished text to standard output: STATUS_FINE, or STATUS_TROUBLE and
 * it was said why. The buffer stays the caller's. */
int say_print(const struct buf *text);
