/* `lockstep serve`: answers for the book over HTTP until it is told to stop. */
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cli/output.h"
#include "io/file.h"
#include "serve/letter.h"
#include "serve/server.h"

enum { PEM_MAX = 1 << 20, FROM_OUTSIDE = 256, STREAMS = 100 };

/* ---- the clock ---- */

/* LOCKSTEP_NOW is where the clock begins: promises would never come due if it stood. */
struct running_clock {
	clockid_t id;
	int64_t ahead_ms;
};

static int64_t clock_now_ms(void *context)
{
	const struct running_clock *clock = context;
	struct timespec now;

	clock_gettime(clock->id, &now);
	return clock->ahead_ms + (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct running_clock clock_from(const struct invocation *in)
{
	struct running_clock clock = { .id = in->now_stands ? CLOCK_MONOTONIC : CLOCK_REALTIME };

	if (in->now_stands)
		clock.ahead_ms = in->now_ms - clock_now_ms(&clock);
	return clock;
}

/* ---- the log ---- */

static void print_line(void *context, const char *line)
{
	(void)context;
	fprintf(stderr, "%s\n", line);
}

/* ---- who started us ---- */

/* systemd's Type=notify: a line to the socket it names. */
static void notify(const char *line)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;
	int fd;

	if (!len || len >= sizeof(un.sun_path))
		return;
	memcpy(un.sun_path, path, len);
	if (un.sun_path[0] == '@')
		un.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, line, strlen(line), MSG_NOSIGNAL, (const struct sockaddr *)&un,
	       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

/* The signals that end us are taken by sigwait, so that nothing is interrupted; a broken connection is no reason to end. */
static void hold_signals(sigset_t *ends)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(ends);
	sigaddset(ends, SIGINT);
	sigaddset(ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, ends, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static enum exit_code serve(struct invocation *in, const struct server_options *options)
{
	struct err err = ERR_INIT;
	struct server *server;
	sigset_t ends;
	int which;

	hold_signals(&ends);
	if (server_open(&server, in->book_path, options, &err))
		return command_fail(in, &err);
	say(in, "serving %s at %s%s", in->book_path,
	    *options->listen.path ? ""
	    : options->way_in.tls ? "https://"
				  : "http://",
	    server_address(server));
	notify("READY=1");
	sigwait(&ends, &which);
	notify("STOPPING=1");
	say(in, "stopping");
	server_close(server);
	return EXIT_DONE;
}

/* The first line of the file: a secret has no place among a command's arguments, which everybody sees. NULL after saying what is wrong. */
static const char *read_secret(struct invocation *in, const char *path)
{
	struct err err = ERR_INIT;
	struct str bytes;

	if (file_read(&bytes, path, 4096, &in->arena, &err)) {
		command_fail(in, &err);
		return NULL;
	}
	return arena_cstr(&in->arena, str_trim(str_cut(&bytes, '\n')));
}

static enum exit_code read_ways_out(struct invocation *in, struct ways_out *out)
{
	const char *file = option_text(in, "mail-password-file");
	int64_t seconds = option_number(in, "retry-seconds", 5);

	out->server = option_text(in, "mail-server");
	out->from = option_text(in, "mail-from");
	out->user = option_text(in, "mail-user");
	out->ca = option_text(in, "mail-ca-file");
	out->allow_internal = option_text(in, "allow-internal");
	if (seconds < 1 || seconds > 3600)
		return command_usage(in, "--retry-seconds is a number from 1 to 3600");
	out->retry_ms = seconds * 1000;
	if (out->server && strncmp(out->server, "smtp://", 7) != 0 && strncmp(out->server, "smtps://", 8) != 0)
		return command_usage(in, "--mail-server is smtp://HOST:PORT or smtps://HOST:PORT");
	if (out->server && !letter_from_fits(str_of(out->from)))
		return command_usage(in, "--mail-from says who writes: \"Lockstep <lockstep@example.com>\"");
	if (file && !(out->password = read_secret(in, file)))
		return EXIT_ERROR;
	return EXIT_DONE;
}

/* ---- how it is reached ---- */

static enum exit_code read_tls(struct invocation *in, struct server_options *options)
{
	const char *certificate = option_text(in, "tls-cert"), *key = option_text(in, "tls-key");
	struct err err = ERR_INIT;
	struct str text;

	if (!certificate != !key)
		return command_usage(in, "--tls-cert and --tls-key go together");
	if (!certificate)
		return EXIT_DONE;
	if (file_read(&text, certificate, PEM_MAX, &in->arena, &err))
		return command_fail(in, &err);
	options->tls.certificate = arena_cstr(&in->arena, text);
	if (file_read(&text, key, PEM_MAX, &in->arena, &err))
		return command_fail(in, &err);
	options->tls.key = arena_cstr(&in->arena, text);
	options->way_in.tls = true;
	return EXIT_DONE;
}

static enum exit_code read_reach(struct invocation *in, struct server_options *options)
{
	struct way_in *way = &options->way_in;
	struct err err = ERR_INIT;
	enum exit_code code = read_tls(in, options);
	int64_t connections, streams;

	if (code)
		return code;
	if (address_parse(option_text(in, "listen"), &options->listen, &err))
		return command_usage(in, "--listen: %s", err.text);
	way->url = option_text(in, "public-url");
	if (way->url && way_in_url_check(way->url, &err))
		return command_usage(in, "--public-url: %s", err.text);
	if (way_in_proxies_parse(way, str_of(option_text(in, "trust-proxy")), &err))
		return command_usage(in, "--trust-proxy: %s", err.text);
	if (!options->listen.local && !way->tls && !option_flag(in, "insecure-plain-http"))
		return command_usage(
			in,
			"--listen %s can be reached from outside, where plain HTTP is read by anyone between: give --tls-cert and "
			"--tls-key, or --insecure-plain-http where that network is yours alone",
			option_text(in, "listen"));
	connections = option_number(in, "connections-per-address", options->listen.local ? 0 : FROM_OUTSIDE);
	if (connections < 0 || connections > options->limits.connections)
		return command_usage(in, "--connections-per-address is a number from 0 (as many as there are) to %u",
				     options->limits.connections);
	options->limits.per_address = (unsigned)connections;
	streams = option_number(in, "streams-per-account", STREAMS);
	if (streams < 1 || streams > options->limits.connections)
		return command_usage(in, "--streams-per-account is a number from 1 to %u", options->limits.connections);
	options->streams_per_account = (unsigned)streams;
	return EXIT_DONE;
}

static enum exit_code read_oidc(struct invocation *in, struct server_options *options)
{
	struct oidc_options *oidc = &options->oidc;
	const char *file = option_text(in, "oidc-secret-file");

	oidc->issuer = option_text(in, "oidc-issuer");
	oidc->client = option_text(in, "oidc-client");
	oidc->name = option_text(in, "oidc-name");
	if (!oidc->issuer != !oidc->client)
		return command_usage(in, "--oidc-issuer and --oidc-client go together");
	if (oidc->issuer && !oidc_issuer_fits(oidc->issuer))
		return command_usage(in, "--oidc-issuer is https://…, as the provider calls itself");
	if (file && !(oidc->secret = read_secret(in, file)))
		return EXIT_ERROR;
	return EXIT_DONE;
}

static enum exit_code run(struct invocation *in)
{
	struct running_clock clock = clock_from(in);
	struct server_options options = { .limits = HTTP_LIMITS, .now_ms = clock_now_ms, .clock = &clock };
	enum exit_code code;
	int64_t seconds;

	code = read_reach(in, &options);
	if (!code)
		code = read_oidc(in, &options);
	if (code)
		return code;
	seconds = option_number(in, "request-seconds", 15);
	if (seconds < 1 || seconds > 3600)
		return command_usage(in, "--request-seconds is a number from 1 to 3600");
	options.limits.request_ms = seconds * 1000;
	if (option_flag(in, "log"))
		options.log = print_line;
	code = read_ways_out(in, &options.ways_out);
	if (code)
		return code;
	return serve(in, &options);
}

static const struct option_def options[] = {
	{ "listen", OPTION_TEXT, "ADDRESS", NULL, "127.0.0.1:8377",
	  "where: 127.0.0.1:8377, [::1]:8377, :8377 or unix:/path/of/socket" },
	{ "tls-cert", OPTION_FILE, "FILE", NULL, NULL, "certificate for TLS, as PEM, with those above it" },
	{ "tls-key", OPTION_FILE, "FILE", NULL, NULL, "its key, as PEM" },
	{ "insecure-plain-http", OPTION_FLAG, NULL, NULL, NULL,
	  "listen without TLS where others than this machine reach it" },
	{ "public-url", OPTION_TEXT, "URL", NULL, NULL, "where people reach it, through a web server before it" },
	{ "trust-proxy", OPTION_TEXT, "ADDRESS,…", NULL, NULL,
	  "web servers before it, whose X-Forwarded-For counts: 127.0.0.1, unix" },
	{ "connections-per-address", OPTION_NUMBER, "N", NULL, NULL,
	  "at most so many from one address; 256 where others than this machine reach it" },
	{ "streams-per-account", OPTION_NUMBER, "N", NULL, "100",
	  "an account listens to events in at most so many places (browser tabs, programs)" },
	{ "oidc-issuer", OPTION_TEXT, "URL", NULL, NULL,
	  "a provider by which people sign in (OpenID Connect), as it calls itself" },
	{ "oidc-client", OPTION_TEXT, "ID", NULL, NULL, "what it calls us" },
	{ "oidc-secret-file", OPTION_TEXT, "FILE", NULL, NULL, "our secret there: the file's first line" },
	{ "oidc-name", OPTION_TEXT, "NAME", NULL, "your company", "what the button calls it" },
	{ "request-seconds", OPTION_NUMBER, "N", NULL, "15", "who takes longer to send a request is cut off" },
	{ "log", OPTION_FLAG, NULL, NULL, NULL, "a line of JSON on standard error for each request" },
	{ "mail-server", OPTION_TEXT, "URL", NULL, NULL,
	  "who takes letters: smtp://HOST:587 (with STARTTLS) or smtps://HOST:465; without, no mail is sent" },
	{ "mail-from", OPTION_TEXT, "ADDRESS", NULL, NULL, "who writes: \"Lockstep <lockstep@example.com>\"" },
	{ "mail-user", OPTION_TEXT, "NAME", NULL, NULL, "as whom to sign in to the mail server" },
	{ "mail-password-file", OPTION_TEXT, "FILE", NULL, NULL, "with what: the file's first line" },
	{ "mail-ca-file", OPTION_TEXT, "FILE", NULL, NULL,
	  "certificates (PEM) to know the mail server by, instead of the system's" },
	{ "allow-internal", OPTION_TEXT, "HOST,…", NULL, NULL,
	  "hosts of the own network that outlets may name; all others lie outside" },
	{ "retry-seconds", OPTION_NUMBER, "N", NULL, "5",
	  "what does not go out is tried again after that time, then after three times as long, and so on" },
	{ .name = NULL },
};

const struct command command_serve = {
	.name = "serve",
	.arguments = "",
	.summary = "answer for the book over HTTP",
	.about =
		"Holds the book and answers at /api/, which /api/openapi.json describes, until it is told to stop (Ctrl-C, SIGTERM): "
		"then what is under way is answered first. Commands that write meanwhile borrow the book from it. What falls due meanwhile is recorded as "
		"lockstep clock would. lockstep account says who may sign in. Under systemd it says when it is ready "
		"(Type=notify).",
	.examples = "lockstep serve\n"
		    "curl http://127.0.0.1:8377/api/reports/weekly?format=text",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
