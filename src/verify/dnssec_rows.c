/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_rows.c - what the family "dnssec" can find: the catalogue rows, in the order of
 * enum dnssec_row. Meaning and remedy are for the operator of the zone's signer.
 *
 * budget: one table, a row of some lines for each check. */
#include "verify/dnssec.h"

#define SIGNER N_("zone owner, signer operator")
#define REFS(...) (const char *const[]) { __VA_ARGS__, NULL }

const struct catalogue_row dnssec_rows[DNSSEC_ROWS + 1] = {
	[DNSSEC_UNSIGNED] = {
		.id = "dnssec.unsigned", .title = N_("Unsigned zone"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The zone has no DNSKEY, RRSIG, NSEC or NSEC3 record. "
			"Answers out of it can be forged on the way and nobody will "
			"notice."),
		.remedy = N_("Sign the zone, publish a DS record at the parent."),
		.references = REFS("RFC 9364"),
		.zonemaster = "DS05_ZONE_NO_DNSSEC" },
	[DNSSEC_NO_DNSKEY] = {
		.id = "dnssec.no-dnskey", .title = N_("Signatures without keys"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The zone has signatures or NSEC records, but no DNSKEY "
			"set at its apex. If the parent has a DS record, validators "
			"refuse the whole zone; if not, the records are dead weight."),
		.remedy = N_("Publish the DNSKEY set again, or take the rest of the "
			"signing away once no DS is left in caches."),
		.references = REFS("RFC 4035, 2.1") },
	[DNSSEC_NO_SIGNATURES] = {
		.id = "dnssec.no-signatures", .title = N_("Keys without signatures"),
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The zone has DNSKEY records and no RRSIG at all: it was "
			"written without its signatures, or signing never began. With a "
			"DS record at the parent all validators refuse it."),
		.remedy = N_("Find where signatures got lost between signer and this "
			"file; until then take the DS away or publish the last signed "
			"version."),
		.references = REFS("RFC 4035, 2.2"),
		.zonemaster = "DS08_MISSING_RRSIG_IN_RESPONSE", .dnsviz = "MISSING_RRSIG" },
	[DNSSEC_NOT_APEX] = {
		.id = "dnssec.not-at-apex", .title = N_("Apex record elsewhere"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("DNSKEY, NSEC3PARAM, CDS, CDNSKEY and ZONEMD have a "
			"meaning at the apex of a zone only. Elsewhere they do nothing, "
			"and somebody expects them to."),
		.remedy = N_("Move the record to the apex of its zone, or delete it."),
		.references = REFS("RFC 4035, 2.1", "RFC 5155, 4", "RFC 7344, 4", "RFC 8976, 2") },
	[DNSSEC_LIMIT] = {
		.id = "dnssec.limit", .title = N_("A limit of the audit was reached"),
		.area = AREA_VULNERABILITY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The zone has more of something than is looked at, so that "
			"hostile zones cannot make the audit endless. Validators have "
			"such limits as well, and fail behind them. What was left out "
			"stands in the sentence."),
		.remedy = N_("If the zone is meant to be so, raise the limit. If not, "
			"find out who put it there."),
		.references = REFS("CVE-2023-50387 (KeyTrap)", "RFC 9276") },
	[DNSSEC_KEY_MALFORMED] = {
		.id = "dnssec.key-malformed", .title = N_("DNSKEY without a usable key"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The key in a DNSKEY record is not one of its algorithm: a "
			"wrong length, a point off the curve, no modulus. Nothing can "
			"be checked with it."),
		.remedy = N_("Publish the key again as the signer has it."),
		.references = REFS("RFC 4034, 2.1.4",
			"RFC 3110, 2",
			"RFC 6605, 4",
			"RFC 8080, 3"),
		.zonemaster = "DS05_INVALID_DNSKEY" },
	[DNSSEC_KEY_PROTOCOL] = {
		.id = "dnssec.key-protocol", .title = N_("DNSKEY protocol is not 3"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The protocol field of a DNSKEY must be 3; validators "
			"ignore others."),
		.remedy = N_("Publish the key with protocol 3. Its tag and its DS change "
			"with it."),
		.references = REFS("RFC 4034, 2.1.2") },
	[DNSSEC_KEY_NOT_ZONE] = {
		.id = "dnssec.key-not-zone", .title = N_("DNSKEY without the ZONE flag"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A DNSKEY without the ZONE flag must not be used to check "
			"signatures of the zone."),
		.remedy = N_("If the key shall sign, publish it with flags 256 or 257; "
			"else delete it."),
		.references = REFS("RFC 4034, 2.1.1") },
	[DNSSEC_KEY_FLAGS] = {
		.id = "dnssec.key-flags", .title = N_("DNSKEY with unknown flags"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Bits of the DNSKEY flags that have no meaning are set. "
			"They are ignored today and may mean something tomorrow."),
		.remedy = N_("Use the flags 256 (zone key) or 257 (and entry point)."),
		.references = REFS("RFC 4034, 2.1.1") },
	[DNSSEC_KEY_REVOKED] = {
		.id = "dnssec.key-revoked", .title = N_("Revoked key"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A key with the REVOKE flag tells those who follow RFC "
			"5011 to drop it as a trust anchor. It stays for some weeks, "
			"then it can go."),
		.remedy = N_("Take it out of the zone when the hold-down time (30 days) "
			"is over."),
		.references = REFS("RFC 5011, 2.1") },
	[DNSSEC_REVOKED_SIGNS] = {
		.id = "dnssec.revoked-signs", .title = N_("Signature by a revoked key"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A revoked key may sign the DNSKEY set only, to prove its "
			"revocation. Any other signature by it does not count."),
		.remedy = N_("Sign with a key that is not revoked."),
		.references = REFS("RFC 5011, 2.1"),
		.dnsviz = "DNSKEY_REVOKED_RRSIG" },
	[DNSSEC_REVOKED_SILENT] = {
		.id = "dnssec.revoked-silent",
		  .title = N_("Revocation that nobody believes"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A revoked key must sign the DNSKEY set itself, or the "
			"revocation is ignored."),
		.remedy = N_("Sign the DNSKEY set with the revoked key as long as it is "
			"published."),
		.references = REFS("RFC 5011, 2.1"),
		.dnsviz = "REVOKED_NOT_SIGNING" },
	[DNSSEC_NO_ZONE_KEY] = {
		.id = "dnssec.no-zone-key", .title = N_("No key that can check anything"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("All DNSKEY records are revoked, malformed, or no zone "
			"keys. With a DS record at the parent the zone does not exist "
			"for validators."),
		.remedy = N_("Publish the keys that the zone is signed with."),
		.references = REFS("RFC 4035, 5.3.1") },
	[DNSSEC_NO_SEP] = {
		.id = "dnssec.no-sep", .title = N_("No key with the SEP flag"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No key is marked as the secure entry point. Validators do "
			"not mind; people and tools that make the DS record do not know "
			"which key to take."),
		.remedy = N_("Give the key that the DS points at the flags 257, at its "
			"next roll."),
		.references = REFS("RFC 4034, 2.1.1", "RFC 6781, 3.2.3") },
	[DNSSEC_TAG_COLLISION] = {
		.id = "dnssec.key-tag-collision", .title = N_("Two keys with one tag"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Keys of one algorithm share their tag, so validators must "
			"try each of them for every signature. Software with bounds "
			"against KeyTrap may give up, and tools may pick the wrong key."),
		.remedy = N_("Make a new key in place of one of them; good signers look "
			"for collisions."),
		.references = REFS("RFC 4034, 5.3.1 and B", "CVE-2023-50387 (KeyTrap)") },
	[DNSSEC_KEY_TWICE] = {
		.id = "dnssec.key-twice", .title = N_("One key published twice"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The same public key stands in two DNSKEY records with "
			"other flags. Separate roles then share one secret, and each has "
			"another tag."),
		.remedy = N_("Use one record, or two keys."),
		.references = REFS("RFC 6781, 3.2") },
	[DNSSEC_KEY_UNUSED] = {
		.id = "dnssec.key-unused", .title = N_("Key that signs nothing"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No signature of the zone is by this key. That is right "
			"for a key that waits for its roll, or one that is about to "
			"leave; otherwise it is forgotten."),
		.remedy = N_("Check that a roll is under way; if not, delete the key."),
		.references = REFS("RFC 6781, 4.1") },
	[DNSSEC_ALGORITHM_FORBIDDEN] = {
		.id = "dnssec.algorithm-forbidden",
		  .title = N_("Algorithm that must not be used"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSAMD5, DSA, DSA-NSEC3-SHA1 and ECC-GOST must not be used "
			"to sign. Validators treat a zone that has nothing else as "
			"unsigned."),
		.remedy = N_("Roll to algorithm 13 (ECDSAP256SHA256) or 15 (ED25519)."),
		.references = REFS("RFC 8624, 3.1", "RFC 9558"),
		.zonemaster = "DS05_ALGO_DEPRECATED" },
	[DNSSEC_ALGORITHM_WEAK] = {
		.id = "dnssec.algorithm-sha1", .title = N_("Signatures with SHA-1"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSASHA1 and RSASHA1-NSEC3-SHA1 must not be used to sign "
			"any more. Collisions of SHA-1 can be made, and systems have "
			"begun to switch it off, so that the zone is unsigned for them."),
		.remedy = N_("Roll to algorithm 13 (ECDSAP256SHA256) or 8 (RSASHA256)."),
		.references = REFS("RFC 9905", "RFC 8624, 3.1"),
		.zonemaster = "DS05_ALGO_DEPRECATED" },
	[DNSSEC_ALGORITHM_DISCOURAGED] = {
		.id = "dnssec.algorithm-discouraged",
		  .title = N_("Algorithm that is not recommended"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSASHA512 is sound, but not recommended to sign: it is "
			"larger than ECDSA and no safer than RSASHA256."),
		.remedy = N_("At the next roll take algorithm 13 (ECDSAP256SHA256)."),
		.references = REFS("RFC 8624, 3.1"),
		.zonemaster = "DS05_ALGO_NOT_RECOMMENDED" },
	[DNSSEC_ALGORITHM_UNKNOWN] = {
		.id = "dnssec.algorithm-unknown",
		  .title = N_("Algorithm that validators do not know"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The algorithm number is reserved, private, not for zones, "
			"or so new that validators in general do not know it. They "
			"ignore such keys; a zone with nothing else is unsigned for "
			"them."),
		.remedy = N_("Use algorithm 13 (ECDSAP256SHA256), 8 (RSASHA256) or 15 "
			"(ED25519)."),
		.references = REFS("RFC 8624, 3.1", "RFC 4035, 5.2"),
		.zonemaster = "DS05_ALGO_UNASSIGNED" },
	[DNSSEC_KEY_SMALL] = {
		.id = "dnssec.key-small", .title = N_("RSA key below 1024 bits"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSA keys of this size can be factored with rented "
			"machines. Who does so can sign anything for the zone."),
		.remedy = N_("Roll the key now, to algorithm 13 or to RSA of 2048 bits."),
		.references = REFS("RFC 6781, 3.4.2", "NIST SP 800-57"),
		.zonemaster = "DNSKEY_TOO_SMALL_FOR_ALGO" },
	[DNSSEC_KEY_SHORT] = {
		.id = "dnssec.key-short",
		  .title = N_("RSA key below what is asked today"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSA below 2048 bits is not known to be broken, but it is "
			"below what is asked of keys that shall last."),
		.remedy = N_("At the next roll take algorithm 13, or RSA of 2048 bits."),
		.references = REFS("RFC 6781, 3.4.2", "NIST SP 800-57"),
		.zonemaster = "DNSKEY_SMALLER_THAN_REC" },
	[DNSSEC_KEY_LARGE] = {
		.id = "dnssec.key-large", .title = N_("RSA key above 4096 bits"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSA keys in DNSSEC end at 4096 bits. Validators refuse "
			"larger ones or take long; here such a key is not used."),
		.remedy = N_("Take an RSA key of 2048 bits, or algorithm 13."),
		.references = REFS("RFC 3110, 2", "RFC 5702, 2.1"),
		.zonemaster = "DNSKEY_TOO_LARGE_FOR_ALGO" },
	[DNSSEC_KEY_EXPONENT] = {
		.id = "dnssec.key-exponent", .title = N_("RSA key with a bad exponent"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("An exponent of 1 accepts forged signatures, an even one "
			"is none, 3 was forged against careless software, a large one "
			"makes each check slow, and zeros before it are not allowed."),
		.remedy = N_("Make a new key with the exponent 65537."),
		.references = REFS("RFC 3110, 2", "RFC 6781, 3.4.2") },
	[DNSSEC_KEY_WEAK] = {
		.id = "dnssec.key-weak", .title = N_("RSA key that can be broken"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The modulus has a property that lets others compute the "
			"private key: a small factor, primes close to each other, or "
			"the pattern of the ROCA flaw."),
		.remedy = N_("Roll the key now, and find out which generator made it: "
			"its other keys are as bad."),
		.references = REFS("CVE-2017-15361 (ROCA)", "CVE-2022-26320", "RFC 4086") },
	[DNSSEC_KEY_SHARED] = {
		.id = "dnssec.key-shared", .title = N_("RSA keys that share a factor"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Two keys of the zone have a modulus or a factor of it in "
			"common. In the first case one secret serves two roles; in the "
			"second both can be computed from the public keys."),
		.remedy = N_("Make new keys with a good random generator."),
		.references = REFS("Heninger et al., Mining Your Ps and Qs, 2012",
			"RFC 4086") },
	[DNSSEC_MISSING] = {
		.id = "dnssec.signature-missing",
		  .title = N_("RRset without a signature"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Every RRset that the zone answers for must be signed, "
			"NSEC and NSEC3 too. Validators refuse one that is not."),
		.remedy = N_("Sign the zone again; see why the signer left this set "
			"out."),
		.references = REFS("RFC 4035, 2.2"),
		.zonemaster = "DS08_MISSING_RRSIG_IN_RESPONSE", .dnsviz = "MISSING_RRSIG" },
	[DNSSEC_REFUSED] = {
		.id = "dnssec.zone-refused",
		  .title = N_("Zone that validators refuse for a large part"),
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A large part of the RRsets that must be signed have no "
			"signature that holds now, in a zone that publishes keys. That "
			"is not a mistake about single names: signatures were lost on "
			"the way to this file, the signer stopped, or it used another "
			"key. With a DS record at the parent these names are gone for "
			"everybody behind a validating resolver."),
		.remedy = N_("Do not publish this zone; keep the last good version in "
			"service. See what the signatures have in common (all missing, "
			"all expired, one key) and sign the zone again. An old file is "
			"judged at its time with --at. When signing takes longer than "
			"the TTL of the DS record, have it taken away."),
		.references = REFS("RFC 4035, 2.2", "RFC 4035, 5.3") },
	[DNSSEC_BAD] = {
		.id = "dnssec.signature-bad", .title = N_("Signature that is wrong"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The arithmetic of a signature does not come out: records "
			"or signature were changed after signing, or the key was mixed "
			"up. If no other signature holds, validators refuse the set. The "
			"severity is low when another one holds, and critical for the "
			"DNSKEY set."),
		.remedy = N_("Sign the zone again, and find what changed it behind the "
			"signer."),
		.references = REFS("RFC 4035, 5.3.3", "RFC 4034, 3.1.8.1"),
		.zonemaster = "DS02_RRSIG_NOT_VALID_BY_DNSKEY", .dnsviz = "SIGNATURE_INVALID" },
	[DNSSEC_EXPIRED] = {
		.id = "dnssec.signature-expired", .title = N_("Expired signature"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The period of a signature is over at the time of the "
			"audit. If no other one holds, validators refuse the set."),
		.remedy = N_("Sign now. Then see why the signer stopped: expired keys, a "
			"full disk, a clock, a transfer that hangs."),
		.references = REFS("RFC 4035, 5.3.1", "RFC 4034, 3.1.5"),
		.zonemaster = "RRSIG_EXPIRED", .dnsviz = "EXPIRATION_IN_PAST" },
	[DNSSEC_EARLY] = {
		.id = "dnssec.signature-early",
		  .title = N_("Signature that begins in the future"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The period of a signature has not begun at the time of "
			"the audit: the signer's clock is ahead, or the audit's is "
			"behind."),
		.remedy = N_("Set the clock of the signer; let signatures begin an hour "
			"in the past."),
		.references = REFS("RFC 4035, 5.3.1", "RFC 6781, 4.4.2"),
		.dnsviz = "INCEPTION_IN_FUTURE" },
	[DNSSEC_DATES] = {
		.id = "dnssec.signature-dates",
		  .title = N_("Signature that ends before it begins"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The expiration of a signature lies before its inception, "
			"so it is never good."),
		.remedy = N_("Sign again with a period that runs forward."),
		.references = REFS("RFC 4034, 3.1.5") },
	[DNSSEC_MALFORMED] = {
		.id = "dnssec.signature-malformed",
		  .title = N_("RRSIG that cannot be read"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The RDATA of an RRSIG record is too short, or its signer "
			"is no name."),
		.remedy = N_("Sign again; look at what wrote the file."),
		.references = REFS("RFC 4034, 3.1") },
	[DNSSEC_SIGNER] = {
		.id = "dnssec.signature-signer",
		  .title = N_("Signer that is not the zone"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The signer's name must be the apex of the zone; "
			"validators look for the key there."),
		.remedy = N_("Sign with the keys of this zone."),
		.references = REFS("RFC 4035, 5.3.1"),
		.dnsviz = "SIGNER_NOT_ZONE" },
	[DNSSEC_LABELS] = {
		.id = "dnssec.signature-labels",
		  .title = N_("Labels field that does not fit"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The labels field must be the number of labels of the "
			"owner. More make the signature void. Fewer say that the set was "
			"made out of a wildcard: validators then want a proof that the "
			"name itself does not exist, which a zone that has the name "
			"cannot give."),
		.remedy = N_("Sign the set under its own name."),
		.references = REFS("RFC 4034, 3.1.3", "RFC 4035, 5.3.2"),
		.dnsviz = "RRSIG_LABELS_EXCEED_RRSET_OWNER_LABELS" },
	[DNSSEC_NO_KEY] = {
		.id = "dnssec.signature-no-key",
		  .title = N_("Signature by an unknown key"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No DNSKEY of the zone has the tag and algorithm of the "
			"signature: the key was taken away too early, or was never "
			"published."),
		.remedy = N_("Publish the key until the last of its signatures has left "
			"the caches."),
		.references = REFS("RFC 4035, 5.3.1", "RFC 6781, 4.1") },
	[DNSSEC_UNCHECKED] = {
		.id = "dnssec.signature-unchecked",
		  .title = N_("Signature that could not be checked"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The signature is of an algorithm that this program does "
			"not check. Validators that do not know it either take the zone "
			"for unsigned."),
		.remedy = N_("Use an algorithm that validators know."),
		.references = REFS("RFC 4035, 5.2", "RFC 8624, 3.1"),
		.dnsviz = "ALGORITHM_NOT_SUPPORTED" },
	[DNSSEC_UNNEEDED] = {
		.id = "dnssec.signature-unneeded",
		  .title = N_("Signature where none belongs"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Delegation NS sets, glue and what lies below a cut are "
			"not signed: the zone does not speak for them. The signature "
			"shows that the signer saw the zone otherwise than servers do."),
		.remedy = N_("Sign again; check that signer and zone agree on the "
			"delegations."),
		.references = REFS("RFC 4035, 2.2") },
	[DNSSEC_ORPHAN] = {
		.id = "dnssec.signature-orphan", .title = N_("Signature over nothing"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A signature covers a type that the name does not have: a "
			"set was deleted, or lost, after signing."),
		.remedy = N_("Sign again; see whether the set should still be there."),
		.references = REFS("RFC 4035, 2.2") },
	[DNSSEC_ALGORITHM_MISSING] = {
		.id = "dnssec.algorithm-incomplete",
		  .title = N_("Algorithm that does not sign everything"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Each algorithm that has a key in the DNSKEY set must sign "
			"every RRset. Validators are told to accept any one good path, "
			"but some check them all, and the promise against downgrade is "
			"lost."),
		.remedy = N_("During an algorithm roll sign first and publish the key "
			"after; else sign with all algorithms."),
		.references = REFS("RFC 4035, 2.2", "RFC 6840, 5.11", "RFC 6781, 4.1.4"),
		.zonemaster = "DS13_ALGO_NOT_SIGNED_SOA", .dnsviz = "MISSING_RRSIG_FOR_ALG_DNSKEY" },
	[DNSSEC_ORIGINAL_TTL] = {
		.id = "dnssec.original-ttl",
		  .title = N_("TTL that is not the signed one"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The original TTL in a signature must be that of the set. "
			"Validators cut a higher TTL down; a lower one means that the "
			"TTL was changed behind the signer."),
		.remedy = N_("Change TTLs before signing."),
		.references = REFS("RFC 4034, 3.1.4", "RFC 4035, 2.2"),
		.dnsviz = "ORIGINAL_TTL_EXCEEDED_RRSET" },
	[DNSSEC_SIGNATURE_TTL] = {
		.id = "dnssec.signature-ttl",
		  .title = N_("RRSIG with another TTL than its set"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The TTL of an RRSIG record must be that of the set that "
			"it covers; else one leaves caches before the other."),
		.remedy = N_("Let the signer write the TTL of the set."),
		.references = REFS("RFC 4034, 3", "RFC 4035, 2.2"),
		.dnsviz = "RRSET_TTL_MISMATCH" },
	[DNSSEC_TTL_EXPIRY] = {
		.id = "dnssec.signature-ends-in-cache",
		  .title = N_("Signature that ends before the TTL"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The last good signature of a set ends before the TTL of "
			"the set has run out. Caches that do not validate keep both, and "
			"validators behind them get an expired signature."),
		.remedy = N_("Sign earlier: a period must have more than the TTL left "
			"when it is renewed."),
		.references = REFS("RFC 4035, 5.3.3", "RFC 6781, 4.4.2"),
		.dnsviz = "TTL_BEYOND_EXPIRATION" },
	[DNSSEC_EXPIRES_SOON] = {
		.id = "dnssec.signature-ends-soon",
		  .title = N_("Signature that ends soon"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The last good signature of a set ends within hours. "
			"Signers renew days before; here one is late."),
		.remedy = N_("See whether the signer still runs, and sign now."),
		.references = REFS("RFC 6781, 4.4.2"),
		.zonemaster = "REMAINING_SHORT" },
	[DNSSEC_SOA_EXPIRE] = {
		.id = "dnssec.soa-expire",
		  .title = N_("SOA expire beyond the signatures"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A secondary that loses its primary serves the zone until "
			"SOA expire has run out. The first signature ends before that, "
			"so it would serve bad answers instead of none."),
		.remedy = N_("Sign so that the time left is more than SOA expire, or "
			"lower SOA expire."),
		.references = REFS("RFC 6781, 4.4.2") },
	[DNSSEC_VALIDITY_LONG] = {
		.id = "dnssec.validity-long",
		  .title = N_("Signatures good for very long"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Signatures with a long period can be replayed as long: "
			"old records that were replaced stay good for an attacker."),
		.remedy = N_("Use a period of some weeks."),
		.references = REFS("RFC 6781, 4.4.2"),
		.zonemaster = "DURATION_LONG" },
	[DNSSEC_VALIDITY_SHORT] = {
		.id = "dnssec.validity-short",
		  .title = N_("Signatures good for very short"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Signatures with a very short period leave no time to "
			"repair a signer, and none for clocks that are off."),
		.remedy = N_("Use a period of a week or more, and a tenth of it as the "
			"least that is left."),
		.references = REFS("RFC 6781, 4.4.2") },
	[DNSSEC_NO_DENIAL] = {
		.id = "dnssec.no-denial",
		  .title = N_("Signed zone without NSEC and NSEC3"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Without them nobody can prove that a name or type does "
			"not exist: validators refuse such answers, and insecure "
			"delegations fail."),
		.remedy = N_("Let the signer make an NSEC or NSEC3 chain."),
		.references = REFS("RFC 4035, 2.3", "RFC 5155, 7.1"),
		.zonemaster = "DS10_MISSING_NSEC_NSEC3" },
	[DNSSEC_BOTH_DENIALS] = {
		.id = "dnssec.both-denials", .title = N_("NSEC and NSEC3 together"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A zone uses NSEC or NSEC3. With both, servers choose by "
			"rules of their own, and one of the chains is left over from a "
			"change."),
		.remedy = N_("Sign again with one of them."),
		.references = REFS("RFC 5155, 10.4"),
		.zonemaster = "DS10_MIXED_NSEC_NSEC3" },
	[DNSSEC_DENIAL_TTL] = {
		.id = "dnssec.denial-ttl",
		  .title = N_("NSEC that lives longer than a negative answer"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The TTL of NSEC and NSEC3 must be the lesser of SOA "
			"minimum and the SOA's TTL. Resolvers that deny names with "
			"cached NSEC records (RFC 8198) else do so longer than the zone "
			"allows."),
		.remedy = N_("Use a signer that follows RFC 9077, or set the SOA's TTL "
			"to SOA minimum."),
		.references = REFS("RFC 9077, 3", "RFC 8198, 5.4") },
	[DNSSEC_NSEC_MISSING] = {
		.id = "dnssec.nsec-missing", .title = N_("Name without NSEC"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Each name that the zone answers for, and each delegation, "
			"needs an NSEC record. Without it the records around it deny "
			"the name: resolvers that use cached NSEC make it vanish."),
		.remedy = N_("Sign the zone again."),
		.references = REFS("RFC 4035, 2.3"),
		.dnsviz = "MISSING_NSEC_FOR_NODATA" },
	[DNSSEC_NSEC_UNNEEDED] = {
		.id = "dnssec.nsec-unneeded", .title = N_("NSEC where none belongs"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("NSEC records stand at names that the zone answers for and "
			"at delegations, nowhere else."),
		.remedy = N_("Sign the zone again; check that signer and zone agree on "
			"the delegations."),
		.references = REFS("RFC 4035, 2.3") },
	[DNSSEC_NSEC_TWICE] = {
		.id = "dnssec.nsec-multiple",
		  .title = N_("Several NSEC records at one name"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A name has one NSEC record. Of several, one says "
			"something wrong, and servers pick any."),
		.remedy = N_("Sign the zone again from a clean state."),
		.references = REFS("RFC 4034, 4"),
		.zonemaster = "DS10_ERR_MULT_NSEC" },
	[DNSSEC_NSEC_NEXT] = {
		.id = "dnssec.nsec-chain", .title = N_("NSEC chain that is broken"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Each NSEC record names the next name in canonical order, "
			"and the last one the apex. One that skips names denies them; "
			"one that points back or elsewhere denies nothing."),
		.remedy = N_("Sign the zone again; names were added or deleted behind "
			"the signer."),
		.references = REFS("RFC 4034, 4.1.1", "RFC 4035, 2.3"),
		.dnsviz = "LAST_NSEC_NEXT_NOT_ZONE" },
	[DNSSEC_NSEC_BITMAP] = {
		.id = "dnssec.nsec-bitmap", .title = N_("NSEC with wrong types"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The type list of an NSEC record must be the types of the "
			"name. A type that it lacks can be denied though it exists; one "
			"too many makes answers fail."),
		.remedy = N_("Sign the zone again."),
		.references = REFS("RFC 4034, 4.1.2", "RFC 4035, 2.3"),
		.zonemaster = "DS10_NSEC_ERR_TYPE_LIST", .dnsviz = "EXISTING_TYPE_NOT_IN_BITMAP" },
	[DNSSEC_NSEC3_MISSING] = {
		.id = "dnssec.nsec3-missing", .title = N_("Name without NSEC3"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Each name that the zone answers for, each delegation (but "
			"insecure ones in an opt-out span) and each empty non-terminal "
			"above them needs an NSEC3 record. Without it the chain denies "
			"the name."),
		.remedy = N_("Sign the zone again."),
		.references = REFS("RFC 5155, 7.1"),
		.dnsviz = "NO_NSEC3_MATCHING_SNAME" },
	[DNSSEC_NSEC3_ORPHAN] = {
		.id = "dnssec.nsec3-orphan", .title = N_("NSEC3 of no name"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("An NSEC3 record is the hash of no name in the zone: it "
			"was left behind when a name went. It proves that something "
			"exists which does not."),
		.remedy = N_("Sign the zone again from a clean state."),
		.references = REFS("RFC 5155, 7.1") },
	[DNSSEC_NSEC3_TWICE] = {
		.id = "dnssec.nsec3-multiple",
		  .title = N_("Several NSEC3 records of one hash"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A chain has one NSEC3 record for a hash. Of several, one "
			"says something wrong, and servers pick any."),
		.remedy = N_("Sign the zone again from a clean state."),
		.references = REFS("RFC 5155, 7.1"),
		.zonemaster = "DS10_ERR_MULT_NSEC3" },
	[DNSSEC_NSEC3_NEXT] = {
		.id = "dnssec.nsec3-chain", .title = N_("NSEC3 chain that is broken"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Each NSEC3 record names the next hash of its chain, and "
			"the last one the first. One that skips hashes denies their "
			"names; one that points elsewhere denies nothing."),
		.remedy = N_("Sign the zone again."),
		.references = REFS("RFC 5155, 3.1.7 and 7.1") },
	[DNSSEC_NSEC3_BITMAP] = {
		.id = "dnssec.nsec3-bitmap", .title = N_("NSEC3 with wrong types"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The type list of an NSEC3 record must be the types of its "
			"name. A type that it lacks can be denied though it exists; one "
			"too many makes answers fail."),
		.remedy = N_("Sign the zone again."),
		.references = REFS("RFC 5155, 3.1.8 and 7.1"),
		.zonemaster = "DS10_NSEC3_ERR_TYPE_LIST", .dnsviz = "EXISTING_TYPE_NOT_IN_BITMAP" },
	[DNSSEC_NSEC3_MALFORMED] = {
		.id = "dnssec.nsec3-malformed", .title = N_("NSEC3 that nobody can use"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("An NSEC3 record's owner is a base32hex hash just below "
			"the apex, and its next hash is as long. Others are ignored."),
		.remedy = N_("Sign the zone again; look at what wrote the file."),
		.references = REFS("RFC 5155, 3"),
		.dnsviz = "INVALID_NSEC3_OWNER_NAME" },
	[DNSSEC_NSEC3_FLAGS] = {
		.id = "dnssec.nsec3-flags", .title = N_("NSEC3 with unknown flags"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Validators ignore NSEC3 records with flags other than "
			"opt-out."),
		.remedy = N_("Sign again with flags 0 or 1."),
		.references = REFS("RFC 5155, 3.1.2 and 8.2"),
		.zonemaster = "DS03_UNASSIGNED_FLAG_USED" },
	[DNSSEC_NSEC3_HASH] = {
		.id = "dnssec.nsec3-hash", .title = N_("NSEC3 with an unknown hash"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("There is one hash algorithm for NSEC3, SHA-1 with the "
			"number 1. Validators ignore records with others."),
		.remedy = N_("Sign again with hash algorithm 1, or use NSEC."),
		.references = REFS("RFC 5155, 8.1 and 11"),
		.zonemaster = "DS03_ILLEGAL_HASH_ALGO", .dnsviz = "UNSUPPORTED_NSEC3_ALGORITHM" },
	[DNSSEC_NSEC3_NO_PARAM] = {
		.id = "dnssec.nsec3-no-param", .title = N_("NSEC3 without NSEC3PARAM"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Servers learn from NSEC3PARAM which chain to answer with. "
			"Without it they may answer without proofs."),
		.remedy = N_("Let the signer add the NSEC3PARAM record of the chain."),
		.references = REFS("RFC 5155, 4 and 7.1") },
	[DNSSEC_NSEC3_NO_CHAIN] = {
		.id = "dnssec.nsec3-no-chain", .title = N_("NSEC3PARAM without a chain"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("An NSEC3PARAM record promises a complete chain, and the "
			"zone has no NSEC3 record with these parameters. Servers that "
			"use it cannot deny anything."),
		.remedy = N_("Sign again, or delete the NSEC3PARAM record."),
		.references = REFS("RFC 5155, 4 and 7.1") },
	[DNSSEC_NSEC3_PARAM_FLAGS] = {
		.id = "dnssec.nsec3-param-flags", .title = N_("NSEC3PARAM with flags"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The flags of NSEC3PARAM must be 0; servers ignore records "
			"with others. Some signers keep their own state there, which "
			"should not be published."),
		.remedy = N_("Let the signer finish its work, or set the flags to 0."),
		.references = REFS("RFC 5155, 4.1.2") },
	[DNSSEC_NSEC3_SECOND] = {
		.id = "dnssec.nsec3-second-chain",
		  .title = N_("NSEC3 chain in the making"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A chain without NSEC3PARAM stands beside one that has it. "
			"That is right while parameters are changed; it should be gone "
			"after."),
		.remedy = N_("If no change is under way, sign again from a clean state."),
		.references = REFS("RFC 5155, 10.4") },
	[DNSSEC_NSEC3_ITERATIONS] = {
		.id = "dnssec.nsec3-iterations", .title = N_("NSEC3 iterations above 0"),
		.area = AREA_VULNERABILITY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("More iterations do not hide names, since dictionaries are "
			"hashed on graphics cards, but each negative answer costs "
			"servers and validators as many hashes. Validators take zones "
			"with many for unsigned. The severity is high from the number "
			"on at which they do."),
		.remedy = N_("Set the iterations to 0."),
		.references = REFS("RFC 9276, 3.1 and 3.2", "CVE-2023-50868"),
		.zonemaster = "DS03_ILLEGAL_ITERATION_VALUE", .dnsviz = "NONZERO_NSEC3_ITERATION_COUNT" },
	[DNSSEC_NSEC3_SALT] = {
		.id = "dnssec.nsec3-salt", .title = N_("NSEC3 with a salt"),
		.area = AREA_VULNERABILITY, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A salt does not protect names: the zone's own name is "
			"part of what is hashed, so tables made beforehand do not exist. "
			"It only makes records longer."),
		.remedy = N_("Use an empty salt."),
		.references = REFS("RFC 9276, 3.1"),
		.zonemaster = "DS03_ILLEGAL_SALT_LENGTH", .dnsviz = "NONEMPTY_NSEC3_SALT" },
	[DNSSEC_NSEC3_OPTOUT] = {
		.id = "dnssec.nsec3-optout",
		  .title = N_("Delegations left out of the chain"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("With opt-out, delegations without DS need no NSEC3 "
			"record. That keeps large zones small; in return, such "
			"delegations can be added or hidden on the way without anybody "
			"noticing."),
		.remedy = N_("Use opt-out only where most names are delegations without "
			"DS."),
		.references = REFS("RFC 9276, 3.1", "RFC 5155, 6 and 12.2"),
		.zonemaster = "DS03_NSEC3_OPT_OUT_ENABLED_NON_TLD" },
	[DNSSEC_NSEC3_ALGORITHM] = {
		.id = "dnssec.nsec3-algorithm",
		  .title = N_("NSEC3 with an algorithm from before it"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("RSAMD5, DSA and RSASHA1 say that a zone uses NSEC. "
			"Validators that do not know NSEC3 trust them and fail, and they "
			"are obsolete in any case."),
		.remedy = N_("Roll to algorithm 13 (ECDSAP256SHA256) or 8 (RSASHA256)."),
		.references = REFS("RFC 5155, 2") },
	[DNSSEC_CDS_DELETE] = {
		.id = "dnssec.cds-delete", .title = N_("Request to take the DS away"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The zone asks its parent to delete the DS. A parent that "
			"follows will make the zone insecure."),
		.remedy = N_("If that is not meant, take the record away at once and see "
			"who published it."),
		.references = REFS("RFC 8078, 4"),
		.zonemaster = "DS16_DELETE_CDS" },
	[DNSSEC_CDS_MIXED] = {
		.id = "dnssec.cds-mixed",
		  .title = N_("Request to set and to delete the DS"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A CDS or CDNSKEY set with the delete form must have "
			"nothing else; parents ignore this one."),
		.remedy = N_("Publish one or the other."),
		.references = REFS("RFC 8078, 4"),
		.zonemaster = "DS16_MIXED_DELETE_CDS" },
	[DNSSEC_CDS_MALFORMED] = {
		.id = "dnssec.cds-malformed", .title = N_("CDS that stands for no key"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Algorithm 0 is for the delete form, which has one "
			"spelling: \"0 0 0 00\" for CDS, \"0 3 0 AA==\" for CDNSKEY. "
			"Others mean nothing."),
		.remedy = N_("Write it as RFC 8078 has it."),
		.references = REFS("RFC 8078, 4") },
	[DNSSEC_CDS_NO_KEY] = {
		.id = "dnssec.cds-no-key",
		  .title = N_("CDS for a key that is not published"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A CDS or CDNSKEY record stands for no DNSKEY of the zone. "
			"A parent that follows it sets a DS that points nowhere."),
		.remedy = N_("Publish the key, or make the record anew from the DNSKEY "
			"set."),
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_CDS_MATCHES_NO_DNSKEY" },
	[DNSSEC_CDS_MISMATCH] = {
		.id = "dnssec.cds-mismatch", .title = N_("CDS and CDNSKEY disagree"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("When both are there they must stand for the same keys. "
			"Parents ignore them or follow one of them."),
		.remedy = N_("Make both from the same keys."),
		.references = REFS("RFC 7344, 4"),
		.zonemaster = "DS15_MISMATCH_CDS_CDNSKEY" },
	[DNSSEC_CDS_UNSIGNED] = {
		.id = "dnssec.cds-unsigned",
		  .title = N_("CDS that parents will not believe"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The set must have a good signature by a key that the DS "
			"at the parent vouches for, so by one that signs the DNSKEY "
			"set."),
		.remedy = N_("Sign CDS and CDNSKEY with the key-signing key."),
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_CDS_UNSIGNED" },
	[DNSSEC_CDS_DIGEST] = {
		.id = "dnssec.cds-digest", .title = N_("CDS with a digest of no use"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("SHA-1 and GOST must not be used for DS records; other "
			"digest types are not known to validators."),
		.remedy = N_("Publish CDS records with SHA-256 (2)."),
		.references = REFS("RFC 9905", "RFC 8624, 3.3"),
		.zonemaster = "DS15_CDS_NON_MUST_DIGEST" },
	[DNSSEC_CDS_BREAKS] = {
		.id = "dnssec.cds-breaks", .title = N_("CDS that would break the zone"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No key that the set names signs the DNSKEY set. Parents "
			"must not follow such a set; one that does makes the zone fail "
			"for all validators."),
		.remedy = N_("Let the new key sign the DNSKEY set before CDS names it "
			"alone."),
		.references = REFS("RFC 7344, 4.1"),
		.zonemaster = "DS16_DNSKEY_NOT_SIGNED_BY_CDS" },
	[DNSSEC_ZONEMD_WRONG] = {
		.id = "dnssec.zonemd-wrong",
		  .title = N_("Zone that is not what its digest says"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The digest over the whole zone is not that of its ZONEMD "
			"record. Records were changed, added or lost after it was made; "
			"who checks the digest refuses the zone."),
		.remedy = N_("Compare the file with the signer's; make the digest anew "
			"only when the zone is right."),
		.references = REFS("RFC 8976, 4") },
	[DNSSEC_ZONEMD_SERIAL] = {
		.id = "dnssec.zonemd-serial", .title = N_("ZONEMD of another serial"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A ZONEMD record says for which serial it was made. This "
			"one is for another version of the zone, so it is not compared."),
		.remedy = N_("Make the digest after the serial is set."),
		.references = REFS("RFC 8976, 2.2.1 and 4") },
	[DNSSEC_ZONEMD_REPEATED] = {
		.id = "dnssec.zonemd-repeated",
		  .title = N_("ZONEMD twice with one scheme and hash"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("Of ZONEMD records with one scheme and hash there must be "
			"one; of several, none may be used."),
		.remedy = N_("Delete the old one."),
		.references = REFS("RFC 8976, 2.1 and 4") },
	[DNSSEC_ZONEMD_UNSUPPORTED] = {
		.id = "dnssec.zonemd-unsupported",
		  .title = N_("ZONEMD that nobody can check"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No ZONEMD record has the scheme SIMPLE (1) with SHA-384 "
			"(1) or SHA-512 (2), so the zone cannot be compared with it."),
		.remedy = N_("Add a record with scheme 1 and hash 1."),
		.references = REFS("RFC 8976, 2.2.2, 2.2.3 and 5") },
	[DNSSEC_ZONEMD_LENGTH] = {
		.id = "dnssec.zonemd-length",
		  .title = N_("ZONEMD digest of a wrong length"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("A digest has the length of its hash, and at least 12 "
			"octets. Others are ignored."),
		.remedy = N_("Make the record anew."),
		.references = REFS("RFC 8976, 2.2.4") },
	[DNSSEC_ZONEMD_TTLS] = {
		.id = "dnssec.zonemd-ttls",
		  .title = N_("ZONEMD over sets with several TTLs"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The digest holds the TTL of each record. In a set with "
			"several, software that gives the set one TTL on reading (RFC "
			"2181, 5.2) computes another digest and refuses the zone."),
		.remedy = N_("Give each RRset one TTL, then make the digest anew."),
		.references = REFS("RFC 8976, 3.3.1", "RFC 2181, 5.2") },
	[DNSSEC_ZONEMD_GOOD] = {
		.id = "dnssec.zonemd-good",
		  .title = N_("Zone that is what its digest says"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The digest over the whole zone is that of its ZONEMD "
			"record. Whether the record itself can be trusted is a matter of "
			"its signature."),
		.remedy = N_("Nothing."),
		.references = REFS("RFC 8976, 4") },
	[DNSSEC_ANCHOR_MALFORMED] = {
		.id = "dnssec.anchor-malformed",
		  .title = N_("Trust anchors that cannot be read"),
		.area = AREA_TRUST, .severity = SEVERITY_HIGH,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The file holds something that is neither a DS or DNSKEY "
			"line nor XML as RFC 7958 has it. XML that is not right is not "
			"used at all: half an anchor is none."),
		.remedy = N_("Get the file again from its source, and check its "
			"signature."),
		.references = REFS("RFC 7958, 2", "RFC 9718, 2") },
	[DNSSEC_ANCHOR_NONE] = {
		.id = "dnssec.anchor-none", .title = N_("No trust anchor for this zone"),
		.area = AREA_TRUST, .severity = SEVERITY_MEDIUM,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The anchors given are for other zones, or none of them is "
			"good at this time. Nothing was compared."),
		.remedy = N_("Give the anchors of this zone; update them if they have "
			"run out."),
		.references = REFS("RFC 7958, 2.1.1") },
	[DNSSEC_ANCHOR_TIMES] = {
		.id = "dnssec.anchor-times",
		  .title = N_("Trust anchor that is not good now"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The anchor's validFrom lies ahead or its validUntil is "
			"over."),
		.remedy = N_("Nothing, as long as another one is good."),
		.references = REFS("RFC 7958, 2.1.1") },
	[DNSSEC_ANCHOR_NO_KEY] = {
		.id = "dnssec.anchor-no-key", .title = N_("Trust anchor without a key"),
		.area = AREA_TRUST, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No DNSKEY of the zone has the anchor's digest: the key is "
			"not published yet, or no longer."),
		.remedy = N_("See whether a roll is under way, and update the anchors "
			"when it is over."),
		.references = REFS("RFC 4035, 5.2", "RFC 5011") },
	[DNSSEC_ANCHOR_BROKEN] = {
		.id = "dnssec.anchor-broken",
		  .title = N_("No trust anchor leads into the zone"),
		.area = AREA_TRUST, .severity = SEVERITY_CRITICAL,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("No anchor that is good now is the digest of a key that "
			"signs the DNSKEY set. Validators with these anchors refuse the "
			"zone and all below it."),
		.remedy = N_("If the zone is right, get new anchors from its operator by "
			"a way you trust. If the anchors are right, the zone is signed "
			"with the wrong key."),
		.references = REFS("RFC 4035, 5.2"),
		.dnsviz = "NO_TRUST_ANCHOR_SIGNING" },
	[DNSSEC_ANCHOR_SILENT] = {
		.id = "dnssec.anchor-silent",
		  .title = N_("Trust anchor whose key does not sign"),
		.area = AREA_TRUST, .severity = SEVERITY_INFO,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("The key is in the DNSKEY set and does not sign it, or not "
			"well. That is right for a key that waits for its roll."),
		.remedy = N_("Nothing, as long as another anchor leads into the zone."),
		.references = REFS("RFC 4035, 5.2", "RFC 5011") },
	[DNSSEC_ANCHOR_DIGEST] = {
		.id = "dnssec.anchor-digest",
		  .title = N_("Trust anchor with a digest of no use"),
		.area = AREA_CRYPTOGRAPHY, .severity = SEVERITY_LOW,
		.remit = REMIT_DNS, .detect = SIGNER, .mitigate = SIGNER, .prevent = SIGNER,
		.meaning = N_("SHA-1 and GOST must not be used for DS records and "
			"anchors; other digest types are not known to validators."),
		.remedy = N_("Use the anchor with SHA-256 (2), or the key itself."),
		.references = REFS("RFC 9905", "RFC 8624, 3.3") },
	[DNSSEC_ROWS] = { .id = NULL }
};
