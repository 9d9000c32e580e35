/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash_key.c - see hash_key.h. */
#include "run/hash_key.h"
#include "base/hash.h"
#include "base/rd.h"
#include "model/digest.h"
#include <sys/stat.h>
#include <unistd.h>

#define HEAD 4096u	/* octets of a file: its first packets, with their times */

static u64 ended(struct digest *d)
{
	u8 raw[DIGEST_OCTETS];
	struct rd r = rd_of(raw, sizeof raw);

	digest_end(d, raw);
	return rd_u64(&r);
}

/* What an input is known by. */
static u64 salt_of(int fd, u64 day)
{
	struct digest d;
	struct stat is;
	u8 head[HEAD];
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &is) == 0 && S_ISREG(is.st_mode))
		n = pread(fd, head, sizeof head, 0);
	digest_init(&d);
	if (n > 0) {
		digest_text(&d, "file");
		digest_add(&d, head, (size_t)n);
	} else {
		digest_text(&d, "pipe");
		digest_u64(&d, day);
	}
	return ended(&d);
}

u64 hash_key_of(const char *secret, const int *fds, unsigned count, u64 day)
{
	struct digest d;
	u64 salt = 0;

	if (secret == NULL || strcmp(secret, HASH_KEY_PUBLIC) == 0)
		return hash_bytes(0, HASH_KEY_PUBLIC, strlen(HASH_KEY_PUBLIC));
	for (unsigned i = 0; i < count; i++)
		salt += salt_of(fds[i], day);	/* in whichever order they are named */
	digest_init(&d);
	digest_text(&d, "VH1");
	digest_text(&d, secret);
	digest_u64(&d, salt);
	return ended(&d);
}
