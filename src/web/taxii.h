/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii.h - a TAXII 2.1 server (OASIS Standard of 10 June 2021): what its files share.
 *
 *   /taxii2/                             discovery
 *   /taxii2/desk/                        the API root
 *   /taxii2/desk/collections/            green, amber, ...: one for each TLP label that the
 *                                        caller is cleared for, and the inbox
 *   .../collections/ID/objects/ manifest/ objects/ID/ objects/ID/versions/
 *   /taxii2/desk/status/ID/              what became of what was given
 *
 * A collection holds what its label and the caller's PAP let through. Its id is made of both, so
 * that somebody whose clearance was raised finds another collection and misses nothing. What
 * leaves is written into the log before it leaves (gate.told). What comes in goes into the
 * inbox as reports: a stranger's claims, which people decide on.
 *
 * taxii.c reads, taxii_post.c takes in, taxii_index.c knows what a collection holds (in the order
 * of taxii_order.c, by the news of taxii_news.c), of which taxii_page.c takes pages. Section
 * numbers are those of the standard. */
#pragma once
#include "web/own.h"

#define TAXII_MEDIA "application/taxii+json;version=2.1"
#define TAXII_ROOT "/taxii2/desk/"
#define TAXII_ONE TAXII_ROOT "collections/{collection}/"

/* The reply for an error whose status and sentence are in the request (3.6.1). */
void taxii_problem(struct request *q, const char *title);
/* Is that Content-Type one of TAXII 2.1? */
bool taxii_takes(const char *type);
/* The same of what the caller's Accept header wants: 0 or -EPROTONOSUPPORT (1.6.8.4). */
int taxii_accepts(struct request *q);
/* Appends a value as JSON with a line end. */
void taxii_put(struct request *q, json_t *steals);
/* True when the collection of the path is the one that takes objects. */
bool taxii_is_inbox(const struct request *q);
/* POST objects/ (5.5) and GET status/ (4.3). */
int taxii_post(struct request *q);
int taxii_status(struct request *q);
