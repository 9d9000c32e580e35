/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.h - what the files of `vedette serve` share: where it listens, and with what
 * certificate. Each says what is wrong itself, as one sentence, and gives a status. */
#pragma once
#include "base/buf.h"

/* A socket that listens at "127.0.0.1:8053" or "[::1]:8053" (port 0: any free one, told in
 * *port). Without TLS on the loopback only. */
int serve_listen_at(const char *text, bool tls, int *ret, unsigned *port);

struct serve_pem { struct buf certificate, key; };
/* Reads both files anew: certificates (the server's first) and the secret key. They must fit
 * together; one that has expired, or will within SERVE_WARN_DAYS, is warned of. `now`: Unix
 * seconds. What *ret held before stays when it fails. */
#define SERVE_WARN_DAYS 14
int serve_pem_read(struct serve_pem *ret, const char *certificate, const char *key, u64 now);
void serve_pem_free(struct serve_pem *p);
