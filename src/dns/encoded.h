/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoded.h - what the data of a record says by its form: text that people read, or data. */
#pragma once
#include "base/base.h"

/* The larger part of the RDATA (n octets from `at`) is encoded or binary. For texts and for
 * types whose data is names; any other data counts as encoded, addresses never, nor the servers
 * of zones, which come with nearly every answer and would cost what the rest does. */
bool encoded_record(u16 type, const u8 *at, unsigned n);
/* The RDATA of a text has words with spaces between: a line that people read, where it is not
 * encoded. */
bool encoded_line(u16 type, const u8 *at, unsigned n);
/* The RDATA of an A or AAAA record is an address at which nobody can be reached: multicast,
 * reserved or never given out. Loopback, private and unspecified ones are not among them: they
 * say "listed", "here" and "blocked". */
bool encoded_nowhere(u16 type, const u8 *at, unsigned n);
