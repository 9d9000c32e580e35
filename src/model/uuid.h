/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uuid.h - names that are made from content: UUIDv5 (RFC 9562, 5.5), for the formats whose
 * ids are UUIDs. The same name in the same namespace gives the same id on every machine.
 * Cost: one SHA-1 by libcrypto, about a microsecond. */
#pragma once
#include "base/base.h"

#define UUID_OCTETS 16
#define UUID_TEXT 37	/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" and NUL */

/* The namespace of all ids that Vedette makes, and what OASIS says for observables (STIX
 * 2.1, 2.9). */
extern const u8 uuid_of_vedette[UUID_OCTETS], uuid_of_oasis[UUID_OCTETS];

/* The id of n octets in a namespace. */
void uuid_name(const u8 space[UUID_OCTETS], const void *name, size_t n,
	       u8 ret[UUID_OCTETS]);
/* In lower case, into `to`, which is returned. */
char *uuid_text(const u8 uuid[UUID_OCTETS], char to[UUID_TEXT]);
/* Both for a C string. */
char *uuid_name_text(const u8 space[UUID_OCTETS], const char *name, char to[UUID_TEXT]);
/* True for 36 octets in that form, of any version, in either case. */
bool uuid_is(const char *text);
