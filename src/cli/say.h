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

/* Says that the text of an option or of a word is no label, and how labels are written. */
void say_no_label(const char *option, const char *text);

/* The same to standard output, one or more lines that end themselves: `format` is in the
 * user's language. What we tell people to write next is completed (cli/hint.h); values are
 * shown as they are: foreign ones go through utf8_show() first. */
void say_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A finished text of ours with such hints, appended. */
void say_hint(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes a finished text to standard output: STATUS_FINE, or STATUS_TROUBLE and
 * it was said why. The buffer stays the caller's. */
int say_print(const struct buf *text);
