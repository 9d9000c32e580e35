/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capfile.h - the least code that finds DNS in a capture file.
 *
 *	file (mapped) -> record -> Ethernet -> IPv4 or IPv6 -> UDP port 53 -> message
 *
 * Only for the benchmark's own programs, which read what bench/traffic made:
 * classic pcap in this machine's byte order, Ethernet, no VLAN, no extension
 * header. TCP and fragments are counted and passed over. It is what a real
 * analyser cannot do without, and so the floor that it is compared with; Vedette's
 * own readers (src/source, src/packet) share no code with it.
 *
 * Cost: nothing is copied or allocated; one pass over the mapping. */
#pragma once
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAP_MAGIC 0xa1b2c3d4u	/* microseconds, our byte order */
#define CAP_HEAD  24		/* octets of the file's header */
#define CAP_ETHER 14

/* The header of a record, as in the file. */
struct cap_record {
	uint32_t sec, usec, held, size;
};

/* A walk through a mapped capture. `file` stays valid until the process ends. */
struct cap {
	const uint8_t *file, *at, *end;
};

/* What a frame holds; what does not concern us is CAP_OTHER. */
enum cap_kind { CAP_UDP, CAP_TCP, CAP_OTHER };

static inline uint16_t cap_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* Maps the capture at `path`; ends the program when it cannot or will not. */
static inline void cap_open(struct cap *c, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	uint32_t magic, link;
	void *map;

	if (fd == -1 || fstat(fd, &st) == -1)
		err(1, "%s", path);
	if (st.st_size < CAP_HEAD)
		errx(1, "%s: no capture", path);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		err(1, "%s: mmap", path);
	madvise(map, (size_t)st.st_size, MADV_SEQUENTIAL);
	close(fd);
	*c = (struct cap){ .file = map, .at = (uint8_t *)map + CAP_HEAD,
		.end = (uint8_t *)map + st.st_size };
	memcpy(&magic, c->file, sizeof magic);
	memcpy(&link, c->file + 20, sizeof link);
	if (magic != CAP_MAGIC || link != 1)
		errx(1, "%s: no microsecond Ethernet capture of this byte order", path);
}

/* The next record; *frame points to its octets. False at the end of the file. */
static inline bool cap_next(struct cap *c, struct cap_record *r, const uint8_t **frame)
{
	if ((size_t)(c->end - c->at) < sizeof *r)
		return false;
	memcpy(r, c->at, sizeof *r);
	c->at += sizeof *r;
	if ((size_t)(c->end - c->at) < r->held)
		return false;
	*frame = c->at;
	c->at += r->held;
	return true;
}

/* Finds the message in a UDP datagram from or to port 53. */
static inline enum cap_kind cap_dns(const uint8_t *p, size_t n, const uint8_t **msg,
				    size_t *len)
{
	size_t ip = CAP_ETHER, head;
	uint16_t type;
	uint8_t proto;

	if (n < CAP_ETHER + 20)
		return CAP_OTHER;
	type = cap_u16(p + 12);
	if (type == 0x0800) {
		head = (p[ip] & 15u) * 4u;
		proto = p[ip + 9];
		if (cap_u16(p + ip + 6) & 0x3fff)
			return CAP_OTHER;	/* a fragment */
	} else if (type == 0x86dd && n >= CAP_ETHER + 40) {
		head = 40;
		proto = p[ip + 6];
	} else {
		return CAP_OTHER;
	}
	if (proto == 6)
		return CAP_TCP;
	p += ip + head;
	if (proto != 17 || n < ip + head + 8)
		return CAP_OTHER;
	if (cap_u16(p) != 53 && cap_u16(p + 2) != 53)
		return CAP_OTHER;
	*msg = p + 8;
	*len = n - ip - head - 8;
	return CAP_UDP;
}
