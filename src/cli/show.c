/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.c - `vedette show`: one finding with everything that it rests on. The kept
 * messages are decoded by a job behind walls (run/decode.h), never here. */
#include "base/buf.h"
#include "base/prose.h"
#include "cli/cli.h"
#include "cli/look.h"
#include "cli/say.h"
#include "cli/term.h"
#include "model/utf8.h"
#include "respond/catalogue.h"
#include "run/decode.h"
#include "share/share.h"

struct conf { bool json, hex, messages; };

#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print the finding as one JSON object, without the messages") },
	{ .name = "hex", .letter = 'x', .type = OPT_FLAG, .at = AT(hex), .cli_only = true,
	  .help = N_("print the octets of the messages, too") },
	{ .name = "messages", .type = OPT_FLAG, .at = AT(messages), .def = "true",
	  .cli_only = true, .help = N_("print the messages that show it") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct stored_conf stored;
static struct look_conf as;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 3);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[2] = (struct opt_group){ "", N_("Output"), rows, &conf };
	return 3;
}

static int print(struct buf *text, int rc)
{
	int status = STATUS_TROUBLE;

	if (rc)
		say_error("%s", oops_text(rc));
	else
		status = say_print(text);
	buf_free(text);
	return status;
}

static int print_json(const struct finding *f)
{
	struct buf out = { 0 };

	finding_json(&out, f);
	buf_byte(&out, '\n');
	return print(&out, 0);
}

/* "Run 1, 2026-01-31 10:00:00 UTC, Vedette 0.1.0: observe a.pcap" */
static int put_run(void *to, const struct store_run *run)
{
	const struct prose p = { .at = 2, .indent = 4, .width = term_width() };
	struct buf line = { 0 }, *out = to;
	char at[SHARE_TIME_MAX];

	buf_fmt(&line, _("Run %llu, %.19s UTC, Vedette "),
		(unsigned long long)run->number,
		share_time(run->started, at));
	utf8_show(&line, run->version, 0);
	buf_text(&line, run->ended ? ": " : _(" (did not come to its end): "));
	utf8_show(&line, run->arguments, 0);
	buf_text(out, "  ");
	prose_wrap(out, buf_str(&line), p);
	buf_byte(out, '\n');
	buf_free(&line);
	return 0;
}

static int print_story(struct gate *s, const struct finding *f)
{
	const struct share_style style = { .width = (unsigned)term_width(),
		.color = term_color(), .catalogue = catalogue_all(NULL) };
	struct buf out = { 0 };
	int rc = share_story(&out, f, &style);

	if (rc == 0 && gate_each_run(s, &(struct store_filter){ .id = f->id }, put_run,
				      &out)) {
		say_error("%s", gate_error(s));
		buf_free(&out);
		return STATUS_TROUBLE;
	}
	return print(&out, rc);
}

/* The kept messages on their way to the decoder. */
struct messages {
	struct decode decode;
	u32 missing;
};

static int take_message(void *to, const u8 hash[32], const u8 *packed, size_t n)
{
	struct messages *m = to;

	(void)hash;
	if (packed == NULL) {
		m->missing++;
		return 0;
	}
	return decode_add(&m->decode, packed, n);
}

static int put_text(void *to, const char *text, size_t n)
{
	(void)to;
	errno = 0;
	if (fwrite(text, 1, n, stdout) == n)
		return 0;
	return errno ? -errno : -EIO;
}

static int print_messages(struct gate *s, const struct finding *f)
{
	struct messages m = { 0 };
	int rc = decode_open(&m.decode);

	if (rc == 0)
		rc = gate_evidence(s, f, take_message, &m);
	if (rc == OOPS_CHANGED || rc == OOPS_FORMAT) {
		say_error("%s", gate_error(s));
		decode_close(&m.decode);
		return STATUS_INPUT;
	}
	if (rc == 0 && m.decode.count)
		rc = put_text(NULL, "\n", 1);
	if (rc == 0)
		rc = decode_text(&m.decode, conf.hex, put_text, NULL);
	if (m.missing)
		say_error("%u of the %u messages are not in this store", m.missing,
			  f->evidence_count);
	if (rc)
		say_error("the messages cannot be shown: %s", oops_text(rc));
	decode_close(&m.decode);
	return rc ? STATUS_TROUBLE : STATUS_FINE;
}

static int show(struct gate *s, const char *id, struct finding *f)
{
	int status, rc = gate_finding(s, id, f);

	if (rc) {
		say_error("%s", gate_error(s));
		return rc == OOPS_UNKNOWN || rc == OOPS_LIMIT ||
		       rc == -EPERM ? STATUS_USAGE : STATUS_INPUT;
	}
	if (conf.json)
		return print_json(f);
	status = print_story(s, f);
	return status == STATUS_FINE && conf.messages ? print_messages(s, f) : status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct finding *f = malloc(sizeof *f);
	struct look s = { 0 };
	int status;

	(void)argc;
	(void)o;
	if (f == NULL) {
		say_error("%s", oops_text(-ENOMEM));
		return STATUS_TROUBLE;
	}
	status = look_open(&s, &stored, &as);
	if (status == STATUS_FINE)
		status = show(s.gate, argv[0], f);
	look_close(&s);
	free(f);
	return status;
}

const struct command command_show = {
	.name = "show",
	.args = "ID",
	.least = 1,
	.most = 1,
	.summary = N_("show one finding and the messages that prove it"),
	.story =
		N_("Prints one finding of a store: what was seen, each measured value "
		"beside the rule's threshold, who takes part, what was lost, the runs "
		"that made it, and the kept DNS messages as text. ID is the finding's id "
		"or its first digits, four at least, as long as no other begins so.\n\n"
		"  vedette show 9d0ff2b214d5 --db vedette.db\n\n"
		"The messages are hostile bytes still: they are decoded in a process "
		"that can open no file and no socket."),
	.start = "vedette show 9d0ff2b214d5 --db vedette.db",
	.groups = groups,
	.run = run,
};
