/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_export.c - `vedette incident export`: incidents with all that hangs on them in a
 * format of others. It is `vedette share export --incident`, at hand where one works. */
#include "cli/incident.h"
#include "cli/notify.h"
#include "cli/share.h"
#include "dns/suffix.h"

int incident_export(struct sitting *s, int argc, char **argv)
{
	(void)argc;
	share_conf.incident = argv[0];
	share_conf.format = incident_conf.format;
	share_conf.to = notify_conf.to;
	share_conf.samples = 5;
	share_conf.redact = incident_conf.redacted;
	share_conf.name_reporters = incident_conf.name_reporters;
	share_conf.output = incident_conf.output;
	share_block.suffixes = SUFFIX_FILE;	/* what a block list may not hold */
	return share_export(s, 0, NULL);
}
