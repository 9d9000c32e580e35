/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writer.c - see writer.h. */
#include "respond/writer.h"
#include "respond/throttle.h"
#include <time.h>

#define SECOND 1000000000ull

static const char *text_of(json_t *from, const char *key)
{
	const char *text = json_string_value(json_object_get(from, key));

	return text ? text : "";
}

static json_t *fault(int error, const char *why)
{
	return json_pack("{s:i, s:s}", "error", error, "why", why);
}

static u64 read_clock(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (u64)t.tv_sec * SECOND + (u64)t.tv_nsec;
}

static json_t *session_of(const struct signed_in *s)
{
	return json_pack("{s:i, s:{s:s, s:s, s:s, s:b}}", "error", 0, "reply", "session",
		s->session, "csrf", s->csrf, "device", s->device, "must_change",
		(int)s->must_change);
}

/* Who is not signed in yet does not read where the store is. */
static json_t *trouble(int rc)
{
	if (rc == -ENOSPC)
		return fault(rc, N_("the server's disk is full: nobody can sign in until it "
				    "has room; tell its owner"));
	return fault(-EIO, N_("the server cannot write its store; tell its owner"));
}

static json_t *tell(enum sign_in came, const struct signed_in *s)
{
	switch (came) {
	case SIGN_IN_GOOD:
		return session_of(s);
	case SIGN_IN_CODE:
		return json_pack("{s:i, s:{s:b}}", "error", 0, "reply", "code_wanted", 1);
	case SIGN_IN_WRONG:
		return fault(-EACCES, N_("the login or the password is wrong"));
	case SIGN_IN_CODE_WRONG:
		return fault(-EACCES, N_("the code is wrong, or was used already; take the "
			"next one"));
	case SIGN_IN_LOCKED:
		return fault(-EPERM, N_("this login is locked; ask an admin"));
	case SIGN_IN_WAIT:
	case SIGN_IN_TROUBLE:
		break;
	}
	return trouble(s->fault);
}

static json_t *refuse(enum throttle_way way, u64 wait)
{
	char why[100];

	if (way == THROTTLE_BUSY)
		return fault(-EDQUOT, N_("too many sign-ins at this moment; try again in "
			"a second"));
	snprintf(why, sizeof why, N_("too many wrong tries; wait %llu seconds"),
		 (unsigned long long)(wait / SECOND + 1));
	return fault(-EDQUOT, why);
}

static enum throttle_came came_of(enum sign_in came)
{
	return came == SIGN_IN_GOOD ? THROTTLE_GOOD
	     : came == SIGN_IN_WRONG || came == SIGN_IN_CODE_WRONG ? THROTTLE_WRONG
	     : THROTTLE_HALF;
}

static json_t *sign_in(struct writer *w, json_t *question)
{
	json_t *args = json_object_get(question, "args");
	struct signing_in in = { .login = text_of(args, "login"), .password =
		text_of(args, "password"), .code = text_of(args, "code"),
		.from = text_of(question, "from"), .agent = text_of(args, "agent") };
	struct trying who = { in.login, in.from, text_of(args, "device") };
	enum throttle_way way;
	enum sign_in came;
	struct signed_in s;
	u64 now = read_clock(CLOCK_MONOTONIC), work = read_clock(CLOCK_PROCESS_CPUTIME_ID), wait;

	if (user_device(desk_store(w->desk), in.login, who.device, desk_now(w->desk)) != 1)
		who.device = "";
	if (in.login[0] == 0 || strlen(in.login) >= USER_LOGIN_MAX ||
	    desk_as(w->desk, in.login))
		return fault(OOPS_FORMAT, N_("login and password are wanted"));
	if ((way = throttle_ask(w->throttle, &who, now, &wait)) != THROTTLE_GO)
		return refuse(way, wait);
	in.tell = throttle_tells(w->throttle, &who, now, &in.untold);
	came = user_sign_in(w->desk, &in, &s);
	work = read_clock(CLOCK_PROCESS_CPUTIME_ID) - work;
	throttle_note(w->throttle, &who, came_of(came), work, now);
	return tell(came, &s);
}

static json_t *run(struct writer *w, json_t *question, const char *op)
{
	const char *session = text_of(question, "session"), *token = text_of(question, "token");
	struct store *s = desk_store(w->desk);
	json_t *reply = json_object(), *args = json_object_get(question, "args");
	struct caller who;
	int rc = token[0] ? user_of_token(s, token, desk_now(w->desk), &who)
			  : user_of_session(s, session, desk_now(w->desk), &who);

	if (rc == 1 && strcmp(op, "sign-out") == 0)
		rc = desk_as(w->desk, who.login) ? -EINVAL : user_sign_out(w->desk, session);
	else if (rc == 1)
		rc = op_run(w->desk, &who, op, args, reply);
	else if (rc == 0)
		rc = -EACCES;
	if (rc)
		json_decref(reply);
	if (rc == -EACCES)
		return fault(rc, N_("this session or token is not known, or no longer"));
	if (rc)
		return json_pack("{s:i, s:s, s:s}", "error", rc, "why", desk_error(w->desk),
				 "code", desk_codes[desk_code(w->desk)]);
	return json_pack("{s:i, s:o}", "error", 0, "reply", reply);
}

json_t *writer_answer(struct writer *w, const char *question, size_t n)
{
	json_t *q = json_loadb(question, n, JSON_REJECT_DUPLICATES, NULL), *answer;
	const char *op = text_of(q, "op");

	snprintf(w->op, sizeof w->op, "%s", op);
	if (!json_is_object(q))
		answer = fault(OOPS_FORMAT, N_("the question is no JSON object"));
	else
		answer = strcmp(op, "sign-in") ? run(w, q, op) : sign_in(w, q);
	json_decref(q);
	return answer;
}
