/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail.c - reports that come by mail: one message, or a folder of them in one file
 * (mbox). GMime takes MIME apart; it is read only, we send mail elsewhere.
 *
 *   multipart/report; report-type=feedback-report    ARF (RFC 5965): its fields name
 *     message/feedback-report                        what is reported; auth-failure
 *                                                    (RFC 6591), not-spam and opt-out are
 *                                                    notes
 *   application/json, or a part named xarf.json      XARF: read as such
 *   text, HTML, attached messages                    names, addresses and URLs in them
 *
 * A bounce of a letter of ours, or an answer to one, is said first, as a note
 * (exchange_mail_return.h).
 *
 * An item's source is the From (and a Reply-To elsewhere), its created the Date, its first
 * reference the Message-ID as a mid: URL (RFC 2392): the same message twice is the same.
 * Its text says why the thing is thought to be reported (model/remark.h), and the sentence it
 * stood in. A message that names nothing becomes a note: a person has to read it. A TLP label
 * that somebody wrote into the subject or the text is taken. */
#include "share/exchange_mail_return.h"
#include "share/rest.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "model/remark.h"
#include "model/utf8.h"
#include <gmime/gmime.h>
#include <strings.h>

#define DEPTH_MAX 12u		/* of parts in parts, and of messages in messages */
#define PARTS_MAX 400u		/* of one message */
#define MESSAGES_MAX 200000u	/* of one mbox */
#define SNIPPET 1000u		/* octets of a message that become a note's text */

/* ---- one message ---- */

struct mail {
	const struct exchange_read *r;
	struct mail_return back;	/* as an answer to a letter of ours */
	struct mail_finds finds;
	struct buf source, title, reference, body, tags, type;
	char own[8][SUBJECT_HOST_MAX];
	unsigned own_count, parts;
	size_t text;		/* octets of text looked at */
	u64 date;
	struct marking marking;
	char evidence[DIGEST_TEXT];
	u8 abuse;
	bool report, said;	/* a feedback-report; items of XARF were said */
	bool labelled;		/* somebody wrote the label */
	int rc;
	char where[60];
};

static void add_own(struct mail *m, const char *address)
{
	char *to;

	if (m->own_count + 1 >= COUNT(m->own))
		return;
	to = m->own[m->own_count];
	subject_host(address, to);
	if (to[0])
		m->finds.own[m->own_count++] = to;
}

/* Text of strangers as UTF-8 without controls, on one line. */
static void put_line(struct buf *out, const char *text)
{
	char *copy = strdup(text ? text : "");

	if (copy == NULL) {
		out->error = -ENOMEM;
		return;
	}
	utf8_mend(copy);
	for (char *p = copy; *p; p++)
		buf_byte(out, (u8)*p < 0x20 || *p == 0x7f ? ' ' : (u8)*p);
	free(copy);
}

static void take_addresses(struct mail *m, InternetAddressList *list, bool source)
{
	int n = list ? internet_address_list_length(list) : 0;

	for (int i = 0; i < n && i < 4; i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);
		const char *name = internet_address_get_name(one), *at;

		if (!INTERNET_ADDRESS_IS_MAILBOX(one))
			continue;
		at = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
		if (at == NULL)
			continue;
		add_own(m, at);
		if (!source)
			continue;
		if (m->source.len && strstr(buf_str(&m->source), at))
			continue;
		if (m->source.len)
			buf_text(&m->source, ", reply to ");
		if (name && name[0]) {
			put_line(&m->source, name);
			buf_text(&m->source, " ");
		}
		buf_byte(&m->source, '<');
		put_line(&m->source, at);
		buf_byte(&m->source, '>');
	}
}

/* The strictest TLP label that the text names, or one before it. */
static void take_label(struct mail *m, const char *text)
{
	int best = m->labelled ? m->marking.tlp : -1;

	for (const char *p = text; (p = strcasestr(p, "TLP:")); p += 4) {
		char word[24];
		size_t n = strspn(p + 4, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+");
		int label;

		snprintf(word, sizeof word, "%.*s", (int)min_u64(n, 20), p + 4);
		label = label_parse(word);
		best = label > best ? label : best;
	}
	if (best >= 0)
		m->marking.tlp = (u8)best;
	m->labelled |= best >= 0;
}

static void take_text(struct mail *m, const char *text, enum mail_place place)
{
	char *copy;

	if (text == NULL || m->text > MAIL_TEXT_MAX)
		return;
	m->text += strlen(text);
	if ((copy = strdup(text)) == NULL) {
		m->rc = -ENOMEM;
		return;
	}
	utf8_mend(copy);
	mail_find(&m->finds, copy, place);
	mail_return_text(&m->back, copy);
	if (place == MAIL_BODY && m->body.len < SNIPPET) {
		size_t n = min_u64(strlen(copy), SNIPPET - m->body.len);

		while (n && ((u8)copy[n] & 0xc0) == 0x80)
			n--;
		buf_add(&m->body, copy, n);
		take_label(m, copy);
	}
	if (m->abuse == ABUSE_NONE && place == MAIL_BODY)
		m->abuse = mail_abuse(copy);
	free(copy);
}

/* Content of a part, its transfer encoding taken off; free with g_object_unref. */
static GMimeStream *content_of(GMimePart *part)
{
	GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
	GMimeStream *to;

	if (wrapper == NULL)
		return NULL;
	to = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_write_to_stream(wrapper, to) < 0) {
		g_object_unref(to);
		return NULL;
	}
	g_mime_stream_write(to, "", 1);	/* a C string */
	return to;
}

/* ---- feedback reports ---- */

static bool field_is(const char *line, const char *name, const char **value)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) || line[n] != ':')
		return false;
	*value = line + n + 1 + strspn(line + n + 1, " \t");
	return true;
}

static void take_type(struct mail *m, const char *value)
{
	static const struct { const char *type; u8 abuse; } types[] = {
		{ "abuse", ABUSE_SPAM }, { "fraud", ABUSE_PHISHING },
		{ "virus", ABUSE_MALWARE },
	};
	struct buf tag = { 0 };

	buf_clear(&m->type);
	buf_add(&m->type, value, strcspn(value, " \t\r\n;"));
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcasecmp(buf_str(&m->type), types[i].type) == 0)
			m->abuse = types[i].abuse;
	buf_fmt(&tag, "feedback-type:%.40s", buf_str(&m->type));
	utf8_mend(tag.at ? tag.at : (char[1]){ 0 });
	rest_line(&m->tags, buf_str(&tag));
	buf_free(&tag);
}

/* RFC 5965, 3.2 and RFC 6591, 3; and the fields of old X-ARF reports. */
static void take_field(struct mail *m, const char *line)
{
	static const struct { const char *name; u8 sure; } fields[] = {
		{ "Reported-URI", 80 }, { "Reported-URL", 80 }, { "Reported-Domain", 75 },
		{ "Source-IP", 70 }, { "Source", 70 }, { "DKIM-Domain", 50 },
	};
	const char *value;

	if (field_is(line, "Feedback-Type", &value)) {
		m->report = true;
		take_type(m, value);
	} else if (field_is(line, "Category", &value) && m->abuse == ABUSE_NONE) {
		m->abuse = mail_abuse(value);
	} else if (field_is(line, "Arrival-Date", &value) && mail_date(value)) {
		m->date = m->date ? m->date : mail_date(value);
	}
	for (size_t i = 0; i < COUNT(fields); i++)
		if (field_is(line, fields[i].name, &value))
			mail_find_one(&m->finds, value + (*value == '<'), fields[i].sure,
				      remarks[REMARK_FIELD]);
}

static void take_fields(struct mail *m, char *text)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save))
		take_field(m, line);
}

/* ---- parts ---- */

static void walk_octets(struct mail *m, const u8 *octets, size_t n, unsigned depth);

/* A report of XARF inside: read as one, with this message as a reference. */
struct inner { struct mail *m; };

static int take_inner(void *to, const struct item *i)
{
	struct mail *m = ((struct inner *)to)->m;
	struct item one = *i;

	one.references = one.references && one.references[0] ? one.references
		: buf_str(&m->reference);
	m->said = true;
	return m->r->item(m->r->to, &one);
}

static void tell_inner(void *to, const char *where, const char *why)
{
	const struct mail *m = ((struct inner *)to)->m;
	char text[200];

	snprintf(text, sizeof text, "attached, %.60s: %.120s", where, why);
	m->r->trouble(m->r->to, m->where, text);
}

static void take_xarf(struct mail *m, const u8 *octets, size_t n)
{
	const struct exchange *xarf = exchange_find("xarf");
	struct inner in = { m };
	const struct exchange_read r = { .octets = octets, .n = n, .name = m->r->name,
		.item = take_inner, .trouble = tell_inner, .to = &in };
	char why[EXCHANGE_WHY] = "";
	int rc;

	if (xarf == NULL || !xarf->knows(octets, n))
		return;
	rc = xarf->read(&r, why);
	if (rc < 0 && rc != OOPS_FORMAT)
		m->rc = rc;
	if (rc == OOPS_FORMAT)
		tell_inner(&in, "XARF", why);
}

static void take_part(struct mail *m, GMimePart *part, enum mail_place place, unsigned depth)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *main = g_mime_content_type_get_media_type(type);
	const char *sub = g_mime_content_type_get_media_subtype(type);
	GMimeStream *content = NULL;
	GByteArray *octets;
	char *text = NULL;

	main = main ? main : "text";
	sub = sub ? sub : "plain";
	if (strcasecmp(main, "text") && strcasecmp(main, "message") &&
	    strcasecmp(sub, "json") && strcasecmp(sub, "xarf+json"))
		return;
	if ((content = content_of(part)) == NULL)
		return;
	octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(content));
	if (strcasecmp(sub, "delivery-status") == 0 ||
	    strcasecmp(sub, "global-delivery-status") == 0) {
		mail_return_status(&m->back, (char *)octets->data);
	} else if (strcasecmp(sub, "feedback-report") == 0) {
		take_fields(m, (char *)octets->data);
	} else if (strcasestr(sub, "json")) {
		take_xarf(m, octets->data, octets->len - 1);
	} else if (strcasecmp(sub, "rfc822-headers") == 0) {
		mail_return_text(&m->back, (char *)octets->data);
		m->report = m->report || place == MAIL_ATTACHED;
	} else if (strcasecmp(main, "message") == 0) {
		walk_octets(m, octets->data, octets->len - 1, depth + 1);
	} else if (octets->len <= MAIL_TEXT_MAX && GMIME_IS_TEXT_PART(part)) {
		text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
		if (text && strcasecmp(sub, "html") == 0) {
			struct buf plain = { .limit = MAIL_TEXT_MAX };

			mail_html_text(&plain, text);
			take_text(m, buf_str(&plain), place);
			buf_free(&plain);
		} else if (text && strcasestr(text, "Reported-From:") &&
			   strcasestr(text, "Report-Type:")) {
			take_fields(m, text);	/* X-ARF 0.1, 0.2 */
		} else {
			take_text(m, text, place);
		}
	}
	g_free(text);
	g_object_unref(content);
}

static void walk(struct mail *m, GMimeObject *part, enum mail_place place, unsigned depth)
{
	GMimeMessage *inner;

	if (part == NULL || m->rc || depth > DEPTH_MAX || ++m->parts > PARTS_MAX)
		return;
	if (GMIME_IS_MULTIPART(part)) {
		int n = g_mime_multipart_get_count(GMIME_MULTIPART(part));

		for (int i = 0; i < n; i++)
			walk(m, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), place,
			     depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
		if (inner) {
			mail_return_attached(&m->back, inner);
			walk(m, g_mime_message_get_mime_part(inner), MAIL_ATTACHED, depth + 1);
		}
	} else if (GMIME_IS_PART(part)) {
		take_part(m, GMIME_PART(part), place, depth);
	}
}

static GMimeParser *parser_of(const u8 *octets, size_t n, GMimeFormat format)
{
	GMimeStream *stream;
	GMimeParser *parser;
	char *copy = malloc(n + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, octets, n);
	mail_mask_charsets(copy, n);
	stream = g_mime_stream_mem_new_with_buffer(copy, n);
	free(copy);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, format);
	g_object_unref(stream);
	return parser;
}

/* A message that stands in a part as octets, base64 for instance. */
static void walk_octets(struct mail *m, const u8 *octets, size_t n, unsigned depth)
{
	GMimeParser *parser = depth > DEPTH_MAX ? NULL
		: parser_of(octets, n, GMIME_FORMAT_MESSAGE);
	GMimeMessage *inner = parser ? g_mime_parser_construct_message(parser, NULL) : NULL;

	if (inner) {
		walk(m, g_mime_message_get_mime_part(inner), MAIL_ATTACHED, depth + 1);
		g_object_unref(inner);
	}
	if (parser)
		g_object_unref(parser);
}

/* ---- items ---- */

/* What kind of word it is: a report, or a note that nobody has to act on. */
static u8 kind_of(const struct mail *m)
{
	const char *type = buf_str(&m->type);

	return strcasecmp(type, "auth-failure") == 0 || strcasecmp(type, "not-spam") == 0 ||
	       strncasecmp(type, "opt-out", 7) == 0 ? ITEM_NOTE : ITEM_REPORT;
}

static struct item item_of(const struct mail *m)
{
	return (struct item){ .kind = kind_of(m), .abuse = m->abuse,
		.title = m->title.len ? buf_str(&m->title) : N_("a report by mail"),
		.severity = kind_of(m) == ITEM_NOTE ? SEVERITY_INFO : SEVERITY_MEDIUM,
		.created = m->date, .modified = m->date, .source = buf_str(&m->source),
		.references = buf_str(&m->reference), .tags = buf_str(&m->tags),
		.evidence = m->evidence, .tlp = m->marking.tlp, .pap = m->marking.pap };
}

static int say_found(const struct mail *m, const struct mail_found *f)
{
	struct item i = item_of(m);
	struct buf text = { 0 };
	char id[65];
	int rc;

	i.subject = f->subject;
	i.subject_kind = f->kind;
	i.confidence = f->confidence;
	buf_fmt(&text, "%s\n", f->reason);
	put_line(&text, f->passage);
	i.text = buf_str(&text);
	item_identify(&i, id);
	rc = buf_error(&text) ? buf_error(&text) : m->r->item(m->r->to, &i);
	buf_free(&text);
	return rc;
}

/* What may be an answer to a letter of ours comes before the rest of its message. */
static int say_return(struct mail *m)
{
	struct item i = item_of(m);
	struct buf tags = { 0 }, subject = { 0 }, said = { 0 };
	char id[65];
	int rc;

	if (mail_return_kind(&m->back) == NULL)
		return 0;
	buf_text(&tags, buf_str(&m->tags));
	mail_return_tags(&m->back, &tags);
	if (m->labelled)
		buf_fmt(&tags, "\nanswers-label:%s", label_text(m->marking.tlp));
	utf8_mend(m->back.recipient);
	subject_clean(&subject, m->back.recipient, strlen(m->back.recipient));
	put_line(&said, m->back.said);
	i.kind = ITEM_NOTE;
	i.tags = buf_str(&tags);
	i.subject = buf_str(&subject);
	i.subject_kind = (u8)subject_kind_of(i.subject);
	i.text = buf_str(&said);
	item_identify(&i, id);
	rc = buf_error(&tags) | buf_error(&said) ? -ENOMEM : m->r->item(m->r->to, &i);
	buf_free(&tags);
	buf_free(&subject);
	buf_free(&said);
	return rc;
}

static int say_all(struct mail *m)
{
	struct item i = item_of(m);
	char id[65];

	m->rc = say_return(m);
	for (size_t k = 0; k < m->finds.count && m->rc == 0; k++)
		m->rc = say_found(m, &m->finds.at[k]);
	if (m->finds.crowded)
		m->r->trouble(m->r->to, m->where, N_("it names more than is looked at"));
	if (m->rc || m->finds.count || m->said)
		return m->rc;
	i.kind = ITEM_NOTE;
	i.text = buf_str(&m->body);
	i.subject = "";
	item_identify(&i, id);
	return m->r->item(m->r->to, &i);
}

static void take_head(struct mail *m, GMimeMessage *message)
{
	const char *id = g_mime_message_get_message_id(message);
	const char *date = g_mime_object_get_header(GMIME_OBJECT(message), "Date");

	take_addresses(m, g_mime_message_get_from(message), true);
	take_addresses(m, g_mime_message_get_reply_to(message), true);
	take_addresses(m, g_mime_message_get_to(message), false);
	put_line(&m->title, g_mime_message_get_subject(message));
	if (m->title.len > 300) {
		m->title.len = 300;
		m->title.at[300] = 0;
		utf8_mend(m->title.at);
	}
	take_label(m, buf_str(&m->title));
	m->abuse = mail_abuse(buf_str(&m->title));
	m->date = date ? mail_date(date) : 0;
	if (id && id[0] && strlen(id) < 900) {
		buf_text(&m->reference, "mid:");
		put_line(&m->reference, id);
	}
	rest_line(&m->tags, "mail");
	mail_return_head(&m->back, message);
}

static int read_message(const struct exchange_read *r, GMimeMessage *message, u64 number,
			const char *evidence)
{
	struct marking unmarked = rest_unmarked(NULL);
	struct mail m = { .r = r, .marking = unmarked };

	snprintf(m.where, sizeof m.where, "message %llu", (unsigned long long)number);
	snprintf(m.evidence, sizeof m.evidence, "%s", evidence);
	take_head(&m, message);
	walk(&m, g_mime_message_get_mime_part(message), MAIL_BODY, 0);
	if (m.parts > PARTS_MAX)
		r->trouble(r->to, m.where, N_("it has more parts than are looked at"));
	mail_find(&m.finds, buf_str(&m.title), MAIL_BODY);
	m.rc = m.rc ? m.rc : say_all(&m);
	mail_finds_free(&m.finds);
	buf_free(&m.source);
	buf_free(&m.title);
	buf_free(&m.reference);
	buf_free(&m.body);
	buf_free(&m.tags);
	buf_free(&m.type);
	return m.rc;
}

/* The digest of the octets [from, to) of the file. */
static void digest_of(const struct exchange_read *r, i64 from, i64 to, char hex[DIGEST_TEXT])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS];
	u64 end = to > from ? min_u64((u64)to, r->n) : r->n;
	u64 begin = from > 0 ? min_u64((u64)from, end) : 0;

	digest_init(&d);
	digest_add(&d, r->octets + begin, end - begin);
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, hex);
}

static int mail_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	bool many = r->n > 5 && memcmp(r->octets, "From ", 5) == 0;
	GMimeParser *parser;
	char hex[DIGEST_TEXT];
	u64 number = 0;
	int rc = 0;

	mail_prepare();
	parser = parser_of(r->octets, r->n, many ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
	if (parser == NULL)
		return -ENOMEM;
	while (rc == 0 && number < MESSAGES_MAX && (number == 0 || many) &&
	       !g_mime_parser_eos(parser)) {
		i64 from = g_mime_parser_tell(parser);
		GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

		if (message == NULL)
			break;
		digest_of(r, many ? from : 0, many ? g_mime_parser_tell(parser) : (i64)r->n,
			  hex);
		rc = read_message(r, message, ++number, hex);
		g_object_unref(message);
	}
	g_object_unref(parser);
	if (rc == 0 && number == 0) {
		snprintf(why, EXCHANGE_WHY, N_("there is no message in it"));
		rc = OOPS_FORMAT;
	}
	return rc;
}

/* An mbox, or fields that only mail begins with, before the first empty line. */
static bool mail_knows(const u8 *octets, size_t n)
{
	static const char *const fields[] = { "from", "to", "subject", "date", "received",
		"return-path", "message-id", "mime-version", "delivered-to", "content-type",
		"dkim-signature", "reply-to", "x-original-to" };
	const char *p = (const char *)octets, *end = p + min_u64(n, 32768), *stop;
	unsigned known = 0;

	if (n > 5 && memcmp(p, "From ", 5) == 0)
		return true;
	for (; p < end; p = stop + 1) {
		const char *colon;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		if (stop == p || *p == '\r')
			break;
		if (*p == ' ' || *p == '\t')
			continue;
		colon = memchr(p, ':', (size_t)(stop - p));
		if (colon == NULL || memchr(p, ' ', (size_t)(colon - p)))
			return false;
		for (size_t i = 0; i < COUNT(fields); i++)
			known += strlen(fields[i]) == (size_t)(colon - p) &&
				 strncasecmp(fields[i], p, strlen(fields[i])) == 0;
	}
	return known >= 2;
}

const struct exchange exchange_mail = {
	.id = "mail",
	.title = N_("reports by mail"),
	.extension = ".eml",
	.media = "message/rfc822",
	.story = N_("A message or an mbox: feedback reports (ARF), attached XARF, and "
		 "what people write, with forwarded messages and defanged names. Each "
		 "thing that is named becomes a report with how likely it is meant, and "
		 "why. Read only."),
	.carries = "",
	.cap = { LABEL_CLEAR, PAP_CLEAR },
	.prepare = mail_prepare,
	.knows = mail_knows,
	.read = mail_read,
};
