/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_split.c - stretches of a pass on several threads.
 *
 * Each thread gets one stretch and writes only what belongs to it, so nothing is locked and
 * the result does not depend on how many there are. When a thread cannot be started its
 * stretch is done here. */
#include "verify/delegation.h"
#include <pthread.h>

#define THREADS_MAX 64u
#define SMALL 4096u	/* a stretch below it is not worth a thread */

struct stretch {
	pthread_t thread;
	delegation_work *work;
	void *to;
	u32 first, end;
	int rc;
	bool started;
};

static void *run(void *arg)
{
	struct stretch *s = arg;

	s->rc = s->work(s->to, s->first, s->end);
	return NULL;
}

int delegation_split(unsigned threads, u32 n, delegation_work *work, void *to)
{
	struct stretch s[THREADS_MAX];
	unsigned count = (unsigned)min_u64(min_u64(threads, THREADS_MAX), n / SMALL + 1);
	int rc = 0;

	count = count ? count : 1;
	for (unsigned i = 0; i < count; i++) {
		s[i] = (struct stretch){ .work = work, .to = to,
			.first = (u32)((u64)n * i / count),
			.end = (u32)((u64)n * (i + 1) / count) };
		if (i + 1 < count)
			s[i].started = pthread_create(&s[i].thread, NULL, run,
						      &s[i]) == 0;
	}
	for (unsigned i = count; i-- > 0;)
		if (!s[i].started)
			run(&s[i]);
	for (unsigned i = 0; i < count; i++) {
		if (s[i].started)
			pthread_join(s[i].thread, NULL);
		if (rc == 0)
			rc = s[i].rc;
	}
	return rc;
}
