/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue_plural.c - which form of a message a number takes.
 *
 * A catalogue's head says it with an expression of C over n ("plural=(n != 1);"): numbers,
 * n, ?:, || && == != < > <= >= + - * / % ! and brackets. Read from left to right by
 * precedence, at most DEEP brackets deep. */
#include "base/tongue_own.h"

#define DEEP 16

struct expression {
	const char *at;
	u64 n;
	unsigned deep;
	bool bad;
};

static u64 choice(struct expression *e);

/* Steps over blanks and then over `text`, when that comes next. */
static bool comes(struct expression *e, const char *text)
{
	size_t len = strlen(text);

	e->at += strspn(e->at, " \t\\\n");
	if (strncmp(e->at, text, len) != 0)
		return false;
	e->at += len;
	return true;
}

static u64 operand(struct expression *e)
{
	u64 v = 0;

	if (++e->deep > DEEP)
		e->bad = true;
	if (e->bad) {
		v = 0;
	} else if (comes(e, "!")) {
		v = !operand(e);
	} else if (comes(e, "(")) {
		v = choice(e);
		e->bad |= !comes(e, ")");
	} else if (comes(e, "n")) {
		v = e->n;
	} else if (*e->at >= '0' && *e->at <= '9') {
		for (; *e->at >= '0' && *e->at <= '9'; e->at++)
			v = v * 10 + (u64)(*e->at - '0');
	} else {
		e->bad = true;
	}
	e->deep--;
	return v;
}

/* Operators of two, those that bind least first; longer ones before their beginnings. */
static const struct { const char *text; int level; } operators[] = {
	{ "||", 0 }, { "&&", 1 }, { "==", 2 }, { "!=", 2 }, { "<=", 3 }, { ">=", 3 },
	{ "<", 3 }, { ">", 3 }, { "+", 4 }, { "-", 4 }, { "*", 5 }, { "/", 5 }, { "%", 5 },
};
#define LEVELS 6

static u64 apply(struct expression *e, const char *op, u64 a, u64 b)
{
	bool two = op[1] != 0;

	switch (op[0]) {
	case '|': return a || b;
	case '&': return a && b;
	case '=': return a == b;
	case '!': return a != b;
	case '<': return two ? a <= b : a < b;
	case '>': return two ? a >= b : a > b;
	case '+': return a + b;
	case '-': return a - b;
	case '*': return a * b;
	}
	if (b == 0)
		e->bad = true;
	return e->bad ? 0 : op[0] == '/' ? a / b : a % b;
}

static u64 level(struct expression *e, int from)
{
	u64 v = from == LEVELS ? operand(e) : level(e, from + 1);

	for (size_t i = 0; i < COUNT(operators) && from < LEVELS;) {
		if (operators[i].level == from && !e->bad && comes(e, operators[i].text)) {
			v = apply(e, operators[i].text, v, level(e, from + 1));
			i = 0;
		} else {
			i++;
		}
	}
	return v;
}

static u64 choice(struct expression *e)
{
	u64 v = level(e, 0), yes, no;

	if (!comes(e, "?"))
		return v;
	yes = choice(e);
	e->bad |= !comes(e, ":");
	no = choice(e);
	return v ? yes : no;
}

unsigned tongue_form(const char *plural_forms, u64 n)
{
	const char *at = strstr(plural_forms, "plural=");
	struct expression e = { .n = n };
	u64 v;

	if (at == NULL)
		return 0;
	e.at = at + strlen("plural=");
	v = choice(&e);
	return e.bad || v > 8 ? 0 : (unsigned)v;
}
