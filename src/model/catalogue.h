/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.h - the shape of a row of the one list of all that can be found.
 *
 * Each detector and each check brings its own rows (H3 of the style guide: a
 * plug-in is one file and one row); respond/catalogue.c joins them into the list
 * that `vedette explain`, the manual, the reports and the formats read.
 * Texts are English; translations are looked up by msgid. */
#pragma once
#include "base/tongue.h"

/* The eight areas of DNS security of the DSFI report. */
#define AREAS(F)                                                               \
	F(IDENTITY, NC_("area", "identity"))                                   \
	F(AVAILABILITY, NC_("area", "availability"))                           \
	F(IMPERSONATION, NC_("area", "impersonation"))                         \
	F(VULNERABILITY, NC_("area", "vulnerability"))                         \
	F(FATE_SHARING, NC_("area", "fate-sharing"))                           \
	F(VEHICLE, NC_("area", "dns-as-vehicle"))                              \
	F(TRUST, NC_("area", "trust")) F(CRYPTOGRAPHY, NC_("area", "cryptography"))
/* Abuse categories as the contracts name them; NONE where none fits. */
#define ABUSES(F)                                                              \
	F(NONE, "") F(PHISHING, NC_("abuse", "phishing"))                      \
	F(MALWARE, NC_("abuse", "malware")) F(BOTNET, NC_("abuse", "botnet"))  \
	F(PHARMING, NC_("abuse", "pharming")) F(SPAM, NC_("abuse", "spam"))
#define REMITS(F)                                                              \
	F(DNS, NC_("remit", "dns")) F(REGISTRATION, NC_("remit", "registration")) \
	F(ROUTING, NC_("remit", "routing")) F(CONTENT, NC_("remit", "content"))
#define SEVERITIES(F)                                                          \
	F(INFO, NC_("severity", "info")) F(LOW, NC_("severity", "low"))        \
	F(MEDIUM, NC_("severity", "medium")) F(HIGH, NC_("severity", "high"))  \
	F(CRITICAL, NC_("severity", "critical"))

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

/* The names above; a number out of its enum is a broken program. They are ids too: for people
 * C_("severity", severity_name(s)). */
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
	bool victim;		/* its subject is who is attacked */
	const char *meaning;	/* what it is and why it matters, some sentences */
	const char *remedy;	/* what to do now */
	const char *const *references;	/* NULL-terminated: RFCs, papers */
	const char *zonemaster;	/* equal tag there, or NULL */
	const char *dnsviz;
};

#define FIRST_TECHNIQUES 21
/* Name of a technique of FIRST's matrix (1..21), "" for 0 or unknown numbers. */
const char *first_technique(unsigned number);
