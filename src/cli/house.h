/* SPDX-License-Identifier: GPL-3.0-or-later */
/* house.h - what `vedette serve` needs to know of the house, from the same options that the
 * commands of the desk have: clocks, playbooks, letters, mail, webhooks, facts. */
#pragma once
#include "base/buf.h"
#include "base/opt.h"
#include "respond/house.h"
#include "run/tell.h"

struct house_open {
	struct house house;
	struct tell_conf tell;
	struct clocks *clocks;
	struct { struct buf options, playbooks; } said[TONGUES_MAX];	/* as JSON, by language */
};
/* The groups of options: their number. */
unsigned house_groups(struct opt_group *out, unsigned max);
/* Reads what the options name: a status and it was said why. Must outlive the desks that are
 * settled with it. house_close() in any case. */
int house_open(struct house_open *ret, const struct opts *o);
void house_close(struct house_open *h);
/* Appends what the settings page shows, as JSON in the language of this thread: the options of
 * a set with help, value and source; the playbooks with their tasks. */
void house_put_options(struct buf *out, const struct opts *o);
void house_put_playbooks(struct buf *out);
/* The desk works as this house does. */
void house_settle(const struct house_open *h, struct desk *d);
