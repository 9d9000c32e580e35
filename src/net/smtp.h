/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smtp.h - hands one message to a mail server (RFC 5321), by libcurl.
 *
 * TLS is required (STARTTLS on smtp://, from the start on smtps://) with a certificate that
 * holds for the host, unless the setup says plain. Nothing is kept between two messages. One
 * try takes at most timeout_s. Only edges call this: it asks the resolver and opens a socket. */
#pragma once
#include "net/sent.h"

/* The answer of a try that found none. */
#define SMTP_NO_TLS N_("it offers no TLS, and nothing goes without")

struct smtp_setup {
	const char *url;	/* "smtp://mail.example.org:587" */
	const char *ca;		/* PEM file of authorities; NULL = the system's */
	const char *user, *password;	/* NULL = without */
	bool plain;		/* TLS is not required (and not used) */
	unsigned timeout_s;
};
struct smtp_mail {
	const char *from, *to;	/* envelope: addresses without angle brackets */
	const char *octets;	/* the message, lines end in CR LF */
	size_t n;
};
/* Tries once; what became of it is in *ret. */
void smtp_send(const struct smtp_setup *s, const struct smtp_mail *m, struct sent_report *ret);
