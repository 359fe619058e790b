#include "serve/lend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/server.h"
#include "serve/waiting.h"

enum { MOMENT_MS = 2000, AGAIN_MS = 1000, BACKLOG = 16 };

struct lend {
	struct server *server;
	int listener, ending; /* ending: an eventfd */
	char *path;           /* of the socket */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned inside; /* who has entered */
	bool lent, started;
};

/* ---- the socket's name ---- */

/* The name of a socket is short, that of a book may be long: its folder is named by a descriptor. The folder is the caller's to close. */
static int socket_name(struct sockaddr_un *name, int *folder, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	struct arena arena;

	arena_init(&arena);
	*folder = open(slash == path ? "/"
		       : slash       ? arena_printf(&arena, "%.*s", (int)(slash - path), path)
				     : ".",
		       O_PATH | O_DIRECTORY | O_CLOEXEC);
	arena_release(&arena);
	if (*folder < 0)
		return err_system(err, "%s: cannot open its folder", path);
	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (snprintf(name->sun_path, sizeof(name->sun_path), "/proc/self/fd/%d/%s", *folder, file) <
	    (int)sizeof(name->sun_path))
		return 0;
	close(*folder);
	return err_set(err, ERR_LIMIT, "%s: the name is too long for a socket", path);
}

static char *path_of(const char *book_path)
{
	char *real = realpath(book_path, NULL);
	size_t size = strlen(real ? real : book_path) + sizeof(LEND_SOCKET);
	char *path = must_alloc(size);

	snprintf(path, size, "%s" LEND_SOCKET, real ? real : book_path);
	free(real);
	return path;
}

/* We hold the book: what stands there is nobody's any more. */
static int listen_at(struct lend *lend, struct err *err)
{
	struct sockaddr_un name;
	mode_t mask;
	int folder, failed;

	if (socket_name(&name, &folder, lend->path, err))
		return err->kind;
	unlink(lend->path);
	lend->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0177);
	failed = lend->listener < 0 || bind(lend->listener, (const struct sockaddr *)&name, sizeof(name)) ||
		 listen(lend->listener, BACKLOG);
	umask(mask);
	if (failed)
		err_system(err, "cannot listen on %s", lend->path);
	close(folder);
	return failed ? err->kind : 0;
}

/* ---- lending ---- */

static bool may_borrow(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) && (peer.uid == geteuid() || !peer.uid);
}

/* The lock's descriptor, and our time. */
static bool send_lock(int to, int lock, int64_t now_ms)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec part = { &now_ms, sizeof(now_ms) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &lock, sizeof(int));
	return sendmsg(to, &message, MSG_NOSIGNAL) == sizeof(now_ms);
}

/* Until the other side has ended. */
static void wait_for_end(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	char byte;

	for (;;) {
		ssize_t got = poll(&one, 1, -1) > 0 ? recv(fd, &byte, 1, MSG_DONTWAIT) : -1;

		if (!got || (got < 0 && errno != EINTR && errno != EAGAIN))
			return;
	}
}

/* Nobody else comes in; who is inside goes first. */
void lend_begin(struct lend *lend)
{
	pthread_mutex_lock(&lend->lock);
	while (lend->lent)
		pthread_cond_wait(&lend->changed, &lend->lock);
	lend->lent = true;
	while (lend->inside)
		pthread_cond_wait(&lend->changed, &lend->lock);
	pthread_mutex_unlock(&lend->lock);
}

void lend_end(struct lend *lend)
{
	pthread_mutex_lock(&lend->lock);
	lend->lent = false;
	pthread_cond_broadcast(&lend->changed);
	pthread_mutex_unlock(&lend->lock);
}

/* However long it takes: without the book nothing can be told. */
static void take_back(struct server *server)
{
	struct err err = ERR_INIT;

	while (book_take_back(server_book(server), &err)) {
		server_log_error(server, "opening the book that was lent", &err);
		poll(NULL, 0, AGAIN_MS);
		err = (struct err)ERR_INIT;
	}
}

static void lend_to(struct lend *lend, int fd)
{
	struct server *server = lend->server;
	uint64_t before;
	bool told;

	if (!may_borrow(fd))
		return;
	lend_begin(lend);
	before = book_head(server_book(server)).seq;
	if (send_lock(fd, book_lend(server_book(server)), server_now_ms(server)))
		wait_for_end(fd);
	take_back(server);
	told = book_head(server_book(server)).seq != before;
	lend_end(lend);
	if (told)
		server_told(server);
}

static void *run(void *context)
{
	struct lend *lend = context;
	struct pollfd both[2] = { { .fd = lend->ending, .events = POLLIN },
				  { .fd = lend->listener, .events = POLLIN } };
	int fd;

	for (;;) {
		if (poll(both, 2, -1) < 0)
			continue;
		if (both[0].revents)
			return NULL;
		fd = accept4(lend->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		lend_to(lend, fd);
		close(fd);
	}
}

int lend_open(struct lend **out, struct server *server, const char *book_path, struct err *err)
{
	struct lend *lend = must_calloc(1, sizeof(*lend));

	*lend = (struct lend){ .server = server, .listener = -1, .path = path_of(book_path) };
	pthread_mutex_init(&lend->lock, NULL);
	waiting_init(&lend->changed);
	*out = lend;
	lend->ending = eventfd(0, EFD_CLOEXEC);
	return lend->ending < 0 ? err_system(err, "no event to be had") : 0;
}

int lend_start(struct lend *lend, struct err *err)
{
	if (listen_at(lend, err))
		return err->kind;
	errno = pthread_create(&lend->thread, NULL, run, lend);
	lend->started = !errno;
	return errno ? err_system(err, "cannot start a thread") : 0;
}

void lend_close(struct lend *lend)
{
	const uint64_t one = 1;

	if (!lend)
		return;
	if (lend->started) {
		if (write(lend->ending, &one, sizeof(one)) != sizeof(one))
			BUG("an event that cannot be told");
		pthread_join(lend->thread, NULL);
	}
	if (lend->listener >= 0) {
		unlink(lend->path);
		close(lend->listener);
	}
	if (lend->ending >= 0)
		close(lend->ending);
	pthread_cond_destroy(&lend->changed);
	pthread_mutex_destroy(&lend->lock);
	free(lend->path);
	free(lend);
}

bool lend_enter(struct lend *lend)
{
	int64_t until_ms = monotonic_ms() + MOMENT_MS;
	bool here;

	pthread_mutex_lock(&lend->lock);
	while (lend->lent && !server_stops(lend->server) && !waiting_until(&lend->changed, &lend->lock, until_ms))
		continue;
	here = !lend->lent;
	lend->inside += here;
	pthread_mutex_unlock(&lend->lock);
	return here;
}

void lend_leave(struct lend *lend)
{
	pthread_mutex_lock(&lend->lock);
	lend->inside--;
	if (!lend->inside)
		pthread_cond_broadcast(&lend->changed);
	pthread_mutex_unlock(&lend->lock);
}

/* ---- borrowing ---- */

/* −1: none came. */
static int receive_lock(int from, int64_t *now_ms)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec part = { now_ms, sizeof(*now_ms) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	struct cmsghdr *head;
	int lock = -1;

	if (recvmsg(from, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL) != sizeof(*now_ms))
		return -1;
	head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
	    head->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&lock, CMSG_DATA(head), sizeof(int));
	return lock;
}

static int nobody(const char *path, struct err *err)
{
	return err_set(err, ERR_STATE, "%s: nobody lends it", path);
}

static int ask(int *fd, const char *book_path, struct err *err)
{
	char *path = path_of(book_path);
	struct sockaddr_un name;
	int folder, failed;

	failed = socket_name(&name, &folder, path, err);
	if (!failed) {
		*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (*fd < 0)
			failed = err_system(err, "no socket to be had");
		else if (connect(*fd, (const struct sockaddr *)&name, sizeof(name))) {
			close(*fd);
			failed = nobody(book_path, err);
		}
		close(folder);
	}
	free(path);
	return failed;
}

int lend_borrow(struct book **out, const char *path, int64_t *now_ms, int *lender, struct err *err)
{
	int failed = ask(lender, path, err), lock;

	if (failed)
		return failed;
	lock = receive_lock(*lender, now_ms);
	failed = lock < 0 ? nobody(path, err) : book_open_lent(out, path, lock, err);
	if (failed)
		close(*lender);
	return failed;
}
