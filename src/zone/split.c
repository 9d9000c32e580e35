/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split.c - see split.h.
 *
 *   buffer of a file:   | at ... complete lines ... | cut ... the rest ... | len
 *                         \________ block ________/ */
#include "zone/split.h"
#include "zone/directive.h"
#include "zone/unpack.h"
#include <unistd.h>

#define GENERATE_STEP 1024u	/* records of one block */
#define PEEK 4096u		/* octets that show what a file is */

struct text_file {
	struct unpack in;
	bool owned;		/* the descriptor is ours */
	bool begun, open_end, skipping;
	u16 number;
	struct text_state state;	/* at `at` */
	char *buf;
	u32 at, len, cap;
	bool odd, dollar;	/* there may be a parenthesis or quote, a dollar sign */
	u32 peek_at, peek_len;
	char peek[PEEK];
};

struct splitter {
	struct split_conf conf;
	struct text_file files[ZONE_INCLUDE_DEEP + 1], *top;	/* NULL: all are read */
	u32 tried;		/* files, also those that could not be had */
	u64 octets;		/* read of files that are closed */
	u64 unpacked;		/* octets that may still be unpacked */
	u64 generated;
	struct generate generate;	/* what is left of it when generating */
	bool generating;
	u32 generate_lines;
	char *flat;
	size_t flat_cap;
};

/* ---- files ---- */

static int file_begin(struct splitter *sp, struct text_file *f, int fd, bool owned)
{
	int rc;

	*f = (struct text_file){ .owned = owned, .number = (u16)sp->conf.result->files };
	rc = unpack_begin(&f->in, fd, sp->conf.read->unpacked ? &sp->unpacked : NULL);
	if (rc < 0)
		return rc;
	f->peek_len = (u32)unpack_fill(&f->in, f->peek, PEEK);
	if (f->peek_len >= 3 && memcmp(f->peek, "\xef\xbb\xbf", 3) == 0)
		f->peek_at = 3;		/* a byte order mark */
	return 0;
}

static void file_end(struct splitter *sp, struct text_file *f)
{
	sp->octets += f->in.raw;
	unpack_end(&f->in);
	if (f->owned)
		close(f->in.fd);
	free(f->buf);
	f->buf = NULL;
}

static void file_named(struct splitter *sp, const char *name)
{
	struct zone_read_result *r = sp->conf.result;

	snprintf(r->names[r->files], sizeof r->names[0], "%s", name);
	r->files++;
}

int splitter_make(struct splitter **ret, const struct split_conf *conf, int fd)
{
	struct splitter *sp = calloc(1, sizeof *sp);
	const u8 *origin = conf->read->origin;
	int rc;

	if (sp == NULL)
		return -ENOMEM;
	sp->conf = *conf;
	sp->top = sp->files;
	sp->tried = 1;
	sp->unpacked = conf->read->unpacked;
	if ((rc = file_begin(sp, sp->top, fd, false)) < 0)
		return splitter_free(sp), rc;
	if (origin) {
		u8 *len = &sp->top->state.origin_len;

		while (origin[*len])
			*len = (u8)(*len + 1u + origin[*len]);
		memcpy(sp->top->state.origin, origin, ++*len);
	}
	file_named(sp, conf->read->name);
	*ret = sp;
	return 0;
}

struct splitter *splitter_free(struct splitter *sp)
{
	if (sp == NULL)
		return NULL;
	for (; sp->top; sp->top = sp->top > sp->files ? sp->top - 1 : NULL)
		file_end(sp, sp->top);
	free(sp->flat);
	free(sp);
	return NULL;
}

u64 split_size(const struct splitter *sp)
{
	return sp->files[0].in.size;
}

/* ---- blocks that hold no text to scan ---- */

static void block_begin(struct splitter *sp, struct block *b, enum block_kind kind)
{
	struct text_file *f = sp->top;

	b->kind = kind;
	b->file = f->number;
	b->level = (u8)(f - sp->files);
	b->begins = !f->begun;
	b->open_end = false;
	b->octets = sp->octets;
	for (struct text_file *each = sp->files; each <= f; each++)
		b->octets += each->in.raw;
	b->state = f->state;
	b->lines = 0;
	b->len = 0;
	b->pack_len = 0;
	b->owner_is = b->ttl_is = CARRY_OLD;
	b->error = 0;
	f->begun = true;
}

static u32 newlines(const char *p, const char *end)
{
	u32 n = 0;

	for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* Leaves out the text up to `to`, with a trouble at its first line. */
static int say(struct splitter *sp, struct block *b, enum zone_trouble_kind kind, u32 to,
	       const char *text)
{
	struct text_file *f = sp->top;

	block_begin(sp, b, BLOCK_READY);
	block_trouble(b, kind, 0, text);
	b->lines = to > f->at ? newlines(f->buf + f->at, f->buf + to) : 0;
	f->at = to;
	return b->error ? b->error : 1;
}

/* ---- filling ---- */

/* What there is in the text: no need to look at single lines when there is nothing. */
static void look(struct text_file *f, const char *p, u32 n)
{
	u8 odd = 0, dollar = 0;

	for (u32 i = 0; i < n; i++) {
		odd |= (u8)((p[i] == '(') | (p[i] == ')') | (p[i] == '"'));
		dollar |= (u8)(p[i] == '$');
	}
	f->odd |= odd;
	f->dollar |= dollar;
}

static int make_room(struct text_file *f, u32 n)
{
	u32 left = f->len - f->at;
	char *at;

	if (f->at)
		memmove(f->buf, f->buf + f->at, left);
	f->at = 0;
	f->len = left;
	if (f->cap >= left + n + 2)
		return 0;
	if ((at = realloc(f->buf, left + n + 2)) == NULL)
		return -ENOMEM;
	f->buf = at;
	f->cap = left + n + 2;
	return 0;
}

/* Octets of the file, first those that were looked at before. */
static u32 take(struct text_file *f, char *to, u32 max)
{
	u32 n = (u32)min_u64(f->peek_len - f->peek_at, max);

	memcpy(to, f->peek + f->peek_at, n);
	f->peek_at += n;
	return n + (u32)unpack_fill(&f->in, to + n, max - n);
}

static bool is_read(const struct text_file *f)
{
	return f->in.ended && f->peek_at == f->peek_len;
}

static int fill(struct splitter *sp)
{
	struct text_file *f = sp->top;

	if (make_room(f, sp->conf.block) < 0)
		return -ENOMEM;
	f->len += take(f, f->buf + f->len, sp->conf.block);
	f->odd = f->dollar = false;
	look(f, f->buf, f->len);
	return 0;
}

/* ---- cutting ---- */

static char *flatten(struct splitter *sp, const char *p, const char *end)
{
	size_t room = TEXT_FLAT_ROOM(end - p);

	if (sp->flat_cap < room) {
		char *at = realloc(sp->flat, room);

		if (at == NULL)
			return NULL;
		sp->flat = at;
		sp->flat_cap = room;
	}
	return text_flatten(sp->flat, p, end) == NULL ? sp->flat : NULL;
}

static bool may_include(const struct splitter *sp, enum include_refused *why)
{
	*why = sp->conf.read->include == NULL ? INCLUDE_CLOSED :
	       sp->top == &sp->files[ZONE_INCLUDE_DEEP] ? INCLUDE_DEEP : INCLUDE_MANY;
	return *why == INCLUDE_MANY && sp->tried < ZONE_FILES_MAX;
}

/* Obeys $ORIGIN and $TTL. Is it a directive that ends the block? */
static bool is_stop(struct splitter *sp, const char *p, const char *end, struct directive *d)
{
	enum include_refused why;
	char *flat = flatten(sp, p, end);

	if (flat == NULL)
		return false;
	directive_read(flat, &sp->top->state, d);
	return d->kind == DIRECTIVE_GENERATE ||
	       (d->kind == DIRECTIVE_INCLUDE && may_include(sp, &why));
}

/* What ended a walk. */
enum stop { STOP_SHORT, STOP_LONG, STOP_DIRECTIVE };

struct walk {
	u32 cut;		/* up to here there are whole lines for the scanner */
	u32 end;		/* STOP_DIRECTIVE: behind it */
	u32 lines;		/* STOP_DIRECTIVE: newlines in it */
	struct directive directive;
};

/* Line by line. */
static enum stop walk_lines(struct splitter *sp, struct walk *w)
{
	struct text_file *f = sp->top;
	const char *p = f->buf + f->at, *end = f->buf + f->len, *next;

	for (;; p = next) {
		bool far = end - p > (ptrdiff_t)ZONE_LINE_MAX;

		next = text_end(p, far ? p + ZONE_LINE_MAX : end, &w->lines);
		w->cut = (u32)(p - f->buf);
		if (next == NULL)
			return far ? STOP_LONG : STOP_SHORT;
		if (*p == '$' && is_stop(sp, p, next, &w->directive)) {
			w->end = (u32)(next - f->buf);
			return STOP_DIRECTIVE;
		}
	}
}

/* Nothing but dollar signs to look at: every newline ends a line. */
static enum stop walk_dollars(struct splitter *sp, struct walk *w)
{
	struct text_file *f = sp->top;
	const char *from = f->buf + f->at, *p = from, *nl;
	const char *end = memrchr(from, '\n', f->len - f->at);

	end = end ? end + 1 : from;
	w->lines = 1;
	while (f->dollar && (p = memchr(p, '$', (size_t)(end - p)))) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if ((p == from || p[-1] == '\n') && is_stop(sp, p, nl + 1, &w->directive)) {
			w->cut = (u32)(p - f->buf);
			w->end = (u32)(nl + 1 - f->buf);
			return STOP_DIRECTIVE;
		}
		p++;
	}
	w->cut = (u32)(end - f->buf);
	return STOP_SHORT;
}

static enum stop walk(struct splitter *sp, struct walk *w)
{
	struct text_file *f = sp->top;

	if (f->odd || f->len - f->at > ZONE_LINE_MAX)
		return walk_lines(sp, w);
	return walk_dollars(sp, w);
}

/* The text up to the cut: buffers change hands when that saves copying. */
static int give_text(struct splitter *sp, struct block *b, u32 cut)
{
	struct text_file *f = sp->top;
	u32 n = cut - f->at, left = f->len - cut;
	bool swap = f->at == 0 && left <= n;

	if (block_text(b, (swap ? left : n) + 2) < 0)
		return -ENOMEM;
	may_include(sp, &b->refused);
	b->open_end = f->open_end && cut == f->len;
	b->len = n;
	if (!swap) {
		memcpy(b->text, f->buf + f->at, n);
		f->at = cut;
	} else {
		char *text = f->buf;
		u32 cap = f->cap;

		memcpy(b->text, f->buf + cut, left);
		f->buf = b->text;
		f->cap = b->cap;
		f->at = 0;
		f->len = left;
		b->text = text;
		b->cap = cap;
	}
	b->text[n] = '\0';
	return 1;
}

/* ---- directives that end a block ---- */

static int give_generated(struct splitter *sp, struct block *b)
{
	struct generate *g = &sp->generate;
	u32 n = generate_count(g), len = (u32)strlen(sp->flat + g->rhs) + g->rhs + 1;

	block_begin(sp, b, BLOCK_GENERATE);
	if (block_text(b, len) < 0)
		return -ENOMEM;
	memcpy(b->text, sp->flat, len);
	b->generate = *g;
	if (n > GENERATE_STEP) {
		b->generate.last = g->first + (GENERATE_STEP - 1) * g->step;
		g->first = b->generate.last + g->step;
	} else {
		b->lines = sp->generate_lines;
		sp->generating = false;
	}
	return 1;
}

static int begin_generate(struct splitter *sp, struct block *b, const struct walk *w)
{
	sp->generated += generate_count(&w->directive.generate);
	if (sp->generated > ZONE_GENERATE_ALL)
		return say(sp, b, ZONE_FULL, w->end, N_("more than 4194304 generated "
			"records"));
	sp->generate = w->directive.generate;
	sp->generate_lines = w->lines;
	sp->generating = true;
	sp->top->at = w->end;
	return give_generated(sp, b);
}

static int include_fd(struct splitter *sp, const char *name, char *why)
{
	const struct zone_read_conf *conf = sp->conf.read;
	int fd;

	pthread_mutex_lock(sp->conf.talk);
	fd = conf->include(conf->to, name, why);
	pthread_mutex_unlock(sp->conf.talk);
	return fd;
}

/* Opens the file; its block follows. The one that is given here counts the lines. */
static int begin_include(struct splitter *sp, struct block *b, const struct walk *w)
{
	const char *name = w->directive.name;
	char why[200] = "", text[520];
	struct text_file *f = sp->top + 1;
	int fd = include_fd(sp, name, why), rc = -1;

	sp->tried++;
	if (fd >= 0 && (rc = file_begin(sp, f, fd, true)) < 0) {
		snprintf(why, sizeof why, "%s", oops_text(rc));
		unpack_end(&f->in);
		close(fd);
		if (rc == -ENOMEM)
			return rc;
	}
	if (rc < 0) {
		snprintf(text, sizeof text, "%.80s: %.110s", name, why);
		return say(sp, b, ZONE_BAD_INCLUDE, w->end, text);
	}
	block_begin(sp, b, BLOCK_READY);
	b->lines = w->lines;
	sp->top->at = w->end;
	f->state = w->directive.state;
	file_named(sp, name);
	sp->top = f;
	return 1;
}

/* ---- the end of a file ---- */

static int end_of_file(struct splitter *sp, struct block *b)
{
	struct text_file *f = sp->top;
	char text[200];

	if (f->in.error) {
		bool full = f->in.error == OOPS_LIMIT;

		snprintf(text, sizeof text, full ? "%s" : N_("it cannot be read on: %s"),
			f->in.why);
		f->in.error = 0;
		return say(sp, b, full ? ZONE_FULL : ZONE_BROKEN, f->len, text);
	}
	if (f->at == f->len) {
		file_end(sp, f);
		sp->top = f > sp->files ? f - 1 : NULL;
		return 0;
	}
	if (f->open_end)
		return say(sp, b, ZONE_CUT_SHORT, f->len,
			   N_("the text ends inside a parenthesis or a quotation"));
	f->buf[f->len++] = '\n';	/* make_room() keeps an octet for it */
	f->open_end = true;
	return 0;
}

/* Up to the newline that ends what was too long; 0 when it is not there yet. */
static int skip(struct splitter *sp, struct block *b)
{
	struct text_file *f = sp->top;
	char *nl = memchr(f->buf + f->at, '\n', f->len - f->at);

	f->at = nl ? (u32)(nl + 1 - f->buf) : f->len;
	if (nl == NULL)
		return is_read(f) ? end_of_file(sp, b) : fill(sp);
	f->skipping = false;
	block_begin(sp, b, BLOCK_READY);
	b->lines = 1;
	return 1;
}

/* The whole lines up to w->cut; `state` is what was before them. */
static int give_lines(struct splitter *sp, struct block *b, const struct walk *w,
		      const struct text_state *state)
{
	struct text_state after = sp->top->state;

	sp->top->state = *state;
	block_begin(sp, b, BLOCK_TEXT);
	sp->top->state = after;
	return give_text(sp, b, w->cut);
}

/* One step in the file on top: 1 with a block, 0 for none yet. */
static int step(struct splitter *sp, struct block *b)
{
	struct text_file *f = sp->top;
	struct text_state state = f->state;
	struct walk w;
	enum stop stop;

	if (!f->begun && memchr(f->peek, '\0', f->peek_len)) {
		f->at = f->len = f->peek_at = f->peek_len = 0;
		f->in.ended = true;
		return say(sp, b, ZONE_BROKEN, 0, N_("octets of value 0: this is no "
			"text"));
	}
	if (f->skipping)
		return skip(sp, b);
	if (f->at == f->len)
		return is_read(f) ? end_of_file(sp, b) : fill(sp);
	stop = walk(sp, &w);
	if (w.cut > f->at)
		return give_lines(sp, b, &w, &state);
	if (stop == STOP_LONG) {
		f->skipping = true;
		return say(sp, b, ZONE_BAD_LINE, f->at + ZONE_LINE_MAX,
			   N_("a line of more than 1 MiB: is a parenthesis not closed?"));
	}
	if (stop == STOP_SHORT)
		return is_read(f) ? end_of_file(sp, b) : fill(sp);
	if (w.directive.kind == DIRECTIVE_GENERATE)
		return begin_generate(sp, b, &w);
	return begin_include(sp, b, &w);
}

int split_next(struct splitter *sp, struct block *b)
{
	int rc = sp->generating ? give_generated(sp, b) : 0;

	while (rc == 0 && sp->top)
		rc = step(sp, b);
	return rc;
}
