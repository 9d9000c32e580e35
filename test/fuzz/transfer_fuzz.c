/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer_fuzz.c - hostile octets as a server's answer to a transfer, and as a file of keys.
 *
 * The first octet chooses: 0 is a file of keys, anything else an answer, unsigned or (even) with
 * a key. Whatever comes is refused with a trouble or makes a zone that can be sealed; with
 * a key nothing that was not signed by it makes one. */
#include "zone/transfer.h"
#include <sys/socket.h>
#include <unistd.h>

static const char keys[] = "key \"k.\" { algorithm hmac-sha256; secret \"c2VjcmV0\"; };";

static void trouble(void *to, const struct zone_trouble *t)
{
	must(t->kind < ZONE_TROUBLE_KINDS && memchr(t->text, 0, sizeof t->text));
	++*(unsigned *)to;
}

static void try_keys(const u8 *data, size_t size)
{
	struct transfer_key *k = NULL;

	if (transfer_key_read(&k, (const char *)data, size, "") == 0)
		must(k);
	transfer_key_free(k);
}

static void try_answer(const u8 *data, size_t size, bool with_key)
{
	static const u8 origin[] = "\7example";
	unsigned troubles = 0;
	struct zone_read_conf conf = { .name = "transfer", .origin = origin, .memory = 8u << 20,
		.key = 1, .threads = 1, .trouble = trouble, .to = &troubles };
	struct transfer t = { .id = 0x1234 };
	struct transfer_key *k = NULL;
	struct zone_read_result *result = calloc(1, sizeof *result);
	struct zone *z = NULL;
	int ends[2];

	must(result && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	if (with_key)
		must(transfer_key_read(&k, keys, sizeof keys - 1, "k") == 0);
	t.key = k;
	must(size == 0 || write(ends[1], data, size) == (ssize_t)size);
	shutdown(ends[1], SHUT_WR);
	must(zone_transfer(&z, ends[0], &conf, &t, result) == 0);
	must(z || troubles);
	must(result->whole || troubles);
	must(!with_key || !result->whole || z == NULL);
	if (z)
		must(zone_seal(z) == 0);
	zone_free(z);
	transfer_key_free(k);
	close(ends[0]);
	close(ends[1]);
	free(result);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (size == 0 || size > 60000)
		return 0;
	if (data[0] == 0)
		try_keys(data + 1, size - 1);
	else
		try_answer(data + 1, size - 1, data[0] % 2 == 0);
	return 0;
}
