/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.c - sets of deadlines out of YAML (libyaml's tree), and what they come to; see
 * clock.h. The program's own sets are a text of the same form. */
#include "respond/clock_own.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/octets.h"
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>
#include <yaml.h>

static const char ours[] =
	"clocks:\n"
	"  nis2:\n"
	"    - { name: " NC_("clock", "early warning") ", within: 24h,\n"
	"        meets: notice:regulator-warning }\n"
	"    - { name: " NC_("clock", "notification") ", within: 72h,\n"
	"        meets: notice:regulator-notification }\n"
	"    - { name: " NC_("clock", "final report") ", within: 1 month, after: notification,\n"
	"        meets: notice:regulator-final }\n"
	"  registrar-ack:\n"
	"    - { name: " NC_("clock", "acknowledgement") ", within: 2 working days,\n"
	"        calendar: weekdays }\n"
	"    - { name: " NC_("clock", "mitigation") ", within: 5 working days,\n"
	"        calendar: weekdays, meets: state:mitigated state:closed }\n"
	"calendars:\n"
	"  weekdays: { zone: UTC, days: mon tue wed thu fri }\n";

struct rule {
	char name[80], after[80], meets[300], calendar[40];
	struct span within;
};
struct set {
	char name[CLOCK_NAME_MAX];
	struct rule rules[CLOCK_DEADLINES_MAX];
	unsigned count;
};
struct clocks {
	struct set sets[CLOCK_SETS_MAX];
	struct calendar calendars[CLOCK_SETS_MAX];
	unsigned count, calendar_count;
	const char *file;
	char *why;
};

/* ---- reading ---- */

static int fail(struct clocks *c, const yaml_node_t *n, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int fail(struct clocks *c, const yaml_node_t *n, const char *format, ...)
{
	int at = snprintf(c->why, CLOCK_WHY, "%.150s:%zu: ", c->file,
			  n ? n->start_mark.line + 1 : 1);
	va_list args;

	va_start(args, format);
	vsnprintf(c->why + at, CLOCK_WHY - (size_t)at, format, args);
	va_end(args);
	return OOPS_FORMAT;
}

static const char *scalar(const yaml_node_t *n)
{
	return n && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

/* Calls each(key, value) for the pairs of a mapping. */
typedef int pair_fn(struct clocks *c, yaml_document_t *d, const char *key, yaml_node_t *value,
		    void *to);
static int each_pair(struct clocks *c, yaml_document_t *d, yaml_node_t *n, pair_fn *each,
		     void *to)
{
	if (n == NULL || n->type != YAML_MAPPING_NODE)
		return fail(c, n, N_("names with values behind them are wanted here"));
	for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *key = yaml_document_get_node(d, p->key);
		int rc;

		if (scalar(key) == NULL)
			return fail(c, key, N_("a name is wanted here"));
		rc = each(c, d, scalar(key), yaml_document_get_node(d, p->value), to);
		if (rc)
			return rc;
	}
	return 0;
}

static int copy(struct clocks *c, const yaml_node_t *n, char *to, size_t room)
{
	const char *text = scalar(n);

	if (text == NULL || text[0] == 0 || strlen(text) >= room)
		return fail(c, n, N_("a text of 1 to %zu octets is wanted here"),
			room - 1);
	memcpy(to, text, strlen(text) + 1);
	return 0;
}

static int rule_field(struct clocks *c, yaml_document_t *d, const char *key, yaml_node_t *v,
		      void *to)
{
	struct rule *r = to;

	(void)d;
	if (strcmp(key, "name") == 0)
		return copy(c, v, r->name, sizeof r->name);
	if (strcmp(key, "after") == 0)
		return copy(c, v, r->after, sizeof r->after);
	if (strcmp(key, "calendar") == 0)
		return copy(c, v, r->calendar, sizeof r->calendar);
	if (strcmp(key, "meets") == 0) {
		if (copy(c, v, r->meets, sizeof r->meets))
			return OOPS_FORMAT;
		for (char *p = r->meets; *p; p++)
			*p = *p == ' ' ? '\n' : *p;
		return 0;
	}
	if (strcmp(key, "within"))
		return fail(c, v, N_("unknown key '%.40s'; write name, within, after, "
			    "calendar or meets"), key);
	if (scalar(v) == NULL || span_read(scalar(v), &r->within))
		return fail(c, v, N_("'%.60s' is no span; write 24h, 1 month, 8 working "
			    "hours or 2 working days"), scalar(v) ? scalar(v) : "");
	return 0;
}

static const struct rule *rule_of(const struct set *s, const char *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (strcmp(s->rules[i].name, name) == 0)
			return &s->rules[i];
	return NULL;
}

static int read_rule(struct clocks *c, yaml_document_t *d, yaml_node_t *n, struct set *s)
{
	struct rule *r = &s->rules[s->count];
	int rc;

	if (s->count == CLOCK_DEADLINES_MAX)
		return fail(c, n, N_("at most %u deadlines in a set"),
			CLOCK_DEADLINES_MAX);
	if ((rc = each_pair(c, d, n, rule_field, r)))
		return rc;
	if (r->name[0] == 0 || r->within.n == 0)
		return fail(c, n, N_("a deadline has a name and a span: within"));
	if (rule_of(s, r->name))
		return fail(c, n, N_("there is a deadline '%s' already"), r->name);
	if (r->after[0] && rule_of(s, r->after) == NULL)
		return fail(c, n, N_("'%s' is no deadline before this one"), r->after);
	if (r->within.kind >= SPAN_WORKING_HOURS && r->calendar[0] == 0)
		return fail(c, n, N_("working time needs a calendar"));
	s->count++;
	return 0;
}

static int read_set(struct clocks *c, yaml_document_t *d, const char *key, yaml_node_t *v,
		    void *to)
{
	struct set *s = &c->sets[c->count];
	int rc = 0;

	(void)to;
	if (c->count == CLOCK_SETS_MAX || strlen(key) >= sizeof s->name)
		return fail(c, v, N_("at most %u sets, with names of at most %zu octets"),
			    CLOCK_SETS_MAX, sizeof s->name - 1);
	if (strpbrk(key, ",/\n"))
		return fail(c, v, N_("the name of a set has no comma, no slash and no new line"));
	if (v == NULL || v->type != YAML_SEQUENCE_NODE)
		return fail(c, v, N_("a list of deadlines is wanted here"));
	snprintf(s->name, sizeof s->name, "%s", key);
	for (yaml_node_item_t *i = v->data.sequence.items.start;
	     i < v->data.sequence.items.top && rc == 0; i++)
		rc = read_rule(c, d, yaml_document_get_node(d, *i), s);
	c->count += rc == 0;
	return rc;
}

static int read_days(struct clocks *c, const yaml_node_t *n, struct calendar *k)
{
	static const char names[] = "sunmontuewedthufrisat";
	const char *p = scalar(n) ? scalar(n) : "";

	for (; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		const char *at = NULL;

		for (unsigned i = 0; i < 7; i++)
			if (strncmp(p, names + i * 3, 3) == 0 && strcspn(p, " ") == 3)
				at = names + i * 3;
		if (at == NULL)
			return fail(c, n, N_("days are written mon tue wed thu fri sat "
				"sun"));
		k->days |= (u8)(1 << (at - names) / 3);
	}
	return 0;
}

static int read_hours(struct clocks *c, const yaml_node_t *n, struct calendar *k)
{
	unsigned h[2], m[2];
	char end;

	if (scalar(n) == NULL || sscanf(scalar(n), "%2u:%2u-%2u:%2u%c", &h[0], &m[0], &h[1],
					&m[1], &end) != 4 || m[0] > 59 || m[1] > 59 ||
	    h[0] * 60 + m[0] >= h[1] * 60 + m[1] || h[1] * 60 + m[1] > 1440)
		return fail(c, n, N_("hours are written 09:00-17:00"));
	k->open = (u16)(h[0] * 60 + m[0]);
	k->close = (u16)(h[1] * 60 + m[1]);
	return 0;
}

static int read_holidays(struct clocks *c, const yaml_node_t *n, struct calendar *k)
{
	const char *p = scalar(n) ? scalar(n) : "";

	for (; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		unsigned y = 0, m, d;
		int used = 0;

		if (sscanf(p, "%4u-%2u-%2u%n", &y, &m, &d, &used) != 3) {
			y = 0;
			if (sscanf(p, "%2u-%2u%n", &m, &d, &used) != 2)
				used = -1;
		}
		if (used != (int)strcspn(p, " ") || m < 1 || m > 12 || d < 1 || d > 31 ||
		    k->holiday_count == HOLIDAYS_MAX)
			return fail(c, n, N_("holidays are written 2026-04-03, or 12-25 "
				    "for every year; %u at most"), HOLIDAYS_MAX);
		k->holidays[k->holiday_count].year = (u16)y;
		k->holidays[k->holiday_count].month = (u8)m;
		k->holidays[k->holiday_count++].day = (u8)d;
	}
	return 0;
}

static int calendar_field(struct clocks *c, yaml_document_t *d, const char *key,
			  yaml_node_t *v, void *to)
{
	struct calendar *k = to;

	(void)d;
	if (strcmp(key, "days") == 0)
		return read_days(c, v, k);
	if (strcmp(key, "hours") == 0)
		return read_hours(c, v, k);
	if (strcmp(key, "holidays") == 0)
		return read_holidays(c, v, k);
	if (strcmp(key, "zone"))
		return fail(c, v, N_("unknown key '%.40s'; write zone, days, hours or "
			"holidays"),
			    key);
	if (copy(c, v, k->zone, sizeof k->zone))
		return OOPS_FORMAT;
	return zone_known(k->zone) ? 0 : fail(c, v, N_("'%s' is no time zone; write "
					      "Europe/Madrid or UTC"), k->zone);
}

static int read_calendar(struct clocks *c, yaml_document_t *d, const char *key,
			 yaml_node_t *v, void *to)
{
	struct calendar *k = &c->calendars[c->calendar_count];
	int rc;

	(void)to;
	if (c->calendar_count == CLOCK_SETS_MAX || strlen(key) >= sizeof k->name)
		return fail(c, v, N_("at most %u calendars, with names of at most %zu "
			"octets"),
			    CLOCK_SETS_MAX, sizeof k->name - 1);
	*k = (struct calendar){ .zone = "UTC", .close = 1440 };
	snprintf(k->name, sizeof k->name, "%s", key);
	if ((rc = each_pair(c, d, v, calendar_field, k)))
		return rc;
	if (k->days == 0)
		return fail(c, v, N_("a calendar has working days: days"));
	c->calendar_count++;
	return 0;
}

static int read_part(struct clocks *c, yaml_document_t *d, const char *key, yaml_node_t *v,
		     void *to)
{
	(void)to;
	if (strcmp(key, "clocks") == 0)
		return each_pair(c, d, v, read_set, NULL);
	if (strcmp(key, "calendars") == 0)
		return each_pair(c, d, v, read_calendar, NULL);
	return fail(c, v, N_("unknown key '%.40s'; write clocks or calendars"), key);
}

static const struct calendar *calendar_of(const struct clocks *c, const char *name)
{
	for (unsigned i = 0; i < c->calendar_count; i++)
		if (strcmp(c->calendars[i].name, name) == 0)
			return &c->calendars[i];
	return NULL;
}

static int check_calendars(struct clocks *c)
{
	for (unsigned s = 0; s < c->count; s++)
		for (unsigned i = 0; i < c->sets[s].count; i++) {
			const char *name = c->sets[s].rules[i].calendar;

			if (name[0] && calendar_of(c, name) == NULL)
				return fail(c, NULL, N_("set '%s' wants the calendar "
					    "'%s', and there is "
					    "none"), c->sets[s].name, name);
		}
	return 0;
}

static int parse(struct clocks *c, const char *text, size_t n)
{
	yaml_parser_t p;
	yaml_document_t d;
	int rc;

	if (!yaml_parser_initialize(&p))
		return -ENOMEM;
	yaml_parser_set_input_string(&p, (const u8 *)text, n);
	if (!yaml_parser_load(&p, &d)) {
		snprintf(c->why, CLOCK_WHY, "%.150s:%zu: not YAML: %.80s", c->file,
			 p.problem_mark.line + 1, p.problem ? p.problem : "");
		yaml_parser_delete(&p);
		return OOPS_FORMAT;
	}
	rc = yaml_document_get_root_node(&d)
	   ? each_pair(c, &d, yaml_document_get_root_node(&d), read_part, NULL) : 0;
	yaml_document_delete(&d);
	yaml_parser_delete(&p);
	return rc ? rc : check_calendars(c);
}

static int read_file(struct clocks *c, const char *path)
{
	struct buf text = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

	if (fd < 0) {
		rc = -errno;
	} else {
		rc = octets_read(&text, fd, CLOCK_FILE_MAX);
		close(fd);
	}
	if (rc < 0)
		snprintf(c->why, CLOCK_WHY, N_("'%.150s' cannot be read: %s"),
			path, oops_text(rc));
	else
		rc = parse(c, buf_str(&text), text.len);
	buf_free(&text);
	return rc;
}

int clocks_open(struct clocks **ret, const char *path, char why[CLOCK_WHY])
{
	struct clocks *c = calloc(1, sizeof *c);
	int rc = c ? 0 : -ENOMEM;

	snprintf(why, CLOCK_WHY, "%s", oops_text(-ENOMEM));
	if (c) {
		c->why = why;
		c->file = path;
		rc = path ? read_file(c, path) : 0;
		c->file = N_("the program's own clocks");
	}
	if (rc == 0)
		rc = parse(c, ours, sizeof ours - 1);
	if (rc) {
		clocks_free(c);
		return rc;
	}
	c->why = NULL;
	why[0] = 0;
	*ret = c;
	return 0;
}

struct clocks *clocks_free(struct clocks *c)
{
	free(c);
	return NULL;
}

const char *clocks_name(const struct clocks *c, unsigned n)
{
	return n < c->count ? c->sets[n].name : NULL;
}

/* ---- what it comes to ---- */

static const struct set *set_of(const struct clocks *c, const char *name)
{
	for (unsigned i = 0; i < c->count; i++)
		if (strcmp(c->sets[i].name, name) == 0)
			return &c->sets[i];
	return NULL;
}

bool clocks_words(const struct clocks *c, const char *set, unsigned n,
		  struct clock_words *ret)
{
	static const char *const one[] = { [SPAN_MONTHS] = N_("%llu month"),
		[SPAN_WORKING_HOURS] = N_("%llu working hour"),
		[SPAN_WORKING_DAYS] = N_("%llu working day") };
	static const char *const many[] = { [SPAN_MONTHS] = N_("%llu months"),
		[SPAN_WORKING_HOURS] = N_("%llu working hours"),
		[SPAN_WORKING_DAYS] = N_("%llu working days") };
	const struct set *s = set_of(c, set);
	const struct rule *r = s && n < s->count ? &s->rules[n] : NULL;
	char span[NUM_TEXT_MAX];

	if (r == NULL)
		return false;
	*ret = (struct clock_words){ .name = r->name, .after = r->after, .meets = r->meets,
		.calendar = r->calendar };
	if (r->within.kind == SPAN_REAL && r->within.n % 3600000000000u == 0)
		snprintf(ret->within, sizeof ret->within, "%lluh",
			 (unsigned long long)(r->within.n / 3600000000000u));
	else if (r->within.kind == SPAN_REAL)
		snprintf(ret->within, sizeof ret->within, "%s", num_span_text(r->within.n, span));
	else
		snprintf(ret->within, sizeof ret->within, (r->within.n == 1 ? one : many)
			 [r->within.kind], (unsigned long long)r->within.n);
	return true;
}

static int deadline_of(const struct clocks *c, const struct set *s, const struct rule *r,
		       u64 start, struct deadline *ret)
{
	*ret = (struct deadline){ .name = r->name, .set = s->name, .started = start,
		.by = "", .meets = r->meets, .after = r->after };
	return span_end(&r->within, r->calendar[0] ? calendar_of(c, r->calendar) : NULL, start,
			&ret->due);
}

int clocks_deadlines(const struct clocks *c, const char *set, u64 aware,
		     struct deadline ret[CLOCK_DEADLINES_MAX])
{
	const struct set *s = set_of(c, set);
	int rc = s ? 0 : OOPS_UNKNOWN;

	for (unsigned i = 0; s && i < s->count && rc == 0; i++) {
		const struct rule *r = &s->rules[i];
		u64 start = aware;

		if (r->after[0])
			start = ret[rule_of(s, r->after) - s->rules].due;
		rc = deadline_of(c, s, r, start, &ret[i]);
	}
	return rc ? rc : (int)s->count;
}

int clocks_follow(const struct clocks *c, const char *set, const char *name, u64 met,
		  struct deadline ret[CLOCK_DEADLINES_MAX])
{
	const struct set *s = set_of(c, set);
	int n = 0, rc = s ? 0 : OOPS_UNKNOWN;

	for (unsigned i = 0; s && i < s->count && rc == 0; i++)
		if (strcmp(s->rules[i].after, name) == 0)
			rc = deadline_of(c, s, &s->rules[i], met, &ret[n++]);
	return rc ? rc : n;
}

/* ---- several sets ---- */

const char *clocks_next(const char *lines, char name[CLOCK_NAME_MAX])
{
	const size_t n = strcspn(lines, "\n");

	if (*lines == 0)
		return NULL;
	snprintf(name, CLOCK_NAME_MAX, "%.*s", (int)min_u64(n, CLOCK_NAME_MAX - 1), lines);
	return lines + n + (lines[n] == '\n');
}

bool clocks_has(const char *lines, const char *name)
{
	const size_t n = strlen(name);

	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncmp(p, name, n) == 0 && (p[n] == 0 || p[n] == '\n'))
			return true;
	return false;
}

int clocks_typed(char to[CLOCK_NAMES_MAX], const char *typed)
{
	size_t used = 0, count = 0;

	to[0] = 0;
	for (const char *p = typed; *p; p += strcspn(p, ",\n"), p += *p != 0) {
		char name[CLOCK_NAME_MAX];
		size_t n = strcspn(p, ",\n");

		for (; n && *p == ' '; n--)
			p++;
		while (n && p[n - 1] == ' ')
			n--;
		if (n >= sizeof name)
			return OOPS_LIMIT;
		snprintf(name, sizeof name, "%.*s", (int)n, p);
		if (n == 0 || strcmp(name, "none") == 0 || clocks_has(to, name))
			continue;
		if (count++ == CLOCK_RUNNING_MAX)
			return OOPS_LIMIT;
		used += (size_t)snprintf(to + used, CLOCK_NAMES_MAX - used, "%s%s",
					 used ? "\n" : "", name);
	}
	return 0;
}

int clocks_all(const struct clocks *c, const char *sets, u64 aware,
	       struct deadline ret[CLOCK_ROWS_MAX])
{
	char name[CLOCK_NAME_MAX];
	unsigned n = 0, sets_seen = 0;

	while ((sets = clocks_next(sets, name)) && sets_seen++ < CLOCK_RUNNING_MAX) {
		const int rc = clocks_deadlines(c, name, aware, ret + n);

		if (rc < 0)
			return rc;
		n += (unsigned)rc;
	}
	return (int)n;
}
