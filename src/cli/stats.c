/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c - `vedette stats`: what the traffic is made of.
 *
 * The analyser counts (window/whole.c, run/tops.c) and sends JSON; here it is laid out for
 * people, or as the YAML that RSSAC002v4 asks of root server operators. */
#include "cli/analyse.h"
#include "cli/cli.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/say.h"
#include "model/utf8.h"
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

static void put_volume(struct buf *out, const json_t *stats)
{
	static const char *const ways[] = { "queries", "responses" };
	static const char *const kinds[] = { "udp_ipv4", "udp_ipv6", "tcp_ipv4", "tcp_ipv6" };
	const json_t *volume = json_object_get(stats, "volume");

	buf_fmt(out, "%-12s%14s%14s%14s%14s\n", "Messages", "UDP IPv4", "UDP IPv6", "TCP IPv4",
		"TCP IPv6");
	for (unsigned w = 0; w < COUNT(ways); w++)
		for (unsigned octets = 0; octets < 2; octets++) {
			buf_fmt(out, "  %-10s", octets ? "" : ways[w]);
			for (unsigned k = 0; k < COUNT(kinds); k++) {
				char key[40], text[NUM_TEXT_MAX];
				const json_t *v;

				snprintf(key, sizeof key, "%s_%s", ways[w], kinds[k]);
				v = json_object_get(volume, key);
				buf_fmt(out, "%14s", octets
					? num_octets_text(number(v, "octets"), text)
					: num_count_text(number(v, "messages"), text));
			}
			buf_byte(out, '\n');
		}
}

struct share { const char *name; u64 count; };

static int by_count(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* "Rcodes  NOERROR 63.1 %  NXDOMAIN 30.2 %": the largest first, as many as fit two lines. */
static void put_shares(struct buf *out, const char *title, const json_t *counts)
{
	struct share all[300];
	unsigned n = 0;
	u64 sum = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)counts, name, value) {
		if (n == COUNT(all))
			break;
		all[n++] = (struct share){ name, (u64)json_integer_value(value) };
		sum += all[n - 1].count;
	}
	if (n == 0)
		return;
	qsort(all, n, sizeof *all, by_count);
	buf_fmt(out, "%-12s", title);
	for (unsigned i = 0; i < n && i < 8; i++) {
		if (i == 4)
			buf_fmt(out, "\n%-12s", "");
		buf_fmt(out, "  %s %.1f %%", all[i].name,
			100.0 * (double)all[i].count / (double)sum);
	}
	buf_byte(out, '\n');
}

static void put_latency(struct buf *out, const json_t *stats)
{
	static const char *const parts[] = { "p50", "p90", "p95", "p99", "p99.9" };
	const json_t *l = json_object_get(stats, "latency_ms");

	if (number(l, "count") == 0)
		return;
	buf_fmt(out, "%-12s", "Latency");
	for (unsigned i = 0; i < COUNT(parts); i++)
		buf_fmt(out, "  %s %.3g ms", parts[i],
			json_number_value(json_object_get(l, parts[i])));
	buf_byte(out, '\n');
}

static void put_sources(struct buf *out, const json_t *stats)
{
	const json_t *s = json_object_get(stats, "sources");
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX], c[NUM_TEXT_MAX];

	buf_fmt(out, _("%-12s  about %s IPv4, %s IPv6 addresses in %s /64 (within %.1f "
		"%%)\n"),
		"Clients",
		num_count_text(number(s, "ipv4"), a), num_count_text(number(s, "ipv6"), b),
		num_count_text(number(s, "ipv6_64"), c),
		200 * json_number_value(json_object_get(s, "error")));
}

static void put_join(struct buf *out, const struct run_report *r)
{
	static const char *const wanted[] = { "answered", "unanswered", "unsolicited",
		"duplicate_queries", "duplicate_responses" };
	char text[NUM_TEXT_MAX];

	buf_fmt(out, "%-12s", "Joined");
	for (unsigned i = 0; i < COUNT(wanted); i++)
		for (u32 j = 0; j < r->counter_count; j++)
			if (strcmp(r->counters[j].name, wanted[i]) == 0)
				buf_fmt(out, "%s%s %s",
					i == 0 ? "  " : i == 3 ? ",\n              " : ", ",
					num_count_text(r->counters[j].value, text),
					i == 3	 ? _("queries again")
					: i == 4 ? _("responses again")
						 : wanted[i]);
	buf_byte(out, '\n');
}

static void put_top(struct buf *out, const char *title, const json_t *list, bool bounds)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX], c[NUM_TEXT_MAX];
	size_t n = json_array_size(list);
	unsigned columns;

	if (n == 0 || conf.top == 0)
		return;
	buf_fmt(out, "\n%-38s%14s", title, "messages");
	buf_text(out, bounds ? _("      at most out / in\n") : "\n");
	for (size_t i = 0; i < n && i < conf.top; i++) {
		const json_t *row = json_array_get(list, i);

		buf_text(out, "  ");
		columns = utf8_show(out, json_string_value(json_object_get(row, "name")), 36);
		buf_fill(out, ' ', columns < 36 ? 36 - columns : 0);
		buf_fmt(out, "%14s", num_count_text(number(row, "messages"), a));
		if (bounds)
			buf_fmt(out, "%14s / %s", num_octets_text(number(row, "bound_out"), b),
				num_octets_text(number(row, "bound_in"), c));
		buf_byte(out, '\n');
	}
}

static void put_frames(struct buf *out, const struct run_report *r)
{
	char from[STAMP_TEXT_MAX], until[STAMP_TEXT_MAX], n[NUM_TEXT_MAX], lost[NUM_TEXT_MAX];
	u64 all = report_sum(r, COUNTER_PART) + report_sum(r, COUNTER_LOSS);

	buf_fmt(out, "%-12s  %s to %s\n", "Time", stamp_text(r->from, 3, from),
		stamp_text(r->until, 3, until));
	buf_fmt(out, _("%-12s  %s, of them %s lost, cut or malformed\n"), "Frames",
		num_count_text(all, n), num_count_text(report_sum(r, COUNTER_LOSS), lost));
}

static void put_text(struct buf *out, const json_t *stats, const struct run_report *r)
{
	put_frames(out, r);
	put_volume(out, stats);
	put_shares(out, "Rcodes", json_object_get(stats, "rcodes"));
	put_shares(out, "Types", json_object_size(json_object_get(stats, "query_types"))
		? json_object_get(stats, "query_types") : json_object_get(stats, "response_types"));
	put_join(out, r);
	put_latency(out, stats);
	put_sources(out, stats);
	put_top(out, "Domains", json_object_get(stats, "top_domains"), true);
	put_top(out, _("Domains by what can have left"),
		json_object_get(stats, "top_bounds"), true);
	put_top(out, "Clients", json_object_get(stats, "top_clients"), false);
	put_top(out, "Servers", json_object_get(stats, "top_servers"), false);
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
		status = analyse_end(&a, print(&a.report.report));
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
