/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http.c - HTTP by libmicrohttpd: a request's octets in, a reply's octets out.
 *
 *   first call   method and path -> route; unknown, too long; who sends a body, may they?
 *                refused: at once when more than DRAIN_MAX would come, else after it
 *                of a file: asked in another thread (aside.c), then once more here
 *   body         gathered up to WEB_BODY_MAX; a file's goes on as it comes (upload.c)
 *   last call    request.c -> headers, reply, or later (later.c)
 *                a change, an export, TAXII's collections: the same in another thread, then
 *                once more here
 *
 * Every error is a problem document (RFC 9457) in one form. Every reply has the headers that
 * keep a page from being more than it is: no scripts but our own, no frames, no guessing of
 * types, nothing kept by caches. */
#include "web/own.h"
#include "web/put.h"
#include "base/tongue.h"
#include "web/page.h"
#include "web/taxii.h"
#include "model/utf8.h"
#include <arpa/inet.h>
#include <stdarg.h>
#include <unistd.h>

/* Octets of a refused body that are read and thrown away, so that the refusal arrives; past
 * them it is answered at once and the connection ends. Of strangers, and of who is known. */
#define DRAIN_MAX (64u << 10)
#define DRAIN_KNOWN_MAX (4u << 20)

struct pending {	/* one request on its way */
	const struct api_route *route;
	const struct page_file *page;	/* instead of a route */
	struct api_values values;
	struct buf body;
	bool taxii;		/* asked for in its language */
	struct waiting waiting;
	u64 announced;		/* octets of the body; UINT64_MAX: it is not said */
	bool known;		/* who sends it */
	bool waits;		/* ... sends it when it is wanted (Expect) */
	bool unclear;		/* where it ends: nothing behind it is a request */
	bool asking;		/* another thread asks the writer for room for it */
	int error;		/* found before the body was there */
	char why[300];
	bool made;		/* the response, with its status; NULL: no memory for it */
	struct MHD_Response *response;
	unsigned status;
	bool late;		/* made, but what it waits for is not there yet */
};

static const struct { const char *name, *value; } always[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "X-Frame-Options", "DENY" },
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
	  "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
	  "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
	  "trusted-types 'none'" },
};

static const char *title(unsigned status)
{
	switch (status) {
	case 400: return N_("the request cannot be understood");
	case 401: return N_("sign in first");
	case 403: return N_("not for you");
	case 404: return N_("there is no such thing");
	case 405: return N_("this cannot be done with it");
	case 406: return N_("it is not to be had in that form");
	case 409: return N_("somebody else was faster");
	case 413: return N_("too large");
	case 415: return N_("a body of another type is wanted");
	case 422: return N_("a value is not what it can be");
	case 429: return N_("too often");
	case 503: return N_("busy");
	case 507: return N_("the disk is full");
	default: return N_("internal trouble");
	}
}

static void problem(struct request *q, unsigned status, bool taxii)
{
	buf_clear(q->out);
	q->status = status;
	if (taxii) {
		taxii_problem(q, title(status));
		return;
	}
	q->media = "application/problem+json";
	buf_text(q->out, "{\"type\":\"about:blank\",\"title\":");
	put_said(q->out, title(status));
	buf_fmt(q->out, ",\"status\":%u", status);
	if (q->why[0]) {
		buf_text(q->out, ",\"detail\":");
		put_said(q->out, q->why);
	}
	if (buf_error(&q->more) == 0)
		buf_text(q->out, buf_str(&q->more));
	buf_text(q->out, "}\n");
}

void http_headers(const struct web *w, struct MHD_Response *r)
{
	for (size_t i = 0; i < COUNT(always); i++)
		MHD_add_response_header(r, always[i].name, always[i].value);
	if (w->setup.certificate)
		MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
}

/* A copy goes to libmicrohttpd, so that our buffer can be freed. NULL: no memory. */
static struct MHD_Response *reply(struct request *q)
{
	struct MHD_Response *r = q->response ? q->response
		: MHD_create_response_from_buffer(q->out->len,
			(void *)(uintptr_t)buf_str(q->out), MHD_RESPMEM_MUST_COPY);

	if (r == NULL)
		return NULL;
	http_headers(q->web, r);
	MHD_add_response_header(r, "Content-Type", q->media ? q->media
		: q->route && q->route->media ? q->route->media : "application/json");
	MHD_add_response_header(r, "Cache-Control", "no-store");
	if (q->cookie[0])
		MHD_add_response_header(r, "Set-Cookie", q->cookie);
	if (q->known[0])
		MHD_add_response_header(r, "Set-Cookie", q->known);
	if (q->etag[0])
		MHD_add_response_header(r, "ETag", q->etag);
	if (q->file[0]) {
		char shown[sizeof q->file + 30];

		snprintf(shown, sizeof shown, "attachment; filename=\"%s\"", q->file);
		MHD_add_response_header(r, "Content-Disposition", shown);
	}
	if (q->location[0])
		MHD_add_response_header(r, "Location", q->location);
	if (q->added_first[0]) {
		MHD_add_response_header(r, "X-TAXII-Date-Added-First", q->added_first);
		MHD_add_response_header(r, "X-TAXII-Date-Added-Last", q->added_last);
	}
	if (q->status == 401)
		MHD_add_response_header(r, "WWW-Authenticate", "Bearer");
	if (q->status == 401 && q->route && q->route->taxii)
		MHD_add_response_header(r, "WWW-Authenticate",
					"Basic realm=\"TAXII\", charset=\"UTF-8\"");
	return r;
}

/* ---- one request ---- */

/* Where the request comes from, and whether over TLS; `to` is q->from's room. */
static void peer(struct request *q, struct MHD_Connection *c, char to[WEB_FROM])
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c,
		MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	to[0] = 0;
	if (i && i->client_addr->sa_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)i->client_addr)->sin_addr, to,
			  WEB_FROM);
	else if (i && i->client_addr->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)i->client_addr)->sin6_addr, to,
			  WEB_FROM);
	q->from = to;
	if (proxy_tells(q->web, c, to))
		q->secure = true;
}

static unsigned status_of(int error)
{
	return error == -EACCES ? 401 : error == -EDQUOT ? 429 : request_status(error);
}

static struct request request_of(struct web *w, struct MHD_Connection *c, struct pending *p)
{
	return (struct request){ .web = w, .route = p->route, .values = p->values,
		.now = w->setup.now(), .status = 200, .connection = c,
		.secure = w->setup.certificate, .waiting = &p->waiting };
}

/* Makes the response of a request whose body is there; or it is `late`. In any thread. */
static void make(struct web *w, struct MHD_Connection *c, void *of)
{
	struct pending *p = of;
	char from[WEB_FROM];
	struct buf out = { .limit = 64u << 20 };
	struct request q = request_of(w, c, p);
	int rc = p->error;

	peer(&q, c, from);
	q.out = &out;
	tongue_speak(tongue_accept(request_header(&q, "Accept-Language")));
	if (rc == 0) {
		q.store = web_take(w);
		rc = request_answer(&q, &p->body);
		gate_close(q.gate);
		web_give(w, q.store);
	} else {
		request_fault(&q, rc, "%s", p->why);
	}
	if (rc && rc != REQUEST_LATER) {
		q.file[0] = 0;
		problem(&q, status_of(rc), p->taxii);
	}
	p->made = true;
	p->late = rc == REQUEST_LATER;
	if (!p->late) {
		p->response = reply(&q);
		p->status = q.status;
	}
	json_decref(q.body);
	buf_free(&out);
	buf_free(&q.more);
	pthread_mutex_lock(&w->lock);
	w->requests++;
	w->errors += rc != 0;
	pthread_mutex_unlock(&w->lock);
}

/* What is answered aside: what may wait for the writer or for others. */
static bool takes_long(const struct pending *p, enum aside_lane *lane)
{
	const struct api_route *r = p->route;

	*lane = !r || !r->aside ? ASIDE_CHANGE : r->taxii ? ASIDE_TAXII : ASIDE_EXPORT;
	return p->error == 0 && r && (r->op || r->aside || strcmp(r->method, "GET"));
}

static enum MHD_Result give(struct MHD_Connection *c, struct pending *p)
{
	struct MHD_Response *r = p->response;
	enum MHD_Result good;

	if (r && p->unclear)
		MHD_add_response_header(r, "Connection", "close");
	good = r ? MHD_queue_response(c, p->status, r) : MHD_NO;

	p->response = NULL;
	if (r)
		MHD_destroy_response(r);
	return good;
}

static enum MHD_Result serve_one(struct web *w, struct MHD_Connection *c, struct pending *p)
{
	enum aside_lane lane;

	if (!p->made) {
		if (takes_long(p, &lane) && aside_run(w, lane, c, make, p))
			return MHD_YES;
		make(w, c, p);
	}
	if (!p->late)
		return give(c, p);
	p->made = p->late = false;
	later_wait(w, c, p->waiting.fd, false);
	return MHD_YES;
}

static void refuse(struct pending *p, int error, const char *why)
{
	if (p->error == 0) {
		p->error = error;
		snprintf(p->why, sizeof p->why, "%s", why);
	}
}

/* Who sends a body is looked at before its octets are taken. */
static void check_sender(struct web *w, struct MHD_Connection *c, void *of)
{
	struct pending *p = of;
	char from[WEB_FROM];
	struct request q = request_of(w, c, p);
	int rc;

	peer(&q, c, from);
	q.store = web_take(w);
	rc = auth_check(&q);
	p->known = rc == 0;
	if (rc == 0)
		rc = request_check(&q);
	if (rc == 0 && p->route->upload)
		rc = upload_begin(&q);
	gate_close(q.gate);
	web_give(w, q.store);
	if (rc)
		refuse(p, rc, q.why);
}

static const char *too_large(const struct pending *p)
{
	return p->body.limit == WEB_BODY_MAX ? N_("a body has at most 1 MiB")
	       : N_("a body has at most 8 KiB here");
}

/* How many octets the head announces; UINT64_MAX: it does not say how many. */
static u64 announced(struct MHD_Connection *c)
{
	const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");

	if (MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Transfer-Encoding"))
		return UINT64_MAX;
	return length ? strtoull(length, NULL, 10) : 0;
}

static void find_route(struct pending *p, const char *path, const char *method)
{
	const int rc = api_find(&p->route, method, path, &p->values);

	if (rc == OOPS_UNKNOWN && strcmp(method, "GET") == 0)
		p->page = page_find(path);
	if (rc && p->page == NULL)
		refuse(p, rc, rc == OOPS_UNKNOWN ? N_("there is nothing under this path")
						 : N_("this path has no such method"));
}

/* Everything that the head alone can be refused for. */
static struct pending *begin(struct web *w, struct MHD_Connection *c, const char *path,
			     const char *method, const char *version)
{
	struct pending *p = calloc(1, sizeof *p);
	bool open, upload;

	if (p == NULL)
		return NULL;
	p->taxii = strncmp(path, "/taxii2/", 8) == 0;
	p->waiting.fd = -1;
	p->announced = announced(c);
	p->waits = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Expect") != NULL;
	if ((p->unclear = !framing_is_clear(c, version)))
		refuse(p, OOPS_FORMAT, N_("a request has one Host, one length or chunks, and each "
			"header on a line of its own"));
	find_route(p, path, method);
	open = p->route == NULL || p->route->open;
	upload = p->route && p->route->upload;
	p->body.limit = open ? WEB_OPEN_BODY_MAX : WEB_BODY_MAX;
	if (p->error == 0 && !open && !upload && p->announced)
		check_sender(w, c, p);
	if (!upload && p->announced != UINT64_MAX && p->announced > p->body.limit)
		refuse(p, OOPS_LIMIT, too_large(p));
	return p;
}

static void count_busy(struct web *w, int more)
{
	pthread_mutex_lock(&w->lock);
	w->busy += (unsigned)more;
	pthread_mutex_unlock(&w->lock);
}

/* The head is there, and who sends it is known: what is behind it comes, or need not. */
static enum MHD_Result headed(struct web *w, struct MHD_Connection *c, struct pending *p)
{
	peers_due(w, c, p->announced ? 1000 * WEB_BODY_S : 0);
	if (p->error && (p->unclear || p->waits ||
	    p->announced > (p->known ? DRAIN_KNOWN_MAX : DRAIN_MAX)))
		return serve_one(w, c, p);
	return MHD_YES;
}

/* Of a file the writer is asked for room, which may take a while. True: somebody does. */
static bool ask_room(struct web *w, struct MHD_Connection *c, struct pending *p)
{
	if (p->error || p->route == NULL || !p->route->upload)
		return false;
	p->asking = true;
	if (aside_run(w, ASIDE_CHANGE, c, check_sender, p))
		return true;
	p->asking = false;
	check_sender(w, c, p);
	return false;
}

/* Octets of a file, or their end (*n is 0). True: all of it is there. */
static bool take_file(struct web *w, struct MHD_Connection *c, struct pending *p,
		      const char *data, size_t *n)
{
	size_t taken;

	if (*n == 0) {
		peers_due(w, c, 0);
		return upload_ended(w, c, &p->waiting);
	}
	taken = upload_data(w, c, &p->waiting, data, *n);
	if (taken < *n)
		peers_due(w, c, 0);	/* it waits for us */
	else
		peers_came(w, c, taken);
	*n -= taken;
	return false;
}

/* Octets of any other body. */
static void take_some(struct web *w, struct MHD_Connection *c, struct pending *p,
		      const char *data, size_t *n)
{
	peers_came(w, c, *n);
	if (p->error == 0)
		buf_add(&p->body, data, *n);
	if (buf_error(&p->body))
		refuse(p, OOPS_LIMIT, too_large(p));
	*n = 0;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *c, const char *path,
			      const char *method, const char *version, const char *data,
			      size_t *n, void **state)
{
	struct pending *p = *state;

	if (p == NULL) {
		method = strcmp(method, "HEAD") ? method : "GET";
		if ((*state = p = begin(cls, c, path, method, version)) == NULL)
			return MHD_NO;
		peers_due(cls, c, 0);
		count_busy(cls, 1);
		if (ask_room(cls, c, p))
			return MHD_YES;
		return headed(cls, c, p);
	}
	if (p->asking) {	/* the first call once more */
		p->asking = false;
		return headed(cls, c, p);
	}
	if (p->error == 0 && p->route && p->route->upload) {
		if (!take_file(cls, c, p, data, n))
			return MHD_YES;
	} else if (*n) {
		take_some(cls, c, p, data, n);
		return MHD_YES;
	}
	peers_due(cls, c, 0);
	return p->page && p->error == 0 ? page_reply(cls, c, p->page) : serve_one(cls, c, p);
}

static void done(void *cls, struct MHD_Connection *c, void **state,
		 enum MHD_RequestTerminationCode how)
{
	struct pending *p = *state;

	(void)how;
	peers_due(cls, c, 1000 * (WEB_IDLE_S + WEB_HEAD_S));
	if (p)
		count_busy(cls, -1);
	if (p && p->waiting.fd >= 0)
		close(p->waiting.fd);
	if (p && p->response)
		MHD_destroy_response(p->response);
	if (p) {
		buf_free(&p->waiting.got);
		buf_free(&p->body);
	}
	free(p);
	*state = NULL;
}

static void say_nothing(void *cls, const char *format, va_list args)
{
	(void)cls;
	(void)format;
	(void)args;
}

int http_start(struct web *w)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG |
		MHD_ALLOW_SUSPEND_RESUME | (w->setup.certificate ? MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)w->setup.certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)w->setup.key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)
		  "SECURE192:SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
		{ MHD_OPTION_END, 0, NULL }
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	w->daemon = MHD_start_daemon(flags, 0, w->setup.each ? peers_may : NULL, w, handle, w,
		MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
		MHD_OPTION_LISTEN_SOCKET, w->setup.listening,
		MHD_OPTION_THREAD_POOL_SIZE, WEB_THREADS,
		MHD_OPTION_CONNECTION_LIMIT, WEB_CONNECTIONS,
		MHD_OPTION_NOTIFY_CONNECTION, peers_count, w,
		MHD_OPTION_CONNECTION_TIMEOUT, WEB_IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768,
		MHD_OPTION_NOTIFY_COMPLETED, done, w,
		MHD_OPTION_ARRAY, w->setup.certificate ? tls : none, MHD_OPTION_END);
	return w->daemon ? 0 : -EIO;
}

void http_quiesce(struct web *w)
{
	MHD_quiesce_daemon(w->daemon);	/* the socket is not ours to close */
}

unsigned http_busy(struct web *w)
{
	unsigned n;

	pthread_mutex_lock(&w->lock);
	n = w->busy;
	pthread_mutex_unlock(&w->lock);
	return n;
}

void http_stop(struct web *w)
{
	if (w->daemon)
		MHD_stop_daemon(w->daemon);
	w->daemon = NULL;
}
