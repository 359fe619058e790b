#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "book/files.h"

char *file_beside(const char *path, const char *suffix)
{
	size_t size = strlen(path) + strlen(suffix) + 1;
	char *name = must_alloc(size);

	snprintf(name, size, "%s%s", path, suffix);
	return name;
}

char *file_canonical(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : file_beside(path, "");
}

bool file_beside_exists(const char *path, const char *suffix)
{
	char *name = file_beside(path, suffix);
	bool exists = access(name, F_OK) == 0;

	free(name);
	return exists;
}

static int sync_at(const char *path, int flags, struct err *err)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return err_system(err, "%s: cannot open", path);
	int rc = fsync(fd) == 0 ? 0 : err_system(err, "%s: cannot write to the disk", path);
	close(fd);
	return rc;
}

int file_sync(const char *path, struct err *err)
{
	return sync_at(path, O_RDONLY, err);
}

void disk_lost(const char *path, const char *why)
{
	fflush(stdout);
	fprintf(stderr,
		"lockstep: %s: the disk does not confirm what was written (%s). Stopped, so that nothing is taken for kept that "
		"is not; everything acknowledged before stands. Look at the disk, then start again.\n",
		path, why);
	_exit(3);
}

int folder_sync(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");

	if (!folder)
		out_of_memory(strlen(path));
	int rc = sync_at(folder, O_RDONLY | O_DIRECTORY, err);
	free(folder);
	return rc;
}

/* "4711\nlockstep import leads.csv\n" */
void lock_sign(int fd)
{
	char line[512];
	int n = snprintf(line, 32, "%ld\n", (long)getpid());
	int from = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);

	if (from >= 0) {
		ssize_t got = read(from, line + n, sizeof(line) - (size_t)n - 1);

		close(from);
		for (ssize_t i = 0; i + 1 < got; i++)
			if (line[n + i] == '\0' || line[n + i] == '\n')
				line[n + i] = ' ';
		n += got > 0 ? (int)got - 1 : 0;
	}
	line[n++] = '\n';
	/* What it says is only for the message; a failed write takes nothing from the lock. */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)n, 0) < 0)
		errno = 0;
}

static struct str read_some(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct str text = { out, 0 };
	ssize_t got;

	while (fd >= 0 && text.len < size && (got = read(fd, out + text.len, size - text.len)) > 0)
		text.len += (size_t)got;
	if (fd >= 0)
		close(fd);
	return text;
}

/* A holder that was killed leaves its name, and its number may be another's by now: the words tell. */
long lock_holder(struct str *words, const char *path, struct arena *arena)
{
	enum { WORDS_MAX = 1 << 16 };
	char *name = file_beside(path, ".lock"), text[512], at[64], *live = arena_alloc(arena, WORDS_MAX);
	struct str said = read_some(name, text, sizeof(text) - 1);
	char *end;
	long process;

	free(name);
	text[said.len] = '\0';
	process = strtol(text, &end, 10);
	if (process <= 0 || *end != '\n')
		return 0;
	said = (struct str){ end + 1, said.len - (size_t)(end + 1 - text) };
	said.len -= said.len > 0; /* the line's end */
	snprintf(at, sizeof(at), "/proc/%ld/cmdline", process);
	*words = read_some(at, live, WORDS_MAX);
	if (said.len == 0 || words->len < said.len)
		return 0;
	for (size_t i = 0; i < said.len; i++)
		if (said.at[i] != (live[i] == '\0' || live[i] == '\n' ? ' ' : live[i]))
			return 0;
	return process;
}

static int refuse(int fd, const char *path, struct err *err)
{
	char text[512] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *command = n > 0 ? strchr(text, '\n') : NULL;

	if (!command)
		return err_set(err, ERR_STATE, "%s: the book is held by another process; wait for it or stop it", path);
	*command++ = '\0';
	command[strcspn(command, "\n")] = '\0';
	return err_set(err, ERR_STATE, "%s: the book is held by process %s (%s); wait for it or stop it", path, text,
		       command);
}

static int lock_open(int *lock, const char *path, struct err *err)
{
	char *name = file_beside(path, ".lock");
	int rc = 0;

	*lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		rc = err_system(err, "%s: cannot open the lock file", name);
	free(name);
	return rc;
}

/* Who holds it for a moment has no name there. */
static int lock_soon(int fd)
{
	enum { STEP_MS = 5, MOMENT_MS = 3000 };
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000 };
	char first;
	int rc;

	for (int left = MOMENT_MS / STEP_MS; (rc = flock(fd, LOCK_EX | LOCK_NB)) != 0 && errno == EWOULDBLOCK &&
					     left > 0 && pread(fd, &first, 1, 0) == 0;
	     left--)
		nanosleep(&step, NULL);
	return rc;
}

/* One holder is what makes the one-connection rule hold between processes (engine_sqlite.c): whoever writes and checkpoints a book has
 * this lock, from before its connection is opened until after it is closed. A lock of its own file, since SQLite's are the process's
 * and are lost when any file descriptor of the book is closed. */
int lock_take(int *lock, const char *path, struct err *err)
{
	int rc = lock_open(lock, path, err);

	if (rc != 0)
		return rc;
	if (lock_soon(*lock) == 0) {
		lock_sign(*lock);
		return 0;
	}
	rc = errno == EWOULDBLOCK ? refuse(*lock, path, err) : err_system(err, "%s.lock: cannot lock", path);
	close(*lock);
	*lock = -1;
	return rc;
}

bool lock_take_for_a_moment(int *lock, const char *path)
{
	struct err ignored = ERR_INIT;

	if (lock_open(lock, path, &ignored) != 0)
		return false;
	/* The name of a process that was killed may still stand there. */
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0 && ftruncate(*lock, 0) == 0)
		return true;
	close(*lock);
	*lock = -1;
	return false;
}

void lock_release(int *lock)
{
	if (*lock < 0)
		return;
	/* The file stays: removing it would let two processes lock two files of one name. */
	if (ftruncate(*lock, 0) != 0)
		errno = 0;
	close(*lock);
	*lock = -1;
}
