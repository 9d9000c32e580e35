/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_said.h - what an event of the log says, as a sentence for people. */
#pragma once
#include "respond/desk.h"

/* Appends what was done, in the reader's language: "gave it to ana". Who, when and what it is
 * about are the event's own. False when it is of a kind that no sentence is known for: then
 * its body is appended as it is. Texts of outsiders are the caller's to make harmless. */
bool event_said(struct buf *out, const struct event *e);
