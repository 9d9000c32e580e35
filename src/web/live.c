/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live.c - what happens at the desk, to everybody who listens, as server-sent events.
 *
 *   store <--looks, LIVE_LOOK_MS-- watcher thread --> ring of lines --> listeners
 *
 *   id: 4711
 *   event: desk | findings | job
 *   data: {"number":4711,"kind":"incident.state","about":"incident:12"}
 *
 * A line says that something happened and to what, nothing of its content: who listens asks
 * for that through their gate. Each line has the marking of what it is about, and goes to
 * those who may know it. A listener that is too slow for the ring loses lines and gets
 * "event: lost", upon which a page looks anew. While there is nothing to say connections
 * are suspended and cost no processor; every LIVE_BEAT_S they get a comment, so that they
 * and what stands between stay open.
 *
 * Lines are told after it was looked up again whose sessions and tokens are still good, when
 * the store has changed since; that, and what ends by the clock, is also done every
 * LIVE_CHECK_MS, as are connections that their peer has closed: nobody else looks at one that
 * is suspended. Who is signed out, locked, or has another role or clearance hears no more. */
#include "web/own.h"
#include "link/board.h"
#include <poll.h>
#include <time.h>

#define LIVE_LOOK_MS 300
#define LIVE_BEAT_S 15
#define LIVE_CHECK_MS 3000
#define RING 512u
#define LINE_MAX_OCTETS 300u
#define STEP_MAX 200u		/* events taken in one look */

struct line {
	char text[LINE_MAX_OCTETS];
	struct marking marking;
};
struct listener {
	struct listener *next;
	struct live *live;
	struct MHD_Connection *connection;
	struct hearer *who;
	u64 at;			/* the line that comes next */
	int fd;
	bool suspended, gone;	/* its peer is */
};
/* Somebody who listens: one session or token. */
struct hearer {
	char key[sizeof ((struct request *)0)->token];
	struct caller as;	/* as they began */
	unsigned listeners;
	bool over;		/* and they hear no more */
};
struct live {
	struct web *web;
	pthread_t thread;
	pthread_mutex_t lock;
	struct line lines[RING];
	u64 made, end;		/* lines that there were; that may be told */
	u64 version;		/* of the store, when it was last looked at */
	u64 seen, findings;	/* the last event, the last revision of a finding */
	u64 changes[BOARD_SLOTS];	/* of the board, when it was last looked at */
	struct listener *listeners;
	struct hearer hearers[LIVE_MAX];	/* those without listeners are free */
	unsigned count;
	bool begun;		/* findings were looked at once */
	bool stop;
};

/* ---- the watcher ---- */

/* With the lock. */
static void add(struct live *l, struct marking m, const char *text)
{
	struct line *to = &l->lines[l->made % RING];

	snprintf(to->text, sizeof to->text, "%s", text);
	to->marking = m;
	l->made++;
}

struct looking { struct live *live; struct gate *gate; unsigned count; };

static int take_event(void *to, const struct event *e)
{
	struct looking *look = to;
	char text[LINE_MAX_OCTETS];
	struct marking m;

	if (gate_about(look->gate, e->about, &m) || look->count++ == STEP_MAX)
		return 1;
	snprintf(text, sizeof text, "id: %llu\nevent: desk\ndata: {\"number\":%llu,"
		 "\"kind\":\"%.60s\",\"about\":\"%.90s\"}\n\n", (unsigned long long)e->number,
		 (unsigned long long)e->number, e->kind, strpbrk(e->about, "\"\\\r\n")
		 ? "" : e->about);
	pthread_mutex_lock(&look->live->lock);
	add(look->live, m, text);
	pthread_mutex_unlock(&look->live->lock);
	look->live->seen = e->number;
	return 0;
}

struct fresh { bool at[LABEL_COUNT][PAP_COUNT]; };

static void mark_fresh(void *to, const struct sieve_row *r)
{
	struct fresh *f = to;

	f->at[r->marking.tlp][r->marking.pap] = true;
}

/* Something weaker came as well: who may know of this one knows by that. */
static bool is_covered(const struct fresh *f, unsigned tlp, unsigned pap)
{
	for (unsigned i = 0; i <= tlp; i++)
		for (unsigned j = 0; j <= pap; j++)
			if (f->at[i][j] && (i < tlp || j < pap))
				return true;
	return false;
}

/* New findings are told to those who may see one of them. */
static void look_findings(struct live *l, struct gate *g)
{
	struct sieve *v = l->web->sieve;
	const struct sieve_ask ask = { .revision = l->findings };
	struct fresh fresh = { 0 };

	if (sieve_refresh(v, l->web->watching))
		return;
	if (!l->begun) {	/* what was before is no news */
		l->findings = sieve_revision(v);
		l->begun = true;
	}
	if (sieve_revision(v) == l->findings || sieve_walk(v, g, &ask, mark_fresh, &fresh))
		return;
	pthread_mutex_lock(&l->lock);
	for (u8 i = 0; i < LABEL_COUNT; i++)
		for (u8 j = 0; j < PAP_COUNT; j++)
			if (fresh.at[i][j] && !is_covered(&fresh, i, j))
				add(l, (struct marking){ i, j },
				    "event: findings\ndata: {}\n\n");
	pthread_mutex_unlock(&l->lock);
	l->findings = sieve_revision(v);
}

/* How far jobs are; their states are events of the desk. */
static void look_jobs(struct live *l)
{
	const struct board *b = l->web->setup.board;

	for (unsigned i = 0; b && i < BOARD_SLOTS; i++) {
		const struct board_slot *s = &b->at[i];
		const u64 changes = atomic_load(&s->changes), number = atomic_load(&s->number);
		char text[LINE_MAX_OCTETS];

		if (changes == l->changes[i])
			continue;
		l->changes[i] = changes;
		if (number == 0)
			continue;
		snprintf(text, sizeof text, "event: job\ndata: {\"number\":%llu,\"done\":%llu,"
			 "\"all\":%llu,\"frames\":%llu,\"found\":%llu}\n\n",
			 (unsigned long long)number, (unsigned long long)atomic_load(&s->done),
			 (unsigned long long)atomic_load(&s->all),
			 (unsigned long long)atomic_load(&s->frames),
			 (unsigned long long)atomic_load(&s->found));
		pthread_mutex_lock(&l->lock);
		add(l, (struct marking){ atomic_load(&s->tlp), atomic_load(&s->pap) }, text);
		pthread_mutex_unlock(&l->lock);
	}
}

/* True when the store changed. */
static bool look(struct live *l)
{
	const struct audience all = { "live", MARKING_STRICTEST };
	struct looking looking = { .live = l };
	u64 version;

	if (store_version(l->web->watching, &version) || version == l->version)
		return false;
	l->version = version;
	if (gate_open(&looking.gate, NULL, l->web->watching, &all))
		return true;
	if (gate_events_after(looking.gate, l->seen, take_event, &looking) == 1)
		l->version = 0;	/* there are more: look again */
	look_findings(l, looking.gate);
	gate_close(looking.gate);
	return true;
}

/* ---- who listens ---- */

static bool is_good(const struct live *l, const struct hearer *s)
{
	const u64 now = l->web->setup.now();
	struct caller is;
	int rc = s->as.by_token ? user_of_token(l->web->watching, s->key, now, &is)
				: user_of_session(l->web->watching, s->key, now, &is);

	return rc == 1 && !auth_has_ended(l->web, &is) && is.role == s->as.role &&
	       is.clearance.tlp == s->as.clearance.tlp &&
	       is.clearance.pap == s->as.clearance.pap;
}

/* Looks all of them up again, without the lock: who listens goes on meanwhile. True when
 * somebody's listening is over. */
static bool check(struct live *l)
{
	struct hearer s;
	bool any = false, good;

	for (unsigned i = 0; i < LIVE_MAX; i++) {
		pthread_mutex_lock(&l->lock);
		s = l->hearers[i];
		pthread_mutex_unlock(&l->lock);
		if (s.listeners == 0 || s.over || (good = is_good(l, &s)))
			continue;
		pthread_mutex_lock(&l->lock);
		if (strcmp(l->hearers[i].key, s.key) == 0)
			l->hearers[i].over = any = true;
		pthread_mutex_unlock(&l->lock);
	}
	return any;
}

/* With the lock. True when somebody has closed the connection. */
static bool look_gone(struct live *l)
{
	struct pollfd fds[LIVE_MAX];
	unsigned n = 0;
	bool any = false;

	for (struct listener *p = l->listeners; p; p = p->next)
		fds[n++] = (struct pollfd){ .fd = p->fd, .events = POLLRDHUP };
	if (poll(fds, n, 0) <= 0)
		return false;
	n = 0;
	for (struct listener *p = l->listeners; p; p = p->next)
		any |= p->gone = fds[n++].revents != 0;
	return any;
}

/* With the lock: everybody who waits is asked again. */
static void wake(struct live *l)
{
	for (struct listener *p = l->listeners; p; p = p->next)
		if (p->suspended) {
			p->suspended = false;
			MHD_resume_connection(p->connection);
		}
}

static void *watch(void *arg)
{
	const struct timespec pause = { 0, LIVE_LOOK_MS * 1000000l };
	struct live *l = arg;
	bool stop = false, over, often;
	u64 beat = 0;

	for (; !stop; nanosleep(&pause, NULL)) {	/* findings are read at once */
		over = look(l);
		look_jobs(l);
		often = ++beat % (LIVE_CHECK_MS / LIVE_LOOK_MS) == 0;
		over = (over || often) && check(l);
		pthread_mutex_lock(&l->lock);
		over |= often && look_gone(l);
		if (beat % (LIVE_BEAT_S * 1000 / LIVE_LOOK_MS) == 0)
			add(l, (struct marking){ 0 }, ": here\n\n");
		if (l->made != l->end || over)
			wake(l);
		l->end = l->made;
		stop = l->stop;
		pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

int live_start(struct web *w)
{
	struct live *l = calloc(1, sizeof *l);
	const struct audience who = { "live", MARKING_STRICTEST };
	struct gate *g = NULL;

	if (l == NULL)
		return -ENOMEM;
	l->web = w;
	pthread_mutex_init(&l->lock, NULL);
	if (gate_open(&g, NULL, w->watching, &who) == 0) {	/* what was before is no news */
		gate_last_event(g, &l->seen);
	}
	gate_close(g);
	w->live = l;
	sieve_watch(w->sieve);
	return -pthread_create(&l->thread, NULL, watch, l);
}

void live_stop(struct web *w)
{
	struct live *l = w->live;

	pthread_mutex_lock(&l->lock);
	l->stop = true;
	wake(l);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
	pthread_mutex_lock(&l->lock);
	wake(l);
	pthread_mutex_unlock(&l->lock);
}

/* ---- a listener ---- */

/* The next line that may be given, or NULL. With the lock. */
static const char *next_line(struct listener *p)
{
	struct live *l = p->live;

	if (l->made > RING && p->at < l->made - RING) {
		p->at = l->made - RING;	/* a look makes fewer than RING: what it made is told */
		return "event: lost\ndata: {}\n\n";
	}
	while (p->at < l->end) {
		const struct line *is = &l->lines[p->at++ % RING];

		if (marking_allows(is->marking, p->who->as.clearance))
			return is->text;
	}
	return NULL;
}

static ssize_t feed(void *cls, uint64_t pos, char *to, size_t max)
{
	struct listener *p = cls;
	const char *text;
	ssize_t n = 0;

	(void)pos;
	pthread_mutex_lock(&p->live->lock);
	if (p->live->stop || p->gone || p->who->over)
		n = MHD_CONTENT_READER_END_OF_STREAM;
	else if ((text = next_line(p)))
		n = (ssize_t)strlen(text);
	if (n > 0 && (size_t)n <= max)
		memcpy(to, text, (size_t)n);
	if (n == 0) {
		p->suspended = true;
		MHD_suspend_connection(p->connection);
	}
	pthread_mutex_unlock(&p->live->lock);
	return n;
}

static void leave(void *cls)
{
	struct listener *p = cls;
	struct live *l = p->live;

	pthread_mutex_lock(&l->lock);
	for (struct listener **at = &l->listeners; *at; at = &(*at)->next)
		if (*at == p) {
			*at = p->next;
			p->who->listeners--;
			l->count--;
			break;
		}
	pthread_mutex_unlock(&l->lock);
	free(p);
}

/* With the lock: whom it belongs to, and how many listeners the user has. NULL: no room. */
static struct hearer *find(struct live *l, const struct request *q, unsigned *user)
{
	struct hearer *is = NULL, *room = NULL;

	*user = 0;
	for (unsigned i = 0; i < LIVE_MAX; i++) {
		struct hearer *s = &l->hearers[i];

		if (s->listeners == 0) {
			room = room ? room : s;
			continue;
		}
		if (strcmp(s->as.login, q->who.login) == 0)
			*user += s->listeners;
		if (!s->over && strcmp(s->key, q->session) == 0)
			is = s;
	}
	if (is == NULL && room) {
		*room = (struct hearer){ .as = q->who };
		snprintf(room->key, sizeof room->key, "%s", q->session);
	}
	return is ? is : room;
}

/* With the lock. */
static int admit(struct live *l, struct request *q, struct listener *p)
{
	unsigned user;

	p->who = find(l, q, &user);
	if (p->who && (p->who->listeners >= LIVE_KEY_MAX || user >= LIVE_USER_MAX))
		return request_fault(q, -EDQUOT, "you listen in %u places already; close one",
				     user);
	if (p->who == NULL || l->count >= LIVE_MAX)
		return request_fault(q, -EAGAIN, "there are too many listeners");
	p->at = l->end;
	p->next = l->listeners;
	l->listeners = p;
	l->count++;
	p->who->listeners++;
	return 0;
}

int live_listen(struct request *q)
{
	struct live *l = q->web->live;
	struct listener *p = calloc(1, sizeof *p);
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(q->connection,
		MHD_CONNECTION_INFO_CONNECTION_FD);
	int rc;

	if (p == NULL)
		return -ENOMEM;
	*p = (struct listener){ .live = l, .connection = q->connection,
		.fd = i ? i->connect_fd : -1 };
	pthread_mutex_lock(&l->lock);
	rc = admit(l, q, p);
	pthread_mutex_unlock(&l->lock);
	if (rc) {
		free(p);
		return rc;
	}
	q->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, feed, p, leave);
	if (q->response == NULL)
		leave(p);
	return q->response ? 0 : -ENOMEM;
}
