/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts.h - what the files of `vedette contacts` share. */
#pragma once
#include "cli/sitting.h"
#include "respond/contact.h"

struct contacts_conf {
	const char *name, *role, *covers, *mail, *webhook, *phone, *web, *post, *public_key,
		*languages, *hours, *prefers, *organisation, *note, *cleared, *drop,
		*until, *from;
	int kind;
	u64 place, days;
	bool json, yes, revoke, html;
};
extern struct contacts_conf contacts_conf;

/* Each verb's function; a status. */
int contacts_list(struct sitting *s, int argc, char **argv);
int contacts_show(struct sitting *s, int argc, char **argv);
int contacts_route(struct sitting *s, int argc, char **argv);
int contacts_vouch(struct sitting *s, int argc, char **argv);
int contacts_path(struct sitting *s, int argc, char **argv);
int contacts_drill(struct sitting *s, int argc, char **argv);
int contacts_answer(struct sitting *s, int argc, char **argv);
int contacts_reach_report(struct sitting *s, int argc, char **argv);
int contacts_sheet(struct sitting *s, int argc, char **argv);
int contacts_import(struct sitting *s, int argc, char **argv);
/* Prints and frees the text: a status. */
int contacts_print(struct buf *out);
