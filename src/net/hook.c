/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hook.c - see hook.h. */
#include "net/hook.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "net/http.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define ANSWER_MAX 65536u	/* octets of an answer that are read */

void hook_hmac(const void *secret, size_t secret_n, const void *octets, size_t n, char to[200])
{
	u8 mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	int at = snprintf(to, 200, "hmac-sha256=");

	must(HMAC(EVP_sha256(), secret, (int)secret_n, octets, n, mac, &len));
	for (unsigned i = 0; i < len; i++)
		at += snprintf(to + at, 200 - (size_t)at, "%02x", mac[i]);
}

/* Signs "TIME.BODY": false when that cannot be done. */
static bool sign(const struct hook_setup *s, const struct hook_message *m, const char *time,
		 char to[200])
{
	struct buf text = { 0 };
	bool good;

	buf_fmt(&text, "%s.", time);
	buf_add(&text, m->body, m->n);
	good = buf_error(&text) == 0 && s->sign(s->own, text.at, text.len, to) == 0;
	buf_free(&text);
	return good;
}

/* Answers by the status; without one it counts whether all of the message had left. */
static void judge(int rc, const struct http_answer *a, const char *why,
		  struct sent_report *ret)
{
	int code = a->status;

	if (code == 0) {
		snprintf(ret->answer, sizeof ret->answer, "%s", why);
		ret->outcome = rc == -EACCES ? SENT_NEVER : a->all_sent ? SENT_UNSURE : SENT_LATER;
		return;
	}
	snprintf(ret->answer, sizeof ret->answer, "HTTP status %d", code);
	ret->outcome = code >= 200 && code < 300 ? SENT_TAKEN
		: code == 408 || code == 425 || code == 429 || code >= 500 ? SENT_LATER
		: SENT_NEVER;
}

static void post(struct http *h, const struct hook_setup *s, const struct hook_message *m,
		 struct sent_report *ret)
{
	char time[24], signature[200], lines[3][300], why[HTTP_WHY] = "";
	const char *const headers[] = { lines[0], lines[1], lines[2], NULL };
	const struct http_ask ask = { .url = m->url, .type = "application/json",
		.body = m->body, .n = m->n, .headers = headers };
	struct http_answer a = { 0 };
	int rc;

	snprintf(time, sizeof time, "%llu", (unsigned long long)(m->at / STAMP_NS));
	*ret = (struct sent_report){ SENT_LATER, N_("it cannot be signed") };
	if (!sign(s, m, time, signature))
		return;
	snprintf(lines[0], sizeof lines[0], "Vedette-Time: %s", time);
	snprintf(lines[1], sizeof lines[1], "Vedette-Key: %s", m->key);
	snprintf(lines[2], sizeof lines[2], "Vedette-Signature: %s", signature);
	rc = http_ask(h, &ask, &a, why);
	judge(rc, &a, why, ret);
	http_answer_free(&a);
}

void hook_send(const struct hook_setup *s, const struct hook_message *m,
	       struct sent_report *ret)
{
	const struct http_conf conf = { .authorities = s->ca, .octets_max = ANSWER_MAX,
		.time_ns = s->timeout_s * STAMP_NS, .idle_ns = s->timeout_s * STAMP_NS,
		.plain_too = s->private_too, .outside_only = !s->private_too, .direct = true };
	struct http *h = NULL;
	char why[HTTP_WHY] = "";
	int rc = http_open(&h, m->url, &conf, why);

	if (rc) {
		*ret = (struct sent_report){ rc == -ENOMEM ? SENT_LATER : SENT_NEVER, "" };
		snprintf(ret->answer, sizeof ret->answer, "%s", why);
	} else {
		post(h, s, m, ret);
	}
	http_close(h);
}
