/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pass.c - see pass.h. */
#include "link/pass.h"
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control {
	struct cmsghdr head;
	char octets[CMSG_SPACE(sizeof(int))];
};

int pass_send(int socket, int fd, const char *why)
{
	char text[PASS_OCTETS] = "";
	struct iovec part = { text, sizeof text };
	union control c = { .octets = { 0 } };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t n;

	snprintf(text, sizeof text, "%s", why);
	if (fd >= 0) {
		m.msg_control = c.octets;
		m.msg_controllen = sizeof c.octets;
		c.head.cmsg_level = SOL_SOCKET;
		c.head.cmsg_type = SCM_RIGHTS;
		c.head.cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(&c.head), &fd, sizeof fd);
	}
	do
		n = sendmsg(socket, &m, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == ECONNRESET ? -EPIPE : -errno;
	return n == sizeof text ? 0 : -EIO;	/* 200 octets are never sent in parts */
}

/* The rest of an answer that came in parts. */
static int fill(int socket, char *to, size_t n)
{
	while (n) {
		ssize_t got = recv(socket, to, n, 0);

		if (got == 0)
			return -EPIPE;
		if (got == -1 && errno != EINTR)
			return -errno;
		if (got > 0) {
			to += got;
			n -= (size_t)got;
		}
	}
	return 0;
}

int pass_receive(int socket, char why[PASS_OCTETS])
{
	struct iovec part = { why, PASS_OCTETS };
	union control c = { .octets = { 0 } };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = c.octets,
			    .msg_controllen = sizeof c.octets };
	int fd = -1, rc;
	ssize_t n;

	do
		n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -EPIPE;
	if (m.msg_controllen >= sizeof c.head && c.head.cmsg_type == SCM_RIGHTS &&
	    c.head.cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(&c.head), sizeof fd);
	rc = fill(socket, why + n, PASS_OCTETS - (size_t)n);
	why[PASS_OCTETS - 1] = 0;
	if (rc < 0 && fd >= 0)
		close(fd);
	if (rc < 0)
		return rc;
	if (fd < 0 && (m.msg_flags & MSG_CTRUNC))	/* no number was free for it */
		snprintf(why, PASS_OCTETS, N_("too many files are open"));
	return fd >= 0 ? fd : -EACCES;
}
