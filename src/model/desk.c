/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.c - the tables of field.h for the desk's nouns; see desk.h. */
#include "model/desk.h"
#include "model/digest.h"

#define F(name, text) text,
const char *const incident_states[] = { INCIDENT_STATES(F) NULL };
const char *const member_kinds[] = { MEMBER_KINDS(F) NULL };
const char *const note_places[] = { NOTE_PLACES(F) NULL };
const char *const task_states[] = { TASK_STATES(F) NULL };
const char *const report_states[] = { REPORT_STATES(F) NULL };
const char *const contact_kinds[] = { CONTACT_KINDS(F) NULL };
const char *const channels[] = { CHANNELS(F) NULL };
const char *const proofs[] = { PROOFS(F) NULL };
const char *const notice_states[] = { NOTICE_STATES(F) NULL };
const char *const letter_forms[] = { LETTER_FORMS(F) NULL };
const char *const upload_kinds[] = { UPLOAD_KINDS(F) NULL };
const char *const upload_states[] = { UPLOAD_STATES(F) NULL };
const char *const roles[] = { ROLES(F) NULL };
const char *const standings[] = { STANDINGS(F) NULL };
#undef F

#define F(kind, member, help) FIELD_ROW(NOUN, kind, member, help)
#define C(member, choices, help) FIELD_ROW_C(NOUN, member, choices, help)
#define NOUN incident
static const struct field incident_fields[] = { INCIDENT_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN member
static const struct field member_fields[] = { MEMBER_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN note
static const struct field note_fields[] = { NOTE_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN task
static const struct field task_fields[] = { TASK_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN deadline
static const struct field deadline_fields[] = { DEADLINE_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN mute
static const struct field mute_fields[] = { MUTE_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN report
static const struct field report_fields[] = { REPORT_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN indicator
static const struct field indicator_fields[] = { INDICATOR_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN contact
static const struct field contact_fields[] = { CONTACT_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN address
static const struct field address_fields[] = { ADDRESS_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN vouch
static const struct field vouch_fields[] = { VOUCH_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN drill
static const struct field drill_fields[] = { DRILL_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN notice
static const struct field notice_fields[] = { NOTICE_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN notice_rule
static const struct field notice_rule_fields[] = { NOTICE_RULE_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN upload
static const struct field upload_fields[] = { UPLOAD_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN user
static const struct field user_fields[] = { USER_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN token
static const struct field token_fields[] = { TOKEN_FIELDS(F, C) FIELD_END };
#undef NOUN
#define NOUN event
const struct field event_fields[] = { EVENT_FIELDS(F, C) FIELD_END };
#undef NOUN
#undef F
#undef C

#define F(noun, list, keys, indexes)                                           \
	[DESK_##noun] = { #noun, noun##_fields, sizeof(struct noun), keys, indexes },
const struct desk_noun desk_nouns[DESK_TABLES] = { DESK_NOUNS(F) };
#undef F
#define F(noun, list, keys, indexes)                                           \
	_Static_assert(sizeof(struct noun) <= DESK_RECORD_MAX, #noun);
DESK_NOUNS(F)
#undef F

void event_hash(const struct event *e, char ret[65])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS], prev[DIGEST_OCTETS] = { 0 };

	if (hex_parse(e->prev, DIGEST_OCTETS, prev))
		memset(prev, 0xff, sizeof prev);	/* no hash is right then */
	digest_init(&d);
	digest_text(&d, "VL1");
	digest_u64(&d, e->number);
	digest_u64(&d, e->at);
	digest_text(&d, e->author);
	digest_text(&d, e->kind);
	digest_text(&d, e->about);
	digest_text(&d, e->body);
	digest_add(&d, prev, sizeof prev);
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, ret);
}
