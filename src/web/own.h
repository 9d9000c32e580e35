/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - what the files of the web process share and nobody else sees. */
#pragma once
#include "link/codec.h"
#include "respond/sieve.h"
#include "web/api.h"
#include "web/web.h"
#include "base/buf.h"
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define ASIDE_THREADS 8u		/* of aside.c */
#define WEB_OVER_MAX 256u
#define WEB_STORES (WEB_THREADS + ASIDE_THREADS)

struct web {
	struct web_setup setup;
	struct store *stores[WEB_STORES], *watching;
	bool taken[WEB_STORES];	/* a thread has it just now */
	pthread_mutex_t lock;		/* of stores, counters */
	pthread_cond_t free;
	int writer;
	pthread_mutex_t asking;		/* one question to the writer at a time */
	struct codec codec;		/* its answers */
	u64 requests, errors;
	unsigned busy;			/* requests under way */
	struct MHD_Daemon *daemon;
	struct live *live;
	struct sieve *sieve;
	struct taxii *taxii;
	struct later *later;
	struct aside *aside;
	struct peers *peers;
	atomic_bool ending;		/* what takes long shall end */
	char over[WEB_OVER_MAX][SESSION_ID];	/* see auth_over(); a ring */
	unsigned overs;			/* that there were */
};

/* What a request waits for, between the calls that it takes. */
struct waiting {
	int fd;			/* a socket of parcels; -1 = none */
	struct buf got;		/* what came there */
	char upload[40];	/* the upload's token */
	int stage;
};

/* The row of a rule, or NULL. */
const struct catalogue_row *web_rule(const struct web *w, const char *id);

/* A connection of the store that no other thread uses; waits for one. */
struct store *web_take(struct web *w);
void web_give(struct web *w, struct store *s);

/* ---- http.c ---- */
/* Starts the daemon on the listening socket: 0 or negative. */
int http_start(struct web *w);
void http_stop(struct web *w);
/* The headers that every reply has. */
void http_headers(const struct web *w, struct MHD_Response *r);

/* ---- request.c ---- */
/* Has the query string parameters of the route alone? 0, or OOPS_FORMAT and q->why. */
int request_check(struct request *q);
/* The answer to a request whose body is there, into q->out: 0, REQUEST_LATER, or negative. */
int request_answer(struct request *q, const struct buf *body);

/* ---- framing.c ---- */
/* Does the head say once where the request ends, and whom it is for (RFC 9112, 3.2, 6.1, 6.3)? */
bool framing_is_clear(struct MHD_Connection *c, const char *version);

/* ---- page.c ---- */
struct page_file;
/* Queues the reply: the file, packed when the browser takes that, or 304. */
enum MHD_Result page_reply(struct web *w, struct MHD_Connection *c, const struct page_file *f);
/* Accepts nothing more. */
void http_quiesce(struct web *w);
/* Requests that have begun and have no answer yet. */
unsigned http_busy(struct web *w);

/* ---- live.c ---- */
/* Listeners at a time: in all, which leaves connections for the others; of one user; of one
 * session or token (a browser has six connections to one server over HTTP/1.1). */
#define LIVE_MAX 600u
#define LIVE_USER_MAX 64u
#define LIVE_KEY_MAX 16u
_Static_assert(LIVE_MAX + 200 <= WEB_CONNECTIONS, "others are served while all listen");
/* Watches the store in a thread of its own, on a connection of its own: 0 or negative. */
int live_start(struct web *w);
/* Wakes and ends all listeners, then the thread; before the daemon is stopped. */
void live_stop(struct web *w);
/* q->response becomes one that lasts until the caller's session or token ends, or their role
 * or clearance is another: 0, or -EDQUOT (they have too many), -EAGAIN (there are too many),
 * -ENOMEM and q->why. */
int live_listen(struct request *q);

/* ---- taxii_index.c ---- */
int taxii_start(struct web *w);		/* 0 or -ENOMEM */
void taxii_stop(struct web *w);
/* ---- later.c ---- */
/* Watches descriptors for suspended requests in a thread of its own: 0 or negative. */
int later_start(struct web *w);
/* Resumes all; before the daemon is stopped. */
void later_stop(struct web *w);
/* Suspends the request until the descriptor can be read (or written, or is at its end). */
void later_wait(struct web *w, struct MHD_Connection *c, int fd, bool writing);

/* ---- peers.c: connections by address, and how long they may keep us waiting. They are
 * refused by address when setup.each is not 0, those of proxies that are believed never ---- */
int peers_start(struct web *w);		/* 0 or -ENOMEM */
void peers_stop(struct web *w);
/* For libmicrohttpd, of a struct web: may one more come from there? One that begins or ends. */
enum MHD_Result peers_may(void *of, const struct sockaddr *a, socklen_t n);
void peers_count(void *of, struct MHD_Connection *c, void **state,
		 enum MHD_ConnectionNotificationCode what);

/* What the connection has to send is due in so many ms; 0: nothing is. */
void peers_due(struct web *w, struct MHD_Connection *c, u64 ms);
/* So many octets of a body came. */
void peers_came(struct web *w, struct MHD_Connection *c, size_t n);
/* Ends those that are late; to be called about every second. */
void peers_sweep(struct web *w);

/* ---- aside.c: requests that take long ---- */
enum aside_lane { ASIDE_CHANGE, ASIDE_EXPORT, ASIDE_TAXII, ASIDE_LANES };
typedef void aside_fn(struct web *w, struct MHD_Connection *c, void *what);
/* Starts the lanes' threads: 0 or negative. */
int aside_start(struct web *w);
/* Ends them when what waits is done; before the daemon is stopped. After the daemon:
 * aside_free(). Both any time. */
void aside_stop(struct web *w);
void aside_free(struct web *w);
/* Suspends the request; a thread of the lane calls fn, then it is resumed. false: nothing was
 * done, the lanes have ended. */
bool aside_run(struct web *w, enum aside_lane lane, struct MHD_Connection *c, aside_fn *fn,
	       void *what);

/* ---- upload.c ---- */
/* The head of an upload is there: asks for room. 0, or negative and q->why. */
int upload_begin(struct request *q);
/* Octets: how many of n were taken; 0 and the request is suspended when there is no room. */
size_t upload_data(struct web *w, struct MHD_Connection *c, struct waiting *is,
		   const char *octets, size_t n);
/* All octets came. True when the other side has answered; else the request is suspended. */
bool upload_ended(struct web *w, struct MHD_Connection *c, struct waiting *is);

/* ---- proxy.c ---- */
/* Is it a proxy that is believed? */
bool proxy_is(const struct web *w, const struct sockaddr *a);
/* `from`, where the connection comes from, becomes who asks when a proxy that is believed says
 * so. True when it says that they ask over TLS. */
bool proxy_tells(const struct web *w, struct MHD_Connection *c, char from[WEB_FROM]);

/* ---- auth.c ---- */
/* Who is it, may they? 0 with q->who, q->gate; else negative: -EACCES (401), -EPERM (403). */
int auth_check(struct request *q);
/* What was ended while the store could not be written (a full disk): the session or token with
 * that id opens nothing any more, as long as this process lives. Of WEB_OVER_MAX the last. */
void auth_over(struct web *w, const char *id);
/* Was the caller's session or token ended so? */
bool auth_has_ended(struct web *w, const struct caller *who);
/* A session's cookie into q->cookie; session NULL: that takes it away. */
void auth_cookie(struct request *q, const char *session, u64 seconds);
/* What the browser is known by, or NULL; a new one into q->known. */
const char *auth_device(const struct request *q);
void auth_known(struct request *q, const char *device);

/* ---- look.c: what routes that look have in common ---- */
struct incident;
/* The n-th value of the path as a number: 0, or OOPS_UNKNOWN (404). */
int request_number(struct request *q, unsigned n, u64 *ret);
/* The record whose key is the path's n-th value (its only key), through the gate, as a copy:
 * 0, or OOPS_UNKNOWN, -EPERM and the sentence. free() it. */
int request_take(struct request *q, unsigned n, enum desk_table t, void **ret);
/* -EPERM unless the caller is cleared for contacts and mutes (DESK_MARKING). */
int request_may_know(struct request *q);
/* A desk to look with, on the request's store: 0 or negative. desk_close() it. What is read
 * through it passes no gate: see request_may_know(). */
int request_desk(struct request *q, struct desk **ret);
/* true or false of the query string; false when it is not there. */
int request_flag(struct request *q, const char *name, bool *ret);
/* "new,triaged" as bits of the choices; 0 when it is not there. */
int request_words(struct request *q, const char *name, const char *const *choices,
		  u64 *bits);
/* limit and cursor of a page whose places are numbers, `most` at most. */
int request_page(struct request *q, u64 most, u64 *limit, u64 *after);
/* Writes a record as members without braces, for request_list(): 0; 1: it is not in the list
 * and nothing was written. */
typedef int request_put_fn(void *to, struct buf *out, const void *record);
/* A page of the query's records behind ?cursor=. The query's order ends with the table's key.
 * With a limit of its own the query is read to its end: for put() that passes records over. */
int request_list(struct request *q, struct store_query *query, request_put_fn *put, void *to);
/* The record that the path's first value names, in braces. */
int request_one(struct request *q, enum desk_table t, request_put_fn *put, void *to);
/* Ends a page's items: the number that the next one comes behind, or null. */
void request_next(struct request *q, bool more, u64 at);

/* ---- cursor.c: where the next page of a list begins ---- */
#define CURSOR_OCTETS 4096u
struct cursor {
	_Alignas(8) u8 record[DESK_RECORD_MAX];	/* fields of the order alone */
	char texts[CURSOR_OCTETS];	/* its words */
};
/* ?cursor= as query->after, whose room is `room`: 0; OOPS_FORMAT: it is none of this list. */
int cursor_take(struct request *q, struct store_query *query, struct cursor *room);
/* Appends the cursor behind that record, as a JSON string. */
void cursor_put(struct request *q, struct buf *out, const struct store_query *query,
	       const void *record);
/* Appends an event as JSON. */
struct event;
void request_put_event(struct buf *out, const struct event *e);
/* Appends the first address of a contact that can be reached (mail, webhook, web, phone) as an
 * object, or null. */
void request_put_reach(struct buf *out, struct desk *d, const char *contact);
/* Appends texts as a JSON list: those of lines ("a\nb"). */
void request_put_lines(struct buf *out, const char *lines);
