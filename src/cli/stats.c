/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c - `vedette stats`: what the traffic is made of.
 *
 * The analyser counts (window/whole.c, run/tops.c) and sends JSON; here it is laid out for
 * people, or as the YAML that RSSAC002v4 asks of root server operators. */
#include "cli/analyse.h"
#include "cli/cli.h"
#include "base/num.h"
#include "base/prose.h"
#include "base/stamp.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "share/share.h"
#include "dns/rrtype.h"
#include <jansson.h>

struct conf { bool json, rssac002; const char *service; u64 top; };

#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print everything as one JSON object") },
	{ .name = "rssac002", .type = OPT_FLAG, .at = AT(rssac002), .cli_only = true,
	  .help = N_("print the metrics of RSSAC002 as YAML") },
	{ .name = "service", .type = OPT_TEXT, .at = AT(service), .def = "unnamed", .arg = "NAME",
	  .help = N_("name of the service in the metrics of RSSAC002") },
	{ .name = "top", .letter = 'n', .type = OPT_COUNT, .at = AT(top), .def = "10", .min = 0,
	  .max = TOPS_SHOWN, .arg = "N", .help = N_("rows of each list") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;

static unsigned groups(struct opt_group *out, unsigned max)
{
	unsigned n = run_groups(out, max - 1);

	out[n++] = (struct opt_group){ "", N_("Statistics"), rows, &conf };
	return n;
}

static u64 number(const json_t *o, const char *key)
{
	json_int_t v = json_integer_value(json_object_get(o, key));

	return v > 0 ? (u64)v : 0;
}

/* --- for people --------------------------------------------------------------- */

#define TITLE 13u	/* columns of what stands before */

static void title(struct buf *out, const char *text)
{
	prose_cell(out, text, TITLE);
}

static void right(struct buf *out, const char *text, unsigned columns)
{
	unsigned used = prose_columns(text);

	buf_fill(out, ' ', used < columns ? columns - used : 0);
	buf_text(out, text);
}

static void put_volume(struct buf *out, const json_t *stats)
{
	static const char *const ways[] = { NC_("stats", "queries"), NC_("stats", "responses") };
	static const char *const kinds[] = { "udp_ipv4", "udp_ipv6", "tcp_ipv4", "tcp_ipv6" };
	const json_t *volume = json_object_get(stats, "volume");

	title(out, _("Messages"));
	buf_fmt(out, "%14s%14s%14s%14s\n", "UDP IPv4", "UDP IPv6", "TCP IPv4", "TCP IPv6");
	for (unsigned w = 0; w < COUNT(ways); w++)
		for (unsigned octets = 0; octets < 2; octets++) {
			buf_text(out, "  ");
			prose_cell(out, octets ? "" : C_("stats", ways[w]), TITLE - 2);
			for (unsigned k = 0; k < COUNT(kinds); k++) {
				char key[40], text[NUM_TEXT_MAX];
				const json_t *v;

				snprintf(key, sizeof key, "%s_%s", ways[w], kinds[k]);
				v = json_object_get(volume, key);
				right(out, octets ? share_octets(number(v, "octets"), text)
				      : share_number(number(v, "messages"), text), 14);
			}
			buf_byte(out, '\n');
		}
}

struct part { const char *name; u64 count; };

static int by_count(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* "Rcodes  NOERROR 63.1 %  NXDOMAIN 30.2 %": the largest first, as many as fit two lines. */
static void put_shares(struct buf *out, const char *what, const json_t *counts)
{
	struct part all[300];
	unsigned n = 0;
	u64 sum = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)counts, name, value) {
		if (n == COUNT(all))
			break;
		all[n++] = (struct part){ name, (u64)json_integer_value(value) };
		sum += all[n - 1].count;
	}
	if (n == 0)
		return;
	qsort(all, n, sizeof *all, by_count);
	title(out, what);
	for (unsigned i = 0; i < n && i < 8; i++) {
		char percent[NUM_TEXT_MAX];

		if (i == 4) {
			buf_byte(out, '\n');
			title(out, "");
		}
		snprintf(percent, sizeof percent, "%.1f",
			 100.0 * (double)all[i].count / (double)sum);
		buf_fmt(out, "  %s %s %%", all[i].name,
			say_number_to(tongue_now(), percent, sizeof percent));
	}
	buf_byte(out, '\n');
}

static void put_latency(struct buf *out, const json_t *stats)
{
	static const char *const parts[] = { "p50", "p90", "p95", "p99", "p99.9" };
	const json_t *l = json_object_get(stats, "latency_ms");

	if (number(l, "count") == 0)
		return;
	title(out, _("Latency"));
	for (unsigned i = 0; i < COUNT(parts); i++) {
		char ms[NUM_TEXT_MAX];

		snprintf(ms, sizeof ms, "%.3g", json_number_value(json_object_get(l, parts[i])));
		buf_fmt(out, "  %s %s ms", parts[i], say_number_to(tongue_now(), ms, sizeof ms));
	}
	buf_byte(out, '\n');
}

static void put_sources(struct buf *out, const json_t *stats)
{
	const json_t *s = json_object_get(stats, "sources");
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX], c[NUM_TEXT_MAX], within[NUM_TEXT_MAX];

	snprintf(within, sizeof within, "%.1f",
		 200 * json_number_value(json_object_get(s, "error")));
	title(out, _("Clients"));
	buf_fmt(out, _("  about %s IPv4, %s IPv6 addresses in %s /64 (within %s %%)\n"),
		share_number(number(s, "ipv4"), a), share_number(number(s, "ipv6"), b),
		share_number(number(s, "ipv6_64"), c),
		say_number_to(tongue_now(), within, sizeof within));
}

static void put_join(struct buf *out, const struct run_report *r)
{
	static const struct { const char *name, *text; } wanted[] = {
		{ "answered", N_("answered %s") }, { "unanswered", N_("unanswered %s") },
		{ "unsolicited", N_("unsolicited %s") },
		{ "duplicate_queries", N_("queries again %s") },
		{ "duplicate_responses", N_("responses again %s") },
	};
	char n[NUM_TEXT_MAX];

	title(out, _("Joined"));
	for (unsigned i = 0; i < COUNT(wanted); i++)
		for (u32 j = 0; j < r->counter_count; j++) {
			if (strcmp(r->counters[j].name, wanted[i].name))
				continue;
			buf_text(out, i == 0 ? "  " : i == 3 ? ",\n" : ", ");
			if (i == 3) {
				title(out, "");
				buf_text(out, "  ");
			}
			buf_fmt(out, _(wanted[i].text), share_number(r->counters[j].value, n));
		}
	buf_byte(out, '\n');
}

static void put_top(struct buf *out, const char *what, const json_t *list, bool bounds)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX], c[NUM_TEXT_MAX];
	size_t n = json_array_size(list);
	unsigned columns;

	if (n == 0 || conf.top == 0)
		return;
	buf_byte(out, '\n');
	prose_cell(out, what, 38);
	right(out, C_("stats", "messages"), 14);
	buf_text(out, bounds ? _("      at most out / in\n") : "\n");
	for (size_t i = 0; i < n && i < conf.top; i++) {
		const json_t *row = json_array_get(list, i);

		buf_text(out, "  ");
		columns = utf8_show(out, json_string_value(json_object_get(row, "name")), 36);
		buf_fill(out, ' ', columns < 36 ? 36 - columns : 0);
		right(out, share_number(number(row, "messages"), a), 14);
		if (bounds) {
			right(out, share_octets(number(row, "bound_out"), b), 14);
			buf_fmt(out, " / %s", share_octets(number(row, "bound_in"), c));
		}
		buf_byte(out, '\n');
	}
}

static void put_frames(struct buf *out, const struct run_report *r)
{
	char from[STAMP_TEXT_MAX], until[STAMP_TEXT_MAX], n[NUM_TEXT_MAX], lost[NUM_TEXT_MAX];
	u64 all = report_sum(r, COUNTER_PART) + report_sum(r, COUNTER_LOSS);

	title(out, _("Time"));
	buf_fmt(out, _("  %s to %s\n"), stamp_text(r->from, 3, from),
		stamp_text(r->until, 3, until));
	title(out, _("Frames"));
	buf_fmt(out, _("  %s, of them %s lost, cut or malformed\n"), share_number(all, n),
		share_number(report_sum(r, COUNTER_LOSS), lost));
}

static void put_text(struct buf *out, const json_t *stats, const struct run_report *r)
{
	put_frames(out, r);
	put_volume(out, stats);
	put_shares(out, _("Rcodes"), json_object_get(stats, "rcodes"));
	put_shares(out, _("Types"), json_object_size(json_object_get(stats, "query_types"))
		? json_object_get(stats, "query_types") : json_object_get(stats, "response_types"));
	put_join(out, r);
	put_latency(out, stats);
	put_sources(out, stats);
	put_top(out, _("Domains"), json_object_get(stats, "top_domains"), true);
	put_top(out, _("Domains by what can have left"),
		json_object_get(stats, "top_bounds"), true);
	put_top(out, _("Clients"), json_object_get(stats, "top_clients"), false);
	put_top(out, _("Servers"), json_object_get(stats, "top_servers"), false);
}

/* --- RSSAC002v4 ----------------------------------------------------------------- */

static void put_metric(struct buf *out, const char *metric, const struct run_report *r)
{
	char from[STAMP_TEXT_MAX];

	stamp_text(r->from / DAY_NS * DAY_NS, 0, from);
	buf_fmt(out, "---\nversion: rssac002v4\nservice: ");
	utf8_json(out, conf.service);
	buf_fmt(out, "\nstart-period: '%s'\nmetric: %s\n", from, metric);
}

static void put_traffic_volume(struct buf *out, const json_t *stats, const struct run_report *r)
{
	static const struct { const char *key, *ours; } fields[] = {
		{ "dns-udp-queries-received-ipv4", "queries_udp_ipv4" },
		{ "dns-udp-queries-received-ipv6", "queries_udp_ipv6" },
		{ "dns-tcp-queries-received-ipv4", "queries_tcp_ipv4" },
		{ "dns-tcp-queries-received-ipv6", "queries_tcp_ipv6" },
		{ "dns-udp-responses-sent-ipv4", "responses_udp_ipv4" },
		{ "dns-udp-responses-sent-ipv6", "responses_udp_ipv6" },
		{ "dns-tcp-responses-sent-ipv4", "responses_tcp_ipv4" },
		{ "dns-tcp-responses-sent-ipv6", "responses_tcp_ipv6" },
	};
	const json_t *volume = json_object_get(stats, "volume");

	put_metric(out, "traffic-volume", r);
	for (unsigned i = 0; i < COUNT(fields); i++)
		buf_fmt(out, "%s: %llu\n", fields[i].key,
			(unsigned long long)number(json_object_get(volume, fields[i].ours),
						   "messages"));
}

static void put_traffic_sizes(struct buf *out, const json_t *stats, const struct run_report *r)
{
	static const struct { const char *key, *ours; } fields[] = {
		{ "udp-request-sizes", "udp_request" }, { "udp-response-sizes", "udp_response" },
		{ "tcp-request-sizes", "tcp_request" }, { "tcp-response-sizes", "tcp_response" },
	};

	put_metric(out, "traffic-sizes", r);
	for (unsigned i = 0; i < COUNT(fields); i++) {
		json_t *bins = json_object_get(json_object_get(stats, "sizes"), fields[i].ours), *v;
		const char *bin;

		buf_fmt(out, "%s:%s\n", fields[i].key, json_object_size(bins) ? "" : " {}");
		json_object_foreach(bins, bin, v)
			buf_fmt(out, "  %s: %lld\n", bin, (long long)json_integer_value(v));
	}
}

/* Keys are the numbers of the response codes, as the document wants them. */
static void put_rcode_volume(struct buf *out, const json_t *stats, const struct run_report *r)
{
	const json_t *rcodes = json_object_get(stats, "rcodes");
	char name[RRTYPE_TEXT_MAX];

	put_metric(out, "rcode-volume", r);
	for (unsigned i = 0; i < 24; i++) {
		u64 n = number(rcodes, rcode_text(i, name));

		if (n)
			buf_fmt(out, "'%u': %llu\n", i, (unsigned long long)n);
	}
}

static void put_unique_sources(struct buf *out, const json_t *stats, const struct run_report *r)
{
	const json_t *s = json_object_get(stats, "sources");

	put_metric(out, "unique-sources", r);
	buf_fmt(out, "num-sources-ipv4: %llu\nnum-sources-ipv6: %llu\nnum-sources-ipv6-aggregate: "
		"%llu\n",
		(unsigned long long)number(s, "ipv4"), (unsigned long long)number(s, "ipv6"),
		(unsigned long long)number(s, "ipv6_64"));
}

static int print(const struct run_report *r)
{
	struct buf out = { 0 };
	json_t *stats = r->stats ? json_loads(r->stats, 0, NULL) : NULL;
	int status;

	if (stats == NULL) {
		say_error("the analyser's statistics cannot be read");
		return STATUS_TROUBLE;
	}
	if (conf.json) {
		report_json(&out, r);
		buf_byte(&out, '\n');
	} else if (conf.rssac002) {
		put_traffic_volume(&out, stats, r);
		put_traffic_sizes(&out, stats, r);
		put_rcode_volume(&out, stats, r);
		put_unique_sources(&out, stats, r);
	} else {
		put_text(&out, stats, r);
	}
	status = say_print(&out);
	json_decref(stats);
	buf_free(&out);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct analysis a;
	char why[OPT_WHY];
	int status;

	must(opts_set(o, "", "only", "none", OPT_COMMAND, why) == 0);
	status = analyse(&a, o, argc, argv);
	if (status == STATUS_FINE)
		status = analyse_end(&a, analyse_nothing(&a) && !conf.json ? STATUS_FINE
					 : print(&a.report.report));
	analysis_free(&a);
	return status;
}

const struct command command_stats = {
	.name = "stats", .args = "FILE...", .least = 1, .most = CLI_ANY,
	.summary = N_("say what DNS traffic is made of"),
	.story =
	N_("Reads captures like `vedette observe` and prints volumes by transport and "
	"address family, response codes, types, latency, how many clients there are, and "
	"the heaviest domains, clients and servers. For every domain the list says how "
	"much its names can have carried out and its answers in, at most, alarm or "
	"not.\n\n"
	"With --rssac002 it prints the metrics traffic-volume, traffic-sizes, "
	"rcode-volume and unique-sources of RSSAC002 for the day of the capture's first "
	"message; load-time and zone-size cannot be seen in traffic."),
	.groups = groups, .run = run,
};
