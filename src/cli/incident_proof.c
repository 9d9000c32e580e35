/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_proof.c - `vedette incident proof`: the record of one incident for a regulator or
 * a compliance team. */
#include "cli/cli.h"
#include "cli/incident.h"
#include "cli/notify.h"
#include "cli/output.h"
#include "cli/say.h"
#include "respond/contact.h"
#include "respond/proof.h"

/* A gate for the contact of --to. What it refuses is refused through a release, too, because
 * that is noted in the log. NULL and *status. */
static struct gate *gate_for(struct sitting *s, u64 number, int *status)
{
	const struct gate_wish wish = { .incidents = &number, .incident_count = 1,
		.parts = GATE_ALL };
	struct release *release = NULL;
	struct contact *c = NULL;
	struct gate *g = NULL;

	*status = STATUS_USAGE;
	if (contact_find(s->desk, notify_conf.to, &c) != 1) {
		say_error("there is no contact '%s'", notify_conf.to);
		return NULL;
	}
	if (gate_open(&g, s->desk, NULL, &(struct audience){ c->id, { c->tlp, c->pap } }) == 0 &&
	    (gate_release(g, &wish, MARKING_STRICTEST, incident_conf.redacted
			  ? RELEASE_REDACTED : RELEASE_WHOLE, &release) ||
	     !release_good(release))) {
		say_error(release ? N_("incident %llu holds what '%s' may not have; it was "
			  "refused. --redacted leaves it out")
			  : N_("there is no incident %llu for '%s'"), (unsigned long long)number,
			  c->id);
		g = gate_close(g);
	}
	release_free(release);
	free(c);
	return g;
}

static int finish(struct sitting *s, u64 number, const struct gate *g,
		  const struct buf *record)
{
	char seal[65];
	int rc = output_write(incident_conf.output, record);

	if (rc) {
		say_error("%s: the proof cannot be written: %s", incident_conf.output,
			  oops_text(rc));
		return STATUS_TROUBLE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = proof_note(s->desk, number, gate_audience(g)->name,
				proof_seal(record, seal));
	rc = desk_end(s->desk, rc);
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}

int incident_proof(struct sitting *s, int argc, char **argv)
{
	struct buf record = { 0 }, page = { 0 };
	struct gate *own = NULL, *g = s->gate;
	int rc, status = STATUS_FINE;
	u64 number;

	(void)argc;
	if (!incident_number(argv[0], &number))
		return STATUS_USAGE;
	if (notify_conf.to && (g = own = gate_for(s, number, &status)) == NULL)
		return status;
	rc = proof_write(s->desk, g, (struct proof_wish){ number, incident_conf.redacted },
			 &record, &page);
	if (rc) {
		say_error("%s", rc == -EPERM ? gate_error(g) : desk_error(s->desk));
		status = rc == -EPERM || rc == OOPS_UNKNOWN ? STATUS_USAGE : STATUS_TROUBLE;
	} else if (incident_conf.output) {
		status = finish(s, number, g, &record);
	}
	if (rc == 0 && status == STATUS_FINE)
		status = say_print(&page);
	gate_close(own);
	buf_free(&record);
	buf_free(&page);
	return status;
}
