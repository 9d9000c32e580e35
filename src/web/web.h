/* SPDX-License-Identifier: GPL-3.0-or-later */
/* web.h - the web process: HTTP API and page, behind walls.
 *
 *   browser, scripts --HTTP(S)--> web process --looks at--> store (reading connections,
 *                                   |   ^                    opened before the walls)
 *                              asks |   | replies (frames, link/codec.h)
 *                                   v   |
 *                                 the writer (the parent: one desk, respond/op.h)
 *
 * The web process never writes. A change is a question to the writer: the operation's name,
 * its arguments and the session or token of who asks; the writer finds out itself whose
 * that is. So a web process that was taken over can do what the people can do that are
 * signed in through it at that time, no more, and all of it is in the log.
 *
 * Threads: WEB_THREADS of libmicrohttpd, and a few for what takes long (aside.c), each with a
 * store connection of its own. Limits below; a request past one gets a clear error (RFC 9457)
 * and is counted. */
#pragma once
#include "base/tongue.h"

struct catalogue_row;
struct clocks;

#define WEB_THREADS 4u		/* that look; what may wait is done aside */
#define WEB_CONNECTIONS 900u		/* at a time, live listeners included */
#define WEB_BODY_MAX (1u << 20)		/* octets of a request's body, uploads apart */
#define WEB_OPEN_BODY_MAX (8u << 10)	/* the same from who is not signed in */
#define WEB_IDLE_S 30u			/* a connection that sends or takes nothing */
#define WEB_HEAD_S 20u			/* a whole head; WEB_IDLE_S more behind an answer */
#define WEB_BODY_S 30u			/* a whole body, and a millisecond for each octet */
#define WEB_DRAIN_S 15u
#define WEB_PAGE_MAX 500u		/* records in one answer */
#define WEB_PAGE 100u			/* when it is not said */

/* Reverse proxies whose word is taken for who asks (proxy.c). */
#define WEB_PROXIES_MAX 32u
#define WEB_FROM 46u			/* an address as text, with NUL */
struct web_proxy { u8 ip[16]; unsigned bits; };	/* IPv4 mapped */
struct web_proxies { struct web_proxy list[WEB_PROXIES_MAX]; unsigned count; };
/* "127.0.0.1, 192.0.2.0/24": 0 or OOPS_FORMAT. */
int web_proxies_read(struct web_proxies *ret, const char *text);
/* Who asks, when a connection comes from `from` and has these lines of X-Forwarded-For. */
void web_proxies_walk(const struct web_proxies *p, const char *const *lines, unsigned count,
		      char from[WEB_FROM]);

struct board;
struct web_setup {
	const char *db;
	int listening;			/* socket, bound and listening */
	const char *certificate, *key;	/* PEM text; NULL = plain HTTP (loopback only) */
	const char *version;
	unsigned each;			/* connections of one address; 0 = any number */
	struct web_proxies proxies;
	const char *producer;		/* who speaks over TAXII: an organisation; NULL */
	u64 (*now)(void);		/* ns */
	const struct catalogue_row *const *catalogue;	/* all of it, NULL-terminated */
	/* For the settings page, made before the walls: JSON by tongue_index(), and the sets of
	 * clocks. */
	const char *options[TONGUES_MAX], *playbooks[TONGUES_MAX];
	const struct clocks *clocks;
	const struct board *board;	/* how far jobs are; NULL: there are none */
};

struct web;
/* Before the walls: opens the store's connections. 0, or negative and why[]. */
#define WEB_WHY 300
int web_open(struct web **ret, const struct web_setup *setup, char why[WEB_WHY]);
/* Serves; `writer` is the socket to the parent, `leash` a pipe from it. Returns when the socket
 * is closed, or the pipe and what was being answered then has its answer (WEB_DRAIN_S at
 * most): so another web process can take over. 0 or -errno. */
int web_serve(struct web *w, int writer, int leash);
struct web *web_close(struct web *w);
