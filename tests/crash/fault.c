/* Loaded before everything else (LD_PRELOAD), makes the system say no.
 *
 *	FAULT=write:7    the seventh write fails (EIO); also fsync, rename, memory
 *	FAULT_FULL=FILE  as long as FILE is there, every write says that the disk is full
 *	FAULT_LOG=FILE   made when something was refused
 *
 * Writes to the terminal do not count. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { WRITE, FSYNC, RENAME, MEMORY, CALLS };

static atomic_long counts[CALLS];
static long fails[CALLS]; /* which; 0 = none */
static const char *full, *fault_log;

__attribute__((constructor)) static void begin(void)
{
	static const char *const names[CALLS] = { "write", "fsync", "rename", "memory" };
	const char *fault = getenv("FAULT");

	full = getenv("FAULT_FULL");
	fault_log = getenv("FAULT_LOG");
	for (int i = 0; fault && i < CALLS; i++) {
		size_t len = strlen(names[i]);

		if (strncmp(fault, names[i], len) == 0 && fault[len] == ':')
			fails[i] = strtol(fault + len + 1, NULL, 10);
	}
}

static void note(void)
{
	int fd = fault_log ? (int)syscall(SYS_openat, AT_FDCWD, fault_log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		syscall(SYS_close, fd);
}

static bool refused(enum call call)
{
	if (fails[call] == 0 || atomic_fetch_add(&counts[call], 1) + 1 != fails[call])
		return false;
	note();
	errno = call == MEMORY ? ENOMEM : EIO;
	return true;
}

static bool no_room(int fd, size_t len)
{
	if (fd <= 2)
		return false;
	/* SQLite gives the room of its file of locks back when it opens a book and takes the same room again, a byte a page. */
	if (full && len > 1 && syscall(SYS_faccessat, AT_FDCWD, full, F_OK) == 0) {
		note();
		errno = ENOSPC;
		return true;
	}
	return refused(WRITE);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	return no_room(fd, len) ? -1 : (ssize_t)syscall(SYS_write, fd, bytes, len);
}
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return no_room(fd, len) ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, bytes, len, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
	return pwrite(fd, bytes, len, at);
}
int fsync(int fd)
{
	return refused(FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd)
{
	return refused(FSYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}
int rename(const char *from, const char *to)
{
	return refused(RENAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int link(const char *from, const char *to)
{
	return refused(RENAME) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* The C library's own look-up crashes when memory is refused to it. */
struct passwd *getpwuid(uid_t uid)
{
	static char name[] = "tester", nothing[] = "";
	static struct passwd person = { .pw_name = name, .pw_dir = nothing, .pw_shell = nothing };

	person.pw_uid = uid;
	return &person;
}

/* The C library's own, by the names it keeps for this. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	return refused(MEMORY) ? NULL : __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
	return refused(MEMORY) ? NULL : __libc_calloc(count, size);
}
void *realloc(void *p, size_t size)
{
	return refused(MEMORY) ? NULL : __libc_realloc(p, size);
}
