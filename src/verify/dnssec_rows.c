/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_rows.c - what the family "dnssec" can find: the catalogue rows, in the order of
 * enum dnssec_row. Meaning and remedy are for the operator of the zone's signer.
 *
 * budget: one table, a row of some lines for each check. */
#include "verify/dnssec.h"

#define SIGNER "zone owner, signer operator"
#define REFS(...) (const char *const[]) { __VA_ARGS__, NULL }

const struct catalogue_row dnssec_rows[DNSSEC_ROWS + 1] = {
	[DNSSEC_UNSIGNED] = {
		.id = "dnssec.unsigned", .title = "Unsigned zone",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The zone has no DNSKEY, RRSIG, NSEC or NSEC3 record. Answers "
			"out of it can be forged on the way and nobody will notice.",
		.remedy = "Sign the zone, publish a DS record at the parent.",
		.references = REFS("RFC 9364"),
		.zonemaster = "DS05_ZONE_NO_DNSSEC" },
	[DNSSEC_NO_DNSKEY] = {
		.id = "dnssec.no-dnskey", .title = "Signatures without keys",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The zone has signatures or NSEC records, but no DNSKEY set at "
			"its apex. If the parent has a DS record, validators refuse the "
			"whole zone; if not, the records are dead weight.",
		.remedy = "Publish the DNSKEY set again, or take the rest of the signing "
			"away once no DS is left in caches.",
		.references = REFS("RFC 4035, 2.1") },
	[DNSSEC_NO_SIGNATURES] = {
		.id = "dnssec.no-signatures", .title = "Keys without signatures",
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The zone has DNSKEY records and no RRSIG at all: it was "
			"written without its signatures, or signing never began. With a "
			"DS record at the parent all validators refuse it.",
		.remedy = "Find where signatures got lost between signer and this file; "
			"until then take the DS away or publish the last signed "
			"version.",
		.references = REFS("RFC 4035, 2.2"),
		.zonemaster = "DS08_MISSING_RRSIG_IN_RESPONSE", .dnsviz = "MISSING_RRSIG" },
	[DNSSEC_NOT_APEX] = {
		.id = "dnssec.not-at-apex", .title = "Apex record elsewhere",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "DNSKEY, NSEC3PARAM, CDS, CDNSKEY and ZONEMD have a meaning at "
			"the apex of a zone only. Elsewhere they do nothing, and "
			"somebody expects them to.",
		.remedy = "Move the record to the apex of its zone, or delete it.",
		.references = REFS("RFC 4035, 2.1", "RFC 5155, 4", "RFC 7344, 4", "RFC 8976, 2") },
	[DNSSEC_LIMIT] = {
		.id = "dnssec.limit", .title = "A limit of the audit was reached",
		.area = AREA_VULNERABILITY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The zone has more of something than is looked at, so that "
			"hostile zones cannot make the audit endless. Validators have "
			"such limits as well, and fail behind them. What was left out "
			"stands in the sentence.",
		.remedy = "If the zone is meant to be so, raise the limit. If not, find "
			"out who put it there.",
		.references = REFS("CVE-2023-50387 (KeyTrap)", "RFC 9276") },
	[DNSSEC_KEY_MALFORMED] = {
		.id = "dnssec.key-malformed", .title = "DNSKEY without a usable key",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The key in a DNSKEY record is not one of its algorithm: a "
			"wrong length, a point off the curve, no modulus. Nothing can "
			"be checked with it.",
		.remedy = "Publish the key again as the signer has it.",
		.references = REFS("RFC 4034, 2.1.4",
			"RFC 3110, 2",
			"RFC 6605, 4",
			"RFC 8080, 3"),
		.zonemaster = "DS05_INVALID_DNSKEY" },
	[DNSSEC_KEY_PROTOCOL] = {
		.id = "dnssec.key-protocol", .title = "DNSKEY protocol is not 3",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The protocol field of a DNSKEY must be 3; validators ignore "
			"others.",
		.remedy = "Publish the key with protocol 3. Its tag and its DS change "
			"with it.",
		.references = REFS("RFC 4034, 2.1.2") },
	[DNSSEC_KEY_NOT_ZONE] = {
		.id = "dnssec.key-not-zone", .title = "DNSKEY without the ZONE flag",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A DNSKEY without the ZONE flag must not be used to check "
			"signatures of the zone.",
		.remedy = "If the key shall sign, publish it with flags 256 or 257; else "
			"delete it.",
		.references = REFS("RFC 4034, 2.1.1") },
	[DNSSEC_KEY_FLAGS] = {
		.id = "dnssec.key-flags", .title = "DNSKEY with unknown flags",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Bits of the DNSKEY flags that have no meaning are set. They "
			"are ignored today and may mean something tomorrow.",
		.remedy = "Use the flags 256 (zone key) or 257 (and entry point).",
		.references = REFS("RFC 4034, 2.1.1") },
	[DNSSEC_KEY_REVOKED] = {
		.id = "dnssec.key-revoked", .title = "Revoked key",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A key with the REVOKE flag tells those who follow RFC 5011 to "
			"drop it as a trust anchor. It stays for some weeks, then it "
			"can go.",
		.remedy = "Take it out of the zone when the hold-down time (30 days) is "
			"over.",
		.references = REFS("RFC 5011, 2.1") },
	[DNSSEC_REVOKED_SIGNS] = {
		.id = "dnssec.revoked-signs", .title = "Signature by a revoked key",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A revoked key may sign the DNSKEY set only, to prove its "
			"revocation. Any other signature by it does not count.",
		.remedy = "Sign with a key that is not revoked.",
		.references = REFS("RFC 5011, 2.1"),
		.dnsviz = "DNSKEY_REVOKED_RRSIG" },
	[DNSSEC_REVOKED_SILENT] = {
		.id = "dnssec.revoked-silent", .title = "Revocation that nobody believes",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A revoked key must sign the DNSKEY set itself, or the "
			"revocation is ignored.",
		.remedy = "Sign the DNSKEY set with the revoked key as long as it is "
			"published.",
		.references = REFS("RFC 5011, 2.1"),
		.dnsviz = "REVOKED_NOT_SIGNING" },
	[DNSSEC_NO_ZONE_KEY] = {
		.id = "dnssec.no-zone-key", .title = "No key that can check anything",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "All DNSKEY records are revoked, malformed, or no zone keys. "
			"With a DS record at the parent the zone does not exist for "
			"validators.",
		.remedy = "Publish the keys that the zone is signed with.",
		.references = REFS("RFC 4035, 5.3.1") },
	[DNSSEC_NO_SEP] = {
		.id = "dnssec.no-sep", .title = "No key with the SEP flag",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No key is marked as the secure entry point. Validators do not "
			"mind; people and tools that make the DS record do not know "
			"which key to take.",
		.remedy = "Give the key that the DS points at the flags 257, at its next "
			"roll.",
		.references = REFS("RFC 4034, 2.1.1", "RFC 6781, 3.2.3") },
	[DNSSEC_TAG_COLLISION] = {
		.id = "dnssec.key-tag-collision", .title = "Two keys with one tag",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Keys of one algorithm share their tag, so validators must try "
			"each of them for every signature. Software with bounds against "
			"KeyTrap may give up, and tools may pick the wrong key.",
		.remedy = "Make a new key in place of one of them; good signers look for "
			"collisions.",
		.references = REFS("RFC 4034, 5.3.1 and B", "CVE-2023-50387 (KeyTrap)") },
	[DNSSEC_KEY_TWICE] = {
		.id = "dnssec.key-twice", .title = "One key published twice",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The same public key stands in two DNSKEY records with other "
			"flags. Separate roles then share one secret, and each has "
			"another tag.",
		.remedy = "Use one record, or two keys.",
		.references = REFS("RFC 6781, 3.2") },
	[DNSSEC_KEY_UNUSED] = {
		.id = "dnssec.key-unused", .title = "Key that signs nothing",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No signature of the zone is by this key. That is right for a "
			"key that waits for its roll, or one that is about to leave; "
			"otherwise it is forgotten.",
		.remedy = "Check that a roll is under way; if not, delete the key.",
		.references = REFS("RFC 6781, 4.1") },
	[DNSSEC_ALGORITHM_FORBIDDEN] = {
		.id = "dnssec.algorithm-forbidden", .title = "Algorithm that must not be used",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSAMD5, DSA, DSA-NSEC3-SHA1 and ECC-GOST must not be used to "
			"sign. Validators treat a zone that has nothing else as "
			"unsigned.",
		.remedy = "Roll to algorithm 13 (ECDSAP256SHA256) or 15 (ED25519).",
		.references = REFS("RFC 8624, 3.1", "RFC 9558"),
		.zonemaster = "DS05_ALGO_DEPRECATED" },
	[DNSSEC_ALGORITHM_WEAK] = {
		.id = "dnssec.algorithm-sha1", .title = "Signatures with SHA-1",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSASHA1 and RSASHA1-NSEC3-SHA1 must not be used to sign any "
			"more. Collisions of SHA-1 can be made, and systems have begun "
			"to switch it off, so that the zone is unsigned for them.",
		.remedy = "Roll to algorithm 13 (ECDSAP256SHA256) or 8 (RSASHA256).",
		.references = REFS("RFC 9905", "RFC 8624, 3.1"),
		.zonemaster = "DS05_ALGO_DEPRECATED" },
	[DNSSEC_ALGORITHM_DISCOURAGED] = {
		.id = "dnssec.algorithm-discouraged", .title = "Algorithm that is not recommended",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSASHA512 is sound, but not recommended to sign: it is larger "
			"than ECDSA and no safer than RSASHA256.",
		.remedy = "At the next roll take algorithm 13 (ECDSAP256SHA256).",
		.references = REFS("RFC 8624, 3.1"),
		.zonemaster = "DS05_ALGO_NOT_RECOMMENDED" },
	[DNSSEC_ALGORITHM_UNKNOWN] = {
		.id = "dnssec.algorithm-unknown", .title = "Algorithm that validators do not know",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The algorithm number is reserved, private, not for zones, or "
			"so new that validators in general do not know it. They ignore "
			"such keys; a zone with nothing else is unsigned for them.",
		.remedy = "Use algorithm 13 (ECDSAP256SHA256), 8 (RSASHA256) or 15 "
			"(ED25519).",
		.references = REFS("RFC 8624, 3.1", "RFC 4035, 5.2"),
		.zonemaster = "DS05_ALGO_UNASSIGNED" },
	[DNSSEC_KEY_SMALL] = {
		.id = "dnssec.key-small", .title = "RSA key below 1024 bits",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSA keys of this size can be factored with rented machines. "
			"Who does so can sign anything for the zone.",
		.remedy = "Roll the key now, to algorithm 13 or to RSA of 2048 bits.",
		.references = REFS("RFC 6781, 3.4.2", "NIST SP 800-57"),
		.zonemaster = "DNSKEY_TOO_SMALL_FOR_ALGO" },
	[DNSSEC_KEY_SHORT] = {
		.id = "dnssec.key-short", .title = "RSA key below what is asked today",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSA below 2048 bits is not known to be broken, but it is below "
			"what is asked of keys that shall last.",
		.remedy = "At the next roll take algorithm 13, or RSA of 2048 bits.",
		.references = REFS("RFC 6781, 3.4.2", "NIST SP 800-57"),
		.zonemaster = "DNSKEY_SMALLER_THAN_REC" },
	[DNSSEC_KEY_LARGE] = {
		.id = "dnssec.key-large", .title = "RSA key above 4096 bits",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSA keys in DNSSEC end at 4096 bits. Validators refuse larger "
			"ones or take long; here such a key is not used.",
		.remedy = "Take an RSA key of 2048 bits, or algorithm 13.",
		.references = REFS("RFC 3110, 2", "RFC 5702, 2.1"),
		.zonemaster = "DNSKEY_TOO_LARGE_FOR_ALGO" },
	[DNSSEC_KEY_EXPONENT] = {
		.id = "dnssec.key-exponent", .title = "RSA key with a bad exponent",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "An exponent of 1 accepts forged signatures, an even one is "
			"none, 3 was forged against careless software, a large one "
			"makes each check slow, and zeros before it are not allowed.",
		.remedy = "Make a new key with the exponent 65537.",
		.references = REFS("RFC 3110, 2", "RFC 6781, 3.4.2") },
	[DNSSEC_KEY_WEAK] = {
		.id = "dnssec.key-weak", .title = "RSA key that can be broken",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The modulus has a property that lets others compute the "
			"private key: a small factor, primes close to each other, or "
			"the pattern of the ROCA flaw.",
		.remedy = "Roll the key now, and find out which generator made it: its "
			"other keys are as bad.",
		.references = REFS("CVE-2017-15361 (ROCA)", "CVE-2022-26320", "RFC 4086") },
	[DNSSEC_KEY_SHARED] = {
		.id = "dnssec.key-shared", .title = "RSA keys that share a factor",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Two keys of the zone have a modulus or a factor of it in "
			"common. In the first case one secret serves two roles; in the "
			"second both can be computed from the public keys.",
		.remedy = "Make new keys with a good random generator.",
		.references = REFS("Heninger et al., Mining Your Ps and Qs, 2012", "RFC 4086") },
	[DNSSEC_MISSING] = {
		.id = "dnssec.signature-missing", .title = "RRset without a signature",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Every RRset that the zone answers for must be signed, NSEC and "
			"NSEC3 too. Validators refuse one that is not.",
		.remedy = "Sign the zone again; see why the signer left this set out.",
		.references = REFS("RFC 4035, 2.2"),
		.zonemaster = "DS08_MISSING_RRSIG_IN_RESPONSE", .dnsviz = "MISSING_RRSIG" },
	[DNSSEC_REFUSED] = {
		.id = "dnssec.zone-refused", .title = "Zone that validators refuse for a large part",
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A large part of the RRsets that must be signed have no "
			"signature that holds now, in a zone that publishes keys. That "
			"is not a mistake about single names: signatures were lost on "
			"the way to this file, the signer stopped, or it used another "
			"key. With a DS record at the parent these names are gone for "
			"everybody behind a validating resolver.",
		.remedy = "Do not publish this zone; keep the last good version in "
			"service. See what the signatures have in common (all missing, "
			"all expired, one key) and sign the zone again. An old file is "
			"judged at its time with --at. When signing takes "
			"longer than the TTL of the DS record, have it taken away.",
		.references = REFS("RFC 4035, 2.2", "RFC 4035, 5.3") },
	[DNSSEC_BAD] = {
		.id = "dnssec.signature-bad", .title = "Signature that is wrong",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The arithmetic of a signature does not come out: records or "
			"signature were changed after signing, or the key was mixed up. "
			"If no other signature holds, validators refuse the set. The "
			"severity is low when another one holds, and critical for the "
			"DNSKEY set.",
		.remedy = "Sign the zone again, and find what changed it behind the "
			"signer.",
		.references = REFS("RFC 4035, 5.3.3", "RFC 4034, 3.1.8.1"),
		.zonemaster = "DS02_RRSIG_NOT_VALID_BY_DNSKEY", .dnsviz = "SIGNATURE_INVALID" },
	[DNSSEC_EXPIRED] = {
		.id = "dnssec.signature-expired", .title = "Expired signature",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The period of a signature is over at the time of the audit. If "
			"no other one holds, validators refuse the set.",
		.remedy = "Sign now. Then see why the signer stopped: expired keys, a "
			"full disk, a clock, a transfer that hangs.",
		.references = REFS("RFC 4035, 5.3.1", "RFC 4034, 3.1.5"),
		.zonemaster = "RRSIG_EXPIRED", .dnsviz = "EXPIRATION_IN_PAST" },
	[DNSSEC_EARLY] = {
		.id = "dnssec.signature-early", .title = "Signature that begins in the future",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The period of a signature has not begun at the time of the "
			"audit: the signer's clock is ahead, or the audit's is behind.",
		.remedy = "Set the clock of the signer; let signatures begin an hour in "
			"the past.",
		.references = REFS("RFC 4035, 5.3.1", "RFC 6781, 4.4.2"),
		.dnsviz = "INCEPTION_IN_FUTURE" },
	[DNSSEC_DATES] = {
		.id = "dnssec.signature-dates", .title = "Signature that ends before it begins",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The expiration of a signature lies before its inception, so it "
			"is never good.",
		.remedy = "Sign again with a period that runs forward.",
		.references = REFS("RFC 4034, 3.1.5") },
	[DNSSEC_MALFORMED] = {
		.id = "dnssec.signature-malformed", .title = "RRSIG that cannot be read",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The RDATA of an RRSIG record is too short, or its signer is no "
			"name.",
		.remedy = "Sign again; look at what wrote the file.",
		.references = REFS("RFC 4034, 3.1") },
	[DNSSEC_SIGNER] = {
		.id = "dnssec.signature-signer", .title = "Signer that is not the zone",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The signer's name must be the apex of the zone; validators "
			"look for the key there.",
		.remedy = "Sign with the keys of this zone.",
		.references = REFS("RFC 4035, 5.3.1"),
		.dnsviz = "SIGNER_NOT_ZONE" },
	[DNSSEC_LABELS] = {
		.id = "dnssec.signature-labels", .title = "Labels field that does not fit",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The labels field must be the number of labels of the owner. "
			"More make the signature void. Fewer say that the set was made "
			"out of a wildcard: validators then want a proof that the name "
			"itself does not exist, which a zone that has the name cannot "
			"give.",
		.remedy = "Sign the set under its own name.",
		.references = REFS("RFC 4034, 3.1.3", "RFC 4035, 5.3.2"),
		.dnsviz = "RRSIG_LABELS_EXCEED_RRSET_OWNER_LABELS" },
	[DNSSEC_NO_KEY] = {
		.id = "dnssec.signature-no-key", .title = "Signature by an unknown key",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No DNSKEY of the zone has the tag and algorithm of the "
			"signature: the key was taken away too early, or was never "
			"published.",
		.remedy = "Publish the key until the last of its signatures has left the "
			"caches.",
		.references = REFS("RFC 4035, 5.3.1", "RFC 6781, 4.1") },
	[DNSSEC_UNCHECKED] = {
		.id = "dnssec.signature-unchecked", .title = "Signature that could not be checked",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The signature is of an algorithm that this program does not "
			"check. Validators that do not know it either take the zone for "
			"unsigned.",
		.remedy = "Use an algorithm that validators know.",
		.references = REFS("RFC 4035, 5.2", "RFC 8624, 3.1"),
		.dnsviz = "ALGORITHM_NOT_SUPPORTED" },
	[DNSSEC_UNNEEDED] = {
		.id = "dnssec.signature-unneeded", .title = "Signature where none belongs",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Delegation NS sets, glue and what lies below a cut are not "
			"signed: the zone does not speak for them. The signature shows "
			"that the signer saw the zone otherwise than servers do.",
		.remedy = "Sign again; check that signer and zone agree on the "
			"delegations.",
		.references = REFS("RFC 4035, 2.2") },
	[DNSSEC_ORPHAN] = {
		.id = "dnssec.signature-orphan", .title = "Signature over nothing",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A signature covers a type that the name does not have: a set "
			"was deleted, or lost, after signing.",
		.remedy = "Sign again; see whether the set should still be there.",
		.references = REFS("RFC 4035, 2.2") },
	[DNSSEC_ALGORITHM_MISSING] = {
		.id = "dnssec.algorithm-incomplete", .title = "Algorithm that does not sign everything",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Each algorithm that has a key in the DNSKEY set must sign "
			"every RRset. Validators are told to accept any one good path, "
			"but some check them all, and the promise against downgrade is "
			"lost.",
		.remedy = "During an algorithm roll sign first and publish the key after; "
			"else sign with all algorithms.",
		.references = REFS("RFC 4035, 2.2", "RFC 6840, 5.11", "RFC 6781, 4.1.4"),
		.zonemaster = "DS13_ALGO_NOT_SIGNED_SOA", .dnsviz = "MISSING_RRSIG_FOR_ALG_DNSKEY" },
	[DNSSEC_ORIGINAL_TTL] = {
		.id = "dnssec.original-ttl", .title = "TTL that is not the signed one",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The original TTL in a signature must be that of the set. "
			"Validators cut a higher TTL down; a lower one means that the "
			"TTL was changed behind the signer.",
		.remedy = "Change TTLs before signing.",
		.references = REFS("RFC 4034, 3.1.4", "RFC 4035, 2.2"),
		.dnsviz = "ORIGINAL_TTL_EXCEEDED_RRSET" },
	[DNSSEC_SIGNATURE_TTL] = {
		.id = "dnssec.signature-ttl", .title = "RRSIG with another TTL than its set",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The TTL of an RRSIG record must be that of the set that it "
			"covers; else one leaves caches before the other.",
		.remedy = "Let the signer write the TTL of the set.",
		.references = REFS("RFC 4034, 3", "RFC 4035, 2.2"),
		.dnsviz = "RRSET_TTL_MISMATCH" },
	[DNSSEC_TTL_EXPIRY] = {
		.id = "dnssec.signature-ends-in-cache", .title = "Signature that ends before the TTL",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The last good signature of a set ends before the TTL of the "
			"set has run out. Caches that do not validate keep both, and "
			"validators behind them get an expired signature.",
		.remedy = "Sign earlier: a period must have more than the TTL left when "
			"it is renewed.",
		.references = REFS("RFC 4035, 5.3.3", "RFC 6781, 4.4.2"),
		.dnsviz = "TTL_BEYOND_EXPIRATION" },
	[DNSSEC_EXPIRES_SOON] = {
		.id = "dnssec.signature-ends-soon", .title = "Signature that ends soon",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The last good signature of a set ends within hours. Signers "
			"renew days before; here one is late.",
		.remedy = "See whether the signer still runs, and sign now.",
		.references = REFS("RFC 6781, 4.4.2"),
		.zonemaster = "REMAINING_SHORT" },
	[DNSSEC_SOA_EXPIRE] = {
		.id = "dnssec.soa-expire", .title = "SOA expire beyond the signatures",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A secondary that loses its primary serves the zone until SOA "
			"expire has run out. The first signature ends before that, so "
			"it would serve bad answers instead of none.",
		.remedy = "Sign so that the time left is more than SOA expire, or lower "
			"SOA expire.",
		.references = REFS("RFC 6781, 4.4.2") },
	[DNSSEC_VALIDITY_LONG] = {
		.id = "dnssec.validity-long", .title = "Signatures good for very long",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Signatures with a long period can be replayed as long: old "
			"records that were replaced stay good for an attacker.",
		.remedy = "Use a period of some weeks.",
		.references = REFS("RFC 6781, 4.4.2"),
		.zonemaster = "DURATION_LONG" },
	[DNSSEC_VALIDITY_SHORT] = {
		.id = "dnssec.validity-short", .title = "Signatures good for very short",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Signatures with a very short period leave no time to repair a "
			"signer, and none for clocks that are off.",
		.remedy = "Use a period of a week or more, and a tenth of it as the least "
			"that is left.",
		.references = REFS("RFC 6781, 4.4.2") },
	[DNSSEC_NO_DENIAL] = {
		.id = "dnssec.no-denial", .title = "Signed zone without NSEC and NSEC3",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Without them nobody can prove that a name or type does not "
			"exist: validators refuse such answers, and insecure "
			"delegations fail.",
		.remedy = "Let the signer make an NSEC or NSEC3 chain.",
		.references = REFS("RFC 4035, 2.3", "RFC 5155, 7.1"),
		.zonemaster = "DS10_MISSING_NSEC_NSEC3" },
	[DNSSEC_BOTH_DENIALS] = {
		.id = "dnssec.both-denials", .title = "NSEC and NSEC3 together",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A zone uses NSEC or NSEC3. With both, servers choose by rules "
			"of their own, and one of the chains is left over from a "
			"change.",
		.remedy = "Sign again with one of them.",
		.references = REFS("RFC 5155, 10.4"),
		.zonemaster = "DS10_MIXED_NSEC_NSEC3" },
	[DNSSEC_DENIAL_TTL] = {
		.id = "dnssec.denial-ttl", .title = "NSEC that lives longer than a negative answer",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The TTL of NSEC and NSEC3 must be the lesser of SOA minimum "
			"and the SOA's TTL. Resolvers that deny names with cached NSEC "
			"records (RFC 8198) else do so longer than the zone allows.",
		.remedy = "Use a signer that follows RFC 9077, or set the SOA's TTL to "
			"SOA minimum.",
		.references = REFS("RFC 9077, 3", "RFC 8198, 5.4") },
	[DNSSEC_NSEC_MISSING] = {
		.id = "dnssec.nsec-missing", .title = "Name without NSEC",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Each name that the zone answers for, and each delegation, "
			"needs an NSEC record. Without it the records around it deny "
			"the name: resolvers that use cached NSEC make it vanish.",
		.remedy = "Sign the zone again.",
		.references = REFS("RFC 4035, 2.3"),
		.dnsviz = "MISSING_NSEC_FOR_NODATA" },
	[DNSSEC_NSEC_UNNEEDED] = {
		.id = "dnssec.nsec-unneeded", .title = "NSEC where none belongs",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "NSEC records stand at names that the zone answers for and at "
			"delegations, nowhere else.",
		.remedy = "Sign the zone again; check that signer and zone agree on the "
			"delegations.",
		.references = REFS("RFC 4035, 2.3") },
	[DNSSEC_NSEC_TWICE] = {
		.id = "dnssec.nsec-multiple", .title = "Several NSEC records at one name",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A name has one NSEC record. Of several, one says something "
			"wrong, and servers pick any.",
		.remedy = "Sign the zone again from a clean state.",
		.references = REFS("RFC 4034, 4"),
		.zonemaster = "DS10_ERR_MULT_NSEC" },
	[DNSSEC_NSEC_NEXT] = {
		.id = "dnssec.nsec-chain", .title = "NSEC chain that is broken",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Each NSEC record names the next name in canonical order, and "
			"the last one the apex. One that skips names denies them; one "
			"that points back or elsewhere denies nothing.",
		.remedy = "Sign the zone again; names were added or deleted behind the "
			"signer.",
		.references = REFS("RFC 4034, 4.1.1", "RFC 4035, 2.3"),
		.dnsviz = "LAST_NSEC_NEXT_NOT_ZONE" },
	[DNSSEC_NSEC_BITMAP] = {
		.id = "dnssec.nsec-bitmap", .title = "NSEC with wrong types",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The type list of an NSEC record must be the types of the name. "
			"A type that it lacks can be denied though it exists; one too "
			"many makes answers fail.",
		.remedy = "Sign the zone again.",
		.references = REFS("RFC 4034, 4.1.2", "RFC 4035, 2.3"),
		.zonemaster = "DS10_NSEC_ERR_TYPE_LIST", .dnsviz = "EXISTING_TYPE_NOT_IN_BITMAP" },
	[DNSSEC_NSEC3_MISSING] = {
		.id = "dnssec.nsec3-missing", .title = "Name without NSEC3",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Each name that the zone answers for, each delegation (but "
			"insecure ones in an opt-out span) and each empty non-terminal "
			"above them needs an NSEC3 record. Without it the chain denies "
			"the name.",
		.remedy = "Sign the zone again.",
		.references = REFS("RFC 5155, 7.1"),
		.dnsviz = "NO_NSEC3_MATCHING_SNAME" },
	[DNSSEC_NSEC3_ORPHAN] = {
		.id = "dnssec.nsec3-orphan", .title = "NSEC3 of no name",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "An NSEC3 record is the hash of no name in the zone: it was "
			"left behind when a name went. It proves that something exists "
			"which does not.",
		.remedy = "Sign the zone again from a clean state.",
		.references = REFS("RFC 5155, 7.1") },
	[DNSSEC_NSEC3_TWICE] = {
		.id = "dnssec.nsec3-multiple", .title = "Several NSEC3 records of one hash",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A chain has one NSEC3 record for a hash. Of several, one says "
			"something wrong, and servers pick any.",
		.remedy = "Sign the zone again from a clean state.",
		.references = REFS("RFC 5155, 7.1"),
		.zonemaster = "DS10_ERR_MULT_NSEC3" },
	[DNSSEC_NSEC3_NEXT] = {
		.id = "dnssec.nsec3-chain", .title = "NSEC3 chain that is broken",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Each NSEC3 record names the next hash of its chain, and the "
			"last one the first. One that skips hashes denies their names; "
			"one that points elsewhere denies nothing.",
		.remedy = "Sign the zone again.",
		.references = REFS("RFC 5155, 3.1.7 and 7.1") },
	[DNSSEC_NSEC3_BITMAP] = {
		.id = "dnssec.nsec3-bitmap", .title = "NSEC3 with wrong types",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The type list of an NSEC3 record must be the types of its "
			"name. A type that it lacks can be denied though it exists; one "
			"too many makes answers fail.",
		.remedy = "Sign the zone again.",
		.references = REFS("RFC 5155, 3.1.8 and 7.1"),
		.zonemaster = "DS10_NSEC3_ERR_TYPE_LIST", .dnsviz = "EXISTING_TYPE_NOT_IN_BITMAP" },
	[DNSSEC_NSEC3_MALFORMED] = {
		.id = "dnssec.nsec3-malformed", .title = "NSEC3 that nobody can use",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "An NSEC3 record's owner is a base32hex hash just below the "
			"apex, and its next hash is as long. Others are ignored.",
		.remedy = "Sign the zone again; look at what wrote the file.",
		.references = REFS("RFC 5155, 3"),
		.dnsviz = "INVALID_NSEC3_OWNER_NAME" },
	[DNSSEC_NSEC3_FLAGS] = {
		.id = "dnssec.nsec3-flags", .title = "NSEC3 with unknown flags",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Validators ignore NSEC3 records with flags other than opt-out.",
		.remedy = "Sign again with flags 0 or 1.",
		.references = REFS("RFC 5155, 3.1.2 and 8.2"),
		.zonemaster = "DS03_UNASSIGNED_FLAG_USED" },
	[DNSSEC_NSEC3_HASH] = {
		.id = "dnssec.nsec3-hash", .title = "NSEC3 with an unknown hash",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "There is one hash algorithm for NSEC3, SHA-1 with the number "
			"1. Validators ignore records with others.",
		.remedy = "Sign again with hash algorithm 1, or use NSEC.",
		.references = REFS("RFC 5155, 8.1 and 11"),
		.zonemaster = "DS03_ILLEGAL_HASH_ALGO", .dnsviz = "UNSUPPORTED_NSEC3_ALGORITHM" },
	[DNSSEC_NSEC3_NO_PARAM] = {
		.id = "dnssec.nsec3-no-param", .title = "NSEC3 without NSEC3PARAM",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Servers learn from NSEC3PARAM which chain to answer with. "
			"Without it they may answer without proofs.",
		.remedy = "Let the signer add the NSEC3PARAM record of the chain.",
		.references = REFS("RFC 5155, 4 and 7.1") },
	[DNSSEC_NSEC3_NO_CHAIN] = {
		.id = "dnssec.nsec3-no-chain", .title = "NSEC3PARAM without a chain",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "An NSEC3PARAM record promises a complete chain, and the zone "
			"has no NSEC3 record with these parameters. Servers that use it "
			"cannot deny anything.",
		.remedy = "Sign again, or delete the NSEC3PARAM record.",
		.references = REFS("RFC 5155, 4 and 7.1") },
	[DNSSEC_NSEC3_PARAM_FLAGS] = {
		.id = "dnssec.nsec3-param-flags", .title = "NSEC3PARAM with flags",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The flags of NSEC3PARAM must be 0; servers ignore records with "
			"others. Some signers keep their own state there, which should "
			"not be published.",
		.remedy = "Let the signer finish its work, or set the flags to 0.",
		.references = REFS("RFC 5155, 4.1.2") },
	[DNSSEC_NSEC3_SECOND] = {
		.id = "dnssec.nsec3-second-chain", .title = "NSEC3 chain in the making",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A chain without NSEC3PARAM stands beside one that has it. That "
			"is right while parameters are changed; it should be gone "
			"after.",
		.remedy = "If no change is under way, sign again from a clean state.",
		.references = REFS("RFC 5155, 10.4") },
	[DNSSEC_NSEC3_ITERATIONS] = {
		.id = "dnssec.nsec3-iterations", .title = "NSEC3 iterations above 0",
		.area = AREA_VULNERABILITY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "More iterations do not hide names, since dictionaries are "
			"hashed on graphics cards, but each negative answer costs "
			"servers and validators as many hashes. Validators take zones "
			"with many for unsigned. The severity is high from the number "
			"on at which they do.",
		.remedy = "Set the iterations to 0.",
		.references = REFS("RFC 9276, 3.1 and 3.2", "CVE-2023-50868"),
		.zonemaster = "DS03_ILLEGAL_ITERATION_VALUE", .dnsviz = "NONZERO_NSEC3_ITERATION_COUNT" },
	[DNSSEC_NSEC3_SALT] = {
		.id = "dnssec.nsec3-salt", .title = "NSEC3 with a salt",
		.area = AREA_VULNERABILITY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A salt does not protect names: the zone's own name is part of "
			"what is hashed, so tables made beforehand do not exist. It "
			"only makes records longer.",
		.remedy = "Use an empty salt.",
		.references = REFS("RFC 9276, 3.1"),
		.zonemaster = "DS03_ILLEGAL_SALT_LENGTH", .dnsviz = "NONEMPTY_NSEC3_SALT" },
	[DNSSEC_NSEC3_OPTOUT] = {
		.id = "dnssec.nsec3-optout", .title = "Delegations left out of the chain",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "With opt-out, delegations without DS need no NSEC3 record. "
			"That keeps large zones small; in return, such delegations can "
			"be added or hidden on the way without anybody noticing.",
		.remedy = "Use opt-out only where most names are delegations without DS.",
		.references = REFS("RFC 9276, 3.1", "RFC 5155, 6 and 12.2"),
		.zonemaster = "DS03_NSEC3_OPT_OUT_ENABLED_NON_TLD" },
	[DNSSEC_NSEC3_ALGORITHM] = {
		.id = "dnssec.nsec3-algorithm", .title = "NSEC3 with an algorithm from before it",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "RSAMD5, DSA and RSASHA1 say that a zone uses NSEC. Validators "
			"that do not know NSEC3 trust them and fail, and they are "
			"obsolete in any case.",
		.remedy = "Roll to algorithm 13 (ECDSAP256SHA256) or 8 (RSASHA256).",
		.references = REFS("RFC 5155, 2") },
	[DNSSEC_CDS_DELETE] = {
		.id = "dnssec.cds-delete", .title = "Request to take the DS away",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The zone asks its parent to delete the DS. A parent that "
			"follows will make the zone insecure.",
		.remedy = "If that is not meant, take the record away at once and see who "
			"published it.",
		.references = REFS("RFC 8078, 4"),
		.zonemaster = "DS16_DELETE_CDS" },
	[DNSSEC_CDS_MIXED] = {
		.id = "dnssec.cds-mixed", .title = "Request to set and to delete the DS",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A CDS or CDNSKEY set with the delete form must have nothing "
			"else; parents ignore this one.",
		.remedy = "Publish one or the other.",
		.references = REFS("RFC 8078, 4"),
		.zonemaster = "DS16_MIXED_DELETE_CDS" },
	[DNSSEC_CDS_MALFORMED] = {
		.id = "dnssec.cds-malformed", .title = "CDS that stands for no key",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Algorithm 0 is for the delete form, which has one spelling: "
			"\"0 0 0 00\" for CDS, \"0 3 0 AA==\" for CDNSKEY. Others mean "
			"nothing.",
		.remedy = "Write it as RFC 8078 has it.",
		.references = REFS("RFC 8078, 4") },
	[DNSSEC_CDS_NO_KEY] = {
		.id = "dnssec.cds-no-key", .title = "CDS for a key that is not published",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A CDS or CDNSKEY record stands for no DNSKEY of the zone. A "
			"parent that follows it sets a DS that points nowhere.",
		.remedy = "Publish the key, or make the record anew from the DNSKEY set.",
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_CDS_MATCHES_NO_DNSKEY" },
	[DNSSEC_CDS_MISMATCH] = {
		.id = "dnssec.cds-mismatch", .title = "CDS and CDNSKEY disagree",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "When both are there they must stand for the same keys. Parents "
			"ignore them or follow one of them.",
		.remedy = "Make both from the same keys.",
		.references = REFS("RFC 7344, 4"),
		.zonemaster = "DS15_MISMATCH_CDS_CDNSKEY" },
	[DNSSEC_CDS_UNSIGNED] = {
		.id = "dnssec.cds-unsigned", .title = "CDS that parents will not believe",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The set must have a good signature by a key that the DS at the "
			"parent vouches for, so by one that signs the DNSKEY set.",
		.remedy = "Sign CDS and CDNSKEY with the key-signing key.",
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_CDS_UNSIGNED" },
	[DNSSEC_CDS_DIGEST] = {
		.id = "dnssec.cds-digest", .title = "CDS with a digest of no use",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "SHA-1 and GOST must not be used for DS records; other digest "
			"types are not known to validators.",
		.remedy = "Publish CDS records with SHA-256 (2).",
		.references = REFS("RFC 9905", "RFC 8624, 3.3"),
		.zonemaster = "DS15_CDS_NON_MUST_DIGEST" },
	[DNSSEC_CDS_BREAKS] = {
		.id = "dnssec.cds-breaks", .title = "CDS that would break the zone",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No key that the set names signs the DNSKEY set. Parents must "
			"not follow such a set; one that does makes the zone fail for "
			"all validators.",
		.remedy = "Let the new key sign the DNSKEY set before CDS names it alone.",
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_DNSKEY_NOT_SIGNED_BY_CDS" },
	[DNSSEC_ZONEMD_WRONG] = {
		.id = "dnssec.zonemd-wrong", .title = "Zone that is not what its digest says",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The digest over the whole zone is not that of its ZONEMD "
			"record. Records were changed, added or lost after it was made; "
			"who checks the digest refuses the zone.",
		.remedy = "Compare the file with the signer's; make the digest anew only "
			"when the zone is right.",
		.references = REFS("RFC 8976, 4") },
	[DNSSEC_ZONEMD_SERIAL] = {
		.id = "dnssec.zonemd-serial", .title = "ZONEMD of another serial",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A ZONEMD record says for which serial it was made. This one is "
			"for another version of the zone, so it is not compared.",
		.remedy = "Make the digest after the serial is set.",
		.references = REFS("RFC 8976, 2.2.1 and 4") },
	[DNSSEC_ZONEMD_REPEATED] = {
		.id = "dnssec.zonemd-repeated", .title = "ZONEMD twice with one scheme and hash",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "Of ZONEMD records with one scheme and hash there must be one; "
			"of several, none may be used.",
		.remedy = "Delete the old one.",
		.references = REFS("RFC 8976, 2.1 and 4") },
	[DNSSEC_ZONEMD_UNSUPPORTED] = {
		.id = "dnssec.zonemd-unsupported", .title = "ZONEMD that nobody can check",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No ZONEMD record has the scheme SIMPLE (1) with SHA-384 (1) or "
			"SHA-512 (2), so the zone cannot be compared with it.",
		.remedy = "Add a record with scheme 1 and hash 1.",
		.references = REFS("RFC 8976, 2.2.2, 2.2.3 and 5") },
	[DNSSEC_ZONEMD_LENGTH] = {
		.id = "dnssec.zonemd-length", .title = "ZONEMD digest of a wrong length",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "A digest has the length of its hash, and at least 12 octets. "
			"Others are ignored.",
		.remedy = "Make the record anew.",
		.references = REFS("RFC 8976, 2.2.4") },
	[DNSSEC_ZONEMD_TTLS] = {
		.id = "dnssec.zonemd-ttls", .title = "ZONEMD over sets with several TTLs",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The digest holds the TTL of each record. In a set with "
			"several, software that gives the set one TTL on reading (RFC "
			"2181, 5.2) computes another digest and refuses the zone.",
		.remedy = "Give each RRset one TTL, then make the digest anew.",
		.references = REFS("RFC 8976, 3.3.1", "RFC 2181, 5.2") },
	[DNSSEC_ZONEMD_GOOD] = {
		.id = "dnssec.zonemd-good", .title = "Zone that is what its digest says",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The digest over the whole zone is that of its ZONEMD record. "
			"Whether the record itself can be trusted is a matter of its "
			"signature.",
		.remedy = "Nothing.",
		.references = REFS("RFC 8976, 4") },
	[DNSSEC_ANCHOR_MALFORMED] = {
		.id = "dnssec.anchor-malformed", .title = "Trust anchors that cannot be read",
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The file holds something that is neither a DS or DNSKEY line "
			"nor XML as RFC 7958 has it. XML that is not right is not used "
			"at all: half an anchor is none.",
		.remedy = "Get the file again from its source, and check its signature.",
		.references = REFS("RFC 7958, 2", "RFC 9718, 2") },
	[DNSSEC_ANCHOR_NONE] = {
		.id = "dnssec.anchor-none", .title = "No trust anchor for this zone",
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The anchors given are for other zones, or none of them is good "
			"at this time. Nothing was compared.",
		.remedy = "Give the anchors of this zone; update them if they have run "
			"out.",
		.references = REFS("RFC 7958, 2.1.1") },
	[DNSSEC_ANCHOR_TIMES] = {
		.id = "dnssec.anchor-times", .title = "Trust anchor that is not good now",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The anchor's validFrom lies ahead or its validUntil is over.",
		.remedy = "Nothing, as long as another one is good.",
		.references = REFS("RFC 7958, 2.1.1") },
	[DNSSEC_ANCHOR_NO_KEY] = {
		.id = "dnssec.anchor-no-key", .title = "Trust anchor without a key",
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No DNSKEY of the zone has the anchor's digest: the key is not "
			"published yet, or no longer.",
		.remedy = "See whether a roll is under way, and update the anchors when "
			"it is over.",
		.references = REFS("RFC 4035, 5.2", "RFC 5011") },
	[DNSSEC_ANCHOR_BROKEN] = {
		.id = "dnssec.anchor-broken", .title = "No trust anchor leads into the zone",
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "No anchor that is good now is the digest of a key that signs "
			"the DNSKEY set. Validators with these anchors refuse the zone "
			"and all below it.",
		.remedy = "If the zone is right, get new anchors from its operator by a "
			"way you trust. If the anchors are right, the zone is signed "
			"with the wrong key.",
		.references = REFS("RFC 4035, 5.2"),
		.dnsviz = "NO_TRUST_ANCHOR_SIGNING" },
	[DNSSEC_ANCHOR_SILENT] = {
		.id = "dnssec.anchor-silent", .title = "Trust anchor whose key does not sign",
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "The key is in the DNSKEY set and does not sign it, or not "
			"well. That is right for a key that waits for its roll.",
		.remedy = "Nothing, as long as another anchor leads into the zone.",
		.references = REFS("RFC 4035, 5.2", "RFC 5011") },
	[DNSSEC_ANCHOR_DIGEST] = {
		.id = "dnssec.anchor-digest", .title = "Trust anchor with a digest of no use",
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = "SHA-1 and GOST must not be used for DS records and anchors; "
			"other digest types are not known to validators.",
		.remedy = "Use the anchor with SHA-256 (2), or the key itself.",
		.references = REFS("RFC 9905", "RFC 8624, 3.3") },
	[DNSSEC_ROWS] = { .id = NULL }
};
