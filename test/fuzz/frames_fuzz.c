/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frames_fuzz.c - any octets as frames of any link type, many in a row.
 *
 *   input:  | link 1 | octets 1 | more on the wire 1 | time 1 | octets ... | again
 *
 * Three readers see them: one alone, and two that share them. What the two say is
 * what the one says, until tunnels put packets of one inner pair of addresses into
 * frames of different outer pairs. */
#include "packets_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const u16 links[] = { 1, 0, 9, 12, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166,
			     204, 228, 229, 276, 4711 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct packets *all = reader(0, 1), *half[2] = { reader(0, 2), reader(1, 2) };
	struct frame f = { .time_ns = 1700000000000000000ull };

	while (size >= 4) {
		u32 n = (u32)min_u64(data[1], size - 4);
		int fate, shares[2];

		f.link = links[data[0] % COUNT(links)];
		f.cap = n;
		f.len = n + (data[2] & 3 ? 0 : data[2]);
		f.time_ns += (u64)data[3] * 300000000;
		f.data = data + 4;
		f.number++;
		data += 4 + n;
		size -= 4 + n;
		fate = read_frame(all, &f);
		shares[0] = read_frame(half[0], &f);
		shares[1] = read_frame(half[1], &f);
		must((shares[0] == FRAME_OTHER_SHARE) != (shares[1] == FRAME_OTHER_SHARE));
		must(packets_counts(all)->tunnelled ||
		     fate == shares[shares[0] == FRAME_OTHER_SHARE]);
		if (f.number % 8 == 0) {
			batch_end(all);
			batch_end(half[0]);
			batch_end(half[1]);
		}
	}
	must(packets_counts(all)->frames == packets_counts(half[0])->frames +
					    packets_counts(half[1])->frames);
	reader_end(all);
	reader_end(half[0]);
	reader_end(half[1]);
	return 0;
}
