/* Loaded before everything else (LD_PRELOAD), makes the system say no, or ends the process where it hurts.
 *
 *	FAULT=write:7          the seventh write fails (EIO); also fsync, rename (link, unlink), truncate, memory (ENOMEM)
 *	FAULT=write:7:short    … writes half and says so
 *	FAULT=write:7:kill     … is not made: the process is killed before it (kill -9)
 *	FAULT=write:7:torn     … writes half (all of it where it is no longer than a disk's sector, which is never torn), then the process is
 *	                       killed; of other calls: made, then killed
 *	FAULT=write:0          nothing fails: with FAULT_COUNT=FILE, how many calls there were, written at the end
 *	FAULT_FILE=-wal        only files whose name ends so are counted
 *	FAULT_FULL=FILE        as long as FILE is there, every write says that the disk is full
 *	FAULT_LOG=FILE         made when something was refused
 *
 * Writes to the terminal do not count. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { NONE, WRITE, FSYNC, RENAME, TRUNCATE, MEMORY, CALLS };
enum how { FAIL, SHORT, KILL, TORN, HOWS };

static enum call struck;
static enum how how;
static long which;
static atomic_long count;
static const char *full, *fault_log, *suffix;

__attribute__((constructor)) static void begin(void)
{
	static const char *const calls[CALLS] = { "none", "write", "fsync", "rename", "truncate", "memory" };
	static const char *const ways[HOWS] = { "", ":short", ":kill", ":torn" };
	const char *fault = getenv("FAULT");
	char *rest = NULL;

	full = getenv("FAULT_FULL");
	fault_log = getenv("FAULT_LOG");
	suffix = getenv("FAULT_FILE");
	for (int i = 0; fault && i < CALLS; i++) {
		size_t len = strlen(calls[i]);

		if (strncmp(fault, calls[i], len) == 0 && fault[len] == ':') {
			struck = (enum call)i;
			which = strtol(fault + len + 1, &rest, 10);
		}
	}
	for (int i = 0; rest && i < HOWS; i++)
		if (strcmp(rest, ways[i]) == 0)
			how = (enum how)i;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAULT_COUNT");
	char text[24];
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	syscall(SYS_write, fd, text, snprintf(text, sizeof(text), "%ld\n", atomic_load(&count)));
	syscall(SYS_close, fd);
}

static void note(void)
{
	int fd = fault_log ? (int)syscall(SYS_openat, AT_FDCWD, fault_log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		syscall(SYS_close, fd);
}

static bool name_fits(const char *name)
{
	size_t len = strlen(name), tail = suffix ? strlen(suffix) : 0;

	return tail <= len && (!suffix || strcmp(name + len - tail, suffix) == 0);
}

static bool file_fits(int fd)
{
	char link[32], name[4096];

	if (!suffix)
		return true;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	long len = syscall(SYS_readlinkat, AT_FDCWD, link, name, sizeof(name) - 1);
	name[len > 0 ? len : 0] = '\0';
	return name_fits(name);
}

/* It is this call's turn; `errno` says why it fails, where it does. */
static bool strikes(enum call call)
{
	if (call != struck || atomic_fetch_add(&count, 1) + 1 != which)
		return false;
	note();
	errno = call == MEMORY ? ENOMEM : EIO;
	if (how == KILL)
		syscall(SYS_kill, getpid(), SIGKILL);
	return true;
}

/* What a call that was struck gives back, once it was made in part or whole (`done`) or not at all. */
static long struck_result(long done)
{
	if (how == TORN)
		syscall(SYS_kill, getpid(), SIGKILL);
	return how == FAIL ? -1 : done;
}

enum { SECTOR = 512 };

static size_t part_of(size_t len)
{
	return how == TORN && len <= SECTOR ? len : (len + 1) / 2;
}

static bool no_room(int fd, size_t len)
{
	/* SQLite gives the room of its file of locks back when it opens a book and takes the same room again, a byte a page. */
	if (!full || fd <= 2 || len <= 1 || syscall(SYS_faccessat, AT_FDCWD, full, F_OK) != 0)
		return false;
	note();
	errno = ENOSPC;
	return true;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (no_room(fd, len))
		return -1;
	if (fd <= 2 || struck != WRITE || !file_fits(fd) || !strikes(WRITE))
		return syscall(SYS_write, fd, bytes, len);
	return struck_result(how == FAIL ? -1 : syscall(SYS_write, fd, bytes, part_of(len)));
}
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (no_room(fd, len))
		return -1;
	if (fd <= 2 || struck != WRITE || !file_fits(fd) || !strikes(WRITE))
		return syscall(SYS_pwrite64, fd, bytes, len, at);
	return struck_result(how == FAIL ? -1 : syscall(SYS_pwrite64, fd, bytes, part_of(len), at));
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
	return pwrite(fd, bytes, len, at);
}
int fsync(int fd)
{
	if (struck != FSYNC || !file_fits(fd) || !strikes(FSYNC))
		return (int)syscall(SYS_fsync, fd);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_fsync, fd));
}
int fdatasync(int fd)
{
	if (struck != FSYNC || !file_fits(fd) || !strikes(FSYNC))
		return (int)syscall(SYS_fdatasync, fd);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_fdatasync, fd));
}
int ftruncate(int fd, off_t len)
{
	if (struck != TRUNCATE || !file_fits(fd) || !strikes(TRUNCATE))
		return (int)syscall(SYS_ftruncate, fd, len);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_ftruncate, fd, len));
}
int ftruncate64(int fd, off_t len)
{
	return ftruncate(fd, len);
}
int rename(const char *from, const char *to)
{
	if (struck != RENAME || !name_fits(to) || !strikes(RENAME))
		return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int link(const char *from, const char *to)
{
	if (struck != RENAME || !name_fits(to) || !strikes(RENAME))
		return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int unlink(const char *name)
{
	if (struck != RENAME || !name_fits(name) || !strikes(RENAME))
		return (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
	return (int)struck_result(how == FAIL ? -1 : syscall(SYS_unlinkat, AT_FDCWD, name, 0));
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
	return strikes(MEMORY) ? NULL : __libc_malloc(size);
}
void *calloc(size_t n, size_t size)
{
	return strikes(MEMORY) ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t size)
{
	return strikes(MEMORY) ? NULL : __libc_realloc(p, size);
}
