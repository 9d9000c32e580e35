/* SPDX-License-Identifier: GPL-3.0-or-later */
/* upload.c - a file's octets on their way through the web process, which keeps none.
 *
 *   head of the request --> who is it, may they? --> job.begin --> a socket to the foreman
 *   octets --> parcels "D..." --> foreman --> disk      no room: the request is suspended
 *   end    --> parcel "E"     --> foreman: on the disk --> answer --> job.add --> a number
 *
 * A connection that ends before closes the socket, upon which the foreman takes away what it
 * has. Memory: one parcel. */
#include "web/own.h"
#include "link/parcel.h"
#include <unistd.h>

#define DATA (32u << 10)	/* octets in one parcel */

enum stage { SENDING, ENDING, WAITING, ANSWERED };

static void put(json_t *args, const struct request *q, const char *name)
{
	const char *text = request_param(q, name);

	if (text)
		json_object_set_new(args, name, json_string(text));
}

int upload_begin(struct request *q)
{
	const char *length = request_header(q, "Content-Length");
	json_t *args = json_object(), *reply = NULL;
	const char *token;
	int rc;

	for (const struct api_param *p = q->route->params; p->name; p++)
		put(args, q, p->name);
	if (length && strtoull(length, NULL, 10) <= INT64_MAX)
		json_object_set_new(args, "octets",
			json_integer((json_int_t)strtoull(length, NULL, 10)));
	rc = request_ask_fd(q, "job.begin", args, &reply, &q->waiting->fd);
	token = json_string_value(json_object_get(reply, "upload"));
	if (rc == 0 && (q->waiting->fd < 0 || token == NULL))
		rc = request_fault(q, -EIO, "nobody takes it at this moment");
	if (rc == 0)
		snprintf(q->waiting->upload, sizeof q->waiting->upload, "%s", token);
	json_decref(args);
	json_decref(reply);
	return rc;
}

/* One parcel: 0, -EAGAIN, or the other side is gone (what comes is thrown away then, and the
 * end tells why). */
static int send_parcel(struct waiting *is, u8 kind, const char *octets, size_t n)
{
	u8 parcel[DATA + 1] = { kind };

	if (n)
		memcpy(parcel + 1, octets, n);
	return parcel_send(is->fd, parcel, n + 1, NULL, 0);
}

size_t upload_data(struct web *w, struct MHD_Connection *c, struct waiting *is,
		   const char *octets, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t step = min_u64(n - done, DATA);
		int rc = is->stage == SENDING ? send_parcel(is, 'D', octets + done, step) : -EPIPE;

		if (rc == -EAGAIN) {
			if (done == 0)
				later_wait(w, c, is->fd, true);
			return done;
		}
		if (rc)
			is->stage = WAITING;	/* its answer is there, or its end */
		done += step;
	}
	return done;
}

bool upload_ended(struct web *w, struct MHD_Connection *c, struct waiting *is)
{
	u8 answer[64];
	int fds[PARCEL_FDS], rc = 0;

	if (is->stage <= ENDING) {
		is->stage = ENDING;
		rc = send_parcel(is, 'E', NULL, 0);
		if (rc == -EAGAIN) {
			later_wait(w, c, is->fd, true);
			return false;
		}
		is->stage = WAITING;
	}
	if (is->stage == WAITING && parcel_take(is->fd, answer, sizeof answer, fds) == -EAGAIN) {
		later_wait(w, c, is->fd, false);
		return false;
	}
	is->stage = ANSWERED;
	return true;
}
