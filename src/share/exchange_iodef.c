/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_iodef.c - incidents in IODEF version 2 (RFC 7970): what CSIRTs exchange as XML.
 *
 *   item                     Incident
 *   id                  <->  IncidentID
 *   tlp                 <->  restriction="white|green|amber|red", amber+strict as extension
 *   abuse, severity     <->  Assessment: IncidentCategory, SystemImpact, Confidence
 *   source              <->  Contact of the creator
 *   subject             <->  an indicator: IndicatorData/Indicator/Observable
 *                            else: EventData/Flow/System/Node
 *   created, first and last seen <-> GenerationTime, StartTime, EndTime
 *   what is left        <->  AdditionalData meaning="vedette" (3.9)
 *
 * Read are versions 2 and 1 (RFC 5070). An incident that names several things becomes an
 * incident and one item for each, which hang on it. libxml2 reads, without a network, without
 * DTDs (a document that has one is refused), entities or XInclude; only encodings that it
 * knows by itself, because iconv would open files. */
#include "share/rest.h"
#include "base/num.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include <ctype.h>
#include <libxml/parser.h>
#include <strings.h>

#define INCIDENTS_MAX 100000u
#define SUBJECTS_MAX 10000u	/* of one incident */
#define MEANING "vedette"

static const char *const restrictions[] = {
	[LABEL_CLEAR] = "white", [LABEL_GREEN] = "green", [LABEL_AMBER] = "amber",
	[LABEL_AMBER_STRICT] = "amber+strict", [LABEL_RED] = "red",
};

/* ---- reading ---- */

struct room { struct buf subject, source, title, text, id; };
struct incident {
	const struct exchange_read *r;
	struct item item;
	struct room room;
	json_t *rest;
	u32 descriptions, subjects;
	u8 kind;		/* of what is met now: report or indicator */
	u64 until;		/* of the indicator that is met */
	bool several;
	int rc;
	char where[40];
};

static const char *name_of(const xmlNode *n)
{
	return n->type == XML_ELEMENT_NODE ? (const char *)n->name : "";
}

static bool is(const xmlNode *n, const char *name)
{
	return strcmp(name_of(n), name) == 0;
}

/* All text of an element into the buffer; cut to what an item may hold. */
static const char *text_of(struct buf *to, const xmlNode *n)
{
	xmlChar *text = xmlNodeGetContent(n);

	buf_clear(to);
	if (text)
		buf_add(to, text, min_u64(strlen((char *)text), FIELD_WORDS_MAX));
	xmlFree(text);
	if (to->at)
		utf8_mend(to->at);
	return buf_str(to);
}

static bool attribute_is(const xmlNode *n, const char *name, const char *value)
{
	xmlChar *text = xmlGetProp(n, (const xmlChar *)name);
	bool same = text && strcasecmp((char *)text, value) == 0;

	xmlFree(text);
	return same;
}

static u64 stamp_of(const xmlNode *n)
{
	struct buf text = { 0 };
	u64 ns = 0;

	if (stamp_foreign(text_of(&text, n), &ns) || ns > (u64)INT64_MAX)
		ns = 0;
	buf_free(&text);
	return ns;
}

static void take_restriction(struct incident *c, const xmlNode *n)
{
	static const struct { const char *word; u8 label; } more[] = {
		{ "public", LABEL_CLEAR }, { "partner", LABEL_AMBER },
		{ "need-to-know", LABEL_AMBER_STRICT }, { "private", LABEL_RED },
	};

	for (u8 l = 0; l < LABEL_COUNT; l++)
		if (attribute_is(n, "restriction", restrictions[l]) ||
		    attribute_is(n, "ext-restriction", restrictions[l]))
			c->item.tlp = l;
	for (size_t i = 0; i < COUNT(more); i++)
		if (attribute_is(n, "restriction", more[i].word))
			c->item.tlp = more[i].label;
}

static void take_confidence(struct incident *c, const xmlNode *n)
{
	static const struct { const char *word; u8 sure; } words[] = {
		{ "low", 25 }, { "medium", 50 }, { "high", 75 },
	};
	struct buf text = { 0 };
	double v;

	for (size_t i = 0; i < COUNT(words); i++)
		if (attribute_is(n, "rating", words[i].word))
			c->item.confidence = words[i].sure;
	if (attribute_is(n, "rating", "numeric") &&
	    num_ratio(text_of(&text, n), 0, 100, &v) == 0)
		c->item.confidence = (u64)(v + 0.5);
	buf_free(&text);
}

static void take_assessment(struct incident *c, const xmlNode *a)
{
	struct buf text = { 0 };
	int n;

	for (const xmlNode *e = a->children; e; e = e->next) {
		if (is(e, "SystemImpact") || is(e, "Impact")) {
			for (int s = 0; s < SEVERITY_COUNT; s++)
				if (attribute_is(e, "severity", severity_name(s)))
					c->item.severity = (enum severity)s;
		}
		if (is(e, "IncidentCategory") &&
		    (n = choice_parse(abuse_names, text_of(&text, e))) > 0)
			c->item.abuse = (u8)n;
		if (is(e, "Confidence"))
			take_confidence(c, e);
	}
	buf_free(&text);
}

static void take_contact(struct incident *c, const xmlNode *contact)
{
	if (c->room.source.len && !attribute_is(contact, "role", "creator"))
		return;
	for (const xmlNode *e = contact->children; e; e = e->next)
		if (is(e, "ContactName"))
			text_of(&c->room.source, e);
}

/* The rest that we put there; the last counts. */
static void take_additional(struct incident *c, const xmlNode *n)
{
	char why[EXCHANGE_WHY] = "";
	struct buf text = { 0 };

	if (attribute_is(n, "meaning", MEANING)) {
		text_of(&text, n);
		json_decref(c->rest);
		c->rest = rest_load((const u8 *)buf_str(&text), text.len, why);
		if (c->rest == NULL)
			c->r->trouble(c->r->to, c->where, why);
	}
	buf_free(&text);
}

/* ---- what it is about ---- */

static bool is_subject(const xmlNode *n)
{
	if (is(n, "Address") || is(n, "NodeName"))
		return true;
	return is(n, "Name") && n->parent && is(n->parent, "DomainData");
}

static int say(struct incident *c, struct item *i)
{
	char why[FIELD_WHY] = "", id[65];

	if (!c->several && c->rest && rest_take(i, c->rest, NULL, why))
		c->r->trouble(c->r->to, c->where, why);
	if (i->id == NULL || i->id[0] == 0)
		item_identify(i, id);
	return c->r->item(c->r->to, i);
}

static int say_subject(struct incident *c, const xmlNode *n)
{
	struct item i = c->item;
	struct buf text = { 0 };

	text_of(&text, n);
	buf_clear(&c->room.subject);
	subject_clean(&c->room.subject, buf_str(&text), text.len);
	if (c->room.subject.len == 0)
		buf_add(&c->room.subject, buf_str(&text), text.len);	/* the root: "." */
	buf_free(&text);
	i.subject = buf_str(&c->room.subject);
	i.subject_kind = (u8)subject_kind_of(i.subject);
	i.kind = c->kind;
	i.valid_until = c->until;
	if (c->several) {
		i.parent = i.id;
		i.id = "";
	}
	if (i.subject[0] == 0)
		return 0;
	return say(c, &i);
}

/* Counts the subjects below, or says them. */
static void walk(struct incident *c, const xmlNode *n, bool saying)
{
	for (const xmlNode *e = n->children; e && c->rc == 0; e = e->next) {
		if (is(e, "Indicator")) {
			c->until = 0;
			for (const xmlNode *k = e->children; k; k = k->next)
				if (is(k, "EndTime"))
					c->until = stamp_of(k);
		}
		if (!is_subject(e)) {
			walk(c, e, saying);
			continue;
		}
		if (++c->subjects > SUBJECTS_MAX)
			return;
		if (saying)
			c->rc = say_subject(c, e);
	}
}

static void walk_all(struct incident *c, const xmlNode *n, bool saying)
{
	c->subjects = 0;
	for (const xmlNode *e = n->children; e; e = e->next) {
		c->kind = is(e, "IndicatorData") ? ITEM_INDICATOR : ITEM_REPORT;
		c->until = 0;
		if (is(e, "EventData") || is(e, "IndicatorData"))
			walk(c, e, saying);
	}
}

static void take_head(struct incident *c, const xmlNode *n)
{
	struct buf text = { 0 };

	take_restriction(c, n);
	for (const xmlNode *e = n->children; e; e = e->next) {
		if (is(e, "IncidentID"))
			text_of(&c->room.id, e);
		else if (is(e, "GenerationTime") || (is(e, "ReportTime") && !c->item.created))
			c->item.created = c->item.modified = stamp_of(e);
		else if (is(e, "StartTime"))
			c->item.first_seen = stamp_of(e);
		else if (is(e, "EndTime"))
			c->item.last_seen = stamp_of(e);
		else if (is(e, "Assessment"))
			take_assessment(c, e);
		else if (is(e, "Contact"))
			take_contact(c, e);
		else if (is(e, "AdditionalData"))
			take_additional(c, e);
		else if (is(e, "Description") && c->descriptions++ == 0)
			text_of(&c->room.title, e);
		else if (is(e, "Description"))
			rest_line(&c->room.text, text_of(&text, e));
	}
	c->item.id = buf_str(&c->room.id);
	c->item.title = buf_str(&c->room.title);
	c->item.text = buf_str(&c->room.text);
	c->item.source = buf_str(&c->room.source);
	buf_free(&text);
}

static int read_incident(const struct exchange_read *r, const xmlNode *n, u32 number)
{
	struct marking unmarked = rest_unmarked(NULL);
	struct incident c = { .r = r, .item = { .kind = ITEM_INCIDENT, .confidence = 50,
		.severity = SEVERITY_MEDIUM, .tlp = unmarked.tlp, .pap = unmarked.pap } };

	snprintf(c.where, sizeof c.where, "Incident %u", number);
	take_head(&c, n);
	walk_all(&c, n, false);
	if (c.subjects > SUBJECTS_MAX)
		r->trouble(r->to, c.where, N_("it names more than is looked at"));
	c.several = c.subjects > 1;
	if (c.subjects != 1) {
		struct item i = c.item;

		i.subject = "";
		c.rc = say(&c, &i);
	}
	if (c.rc == 0)
		walk_all(&c, n, true);
	json_decref(c.rest);
	buf_free(&c.room.subject);
	buf_free(&c.room.source);
	buf_free(&c.room.title);
	buf_free(&c.room.text);
	buf_free(&c.room.id);
	return c.rc;
}

/* The encodings that libxml2 knows without iconv. */
static const char *encoding_of(const u8 *octets, size_t n)
{
	char head[200];
	const char *said;

	snprintf(head, sizeof head, "%.*s", (int)min_u64(n, sizeof head - 1),
		 (const char *)octets);
	said = strstr(head, "encoding=");
	if (strncmp(head, "<?xml", 5) || said == NULL || said[9] == 0 ||
	    strncasecmp(said + 10, "iso-8859-1", 10) || isdigit((u8)said[20]))
		return "UTF-8";
	return "ISO-8859-1";
}

static int read_document(const struct exchange_read *r, xmlDoc *doc, char why[EXCHANGE_WHY])
{
	const xmlNode *root = xmlDocGetRootElement(doc);
	u32 number = 0;
	int rc = 0;

	if (root == NULL || !is(root, "IODEF-Document")) {
		snprintf(why, EXCHANGE_WHY, N_("its root is no IODEF-Document"));
		return OOPS_FORMAT;
	}
	for (const xmlNode *e = root->children; e && rc == 0; e = e->next)
		if (is(e, "Incident") && ++number <= INCIDENTS_MAX)
			rc = read_incident(r, e, number);
	if (number > INCIDENTS_MAX)
		r->trouble(r->to, "document", N_("it has more incidents than are looked "
			"at"));
	return rc;
}

static int iodef_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	xmlParserCtxt *x;
	xmlDoc *doc;
	int rc = OOPS_FORMAT;

	if (memmem(r->octets, r->n, "<!DOCTYPE", 9) || memmem(r->octets, r->n, "<!ENTITY", 8)) {
		snprintf(why, EXCHANGE_WHY, N_("it has a document type; IODEF has none, "
			 "and what stands in one is not read"));
		return OOPS_FORMAT;
	}
	if (r->n > INT32_MAX || (x = xmlNewParserCtxt()) == NULL)
		return -ENOMEM;
	doc = xmlCtxtReadMemory(x, (const char *)r->octets, (int)r->n, NULL,
				encoding_of(r->octets, r->n), XML_PARSE_NONET |
				XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC |
				XML_PARSE_NOCDATA | XML_PARSE_NOBLANKS);
	if (doc == NULL)
		snprintf(why, EXCHANGE_WHY, "line %d: %.200s", x->lastError.line,
			 x->lastError.message ? x->lastError.message : "not XML");
	else if (doc->intSubset)
		snprintf(why, EXCHANGE_WHY, N_("it has a document type"));
	else
		rc = read_document(r, doc, why);
	why[strcspn(why, "\n")] = 0;
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(x);
	return rc;
}

static bool iodef_knows(const u8 *octets, size_t n)
{
	n = octets ? min_u64(n, 4096) : 0;
	return n && memmem(octets, n, "<", 1) && memmem(octets, n, "IODEF-Document", 14);
}

static void iodef_prepare(void)
{
	xmlInitParser();
}

/* ---- writing ---- */

/* What XML cannot hold becomes '?' (XML 1.0, 2.2); the rest has it. */
static void put_text(struct buf *out, const char *text)
{
	char *copy = strdup(text ? text : "");

	if (copy == NULL) {
		out->error = -ENOMEM;
		return;
	}
	utf8_mend(copy);
	for (const u8 *p = (const u8 *)copy; *p; p++) {
		if (*p == '&' || *p == '<' || *p == '>' || *p == '"' || *p == '\r')
			buf_fmt(out, "&#%u;", *p);
		else if (*p == 0xef && p[1] == 0xbf && (p[2] == 0xbe || p[2] == 0xbf))
			buf_byte(out, '?'), p += 2;	/* U+FFFE, U+FFFF */
		else
			buf_byte(out, *p < 0x20 && *p != '\n' && *p != '\t' ? '?' : *p);
	}
	free(copy);
}

static void put_element(struct buf *out, const char *name, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_fmt(out, "<%s>", name);
	put_text(out, text);
	buf_fmt(out, "</%.*s>\n", (int)strcspn(name, " "), name);
}

static void put_stamp(struct buf *out, const char *name, u64 ns)
{
	char text[STAMP_TEXT_MAX];

	if (ns)
		put_element(out, name, stamp_text(ns, ns % STAMP_NS ? 9 : 0, text));
}

/* The element that names a subject; false when the format has none. */
static bool put_subject(struct buf *out, const struct item *i)
{
	const char *category = NULL;
	bool six = strchr(i->subject, ':') != NULL;

	switch (i->subject_kind) {
	case SUBJECT_DOMAIN: case SUBJECT_ZONE:
		buf_text(out, "<DomainData system-status=\"unknown\" "
			 "domain-status=\"unknown\">\n");
		put_element(out, "Name", i->subject);
		buf_text(out, "</DomainData>\n");
		return true;
	case SUBJECT_ADDRESS: case SUBJECT_SERVER: case SUBJECT_CLIENT:
		category = six ? "ipv6-addr" : "ipv4-addr";
		break;
	case SUBJECT_PREFIX: category = six ? "ipv6-net" : "ipv4-net"; break;
	case SUBJECT_AS: category = "asn"; break;
	case SUBJECT_EMAIL: category = "e-mail"; break;
	case SUBJECT_URL: category = "site-uri"; break;
	default: return false;
	}
	buf_fmt(out, "<Address category=\"%s\">", category);
	put_text(out, i->subject);
	buf_text(out, "</Address>\n");
	return true;
}

static void put_event(struct buf *out, const struct item *i)
{
	struct buf subject = { 0 };

	if (i->subject == NULL || i->subject[0] == 0 || !put_subject(&subject, i)) {
		buf_free(&subject);
		return;
	}
	if (i->kind == ITEM_INDICATOR) {
		buf_text(out, "<IndicatorData>\n<Indicator>\n<IndicatorID name=\"item\" "
			 "version=\"1\">");
		put_text(out, i->id);
		buf_text(out, "</IndicatorID>\n");
		put_stamp(out, "EndTime", i->valid_until);
		buf_fmt(out, "<Observable>\n%s%s%s</Observable>\n</Indicator>\n"
			"</IndicatorData>\n", subject.at[1] == 'D' ? "" : "<System>\n<Node>\n",
			subject.at, subject.at[1] == 'D' ? "" : "</Node>\n</System>\n");
	} else {
		buf_fmt(out, "<EventData>\n<Flow>\n<System category=\"source\">\n<Node>\n"
			"%s</Node>\n</System>\n</Flow>\n</EventData>\n", subject.at);
	}
	buf_free(&subject);
}

static void put_assessment(struct buf *out, const struct item *i)
{
	const char *severity = i->severity <= SEVERITY_LOW ? "low"
		: i->severity == SEVERITY_MEDIUM ? "medium" : "high";

	buf_text(out, "<Assessment>\n");
	put_element(out, "IncidentCategory", abuse_names[i->abuse]);
	buf_fmt(out, "<SystemImpact severity=\"%s\" type=\"unknown\"/>\n"
		"<Confidence rating=\"numeric\">%llu</Confidence>\n</Assessment>\n", severity,
		(unsigned long long)i->confidence);
}

static void put_contact(struct buf *out, const struct exchange_write *w, const struct item *i)
{
	const char *by = w->producer ? w->producer : "Vedette";

	buf_text(out, "<Contact role=\"creator\" type=\"organization\">\n");
	put_element(out, "ContactName", i->source && i->source[0] ? i->source : by);
	if (w->contact) {
		buf_text(out, "<Email>\n");
		put_element(out, "EmailTo", w->contact);
		buf_text(out, "</Email>\n");
	}
	buf_text(out, "</Contact>\n");
}

/* An incident, with AdditionalData of this text when there is one. */
static void put_incident(struct buf *out, const struct exchange_write *w,
			 const struct item *i, const char *rest)
{
	static const char *const purposes[] = { [ITEM_OBSERVATION] = "reporting",
		[ITEM_INDICATOR] = "watch", [ITEM_REPORT] = "reporting",
		[ITEM_INCIDENT] = "mitigation", [ITEM_NOTE] = "other" };

	buf_fmt(out, "<Incident purpose=\"%s\" restriction=\"%s\"%s>\n", purposes[i->kind],
		i->tlp == LABEL_AMBER_STRICT ? "ext-value" : restrictions[i->tlp],
		i->tlp == LABEL_AMBER_STRICT ? " ext-restriction=\"amber+strict\"" : "");
	buf_text(out, "<IncidentID name=\"");
	put_text(out, w->producer ? w->producer : "Vedette");
	buf_text(out, "\">");
	put_text(out, i->id && i->id[0] ? i->id : "-");
	buf_text(out, "</IncidentID>\n");
	put_stamp(out, "StartTime", i->first_seen);
	put_stamp(out, "EndTime", i->last_seen);
	put_stamp(out, "GenerationTime", i->created ? i->created : w->at);
	put_element(out, "Description", i->title && i->title[0] ? i->title
		    : item_kinds[i->kind]);
	put_element(out, "Description", i->text);
	put_assessment(out, i);
	put_contact(out, w, i);
	put_event(out, i);
	put_element(out, "AdditionalData dtype=\"string\" meaning=\"" MEANING "\"", rest);
	buf_text(out, "</Incident>\n");
}

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<IODEF-Document "
	"version=\"2.00\" xml:lang=\"en\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\n";

/* What a stranger would understand: compared with the item inside the reading. */
struct mirror { const struct item *want; json_t *rest; u32 items; int rc; };

static int look_back(void *to, const struct item *got)
{
	struct mirror *m = to;

	if (m->items++ == 0)
		m->rest = rest_make(m->want, got, &m->rc);
	return 0;
}

static void say_nothing(void *to, const char *where, const char *why)
{
	(void)to, (void)where, (void)why;
}

/* One incident, and with it what it could not say. */
static int write_one(struct buf *out, const struct exchange_write *w, const struct item *i)
{
	struct buf alone = { 0 };
	struct mirror m = { .want = i };
	struct exchange_read r = { .item = look_back, .trouble = say_nothing, .to = &m };
	char why[EXCHANGE_WHY] = "", *rest;
	int rc;

	buf_text(&alone, head);
	put_incident(&alone, w, i, NULL);
	buf_text(&alone, "</IODEF-Document>\n");
	r.octets = (const u8 *)buf_str(&alone);
	r.n = alone.len;
	rc = buf_error(&alone) ? buf_error(&alone) : iodef_read(&r, why);
	buf_free(&alone);
	if (rc || m.rc)
		return rc ? rc : m.rc;
	rest = m.rest ? json_dumps(m.rest, JSON_COMPACT) : NULL;
	put_incident(out, w, i, rest);
	free(rest);
	json_decref(m.rest);
	return 0;
}

static int iodef_write(struct buf *out, const struct exchange_write *w,
		       char why[EXCHANGE_WHY])
{
	int rc = 0;

	(void)why;
	buf_text(out, head);
	for (size_t k = 0; k < release_count(w->release) && rc == 0; k++)
		rc = write_one(out, w, release_item(w->release, k));
	buf_text(out, "</IODEF-Document>\n");
	return rc ? rc : buf_error(out);
}

const struct exchange exchange_iodef = {
	.id = "iodef",
	.title = N_("IODEF 2 incidents"),
	.extension = ".xml",
	.media = "application/xml",
	.story = N_("Each item as an Incident with its assessment, contact and what it "
		 "is about; labels as restriction. Read are versions 2 and 1. What may "
		 "be done with it (PAP) is not carried: the format has no word for it."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp",
	.cap = { LABEL_RED, PAP_GREEN },
	.prepare = iodef_prepare,
	.write = iodef_write,
	.knows = iodef_knows,
	.read = iodef_read,
};
