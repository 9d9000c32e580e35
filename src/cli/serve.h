/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.h - what the files of `vedette serve` share: options, where it listens, with what
 * certificate, that it is the only one, and its processes. Each says what is wrong itself, as
 * one sentence, and gives a status. */
#pragma once
#include "base/buf.h"
#include "base/opt.h"

struct serve_conf {
	const char *listen, *certificate, *tls_key, *key, *producer, *proxy;
	u64 upload_size, upload_quota, jobs, jobs_each, job_memory, job_time, each;
};

/* A socket that listens at "127.0.0.1:8053" or "[::1]:8053" (port 0: any free one, told in
 * *port). Without TLS on the loopback only. */
int serve_listen_at(const char *text, bool tls, int *ret, unsigned *port);

/* Does the socket listen on a loopback address? */
bool serve_is_loopback(int fd);

struct serve_pem { struct buf certificate, key; };
/* Reads both files anew: certificates (the server's first) and the secret key. They must fit
 * together; one that has expired, or will within SERVE_WARN_DAYS, is warned of. `now`: Unix
 * seconds. What *ret held before stays when it fails. */
#define SERVE_WARN_DAYS 14
int serve_pem_read(struct serve_pem *ret, const char *certificate, const char *key, u64 now);
void serve_pem_free(struct serve_pem *p);	/* and wipes the key */

/* Nobody else serves the store at `db`: STATUS_FINE, and *ret is to be closed when no store is
 * open any more (-1: there is no such file). Else it was said who does. */
int serve_claim(const char *db, int *ret);

struct desk;
/* Opens the desk of the store at `db` for the server, which signs the log with `key` (or NULL). */
int serve_desk(struct desk **ret, const char *db, const char *key);
u64 serve_clock(void);	/* ns */

struct house_open;
struct web_proxies;
struct serve_setup {
	const struct web_proxies *proxies;
	const struct house_open *house;
	const struct serve_conf *conf;
	const struct opts *opts;
	const char *db, *config, *key;	/* from the root; the last two may be NULL */
	int listening;
};
/* From now on signals are taken, before anybody is told that there is a server. */
void serve_signals(void);
/* Serves until SIGINT or SIGTERM; SIGHUP takes new certificates. */
int serve_run(const struct serve_setup *s);
