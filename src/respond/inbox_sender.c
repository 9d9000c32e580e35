/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_sender.c - who reports: a contact of ours? and what became of what they reported?
 *
 * A report was right when its incident was confirmed (or went further) and is no false
 * alarm; it was wrong when it was closed as noise, was answered without an incident, or
 * its incident is a false alarm. Duplicates and what is open say nothing. Five of six is
 * no proof of anything: what counts is the lower end of Wilson's interval of the share
 * (E. B. Wilson, JASA 22, 1927). */
#include "respond/inbox_own.h"
#include "base/hash.h"
#include <math.h>
#include <strings.h>

double inbox_least(u64 right, u64 all)
{
	const double z = 1.959963984540054, n = (double)all;
	double p, middle, spread;

	if (all == 0)
		return 0;
	p = (double)right / n;
	middle = p + z * z / (2 * n);
	spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	return fmax(0, (middle - spread) / (1 + z * z / n));
}

/* "Name <abuse@example.com>": the address in lower case, or the text itself. */
static void address_of(const char *sender, char *to, size_t size)
{
	const char *open = strrchr(sender, '<'), *close = open ? strchr(open, '>') : NULL;
	size_t n;

	if (open && close) {
		sender = open + 1;
		n = (size_t)(close - sender);
	} else {
		n = strlen(sender);
	}
	n = min_u64(n, size - 1);
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(sender[i] >= 'A' && sender[i] <= 'Z' ? sender[i] | 32 : sender[i]);
	to[n] = 0;
}

/* ---- contacts ---- */

static int take_contact(void *to, const void *record)
{
	struct sender *s = to;

	(void)record;
	s->is_contact = true;
	return 1;
}

static int find_contact(struct inbox *in, const char *address, struct sender *s)
{
	const struct store_cond conds[] = {
		{ .field = "value", .op = STORE_IS, .text = address },
		{ .field = "channel", .op = STORE_IS, .number = CHANNEL_MAIL },
	};
	const struct store_query q = { .table = DESK_address, .conds = conds, .count = 2 };
	int rc = store_each(desk_store(in->desk), &q, take_contact, s);

	return rc < 0 ? rc : 0;
}

/* ---- the record ---- */

struct ending { enum incident_state state; u64 into; bool found; };

static int take_state(void *to, const void *record)
{
	const struct incident *i = record;
	struct ending *e = to;

	*e = (struct ending){ i->state, i->into, true };
	return 0;
}

/* What became of an incident, through its mergers. */
static int ending_of(struct store *s, u64 number, struct ending *ret)
{
	int rc = 1;

	for (int hops = 0; hops < 16 && rc == 1; hops++) {
		const struct incident key = { .number = number };

		ret->found = false;
		rc = store_take(s, DESK_incident, &key, take_state, ret);
		if (rc != 1 || ret->state != INCIDENT_MERGED)
			break;
		number = ret->into;
	}
	return rc < 0 ? rc : 0;
}

struct counting { struct store *store; struct sender *sender; };

static int count_report(void *to, const void *record)
{
	const struct report *r = record;
	struct counting *c = to;
	struct ending e = { 0 };
	int rc;

	if (r->state == REPORT_NOISE ||
	    (r->state == REPORT_ANSWERED && r->incident == 0 && r->same == 0)) {
		c->sender->wrong++;
		return 0;
	}
	if (r->incident == 0)
		return 0;
	if ((rc = ending_of(c->store, r->incident, &e)) || !e.found)
		return rc;
	if (e.state == INCIDENT_FALSE_ALARM)
		c->sender->wrong++;
	else if (e.state >= INCIDENT_CONFIRMED && e.state <= INCIDENT_CLOSED)
		c->sender->right++;
	return 0;
}

static int find_record(struct inbox *in, const char *sender, struct sender *s)
{
	const struct store_cond conds[] = {
		{ .field = "sender", .op = STORE_IS, .text = sender },
		{ .field = "state", .op = STORE_AMONG, .number = 1u << REPORT_NOISE |
		  1u << REPORT_ACCEPTED | 1u << REPORT_ANSWERED },
	};
	const struct store_query q = { .table = DESK_report, .conds = conds, .count = 2 };
	struct counting c = { desk_store(in->desk), s };

	return store_each(c.store, &q, count_report, &c);
}

int inbox_sender(struct inbox *in, const char *sender, struct sender *ret)
{
	u64 hash = hash_bytes(INBOX_KEY, sender, strlen(sender)) | 1;
	struct sender *kept = &in->senders[hash % SENDERS_KEPT];
	char address[256];
	int rc;

	if (kept->hash != hash) {
		*kept = (struct sender){ 0 };
		address_of(sender, address, sizeof address);
		if ((rc = find_contact(in, address, kept)) ||
		    (rc = find_record(in, sender, kept)))
			return rc;
		kept->hash = hash;
	}
	*ret = *kept;
	return 0;
}

/* ---- who says the same ---- */

struct asking { struct inbox *in; const struct report *first; struct copy_senders *ret; };

static int ask_copy(void *to, const void *record)
{
	const struct report *r = record;
	struct asking *a = to;
	struct sender s;
	double best = inbox_least(a->ret->best.right, a->ret->best.right + a->ret->best.wrong);
	int rc;

	if (r->sender[0] == 0 || strcmp(r->sender, a->first->sender) == 0 ||
	    !inbox_may_say(a->first, r))
		return 0;
	if ((rc = inbox_sender(a->in, r->sender, &s)))
		return rc;
	if (s.is_contact && a->ret->contact == 0)
		a->ret->contact = r->number;
	if (inbox_least(s.right, s.right + s.wrong) > best) {
		a->ret->best = s;
		a->ret->right = r->number;
	}
	return 0;
}

int inbox_copy_senders(struct inbox *in, const struct report *first, struct copy_senders *ret)
{
	const struct store_cond cond = { .field = "same", .op = STORE_IS,
		.number = first->number };
	const struct store_query q = { .table = DESK_report, .conds = &cond, .count = 1,
		.limit = INBOX_COPIES_ASKED };
	struct asking a = { in, first, ret };

	*ret = (struct copy_senders){ 0 };
	return first->copies ? store_each(desk_store(in->desk), &q, ask_copy, &a) : 0;
}
