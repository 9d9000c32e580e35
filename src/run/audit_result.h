/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_result.h - what an audit found, gathered frame by frame: for audit.c.
 *
 * Nothing that comes is trusted: findings are parsed, evidence is hashed anew, and there is a
 * bound on both (AUDIT_FINDINGS_MAX, AUDIT_OCTETS_MAX). */
#pragma once
#include "run/audit.h"

/* Empties it: the auditor begins anew. What is known of crashes stays. */
void result_forget(struct audit_result *r);
/* Takes in a finding as JSON, or packed evidence (copied): 0, -ENOMEM, OOPS_LIMIT, or what is
 * wrong with it. */
int result_finding(struct audit_result *r, const u8 *body, size_t n);
int result_evidence(struct audit_result *r, const u8 *body, size_t n);
/* Takes in the picture of the zone: it must be a good one. */
int result_picture(struct audit_result *r, const u8 *body, size_t n);
/* At the end: findings in their order, each evidence once. */
void result_settle(struct audit_result *r);
