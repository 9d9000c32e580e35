/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve_listen.c - the listening socket of `vedette serve`, and its certificate; see
 * serve.h. The files are the administrator's own: they are read in the parent, by
 * libcrypto, and go to the web process as text. */
#include "base/octets.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/serve.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_MAX (1u << 20)
#define WAITING 1024	/* connections that nobody has accepted yet */

/* ---- where ---- */

/* "127.0.0.1:8053", "[::1]:8053" */
static int address_of(const char *text, struct sockaddr_storage *ret, socklen_t *len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	const char *colon = strrchr(text, ':');
	char host[64], *end;
	unsigned long port;

	if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof host)
		return OOPS_FORMAT;
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	port = strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end || port > 65535)
		return OOPS_FORMAT;
	memset(ret, 0, sizeof *ret);
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = 0;
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((u16)port);
		*len = sizeof *v6;
		return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1 ? 0 : OOPS_FORMAT;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((u16)port);
	*len = sizeof *v4;
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1 ? 0 : OOPS_FORMAT;
}

static bool is_loopback(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

bool serve_is_loopback(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;

	return getsockname(fd, (struct sockaddr *)&a, &len) == 0 && is_loopback(&a);
}

static void say_why(const char *text, int error)
{
	switch (error) {
	case EADDRINUSE:
		say_error("another program listens at %s already; if it is Vedette, open "
			  "that address, else choose another port: --serve-listen "
			  "127.0.0.1:8054", text);
		break;
	case EACCES:
	case EPERM:
		say_error("%s: this user may not listen there (ports below 1024 are for "
			  "root); choose another port: --serve-listen 127.0.0.1:8053", text);
		break;
	case EADDRNOTAVAIL:
		say_error("%s: this machine has no such address", text);
		break;
	default:
		say_error("%s: %s", text, oops_text(-error));
	}
}

static int open_socket(const struct sockaddr_storage *a, socklen_t len)
{
	int one = 1, error, fd = socket(a->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
					0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
	    bind(fd, (const struct sockaddr *)a, len) == 0 && listen(fd, WAITING) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	return -error;
}

int serve_listen_at(const char *text, bool tls, int *ret, unsigned *port)
{
	struct sockaddr_storage a;
	socklen_t len;
	int fd;

	if (address_of(text, &a, &len)) {
		say_error("--serve-listen: '%s' is not ADDRESS:PORT; write "
			  "127.0.0.1:8053 or [::1]:8053", text);
		return STATUS_USAGE;
	}
	if (!tls && !is_loopback(&a)) {
		say_error("%s is not a loopback address: others could read passwords on "
			  "the way; give --serve-certificate and --serve-certificate-key", text);
		return STATUS_USAGE;
	}
	if ((fd = open_socket(&a, len)) < 0) {
		say_why(text, -fd);
		return STATUS_TROUBLE;
	}
	len = sizeof a;
	must(getsockname(fd, (struct sockaddr *)&a, &len) == 0);
	*port = ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)&a)->sin_port
			: ((struct sockaddr_in6 *)&a)->sin6_port);
	*ret = fd;
	return STATUS_FINE;
}

/* ---- certificates ---- */

static int read_file(const char *path, struct buf *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = octets_read(to, fd, PEM_MAX);
	if (fd >= 0)
		close(fd);
	if (rc)
		say_error("%s: %s", path, oops_text(rc));
	return rc ? STATUS_INPUT : STATUS_FINE;
}

/* Whole days from `now` until then; below 0: so many ago. */
static int days_until(const ASN1_TIME *then, u64 now)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)now);
	int days = 0, seconds = 0;

	if (t == NULL || !ASN1_TIME_diff(&days, &seconds, t, then))
		days = 0;
	ASN1_TIME_free(t);
	return seconds < 0 ? days - 1 : days;
}

static void warn_of(const X509 *c, const char *path, u64 now)
{
	int left = days_until(X509_get0_notAfter(c), now);

	if (days_until(X509_get0_notBefore(c), now) > 0)
		say_error("warning: the certificate in %s is not valid yet; browsers will "
			  "refuse it", path);
	else if (left < 0)
		say_error(n_("warning: the certificate in %s expired %d day ago; browsers will "
			     "refuse it", "warning: the certificate in %s expired %d days ago; "
			     "browsers will refuse it", (u64)-left), path, -left);
	else if (left < SERVE_WARN_DAYS)
		say_error(n_("warning: the certificate in %s expires in %d day",
			     "warning: the certificate in %s expires in %d days", (u64)left),
			  path, left);
}

/* Secrets are for their owner, and a group at most. */
static void warn_of_readers(const char *path)
{
	struct stat is;

	if (stat(path, &is) == 0 && is.st_mode & S_IROTH)
		say_error("warning: the secret key in %s can be read by everybody on this "
			  "machine; chmod 640 or 600 mends it", path);
}

static int no_password(char *to, int size, int writing, void *arg)
{
	(void)to;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static int check_pair(const struct serve_pem *p, const char *const paths[2], u64 now)
{
	BIO *in[2] = { BIO_new_mem_buf(buf_str(&p->certificate), (int)p->certificate.len),
		       BIO_new_mem_buf(buf_str(&p->key), (int)p->key.len) };
	X509 *c = in[0] ? PEM_read_bio_X509(in[0], NULL, no_password, NULL) : NULL;
	EVP_PKEY *key = in[1] ? PEM_read_bio_PrivateKey(in[1], NULL, no_password, NULL) : NULL;
	int status = STATUS_INPUT;

	if (c == NULL)
		say_error("%s holds no certificate in PEM form (-----BEGIN "
			  "CERTIFICATE-----)", paths[0]);
	else if (key == NULL)
		say_error("%s holds no secret key in PEM form without a password "
			  "(-----BEGIN PRIVATE KEY-----)", paths[1]);
	else if (X509_check_private_key(c, key) != 1)
		say_error("the key in %s is not that of the first certificate in %s",
			  paths[1], paths[0]);
	else
		status = STATUS_FINE;
	if (status == STATUS_FINE)
		warn_of(c, paths[0], now);
	if (status == STATUS_FINE)
		warn_of_readers(paths[1]);
	X509_free(c);
	EVP_PKEY_free(key);
	BIO_free(in[0]);
	BIO_free(in[1]);
	return status;
}

int serve_pem_read(struct serve_pem *ret, const char *certificate, const char *key, u64 now)
{
	const char *const paths[] = { certificate, key };
	struct serve_pem is = { 0 };
	int status = read_file(certificate, &is.certificate);

	if (status == STATUS_FINE)
		status = read_file(key, &is.key);
	if (status == STATUS_FINE)
		status = check_pair(&is, paths, now);
	if (status == STATUS_FINE) {
		serve_pem_free(ret);
		*ret = is;
	} else {
		serve_pem_free(&is);
	}
	return status;
}

void serve_pem_free(struct serve_pem *p)
{
	if (p->key.at)
		explicit_bzero(p->key.at, p->key.cap);
	buf_free(&p->certificate);
	buf_free(&p->key);
}
