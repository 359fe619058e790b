#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 16 };

/* Opens for reading what is no folder. */
static int open_for_reading(const char *path, struct stat *facts, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_system(err, "%s cannot be opened", path);
	if (fstat(fd, facts) == 0 && !S_ISDIR(facts->st_mode))
		return fd;
	close(fd);
	return err_set(err, ERR_INPUT, "%s is a folder; name a file", path);
}

/* Up to `size` bytes; fewer only at the end. Negative on error. */
static ssize_t read_fully(int fd, void *out, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, (char *)out + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

static int read_all(struct str *out, int fd, const char *path, size_t max, struct arena *arena, struct err *err)
{
	size_t capacity = CHUNK_BYTES, len = 0;
	char *bytes = arena_alloc(arena, capacity + 1);

	for (;;) {
		ssize_t got = read_fully(fd, bytes + len, capacity - len);

		if (got < 0)
			return err_system(err, "%s cannot be read", path);
		len += (size_t)got;
		if (len > max)
			return err_set(err, ERR_LIMIT, "%s is larger than the %zu bytes allowed for it", path, max);
		if (len < capacity)
			break;
		bytes = arena_grow(arena, bytes, capacity + 1, capacity * 2 + 1);
		capacity *= 2;
	}
	bytes[len] = 0;
	*out = (struct str){ bytes, len };
	return 0;
}

int file_read(struct str *out, const char *path, size_t max, struct arena *arena, struct err *err)
{
	struct stat facts;
	int fd = open_for_reading(path, &facts, err);

	if (fd < 0)
		return fd;

	int result = read_all(out, fd, path, max, arena, err);

	close(fd);
	return result;
}

static int write_fully(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t put = write(fd, bytes.at, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		bytes.at += put;
		bytes.len -= (size_t)put;
	}
	return 0;
}

/* The folder that holds `path`. */
static void folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		snprintf(out, PATH_MAX, ".");
	else if (slash == path)
		snprintf(out, PATH_MAX, "/");
	else
		snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path);
}

/* A renamed file survives a power cut only when its folder is on the disk too. */
static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;

	int result = fsync(fd);

	close(fd);
	return result;
}

static int fill_temporary(int fd, struct str bytes, unsigned mode)
{
	int result = write_fully(fd, bytes) < 0 || fchmod(fd, (mode_t)mode) < 0 || fsync(fd) < 0 ? -1 : 0;

	return close(fd) < 0 ? -1 : result;
}

/* What stands at a name has no contents to replace: a device, or a pipe that somebody reads. */
static int write_stream(const char *path, struct str bytes, struct err *err)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return err_system(err, "%s cannot be written", path);
	if (write_fully(fd, bytes) < 0) {
		err_system(err, "%s cannot be written", path);
		close(fd);
		return ERR_SYSTEM;
	}
	return close(fd) < 0 ? err_system(err, "%s cannot be written", path) : 0;
}

static int replace(const char *path, struct str bytes, unsigned mode, struct err *err)
{
	char folder[PATH_MAX], temporary[PATH_MAX];

	if (strlen(path) + sizeof(".XXXXXX") > sizeof(temporary))
		return err_set(err, ERR_INPUT, "the path %.60s… is too long", path);
	folder_of(path, folder);
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

	int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0)
		return err_system(err, "%s cannot be written", path);
	if (fill_temporary(fd, bytes, mode) < 0 || rename(temporary, path) < 0) {
		err_system(err, "%s cannot be written", path);
		unlink(temporary);
		return ERR_SYSTEM;
	}
	if (sync_folder(folder) < 0)
		return err_system(err, "the folder of %s cannot be written", path);
	return 0;
}

int file_write_whole(const char *path, struct str bytes, unsigned mode, struct err *err)
{
	struct stat facts;
	char *real;
	int rc;

	if (stat(path, &facts) < 0) {
		if (lstat(path, &facts) == 0)
			return err_set(err, ERR_INPUT, "%s is a link to what is not there", path);
		return replace(path, bytes, mode, err);
	}
	if (S_ISCHR(facts.st_mode) || S_ISFIFO(facts.st_mode))
		return write_stream(path, bytes, err);
	if (S_ISDIR(facts.st_mode))
		return err_set(err, ERR_INPUT, "%s is a folder; name a file", path);
	if (!S_ISREG(facts.st_mode))
		return err_set(err, ERR_INPUT, "%s is no regular file", path);
	real = realpath(path, NULL);
	if (!real)
		return err_system(err, "%s cannot be found", path);
	rc = replace(real, bytes, mode, err);
	free(real);
	return rc;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

int file_make_parents(const char *path, struct err *err)
{
	char folder[PATH_MAX];

	if (strlen(path) >= sizeof(folder))
		return err_set(err, ERR_INPUT, "the path %.60s… is too long", path);
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (slash == path)
			continue;
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		if (mkdir(folder, 0777) < 0 && errno != EEXIST)
			return err_system(err, "the folder %s cannot be made", folder);
	}
	return 0;
}

int file_real_path(char **out, const char *path, struct arena *arena, struct err *err)
{
	char *real = realpath(path, NULL);

	if (!real)
		return err_system(err, "%s cannot be found", path);
	*out = arena_dup(arena, real);
	free(real);
	return 0;
}

static int hash_all(unsigned char hash[32], int fd)
{
	crypto_generichash_state state;
	unsigned char chunk[CHUNK_BYTES];
	ssize_t got;

	crypto_generichash_init(&state, NULL, 0, 32);
	while ((got = read_fully(fd, chunk, sizeof(chunk))) > 0)
		crypto_generichash_update(&state, chunk, (unsigned long long)got);
	crypto_generichash_final(&state, hash, 32);
	return (int)got;
}

int file_facts(struct file_facts *out, const char *path, struct err *err)
{
	struct stat facts;
	struct file_facts found = { 0 };
	int fd = -1;

	/* What is written by another process while it is read has no facts, and may have no end. */
	if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))
		return err_set(err, ERR_INPUT, "%s is no regular file", path);
	fd = open_for_reading(path, &facts, err);
	if (fd < 0)
		return fd;

	int result = hash_all(found.hash, fd);

	close(fd);
	if (result < 0)
		return err_system(err, "%s cannot be read", path);
	found.bytes = (uint64_t)facts.st_size;
	found.modified_ms = (int64_t)facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1000000;
	*out = found;
	return 0;
}
