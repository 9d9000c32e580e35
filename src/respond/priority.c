/* SPDX-License-Identifier: GPL-3.0-or-later */
/* priority.c - see priority.h. */
#include "respond/priority.h"
#include "base/num.h"
#include <stdarg.h>

#define DAY (86400ull * 1000000000)

#define F(name, text) text,
const char *const priorities[] = { PRIORITIES(F) NULL };
#undef F

struct weighing { int level; char *why; size_t n; };

static void because(struct weighing *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void because(struct weighing *w, const char *format, ...)
{
	va_list args;

	if (w->n && w->n < PRIORITY_WHY)
		w->n += (size_t)snprintf(w->why + w->n, PRIORITY_WHY - w->n, "; ");
	if (w->n >= PRIORITY_WHY)
		return;
	va_start(args, format);
	w->n += (size_t)vsnprintf(w->why + w->n, PRIORITY_WHY - w->n, format, args);
	va_end(args);
}

static void raise_to(struct weighing *w, int level)
{
	if (w->level < level)
		w->level = level;
}

static void clock_says(struct weighing *w, const struct incident *i, u64 now)
{
	char text[NUM_TEXT_MAX];

	if (i->due == 0)
		return;
	if (i->due <= now) {
		raise_to(w, PRIORITY_URGENT);
		because(w, N_("a deadline is overdue by %s"),
			num_rough_text(now - i->due, text));
	} else if (i->due - now <= DAY) {
		raise_to(w, PRIORITY_HIGH);
		because(w, N_("a deadline is due in %s"),
			num_rough_text(i->due - now, text));
	}
}

static void nature_says(struct weighing *w, const struct incident *i)
{
	static const int usual[SEVERITY_COUNT] = { PRIORITY_LOW, PRIORITY_LOW,
		PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_URGENT };

	w->level = usual[i->severity];
	because(w, N_("severity %s"), severity_name(i->severity));
	if (i->findings + i->reports == 0)
		return;
	if (i->confidence < PRIORITY_DOUBT)
		w->level--;
	because(w, N_("%s (confidence %llu of 100)"),
		i->confidence < PRIORITY_DOUBT ? N_("not sure")
		: i->confidence < 80 ? NC_("phrase", "likely") : N_("nearly certain"),
		(unsigned long long)i->confidence);
	if (i->exposed >= PRIORITY_MANY) {
		w->level++;
		because(w, N_("%llu parties or more take part or are harmed"),
			(unsigned long long)i->exposed);
	}
}

enum priority priority_of(const struct incident *i, u64 now, char why[PRIORITY_WHY])
{
	struct weighing w = { .why = why };

	why[0] = 0;
	if (i->state >= INCIDENT_CLOSED) {	/* what it missed is no longer to be done */
		because(&w, N_("the incident is %s"), incident_states[i->state]);
	} else {
		nature_says(&w, i);
		clock_says(&w, i, now);
	}
	return w.level < 0 ? PRIORITY_LOW : w.level >= PRIORITY_COUNT ? PRIORITY_URGENT
	       : (enum priority)w.level;
}

int priority_order(const struct prioritised *x, const struct prioritised *y)
{
	const u64 due_x = x->is->due ? x->is->due : UINT64_MAX,
		due_y = y->is->due ? y->is->due : UINT64_MAX;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	if (due_x != due_y)
		return due_x < due_y ? -1 : 1;
	if (x->is->severity != y->is->severity)
		return x->is->severity > y->is->severity ? -1 : 1;
	if (x->is->confidence != y->is->confidence)
		return x->is->confidence > y->is->confidence ? -1 : 1;
	return (x->is->number > y->is->number) - (x->is->number < y->is->number);
}
