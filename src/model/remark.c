/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remark.c - see remark.h. */
#include "model/remark.h"
#include "base/buf.h"
#include "base/tongue.h"

#define F(name, text) [REMARK_##name] = text,
const char *const remarks[] = { REMARKS(F) [REMARK_COUNT] = NULL };
#undef F

const char *remark_address(const char *text, char to[REMARK_ADDRESS_MAX])
{
	const size_t own = strlen(REMARK_ADDRESS) - 2, n = strcspn(text, "\n");

	to[0] = 0;
	if (n > own && text[n] && strncmp(text, REMARK_ADDRESS, own) == 0 &&
	    n - own < REMARK_ADDRESS_MAX)
		snprintf(to, REMARK_ADDRESS_MAX, "%.*s", (int)(n - own), text + own);
	return to;
}

const char *behind_remark(const char *text)
{
	const size_t n = strcspn(text, "\n");
	char address[REMARK_ADDRESS_MAX];

	if (remark_address(text, address)[0])
		return text + n + 1;

	for (const char *const *r = remarks; *r && text[n]; r++)
		if (strlen(*r) == n && memcmp(text, *r, n) == 0)
			return text + n + 1;
	return text;
}

void remark_said(struct buf *out, const struct tongue *t, const char *text)
{
	const char *rest = behind_remark(text);
	char address[REMARK_ADDRESS_MAX];

	if (remark_address(text, address)[0]) {
		buf_fmt(out, say_in(t, REMARK_ADDRESS), address);
		buf_byte(out, '\n');
	}
	for (const char *const *r = remarks; *r && rest > text; r++)
		if (strncmp(*r, text, (size_t)(rest - text) - 1) == 0) {
			buf_fmt(out, "%s\n", say_in(t, *r));
			break;
		}
	buf_text(out, rest);
}
