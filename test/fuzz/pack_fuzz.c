/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack_fuzz.c - what comes from a stranger to be judged again: packs and their parts.
 *
 * The first octet says what the rest is:
 *
 *   0  a whole pack             twice the same answer, of safe text
 *   1  a finding as JSON        what is taken is written as it reads back
 *   2  a report as JSON         the same
 *   3  a packed message         what is taken is packed to the same octets
 *   4  a finding's summary      rule 1, subject 1, octets
 *   5  the same with messages   rule 1, subject 1, flags 1, summary 2 + octets, then
 *                               messages: time 1, transport 1, length 2 + octets
 *
 * The hashes of a pack would stop every blind change, so 5 makes a pack around the hostile
 * parts: when the rule speaks of the summary, the finding says what the rule says, and
 * such a pack must be readable. With bit 0 of the flags the sections of the summary are
 * given lengths that fit; bits 1.. choose an octet to change in the pack, which must be
 * noticed. */
#include "base/buf.h"
#include "base/rd.h"
#include "model/digest.h"
#include "model/report.h"
#include "run/judged.h"
#include "run/replay.h"
#include "share/pack.h"
#include <jansson.h>

#define MINUTE 60000000000ull
#define FROM (29881489 * MINUTE)
#define MESSAGES_MAX 24

static const struct { const char *kind, *name; } subjects[] = {
	{ "domain", "invented-games.com" },	{ "domain", "invented-relay.net" },
	{ "domain", "invented-antivirus.com" }, { "client", "192.0.2.31" },
	{ "victim", "203.0.113.7" },		{ "server", "198.51.100.12" },
	{ "domain", "example.com" },		{ "client", "2001:db8::1" },
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_object_seed(1);
	digest_prepare();
	return 0;
}

static enum replay_status judge(const struct buf *pack, struct buf *out)
{
	enum replay_status status = replay_judge((const u8 *)buf_str(pack), pack->len, out);

	for (size_t i = 0; i < out->len; i++)
		must(out->at[i] == '\n' || (u8)out->at[i] >= ' ');
	must(status <= REPLAY_UNREADABLE && out->len > 0);
	return status;
}

static enum replay_status judge_twice(const struct buf *pack)
{
	struct buf one = { 0 }, two = { 0 };
	enum replay_status status = judge(pack, &one);

	must(judge(pack, &two) == status && one.len == two.len);
	must(memcmp(one.at, two.at, one.len) == 0);
	buf_free(&one);
	buf_free(&two);
	return status;
}

static void whole_pack(const u8 *data, size_t n)
{
	struct buf pack = { 0 };

	buf_add(&pack, data, n);
	judge_twice(&pack);
	buf_free(&pack);
}

static void finding_text(const u8 *data, size_t n)
{
	static struct finding f, again;
	char why[FINDING_WHY] = "";
	struct buf one = { 0 }, two = { 0 };

	if (finding_parse(&f, (const char *)data, n, why) == 0) {
		finding_json(&one, &f);
		must(finding_parse(&again, buf_str(&one), one.len, why) == 0);
		finding_json(&two, &again);
		must(one.len == two.len && memcmp(one.at, two.at, one.len) == 0);
	}
	must(memchr(why, 0, sizeof why) != NULL);
	buf_free(&one);
	buf_free(&two);
}

static void report_text(const u8 *data, size_t n)
{
	struct report_box box = { 0 }, again = { 0 };
	struct buf one = { 0 }, two = { 0 };

	if (report_parse(&box, (const char *)data, n) == 0) {
		report_json(&one, &box.report);
		must(report_parse(&again, buf_str(&one), one.len) == 0);
		report_json(&two, &again.report);
		must(one.len == two.len && memcmp(one.at, two.at, one.len) == 0);
	}
	report_free(&box);
	report_free(&again);
	buf_free(&one);
	buf_free(&two);
}

static void packed_message(const u8 *data, size_t n)
{
	struct evidence e, same;
	struct buf out = { 0 };

	if (evidence_unpack(&e, data, n) == 0) {
		same = e;
		evidence_identify(&same);
		must(memcmp(same.id, e.id, sizeof e.id) == 0);
		evidence_pack(&out, &e);
		must(out.len == n && memcmp(out.at, data, n) == 0);
	}
	buf_free(&out);
}

/* --- a finding around a summary --------------------------------------------------- */

static void begin(struct finding *f, u8 rule, u8 subject)
{
	unsigned count = 0, n = COUNT(subjects);
	const struct detector *d;
	const struct catalogue_row *row;

	while (detectors[count])
		count++;
	d = detectors[rule % count];
	row = d->rows;
	for (unsigned skip = rule / count; skip && row[1].id; skip--)
		row++;
	memset(f, 0, sizeof *f);
	snprintf(f->rule, sizeof f->rule, "%s", row->id);
	f->rule_version = d->version;
	snprintf(f->subject_kind, sizeof f->subject_kind, "%s", subjects[subject % n].kind);
	snprintf(f->subject, sizeof f->subject, "%s", subjects[subject % n].name);
	f->from = FROM;
	f->until = FROM + MINUTE;
	snprintf(f->label, sizeof f->label, "TLP:AMBER");
}

/* The head as it is, then sections whose lengths fit: type 1, length 2 in the input. */
static void mend_summary(struct buf *out, struct rd *in)
{
	static const char types[] = "ODCSPR";
	const u8 *head = rd_take(in, 73);

	buf_text(out, "VJ2");
	if (head == NULL)
		return;
	buf_byte(out, head[0] & 1);
	buf_add(out, head + 1, 72);
	while (rd_left(in) > 3) {
		u8 type = rd_u8(in);
		u16 n = (u16)min_u64(rd_u16(in), rd_left(in));

		buf_byte(out, (u8)types[type % 6]);
		buf_u32(out, n);
		buf_add(out, rd_take(in, n), n);
	}
}

static void take_summary(struct finding *f, struct rd *in, bool mend)
{
	struct buf out = { 0 };

	if (mend)
		mend_summary(&out, in);
	else
		buf_add(&out, in->p, rd_left(in));
	f->summary.len = (u32)min_u64(out.len, FINDING_SUMMARY_MAX);
	memcpy(f->summary.bytes, buf_str(&out), f->summary.len);
	buf_free(&out);
}

/* What the rule says of the summary becomes the finding: true when it speaks. */
static bool let_speak(struct finding *f)
{
	static struct finding again;
	struct judged j;
	char why[OPT_WHY] = "";
	bool spoke = false;

	if (judged_open(&j, f, why) == 0) {
		const struct keytab *t = &j.w->table[SUMMARY_DOMAIN];

		f->key = t->count ? *(const u64 *)keytab_at(t, 0) : 0;
		spoke = judged_again(&j, j.w, f, &again) && again.from <= again.until;
		if (spoke) {
			again.summary = f->summary;
			*f = again;
			must(!judged_differs(f, &again, why) && !judged_misquotes(f, &again, why));
		}
	} else {
		must(why[0] != 0);
	}
	judged_close(&j);
	return spoke;
}

static void summary(const u8 *data, size_t n)
{
	static struct finding f;
	struct rd in = rd_of(data, n);
	u8 rule = rd_u8(&in), subject = rd_u8(&in);

	if (in.bad)
		return;
	begin(&f, rule, subject);
	take_summary(&f, &in, false);
	let_speak(&f);
}

/* --- and messages ----------------------------------------------------------------- */

struct items {
	struct evidence e[MESSAGES_MAX];
	const struct evidence *at[MESSAGES_MAX];
	u32 count;
};

static void take_messages(struct finding *f, struct items *items, struct rd *in)
{
	static const u8 client[16] = { [10] = 0xff, 0xff, 192, 0, 2, 31 };
	static const u8 server[16] = { [10] = 0xff, 0xff, 198, 51, 100, 12 };

	items->count = 0;
	while (rd_left(in) > 4 && items->count < MESSAGES_MAX) {
		struct evidence *e = &items->e[items->count];
		u8 time = rd_u8(in), how = rd_u8(in);
		u16 n = (u16)min_u64(rd_u16(in), rd_left(in));

		*e = (struct evidence){ .time_ns = f->from + time * MINUTE / 250,
			.sport = how & 2 ? 53 : 4000, .dport = how & 2 ? 4000 : 53,
			.transport = how & 1, .flags = how >> 2, .full_len = n, .len = n,
			.octets = rd_take(in, n) };
		memcpy(e->src, how & 2 ? server : client, 16);
		memcpy(e->dst, how & 2 ? client : server, 16);
		evidence_identify(e);
		memcpy(f->evidence[items->count], e->id, 32);
		items->at[items->count++] = e;
	}
	f->evidence_count = items->count;
	f->evidence_kept = items->count;
}

static void pack_parts(const u8 *data, size_t n)
{
	static struct finding f;
	static struct items items;
	struct rd in = rd_of(data, n), part;
	u8 rule = rd_u8(&in), subject = rd_u8(&in), flags = rd_u8(&in);
	size_t length = min_u64(rd_u16(&in), rd_left(&in));
	struct buf pack = { 0 };
	bool spoke;

	if (in.bad)
		return;
	begin(&f, rule, subject);
	part = rd_of(rd_take(&in, length), length);
	take_summary(&f, &part, flags & 1);
	spoke = let_speak(&f);
	take_messages(&f, &items, &in);
	finding_identify(&f);
	must(pack_write(&pack, &f, items.at, items.count) == 0);
	if (judge_twice(&pack) == REPLAY_UNREADABLE)
		must(!spoke);
	pack.at[pack.len * (flags >> 1) / 128] ^= 0x11;
	must(judge_twice(&pack) == REPLAY_UNREADABLE);
	buf_free(&pack);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	static void (*const kinds[])(const u8 *data, size_t n) = {
		whole_pack, finding_text, report_text, packed_message, summary, pack_parts,
	};

	if (n > 0)
		kinds[data[0] % COUNT(kinds)](data + 1, n - 1);
	return 0;
}
