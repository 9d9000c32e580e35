/* SPDX-License-Identifier: GPL-3.0-or-later */
/* house.c - see house.h. */
#include "cli/house.h"
#include "cli/cli.h"
#include "cli/inbox.h"
#include "cli/incident.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "respond/clock.h"
#include "run/tell_drill.h"

unsigned house_groups(struct opt_group *out, unsigned max)
{
	unsigned n = 1;

	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("Sets of clocks, playbooks"), incident_house_rows,
		&incident_conf };
	n += inbox_house_groups(out + n, max - n);
	n += notify_house_groups(out + n, max - n);
	return n + notify_hook_groups(out + n, max - n);
}

/* In every language, while the files can be read: who will ask is not known yet. */
static void say_all(struct house_open *ret, const struct opts *o)
{
	const struct tongue *own = tongue_now(), *t = NULL;

	for (size_t i = 0; i < TONGUES_MAX && (t == NULL || t->lang); t = &tongues[i++]) {
		tongue_speak(t);
		house_put_options(&ret->said[i].options, o);
		house_put_playbooks(&ret->said[i].playbooks);
	}
	tongue_speak(own);
}

int house_open(struct house_open *ret, const struct opts *o)
{
	char why[CLOCK_WHY];
	int status = STATUS_FINE;

	*ret = (struct house_open){ .tell = notify_tell() };
	if (clocks_open(&ret->clocks, incident_conf.clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	status = inbox_setup(&ret->house.inbox);
	say_all(ret, o);
	ret->house.clocks = ret->clocks;
	ret->house.write = tell_write;
	ret->house.drill = tell_drill_write;
	ret->house.own = &ret->tell;
	return status;
}

void house_close(struct house_open *h)
{
	h->clocks = clocks_free(h->clocks);
	for (size_t i = 0; i < TONGUES_MAX; i++) {
		buf_free(&h->said[i].options);
		buf_free(&h->said[i].playbooks);
	}
}

void house_settle(const struct house_open *h, struct desk *d)
{
	desk_settle(d, &h->house);
	desk_use_playbooks(d, incident_conf.playbooks);
}
