/* Loaded before everything else (LD_PRELOAD), makes the system say no, or ends the process where it hurts.
 *
 *	FAULT=write:7          the seventh write fails (EIO); also fsync, rename (link, unlink), truncate, memory (ENOMEM)
 *	FAULT=write:7:short    … writes half and says so
 *	FAULT=write:7:kill     … is not made: the process is killed before it (kill -9)
 *	FAULT=write:7:torn     … writes half (all of it where it is no longer than a disk's sector, which is never torn), then the process is
 *	                       killed; of other calls: made, then killed
 *	FAULT=write:0          nothing fails: with FAULT_WAYS=FILE, a line for each such call, written at the end: a number for the way by
 *	                       which it was come to (the call stack), the same in each process of the same binary
 *	FAULT_FILE=-wal        only files whose name ends so are counted
 *	FAULT_FULL=FILE        as long as FILE is there, every write says that the disk is full
 *	FAULT_LOG=FILE         made when something was refused; the same number for what was struck
 *	FAULT_DICE=7           the same dice are rolled each time
 *
 * Writes to the terminal do not count. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

enum call { NONE, WRITE, FSYNC, RENAME, TRUNCATE, MEMORY, CALLS };
enum how { FAIL, SHORT, KILL, TORN, HOWS };

static enum call struck;
static enum how how;
static long which;
static atomic_long count;
static const char *full, *fault_log, *suffix, *ways_path;
static unsigned long dice; /* 0: the system's */

/* By which way each call was come to, while counting. */
enum { WAYS_MAX = 1 << 20, MODULES_MAX = 64 };
static uint64_t ways[WAYS_MAX];

/* What is loaded: addresses are told from where their module begins, so that they are the same in the next process. */
static struct module {
	uintptr_t start, end;
} modules[MODULES_MAX];
static int module_count;

static int add_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct module *module = &modules[module_count];

	(void)size;
	(void)context;
	if (module_count == MODULES_MAX)
		return 1;
	module->start = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD)
			module->end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
	module_count++;
	return 0;
}

__attribute__((constructor)) static void begin(void)
{
	static const char *const calls[CALLS] = { "none", "write", "fsync", "rename", "truncate", "memory" };
	static const char *const ends[HOWS] = { "", ":short", ":kill", ":torn" };
	const char *fault = getenv("FAULT");
	char *rest = NULL;

	full = getenv("FAULT_FULL");
	fault_log = getenv("FAULT_LOG");
	suffix = getenv("FAULT_FILE");
	ways_path = getenv("FAULT_WAYS");
	dice = getenv("FAULT_DICE") ? strtoul(getenv("FAULT_DICE"), NULL, 10) : 0;
	dl_iterate_phdr(add_module, NULL);
	for (int i = 0; fault && i < CALLS; i++) {
		size_t len = strlen(calls[i]);

		if (strncmp(fault, calls[i], len) == 0 && fault[len] == ':') {
			struck = (enum call)i;
			which = strtol(fault + len + 1, &rest, 10);
		}
	}
	for (int i = 0; rest && i < HOWS; i++)
		if (strcmp(rest, ends[i]) == 0)
			how = (enum how)i;
}

static int make_file(const char *path)
{
	return path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600) : -1;
}

static void write_way(int fd, uint64_t way)
{
	char text[24];

	syscall(SYS_write, fd, text, snprintf(text, sizeof(text), "%016" PRIx64 "\n", way));
}

__attribute__((destructor)) static void end(void)
{
	long total = atomic_load(&count);
	int fd = total <= WAYS_MAX ? make_file(ways_path) : -1;

	for (long i = 0; fd >= 0 && i < total; i++)
		write_way(fd, ways[i]);
	if (fd >= 0)
		syscall(SYS_close, fd);
}

/* One frame more. */
static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *into)
{
	uintptr_t at = _Unwind_GetIP(context);
	uint64_t *hash = into, mixed = at;

	for (int i = 0; i < module_count; i++)
		if (at >= modules[i].start && at < modules[i].end)
			mixed = (at - modules[i].start) << 8 | (uint64_t)i;
	*hash = (*hash ^ mixed) * 0x9e3779b97f4a7c15u;
	*hash ^= *hash >> 29;
	return _URC_NO_REASON;
}

/* The calls that led here, as a number. */
static uint64_t way_here(void)
{
	uint64_t hash = 0;

	_Unwind_Backtrace(add_frame, &hash);
	return hash;
}

static void note(uint64_t way)
{
	int fd = make_file(fault_log);

	if (fd < 0)
		return;
	write_way(fd, way);
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
	if (call != struck)
		return false;
	long n = atomic_fetch_add(&count, 1) + 1;
	uint64_t way = n == which || ways_path ? way_here() : 0;
	if (n <= WAYS_MAX)
		ways[n - 1] = way;
	if (n != which)
		return false;
	note(way);
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
	note(way_here());
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

ssize_t getrandom(void *out, size_t len, unsigned flags)
{
	static atomic_ulong rolled;

	if (!dice)
		return syscall(SYS_getrandom, out, len, flags);
	for (size_t i = 0; i < len; i++)
		((unsigned char *)out)[i] =
			(unsigned char)((dice + atomic_fetch_add(&rolled, 1)) * 0x9e3779b97f4a7c15u >> 56);
	return (ssize_t)len;
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
