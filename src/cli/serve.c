/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.c - `vedette serve`: the API and the page, and the one writer behind them.
 *
 * Here: its options, the store that is there or is made, the first admin. Its processes are
 * serve_run.c, its socket and certificate serve_listen.c, that it is the only one of its store
 * serve_claim.c. */
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/house.h"
#include "cli/serve.h"
#include "cli/stored.h"
#include "link/board.h"
#include "respond/user.h"
#include "web/web.h"
#include <unistd.h>

#define AT(f) offsetof(struct serve_conf, f)
static const struct opt rows[] = {
	{ .name = "listen", .type = OPT_TEXT, .at = AT(listen), .def = "127.0.0.1:8053",
	  .arg = "ADDRESS:PORT",
	  .help = N_("where to listen; without --certificate on the "
	  "loopback only") },
	{ .name = "certificate", .type = OPT_TEXT, .at = AT(certificate), .arg = "FILE",
	  .help = N_("TLS certificates, PEM, the server's first; read again at SIGHUP") },
	{ .name = "certificate-key", .type = OPT_TEXT, .at = AT(tls_key), .arg = "FILE",
	  .help = N_("the secret key of the certificate, PEM") },
	{ .name = "connections-each", .type = OPT_COUNT, .at = AT(each), .def = "200",
	  .max = WEB_CONNECTIONS, .arg = "N",
	  .help = N_("connections of one address (of IPv6: of 64 bits) at a time; 0: any "
	  "number. Not counted where the server listens on a loopback address (behind a "
	  "proxy all have that), nor of --serve-proxy") },
	{ .name = "proxy", .type = OPT_TEXT, .list = true, .at = AT(proxy), .arg = "ADDRESSES",
	  .help = N_("reverse proxies that are believed when they say who asks "
	  "(X-Forwarded-For) and that it is over TLS (X-Forwarded-Proto): addresses or networks, "
	  "127.0.0.1,192.0.2.0/24. Nobody else is believed") },
	{ .name = "log-key", .type = OPT_TEXT, .at = AT(key), .arg = "FILE",
	  .help = N_("signs the log with this key (`vedette log key` makes one)") },
	{ .name = "producer", .type = OPT_TEXT, .at = AT(producer), .arg = "NAME",
	  .help = N_("who speaks over TAXII: your organisation") },
	{ .name = "upload-size", .type = OPT_SIZE, .at = AT(upload_size), .def = "4G",
	  .min = 1u << 20, .max = 1ull << 44, .arg = "SIZE",
	  .help = N_("the largest file that is taken") },
	{ .name = "upload-quota", .type = OPT_SIZE, .at = AT(upload_quota), .def = "20G",
	  .min = 1u << 20, .max = 1ull << 46, .arg = "SIZE",
	  .help = N_("what all uploads together may take on the disk, beside the store") },
	{ .name = "jobs", .type = OPT_COUNT, .at = AT(jobs), .def = "1", .min = 1,
	  .max = BOARD_SLOTS, .arg = "N", .help = N_("uploads that are worked on at a time") },
	{ .name = "jobs-each", .type = OPT_COUNT, .at = AT(jobs_each), .def = "10", .min = 1,
	  .max = 10000, .arg = "N",
	  .help = N_("uploads of one person that may wait or be worked on") },
	{ .name = "job-memory", .type = OPT_SIZE, .at = AT(job_memory), .min = 32u << 20,
	  .max = 1ull << 44, .arg = "SIZE",
	  .help = N_("--memory of the work on one upload, when it is not what the file says") },
	{ .name = "job-time", .type = OPT_SPAN, .at = AT(job_time), .def = "1h",
	  .min = 1000000000ull, .max = 30ull * 86400 * 1000000000, .arg = "TIME",
	  .help = N_("what the work on one upload may take; then it is ended") },
	{ .name = NULL }
};
#undef AT
static struct serve_conf conf;
static struct stored_conf stored;
static struct web_proxies proxies;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 2);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "serve", N_("Server"), rows, &conf };
	return 2 + house_groups(out + 2, max - 2);
}

/* ---- beginning ---- */

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
		say_error("%s", desk_error(d));
	return any < 0 ? STATUS_TROUBLE : STATUS_FINE;
}

/* The store is there, or is made. */
static int make_store(void)
{
	struct desk *d = NULL;
	int status = serve_desk(&d, stored.db, NULL);

	if (status == STATUS_FINE)
		printf(_("%s did not exist and was made. It is empty: upload a capture "
		       "on the page, or\n"
		       "run 'vedette observe --db %s "
		       "FILE.pcap'.\n\n"), stored.db, stored.db);
	desk_close(d);
	return status;
}

/* The store is there, ours alone (*claim), and has an admin. Its path from the root in *path:
 * the web process has another folder. One that is there is claimed before anything looks into
 * it: a newer program would bring it up beneath the other's hands. */
static int prepare_store(char **path, int *claim)
{
	struct desk *d = NULL;
	int status = access(stored.db, F_OK) ? make_store() : STATUS_FINE;

	if (status == STATUS_FINE)
		status = serve_claim(stored.db, claim);
	if (status == STATUS_FINE)
		status = serve_desk(&d, stored.db, NULL);
	if (status == STATUS_FINE)
		status = first_admin(d);
	desk_close(d);
	if (status == STATUS_FINE && (*path = realpath(stored.db, NULL)) == NULL)
		status = STATUS_TROUBLE;
	return status;
}

static int serve(const struct opts *o)
{
	const struct cli_general *general = opts_conf(o, cli_general_rows);
	char *db = NULL, *config = general->config ? realpath(general->config, NULL) : NULL;
	char *key = conf.key ? realpath(conf.key, NULL) : NULL;
	struct house_open house = { 0 };
	struct serve_setup s = { .conf = &conf, .opts = o, .house = &house,
		.proxies = &proxies };
	unsigned port;
	int claim = -1, status = serve_listen_at(conf.listen, conf.certificate, &s.listening,
						 &port);

	if (status == STATUS_FINE)
		status = house_open(&house, o);
	if (status == STATUS_FINE)	/* the password is shown when there is a server */
		status = prepare_store(&db, &claim);
	if (status == STATUS_FINE) {
		serve_signals();
		printf(_("Vedette listens at %s://%.*s:%u/%s\nControl-C ends it.\n"),
		       conf.certificate ? "https" : "http",
		       (int)(strrchr(conf.listen, ':') - conf.listen), conf.listen, port,
		       conf.certificate ? "" : _(" (this machine only: there is no "
		       	"certificate)"));
		fflush(stdout);
		s.db = db;
		s.config = config;
		s.key = key ? key : conf.key;
		status = serve_run(&s);
		close(s.listening);
	}
	if (claim >= 0)
		close(claim);
	house_close(&house);
	free(db);
	free(config);
	free(key);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct serve_pem pem = { 0 };
	int status = STATUS_FINE;

	(void)argc;
	(void)argv;
	if (stored.db == NULL) {
		say_error("which store? Write --db FILE; it is made when it does not "
			  "exist");
		return STATUS_USAGE;
	}
	if (!conf.certificate != !conf.tls_key) {
		say_error("--serve-certificate and --serve-certificate-key go together");
		return STATUS_USAGE;
	}
	if (conf.proxy && web_proxies_read(&proxies, conf.proxy)) {
		say_error("--serve-proxy: '%s' are no addresses; write 127.0.0.1 or "
			  "192.0.2.0/24,2001:db8::/32", conf.proxy);
		return STATUS_USAGE;
	}
	if (conf.certificate)	/* is it good? The web process gets what is there then */
		status = serve_pem_read(&pem, conf.certificate, conf.tls_key,
					serve_clock() / 1000000000u);
	serve_pem_free(&pem);
	return status == STATUS_FINE ? serve(o) : status;
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
