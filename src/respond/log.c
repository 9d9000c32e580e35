/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.c - is the log what was written? And the key that it is signed with; see desk.h.
 *
 *   hash(n) = H(event n, hash(n-1)): a changed event breaks its own hash, a dropped or
 *   reordered one the next one's prev. Cut off at the end leaves a good chain, so that is
 *   found by a hash noted before (`head`), or by signatures that others hold.
 *   Signatures are not in the hash. With a signer given, one event at least is to be signed
 *   and all behind it: so who changes something, and takes away every signature that says
 *   so, is found.
 *
 * The key file holds 64 hex digits (an Ed25519 seed) and a line end, and only its owner
 * may read it. */
#include "respond/own.h"
#include "model/digest.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

struct verifying {
	struct log_report *report;
	const char *head, *signer;
	bool seen_head, signing;	/* from the first signed event on */
	u64 next;
	char prev[65];
};

static int wrong(struct verifying *v, const struct event *e, const char *what)
{
	v->report->bad = e->number;
	snprintf(v->report->what, sizeof v->report->what, N_("event %llu (%.40s by "
		"%.40s): %s"),
		 (unsigned long long)e->number, e->kind, e->author, what);
	return OOPS_CHANGED;
}

static bool signature_good(const struct event *e)
{
	u8 signature[64], key[32], hash[32];

	return hex_parse(e->signature, sizeof signature, signature) == 0 &&
	       hex_parse(e->signer, sizeof key, key) == 0 &&
	       hex_parse(e->hash, sizeof hash, hash) == 0 &&
	       crypto_sign_verify_detached(signature, hash, sizeof hash, key) == 0;
}

static void note_signer(struct log_report *r, const char *signer)
{
	size_t n = strlen(r->signers);

	if (!strstr(r->signers, signer) && n + 66 < sizeof r->signers)
		snprintf(r->signers + n, sizeof r->signers - n, "%s%s", n ? " " : "", signer);
}

static int check_signature(struct verifying *v, const struct event *e)
{
	if (e->signature[0] == 0 && v->signing)
		return wrong(v, e, N_("it is not signed, though events before it are"));
	if (e->signature[0] == 0 && v->report->is_signed) {
		v->report->bare_first = v->report->bare++ ? v->report->bare_first : e->number;
		v->report->bare_last = e->number;
	}
	if (e->signature[0] == 0)
		return 0;
	if (!signature_good(e))
		return wrong(v, e, N_("its signature is not that of its signer"));
	if (v->signer && strcmp(v->signer, e->signer))
		return wrong(v, e, N_("it is signed with another key than the one "
			"given"));
	note_signer(v->report, e->signer);
	v->report->is_signed++;
	v->signing = v->signer != NULL;
	return 0;
}

static int check(void *to, const struct event *e)
{
	struct verifying *v = to;
	char hash[65];

	if (e->number != v->next)
		return wrong(v, e, N_("the events before it are missing"));
	if (strcmp(e->prev, v->prev))
		return wrong(v, e, N_("it does not follow the event before it"));
	event_hash(e, hash);
	if (strcmp(e->hash, hash))
		return wrong(v, e, N_("it was changed since it was written"));
	v->seen_head = v->seen_head || (v->head && strcmp(v->head, hash) == 0);
	memcpy(v->prev, hash, sizeof hash);
	memcpy(v->report->head, hash, sizeof hash);
	v->next++;
	v->report->events++;
	return check_signature(v, e);
}

int log_verify_from(log_each_fn *each, void *from, const struct log_wanted *wanted,
		    struct log_report *ret)
{
	const char *head = wanted->head;
	struct verifying v = { .report = ret, .head = head, .signer = wanted->signer,
		.next = 1 };
	int rc;

	*ret = (struct log_report){ 0 };
	if (sodium_init() < 0)
		return -EIO;
	memset(v.prev, '0', 64);
	rc = each(from, check, &v);
	if (rc == 0 && head && !v.seen_head) {
		snprintf(ret->what, sizeof ret->what, N_("no event has the hash that was "
			 "noted earlier: the log was cut off or replaced after %llu "
			 "events"),
			 (unsigned long long)ret->events);
		ret->bad = ret->events + 1;
		rc = OOPS_CHANGED;
	}
	if (rc == 0 && wanted->signer && ret->events && ret->is_signed == 0) {
		snprintf(ret->what, sizeof ret->what, N_("none of %llu events is signed, with "
			 "this key or another: the log was never signed, or replaced"),
			 (unsigned long long)ret->events);
		ret->bad = 1;
		rc = OOPS_CHANGED;
	}
	return rc;
}

static int each_stored(void *from, store_event_fn *take, void *to)
{
	return store_each_event(from, 0, 0, NULL, take, to);
}

int log_verify(struct store *s, const char *head, const char *signer, struct log_report *ret)
{
	return log_verify_from(each_stored, s, &(struct log_wanted){ head, signer }, ret);
}

int log_key(const char *path, char public_hex[65])
{
	u8 seed[32], public[32], secret[64];
	char text[66];
	int fd, rc = 0;

	if (sodium_init() < 0)
		return -EIO;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? OOPS_CHANGED : -errno;
	randombytes_buf(seed, sizeof seed);
	crypto_sign_seed_keypair(public, secret, seed);
	hex_text(seed, sizeof seed, text);
	text[64] = '\n';
	if (write(fd, text, 65) != 65 || fsync(fd))
		rc = errno ? -errno : -EIO;
	if (close(fd) && rc == 0)
		rc = -errno;
	if (rc)
		unlink(path);
	hex_text(public, sizeof public, public_hex);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(text, sizeof text);
	return rc;
}

/* The seed of an open key file: 0 or negative and the sentence. */
static int read_seed(struct desk *d, int fd, const char *path, u8 seed[32])
{
	char text[80] = "";
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || (n = read(fd, text, sizeof text - 1)) < 0)
		return desk_fault(d, -errno, "'%.200s' cannot be read: %s", path,
				  strerror(errno));
	if (st.st_mode & 077)
		return desk_fault(d, -EACCES, "'%.200s' may be read by others; chmod 600 it",
				  path);
	text[strcspn(text, "\n")] = 0;
	n = hex_parse(text, 32, seed);
	sodium_memzero(text, sizeof text);
	return n ? desk_fault(d, OOPS_FORMAT, "'%.200s' is no signing key; 'vedette log key' "
			      "makes one", path) : 0;
}

int log_key_read(struct desk *d, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	u8 seed[32], public[32];

	if (fd < 0)
		return desk_fault(d, -errno, "'%.200s' cannot be opened: %s", path,
				  strerror(errno));
	rc = read_seed(d, fd, path, seed);
	close(fd);
	if (rc)
		return rc;
	crypto_sign_seed_keypair(public, d->secret, seed);
	sodium_memzero(seed, sizeof seed);
	hex_text(public, sizeof public, d->signer);
	d->is_signing = true;
	return 0;
}

void log_sign(const struct desk *d, const char hash[65], char signature[129])
{
	u8 octets[32], made[64];

	must(hex_parse(hash, sizeof octets, octets) == 0);
	crypto_sign_detached(made, NULL, octets, sizeof octets, d->secret);
	hex_text(made, sizeof made, signature);
}

int desk_sign(const struct desk *d, const void *octets, size_t n, char signature[129])
{
	u8 made[64];

	if (!d->is_signing)
		return OOPS_UNKNOWN;
	crypto_sign_detached(made, NULL, octets, n, d->secret);
	hex_text(made, sizeof made, signature);
	return 0;
}

const char *desk_signer(const struct desk *d)
{
	return d->is_signing ? d->signer : "";
}
