/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.c - see queue.h. */
#include "cli/queue.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "net/smtp.h"
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

/* A small file that only its owner may read, without its last line end. */
static int secret(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = octets_read(out, fd, 4096);
	if (fd >= 0)
		close(fd);
	if (rc)
		say_error("'%s' cannot be read: %s", path, oops_text(rc));
	while (rc == 0 && out->len && strchr("\r\n", out->at[out->len - 1]))
		out->at[--out->len] = 0;
	return rc;
}

static int sign(void *own, const void *octets, size_t n, char to[200])
{
	struct queue *q = own;

	if (q->secret.len) {
		hook_hmac(q->secret.at, q->secret.len, octets, n, to);
		return 0;
	}
	snprintf(to, 200, "ed25519=");
	return desk_sign(q->desk, octets, n, to + 8);
}

int queue_open(struct queue *ret, struct desk *d)
{
	const unsigned seconds = (unsigned)(notify_mail.timeout_ns / STAMP_NS);
	int rc = 0;

	*ret = (struct queue){ .desk = d, .setup = { .from = notify_mail.from,
		.most = notify_conf.most ? notify_conf.most : 1000,
		.smtp = { notify_mail.server, notify_mail.ca, NULL, NULL, notify_mail.plain,
			  seconds },
		.hook = { notify_hook.ca, notify_hook.private_too, seconds, NULL, ret } } };
	if (notify_mail.auth)
		rc = secret(notify_mail.auth, &ret->auth);
	if (rc == 0 && notify_hook.secret)
		rc = secret(notify_hook.secret, &ret->secret);
	if (rc == 0 && ret->auth.len && strchr(ret->auth.at, ':')) {
		ret->setup.smtp.user = ret->auth.at;
		ret->setup.smtp.password = strchr(ret->auth.at, ':') + 1;
		*strchr(ret->auth.at, ':') = 0;
	}
	if (ret->secret.len || desk_signer(d)[0])
		ret->setup.hook.sign = sign;
	return rc ? STATUS_USAGE : STATUS_FINE;
}

void queue_free(struct queue *q)
{
	if (q->auth.len)
		sodium_memzero(q->auth.at, q->auth.len);
	if (q->secret.len)
		sodium_memzero(q->secret.at, q->secret.len);
	buf_free(&q->auth);
	buf_free(&q->secret);
}

/* ---- by hand ---- */

static void told(void *to, const struct notice *n, const struct sent_report *r)
{
	static const char *const words[] = {
		[SENT_TAKEN] = N_("was sent"), [SENT_LATER] = N_("not sent, tried again later"),
		[SENT_NEVER] = N_("refused for good"),
		[SENT_UNSURE] = N_("may have been sent"),
	};
	struct buf answer = { 0 }, said = { 0 };

	(void)to;
	say_anew(&said, tongue_now(), r->answer);
	utf8_show(&answer, buf_str(&said), 0);
	say_line(_("Notice %llu to %s: %s (%s)\n"), (unsigned long long)n->number, n->value,
		 _(words[r->outcome]), buf_str(&answer));
	if (strcmp(r->answer, SMTP_NO_TLS) == 0)
		say_line(_("  --mail-plain sends without, to a server on this machine; 'vedette "
			   "notices again %llu' has it tried at once\n"),
			 (unsigned long long)n->number);
	fflush(stdout);
	buf_free(&said);
	buf_free(&answer);
}

static int summary(const struct post_report *r)
{
	if (r->sent + r->later + r->failed + r->unsure + r->waiting == 0)
		say_line("%s", _("Nothing was sent: no notice is approved and due. 'vedette "
				 "notices list' tells what waits for a word.\n"));
	if (r->waiting)
		say_error(n_("%llu notice waits: there is no --mail-server and --mail-from, or "
			     "for webhooks no --key and no --hook-secret",
			     "%llu notices wait: there is no --mail-server and --mail-from, or "
			     "for webhooks no --key and no --hook-secret", r->waiting),
			  (unsigned long long)r->waiting);
	if (r->unsure)
		say_error("%llu may have been sent: ask the other side, then 'vedette notices "
			  "again' or 'cancel'", (unsigned long long)r->unsure);
	return r->later || r->failed || r->unsure || r->waiting ? STATUS_INPUT : STATUS_FINE;
}

int queue_send(struct sitting *s, u64 only)
{
	struct post_report report = { 0 };
	struct queue q;
	int rc, status = queue_open(&q, s->desk);

	if (status == STATUS_FINE) {
		q.setup.only = only;
		rc = post_run(s->desk, &q.setup, told, NULL, &report);
		status = rc ? sitting_fault(s, rc) : summary(&report);
	}
	queue_free(&q);
	return status;
}
