/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parcel.h - whole messages with open files between our own processes, over a pair of
 * SOCK_SEQPACKET sockets: a message comes whole or not at all, and its descriptors with it
 * (SCM_RIGHTS, unix(7)). link/pass.h is the same for jobs that have a stream. */
#pragma once
#include "base/base.h"

#define PARCEL_OCTETS 8192u	/* of one message */
#define PARCEL_FDS 2u

/* Both ends, closed on exec: 0 or -errno. */
int parcel_pair(int ends[2]);
/* Sends n octets (1 to PARCEL_OCTETS) and `count` descriptors, which stay the caller's, or
 * nothing: 0, -EAGAIN (there is no room at the moment), -EPIPE (nobody is there) or another
 * -errno. Never waits. */
int parcel_send(int socket, const void *octets, size_t n, const int *fds, unsigned count);
/* Takes the next message that is there: its length, 0 when nobody is there any more, -EAGAIN when
 * there is none yet, or another -errno. fds[i] is -1 where none came. Never waits. */
int parcel_take(int socket, void *octets, size_t room, int fds[PARCEL_FDS]);
