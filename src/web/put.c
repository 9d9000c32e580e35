/* SPDX-License-Identifier: GPL-3.0-or-later */
/* put.c - texts and records of ours in replies, in the reader's language; see put.h. */
#include "web/put.h"
#include "base/tongue.h"
#include "model/remark.h"
#include "model/utf8.h"
#include "respond/notice.h"
#include "respond/title.h"

void put_said(struct buf *out, const char *sentence)
{
	struct buf said = { 0 };

	say_anew(&said, tongue_now(), sentence);
	utf8_json(out, buf_str(&said));
	buf_free(&said);
}

void put_stored(struct buf *out, const char *sentences)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), sentences ? sentences : "");
	utf8_json(out, buf_str(&said));
	buf_free(&said);
}

static void put_word(struct buf *out, const char *name, const char *context, const char *word)
{
	buf_fmt(out, ",\"%s\":", name);
	utf8_json(out, context ? C_(context, word) : _(word));
}

/* How far it is: its state, or what it waits for. */
static void put_notice_words(struct buf *out, const struct notice *n)
{
	const char *words = notice_words(n);

	put_word(out, "words", words == notice_states[n->state] ? "notice" : NULL, words);
}

/* What a record says by a word of ours, beside the word itself: that is what requests name. */
static void put_named(struct buf *out, enum desk_table t, const void *record)
{
	if (t == DESK_member)
		put_word(out, "title", NULL,
			 title_of_rule(((const struct member *)record)->rule));
	if (t == DESK_deadline)
		put_word(out, "title", "clock", ((const struct deadline *)record)->name);
	if (t == DESK_notice)
		put_notice_words(out, record);
}

/* What a report says, below what the mail reader remarked on it. */
static void put_text(struct buf *out, const struct report *r)
{
	struct buf said = { 0 };

	remark_said(&said, tongue_now(), r->text ? r->text : "");
	utf8_json(out, buf_str(&said));
	buf_free(&said);
}

void put_noun(struct buf *out, enum desk_table t, const void *record)
{
	const struct field *fields = desk_nouns[t].fields;

	for (const struct field *f = fields; f->name; f++) {
		const char *words = NULL;

		buf_fmt(out, "%s\"%s\":", f == fields ? "" : ",", f->name);
		if (f->said)
			memcpy(&words, (const char *)record + f->at, sizeof words);
		if (f->said)
			put_stored(out, words);
		else if (t == DESK_report && f->at == offsetof(struct report, text))
			put_text(out, record);
		else
			field_json(out, f, record);
	}
	put_named(out, t, record);
}
