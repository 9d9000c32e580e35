/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pass.h - an open file on its way from one process to another (SCM_RIGHTS, unix(7)).
 *
 *   job: CODEC_WANT "sub/db.example" ---> parent decides, opens
 *   job: descriptor, or a reason     <--- one message of PASS_OCTETS
 *
 * The parent's answers go against the stream of frames, over the same socket, so the job
 * reads nothing else from it. A stream socket is enough: the job asks for one file at a time. */
#pragma once
#include "base/base.h"

#define PASS_OCTETS 200u	/* of every answer: text, filled up with NULs */

/* Sends the descriptor, or -1 and `why` not: 0 or -errno. `fd` stays the caller's. */
int pass_send(int socket, int fd, const char *why);
/* Waits for the answer: the descriptor (the caller's), -EACCES and the reason in why[], or
 * another -errno (-EPIPE: nobody is there any more). */
int pass_receive(int socket, char why[PASS_OCTETS]);
