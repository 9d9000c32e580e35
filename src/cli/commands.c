/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - all commands, in the order of help and manual. One line each. */
#include "cli/cli.h"

#define COMMANDS(F)                                                            \
	F(observe)                                                             \
	F(verify)                                                              \
	F(stats)                                                               \
	F(findings)                                                            \
	F(show)                                                                \
	F(incident)                                                            \
	F(inbox)                                                               \
	F(share)                                                               \
	F(log)                                                                 \
	F(contacts)                                                            \
	F(notices)                                                             \
	F(explain)                                                             \
	F(pack)                                                                \
	F(replay)                                                              \
	F(serve)                                                               \
	F(user)                                                                \
	F(backup)                                                              \
	F(config)                                                              \
	F(help)                                                                \
	F(manual)                                                              \
	F(complete)

#define F(name) extern const struct command command_##name;
COMMANDS(F)
#undef F
#define F(name) &command_##name,
const struct command *const commands[] = {
	COMMANDS(F)
	NULL
#undef F
};
