/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notices_rules.c - `vedette notices rules`: letters that a rule gives the word for.
 *
 *   # name     who        which letter      when all of it holds
 *   phishing:  registrar  first-registrar   state=confirmed severity=high family=phishing
 *   warning:   regulator  regulator-warning state=confirmed severity=critical redacted
 *
 * severity is the least; family the beginning of it; `redacted` leaves out what they may not
 * have. A rule tells one letter about one incident once, whoever told it before. The log names
 * the rule as who gave the word. */
#include "cli/cli.h"
#include "cli/notices.h"
#include "base/octets.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "base/stamp.h"
#include "respond/contact.h"
#include "respond/letter.h"
#include "respond/notice_rule.h"
#include <fcntl.h>
#include <unistd.h>

#define RULES_OCTETS_MAX 65536u
#define RULES_MAX 200u

struct rule {
	char name[40], role[24], letter[44], family[60];
	int state, severity;	/* -1: any */
	bool redacted;
};
struct rules {
	struct rule rule[RULES_MAX];
	u32 count;
};

/* ---- reading ---- */

static bool condition(struct rule *r, const char *word)
{
	if (strcmp(word, "redacted") == 0) {
		r->redacted = true;
		return true;
	}
	if (strncmp(word, "state=", 6) == 0)
		return (r->state = choice_parse(incident_states, word + 6)) >= 0;
	if (strncmp(word, "family=", 7) == 0 && strlen(word + 7) < sizeof r->family) {
		snprintf(r->family, sizeof r->family, "%s", word + 7);
		return true;
	}
	if (strncmp(word, "severity=", 9))
		return false;
	for (r->severity = 0; r->severity < SEVERITY_COUNT; r->severity++)
		if (strcmp(severity_name((enum severity)r->severity), word + 9) == 0)
			return true;
	return false;
}

/* One line: NULL when it is good, else what is wrong. */
static const char *rule_read(struct rule *r, char *line)
{
	char *save = NULL, *word = strtok_r(line, " \t\r", &save);
	size_t n = word ? strlen(word) : 0;

	*r = (struct rule){ .state = -1, .severity = -1 };
	if (n < 2 || n > sizeof r->name || word[n - 1] != ':')
		return N_("a rule begins with its name and a colon");
	snprintf(r->name, sizeof r->name, "%.*s", (int)n - 1, word);
	word = strtok_r(NULL, " \t\r", &save);
	if (word == NULL || choice_parse(contact_roles, word) < 0)
		return N_("then a role: registrar, registry, operator, host, cert, "
			"regulator");
	snprintf(r->role, sizeof r->role, "%s", word);
	word = strtok_r(NULL, " \t\r", &save);
	if (word == NULL || strlen(word) >= sizeof r->letter ||
	    (!letter_exists(word) && notify_conf.letters == NULL))
		return N_("then the name of a letter");
	snprintf(r->letter, sizeof r->letter, "%s", word);
	while ((word = strtok_r(NULL, " \t\r", &save)))
		if (!condition(r, word))
			return N_("conditions are state=, severity=, family= and "
				"redacted");
	return r->state < 0 ? N_("a rule says state=, so that nothing is told too "
		"early") : NULL;
}

static int rules_read(struct rules *all, const char *path)
{
	struct buf text = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;
	char *save = NULL;
	unsigned line = 0;

	if (rc == 0)
		rc = octets_read(&text, fd, RULES_OCTETS_MAX);
	if (fd >= 0)
		close(fd);
	if (rc)
		say_error("%s: %s", path, oops_text(rc));
	for (char *p = text.at; rc == 0 && p && *p; p = save) {
		const char *wrong;

		save = p + strcspn(p, "\n");
		if (*save)
			*save++ = 0;
		line++;
		if (p[strspn(p, " \t\r")] == 0 || p[strspn(p, " \t")] == '#')
			continue;
		wrong = all->count == RULES_MAX ? N_("too many rules")
		      : rule_read(&all->rule[all->count], p);
		if (wrong) {
			say_error("%s: line %u: %s", path, line, wrong);
			rc = OOPS_FORMAT;
		}
		all->count++;
	}
	buf_free(&text);
	return rc;
}

/* ---- applying ---- */

struct applying { struct sitting *s; char by[60]; int status; u64 done, failed; };

static int tell(void *to, u64 incident)
{
	struct applying *a = to;

	if (notify_by(a->s, incident, a->by))
		a->status = STATUS_INPUT, a->failed++;	/* it was said why; the others go on */
	else
		a->done++;
	return 0;
}

static int take_last(void *to, const void *record)
{
	const struct notice *n = record;
	char at[STAMP_TEXT_MAX];

	buf_fmt(to, _(" Its last letter is notice %llu, to %s, of %.10s."),
		(unsigned long long)n->number, n->contact, stamp_text(n->at, 0, at));
	return 1;
}

/* What the rule did now, or would do, and what it did last. */
static int tell_rule(const struct applying *a, const struct rule *r)
{
	const struct store_cond cond = { .field = "by", .op = STORE_IS, .text = a->by };
	const struct store_query q = { .table = DESK_notice, .conds = &cond, .count = 1,
		.order = "-number", .limit = 1 };
	struct buf out = { 0 }, last = { 0 };
	int rc, status;

	buf_fmt(&out, notify_conf.dry_run
		? n_("Rule %s: %llu letter would be written", "Rule %s: %llu letters would be "
		     "written", a->done)
		: n_("Rule %s: %llu letter was written", "Rule %s: %llu letters were written",
		     a->done), r->name, (unsigned long long)a->done);
	if (a->failed)
		buf_fmt(&out, _(", %llu could not be (it is said why)"),
			(unsigned long long)a->failed);
	rc = gate_each(a->s->gate, &q, take_last, &last);
	buf_fmt(&out, ".%s\n", last.len ? buf_str(&last) : _(" It has written none so far."));
	status = rc < 0 ? sitting_fault(a->s, rc) : say_print(&out);
	buf_free(&out);
	buf_free(&last);
	return status;
}

static int apply(struct sitting *s, const struct rule *r)
{
	const struct notice_rule is = { .letter = r->letter, .family = r->family,
		.state = (u8)r->state, .severity = (enum severity)(r->severity < 0 ? 0
								   : r->severity) };
	struct applying a = { .s = s, .status = STATUS_FINE };
	int rc;

	snprintf(a.by, sizeof a.by, N_("rule %s"), r->name);
	notify_conf.to = NULL;
	notify_conf.role = r->role;
	notify_conf.letter = r->letter;
	notify_conf.redacted = r->redacted;
	rc = notice_rule_each(s->gate, &is, tell, &a);
	if (rc == 0 && !notify_conf.json)
		rc = tell_rule(&a, r);
	else if (rc)
		rc = sitting_fault(s, rc);
	return rc ? rc : a.status;
}

int notices_rules(struct sitting *s, int argc, char **argv)
{
	struct rules *all = calloc(1, sizeof *all);
	int status = all && rules_read(all, argv[0]) == 0 ? STATUS_FINE : STATUS_USAGE;

	(void)argc;
	for (u32 i = 0; status == STATUS_FINE && i < all->count; i++) {
		status = apply(s, &all->rule[i]);
		status = status == STATUS_INPUT && i + 1 < all->count ? STATUS_FINE : status;
	}
	free(all);
	return status;
}
