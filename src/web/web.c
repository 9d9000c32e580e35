/* SPDX-License-Identifier: GPL-3.0-or-later */
/* web.c - the web process: its store connections, its questions to the writer; see web.h.
 *
 * A question is one frame (CODEC_ASK), its answer one frame (CODEC_ANSWER), both JSON:
 *   {"op":..,"session"|"token":..,"from":..,"args":{..}}   {"error":n,"why":..,"reply":{..}}
 * One at a time: the writer does one thing after the other anyway. */
#include "web/own.h"
#include "link/pass.h"
#include "model/utf8.h"
#include <poll.h>
#include <stdarg.h>
#include <sys/random.h>
#include <unistd.h>

int web_open(struct web **ret, const struct web_setup *setup, char why[WEB_WHY])
{
	struct web *w = calloc(1, sizeof *w);
	char sentence[STORE_WHY];
	u64 key;
	int rc;

	if (w == NULL) {
		snprintf(why, WEB_WHY, "there is no memory left");
		return -ENOMEM;
	}
	w->setup = *setup;
	pthread_mutex_init(&w->lock, NULL);
	pthread_mutex_init(&w->asking, NULL);
	pthread_cond_init(&w->free, NULL);
	for (unsigned i = 0; i < WEB_STORES; i++) {
		rc = store_open(&w->stores[i], setup->db, STORE_READ, sentence);
		if (rc == 0)
			rc = store_no_files(w->stores[i]);
		if (rc) {
			snprintf(why, WEB_WHY, "%.280s", sentence);
			web_close(w);
			return rc;
		}
	}
	if ((rc = taxii_start(w)) || (rc = peers_start(w))) {
		snprintf(why, WEB_WHY, "there is no memory left");
		web_close(w);
		return rc;
	}
	rc = store_open(&w->watching, setup->db, STORE_READ, sentence);
	if (rc) {
		snprintf(why, WEB_WHY, "%.280s", sentence);
		web_close(w);
		return rc;
	}
	if (getrandom(&key, sizeof key, 0) != sizeof key || sieve_open(&w->sieve, key)) {
		snprintf(why, WEB_WHY, "there is no memory left");
		web_close(w);
		return -ENOMEM;
	}
	*ret = w;
	return 0;
}

struct web *web_close(struct web *w)
{
	if (w == NULL)
		return NULL;
	for (unsigned i = 0; i < WEB_STORES; i++)
		store_close(w->stores[i]);
	store_close(w->watching);
	taxii_stop(w);
	aside_free(w);
	peers_stop(w);
	codec_free(&w->codec);
	sieve_close(w->sieve);
	pthread_mutex_destroy(&w->lock);
	pthread_mutex_destroy(&w->asking);
	pthread_cond_destroy(&w->free);
	free(w);
	return NULL;
}

const struct catalogue_row *web_rule(const struct web *w, const char *id)
{
	for (const struct catalogue_row *const *r = w->setup.catalogue; r && *r; r++)
		if (strcmp((*r)->id, id) == 0)
			return *r;
	return NULL;
}

struct store *web_take(struct web *w)
{
	struct store *s = NULL;

	pthread_mutex_lock(&w->lock);
	while (s == NULL) {
		for (unsigned i = 0; i < WEB_STORES && s == NULL; i++)
			if (!w->taken[i]) {
				w->taken[i] = true;
				s = w->stores[i];
			}
		if (s == NULL)
			pthread_cond_wait(&w->free, &w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return s;
}

void web_give(struct web *w, struct store *s)
{
	pthread_mutex_lock(&w->lock);
	for (unsigned i = 0; i < WEB_STORES; i++)
		if (w->stores[i] == s)
			w->taken[i] = false;
	pthread_cond_signal(&w->free);
	pthread_mutex_unlock(&w->lock);
}

/* Waits until the parent is gone, or lets go of the leash (-1: it has none). */
enum ending { END_NOT_YET, END_LEASH, END_PARENT };
static enum ending wait_end(int writer, int leash, int ms)
{
	struct pollfd p[] = { { .fd = writer }, { .fd = leash } };

	for (;;) {
		int n = poll(p, 2, ms);

		if (n == 0)
			return END_NOT_YET;
		if (n > 0 && p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			return END_PARENT;
		if (n > 0 && p[1].revents && !p[0].revents)
			return END_LEASH;
	}
}

/* Nothing new is accepted; what is under way is answered. */
static void drain(struct web *w, int writer)
{
	http_quiesce(w);
	live_stop(w);
	for (unsigned i = 0; i < WEB_DRAIN_S * 20; i++)
		if (http_busy(w) == 0 || wait_end(writer, -1, 50) == END_PARENT)
			break;
}

int web_serve(struct web *w, int writer, int leash)
{
	enum ending end;
	int rc;

	w->writer = writer;
	if ((rc = live_start(w)) || (rc = later_start(w)) || (rc = aside_start(w)) ||
	    (rc = http_start(w)))
		return rc;
	while ((end = wait_end(writer, leash, 1000)) == END_NOT_YET)
		peers_sweep(w);
	if (end == END_PARENT)
		live_stop(w);
	else
		drain(w, writer);
	later_stop(w);
	aside_stop(w);
	http_stop(w);
	return 0;
}

/* ---- asking ---- */

static int frame(struct web *w, const u8 **body, size_t *n)
{
	enum codec_kind kind;
	int rc;

	while ((rc = codec_next(&w->codec, &kind, body, n)) == 0) {
		rc = codec_fill(&w->codec, w->writer);
		if (rc == -EINTR)
			continue;
		if (rc <= 0)
			return rc ? rc : -EPIPE;
	}
	return rc < 0 ? rc : kind == CODEC_ANSWER ? 0 : OOPS_FORMAT;
}

/* fd NULL: no descriptor comes. It comes before the reply, or a reason why not. */
static int ask(struct web *w, json_t *question, json_t **answer, int *fd)
{
	char why[PASS_OCTETS];
	char *text = json_dumps(question, JSON_COMPACT);
	const u8 *body;
	size_t n;
	int rc = text ? 0 : -ENOMEM;

	pthread_mutex_lock(&w->asking);
	if (rc == 0)
		rc = codec_write(w->writer, CODEC_ASK, text, strlen(text));
	if (rc == 0 && fd) {
		*fd = pass_receive(w->writer, why);
		rc = *fd >= 0 || *fd == -EACCES ? 0 : *fd;
	}
	if (rc == 0)
		rc = frame(w, &body, &n);
	if (rc == 0) {
		*answer = json_loadb((const char *)body, n, JSON_REJECT_DUPLICATES, NULL);
		rc = json_is_object(*answer) ? 0 : OOPS_FORMAT;
	}
	pthread_mutex_unlock(&w->asking);
	free(text);
	return rc;
}

/* What a program can tell the refusal by, beside the sentence for people. */
static void put_code(struct request *q, json_t *answer)
{
	const char *code = json_string_value(json_object_get(answer, "code"));

	if (code == NULL || code[0] == 0)
		return;
	buf_text(&q->more, ",\"code\":");
	utf8_json(&q->more, code);
	if (strcmp(code, desk_codes[CODE_STRICTER]) == 0)
		buf_text(&q->more, ",\"redacted\":true");
}

int request_ask(struct request *q, const char *op, json_t *args, json_t **reply)
{
	return request_ask_fd(q, op, args, reply, NULL);
}

int request_ask_fd(struct request *q, const char *op, json_t *args, json_t **reply, int *fd)
{
	json_t *answer = NULL, *question = json_pack("{s:s, s:s, s:s, s:O}", "op", op,
		q->who.by_token ? "token" : "session", q->session ? q->session : "",
		"from", q->from ? q->from : "", "args", args);
	int rc = question ? ask(q->web, question, &answer, fd) : -ENOMEM;

	if (rc)
		request_fault(q, -EIO, "the desk's writer does not answer");
	else
		rc = (int)json_integer_value(json_object_get(answer, "error"));
	if (rc && answer) {
		request_fault(q, rc, "%s", json_string_value(json_object_get(answer, "why")));
		put_code(q, answer);
	}
	*reply = answer ? json_incref(json_object_get(answer, "reply")) : NULL;
	json_decref(answer);
	json_decref(question);
	return rc > 0 ? -EIO : rc;
}

int request_fault(struct request *q, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(q->why, sizeof q->why, format, args);
	va_end(args);
	return error;
}
