/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marked.c - see marked.h. */
#include "run/marked.h"

int marked_read(const char *text, struct marking *ret, char why[OPT_WHY])
{
	*ret = MARKING_FOUND;
	if (text == NULL || marking_parse(text, ret) == 0)
		return 0;
	snprintf(why, OPT_WHY, N_("--marking: '%.60s' is no label; write TLP:CLEAR, TLP:GREEN, "
		 "TLP:AMBER, TLP:AMBER+STRICT or TLP:RED, and PAP:CLEAR to PAP:RED"), text);
	return OOPS_RANGE;
}
