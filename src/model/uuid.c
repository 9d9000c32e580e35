/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uuid.c - see uuid.h. */
#include "model/uuid.h"
#include "model/digest.h"
#include <openssl/sha.h>

/* Drawn once, for ever: d7857258-0c3c-4e61-a064-613bb0bed191. */
const u8 uuid_of_vedette[UUID_OCTETS] = {
	0xd7, 0x85, 0x72, 0x58, 0x0c, 0x3c, 0x4e, 0x61,
	0xa0, 0x64, 0x61, 0x3b, 0xb0, 0xbe, 0xd1, 0x91,
};
/* 00abedb4-aa42-466c-9c01-fed23315a9b7 */
const u8 uuid_of_oasis[UUID_OCTETS] = {
	0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
	0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7,
};

void uuid_name(const u8 space[UUID_OCTETS], const void *name, size_t n,
	       u8 ret[UUID_OCTETS])
{
	u8 small[512], *octets = small, hash[SHA_DIGEST_LENGTH];

	if (n > sizeof small - UUID_OCTETS)
		must(octets = malloc(UUID_OCTETS + n));
	memcpy(octets, space, UUID_OCTETS);
	memcpy(octets + UUID_OCTETS, name, n);
	must(SHA1(octets, UUID_OCTETS + n, hash));
	if (octets != small)
		free(octets);
	memcpy(ret, hash, UUID_OCTETS);
	ret[6] = (u8)((ret[6] & 0x0f) | 0x50);	/* version 5 */
	ret[8] = (u8)((ret[8] & 0x3f) | 0x80);	/* variant 10 */
}

char *uuid_text(const u8 uuid[UUID_OCTETS], char to[UUID_TEXT])
{
	char hex[2 * UUID_OCTETS + 1];

	hex_text(uuid, UUID_OCTETS, hex);
	snprintf(to, UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		 hex + 20);
	return to;
}

char *uuid_name_text(const u8 space[UUID_OCTETS], const char *name, char to[UUID_TEXT])
{
	u8 uuid[UUID_OCTETS];

	uuid_name(space, name, strlen(name), uuid);
	return uuid_text(uuid, to);
}

bool uuid_is(const char *text)
{
	for (unsigned i = 0; i < UUID_TEXT - 1; i++) {
		char c = text[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (!(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'f')) {
			return false;
		}
	}
	return text[UUID_TEXT - 1] == 0;
}
