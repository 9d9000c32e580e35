/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log_tables.c - do the tables say what the log says? See desk.h.
 *
 * The log is folded a second time, into tables beside those of the file (store/desk.h), and
 * both are walked side by side. So who changed `incident` with another program is found, and
 * a log that was cut off as well, for the tables then know more than it. It costs what
 * `vedette log rebuild` costs, without writing to the store.
 *
 * Not here: findings. They are not in the log; an evidence pack is what vouches for one. */
#include "respond/own.h"
#include "model/desk.h"

static const char *const hows[] = {
	[STORE_CHANGED] = N_("%s %s: '%s' is not what the log says"),
	[STORE_ADDED] = N_("%s %s is in the tables and not in the log"),
	[STORE_MISSING] = N_("%s %s is in the log and not in the tables"),
};

static void tell(struct tables_report *r, const struct store_differs *d)
{
	if (r->count++ == 0)
		snprintf(r->what, sizeof r->what, hows[d->how], d->table, d->key,
			 d->field ? d->field : "");
}

static int compare(struct store *s, struct tables_report *ret)
{
	struct store_differs d;
	int rc = 0;

	for (unsigned t = 0; t < DESK_TABLES && rc >= 0; t++)
		if ((rc = store_desk_differs(s, t, &d)) == 1)
			tell(ret, &d);
	return rc < 0 ? rc : ret->count ? OOPS_CHANGED : 0;
}

static u64 no_time(void *world)
{
	(void)world;
	return 0;
}

int log_tables(struct store *s, struct tables_report *ret)
{
	struct desk *d = NULL;
	int rc = desk_look(&d, s, no_time, NULL);

	*ret = (struct tables_report){ 0 };
	if (rc)
		return rc;
	rc = store_desk_again(s);
	if (rc == 0 && (rc = desk_fold_all(d)))
		snprintf(ret->what, sizeof ret->what, "%s", desk_error(d));
	if (rc == 0)
		rc = compare(s, ret);
	store_desk_away(s);
	desk_close(d);
	return rc;
}
