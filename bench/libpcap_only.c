/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libpcap_only.c - what libpcap takes to hand over every frame of a file.
 *
 *	libpcap_only FILE
 *
 * A pcap_next_ex loop that looks at nothing: the share of a capture tool's time
 * that is spent before its first line of analysis (libpcap reads the file through
 * stdio and copies each frame). */
#define _DEFAULT_SOURCE		/* the types of pcap.h */
#include <err.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	uint64_t frames = 0, octets = 0;
	struct pcap_pkthdr *head;
	const u_char *frame;
	pcap_t *p;
	int rc;

	if (argc != 2)
		errx(2, "usage: libpcap_only FILE");
	if ((p = pcap_open_offline(argv[1], why)) == NULL)
		errx(1, "%s", why);
	while ((rc = pcap_next_ex(p, &head, &frame)) == 1) {
		frames++;
		octets += head->caplen;
	}
	if (rc == PCAP_ERROR)
		errx(1, "%s: %s", argv[1], pcap_geterr(p));
	printf("frames %" PRIu64 ", octets %" PRIu64 "\n", frames, octets);
	pcap_close(p);
	return 0;
}
