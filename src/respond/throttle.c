/* SPDX-License-Identifier: GPL-3.0-or-later */
/* throttle.c - see throttle.h.
 *
 *   row: key (keyed hash of rule, login, address or device), level, when it was counted last
 *
 * Two kinds of rules. Patient ones wait longer after each wrong one past THROTTLE_TRIES, and
 * forget a day after the last. Leaking ones (a bucket with a hole) allow so many at once and
 * one more each so often. Rows lie in sets of WAYS: a look-up compares eight keys. */
#include "respond/throttle.h"
#include <arpa/inet.h>
#include <sodium.h>

#define WAYS 8u
#define FORGET_NS (24 * THROTTLE_WAIT_MOST_NS)

enum rule { PAIR, DEVICE, ADDRESS, LOGIN, OWN, TOLD, RULES };
static const struct { u32 most; u64 each; } leaks[RULES] = {	/* most 0: a patient one */
	[ADDRESS] = { THROTTLE_ADDRESS, THROTTLE_ADDRESS_NS },
	[LOGIN] = { THROTTLE_LOGIN, THROTTLE_LOGIN_NS },
	[OWN] = { THROTTLE_OWN, THROTTLE_OWN_NS },
	[TOLD] = { THROTTLE_TOLD, THROTTLE_TOLD_NS },
};

struct row { u64 key, last; u32 level; u32 rule; };
struct work { u64 spent, last; };	/* ns of hashing not paid for by time yet */
struct throttle {
	u8 secret[crypto_shorthash_KEYBYTES];
	struct work work[2];		/* strangers, known devices */
	struct row told;		/* refusals in the log */
	u64 untold;
	struct row rows[THROTTLE_ROWS];
};

int throttle_open(struct throttle **ret)
{
	struct throttle *t = sodium_init() < 0 ? NULL : calloc(1, sizeof *t);

	if (t) {
		randombytes_buf(t->secret, sizeof t->secret);
		t->told.rule = TOLD;
	}
	*ret = t;
	return t ? 0 : -ENOMEM;
}

struct throttle *throttle_close(struct throttle *t)
{
	free(t);
	return NULL;
}

/* ---- rows ---- */

/* What stands for the address: its 4 octets, of IPv6 the first 8; another text as it is. */
static size_t place_of(const char *from, u8 to[64])
{
	static const u8 mapped[12] = { [10] = 0xff, 0xff };
	u8 ip[16];

	if (inet_pton(AF_INET, from, to) == 1)
		return 4;
	if (inet_pton(AF_INET6, from, ip) != 1) {
		snprintf((char *)to, 64, "%s", from);
		return strlen((char *)to);
	}
	if (memcmp(ip, mapped, sizeof mapped) == 0) {
		memcpy(to, ip + 12, 4);
		return 4;
	}
	memcpy(to, ip, 8);
	return 8;
}

/* rule 1 | login, NUL | address or device */
static u64 key_of(const struct throttle *t, enum rule rule, const struct trying *who)
{
	u8 text[256] = { (u8)rule };
	size_t n = 1;
	u64 key;

	if (rule != ADDRESS)
		n += (size_t)snprintf((char *)text + n, 100, "%.98s", who->login) + 1;
	if (rule == PAIR || rule == ADDRESS)
		n += place_of(who->from, text + n);
	if (rule == DEVICE)
		n += (size_t)snprintf((char *)text + n, 100, "%.98s", who->device);
	crypto_shorthash((u8 *)&key, text, n, t->secret);
	return key ? key : 1;
}

/* What of a row still counts now. */
static u32 level_of(const struct row *r, u64 now)
{
	const u64 past = now > r->last ? now - r->last : 0, each = leaks[r->rule].each;

	if (each == 0)
		return past < FORGET_NS ? r->level : 0;
	return past / each < r->level ? r->level - (u32)(past / each) : 0;
}

/* The row of the key, or NULL. */
static struct row *find(struct throttle *t, u64 key)
{
	struct row *set = &t->rows[key % (THROTTLE_ROWS / WAYS) * WAYS];

	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* The row of the key; where there is none, in the place of the one that counts least. */
static struct row *make(struct throttle *t, u64 key, enum rule rule, u64 now)
{
	struct row *set = &t->rows[key % (THROTTLE_ROWS / WAYS) * WAYS], *least = set;
	struct row *is = find(t, key);

	if (is)
		return is;
	for (unsigned i = 1; i < WAYS; i++)
		if (level_of(&set[i], now) < level_of(least, now))
			least = &set[i];
	*least = (struct row){ .key = key, .last = now, .rule = rule };
	return least;
}

/* How long the row's next one waits; 0: not at all. */
static u64 waits(const struct row *r, u64 now)
{
	const u32 level = level_of(r, now), most = leaks[r->rule].most;
	const u64 past = now > r->last ? now - r->last : 0;
	u64 wait = THROTTLE_WAIT_NS;

	if (most)
		return level < most ? 0 : leaks[r->rule].each - past % leaks[r->rule].each;
	if (level < THROTTLE_TRIES)
		return 0;
	for (u32 i = THROTTLE_TRIES; i < level && wait < THROTTLE_WAIT_MOST_NS; i++)
		wait *= 2;
	wait = min_u64(wait, THROTTLE_WAIT_MOST_NS);
	return past < wait ? wait - past : 0;
}

static void raise(struct row *r, u64 now)
{
	const u64 each = leaks[r->rule].each, past = now > r->last ? now - r->last : 0;

	r->level = level_of(r, now);
	r->last = each && r->level ? now - past % each : now;
	r->level++;
}

static u64 waits_for(struct throttle *t, enum rule rule, const struct trying *who, u64 now)
{
	const struct row *r = find(t, key_of(t, rule, who));

	return r ? waits(r, now) : 0;
}

static void count(struct throttle *t, enum rule rule, const struct trying *who, u64 now)
{
	raise(make(t, key_of(t, rule, who), rule, now), now);
}

static void forget(struct throttle *t, enum rule rule, const struct trying *who)
{
	struct row *r = find(t, key_of(t, rule, who));

	if (r)
		*r = (struct row){ 0 };
}

/* ---- time ---- */

static u64 unpaid(const struct work *w, u64 now)
{
	const u64 paid = now > w->last ? (now - w->last) / THROTTLE_SHARE : 0;

	return w->spent > paid ? w->spent - paid : 0;
}

static bool is_known(const struct trying *who)
{
	return who->device[0];
}

/* Is it the first of a row, or a tenth? */
static bool stands_out(struct throttle *t, const struct trying *who, u64 now)
{
	const struct row *r = find(t, key_of(t, is_known(who) ? DEVICE : PAIR, who));
	const u32 level = r ? level_of(r, now) : 0;

	return level == 0 || (level + 1) % 10 == 0;
}

static void note_told(struct throttle *t, const struct trying *who, u64 now)
{
	if (!stands_out(t, who, now))
		return;
	if (waits(&t->told, now)) {
		t->untold++;
		return;
	}
	raise(&t->told, now);
	t->untold = 0;
}

/* ---- from outside ---- */

enum throttle_way throttle_ask(struct throttle *t, const struct trying *who, u64 now, u64 *wait)
{
	static const enum rule of[2][3] = { { PAIR, ADDRESS, LOGIN }, { DEVICE, OWN, OWN } };
	const bool known = is_known(who);

	for (unsigned i = 0; i < 3; i++)
		if ((*wait = waits_for(t, of[known][i], who, now)))
			return THROTTLE_WAIT;
	return unpaid(&t->work[known], now) < THROTTLE_AHEAD_NS ? THROTTLE_GO : THROTTLE_BUSY;
}

void throttle_note(struct throttle *t, const struct trying *who, enum throttle_came came,
		   u64 took, u64 now)
{
	const bool known = is_known(who);
	const enum rule own = known ? DEVICE : PAIR;
	struct work *w = &t->work[known];

	*w = (struct work){ unpaid(w, now) + took, now };
	if (came == THROTTLE_WRONG)
		note_told(t, who, now);
	if (came == THROTTLE_GOOD)
		forget(t, own, who);
	else if (came == THROTTLE_WRONG)
		count(t, own, who, now);
	if (known)
		count(t, OWN, who, now);
	else if (came != THROTTLE_GOOD)
		count(t, ADDRESS, who, now);
	if (!known && came == THROTTLE_WRONG)
		count(t, LOGIN, who, now);
}

bool throttle_tells(struct throttle *t, const struct trying *who, u64 now, u64 *untold)
{
	*untold = t->untold;
	return stands_out(t, who, now) && waits(&t->told, now) == 0;
}
