/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - all commands, in the order of help and manual. One row each. */
#include "cli/cli.h"

extern const struct command command_observe, command_contacts, command_verify, command_stats,
	command_incident, command_findings, command_show, command_explain, command_pack, command_replay,
	command_config, command_help, command_manual, command_complete;

const struct command *const commands[] = {
	&command_observe,
	&command_verify,
	&command_stats,
	&command_findings,
	&command_show,
	&command_incident,
	&command_contacts,
	&command_explain,
	&command_pack,
	&command_replay,
	&command_config,
	&command_help,
	&command_manual,
	&command_complete,
	NULL
};
