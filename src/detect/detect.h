/* SPDX-License-Identifier: GPL-3.0-or-later */
/* detect.h - what every traffic detector looks like from outside.
 *
 * A detector is one file and one row in detect.c. It reads the merged summaries of a
 * window that is complete (a minute, or the day so far) and says findings; it reads no
 * clock, no file, no random number, and neither stores nor prints. The file brings its
 * story, its thresholds as options, its catalogue rows and its version, which goes up
 * whenever the same summary may lead to another finding.
 *
 *   window (merged) --look--> finding: features beside thresholds --say--> run/
 */
#pragma once
#include "base/opt.h"
#include "model/finding.h"
#include "window/window.h"

struct look {
	const struct window *w;
	const void *conf;	/* the detector's own, conf_size octets */
	bool day;		/* the day so far; else one minute */
};

typedef void say_fn(void *to, struct finding *f);

struct detector {
	const char *id;		/* "tunnel": also names options, cases and documents */
	const char *title;
	unsigned version;
	const struct opt *opts;	/* ends with name NULL */
	size_t conf_size;
	const struct catalogue_row *rows;	/* ends with id NULL */
	void (*look)(const struct look *l, say_fn *say, void *to);
};

extern const struct detector *const detectors[];	/* NULL-terminated */

/* Begins a finding of one of the detector's rows: rule, version, severity, window and
 * loss are set. */
void find_begin(struct finding *f, const struct look *l, const struct detector *d,
		const char *row);
/* Subjects: a domain's name as text, an address as text; `key` is the table's. */
void find_domain(struct finding *f, const struct window *w, const struct domain_sum *d);
void find_address(struct finding *f, const char *kind, const struct addr *a, u64 key);
/* A client or the network that it stands for: the kind is "network" then. */
void find_client(struct finding *f, const char *kind, const struct client_sum *c);
/* Text of an address into `to` (ADDRESS_TEXT_MAX), returned. */
#define ADDRESS_TEXT_MAX 64
char *address_text(const struct addr *a, char to[ADDRESS_TEXT_MAX]);
/* The same of the network that the address is in: "192.0.2.0/24". */
char *network_text(const struct addr *a, char to[ADDRESS_TEXT_MAX]);
/* An address that answers questions itself: what it asks, it asks for others. */
bool is_resolver(const struct window *w, const struct client_sum *c);
