/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_state.h - the words of the desk: states, kinds, roles, each said once. The arrays of
 * texts are NULL-terminated, as choices of a record (model/field.h). */
#pragma once
#include "base/base.h"

/* false-alarm and closed are ends; merged goes on in another incident. */
#define INCIDENT_STATES(F)                                                     \
	F(NEW, NC_("state", "new")) F(TRIAGED, NC_("state", "triaged"))        \
	F(CONFIRMED, NC_("state", "confirmed")) F(NOTIFIED, NC_("state", "notified")) \
	F(MITIGATING, NC_("state", "mitigating"))                              \
	F(MITIGATED, NC_("state", "mitigated")) F(CLOSED, NC_("state", "closed")) \
	F(FALSE_ALARM, NC_("state", "false-alarm")) F(MERGED, NC_("state", "merged"))
#define MEMBER_KINDS(F)                                                        \
	F(FINDING, NC_("member", "finding")) F(REPORT, NC_("member", "report"))
#define TASK_STATES(F)                                                         \
	F(OPEN, NC_("task", "open")) F(DONE, NC_("task", "done"))              \
	F(DROPPED, NC_("task", "dropped"))
#define REPORT_STATES(F)                                                       \
	F(NEW, NC_("report", "new")) F(DUPLICATE, NC_("report", "duplicate"))  \
	F(NOISE, NC_("report", "noise")) F(ACCEPTED, NC_("report", "accepted")) \
	F(ANSWERED, NC_("report", "answered"))
#define CONTACT_KINDS(F)                                                       \
	F(ORGANISATION, NC_("contact kind", "organisation"))                   \
	F(PERSON, NC_("contact kind", "person"))
#define CHANNELS(F)                                                            \
	F(MAIL, NC_("channel", "mail")) F(WEBHOOK, NC_("channel", "webhook"))  \
	F(PHONE, NC_("channel", "phone")) F(WEB, NC_("channel", "web"))        \
	F(POST, NC_("channel", "post")) F(KEY, NC_("channel", "key"))
#define PROOFS(F)                                                              \
	F(UNTRIED, NC_("proof", "untried")) F(ASKED, NC_("proof", "asked"))    \
	F(ANSWERED, NC_("proof", "answered")) F(SILENT, NC_("proof", "silent")) \
	F(BOUNCED, NC_("proof", "bounced"))
#define NOTICE_STATES(F)                                                       \
	F(DRAFT, NC_("notice", "draft")) F(APPROVED, NC_("notice", "approved")) \
	F(SENDING, NC_("notice", "sending")) F(SENT, NC_("notice", "sent"))    \
	F(FAILED, NC_("notice", "failed")) F(BOUNCED, NC_("notice", "bounced")) \
	F(CANCELLED, NC_("notice", "cancelled"))
/* apart: for who may have it, whoever else works on the incident; its label is its own. */
#define NOTE_PLACES(F) F(WITHIN, "within") F(APART, "apart")
#define LETTER_FORMS(F) F(WHOLE, "whole") F(REDACTED, "redacted")
#define UPLOAD_KINDS(F) F(CAPTURE, "capture") F(ZONE, "zone") F(REPORT, "report")
/* interrupted: the server ended while it ran; it can be started again. */
#define UPLOAD_STATES(F)                                                       \
	F(QUEUED, NC_("upload", "queued")) F(RUNNING, NC_("upload", "running")) \
	F(DONE, NC_("upload", "done")) F(FAILED, NC_("upload", "failed"))      \
	F(CANCELLED, NC_("upload", "cancelled"))                               \
	F(INTERRUPTED, NC_("upload", "interrupted"))
/* Each may do what those before it may. */
#define ROLES(F)                                                               \
	F(VIEWER, NC_("user role", "viewer")) F(ANALYST, NC_("user role", "analyst")) \
	F(LEAD, NC_("user role", "lead")) F(ADMIN, NC_("user role", "admin"))
#define STANDINGS(F)                                                           \
	F(ACTIVE, NC_("standing", "active"))                                   \
	F(MUST_CHANGE, NC_("standing", "must-change")) F(LOCKED, NC_("standing", "locked"))

#define F(name, text) INCIDENT_##name,
enum incident_state { INCIDENT_STATES(F) INCIDENT_STATE_COUNT };
#undef F
#define F(name, text) MEMBER_##name,
enum member_kind { MEMBER_KINDS(F) MEMBER_KIND_COUNT };
#undef F
#define F(name, text) TASK_##name,
enum task_state { TASK_STATES(F) TASK_STATE_COUNT };
#undef F
#define F(name, text) REPORT_##name,
enum report_state { REPORT_STATES(F) REPORT_STATE_COUNT };
#undef F
#define F(name, text) CONTACT_##name,
enum contact_kind { CONTACT_KINDS(F) CONTACT_KIND_COUNT };
#undef F
#define F(name, text) CHANNEL_##name,
enum channel { CHANNELS(F) CHANNEL_COUNT };
#undef F
#define F(name, text) PROOF_##name,
enum proof { PROOFS(F) PROOF_COUNT };
#undef F
#define F(name, text) NOTICE_##name,
enum notice_state { NOTICE_STATES(F) NOTICE_STATE_COUNT };
#undef F
#define F(name, text) NOTE_##name,
enum note_place { NOTE_PLACES(F) NOTE_PLACE_COUNT };
#undef F
#define F(name, text) LETTER_##name,
enum letter_form { LETTER_FORMS(F) LETTER_FORM_COUNT };
#undef F
#define F(name, text) UPLOAD_##name,
enum upload_kind { UPLOAD_KINDS(F) UPLOAD_KIND_COUNT };
enum upload_state { UPLOAD_STATES(F) UPLOAD_STATE_COUNT };
#undef F
#define F(name, text) ROLE_##name,
enum role { ROLES(F) ROLE_COUNT };
#undef F
#define F(name, text) STANDING_##name,
enum standing { STANDINGS(F) STANDING_COUNT };
#undef F
extern const char *const upload_kinds[], *const upload_states[];
extern const char *const roles[], *const standings[];
extern const char *const incident_states[], *const member_kinds[], *const task_states[],
	*const report_states[], *const contact_kinds[], *const channels[],
	*const proofs[], *const notice_states[], *const letter_forms[], *const note_places[];
