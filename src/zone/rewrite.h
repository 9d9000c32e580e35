/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rewrite.h - what people write and libzscanner does not read, said in its words.
 *
 *   foo!bar                in a name: foo\033bar
 *   NSEC a. A HIP          in a bitmap: A TYPE55
 *   RRSIG ... AwE AAbd     base64 or hexadecimal cut anywhere: AwEAAbd
 *   SVCB 1 . dohpath=/q    a parameter it does not know: key7=/q
 *   MB, RESINFO, DLV, ...  a type that looks like another one: PTR, TXT, DS
 *
 * Called after libzscanner said no, so what it reads is never changed. */
#pragma once
#include "base/base.h"

/* Room for what comes of n octets of text. */
#define REWRITE_ROOM(n) (8 * (size_t)(n) + 64)
/* " TYPE RDATA\n", which libzscanner refused with `code`, in other words into `to`; *type is
 * set when the record's type is not the one that is written there. False: there is nothing
 * to be done. */
bool rewrite_rdata(const char *flat, int code, char *to, u16 *type);
