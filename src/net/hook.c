/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hook.c - see hook.h. */
#include "net/hook.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <unistd.h>

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

static bool private4(u32 a)
{
	static const struct { u32 net; unsigned bits; } ranges[] = {
		{ 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 }, { 0x7f000000, 8 },
		{ 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 },
		{ 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xe0000000, 3 },
	};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if ((a ^ ranges[i].net) >> (32 - ranges[i].bits) == 0)
			return true;
	return false;
}

bool hook_private(int family, const void *address)
{
	const u8 *a = address;

	if (family == AF_INET)
		return private4((u32)a[0] << 24 | (u32)a[1] << 16 | (u32)a[2] << 8 | a[3]);
	if (family != AF_INET6)
		return true;
	if ((a[0] & 0xe0) != 0x20)	/* global unicast is 2000::/3 (RFC 4291, 2.4) */
		return true;
	/* 6to4 and Teredo lead to addresses that are not looked at here */
	return (a[0] == 0x20 && a[1] == 0x02) ||
	       (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0);
}

struct posting {
	const struct hook_setup *setup;
	bool refused, all_sent;
	const char *at;
	size_t left, heard;
};

/* libcurl asks for a socket when it knows the address. */
static curl_socket_t open_socket(void *of, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct posting *p = of;
	const void *at = a->family == AF_INET6
		? (const void *)&((struct sockaddr_in6 *)&a->addr)->sin6_addr
		: (const void *)&((struct sockaddr_in *)&a->addr)->sin_addr;

	(void)purpose;
	if (!p->setup->private_too && hook_private(a->family, at)) {
		p->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t give(char *to, size_t size, size_t count, void *of)
{
	struct posting *p = of;
	size_t n = min_u64(size * count, p->left);

	memcpy(to, p->at, n);
	p->at += n;
	p->left -= n;
	p->all_sent = p->left == 0;
	return n;
}

/* An answer's text is not kept; too much of it ends the exchange. */
static size_t hear(char *text, size_t size, size_t count, void *of)
{
	struct posting *p = of;

	(void)text;
	p->heard += size * count;
	return p->heard > ANSWER_MAX ? 0 : size * count;
}

static struct curl_slist *add(struct curl_slist *list, const char *format, const char *value)
{
	char line[300];

	snprintf(line, sizeof line, format, value);
	return curl_slist_append(list, line);
}

static struct curl_slist *headers(const struct hook_setup *s, const struct hook_message *m)
{
	struct curl_slist *list = NULL;
	struct buf signed_text = { 0 };
	char time[24], signature[200];

	snprintf(time, sizeof time, "%llu", (unsigned long long)(m->at / STAMP_NS));
	buf_fmt(&signed_text, "%s.", time);
	buf_add(&signed_text, m->body, m->n);
	if (buf_error(&signed_text) == 0 &&
	    s->sign(s->own, signed_text.at, signed_text.len, signature) == 0) {
		list = add(list, "%s", "Content-Type: application/json");
		list = add(list, "%s", "Expect:");
		list = add(list, "Vedette-Time: %s", time);
		list = add(list, "Vedette-Key: %s", m->key);
		list = add(list, "Vedette-Signature: %s", signature);
	}
	buf_free(&signed_text);
	return list;
}

static void options(CURL *c, struct posting *p, const struct hook_message *m)
{
	const struct hook_setup *s = p->setup;

	curl_easy_setopt(c, CURLOPT_URL, m->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, s->private_too ? "http,https" : "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (s->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, s->ca);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)m->n);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, p);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, hear);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, p);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)s->timeout_s);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)min_u64(s->timeout_s, 20));
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
}

static void judge(struct posting *p, CURL *c, CURLcode rc, struct sent_report *ret)
{
	long code = 0;

	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
	if (p->refused) {
		*ret = (struct sent_report){ SENT_NEVER, N_("its address is one of a "
			"private network or of this machine") };
		return;
	}
	if (code == 0) {
		snprintf(ret->answer, sizeof ret->answer, "%s", curl_easy_strerror(rc));
		ret->outcome = rc == CURLE_UNSUPPORTED_PROTOCOL ? SENT_NEVER
			     : p->all_sent ? SENT_UNSURE : SENT_LATER;
		return;
	}
	snprintf(ret->answer, sizeof ret->answer, "HTTP status %ld", code);
	ret->outcome = code >= 200 && code < 300 ? SENT_TAKEN
		: code == 408 || code == 425 || code == 429 || code >= 500 ? SENT_LATER
		: SENT_NEVER;
}

void hook_send(const struct hook_setup *s, const struct hook_message *m,
	       struct sent_report *ret)
{
	struct posting p = { .setup = s, .at = m->body, .left = m->n };
	struct curl_slist *list = headers(s, m);
	CURL *c = list ? curl_easy_init() : NULL;

	*ret = (struct sent_report){ SENT_LATER, N_("it cannot be signed") };
	if (c) {
		ret->answer[0] = 0;
		options(c, &p, m);
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
		judge(&p, c, curl_easy_perform(c), ret);
		curl_easy_cleanup(c);
	}
	curl_slist_free_all(list);
}
