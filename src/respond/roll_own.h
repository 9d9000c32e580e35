/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll_own.h - what roll.c and roll_csv.c share and nobody else sees. */
#pragma once
#include "respond/roll.h"

#define ROLL_ID_MAX 80u
struct rolling {
	roll_fn *each;
	void *to;
	struct roll_counts *counts;
	char *why;
};
/* Counts the entry and gives it to the caller. */
int roll_say(struct rolling *r, json_t *entry);
/* Adds a line to a member of an entry. */
void roll_add(json_t *entry, const char *key, const char *value);
/* A whole CSV document. */
int roll_csv(struct rolling *r, const char *text, size_t n);
