/* SPDX-License-Identifier: GPL-3.0-or-later */
/* playbook.c - see playbook.h. */
#include "respond/playbook.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "base/octets.h"
#include <fcntl.h>
#include <unistd.h>

extern const struct embedded playbooks_embedded[];

/* ---- the text ---- */

static int from_program(const char *family, struct buf *out)
{
	char path[80];

	snprintf(path, sizeof path, "%.60s.txt", family);
	for (const struct embedded *e = playbooks_embedded; e->path; e++)
		if (strcmp(e->path, path) == 0) {
			buf_text(out, e->text);
			return buf_error(out);
		}
	return OOPS_UNKNOWN;
}

bool playbook_name(unsigned n, char to[64])
{
	for (const struct embedded *e = playbooks_embedded; e->path; e++) {
		if (n--)
			continue;
		snprintf(to, 64, "%.*s", (int)strcspn(e->path, "."), e->path);
		return true;
	}
	return false;
}

static int from_folder(const char *folder, const char *family, struct buf *out)
{
	char path[4096];
	int fd, rc;

	if (snprintf(path, sizeof path, "%s/%s.txt", folder, family) >= (int)sizeof path)
		return OOPS_LIMIT;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? OOPS_UNKNOWN : -errno;
	rc = octets_read(out, fd, PLAYBOOK_OCTETS_MAX);
	close(fd);
	return rc;
}

/* A family's name is a file's name: nothing but letters, digits and hyphens. */
static bool plain_word(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= 60 && word[n] == 0;
}

/* ---- reading ---- */

/* One line "key: value" (ended in place): 0, or OOPS_FORMAT. */
static int line(struct playbook *p, char *text)
{
	char *key = text + strspn(text, " \t"), *value = strchr(key, ':');
	struct task *t = p->count ? &p->tasks[p->count - 1] : NULL;

	if (*key == 0 || *key == '#')
		return 0;
	if (value == NULL)
		return OOPS_FORMAT;
	*value++ = 0;
	value += strspn(value, " \t");
	if (*value == 0 || strlen(value) > CASE_LINE_MAX)
		return OOPS_FORMAT;
	if (strcmp(key, "title") == 0) {
		p->title = value;
	} else if (strcmp(key, "task") == 0) {
		if (p->count == PLAYBOOK_TASKS_MAX)
			return OOPS_LIMIT;
		p->tasks[p->count++] = (struct task){ .title = value, .actor = "", .ask = "",
			.needs = "" };
	} else if (t && strcmp(key, "who") == 0) {
		t->actor = value;
	} else if (t && strcmp(key, "ask") == 0) {
		t->ask = value;
	} else if (t && strcmp(key, "needs") == 0) {
		t->needs = value;
	} else {
		return OOPS_FORMAT;
	}
	return 0;
}

static int parse(struct playbook *p, const char *family, char why[PLAYBOOK_WHY])
{
	unsigned number = 1;

	for (char *at = p->own, *end; *at; at = end, number++) {
		int rc;

		end = at + strcspn(at, "\n");
		if (*end)
			*end++ = 0;
		if ((rc = line(p, at))) {
			snprintf(why, PLAYBOOK_WHY, N_("playbook %.60s, line %u: %s"),
				family, number,
				 rc == OOPS_LIMIT ? N_("too many "
				 	"tasks") : N_("write title, task, who, "
				 "ask or needs, a colon and a text"));
			return rc;
		}
	}
	if (p->count)
		return 0;
	snprintf(why, PLAYBOOK_WHY, N_("playbook %.60s has no task"), family);
	return OOPS_FORMAT;
}

int playbook_read(struct playbook *ret, const char *folder, const char *family,
		  char why[PLAYBOOK_WHY])
{
	struct playbook p = { .title = family };
	struct buf text = { .limit = PLAYBOOK_OCTETS_MAX };
	int rc = OOPS_UNKNOWN;

	snprintf(why, PLAYBOOK_WHY, N_("there is no playbook '%.60s'"), family);
	if (!plain_word(family))
		return OOPS_UNKNOWN;
	if (folder)
		rc = from_folder(folder, family, &text);
	if (rc == OOPS_UNKNOWN)
		rc = from_program(family, &text);
	if (rc == 0 && (p.own = strdup(buf_str(&text))) == NULL)
		rc = -ENOMEM;
	buf_free(&text);
	if (rc) {
		if (rc != OOPS_UNKNOWN)
			snprintf(why, PLAYBOOK_WHY, "playbook %.60s: %s", family, oops_text(rc));
		return rc;
	}
	if ((rc = parse(&p, family, why)))
		playbook_free(&p);
	else
		*ret = p;
	return rc;
}

void playbook_free(struct playbook *p)
{
	free(p->own);
	*p = (struct playbook){ 0 };
}

int playbook_apply(struct desk *d, u64 number, const char *folder)
{
	struct incident *i = NULL;
	struct playbook p = { 0 };
	char why[PLAYBOOK_WHY];
	u64 count = 0;
	int rc = case_find(d, number, &i);

	if (rc == 0)
		rc = task_count(d, number, &count);
	if (rc == 0 && count == 0) {
		rc = playbook_read(&p, folder, i->family, why);
		if (rc == 0)
			rc = task_add(d, number, p.tasks, p.count);
		else if (rc == OOPS_UNKNOWN)
			rc = 0;
		else
			desk_fault(d, rc, "%s", why);
	}
	playbook_free(&p);
	free(i);
	return rc;
}
