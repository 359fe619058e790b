#include "serve/uploads.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S 86400
#define MAP_NAME "map.yaml"

bool upload_name_fits(struct str name)
{
	if (!name.len || name.len > UPLOAD_NAME_MOST || name.at[0] == '.' || str_is(name, MAP_NAME))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || name.at[i] == '\\' || (unsigned char)name.at[i] < ' ' || name.at[i] == 0x7f)
			return false;
	return true;
}

static bool id_fits(struct str id)
{
	if (id.len != UPLOAD_ID - 1)
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!((id.at[i] >= '0' && id.at[i] <= '9') || (id.at[i] >= 'a' && id.at[i] <= 'f')))
			return false;
	return true;
}

static const char *folder_of(const char *book_path, struct str id, struct arena *arena)
{
	return id_fits(id) ? arena_printf(arena, "%s" UPLOADS_FOLDER "/%.*s", book_path, STR_ARG(id)) : NULL;
}

static void remove_folder(const char *path)
{
	struct dirent *entry;
	struct arena arena;
	DIR *dir = opendir(path);

	arena_init(&arena);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlink(arena_printf(&arena, "%s/%s", path, entry->d_name));
	if (dir)
		closedir(dir);
	rmdir(path);
	arena_release(&arena);
}

/* Takes away what is old; returns how many stay. */
static size_t sweep(const char *root, int64_t now_s)
{
	struct dirent *entry;
	struct arena arena;
	struct stat st;
	size_t count = 0;
	DIR *dir = opendir(root);

	arena_init(&arena);
	while (dir && (entry = readdir(dir))) {
		const char *path = arena_printf(&arena, "%s/%s", root, entry->d_name);

		if (!id_fits(str_of(entry->d_name)) || lstat(path, &st) || !S_ISDIR(st.st_mode))
			continue;
		if (now_s - (int64_t)st.st_mtime > DAY_S)
			remove_folder(path);
		else
			count++;
	}
	if (dir)
		closedir(dir);
	arena_release(&arena);
	return count;
}

static int write_new(const char *path, struct str bytes, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t done = 0;

	if (fd < 0)
		return err_system(err, "what was sent cannot be written");
	while (done < bytes.len) {
		ssize_t n = write(fd, bytes.at + done, bytes.len - done);

		if (n < 0) {
			err_system(err, "what was sent cannot be written");
			close(fd);
			unlink(path);
			return err->kind;
		}
		done += (size_t)n;
	}
	if (close(fd)) {
		err_system(err, "what was sent cannot be written");
		unlink(path);
		return err->kind;
	}
	return 0;
}

int upload_put(const char *book_path, struct str name, struct str bytes, char id[UPLOAD_ID], struct err *err)
{
	unsigned char random[(UPLOAD_ID - 1) / 2];
	struct arena arena;
	const char *root, *folder;
	struct stat made;
	int failed = 0;

	arena_init(&arena);
	root = arena_printf(&arena, "%s" UPLOADS_FOLDER, book_path);
	mkdir(root, 0700);
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(id, UPLOAD_ID, random, sizeof(random));
	folder = folder_of(book_path, str_of(id), &arena);
	if (mkdir(folder, 0700) || stat(folder, &made))
		failed = err_system(err, "what was sent cannot be written");
	else if (sweep(root, (int64_t)made.st_mtime) > UPLOADS_MOST)
		failed = err_set(err, ERR_LIMIT, "%d files wait to be imported; import or drop some", UPLOADS_MOST);
	else
		failed = write_new(arena_printf(&arena, "%s/%.*s", folder, STR_ARG(name)), bytes, err);
	if (failed)
		remove_folder(folder);
	arena_release(&arena);
	return failed;
}

const char *upload_path(const char *book_path, struct str id, struct arena *arena)
{
	const char *folder = folder_of(book_path, id, arena), *found = NULL;
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, MAP_NAME) != 0)
			found = arena_printf(arena, "%s/%s", folder, entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

const char *upload_map_path(const char *book_path, struct str id, struct arena *arena)
{
	return arena_printf(arena, "%s/" MAP_NAME, folder_of(book_path, id, arena));
}

int upload_put_map(const char *book_path, struct str id, struct str map, struct err *err)
{
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = write_new(upload_map_path(book_path, id, &arena), map, err);
	arena_release(&arena);
	return failed;
}

bool upload_drop(const char *book_path, struct str id)
{
	struct arena arena;
	const char *folder;
	struct stat st;
	bool there;

	arena_init(&arena);
	folder = folder_of(book_path, id, &arena);
	there = folder && !stat(folder, &st);
	if (there)
		remove_folder(folder);
	arena_release(&arena);
	return there;
}

const char *rejected_folder(const char *book_path, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s" REJECTED_FOLDER, book_path);
	struct stat st;

	mkdir(path, 0700);
	return !stat(path, &st) && S_ISDIR(st.st_mode) ? path : NULL;
}
