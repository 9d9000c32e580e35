/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rrtype.c - the names are libknot's; what it does not know is written like the
 * unknown types of RFC 3597, 5: TYPE65280, CLASS7, RCODE12, OPCODE3. */
#include "dns/rrtype.h"
#include <libknot/codes.h>
#include <libknot/descriptor.h>
#include <strings.h>

/* A name, or `word` and the number where there is none. */
static char *put(char to[RRTYPE_TEXT_MAX], const char *name, const char *word, unsigned n)
{
	if (name)
		snprintf(to, RRTYPE_TEXT_MAX, "%s", name);
	else
		snprintf(to, RRTYPE_TEXT_MAX, "%.8s%u", word, n);
	return to;
}

char *rrtype_text(u16 type, char to[RRTYPE_TEXT_MAX])
{
	if (knot_rrtype_to_string(type, to, RRTYPE_TEXT_MAX) < 0)
		put(to, NULL, "TYPE", type);
	return to;
}

char *rrclass_text(u16 rrclass, char to[RRTYPE_TEXT_MAX])
{
	if (knot_rrclass_to_string(rrclass, to, RRTYPE_TEXT_MAX) < 0)
		put(to, NULL, "CLASS", rrclass);
	return to;
}

char *rcode_text(unsigned rcode, char to[RRTYPE_TEXT_MAX])
{
	const knot_lookup_t *l = knot_lookup_by_id(knot_rcode_names, (int)rcode);

	return put(to, l ? l->name : NULL, "RCODE", rcode);
}

char *opcode_text(unsigned opcode, char to[RRTYPE_TEXT_MAX])
{
	const knot_lookup_t *l = knot_lookup_by_id(knot_opcode_names, (int)opcode);

	return put(to, l ? l->name : NULL, "OPCODE", opcode);
}

int rrtype_parse(const char *text)
{
	u16 type;

	/* libknot would take a sign or a space after TYPE */
	if (strncasecmp(text, "TYPE", 4) == 0 && (text[4] < '0' || text[4] > '9'))
		return OOPS_UNKNOWN;
	return knot_rrtype_from_string(text, &type) == 0 ? type : OOPS_UNKNOWN;
}
