/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding.h - what a detector or a check concluded, with its measured grounds.
 *
 * One record type for every verb. A finding is data first, sentence last: the
 * features that the rule looked at stand beside the rule's thresholds, and the
 * loss of the capture in the finding's window stands beside them, so that a
 * reader can judge without trusting. Its id is the SHA-256 of what identifies it:
 * rule, rule version, subject, window and, of an audit, the zone.
 *
 * One serialisation: JSON (finding_json.c). It is what `--json` prints, what the
 * analyser sends to its parent, what packs hold and what the store rebuilds.
 * The schema of the JSON and of the SQL tables is made from the lists below. */
#pragma once
#include "model/catalogue.h"
#include "model/field.h"
#include "model/label.h"

#define FINDING_FEATURES_MAX 24
#define FINDING_RELATED_MAX 16
#define FINDING_EVIDENCE_MAX 512	/* messages referred to by one finding */
#define FINDING_SUBJECT_MAX 1012	/* a name in text form fits */
#define FINDING_ID_MAX 65		/* hex SHA-256 and NUL */
#define FINDING_SENTENCE_MAX 600

#define FINDING_SUMMARY_MAX 16384
#define FINDING_VALUE_MAX 1e18		/* of a feature; larger ones are cut to it */

/* Scalar fields, in the order of output: kind (model/field.h), member, help. */
#define FINDING_FIELDS(F)                                                      \
	F(text, id, "SHA-256 of what identifies it") \
	F(text, rule, "catalogue id")                                          \
	F(count, rule_version, "version of the rule that spoke")               \
	F(text, subject_kind, "domain, client, server, zone, ...")             \
	F(text, subject, "who or what it is about")                            \
	F(stamp, from, "start of the window")                                  \
	F(stamp, until, "end of the window (exclusive)")                       \
	F(severity, severity, "info, low, medium, high or critical")           \
	F(count, confidence, "0 to 100")                                       \
	F(text, sentence, "what was seen, in one sentence")                    \
	F(count, frames, "frames (of a zone: records) read in the window")     \
	F(count, lost, "of them lost, cut or malformed")                       \
	F(count, crowded, "keys turned away for want of memory in the window") \
	F(count, late, "messages that came too late for the window")           \
	F(text, label, "TLP 2.0 label; with the PAP, where that is not PAP:GREEN") \
	F(count, evidence_all, "messages that belong to the subject in the window") \
	F(count, evidence_kept, "of them kept as evidence")                    \
	F(text, zone, "the zone that was audited, or its file; empty for traffic") \
	F(text, file, "the zone's file in which it stands; empty for none")    \
	F(count, line, "line of that file, or number in a transfer; 0 for none")

#define FEATURE_FIELDS(F)                                                      \
	F(text, name, "what was measured: distinct_names")                     \
	F(text, unit, "bytes, names, ...; empty for a bare number")            \
	F(text, help, "what the number means")                                 \
	F(real, value, "the measured value")                                   \
	F(real, threshold, "the rule's threshold; 0 when shown only")          \
	F(rule, rule, "what the rule wants of the value against the threshold")
#define RELATED_FIELDS(F)                                                      \
	F(text, role, "client, server, victim, name, ...")                     \
	F(text, name, "who")                                                   \
	F(text, note, "what this party did")                                   \
	F(count, amount, "by which the parties are ordered")

#define FEATURE_RULES(F)                                                       \
	F(SHOWN, "shown")	/* measured, no threshold */                   \
	F(AT_LEAST, "at-least")	/* the rule wants value >= threshold */        \
	F(AT_MOST, "at-most")
#define F(name, text) FEATURE_##name,
enum feature_rule { FEATURE_RULES(F) FEATURE_RULE_COUNT };
#undef F
const char *feature_rule_name(enum feature_rule r);

struct feature {
	char name[32];		/* "distinct_names" */
	char unit[16];		/* "bytes", "names", "" */
	char help[120];
	double value, threshold;
	u8 rule;		/* enum feature_rule */
};

struct related {	/* others who take part */
	char role[16];		/* "client", "server", "victim", "name" */
	char name[256];
	char note[120];		/* "at most 41,200 bytes out" */
	u64 amount;		/* by which they are ordered */
};

struct finding {
	char id[FINDING_ID_MAX];
	char rule[48];
	u64 rule_version;
	char subject_kind[16];
	char subject[FINDING_SUBJECT_MAX];
	u64 from, until;
	enum severity severity;
	u64 confidence;
	char sentence[FINDING_SENTENCE_MAX];
	u64 frames, lost, crowded, late;
	char label[MARKING_TEXT_MAX];	/* "TLP:AMBER"; no part of the id */
	u64 evidence_all, evidence_kept;
	char zone[FINDING_SUBJECT_MAX];
	char file[64];
	u64 line;
	u32 feature_count, related_count, evidence_count;
	u64 key;	/* of the subject in the window's tables; not written out */
	struct feature features[FINDING_FEATURES_MAX];
	struct related related[FINDING_RELATED_MAX];
	u8 evidence[FINDING_EVIDENCE_MAX][32];	/* SHA-256 of each evidence item */
	/* The packed summary that was judged; see window/. */
	struct { u8 bytes[FINDING_SUMMARY_MAX]; u32 len; } summary;
};

/* Each ends with name NULL. */
extern const struct field finding_fields[], feature_fields[], related_fields[];

/* Sets f->id from the fields that identify it (call when they are final), after
 * octets that are no UTF-8 in its texts became '?'. */
void finding_identify(struct finding *f);
/* The id that f should have, from the same fields. */
void finding_id(const struct finding *f, char ret[FINDING_ID_MAX]);
/* Adds a feature; past the maximum nothing happens. A value that is no number becomes
 * 0, one past FINDING_VALUE_MAX is cut to it. */
void finding_feature(struct finding *f, const struct feature *add);
/* Adds a related party; the FINDING_RELATED_MAX of greatest amount are kept, in that
 * order, so it does not matter in which order they came. */
void finding_related(struct finding *f, const struct related *add);
/* The same in words: a measured value; one with a threshold at or above which, or at or
 * below which, the rule speaks; another that takes part. Texts are copied. */
void finding_value(struct finding *f, const char *name, double value, const char *unit,
		   const char *help);
void finding_least(struct finding *f, const char *name, double value, double threshold,
		   const char *help);
void finding_most(struct finding *f, const char *name, double value, double threshold,
		  const char *help);
void finding_party(struct finding *f, const char *role, const char *name, u64 amount,
		   const char *note);
/* Total order for output: severity down, until, rule, subject, id. */
int finding_compare(const struct finding *a, const struct finding *b);
/* True when the feature's value is what the rule wants; also when only shown. */
bool feature_meets(const struct feature *f);

struct buf;
/* Appends the finding as one JSON object without a line end: keys in the order
 * of the lists, the same octets for the same finding in every locale. */
void finding_json(struct buf *out, const struct finding *f);
/* Reads it back, strictly: every key once, no other key, canonical stamps. 0, or
 * OOPS_FORMAT, OOPS_TYPE, OOPS_UNKNOWN (a key or a word), OOPS_RANGE (too long,
 * too large, too many) with the key at fault in why[] (may be NULL). The id must
 * be the right one: OOPS_CHANGED. *ret is written on success only. */
#define FINDING_WHY FIELD_WHY
#define FINDING_JSON_MAX (1u << 20)
int finding_parse(struct finding *ret, const char *json, size_t n, char why[FINDING_WHY]);
/* The JSON Schema (draft 2020-12) of the object, from the same lists; it has no
 * "$schema" itself, so that it can stand in another. */
void finding_schema(struct buf *out);
