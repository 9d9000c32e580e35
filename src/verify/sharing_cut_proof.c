/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_proof.c - the certificates of --certificates: lines of JSON that tools/check-cut
 * reads, with the zone and nothing else of ours.
 *
 *   {"certificates":1,"zone":"se"}
 *   {"groups":3,"level":"operator","list":"zone","delegations":4,"unit":10000,"sweeps":2}
 *   {"set":["one.org","two.net"],"weight":1,"split":[2500,7500]}        one line a group
 *   {"cut":"operator","list":"zone","share":0.5,"need":2,"possible":true,"at_least":1,
 *    "falls":2,"set":["one.org"],"tree":[["two.net"],0,0]}
 *
 * A tree is written as it is walked: a list of elements is a branch (all of them lost comes
 * first, then not all), 0 a leaf. */
#include "verify/sharing.h"
#include "verify/sharing_cut.h"
#include "base/buf.h"
#include "base/num.h"

#define FLUSH (1u << 18)

static void put_text(struct buf *out, const char *text)
{
	buf_byte(out, '"');
	for (const char *c = text; *c; c++) {	/* names are printable ASCII */
		if (*c == '"' || *c == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (u8)*c);
	}
	buf_byte(out, '"');
}

static void put_name(struct buf *out, const struct sharing *s, const struct cut_problem *p,
		     enum sharing_level level, u32 element)
{
	char name[SHARING_NAME];

	put_text(out, sharing_name(s, level, cut_origin(p, element), name));
}

static void put_names(struct buf *out, const struct sharing *s, const struct cut_problem *p,
		      const struct sharing_claim *c, const u32 *elements, u32 n)
{
	buf_byte(out, '[');
	for (u32 i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		put_name(out, s, p, c->level, elements[i]);
	}
	buf_byte(out, ']');
}

static void flush(struct sharing *s, struct buf *out)
{
	audit_certificate(s->a, buf_str(out), out->len);
	buf_clear(out);
}

void sharing_prove_begin(struct sharing *s)
{
	struct buf out = { 0 };
	char zone[NAME_TEXT_MAX];

	buf_text(&out, "{\"certificates\":1,\"zone\":");
	put_text(&out, zone_text(s->z, zone_origin(s->z), zone));
	buf_text(&out, "}\n");
	flush(s, &out);
	buf_free(&out);
}

static void put_list(struct buf *out, const struct sharing_claim *c)
{
	buf_fmt(out, "\"list\":\"%s\",", c->critical ? "critical" : "zone");
}

void sharing_prove_groups(struct sharing *s, const struct cut_problem *p,
			  const struct sharing_claim *c)
{
	struct buf out = { 0 };
	const u64 *split = p->split;

	if (!audit_certifies(s->a))
		return;
	buf_fmt(&out, "{\"groups\":%u,\"level\":\"%s\",", p->sets, sharing_level_id(c->level));
	put_list(&out, c);
	buf_fmt(&out, "\"delegations\":%llu,\"unit\":%u,\"sweeps\":%u}\n",
		(unsigned long long)c->all, CUT_UNIT, CUT_SWEEPS);
	for (u32 i = 0, k = 0; i < p->sets; i++) {
		u32 first = p->first[i], n = p->first[i + 1] - first;
		bool mixed = k < p->mixed_count && p->mixed[k] == i;

		buf_text(&out, "{\"set\":");
		put_names(&out, s, p, c, p->members + first, n);
		buf_fmt(&out, ",\"weight\":%u,\"split\":[", p->weight[i]);
		for (u32 j = 0; j < n; j++)
			buf_fmt(&out, "%s%llu", j ? "," : "",
				(unsigned long long)(mixed ? split[j] : cut_equal(
				(u64)p->weight[i] * CUT_UNIT, n, j)));
		buf_text(&out, "]}\n");
		split += mixed ? n : 0;
		k += mixed;
		if (out.len > FLUSH)
			flush(s, &out);
	}
	flush(s, &out);
	buf_free(&out);
}

static void put_tree(struct buf *out, struct sharing *s, const struct cut_problem *p,
		     const struct sharing_claim *c, const struct cut_answer *a)
{
	buf_byte(out, '[');
	for (u32 i = 0; i < a->tree_len; i += a->tree[i] + 1) {
		if (i)
			buf_byte(out, ',');
		if (a->tree[i] == 0)
			buf_byte(out, '0');
		else
			put_names(out, s, p, c, a->tree + i + 1, a->tree[i]);
	}
	buf_byte(out, ']');
}

void sharing_prove(struct sharing *s, const struct cut_problem *p,
		   const struct sharing_claim *c, const struct cut_answer *a)
{
	struct buf out = { 0 };
	char share[NUM_TEXT_MAX];

	if (!audit_certifies(s->a))
		return;
	buf_fmt(&out, "{\"cut\":\"%s\",", sharing_level_id(c->level));
	put_list(&out, c);
	buf_fmt(&out, "\"share\":%s,\"need\":%llu,\"possible\":%s",
		num_ratio_exact(c->share, share), (unsigned long long)a->need,
		a->possible ? "true" : "false");
	if (a->possible) {
		buf_fmt(&out, ",\"at_least\":%u,\"falls\":%llu,\"set\":", a->at_least,
			(unsigned long long)a->falls);
		put_names(&out, s, p, c, a->set, a->count);
		buf_text(&out, ",\"tree\":");
		put_tree(&out, s, p, c, a);
	}
	buf_text(&out, "}\n");
	flush(s, &out);
	buf_free(&out);
}
