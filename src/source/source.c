/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c - the list of inputs, and what is the same for all of them.
 *
 *   descriptor -> a row knows the first octets? -- yes: its frames
 *                       ^  no: perhaps compressed?        no: one clear sentence
 *                       |__________| yes: decompress (stream.c)
 *
 * Trouble is told once each and at most SOURCE_TROUBLES_MAX times; what comes
 * after that is counted and told at the end. */
#include "source/inside.h"
#include <ctype.h>
#include <stdarg.h>
#include <unistd.h>

const struct source_kind *const source_kinds[] = {
	&source_pcap,
	&source_pcapng,
	NULL
};

static void say(struct source *s, int code, u64 offset, const char *format, va_list args)
{
	struct source_error *e = &s->error;

	*e = (struct source_error){ .code = code, .offset = offset, .frame = s->number };
	vsnprintf(e->text, sizeof e->text, format, args);
}

int source_fail(struct source *s, int code, u64 offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(s, code, offset, format, args);
	va_end(args);
	s->over = true;
	return code;
}

int source_hitch(struct source *s, int code, u64 offset, const char *format, ...)
{
	va_list args;

	if (s->troubles >= SOURCE_TROUBLES_MAX) {
		s->untold++;
		return 0;
	}
	s->troubles++;
	va_start(args, format);
	say(s, code, offset, format, args);
	va_end(args);
	s->error.goes_on = true;
	return code;
}

const char *source_read_text(const struct source *s, char to[SOURCE_READ_TEXT])
{
	if (s->number == 0)
		return N_("no frame was read");
	if (s->number == 1)
		return N_("the one frame before it was read");
	snprintf(to, SOURCE_READ_TEXT, N_("the %llu frames before it were read"),
		 (unsigned long long)s->number);
	return to;
}

int source_cut(struct source *s, u64 offset)
{
	struct input *in = &s->in;
	char text[SOURCE_READ_TEXT];

	if (in->error)
		return source_fail(s, in->error, offset, "reading stopped (%s): %s",
				   in->why, source_read_text(s, text));
	return source_fail(s, OOPS_SHORT, offset, "the file ends in the middle of frame "
			   "%llu (offset %llu): %s", (unsigned long long)s->number + 1,
			   (unsigned long long)offset, source_read_text(s, text));
}

static const struct source_kind *kind_of(const u8 *first, size_t n)
{
	for (unsigned i = 0; source_kinds[i]; i++)
		if (source_kinds[i]->probe(first, n))
			return source_kinds[i];
	return NULL;
}

static bool is_text(const u8 *first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (first[i] < 0x80 && !isprint(first[i]) && !isspace(first[i]))
			return false;
	return true;
}

/* One clear sentence for octets that no row knows. */
static int stranger(struct source *s)
{
	const struct input *in = &s->in;
	const u8 *first = input_at(in);
	size_t n = min_u64(input_left(in), SOURCE_PROBE);

	if (in->error)
		return source_fail(s, in->error, 0, "it cannot be read: %s", in->why);
	if (n == 0)
		return source_fail(s, OOPS_FORMAT, 0, "it is empty: there is nothing to read");
	if (is_text(first, n))
		return source_fail(s, OOPS_FORMAT, 0, "it is text, not a capture: "
				   "pcap and pcapng files can be read");
	return source_fail(s, OOPS_FORMAT, 0, "it is no capture that is understood "
			   "(it begins with %02x %02x %02x %02x): pcap and pcapng files "
			   "can be read", first[0], n > 1 ? first[1] : 0,
			   n > 2 ? first[2] : 0, n > 3 ? first[3] : 0);
}

static const struct source_kind *recognise(struct input *in)
{
	input_fill(in, SOURCE_PROBE);
	return kind_of(input_at(in), min_u64(input_left(in), SOURCE_PROBE));
}

static int begin(struct source *s)
{
	struct input *in = &s->in;
	int rc;

	s->kind = recognise(in);
	if (s->kind == NULL && in->have && !in->error) {
		rc = stream_open(in);
		if (rc < 0)
			return source_fail(s, rc, 0, "there is no memory to read it");
		s->kind = recognise(in);
	}
	return s->kind ? s->kind->open(s) : stranger(s);
}

int source_open(struct source **ret, int fd, u16 file, struct source_error *error)
{
	struct source *s = calloc(1, sizeof *s);
	int rc;

	if (s == NULL) {
		close(fd);
		*error = (struct source_error){ .code = -ENOMEM };
		snprintf(error->text, sizeof error->text, N_("there is no memory to read "
			"it"));
		return -ENOMEM;
	}
	s->file = file;
	rc = input_open(&s->in, fd);
	if (rc == 0)
		rc = begin(s);
	else
		source_fail(s, rc, 0, rc == -EISDIR ? N_("it is a directory, not a capture")
			    : N_("there is no memory to read it"));
	if (rc < 0) {
		*error = s->error;
		source_close(s);
		return rc;
	}
	*ret = s;
	return 0;
}

int source_open_again(struct source **ret, const struct source *first)
{
	struct source *s;
	int rc = -ESPIPE;

	if (!first->in.apart || first->in.stream)
		return rc;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return -ENOMEM;
	s->file = first->file;
	rc = input_open(&s->in, first->in.fd);
	s->in.lent = true;
	if (rc == 0)
		rc = begin(s);
	if (rc == 0 && s->in.stream)
		rc = -ESPIPE;	/* it was none before */
	if (rc < 0) {
		source_close(s);
		return rc;
	}
	source_limit(s, first->in.limit);
	*ret = s;
	return 0;
}

struct source *source_close(struct source *s)
{
	if (s == NULL)
		return NULL;
	if (s->kind)
		s->kind->close(s);
	input_close(&s->in);
	free(s);
	return NULL;
}

static int end(struct source *s)
{
	u64 untold = s->untold;

	if (untold == 0)
		return 0;
	s->untold = 0;
	return source_fail(s, OOPS_FORMAT, input_position(&s->in), "%llu more broken places "
			   "were passed over", (unsigned long long)untold);
}

int source_read(struct source *s, struct frame *out, unsigned max)
{
	int rc;

	if (s->over)
		return end(s);
	rc = s->kind->read(s, out, max);
	return rc || !s->over ? rc : end(s);
}

const struct source_error *source_trouble(const struct source *s)
{
	return &s->error;
}

void source_limit(struct source *s, u64 octets)
{
	struct input *in = &s->in;

	in->limit = octets;
	if (octets && in->stream == NULL && in->offset + in->have > octets)
		in->have = in->at + (size_t)(octets - min_u64(octets, input_position(in)));
}

int source_rewind(struct source *s)
{
	int rc = input_rewind(&s->in);

	if (rc < 0)
		return rc;
	if (s->kind)
		s->kind->close(s);
	s->kind = NULL;
	s->number = s->untold = 0;
	s->troubles = 0;
	s->over = false;
	rc = begin(s);
	s->over |= rc < 0;
	return rc;
}

const struct source_kind *source_kind_of(const struct source *s)
{
	return s->kind;
}

void source_progress(const struct source *s, u64 *done, u64 *all)
{
	*done = s->in.raw;
	*all = s->in.size;
}
