/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ticket.c - see ticket.h. */
#include "model/ticket.h"

#define HEX "0123456789abcdef"
#define TOKEN_DIGITS 16u

const char *ticket_key_in(const char *text, char to[TICKET_KEY_MAX])
{
	while (*text) {
		size_t n = strspn(text, HEX);

		if (n == TICKET_KEY_MAX - 1 && text[n] == '@') {
			snprintf(to, TICKET_KEY_MAX, "%.64s", text);
			return text + n;
		}
		text += n;
		text += strcspn(text, HEX);
	}
	return NULL;
}

bool ticket_token_in(const char *text, char to[TICKET_TOKEN_MAX])
{
	for (const char *p = text; (p = strstr(p, "vd-")); p += 3) {
		if (strspn(p + 3, HEX) != TOKEN_DIGITS)
			continue;
		snprintf(to, TICKET_TOKEN_MAX, "%.19s", p);
		return true;
	}
	return false;
}
