/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.c - see look.h. */
#include "cli/look.h"
#include "cli/cli.h"
#include "cli/say.h"

const struct opt look_rows[] = {
	{ .name = "clearance", .type = OPT_TEXT, .at = offsetof(struct look_conf, clearance),
	  .arg = "LABELS", .def = "TLP:RED PAP:RED",
	  .help = N_("show nothing that is marked stricter: \"amber\", \"TLP:GREEN "
	  	"PAP:CLEAR\"") },
	{ .name = NULL }
};

static int open_gate(struct look *s, const struct look_conf *as)
{
	struct audience who = { N_("this clearance"), MARKING_STRICTEST };
	int rc;

	if (as->clearance && marking_parse(as->clearance, &who.clearance)) {
		say_no_label("--clearance", as->clearance);
		return STATUS_USAGE;
	}
	rc = gate_open(&s->gate, NULL, s->store, &who);
	if (rc)
		say_error("%s", oops_text(rc));
	return rc ? STATUS_TROUBLE : STATUS_FINE;
}

int look_open(struct look *ret, const struct stored_conf *c, const struct look_conf *as)
{
	char why[STORE_WHY];

	if (c->db == NULL) {
		say_no_store();
		return STATUS_USAGE;
	}
	if (store_open(&ret->store, c->db, STORE_READ, why) == 0)
		return open_gate(ret, as);
	say_error("%s", why);
	return STATUS_INPUT;
}

void look_close(struct look *s)
{
	if (s->gate && gate_withheld(s->gate))
		say_error(n_("%llu finding is withheld: it is marked stricter than --clearance",
			     "%llu findings are withheld: they are marked stricter than "
			     "--clearance", gate_withheld(s->gate)),
			  (unsigned long long)gate_withheld(s->gate));
	gate_close(s->gate);
	store_close(s->store);
	*s = (struct look){ 0 };
}
