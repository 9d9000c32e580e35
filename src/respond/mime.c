/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mime.c - see mime.h. */
#include "respond/mime.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "model/digest.h"

#define FOLD 72u	/* columns after which a header goes on in the next line */

static const char base64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void four(struct buf *out, const u8 *at, size_t n)
{
	u32 v = (u32)at[0] << 16 | (n > 1 ? (u32)at[1] << 8 : 0) | (n > 2 ? at[2] : 0);

	buf_byte(out, (u8)base64[v >> 18]);
	buf_byte(out, (u8)base64[v >> 12 & 63]);
	buf_byte(out, n > 1 ? (u8)base64[v >> 6 & 63] : '=');
	buf_byte(out, n > 2 ? (u8)base64[v & 63] : '=');
}

void mime_base64(struct buf *out, const void *octets, size_t n)
{
	const u8 *at = octets;

	for (size_t i = 0; i < n; i += 3) {
		four(out, at + i, n - i < 3 ? n - i : 3);
		if (i % 57 == 54 || i + 3 >= n)
			buf_text(out, "\r\n");
	}
}

char *mime_sha256(const void *octets, size_t n, char to[65])
{
	struct digest d;
	u8 raw[DIGEST_OCTETS];

	digest_init(&d);
	digest_add(&d, octets, n);
	digest_end(&d, raw);
	return hex_text(raw, sizeof raw, to);
}

/* ---- headers ---- */

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((u8)*text >= 0x80)
			return false;
	return true;
}

/* Printable: UTF-8 without a control. */
static bool value_good(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((u8)*p < ' ' || *p == 0x7f)
			return false;
	return plain_is_utf8(text, strlen(text));
}

/* local@domain of printable ASCII without what quotes or separates. */
static bool address_good(const char *text)
{
	const char *at = text ? strchr(text, '@') : NULL;

	if (at == NULL || at == text || at[1] == 0 || strchr(at + 1, '@') || strlen(text) > 254)
		return false;
	for (const char *p = text; *p; p++)
		if ((u8)*p <= ' ' || (u8)*p >= 0x7f || strchr("<>()[]\\,;:\"", *p))
			return false;
	return true;
}

/* As encoded words (RFC 2047), each of whole characters, one a line. */
static void encoded(struct buf *out, const char *text)
{
	size_t n = strlen(text), at = 0;

	while (at < n) {
		size_t take = 0, step;
		u32 c;

		while (at + take < n && (step = plain_utf8(text + at + take, n - at - take, &c)) &&
		       take + step <= 42)
			take += step;
		buf_text(out, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		for (size_t i = 0; i < take; i += 3)
			four(out, (const u8 *)text + at + i, take - i < 3 ? take - i : 3);
		buf_text(out, "?=");
		at += take;
	}
}

/* Folded at blanks. */
static void folded(struct buf *out, const char *text, size_t column)
{
	while (*text) {
		size_t n = strcspn(text, " "), blanks = strspn(text + n, " ");

		if (column + n > FOLD && out->len && out->at[out->len - 1] == ' ') {
			out->len--;
			buf_text(out, "\r\n ");
			column = 1;
		}
		buf_add(out, text, n + blanks);
		column += n + blanks;
		text += n + blanks;
	}
}

static void header(struct buf *out, const char *name, const char *text)
{
	buf_fmt(out, "%s: ", name);
	if (is_ascii(text) && strstr(text, "=?") == NULL)
		folded(out, text, strlen(name) + 2);
	else
		encoded(out, text);
	buf_text(out, "\r\n");
}

static void mailbox(struct buf *out, const char *name, const char *who, const char *address)
{
	buf_fmt(out, "%s: ", name);
	if (who && *who) {
		bool plain = is_ascii(who) && !strpbrk(who, "\"\\") && !strstr(who, "=?") &&
			     strlen(who) < 60;

		if (plain)
			buf_fmt(out, "\"%s\"", who);
		else
			encoded(out, who);
		buf_text(out, plain ? " " : "\r\n ");
	}
	buf_fmt(out, "<%s>\r\n", address);
}

/* "Sun, 22 Nov 2026 03:15:07 +0000" */
static void date(struct buf *out, u64 at)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char t[STAMP_TEXT_MAX];
	unsigned month;

	stamp_text(at, 0, t);
	month = (unsigned)(t[5] - '0') * 10 + (unsigned)(t[6] - '0');
	buf_fmt(out, "Date: %s, %.2s %.3s %.4s %.8s +0000\r\n",
		days[at / STAMP_NS / 86400 % 7], t + 8, months + 3 * (month - 1), t, t + 11);
}

/* ---- bodies ---- */

/* Quoted-printable (RFC 2045, 6.7). */
static void quoted(struct buf *out, const char *text)
{
	size_t column = 0;

	for (const char *p = text; *p; p++) {
		u8 c = (u8)*p;
		bool last = p[1] == 0 || p[1] == '\n';
		bool plain = (c > ' ' && c < 0x7f && c != '=') || (c == ' ' && !last);

		if (c == '\n') {
			buf_text(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > 75) {
			buf_text(out, "=\r\n");
			column = 0;
		}
		if (plain)
			buf_byte(out, c);
		else
			buf_fmt(out, "=%02X", c);
		column += plain ? 1 : 3;
	}
	if (column)
		buf_text(out, "\r\n");
}

static bool part_good(const struct mime_part *p)
{
	const char *name = p->name, *media = p->media;

	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789._-")] == 0 && name[0] && strlen(name) < 60 &&
	       is_ascii(media) && value_good(media) && strchr(media, '/') && strlen(media) < 80;
}

static bool mail_good(const struct mime_mail *m)
{
	if (!address_good(m->from) || !address_good(m->to) || !address_good(m->id) ||
	    (m->in_reply_to && !address_good(m->in_reply_to)))
		return false;
	for (size_t i = 0; i < m->part_count; i++)
		if (!part_good(&m->parts[i]))
			return false;
	return value_good(m->title) && value_good(m->from_name ? m->from_name : "") &&
	       value_good(m->to_name ? m->to_name : "") &&
	       value_good(m->label ? m->label : "") && plain_is_utf8(m->body, strlen(m->body));
}

/* Out of the id, so that it is in no text that was written before the id was. */
static void boundary(const struct mime_mail *m, char to[65])
{
	struct digest d;
	u8 raw[DIGEST_OCTETS];

	digest_init(&d);
	digest_text(&d, "VB1");
	digest_text(&d, m->id);
	digest_text(&d, m->body);
	digest_end(&d, raw);
	hex_text(raw, 16, to);
}

static void parts(struct buf *out, const struct mime_mail *m)
{
	char mark[65];

	boundary(m, mark);
	buf_fmt(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n", mark, mark);
	quoted(out, m->body);
	for (size_t i = 0; i < m->part_count; i++) {
		const struct mime_part *p = &m->parts[i];

		buf_fmt(out, "--%s\r\nContent-Type: %s\r\n"
			"Content-Disposition: attachment; filename=\"%s\"\r\n"
			"Content-Transfer-Encoding: base64\r\n\r\n", mark, p->media, p->name);
		mime_base64(out, p->octets, p->n);
	}
	buf_fmt(out, "--%s--\r\n", mark);
}

int mime_write(struct buf *out, const struct mime_mail *m)
{
	if (!mail_good(m))
		return OOPS_FORMAT;
	mailbox(out, "From", m->from_name, m->from);
	mailbox(out, "To", m->to_name, m->to);
	header(out, "Subject", m->title);
	date(out, m->at);
	buf_fmt(out, "Message-ID: <%s>\r\n", m->id);
	if (m->in_reply_to)
		buf_fmt(out, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m->in_reply_to,
			m->in_reply_to);
	buf_text(out, "Auto-Submitted: auto-generated\r\n");
	if (m->label && m->label[0])
		header(out, "X-Label", m->label);
	buf_text(out, "MIME-Version: 1.0\r\n");
	parts(out, m);
	return buf_error(out);
}
