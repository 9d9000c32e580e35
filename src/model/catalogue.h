/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.h - the shape of a row of the one list of all that can be found.
 *
 * Each detector and each check brings its own rows (H3 of the style guide: a
 * plug-in is one file and one row); run/catalogue.c joins them into the list
 * that `vedette explain`, the manual, the reports and the formats read.
 * Texts are English; translations are looked up by msgid. */
#pragma once
#include "base/base.h"

/* The eight areas of DNS security of the DSFI report. */
#define AREAS(F)                                                               \
	F(IDENTITY, "identity") F(AVAILABILITY, "availability")                \
	F(IMPERSONATION, "impersonation") F(VULNERABILITY, "vulnerability")    \
	F(FATE_SHARING, "fate-sharing") F(VEHICLE, "dns-as-vehicle")           \
	F(TRUST, "trust") F(CRYPTOGRAPHY, "cryptography")
/* Abuse categories as the contracts name them; NONE where none fits. */
#define ABUSES(F)                                                              \
	F(NONE, "") F(PHISHING, "phishing") F(MALWARE, "malware")              \
	F(BOTNET, "botnet") F(PHARMING, "pharming") F(SPAM, "spam")
#define REMITS(F)                                                              \
	F(DNS, "dns") F(REGISTRATION, "registration") F(ROUTING, "routing")    \
	F(CONTENT, "content")
#define SEVERITIES(F)                                                          \
	F(INFO, "info") F(LOW, "low") F(MEDIUM, "medium") F(HIGH, "high")      \
	F(CRITICAL, "critical")

#define F(name, text) AREA_##name,
enum area { AREAS(F) AREA_COUNT };
#undef F
#define F(name, text) ABUSE_##name,
enum abuse { ABUSES(F) ABUSE_COUNT };
#undef F
#define F(name, text) REMIT_##name,
enum remit { REMITS(F) REMIT_COUNT };
#undef F
#define F(name, text) SEVERITY_##name,
enum severity { SEVERITIES(F) SEVERITY_COUNT };
#undef F

/* The names above; a number out of its enum is a broken program. */
const char *area_name(enum area a);
const char *abuse_name(enum abuse a);
const char *remit_name(enum remit r);
const char *severity_name(enum severity s);
int severity_parse(const char *text);	/* a severity or OOPS_UNKNOWN */

struct catalogue_row {
	const char *id;		/* "tunnel.data": detector, dot, what */
	const char *title;	/* a short noun phrase */
	enum area area;
	unsigned first;		/* FIRST DNS abuse technique, 1..21; 0 = none */
	enum abuse abuse;
	enum remit remit;
	const char *detect;	/* who can detect, mitigate, prevent: */
	const char *mitigate;	/* "resolver operator, CERT" */
	const char *prevent;
	enum severity severity;	/* the usual one; a finding may say another */
	const char *meaning;	/* what it is and why it matters, some sentences */
	const char *remedy;	/* what to do now */
	const char *const *references;	/* NULL-terminated: RFCs, papers */
	const char *zonemaster;	/* equal tag there, or NULL */
	const char *dnsviz;
};

#define FIRST_TECHNIQUES 21
/* Name of a technique of FIRST's matrix (1..21), "" for 0 or unknown numbers. */
const char *first_technique(unsigned number);
