/* Load over HTTP from one thread, connections kept: each sends its next request when it has its answer. Beside it idle event streams, and
 * clients that send slowly in four ways. What is sent is put together beforehand, but for the digits that make each lead another person; answers
 * are read as far as counting and checking needs: what this takes of the processors, the server has not. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "base/err.h"

enum { REQUEST_MOST = 2048, ANSWER_MOST = 1 << 20, EVENTS = 256, PATHS_MOST = 4096 };
/* After so many leads all but who it is begins anew; digits of a number, and how often numbers stand in a request. */
enum { VARIANTS = 1600, DIGITS = 10, PLACES_MOST = 8, LINE_MOST = 1024 };

struct client {
	int fd;
	char request[REQUEST_MOST];
	size_t request_len, sent;
	char *answer;
	size_t answer_len;
	double began_s;
};

/* A request but for its digits, which stand where it says. */
struct form {
	char text[LINE_MOST];
	size_t len, count;
	struct {
		size_t at;
		bool firm; /* three people are of one */
	} places[PLACES_MOST];
};

struct load {
	struct sockaddr_in at;
	const char *token;
	int poll;
	struct client *clients;
	uint64_t asked, answered, refused;
	uint64_t told;      /* the digits of the next lead */
	struct form *forms; /* of leads, or of the paths of a file */
	size_t form_count;
	double until_s, *spans_ms;
	size_t span_count, span_capacity;
};

/* ---- requests ---- */

/* `P` stands for the digits of a person, `F` for those of a firm. */
static void find_places(struct form *form)
{
	static const char person[] = "PPPPPPPPPP", firm[] = "FFFFFFFFFF";

	for (size_t at = 0; at + DIGITS <= form->len; at++) {
		bool is_firm = !memcmp(form->text + at, firm, DIGITS);

		if (!is_firm && memcmp(form->text + at, person, DIGITS) != 0)
			continue;
		form->places[form->count].at = at;
		form->places[form->count++].firm = is_firm;
	}
}

static void make_lead(struct form *form, unsigned number, const struct bench_rows *rows, const char *token)
{
	static const char *const countries[] = { "Germany", "Austria", "Switzerland", "Germany" };
	static const char *const industries[] = { "software", "machinery", "logistics", "" };
	static const char *const regions[] = { "north", "south", "east", "west" };
	struct bench_lead lead;
	char body[LINE_MOST];
	int len;

	bench_rows_lead(rows, number, &lead);
	len = snprintf(
		body, sizeof(body),
		"{\"name\":\"Person PPPPPPPPPP\",\"email\":\"pPPPPPPPPPP@firmFFFFFFFFFF.example\","
		"\"phone\":\"+49 30 PPPPPPPPPP\",\"company\":\"Firm FFFFFFFFFF\",\"company_size\":%u,"
		"\"country\":\"%s\",\"region\":\"%s\",\"industry\":\"%s\",\"source\":\"%s\",\"campaign\":\"%s\"}",
		number * 7919 % 200, countries[number % 4], regions[number / 4 % 4], industries[number / 16 % 4],
		bench_source(lead.source), bench_campaign(lead.campaign));
	form->len = (size_t)snprintf(form->text, sizeof(form->text),
				     "POST /api/leads HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
				     "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				     token, len, body);
	find_places(form);
}

static void make_leads(struct load *load)
{
	struct bench_rows rows;

	bench_rows_init(&rows, VARIANTS);
	load->form_count = VARIANTS;
	load->forms = must_calloc(VARIANTS, sizeof(*load->forms));
	for (unsigned i = 0; i < VARIANTS; i++)
		make_lead(&load->forms[i], i, &rows, load->token);
}

static void make_paths(struct load *load, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[LINE_MOST / 2];

	if (!file)
		bench_fail(path, strerror(errno));
	load->forms = must_calloc(PATHS_MOST, sizeof(*load->forms));
	while (load->form_count < PATHS_MOST && fgets(line, sizeof(line), file)) {
		struct form *form = &load->forms[load->form_count++];

		line[strcspn(line, "\n")] = '\0';
		form->len = (size_t)snprintf(form->text, sizeof(form->text),
					     "GET %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n\r\n", line,
					     load->token);
	}
	fclose(file);
}

static void write_digits(char *at, uint64_t number)
{
	for (int i = DIGITS; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
}

static void next_request(struct load *load, struct client *client)
{
	const struct form *form = &load->forms[load->asked++ % load->form_count];

	memcpy(client->request, form->text, form->len);
	for (size_t i = 0; i < form->count; i++)
		write_digits(client->request + form->places[i].at, form->places[i].firm ? load->told / 3 : load->told);
	load->told++;
	client->request_len = form->len;
	client->sent = client->answer_len = 0;
	client->began_s = bench_now_s();
}

static void send_more(struct client *client)
{
	while (client->sent < client->request_len) {
		ssize_t sent = send(client->fd, client->request + client->sent, client->request_len - client->sent,
				    MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0)
			bench_fail("send", strerror(errno));
		client->sent += (size_t)sent;
	}
}

/* ---- answers ---- */

/* Length of the whole answer; 0: not known yet. */
static size_t answer_length(const struct client *client)
{
	const char *end = memmem(client->answer, client->answer_len, "\r\n\r\n", 4);
	const char *length;

	if (!end)
		return 0;
	length = memmem(client->answer, (size_t)(end - client->answer) + 2, "Content-Length: ", 16);
	if (!length)
		bench_fail("an answer", "has no length");
	return (size_t)(end - client->answer) + 4 + strtoul(length + 16, NULL, 10);
}

static void note(struct load *load, struct client *client)
{
	double span_ms = (bench_now_s() - client->began_s) * 1000;

	if (load->span_count == load->span_capacity) {
		load->span_capacity = load->span_capacity ? load->span_capacity * 2 : 1 << 16;
		load->spans_ms = must_realloc(load->spans_ms, load->span_capacity * sizeof(*load->spans_ms));
	}
	load->spans_ms[load->span_count++] = span_ms;
	if (client->answer[9] == '2')
		load->answered++;
	else if (!load->refused++)
		fprintf(stderr, "refused: %.*s\n", (int)client->answer_len, client->answer);
}

/* True: it is whole. */
static bool read_more(struct load *load, struct client *client)
{
	for (;;) {
		ssize_t got =
			recv(client->fd, client->answer + client->answer_len, ANSWER_MOST - client->answer_len, 0);
		size_t length;

		if (got < 0 && errno == EAGAIN)
			return false;
		if (got <= 0)
			bench_fail("an answer", got ? strerror(errno) : "did not come: the connection was closed");
		client->answer_len += (size_t)got;
		length = answer_length(client);
		if (length && client->answer_len >= length) {
			note(load, client);
			return true;
		}
	}
}

/* ---- going on ---- */

static int connect_to(const struct load *load)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&load->at, sizeof(load->at)))
		bench_fail("connect", strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static struct load load_of(unsigned port, const char *token)
{
	struct load load = { .at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) }, .token = token };

	load.at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return load;
}

static void open_clients(struct load *load, unsigned count)
{
	load->poll = epoll_create1(EPOLL_CLOEXEC);
	load->clients = must_calloc(count, sizeof(*load->clients));
	for (unsigned i = 0; i < count; i++) {
		struct client *client = &load->clients[i];
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };

		client->fd = connect_to(load);
		client->answer = must_alloc(ANSWER_MOST);
		fcntl(client->fd, F_SETFL, O_NONBLOCK);
		epoll_ctl(load->poll, EPOLL_CTL_ADD, client->fd, &event);
		next_request(load, client);
		send_more(client);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile(const struct load *load, double share)
{
	size_t at = (size_t)(share * (double)(load->span_count - 1));

	return load->span_count ? load->spans_ms[at] : 0;
}

/* All asked is answered when it returns. */
static double go_on(struct load *load, unsigned clients)
{
	double start_s = bench_now_s(), end_s;
	unsigned busy = clients;

	while (busy) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(load->poll, events, EVENTS, 10000);

		if (count <= 0)
			bench_fail("answers", "none came for ten seconds");
		for (int i = 0; i < count; i++) {
			struct client *client = events[i].data.ptr;

			if (!read_more(load, client))
				continue;
			if (bench_now_s() < load->until_s) {
				next_request(load, client);
				send_more(client);
			} else {
				busy--;
			}
		}
	}
	end_s = bench_now_s();
	qsort(load->spans_ms, load->span_count, sizeof(*load->spans_ms), by_size);
	return end_s - start_s;
}

static void close_clients(struct load *load, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		close(load->clients[i].fd);
		free(load->clients[i].answer);
	}
	free(load->clients);
	free(load->spans_ms);
	close(load->poll);
}

void bench_load(unsigned port, const char *token, unsigned clients, double seconds, const char *paths)
{
	struct load load = load_of(port, token);
	double took_s;

	if (paths)
		make_paths(&load, paths);
	else
		make_leads(&load);
	/* Nobody who came in an earlier run comes again: there are a hundred numbers for each millisecond, more than are ever told. */
	load.told = (uint64_t)(bench_now_s() * 1000) % 100000000 * 100;
	load.until_s = bench_now_s() + seconds;
	open_clients(&load, clients);
	took_s = go_on(&load, clients);
	printf("done\t%.1f\t%llu\t%llu\t%.3f\t%.3f\t%.3f\t%.3f\n", (double)load.answered / took_s,
	       (unsigned long long)load.answered, (unsigned long long)load.refused, percentile(&load, 0.5),
	       percentile(&load, 0.95), percentile(&load, 0.99), percentile(&load, 1));
	close_clients(&load, clients);
	free(load.forms);
}

/* ---- who only listens, and who is slow ---- */

/* Opened one after another; they stay until standard input ends. */
static void hold(const struct load *load, unsigned count, const char *(*text)(unsigned number), const char *drip)
{
	int *fds = must_calloc(count, sizeof(*fds));
	char request[REQUEST_MOST];

	for (unsigned i = 0; i < count; i++) {
		int len = snprintf(request, sizeof(request), text(i), load->token);

		fds[i] = connect_to(load);
		if (send(fds[i], request, (size_t)len, MSG_NOSIGNAL) < 0)
			bench_fail("send", strerror(errno));
		/* The greeting is there: the stream is open. */
		if (!drip && recv(fds[i], request, sizeof(request), 0) <= 0)
			bench_fail("a stream", "was not opened");
	}
	printf("done\t%u\n", count);
	fflush(stdout);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	for (char byte; read(STDIN_FILENO, &byte, 1) != 0;) {
		for (unsigned i = 0; drip && i < count; i++)
			if (i % 4 != 3)
				(void)!send(fds[i], drip, strlen(drip), MSG_NOSIGNAL | MSG_DONTWAIT);
		usleep(100000);
	}
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
}

static const char *stream_text(unsigned number)
{
	(void)number;
	return "GET /api/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n\r\n";
}

void bench_streams(unsigned port, const char *token, unsigned count)
{
	struct load load = load_of(port, token);

	hold(&load, count, stream_text, NULL);
}

/* Drips: a request line, headers, a body; and says nothing at all. */
static const char *slow_text(unsigned number)
{
	static const char *const texts[] = {
		"GET /healthz?%.1s",
		"GET /healthz HTTP/1.1\r\nHost: bench\r\nX-%.1s: a",
		"POST /api/session HTTP/1.1\r\nHost: bench\r\nX-%.1s: a\r\nContent-Length: 1000\r\n\r\n{",
		"%.0s",
	};

	return texts[number % 4];
}

void bench_slow(unsigned port, const char *token, unsigned count)
{
	struct load load = load_of(port, token);

	hold(&load, count, slow_text, "a");
}
