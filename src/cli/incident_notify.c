/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_notify.c - `vedette incident notify`: a letter about an incident to somebody who
 * can act. What waits and what was sent is told by `vedette notices`. */
#include "cli/cli.h"
#include "cli/incident.h"
#include "cli/notify.h"

int incident_notify(struct sitting *s, int argc, char **argv)
{
	u64 number;

	(void)argc;
	if (!incident_number(argv[0], &number))
		return STATUS_USAGE;
	notify_conf.redacted = incident_conf.redacted;
	notify_conf.name_reporters = incident_conf.name_reporters;
	return notify_incident(s, number);
}
