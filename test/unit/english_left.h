/* SPDX-License-Identifier: GPL-3.0-or-later */
/* english_left.h - is a sentence that was made of parts said in one language throughout?
 *
 *	english   "3 zones lose their chain; of which it is unknown"
 *	said      "3 zonas pierden su cadena; of which it es desconocido"
 *	left      "of"
 *
 * Left is a word of small letters that the English sentence and the said one share, and that
 * stands in no translation of the whole catalogue; or a little word of English that neither
 * Spanish nor French has. So what is the same in both languages ("zone", "glue") passes;
 * numbers and what holds a dot are no words, and those of `names` do not count. */
#pragma once
#include "base/tongue.h"
#include "model/finding.h"

#define ENGLISH_LEFT_MAX 64u
/* Copies the first such word to left[]; false where there is none. */
bool english_left(const struct tongue *t, const char *english, const char *said,
		  const char *names, char left[ENGLISH_LEFT_MAX]);
/* Says all texts of a finding in every language and ends the test where English is left. */
void finding_said_whole(const struct finding *f);
