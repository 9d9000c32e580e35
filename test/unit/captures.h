/* SPDX-License-Identifier: GPL-3.0-or-later */
/* captures.h - every UDP payload and every whole DNS message in one TCP segment of
 * the captures under a folder, for tests and benchmarks.
 *
 * Plain on purpose: libarchive unpacks, libpcap reads, no reassembly, no tunnels.
 * VEDETTE_DATA names the folder of the test data. */
#pragma once
#include "base/base.h"

struct payload {
	const u8 *wire;
	size_t len;
	const char *file;
	unsigned frame;		/* counted from 1 */
	bool dns;		/* port 53 */
};
typedef void payload_fn(void *to, const struct payload *);

/* Calls `each` for all payloads of all captures under VEDETTE_DATA/`folder`, in
 * the order of their paths. Number of files that were read, or -1 when the
 * folder is not there. */
int captures_each(const char *folder, payload_fn *each, void *to);
