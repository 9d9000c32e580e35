/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_transfer.c - "axfr:NAME@SERVER": the parent connects and reads the key's file; the
 * auditor gets the connected socket, asks, and reads what comes (zone/transfer.h). */
#include "base/opt.h"
#include "net/connect.h"
#include "run/auditor.h"
#include "zone/transfer.h"
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "axfr:"

bool audit_is_transfer(const char *name)
{
	return strncmp(name, PREFIX, strlen(PREFIX)) == 0;
}

/* The whole file into to[TRANSFER_KEYS_MAX]: its length or -errno. */
static ssize_t read_file(const char *name, char *to)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -errno : read(fd, to, TRANSFER_KEYS_MAX);

	if (fd >= 0 && n < 0)
		n = -errno;
	if (fd >= 0)
		close(fd);
	return n;
}

static int read_key(struct audit_setup *s, const char *file, const char *name,
		    char why[OPT_WHY])
{
	char *text = malloc(TRANSFER_KEYS_MAX);
	ssize_t n = text ? read_file(file, text) : -ENOMEM;
	int rc = n < 0 ? (int)n : transfer_key_read(&s->key, text, (size_t)n, name);

	if (text)
		explicit_bzero(text, TRANSFER_KEYS_MAX);
	free(text);
	if (rc == OOPS_UNKNOWN)
		snprintf(why, OPT_WHY, name[0] ? N_("%.120s: has no key '%.100s' (or "
			"more than one)")
			 : N_("%.120s: has no key, or several: name one as "
			 	"axfr:NAME@SERVER#KEY%.0s"),
			 file, name);
	else if (rc == OOPS_FORMAT)
		snprintf(why, OPT_WHY, N_("%.120s: is no file of keys; write key "
			 "\"name\" { algorithm hmac-sha256; secret \"base64\"; "
			 "};"), file);
	else if (rc < 0)
		snprintf(why, OPT_WHY, N_("%.120s: cannot be read: %s"),
			file, oops_text(rc));
	return rc < 0 ? OOPS_TYPE : 0;
}

int audit_transfer_open(struct audit_setup *s, const char *name, const char *keys,
			char why[OPT_WHY])
{
	struct net_peer p;
	char reason[200];
	int rc;

	if (net_peer_read(&p, name + strlen(PREFIX)) < 0 || audit_name(p.name, s->origin) < 0) {
		snprintf(why, OPT_WHY, N_("'%.120s' is no transfer; write "
			 "axfr:NAME@SERVER[:PORT][#KEY]"), name);
		return OOPS_RANGE;
	}
	name_lower(s->origin, s->origin, sizeof s->origin);
	if (p.key[0] && keys == NULL) {
		snprintf(why, OPT_WHY, N_("the key '%.100s' stands in which file? Write "
			 "--tsig-file FILE"), p.key);
		return OOPS_RANGE;
	}
	if (keys && (rc = read_key(s, keys, p.key, why)) < 0)
		return rc;
	if (getrandom(&s->id, sizeof s->id, 0) != sizeof s->id)
		return -EIO;
	if ((s->fd = net_connect(&p, TRANSFER_IDLE_S, reason)) < 0) {
		snprintf(why, OPT_WHY, N_("%.120s port %s: no connection: %.100s"),
			p.host, p.port,
			 reason);
		return OOPS_TYPE;
	}
	s->has_origin = s->transfer = true;
	s->name = name;
	return 0;
}
