/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident.h - what the files about incidents share. */
#pragma once
#include "web/own.h"
#include "respond/priority.h"

/* A request_put_fn; `to` is the request: an incident's fields and how urgent it is. */
int incident_put(void *to, struct buf *out, const void *record);
/* The members that it adds. */
#define INCIDENT_JUDGED { "priority", "choice", "how urgent it is", priorities },       \
	{ "priority_why", "text", "why, in words", NULL },                     \
	{ "overdue", "flag", "a deadline is past", NULL }
