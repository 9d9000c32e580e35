/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.c - `vedette serve`: the API and the page, and the one writer behind them.
 *
 *   this process            store for writing; answers the web process' questions
 *   web process (job.h)     the listening socket, the store for reading, walls
 *   sender (sender.h)       what was approved leaves from there
 *
 * The web process is started before the signing key is read, and again when it dies. */
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/sender.h"
#include "cli/serve.h"
#include "cli/stored.h"
#include "link/codec.h"
#include "respond/writer.h"
#include "run/catalogue.h"
#include "run/job.h"
#include "web/web.h"
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define RESTARTS 20u	/* of a web process that dies; then something is really wrong */

struct conf {
	const char *listen, *certificate, *tls_key, *key, *producer;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "listen", .type = OPT_TEXT, .at = AT(listen), .def = "127.0.0.1:8053",
	  .arg = "ADDRESS:PORT",
	  .help = N_("where to listen; without --certificate on the "
	  "loopback only") },
	{ .name = "certificate", .type = OPT_TEXT, .at = AT(certificate), .arg = "FILE",
	  .help = N_("TLS certificates, PEM, the server's first") },
	{ .name = "certificate-key", .type = OPT_TEXT, .at = AT(tls_key), .arg = "FILE",
	  .help = N_("the secret key of the certificate, PEM") },
	{ .name = "log-key", .type = OPT_TEXT, .at = AT(key), .arg = "FILE",
	  .help = N_("signs the log with this key (`vedette log key` makes one)") },
	{ .name = "producer", .type = OPT_TEXT, .at = AT(producer), .arg = "NAME",
	  .help = N_("who speaks over TAXII: your organisation") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct stored_conf stored;
static volatile sig_atomic_t stopping;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 2);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "serve", N_("Server"), rows, &conf };
	return 2 + house_groups(out + 2, max - 2);
}

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

static u64 wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static u64 desk_clock(void *world)
{
	(void)world;
	return wall_clock();
}

/* ---- the web process ---- */

struct child {
	struct web_setup setup;
	struct web *web;
	struct house_open house;
	struct sender sender;
	char why[WEB_WHY];
};

static int child_prepare(void *arg)
{
	struct child *c = arg;

	return web_open(&c->web, &c->setup, c->why);
}

static int child_run(int socket, struct job_note *note, void *arg)
{
	struct child *c = arg;

	(void)note;
	return web_serve(c->web, socket) ? 1 : 0;
}

static int start(struct job *j, struct child *c)
{
	const int keep[] = { c->setup.listening };
	const struct job_setup setup = { .name = "web", .keep = keep, .keep_count = 1,
		.serves = WEB_CONNECTIONS + 100, .prepare = child_prepare, .run = child_run,
		.arg = c };

	return job_start(j, &setup);
}

/* ---- the writer ---- */

static int answer(struct writer *w, int socket, const u8 *question, size_t n)
{
	json_t *a = writer_answer(w, (const char *)question, n);
	char *text = a ? json_dumps(a, JSON_COMPACT) : NULL;
	int rc = text ? codec_write(socket, CODEC_ANSWER, text, strlen(text)) : -ENOMEM;

	free(text);
	json_decref(a);
	return rc;
}

/* Answers until the child is gone or we are told to stop. */
static int answer_all(struct writer *w, int socket)
{
	struct pollfd p = { .fd = socket, .events = POLLIN };
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *body;
	size_t n;
	int rc = 0;

	while (!stopping && rc == 0) {
		if (poll(&p, 1, 500) <= 0)
			continue;
		rc = codec_fill(&c, socket);
		if (rc <= 0) {
			rc = rc == -EINTR ? 0 : rc ? rc : -EPIPE;
			continue;
		}
		while ((rc = codec_next(&c, &kind, &body, &n)) == 1)
			if (kind != CODEC_ASK || answer(w, socket, body, n))
				break;
		rc = rc < 0 ? rc : 0;
	}
	codec_free(&c);
	return rc;
}

/* ---- beginning ---- */

static int open_desk(struct desk **ret, const char *key)
{
	const struct desk_setup setup = { .path = stored.db, .author = "vedette",
		.now = desk_clock, .key = key };
	char why[DESK_WHY];

	if (desk_open(ret, &setup, why) == 0)
		return STATUS_FINE;
	say_error("serve: %s", why);
	return STATUS_INPUT;
}

/* The first admin, with a password that is shown once. */
static int first_admin(struct desk *d)
{
	const struct user admin = { .login = "admin", .name = "Admin", .role = ROLE_ADMIN,
		.email = "", .language = "en", .timezone = "", .tlp = LABEL_RED,
		.pap = PAP_RED };
	char made[USER_SECRET_TEXT];
	int any = user_any(desk_store(d));

	if (any == 0 && (any = user_add(d, &admin, NULL, made)) == 0)
		printf(_("First start: sign in as 'admin' with this password, which is "
		       "shown once\n"
		       "and counts until you have set your own:\n\n"
		       "    %s\n\n"), made);
	if (any < 0)
		say_error("serve: %s", desk_error(d));
	return any < 0 ? STATUS_TROUBLE : STATUS_FINE;
}

static int run_all(struct child *c)
{
	struct desk *d = NULL;
	struct job j = { .socket = -1 };
	int status = STATUS_FINE, rc;

	for (unsigned starts = 0; !stopping && status == STATUS_FINE; starts++) {
		struct writer w = { 0 };

		rc = start(&j, c);
		if (rc || starts > RESTARTS) {
			say_error("serve: the web process cannot be started: %s",
				  rc ? oops_text(rc) : "it died too often");
			return STATUS_TROUBLE;
		}
		if ((status = open_desk(&d, conf.key)) == STATUS_FINE) {
			w.desk = d;
			house_settle(&c->house, d);
			answer_all(&w, j.socket);
		}
		rc = job_end(&j);
		d = desk_close(d);	/* the last one: nothing of SQLite's stays beside it */
		job_free(&j);
		if (!stopping && status == STATUS_FINE)
			say_error("serve: the web process ended (%d) and is started again", rc);
	}
	return status;
}

/* The store is there, or is made; with a first admin. Its path from the root in *path: the
 * web process has another folder. */
static int prepare_store(char **path)
{
	bool is_new = access(stored.db, F_OK) != 0;
	struct desk *d = NULL;
	int status = open_desk(&d, NULL);

	if (status == STATUS_FINE && is_new)
		printf(_("%s did not exist and was made. It is empty: upload a capture "
		       "on the page, or\n"
		       "run 'vedette observe --db %s "
		       "FILE.pcap'.\n\n"), stored.db, stored.db);
	if (status == STATUS_FINE)
		status = first_admin(d);
	desk_close(d);
	if (status == STATUS_FINE && (*path = realpath(stored.db, NULL)) == NULL)
		status = STATUS_TROUBLE;
	return status;
}

static int serve(const struct serve_pem *pem, const struct opts *o)
{
	struct sigaction end = { .sa_handler = stop };
	struct child c = { .setup = { .version = VEDETTE_VERSION, .now = wall_clock,
		.catalogue = catalogue_all(NULL) } };
	char *path = NULL;
	unsigned port;
	int status = serve_listen_at(conf.listen, conf.certificate, &c.setup.listening, &port);

	if (status == STATUS_FINE)
		status = house_open(&c.house, o);
	if (status == STATUS_FINE)	/* the password is shown when there is a server */
		status = prepare_store(&path);
	if (status != STATUS_FINE) {
		house_close(&c.house);
		return status;
	}
	c.sender = (struct sender){ .db = path, .key = conf.key, .house = &c.house };
	c.setup.db = path;
	c.setup.options = buf_str(&c.house.options);
	c.setup.playbooks = buf_str(&c.house.playbooks);
	c.setup.clocks = c.house.clocks;
	c.setup.producer = conf.producer;
	c.setup.certificate = conf.certificate ? buf_str(&pem->certificate) : NULL;
	c.setup.key = conf.certificate ? buf_str(&pem->key) : NULL;
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	signal(SIGPIPE, SIG_IGN);
	printf(_("Vedette listens at %s://%.*s:%u/%s\nControl-C ends it.\n"),
	       conf.certificate ? "https" : "http",
	       (int)(strrchr(conf.listen, ':') - conf.listen), conf.listen, port,
	       conf.certificate ? "" : _(" (this machine only: there is no "
	       	"certificate)"));
	fflush(stdout);
	status = sender_start(&c.sender);
	if (status == STATUS_FINE)
		status = run_all(&c);
	sender_end(&c.sender);
	house_close(&c.house);
	close(c.setup.listening);
	free(path);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct serve_pem pem = { 0 };
	int status = STATUS_FINE;

	(void)argc;
	(void)argv;
	if (stored.db == NULL) {
		say_error("serve: which store? Write --db FILE; it is made when it does not "
			  "exist");
		return STATUS_USAGE;
	}
	if (!conf.certificate != !conf.tls_key) {
		say_error("serve: --serve-certificate and --serve-certificate-key go together");
		return STATUS_USAGE;
	}
	if (conf.certificate)
		status = serve_pem_read(&pem, conf.certificate, conf.tls_key,
					wall_clock() / 1000000000u);
	if (status == STATUS_FINE)
		status = serve(&pem, o);
	serve_pem_free(&pem);
	return status;
}

const struct command command_serve = {
	.name = "serve",
	.summary = N_("serve the API and the page"),
	.story =
		N_("Serves the store over HTTP: the API under /api/v1 (its description "
		"is at /api/v1/openapi.json). Without a certificate it listens on the "
		"loopback only. The first start makes a user 'admin' with a password "
		"that is shown once.\n\n"
		"  vedette serve --db a.db\n\n"
		"What is changed through it is in the log (`vedette log`), with its "
		"author. The process that talks to the network can open no file and no "
		"connection; it asks this one for changes."),
	.start = "vedette serve --db vedette.db",
	.groups = groups,
	.run = run,
};
