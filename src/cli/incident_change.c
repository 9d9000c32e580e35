/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_change.c - the verbs of `vedette incident` that change one: each is one change of
 * the desk, whole or not at all. */
#include "cli/incident.h"
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "model/finding.h"
#include "respond/case_raise.h"
#include "respond/clock.h"
#include "respond/house.h"
#include "respond/mute.h"
#include "respond/title.h"

static int label_of(const char *option, const char *text, struct marking *ret)
{
	if (text == NULL || marking_parse(text, ret) == 0)
		return STATUS_FINE;
	say_no_label(option, text);
	return STATUS_USAGE;
}

/* ---- members out of findings ---- */

struct gathered {
	struct finding *found;
	struct member *at;
	size_t count;
};

static void forget(struct gathered *g)
{
	free(g->found);
	free(g->at);
}

/* The findings of these ids (or their beginnings) as members: a status. */
static int gather(struct sitting *s, int argc, char **argv, struct gathered *g)
{
	g->found = calloc((size_t)argc + 1, sizeof *g->found);
	g->at = calloc((size_t)argc + 1, sizeof *g->at);
	if (g->found == NULL || g->at == NULL) {
		say_error("%s", oops_text(-ENOMEM));
		return STATUS_TROUBLE;
	}
	for (int i = 0; i < argc; i++) {
		int rc = gate_finding(s->gate, argv[i], &g->found[i]);

		if (rc) {
			say_error("%s", gate_error(s->gate));
			return rc == OOPS_UNKNOWN || rc == OOPS_LIMIT || rc == -EPERM
			       ? STATUS_USAGE : STATUS_INPUT;
		}
		member_of_finding(&g->at[i], &g->found[i]);
		g->at[i].reason = incident_conf.reason ? incident_conf.reason
						       : N_("by hand");
		g->count++;
	}
	return STATUS_FINE;
}

int incident_open(struct sitting *s, int argc, char **argv)
{
	const struct incident_conf *c = &incident_conf;
	struct gathered g = { 0 };
	struct marking own = { argc ? LABEL_CLEAR : LABEL_AMBER, argc ? PAP_CLEAR : PAP_AMBER };
	struct title_room room;
	struct incident is = { .owner = c->owner ? c->owner : "", .clocks = "",
		.title = c->title, .subject = c->subject, .family = c->family ? c->family : "",
		.severity = (enum severity)c->severity,
		.reason = c->reason ? c->reason : N_("opened by hand") };
	u64 number = 0;
	int rc, status = label_of("--label", c->label, &own);

	if (status == STATUS_FINE)
		status = gather(s, argc, argv, &g);
	if (status == STATUS_FINE && g.count == 0 && (!c->title || !c->subject)) {
		say_error("name findings, or write --title and --subject");
		status = STATUS_USAGE;
	}
	if (status == STATUS_FINE) {
		title_fill(&is, g.at, g.count, &room);
		is.own_tlp = own.tlp;
		is.own_pap = own.pap;
		desk_use_playbooks(s->desk, c->playbooks);
		rc = desk_begin(s->desk);
		if (rc == 0)
			rc = case_open(s->desk, &(struct case_new){ .incident = &is,
				.members = g.at, .member_count = g.count }, &number);
		status = incident_done(s, rc, &number, 1);
	}
	forget(&g);
	return status;
}

int incident_add(struct sitting *s, int argc, char **argv)
{
	struct gathered g = { 0 };
	struct case_ref r;
	int rc, status;

	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	status = gather(s, argc - 1, argv + 1, &g);
	if (status == STATUS_FINE) {
		const struct marking was = incident_marking(s, r.number);

		rc = desk_begin(s->desk);
		if (rc == 0)
			rc = case_add(s->desk, r, g.at, g.count, false);
		status = incident_done(s, rc, &r.number, 1);
		if (status == STATUS_FINE)
			incident_say_raised(s, r.number, was, NULL);
	}
	forget(&g);
	return status;
}

int incident_remove(struct sitting *s, int argc, char **argv)
{
	struct member *m = NULL;
	struct case_ref r;
	int rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = case_member(s->desk, r.number, argv[1], &m);
	if (rc == 0)
		rc = case_remove(s->desk, r, (enum member_kind)m->kind, m->id,
				 incident_conf.reason);
	free(m);
	return incident_done(s, rc, &r.number, 1);
}

/* ---- merging ---- */

/* What of the two differs, before they are one. */
static int compare(struct sitting *s, const u64 both[2], struct buf *out)
{
	struct incident *from = NULL, *into = NULL;
	int rc = case_find(s->desk, both[0], &from);

	if (rc == 0)
		rc = case_find(s->desk, both[1], &into);
	if (rc == 0)
		case_differs(out, from, into);
	free(from);
	free(into);
	return rc;
}

/* Sentences of ours, one a line. */
static int tell_lines(const char *text)
{
	struct buf out = { 0 };

	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		struct buf said = { 0 };
		char line[1000];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		say_anew(&said, tongue_now(), line);
		buf_text(&out, "  ");
		utf8_show(&out, buf_str(&said), 0);
		buf_byte(&out, '\n');
		buf_free(&said);
	}
	return incident_print(&out);
}

int incident_merge(struct sitting *s, int argc, char **argv)
{
	struct clocks *clocks = NULL;
	struct house house = { 0 };
	struct buf differs = { 0 };
	char why[CLOCK_WHY];
	struct case_ref r;
	struct marking was;
	u64 both[2];
	int rc, status;

	(void)argc;
	if (!incident_ref(s, argv[0], &r) || !incident_number(argv[1], &both[1]))
		return STATUS_USAGE;
	if (incident_conf.clocks && clocks_open(&clocks, incident_conf.clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	house.clocks = clocks;
	desk_settle(s->desk, &house);
	both[0] = r.number;
	was = incident_marking(s, both[1]);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = compare(s, both, &differs);
	if (rc == 0)
		rc = case_merge(s->desk, r, both[1], incident_conf.reason);
	status = incident_done(s, rc, both, 2);
	if (status == STATUS_FINE)
		incident_say_raised(s, both[1], was, NULL);
	if (status == STATUS_FINE && differs.len)
		say_line(_("They differ; 'vedette incident split %llu --reason TEXT' takes it "
			   "back.\n"), (unsigned long long)both[0]);
	if (status == STATUS_FINE)
		status = tell_lines(buf_str(&differs));
	desk_settle(s->desk, NULL);
	buf_free(&differs);
	clocks_free(clocks);
	return status;
}

int incident_split(struct sitting *s, int argc, char **argv)
{
	const struct case_part part = { .ids = (const char *const *)argv + 1,
		.count = (size_t)argc - 1, .title = incident_conf.title,
		.reason = incident_conf.reason };
	struct case_ref r;
	u64 both[2];
	int rc;

	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	both[0] = r.number;
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = argc == 1 ? case_unmerge(s->desk, r, incident_conf.reason)
		   : case_split(s->desk, r, &part, &both[1]);
	return incident_done(s, rc, both, argc == 1 ? 1 : 2);
}

/* ---- small changes ---- */

int incident_assign(struct sitting *s, int argc, char **argv)
{
	struct case_ref r;
	int rc;

	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = case_assign(s->desk, r, argc > 1 ? argv[1] : desk_author(s->desk));
	return incident_done(s, rc, &r.number, 1);
}

int incident_title(struct sitting *s, int argc, char **argv)
{
	struct case_ref r;
	int rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = case_title(s->desk, r, argv[1]);
	return incident_done(s, rc, &r.number, 1);
}

/* Could who acts see afterwards what they see now? */
static int sees(struct sitting *s, struct marking was, struct marking would)
{
	return case_sight(s->desk, &(struct case_sight){ was, would,
			  gate_audience(s->gate)->clearance, incident_conf.hide });
}

/* What a note would do to the incident's label; nothing is kept. */
static int rehearse_note(struct sitting *s, u64 number, const struct marking *m)
{
	const struct marking was = incident_marking(s, number);
	const struct marking is = marking_join(was, m ? *m : was);
	struct incident *i = NULL;
	int rc = case_find(s->desk, number, &i);

	free(i);
	if (rc)
		return sitting_fault(s, rc);
	if (incident_conf.apart || marking_allows(is, was)) {
		printf(_("incident %llu would stay as it is marked\n"), (unsigned long long)number);
		return STATUS_FINE;
	}
	incident_say_raised(s, number, was, &is);
	printf("%s\n", _("  --apart keeps the note apart: only for who may have it"));
	return STATUS_FINE;
}

/* Two notes at once lose nothing, so what was last seen does not matter. */
int incident_note(struct sitting *s, int argc, char **argv)
{
	struct marking m = { LABEL_AMBER, PAP_AMBER }, was;
	struct case_ref r = { .expected = incident_conf.if_version };
	const struct marking *own = incident_conf.label ? &m : NULL;
	int rc, status = label_of("--label", incident_conf.label, &m);
	u64 seen;

	(void)argc;
	if (status || !incident_number(argv[0], &r.number))
		return STATUS_USAGE;
	if (notify_conf.dry_run)
		return rehearse_note(s, r.number, own);
	seen = incident_behind(s, r.number);
	was = incident_marking(s, r.number);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = incident_conf.apart ? case_note_apart(s->desk, r, argv[1], m)
					 : case_note(s->desk, r, argv[1], own);
	if (rc == 0 && (own || incident_conf.apart))
		rc = sees(s, was, incident_conf.apart ? m : marking_join(was, m));
	status = incident_done(s, rc, &r.number, 1);
	if (status == STATUS_FINE && seen)
		incident_saw(s, r.number, seen);
	if (status == STATUS_FINE)
		incident_say_raised(s, r.number, was, NULL);
	return status;
}

int incident_apart(struct sitting *s, int argc, char **argv)
{
	struct case_ref r;
	u64 note;
	int rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	if (num_u64(argv[1], 1, INT64_MAX, &note)) {
		say_error("'%s' is no number of a note; 'vedette incident show' has them",
			  argv[1]);
		return STATUS_USAGE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = case_apart(s->desk, r, note, incident_conf.reason);
	return incident_done(s, rc, &r.number, 1);
}

/* A false alarm becomes a mute of its subject and family until --until. */
static int mute_it(struct sitting *s, u64 number)
{
	struct mute m = { .reason = incident_conf.reason, .incident = number };
	struct incident *i = NULL;
	int rc = case_find(s->desk, number, &i);

	if (rc)
		return rc;
	m.rule = incident_conf.rule ? incident_conf.rule : i->family;
	m.subject = incident_conf.subject ? incident_conf.subject : i->subject;
	m.subject_kind = i->subject_kind;
	m.owner = incident_conf.owner;
	incident_time("until", incident_conf.until, 0, &m.expires);
	rc = mute_add(s->desk, &m, &number);
	free(i);
	return rc;
}

int incident_state(struct sitting *s, int argc, char **argv)
{
	u64 until;

	struct case_ref r;
	int state = choice_parse(incident_states, argv[1]), rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r) ||
	    !incident_time("until", incident_conf.until, 0, &until))
		return STATUS_USAGE;
	if (state < 0) {
		say_error("there is no state '%s'; 'vedette help incident' lists them",
			  argv[1]);
		return STATUS_USAGE;
	}
	desk_use_playbooks(s->desk, incident_conf.playbooks);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = case_state(s->desk, r, (enum incident_state)state, incident_conf.reason);
	if (rc == 0 && state == INCIDENT_FALSE_ALARM && until)
		rc = mute_it(s, r.number);
	return incident_done(s, rc, &r.number, 1);
}

int incident_label(struct sitting *s, int argc, char **argv)
{
	struct incident *i = NULL;
	struct marking m, was;
	struct case_ref r;
	char text[80];
	int rc, status;

	snprintf(text, sizeof text, "%s%s%s", argv[1], argc > 2 ? " " : "",
		 argc > 2 ? argv[2] : "");
	if (!incident_ref(s, argv[0], &r))
		return STATUS_USAGE;
	if ((rc = desk_begin(s->desk)) == 0)
		rc = case_find(s->desk, r.number, &i);
	m = was = i ? (struct marking){ i->tlp, i->pap } : MARKING_STRICTEST;
	free(i);
	if (rc == 0 && label_of("label", text, &m)) {
		desk_end(s->desk, OOPS_UNKNOWN);
		return STATUS_USAGE;
	}
	if (rc == 0)
		rc = incident_conf.member ? case_mark(s->desk, r, MEMBER_FINDING,
			incident_conf.member, m) : case_label(s->desk, r, m,
			incident_conf.reason);
	if (rc == 0)
		rc = sees(s, was, incident_conf.member ? marking_join(was, m) : m);
	status = incident_done(s, rc, &r.number, 1);
	if (status == STATUS_FINE)
		incident_say_raised(s, r.number, was, NULL);
	return status;
}
