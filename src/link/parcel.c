/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parcel.c - see parcel.h. */
#include "link/parcel.h"
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control {
	struct cmsghdr head;
	char octets[CMSG_SPACE(PARCEL_FDS * sizeof(int))];
};

int parcel_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1 ? -errno : 0;
}

int parcel_send(int socket, const void *octets, size_t n, const int *fds, unsigned count)
{
	struct iovec part = { (void *)(uintptr_t)octets, n };
	union control c = { .octets = { 0 } };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	must(count <= PARCEL_FDS && n > 0);
	if (count) {
		m.msg_control = c.octets;
		m.msg_controllen = CMSG_SPACE(count * sizeof *fds);
		c.head.cmsg_level = SOL_SOCKET;
		c.head.cmsg_type = SCM_RIGHTS;
		c.head.cmsg_len = CMSG_LEN(count * sizeof *fds);
		memcpy(CMSG_DATA(&c.head), fds, count * sizeof *fds);
	}
	do
		sent = sendmsg(socket, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent == -1 && errno == EINTR);
	if (sent == -1)
		return errno == ECONNRESET ? -EPIPE : errno == ENOBUFS ? -EAGAIN : -errno;
	return (size_t)sent == n ? 0 : -EIO;
}

int parcel_take(int socket, void *octets, size_t room, int fds[PARCEL_FDS])
{
	struct iovec part = { octets, room };
	union control c = { .octets = { 0 } };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = c.octets,
			    .msg_controllen = sizeof c.octets };
	ssize_t n;

	for (unsigned i = 0; i < PARCEL_FDS; i++)
		fds[i] = -1;
	do
		n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == ECONNRESET ? 0 : -errno;
	if (m.msg_controllen >= sizeof c.head && c.head.cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(&c.head),
		       min_u64(c.head.cmsg_len - CMSG_LEN(0), PARCEL_FDS * sizeof *fds));
	return (int)n;
}
