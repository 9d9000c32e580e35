/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.c - names of what a catalogue row says by number; see catalogue.h.
 *
 * The techniques are those of FIRST's DNS abuse techniques matrix, numbered in
 * its order, with the names of the MISP galaxy "first-dns", version 2. */
#include "model/catalogue.h"

#define F(name, text) text,
static const char *const areas[] = { AREAS(F) };
static const char *const abuses[] = { ABUSES(F) };
static const char *const remits[] = { REMITS(F) };
static const char *const severities[] = { SEVERITIES(F) };
#undef F

static const char *const techniques[] = {
	"",
	N_("DGAs"),
	N_("Domain name compromise"),
	N_("Lame delegations"),
	N_("DNS cache poisoning"),
	N_("DNS rebinding"),
	N_("DNS server compromise"),
	N_("Stub resolver hijacking"),
	N_("Local recursive resolver hijacking"),
	N_("On-path DNS attack"),
	N_("DoS against the DNS"),
	N_("DNS as a vector for DoS"),
	N_("Dynamic DNS resolution"),
	N_("Dynamic DNS resolution: Fast flux"),
	N_("Infiltration and exfiltration via the DNS"),
	N_("Malicious registration of (effective) second level domains"),
	N_("Creation of malicious subdomains under dynamic DNS providers"),
	N_("Compromise of a non-DNS server to conduct abuse"),
	N_("Spoofing or otherwise using unregistered domain names"),
	N_("Spoofing of a registered domain"),
	N_("DNS tunneling"),
	N_("DNS beacons - C2 communication"),
};
_Static_assert(COUNT(techniques) == 1 + FIRST_TECHNIQUES, "all of the matrix");

static const char *named(const char *const *list, size_t count, size_t at)
{
	must(at < count);
	return list[at];
}

const char *area_name(enum area a)
{
	return named(areas, COUNT(areas), a);
}

const char *abuse_name(enum abuse a)
{
	return named(abuses, COUNT(abuses), a);
}

const char *remit_name(enum remit r)
{
	return named(remits, COUNT(remits), r);
}

const char *severity_name(enum severity s)
{
	return named(severities, COUNT(severities), s);
}

int severity_parse(const char *text)
{
	for (int i = 0; i < SEVERITY_COUNT; i++)
		if (strcmp(text, severities[i]) == 0)
			return i;
	return OOPS_UNKNOWN;
}

const char *first_technique(unsigned number)
{
	return number < COUNT(techniques) ? techniques[number] : "";
}
