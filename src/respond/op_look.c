/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_look.c - "I have looked": from here on, what is new is told to this person as new. Not
 * in the log: nobody's word depends on it. */
#include "respond/op.h"
#include "store/read.h"

static int looked(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct store *s = desk_store(d);
	struct store_looked now = { .at = desk_now(d) };
	char hash[65];
	int rc = store_revision(s, &now.revision);

	(void)args;
	(void)reply;
	if (rc == 0)
		rc = store_last_event(s, &now.event, hash);
	if (rc == 0)
		rc = store_begin(s);
	if (rc == 0)
		rc = store_look(s, who->login, &now);
	if (rc == 0)
		rc = store_commit(s);
	return rc ? desk_fault(d, rc, "%s", store_error(s)) : 0;
}

const struct op look_ops[] = {
	{ "overview.looked", "Takes note that the caller has looked at what is new.",
	  ROLE_VIEWER, NULL, looked },
	{ .name = NULL }
};
