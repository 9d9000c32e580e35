/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smtp.c - see smtp.h.
 *
 * When does a failure leave the outcome open? A server may only take a message after it saw
 * the end of its data (RFC 5321, 4.1.1.4): as long as libcurl had not asked for the last
 * octets, nothing was taken. After that, only an answer counts. */
#include "net/smtp.h"
#include <curl/curl.h>

struct sending {
	const char *at;
	size_t left;
	struct sent_report *ret;
};

static size_t give(char *to, size_t size, size_t count, void *of)
{
	struct sending *s = of;
	size_t n = min_u64(size * count, s->left);

	memcpy(to, s->at, n);
	s->at += n;
	s->left -= n;
	return n;
}

/* The last line that the server said, but for its farewell. */
static size_t hear(char *line, size_t size, size_t count, void *of)
{
	struct sending *s = of;
	size_t n = size * count, keep = 0;

	if (n > 3 && memcmp(line, "221", 3) == 0)
		return n;
	while (keep < n && keep < SENT_ANSWER - 1 && line[keep] != '\r' && line[keep] != '\n') {
		s->ret->answer[keep] = line[keep] < ' ' || line[keep] > '~' ? '?' : line[keep];
		keep++;
	}
	s->ret->answer[keep] = 0;
	return n;
}

static void judge(struct sending *s, CURL *c, CURLcode rc)
{
	struct sent_report *r = s->ret;
	long code = 0;

	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
	if (rc == CURLE_OK) {
		r->outcome = SENT_TAKEN;
		return;
	}
	if (code >= 500 && code < 600 && rc != CURLE_LOGIN_DENIED) {
		r->outcome = SENT_NEVER;
		return;
	}
	r->outcome = s->left == 0 && !(code >= 400 && code < 500) ? SENT_UNSURE : SENT_LATER;
	if (rc == CURLE_USE_SSL_FAILED)
		snprintf(r->answer, sizeof r->answer, "%s", SMTP_NO_TLS);
	else if (code < 400)
		snprintf(r->answer, sizeof r->answer, "%s", curl_easy_strerror(rc));
}

/* libcurl wants paths of the envelope in angle brackets. */
static void options(CURL *c, const struct smtp_setup *setup, struct sending *s)
{
	curl_easy_setopt(c, CURLOPT_URL, setup->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_USE_SSL,
			 (long)(setup->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (setup->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, setup->ca);
	if (setup->user) {
		curl_easy_setopt(c, CURLOPT_USERNAME, setup->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, setup->password ? setup->password : "");
	}
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, hear);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->left);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)setup->timeout_s);
	/* also bounds the wait for an answer to QUIT, which TIMEOUT does not */
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)setup->timeout_s);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)min_u64(setup->timeout_s, 20));
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
}

void smtp_send(const struct smtp_setup *setup, const struct smtp_mail *m,
	       struct sent_report *ret)
{
	struct sending s = { m->octets, m->n, ret };
	struct curl_slist *to;
	char from[300], path[300];
	CURL *c;

	*ret = (struct sent_report){ SENT_LATER, N_("there is no memory left") };
	snprintf(from, sizeof from, "<%s>", m->from);
	snprintf(path, sizeof path, "<%s>", m->to);
	to = curl_slist_append(NULL, path);
	c = curl_easy_init();
	if (to && c) {
		ret->answer[0] = 0;
		options(c, setup, &s);
		curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
		curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
		judge(&s, c, curl_easy_perform(c));
	}
	curl_slist_free_all(to);
	if (c)
		curl_easy_cleanup(c);
}
