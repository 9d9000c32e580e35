/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail_charset.c - names of character sets in mail; see exchange_mail.h.
 *
 * GMime's conversions go through iconv, which opens a file for each character set when it is
 * first used; that is not allowed behind the walls. So the sets that mail has are opened
 * before (prepare()), and names of others in the message are made unknown ones, before it is
 * parsed: their text is then read as it stands. */
#include "share/exchange_mail.h"
#include <gmime/gmime.h>
#include <iconv.h>
#include <strings.h>

static const char *const charsets[] = {
	"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4",
	"iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-8-i", "iso-8859-9",
	"iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
	"windows-874", "windows-1250", "windows-1251", "windows-1252", "windows-1253",
	"windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
	"cp1252", "cp1251", "koi8-r", "koi8-u", "ibm866", "macintosh", "gbk", "gb2312",
	"gb18030", "big5", "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr", "ks_c_5601-1987",
	"iso-2022-kr", "tis-620", "utf-16", "utf-16le", "utf-16be", "utf-7", "latin1",
};

/* GMime and its tables live as long as the process, like what iconv holds. */
void mail_prepare(void)
{
	static iconv_t held[COUNT(charsets)];

	if (held[0])
		return;
	g_mime_init();
	for (size_t i = 0; i < COUNT(charsets); i++)
		held[i] = iconv_open("UTF-8", g_mime_charset_iconv_name(charsets[i]));
}

/* ---- names of character sets ---- */

static bool is_known(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT(charsets); i++)
		if (strlen(charsets[i]) == n && strncasecmp(charsets[i], name, n) == 0)
			return true;
	return false;
}

static size_t name_at(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && n < 64 && ((p[n] | 32) >= 'a' ? (p[n] | 32) <= 'z'
	       : (p[n] >= '0' && p[n] <= '9') || strchr("-_.:+", p[n])) && p[n])
		n++;
	return n;
}

static void make_unknown(char *p, size_t n)
{
	if (n && !is_known(p, n))
		memset(p, 'x', n);
}

/* "charset=NAME", "charset*=NAME", with blanks and quotes: where NAME begins, or NULL. */
static char *behind_charset(char *p, char *end)
{
	p += 7;
	while (p < end && strchr("*0123456789 \t\r\n", *p) && *p)
		p++;
	if (p >= end || *p++ != '=')
		return NULL;
	while (p < end && *p && strchr(" \t\r\n\"'", *p))
		p++;
	return p;
}

/* In a copy of the message. */
void mail_mask_charsets(char *text, size_t n)
{
	char *end = text + n, *at;

	for (char *p = text; p + 2 < end; p++) {
		if (p[0] == '=' && p[1] == '?')
			make_unknown(p + 2, name_at(p + 2, end));
		else if (p[0] == '*' && p[1] == '=')
			make_unknown(p + 2 + (p[2] == '"'),
				     name_at(p + 2 + (p[2] == '"'), end));
		else if ((*p | 32) == 'c' && end - p > 8 &&
			 strncasecmp(p, "charset", 7) == 0 && (at = behind_charset(p, end)))
			make_unknown(at, name_at(at, end));
	}
}
