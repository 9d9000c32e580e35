/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.h - the nouns of the response desk: incidents, what hangs on them, who is told.
 *
 *   event log (append-only, chained)  --fold-->  the tables below
 *
 *   incident --< member (finding, report)     contact --< address
 *      |--< note                                 |--< vouch, drill
 *      |--< task                              report (from outside)
 *      |--< deadline                          mute
 *      +--< notice >-- contact                   indicator (listed by others)
 *
 * Each noun is said once, in a list; struct, JSON and SQL table follow (model/field.h).
 * The first `keys` fields of a table are its key. The tables are what the log says and
 * nothing else: they can be thrown away and made again from it (respond/desk.h). Texts
 * are views. budget: one list of nouns, read as one. Times are ns; 0 = not yet. */
#pragma once
#include "model/desk_state.h"
#include "model/item.h"

#define MARKING_FIELDS(F, C)                                                   \
	C(tlp, label_names, "TLP 2.0 label") C(pap, pap_names, "what may be done with it")

#define INCIDENT_FIELDS(F, C)                                                  \
	F(count, number, "from 1, in the order of opening")                    \
	F(count, version, "number of the event that last changed it")          \
	F(said, title, "one line")                                             \
	C(state, incident_states, "how far it is")                             \
	F(severity, severity, "the highest of its members")                    \
	F(count, confidence, "the highest of its members, 0 to 100")           \
	F(words, family, "catalogue family, or abuse category: tunnel, phishing") \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "who or what it is about")                           \
	F(said, reason, "why its members belong together")                     \
	F(words, owner, "who works on it")                                     \
	F(words, clocks, "the sets of deadlines that run: one a line")         \
	F(later, aware, "when we knew: from then on clocks run")               \
	F(stamp, opened, "when it was opened")                                 \
	F(stamp, changed, "when it was last changed")                          \
	F(later, closed, "when it ended")                                      \
	F(later, first_seen, "begin of the earliest member")                   \
	F(later, last_seen, "end of the latest member")                        \
	F(count, findings, "members that are findings")                        \
	F(count, reports, "members that are reports from outside")             \
	F(count, exposed, "parties that one of its members names, at most")    \
	F(later, due, "the next deadline that is not met; null = none")        \
	F(said, verdict, "why it ended so")                                    \
	F(count, into, "incident that it was merged into, or split from")      \
	F(count, before, "ended incident that came back as this one; 0 = none") \
	C(own_tlp, label_names, "what people raised it to") C(own_pap, pap_names, "and PAP") \
	MARKING_FIELDS(F, C)

#define MEMBER_FIELDS(F, C)                                                    \
	F(count, incident, "number of the incident")                           \
	C(kind, member_kinds, "finding or report")                             \
	F(words, id, "of the finding, or number of the report")                \
	F(said, reason, "why it belongs here")                                 \
	F(words, rule, "catalogue id, or abuse category")                      \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "who or what it is about")                           \
	F(severity, severity, "info, low, medium, high or critical")           \
	F(count, confidence, "0 to 100")                                       \
	F(later, from, "start of its window")                                  \
	F(later, until, "end of its window")                                   \
	F(count, exposed, "parties that it names")                             \
	F(count, origin, "incident that it was merged with from; 0 = none")    \
	F(stamp, changed, "when it came in, or was last marked")               \
	MARKING_FIELDS(F, C)

#define NOTE_FIELDS(F, C)                                                      \
	F(count, event, "number of the event that wrote it")                   \
	F(count, incident, "number of the incident")                           \
	F(stamp, at, "when")                                                   \
	F(words, author, "who wrote it")                                       \
	F(words, text, "what")                                                 \
	C(place, note_places, "within: its label counts for the incident; apart: it does not") \
	MARKING_FIELDS(F, C)

#define TASK_FIELDS(F, C)                                                      \
	F(count, incident, "number of the incident")                           \
	F(count, place, "from 1, in the playbook's order")                     \
	F(said, title, "what is to be done")                                   \
	F(said, actor, "who can do it: registrar, operator, host, ...")        \
	F(said, ask, "what to ask for")                                        \
	F(said, needs, "what evidence they need")                              \
	C(state, task_states, "open, done or dropped")                         \
	F(words, by, "who changed it last")                                    \
	F(later, at, "when it was done or dropped")

#define DEADLINE_FIELDS(F, C)                                                  \
	F(count, incident, "number of the incident")                           \
	F(words, set, "the set of clocks that it is from")                     \
	F(words, name, "early warning, notification, ...")                     \
	F(stamp, started, "when the clock began to run")                       \
	F(stamp, due, "when it must be met")                                   \
	F(later, met, "when it was met")                                       \
	F(said, by, "what met it")                                             \
	F(words, meets, "what meets it: state:mitigated, notice:TEMPLATE; one a line") \
	F(words, after, "the deadline that it counts from; empty = when we knew")

#define MUTE_FIELDS(F, C)                                                      \
	F(count, number, "number of the event that made it")                   \
	F(words, rule, "rules that begin so; empty = every rule")              \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "subject, or names below it; empty = every subject") \
	F(words, reason, "why these are no threats")                           \
	F(words, owner, "who answers for it")                                  \
	F(stamp, from, "from when on it holds")                                \
	F(stamp, expires, "until when it holds: never for ever")               \
	F(count, incident, "the false alarm that it came from; 0 = none")      \
	F(later, lifted, "when it was taken back")

#define REPORT_FIELDS(F, C)                                                    \
	F(count, number, "from 1, in the order of arrival")                    \
	F(stamp, received, "when we got it")                                   \
	F(words, item, "64 hex digits: what it says, whoever says it")         \
	F(words, format, "xarf, mail, csv, form, ...")                         \
	F(words, sender, "who reports, as they say")                           \
	F(said, title, "one line")                                             \
	F(words, text, "what they say")                                        \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "who or what is reported")                           \
	C(abuse, abuse_names, "phishing, malware, botnet, pharming, spam or nothing") \
	F(later, seen, "when they saw it")                                     \
	F(words, original, "SHA-256 of the document that it came in")          \
	F(words, references, "one URL a line")                                 \
	C(state, report_states, "what became of it")                           \
	F(words, reasons, "what speaks for and against it: \"+25 finding: ...\", one a line") \
	F(count, weight, "0 noise to 100 certain, from the reasons")           \
	F(count, same, "report that says the same, if this is a duplicate")    \
	F(count, copies, "duplicates of it")                                   \
	F(count, incident, "where it went; 0 = nowhere")                       \
	F(said, verdict, "why it is in that state")                            \
	F(words, by, "who put it there")                                       \
	F(later, changed, "when; null = as it came")                           \
	MARKING_FIELDS(F, C)

#define INDICATOR_FIELDS(F, C)                                                 \
	F(words, id, "of the item, as its maker gave it or from its content")  \
	C(subject_kind, subject_kinds, "what the subject is")                  \
	F(words, subject, "name, address or URL, normalised")                  \
	C(abuse, abuse_names, "phishing, malware, botnet, pharming, spam or nothing") \
	F(words, title, "one line")                                            \
	F(words, source, "who says so")                                        \
	F(words, tags, "words for it: one a line")                             \
	F(words, references, "where more is said: one URL a line")             \
	F(severity, severity, "info, low, medium, high or critical")           \
	F(count, confidence, "0 to 100")                                       \
	F(later, first_seen, "when it was first seen")                         \
	F(later, last_seen, "when it was last seen")                           \
	F(later, valid_until, "from when on it is not to be used; null = not said") \
	F(stamp, taken, "when we took it")                                     \
	F(words, document, "SHA-256 of the document that it came in")          \
	F(words, format, "of the document")                                    \
	C(action, item_actions, "what a resolver shall do")                    \
	MARKING_FIELDS(F, C)

#define CONTACT_FIELDS(F, C)                                                   \
	F(words, id, "short name: registrar-64500, cert.example")              \
	C(kind, contact_kinds, "organisation or person")                       \
	F(words, name, "as it is written")                                     \
	F(words, organisation, "id of the organisation of a person")           \
	F(words, roles, "abuse, registrar, registry, operator, host, cert, police: one a line") \
	F(words, covers, "domains, AS numbers, prefixes, IANA ids it answers for: one a line") \
	F(words, languages, "en es fr, the best first")                        \
	F(words, hours, "when somebody is there: Mon-Fri 09:00-17:00 Europe/Madrid") \
	F(words, prefers, "how it wants reports: xarf, mail, web, phone")      \
	F(count, place, "order of escalation among those that cover the same") \
	F(words, note, "what one must know")                                   \
	F(said, source, "where it comes from: rdap example.com, csv, by hand")  \
	F(words, handle, "its id there")                                       \
	F(later, proven, "when it was last reached for sure")                  \
	F(stamp, changed, "when this was last changed")                        \
	C(tlp, label_names, "the strictest TLP label it may have")             \
	C(pap, pap_names, "the strictest PAP it honours")

#define ADDRESS_FIELDS(F, C)                                                   \
	F(words, contact, "id of the contact")                                 \
	C(channel, channels, "mail, webhook, phone, web, post or key")         \
	F(words, value, "the address, number, URL or public key")              \
	F(count, place, "which to take first")                                 \
	C(proof, proofs, "did anybody answer?")                                \
	F(later, at, "when that was known")

#define VOUCH_FIELDS(F, C)                                                     \
	F(words, by, "id of the contact that vouches")                         \
	F(words, whom, "id of the contact vouched for")                        \
	F(words, key, "public key that it is signed with, hex")                \
	F(words, statement, "what is signed")                                  \
	F(words, signature, "Ed25519, hex")                                    \
	F(stamp, at, "when")                                                   \
	F(stamp, until, "how long it holds")

#define DRILL_FIELDS(F, C)                                                     \
	F(words, token, "what the answer must hold")                           \
	F(words, contact, "who is tried")                                      \
	F(words, value, "the address")                                         \
	F(later, sent, "when it was sent")                                     \
	F(stamp, due, "until when an answer counts")                           \
	F(later, answered, "when an answer came")                              \
	F(words, answer, "what came")

#define NOTICE_FIELDS(F, C)                                                    \
	F(count, number, "from 1")                                             \
	F(count, incident, "what it is about; 0 = none")                       \
	F(words, contact, "id of who is told")                                 \
	C(channel, channels, "mail or webhook")                                \
	F(words, value, "the address")                                         \
	F(words, letter, "the template")                                       \
	F(words, language, "en, es or fr")                                     \
	F(words, title, "subject line")                                        \
	F(words, message, "SHA-256 of what goes out, in the store's octets")   \
	F(words, basis, "why they may know: contract, law, consent")           \
	F(words, by, "who gave the word, or the rule that did")                \
	C(state, notice_states, "how far it is")                               \
	F(count, tries, "how often it was tried")                              \
	F(later, next, "when it is tried again")                               \
	F(stamp, at, "when it was made")                                       \
	F(later, sent, "when the other side took it")                          \
	F(said, answer, "what the other side's server said")                   \
	F(words, key, "idempotency key: the same on every try")                \
	MARKING_FIELDS(F, C)

#define NOTICE_RULE_FIELDS(F, C)                                               \
	F(count, number, "number of the event that made it")                   \
	F(words, name, "by which the log names it")                            \
	F(words, role, "who is told: registrar, host, ...")                    \
	F(words, letter, "the template")                                       \
	C(state, incident_states, "about incidents in this state")             \
	F(severity, severity, "that are at least so severe")                   \
	F(words, family, "of a family that begins so; empty = every family")   \
	C(form, letter_forms, "redacted: what they may not have is left out")  \
	F(words, owner, "who answers for it")                                  \
	F(stamp, made, "when")                                                 \
	F(later, lifted, "when it was taken back")

#define USER_FIELDS(F, C)                                                       \
	F(words, login, "what is typed to sign in")                            \
	F(words, name, "as it is written")                                     \
	C(role, roles, "viewer, analyst, lead or admin")                       \
	F(words, email, "where to reach them; may be empty")                   \
	F(words, language, "en, es or fr")                                     \
	F(words, timezone, "of times on the page: Europe/Madrid; empty = UTC") \
	C(standing, standings, "active, must-change or locked")                \
	F(stamp, changed, "when this was last changed")                        \
	C(tlp, label_names, "the strictest TLP label they may see")            \
	C(pap, pap_names, "the strictest PAP they may see")

#define TOKEN_FIELDS(F, C)                                                     \
	F(words, id, "16 hex digits: the beginning of the token")              \
	F(words, login, "whose it is: it can never do more than they")         \
	F(words, name, "what it is for")                                       \
	C(role, roles, "the most that it may do")                              \
	F(stamp, made, "when")                                                 \
	F(stamp, expires, "from when on it is worth nothing")                  \
	F(later, revoked, "when it was taken back")

#define UPLOAD_FIELDS(F, C)                                                    \
	F(count, number, "number of the event that took it")                   \
	C(kind, upload_kinds, "capture, zone or report")                       \
	F(words, name, "the file's name, made harmless")                       \
	F(words, origin, "name of the zone, where its file does not begin with it") \
	F(words, owner, "who sent it")                                         \
	F(stamp, at, "when it was there")                                      \
	F(count, octets, "its length")                                         \
	F(words, sha256, "of its octets")                                      \
	F(words, folder, "where it is kept beside the store; empty = no longer") \
	C(state, upload_states, "how far its analysis is")                     \
	F(later, started, "when that began")                                   \
	F(later, ended, "when it ended")                                       \
	F(count, run, "the run that its findings are of; 0 = none")            \
	F(count, found, "findings, or reports, that came of it")               \
	F(said, why, "what went wrong, or what of it could not be read")       \
	MARKING_FIELDS(F, C)

/* noun, keys, indexes of its table (columns, one index a line, or "") */
#define DESK_NOUNS(F)                                                          \
	F(incident, INCIDENT_FIELDS, 1, "due, severity, confidence\nsubject\nowner\n"  \
	  "changed\n\"into\"\nversion")                                      \
	F(member, MEMBER_FIELDS, 3, "kind, id, tlp, pap\nsubject")             \
	F(note, NOTE_FIELDS, 1, "incident")                                    \
	F(task, TASK_FIELDS, 2, "")                                            \
	F(deadline, DEADLINE_FIELDS, 3, "met, due")                            \
	F(mute, MUTE_FIELDS, 1, "expires")                                     \
	F(report, REPORT_FIELDS, 1, "item, same\nitem, original\nstate, weight\n"  \
	  "subject, state\nsame\nincident\nsender, state")                     \
	F(indicator, INDICATOR_FIELDS, 1, "subject\nvalid_until")              \
	F(contact, CONTACT_FIELDS, 1, "")                                      \
	F(address, ADDRESS_FIELDS, 3, "value")                                 \
	F(vouch, VOUCH_FIELDS, 3, "whom")                                      \
	F(drill, DRILL_FIELDS, 1, "contact")                                   \
	F(notice, NOTICE_FIELDS, 1, "state, next\nincident")                   \
	F(notice_rule, NOTICE_RULE_FIELDS, 1, "")                              \
	F(user, USER_FIELDS, 1, "")                                            \
	F(token, TOKEN_FIELDS, 1, "login")                                     \
	F(upload, UPLOAD_FIELDS, 1, "state")

#define F(noun, fields, keys, indexes)                                         \
	struct noun { fields(FIELD_MEMBER, FIELD_MEMBER_C) };
DESK_NOUNS(F)
#undef F
#define F(noun, fields, keys, indexes) DESK_##noun,
enum desk_table { DESK_NOUNS(F) DESK_TABLES };
#undef F

struct desk_noun {
	const char *name;		/* "incident": the table's name, too */
	const struct field *fields;
	size_t size;
	unsigned keys;
	const char *indexes;
};
extern const struct desk_noun desk_nouns[DESK_TABLES];
#define DESK_RECORD_MAX 512	/* octets of the largest struct */

/* One record of the log.
 *
 * hash = SHA-256("VL1" | number 8 | at 8 | author | kind | about | body | prev 32), texts
 * with their NUL; prev is the hash of the event before (zeroes before the first). The
 * signature, if there is one, is Ed25519 of the hash. */
#define EVENT_FIELDS(F, C)                                                     \
	F(count, number, "from 1, without a gap")                              \
	F(stamp, at, "when, by the writer's clock")                            \
	F(words, author, "who")                                                \
	F(words, kind, "incident.open, notice.sent, ...")                      \
	F(words, about, "incident:12, contact:cert.example, ... or empty")     \
	F(words, body, "what, as a JSON object in canonical form")             \
	F(words, prev, "hash of the event before, hex")                        \
	F(words, hash, "its own hash, hex")                                    \
	F(words, signature, "Ed25519 of the hash, hex; empty without a key")   \
	F(words, signer, "public key of it, hex")
struct event { EVENT_FIELDS(FIELD_MEMBER, FIELD_MEMBER_C) };
extern const struct field event_fields[];

/* The hash that the event should have. */
void event_hash(const struct event *e, char ret[65]);
