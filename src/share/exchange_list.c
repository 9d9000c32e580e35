/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_list.c - block lists of one entry a line, in the ways that filters read them.
 *
 *   hosts     0.0.0.0 bad.example                        that name only
 *   dnsmasq   address=/bad.example/                      NXDOMAIN, also below it
 *             address=/bad.example/#                     null addresses
 *             server=/good.bad.example/#                 asked as usual
 *   unbound   local-zone: "bad.example." always_nxdomain   also below it
 *   list      bad.example, 192.0.2.1, https://bad.example/x, 192.0.2.0/24
 *
 * Written are names (list: any subject), sorted, each once; a name that stands below another
 * one with the same action is not repeated where the filter blocks below. What has expired
 * and what would block too much is left out (overblock.h).
 *
 * One reader takes them all, and those of ad blockers (||bad.example^) and wildcards
 * (*.bad.example): it looks at the line, not at the file. What is behind a # or a ; is a
 * remark. A row of a table is no entry, also when a URL begins it. Only subject and action
 * are carried: these formats have no more. */
#include "share/overblock.h"
#include "share/rest.h"
#include "share/rows.h"
#include "base/plain.h"
#include "base/stamp.h"
#include <strings.h>

#define LINE_OCTETS_MAX 4096u

struct entry { char *name; u8 action; };

/* Of two for one name: what must pass, passes. */
static const u8 weight[] = {
	[ACTION_NONE] = 1, [ACTION_NXDOMAIN] = 1, [ACTION_NODATA] = 0,
	[ACTION_DROP] = 2, [ACTION_PASSTHRU] = 3,
};

/* ---- writing ---- */

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = strcmp(x->name, y->name);

	return d ? d : (int)weight[y->action] - (int)weight[x->action];
}

static bool is_name(const struct item *i, char to[OVERBLOCK_NAME_MAX])
{
	unsigned bits;
	u8 at[16];

	return (i->subject_kind == SUBJECT_DOMAIN || i->subject_kind == SUBJECT_ZONE) &&
	       !overblock_bits(i->subject, at, &bits) && overblock_ascii(i->subject, to) &&
	       subject_kind_of(to) == SUBJECT_DOMAIN;
}

static bool name_omits(const struct exchange_write *w, const struct item *i,
		       char why[EXCHANGE_WHY])
{
	char name[OVERBLOCK_NAME_MAX];

	if (overblock_omits(w, i, why))
		return true;
	if (is_name(i, name))
		return false;
	snprintf(why, EXCHANGE_WHY, N_("%s: the list holds names only"),
		 i->subject_kind ? subject_kinds[i->subject_kind] : N_("not a name"));
	return true;
}

/* A hosts file cannot say that a name is to pass. */
static bool hosts_omits(const struct exchange_write *w, const struct item *i,
			char why[EXCHANGE_WHY])
{
	if (name_omits(w, i, why))
		return true;
	if (i->action != ACTION_PASSTHRU)
		return false;
	snprintf(why, EXCHANGE_WHY, N_("names that shall pass have no place in it"));
	return true;
}

/* A URL may hold commas, semicolons and bars; behind none of them stand a time, an address or
 * another URL, unless it is a row of a table. */
static bool is_row(const char *p)
{
	for (p = strpbrk(p, ",;|"); p; p += strcspn(p, ",;|"), p = *p ? p : NULL)
		if (p++, csv_cell(p, strcspn(p, ",;|")))
			return true;
	return false;
}

/* Would the reader know it again? */
static bool reads_back(const char *subject)
{
	struct buf clean = { 0 };
	bool same;

	subject_clean(&clean, subject, strlen(subject));
	same = strcmp(buf_str(&clean), subject) == 0 && !strpbrk(subject, " \t\r\n^*|") &&
	       !is_row(subject) &&
	       subject_kind_of(subject) != SUBJECT_OTHER;
	buf_free(&clean);
	return same;
}

static bool list_omits(const struct exchange_write *w, const struct item *i,
		       char why[EXCHANGE_WHY])
{
	if (overblock_omits(w, i, why))
		return true;
	if (i->action == ACTION_PASSTHRU) {
		snprintf(why, EXCHANGE_WHY, N_("names that shall pass have no place in "
			"it"));
		return true;
	}
	if (reads_back(i->subject))
		return false;
	snprintf(why, EXCHANGE_WHY, N_("it cannot stand on a line of its own"));
	return true;
}

typedef bool omits_fn(const struct exchange_write *w, const struct item *i,
		      char why[EXCHANGE_WHY]);

static i64 gather(const struct exchange_write *w, omits_fn *omits, struct entry **ret)
{
	size_t count = release_count(w->release), n = 0;
	char why[EXCHANGE_WHY], name[OVERBLOCK_NAME_MAX];

	if ((*ret = calloc(count + 1, sizeof **ret)) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct item *it = release_item(w->release, i);
		struct entry *e = *ret + n;

		if (omits(w, it, why))
			continue;
		e->name = strdup(omits != list_omits && is_name(it, name) ? name
				 : it->subject);
		e->action = it->action;
		if (e->name == NULL)
			return -ENOMEM;
		n++;
	}
	qsort(*ret, n, sizeof **ret, by_name);
	return (i64)n;
}

static void put_head(struct buf *out, const struct exchange_write *w, const char *what)
{
	const char *by = w->producer ? w->producer : "Vedette";
	char stamp[STAMP_TEXT_MAX];

	buf_fmt(out, "# %s, made by ", what);
	plain_text(out, by, strlen(by));
	buf_fmt(out, " at %s\n", stamp_text(w->at, 0, stamp));
}

/* Does a name above this one in the list already do the same to it? */
static bool is_covered(const struct entry *e, size_t n, const struct entry *one)
{
	const char *above = one->name;

	while ((above = strchr(above, '.')) && *++above) {
		struct entry want = { (char *)(uintptr_t)above, ACTION_PASSTHRU };
		size_t low = 0, high = n;

		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (by_name(&e[mid], &want) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < n && strcmp(e[low].name, above) == 0)
			return e[low].action == one->action;
	}
	return false;
}

typedef void put_fn(struct buf *out, const struct entry *e);

static void put_hosts(struct buf *out, const struct entry *e)
{
	buf_fmt(out, "0.0.0.0 %s\n", e->name);
}

static void put_dnsmasq(struct buf *out, const struct entry *e)
{
	if (e->action == ACTION_PASSTHRU)
		buf_fmt(out, "server=/%s/#\n", e->name);
	else
		buf_fmt(out, "address=/%s/%s\n", e->name,
			e->action == ACTION_NODATA ? "#" : "");
}

static void put_unbound(struct buf *out, const struct entry *e)
{
	static const char *const types[] = {
		[ACTION_NONE] = "always_nxdomain", [ACTION_NXDOMAIN] = "always_nxdomain",
		[ACTION_NODATA] = "always_nodata", [ACTION_DROP] = "always_deny",
		[ACTION_PASSTHRU] = "always_transparent",
	};

	buf_fmt(out, "local-zone: \"%s.\" %s\n", e->name, types[e->action]);
}

static void put_plain(struct buf *out, const struct entry *e)
{
	buf_fmt(out, "%s\n", e->name);
}

static int write_list(struct buf *out, const struct exchange_write *w, omits_fn *omits,
		      put_fn *put)
{
	struct entry *e;
	i64 n = gather(w, omits, &e);

	for (i64 i = 0; i < n; i++) {
		if (i && strcmp(e[i].name, e[i - 1].name) == 0)
			continue;
		if (put != put_hosts && put != put_plain && is_covered(e, (size_t)n, &e[i]))
			continue;
		put(out, &e[i]);
	}
	for (size_t i = 0; e && e[i].name; i++)
		free(e[i].name);
	free(e);
	return n < 0 ? (int)n : buf_error(out);
}

static int hosts_write(struct buf *out, const struct exchange_write *w,
		       char why[EXCHANGE_WHY])
{
	(void)why;
	put_head(out, w, "Hosts file");
	return write_list(out, w, hosts_omits, put_hosts);
}

static int dnsmasq_write(struct buf *out, const struct exchange_write *w,
			 char why[EXCHANGE_WHY])
{
	(void)why;
	put_head(out, w, "Block list for dnsmasq (conf-file=)");
	return write_list(out, w, name_omits, put_dnsmasq);
}

static int unbound_write(struct buf *out, const struct exchange_write *w,
			 char why[EXCHANGE_WHY])
{
	(void)why;
	put_head(out, w, "Block list for Unbound (include: below server:)");
	buf_text(out, "server:\n");
	return write_list(out, w, name_omits, put_unbound);
}

static int list_write(struct buf *out, const struct exchange_write *w,
		      char why[EXCHANGE_WHY])
{
	(void)why;
	put_head(out, w, "List");
	return write_list(out, w, list_omits, put_plain);
}

/* ---- reading ---- */

/* What a line says: kinds of lines that tell the format, for guessing. */
enum line { LINE_EMPTY, LINE_PLAIN, LINE_HOSTS, LINE_DNSMASQ, LINE_UNBOUND, LINE_BAD };

static const struct { const char *word; u8 action; } zone_types[] = {
	{ "always_nxdomain", ACTION_NXDOMAIN }, { "always_nodata", ACTION_NODATA },
	{ "always_deny", ACTION_DROP }, { "always_transparent", ACTION_PASSTHRU },
	{ "always_null", ACTION_NODATA }, { "always_refuse", ACTION_NXDOMAIN },
	{ "transparent", ACTION_PASSTHRU }, { "static", ACTION_NXDOMAIN },
	{ "deny", ACTION_DROP }, { "refuse", ACTION_NXDOMAIN },
	{ "redirect", ACTION_NONE }, { "inform_deny", ACTION_DROP },
};

/* "local-zone: "name." type": the name into *p. */
static enum line unbound_line(char *p, char **subject, u8 *action)
{
	char *end;

	if (strcasecmp(p, "server:") == 0 || strncasecmp(p, "local-data", 10) == 0)
		return LINE_EMPTY;
	if (strncasecmp(p, "local-zone:", 11))
		return LINE_BAD;
	p += 11;
	p += strspn(p, " \t\"'");
	end = p + strcspn(p, " \t\"'");
	if (*end == 0)
		return LINE_BAD;
	*end++ = 0;
	end += strspn(end, " \t\"'");
	*subject = p;
	for (size_t i = 0; i < COUNT(zone_types); i++)
		if (strcasecmp(end, zone_types[i].word) == 0) {
			*action = zone_types[i].action;
			return LINE_UNBOUND;
		}
	return LINE_BAD;
}

/* "address=/name/what", "local=/name/", "server=/name/#". */
static enum line dnsmasq_line(char *p, char **subject, u8 *action)
{
	char *slash = strchr(p, '/'), *end = slash ? strrchr(slash + 1, '/') : NULL;

	if (end == NULL)
		return LINE_BAD;
	*end++ = 0;
	*subject = slash + 1;
	if (*p == 's' && *end == '#')
		*action = ACTION_PASSTHRU;
	else
		*action = *end ? ACTION_NODATA : ACTION_NXDOMAIN;
	return strchr(*subject, '/') ? LINE_BAD : LINE_DNSMASQ;
}

static bool starts(const char *p, const char *with)
{
	return strncasecmp(p, with, strlen(with)) == 0;
}

/* "0.0.0.0 name": the name behind an address that leads nowhere. */
static enum line hosts_line(char *p, char **subject, u8 *action)
{
	static const char *const nowhere[] = { "0.0.0.0", "127.0.0.1", "::", "::1", "0" };
	size_t n = strcspn(p, " \t");

	for (size_t i = 0; p[n] && i < COUNT(nowhere); i++) {
		if (strlen(nowhere[i]) != n || memcmp(p, nowhere[i], n))
			continue;
		p += n + strspn(p + n, " \t");
		p[strcspn(p, " \t")] = 0;
		*subject = p;
		*action = ACTION_NONE;
		return LINE_HOSTS;
	}
	return LINE_BAD;
}

/* Adblock's and wildcards' marks off. */
static char *bare(char *p)
{
	size_t n;

	if (starts(p, "@@||"))
		return NULL;
	if (starts(p, "*://"))
		p += 4;
	p += strspn(p, "|");
	if (starts(p, "*."))
		p += 2;
	else if (*p == '.')
		p++;
	n = strcspn(p, "^$");
	if (p[n] == '^')
		p[n] = 0;
	n = strlen(p);
	if (n > 2 && strcmp(p + n - 2, "/*") == 0)
		p[n - 2] = 0;
	return p;
}

/* A line without its end; it is changed. */
static enum line look(char *p, char **subject, u8 *action)
{
	enum line is;
	size_t n;

	p += strspn(p, " \t");
	*action = ACTION_NONE;
	if (*p == 0 || strchr("#;!", *p) || (*p == '[' && strchr(p, ' ')))
		return LINE_EMPTY;
	for (char *c = p; (c = strpbrk(c, "#;")); c++) {
		if (c > p && (c[-1] == ' ' || c[-1] == '\t')) {
			*c = 0;
			break;
		}
	}
	for (n = strlen(p); n && strchr(" \t\r", p[n - 1]); n--)
		p[n - 1] = 0;
	if (starts(p, "server:") || starts(p, "local-"))
		return unbound_line(p, subject, action);
	if (starts(p, "address=/") || starts(p, "server=/") || starts(p, "local=/"))
		return dnsmasq_line(p, subject, action);
	if ((is = hosts_line(p, subject, action)) != LINE_BAD)
		return is;
	if ((*subject = bare(p)) == NULL)
		return LINE_EMPTY;
	n = strcspn(*subject, " \t,");
	if ((*subject)[n] && strchr(" \t", (*subject)[n]) &&
	    strspn(*subject + n, " \t0123456789") == strlen(*subject + n))
		(*subject)[n] = 0;	/* a count behind it */
	if (strstr(*subject, "://"))
		return strpbrk(*subject, " \t") || is_row(*subject) ? LINE_BAD : LINE_PLAIN;
	return strpbrk(*subject, " \t,") ? LINE_BAD : LINE_PLAIN;
}

/* The names that every hosts file has. */
static bool is_local(const char *name)
{
	static const char *const own[] = { "localhost", "localhost.localdomain", "local",
		"broadcasthost", "ip6-localhost", "ip6-loopback", "0.0.0.0" };

	for (size_t i = 0; i < COUNT(own); i++)
		if (strcasecmp(name, own[i]) == 0)
			return true;
	return false;
}

static int say(const struct exchange_read *r, const char *text, u8 action, u64 number)
{
	struct marking unmarked = rest_unmarked(NULL);
	struct item i = { .kind = ITEM_INDICATOR, .action = action, .confidence = 50,
		.tlp = unmarked.tlp, .pap = unmarked.pap,
		.severity = SEVERITY_MEDIUM, .title = N_("entry of a list") };
	struct buf subject = { 0 };
	char where[40], id[65];
	int rc;

	subject_clean(&subject, text, strlen(text));
	i.subject = buf_str(&subject);
	i.subject_kind = (u8)subject_kind_of(i.subject);
	rc = buf_error(&subject);
	if (rc == 0 && i.subject_kind == SUBJECT_OTHER) {
		snprintf(where, sizeof where, "line %llu", (unsigned long long)number);
		if (!is_local(text))
			r->trouble(r->to, where, N_("no name, address or URL"));
	} else if (rc == 0) {
		item_identify(&i, id);
		rc = r->item(r->to, &i);
	}
	buf_free(&subject);
	return rc;
}

static int list_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	const char *p = (const char *)r->octets, *end = p + r->n, *stop;
	char line[LINE_OCTETS_MAX], where[40], *subject;
	enum line is;
	u8 action;
	int rc = 0;

	(void)why;
	for (u64 number = 1; p < end && rc == 0; p = stop + 1, number++) {
		size_t n;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		n = (size_t)(stop - p);
		snprintf(where, sizeof where, "line %llu", (unsigned long long)number);
		if (n >= sizeof line || memchr(p, 0, n)) {
			r->trouble(r->to, where, N_("not a line of text"));
			continue;
		}
		memcpy(line, p, n);
		line[n] = 0;
		is = look(line, &subject, &action);
		if (is == LINE_BAD)
			r->trouble(r->to, where, N_("not an entry of a list"));
		else if (is != LINE_EMPTY)
			rc = say(r, subject, action, number);
	}
	return rc;
}

/* What most of the first lines are; LINE_BAD when it is nothing of the kind. */
static enum line guess(const u8 *octets, size_t n)
{
	const char *p = (const char *)octets, *end = p + n, *stop;
	unsigned count[LINE_BAD + 1] = { 0 }, lines = 0;
	char line[LINE_OCTETS_MAX], *subject;
	enum line best = LINE_PLAIN;
	u8 action;

	for (; p < end && lines < 50; p = stop + 1) {
		enum line is;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		n = (size_t)(stop - p);
		if (n >= sizeof line || memchr(p, 0, n))
			return LINE_BAD;
		memcpy(line, p, n);
		line[n] = 0;
		is = look(line, &subject, &action);
		if (is == LINE_PLAIN && subject_kind_of(subject) == SUBJECT_OTHER)
			is = LINE_BAD;
		count[is]++;
		lines += is != LINE_EMPTY;
	}
	for (enum line l = LINE_PLAIN; l < LINE_BAD; l++)
		if (count[l] > count[best])
			best = l;
	return count[best] && count[LINE_BAD] * 4 <= count[best] ? best : LINE_BAD;
}

static bool hosts_knows(const u8 *octets, size_t n)
{
	return guess(octets, n) == LINE_HOSTS;
}

static bool dnsmasq_knows(const u8 *octets, size_t n)
{
	return guess(octets, n) == LINE_DNSMASQ;
}

static bool unbound_knows(const u8 *octets, size_t n)
{
	return guess(octets, n) == LINE_UNBOUND;
}

static bool list_knows(const u8 *octets, size_t n)
{
	return guess(octets, n) == LINE_PLAIN && !csv_headed(octets, n);
}

#define CAP { LABEL_AMBER, PAP_GREEN }
#define LEFT_OUT "Left out is what has expired and what would block too much. Nothing else " \
	"is carried."

const struct exchange exchange_hosts = {
	.id = "hosts",
	  .title = N_("hosts file"), .extension = ".hosts", .media = "text/plain",
	.story = N_("Names of indicators, each with an address that leads nowhere; only "
		"the name ")
		 "itself is blocked, nothing below it. " LEFT_OUT,
	.carries = "subject", .cap = CAP, .omits = hosts_omits, .write = hosts_write,
	.knows = hosts_knows, .read = list_read,
};
const struct exchange exchange_dnsmasq = {
	.id = "dnsmasq", .title = N_("dnsmasq configuration"), .extension = ".conf",
	.media = "text/plain",
	.story = N_("Names of indicators and what is below them: NXDOMAIN, null "
		 "addresses for nodata, or asked as usual; what shall get no answer at "
		 "all gets NXDOMAIN. ")
		 LEFT_OUT,
	.carries = "subject", .cap = CAP, .omits = name_omits, .write = dnsmasq_write,
	.knows = dnsmasq_knows, .read = list_read,
};
const struct exchange exchange_unbound = {
	.id = "unbound", .title = N_("Unbound local zones"), .extension = ".conf",
	.media = "text/plain",
	.story = "Names of indicators and what is below them, with their actions. " LEFT_OUT,
	.carries = "subject", .cap = CAP, .omits = name_omits, .write = unbound_write,
	.knows = unbound_knows, .read = list_read,
};
const struct exchange exchange_list = {
	.id = "list",
	  .title = N_("plain list"), .extension = ".txt", .media = "text/plain",
	.story = N_("One subject a line: names, addresses, prefixes, URLs. Read are also "
		"lists of ")
		 "ad blockers and wildcards. " LEFT_OUT,
	.carries = "subject", .cap = CAP, .omits = list_omits, .write = list_write,
	.knows = list_knows, .read = list_read,
};
