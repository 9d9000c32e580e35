/* SPDX-License-Identifier: GPL-3.0-or-later */
/* house_tell.c - what the settings page shows of the house, as JSON that is made before the
 * web process has its walls: all options with their help, values and where those are from, and
 * the playbooks. */
#include "cli/house.h"
#include "cli/incident.h"
#include "model/utf8.h"
#include "respond/playbook.h"
#include <dirent.h>
#include <unistd.h>

#define HEAD "{\"items\":["

/* True when something stands behind the head. */
static bool has_items(const struct buf *out)
{
	return out->len > strlen(HEAD);
}

/* ---- options ---- */

static void put_option(struct buf *out, const struct opts *o, const struct opt_group *g,
		       const struct opt *row)
{
	static const char *const sources[] = { [OPT_DEFAULT] = "default", [OPT_FILE] = "file",
		[OPT_COMMAND] = "command" };
	struct buf text = { 0 };

	buf_text(out, "{\"name\":");
	opt_spelling(g, row, &text);
	utf8_json(out, buf_str(&text));
	buf_text(out, ",\"help\":");
	utf8_json(out, _(row->help));
	buf_clear(&text);
	opt_allowed(row, &text);
	buf_text(out, ",\"allowed\":");
	utf8_json(out, buf_str(&text));
	buf_clear(&text);
	opt_value(g, row, &text);
	buf_text(out, ",\"value\":");
	utf8_json(out, buf_str(&text));
	buf_text(out, ",\"default\":");
	utf8_json(out, row->def ? row->def : "");
	buf_fmt(out, ",\"source\":\"%s\"}", sources[opts_source(o, g->name, row->name)]);
	buf_free(&text);
}

/* A key that several groups have is one key. */
static bool told(const struct opts *o, const struct opt_group *g, const struct opt *row)
{
	for (const struct opt_group *was = o->groups; was < g; was++)
		for (const struct opt *r = was->rows; r && r->name; r++)
			if (strcmp(was->name, g->name) == 0 && strcmp(r->name, row->name) == 0)
				return true;
	return false;
}

static void put_group(struct buf *out, const struct opts *o, const struct opt_group *g,
		      const char *comma)
{
	bool any = false;

	for (const struct opt *row = g->rows; row && row->name; row++) {
		if (row->cli_only || told(o, g, row))
			continue;
		if (!any) {
			buf_fmt(out, "%s\n{\"group\":", comma);
			utf8_json(out, g->name);
			buf_text(out, ",\"title\":");
			utf8_json(out, g->title ? _(g->title) : "");
			buf_text(out, ",\"options\":[");
		}
		buf_text(out, any ? ",\n" : "\n");
		put_option(out, o, g, row);
		any = true;
	}
	if (any)
		buf_text(out, "]}");
}

void house_put_options(struct buf *out, const struct opts *o)
{
	buf_text(out, HEAD);
	for (unsigned i = 0; i < o->count; i++)
		put_group(out, o, &o->groups[i], has_items(out) ? "," : "");
	buf_text(out, "]}\n");
}

/* ---- playbooks ---- */

/* Ours in the language of this thread, a team's as it is. */
static void put_said(struct buf *out, const char *name, const char *text)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), text);
	buf_fmt(out, "\"%s\":", name);
	utf8_json(out, buf_str(&said));
	buf_free(&said);
}

static void put_task(struct buf *out, const struct task *t)
{
	buf_byte(out, '{');
	put_said(out, "title", t->title);
	buf_byte(out, ',');
	put_said(out, "actor", t->actor);
	buf_byte(out, ',');
	put_said(out, "ask", t->ask);
	buf_byte(out, ',');
	put_said(out, "needs", t->needs);
	buf_byte(out, '}');
}

/* One that cannot be read is told with why and without tasks. */
static void put_playbook(struct buf *out, const char *family, bool own)
{
	struct playbook p = { 0 };
	char why[PLAYBOOK_WHY] = "";
	int rc = playbook_read(&p, incident_conf.playbooks, family, why);

	buf_text(out, has_items(out) ? ",\n{\"family\":" : "\n{\"family\":");
	utf8_json(out, family);
	buf_byte(out, ',');
	put_said(out, "title", rc ? "" : p.title);
	buf_fmt(out, ",\"own\":%s,", own ? "true" : "false");
	put_said(out, "trouble", rc ? why : "");
	buf_text(out, ",\"tasks\":[");
	for (unsigned i = 0; rc == 0 && i < p.count; i++) {
		buf_text(out, i ? "," : "");
		put_task(out, &p.tasks[i]);
	}
	buf_text(out, "]}");
	playbook_free(&p);
}

/* "phishing" of "phishing.txt"; false for other files. */
static bool family_of(const char *file, char to[64])
{
	const char *dot = strrchr(file, '.');

	if (dot == NULL || strcmp(dot, ".txt") || dot == file || dot - file >= 60)
		return false;
	snprintf(to, 64, "%.*s", (int)(dot - file), file);
	return true;
}

static bool is_own(const char *family)
{
	char path[4096];

	return incident_conf.playbooks && (size_t)snprintf(path, sizeof path, "%s/%s.txt",
		incident_conf.playbooks, family) < sizeof path && access(path, F_OK) == 0;
}

static bool ours(const char *family)
{
	char name[64];

	for (unsigned i = 0; playbook_name(i, name); i++)
		if (strcmp(name, family) == 0)
			return true;
	return false;
}

void house_put_playbooks(struct buf *out)
{
	DIR *d = incident_conf.playbooks ? opendir(incident_conf.playbooks) : NULL;
	struct dirent *e;
	char name[64];

	buf_text(out, HEAD);
	for (unsigned i = 0; playbook_name(i, name); i++)
		put_playbook(out, name, is_own(name));
	while (d && (e = readdir(d)))
		if (family_of(e->d_name, name) && !ours(name))
			put_playbook(out, name, true);
	buf_text(out, "]}\n");
	if (d)
		closedir(d);
}
