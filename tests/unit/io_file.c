#include "io/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/lockstep-file-XXXXXX";

static const char *in_folder(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static void test_write_and_read(struct arena *arena)
{
	const char *path = in_folder(arena, "a/b c/deals.txt");
	struct err err = ERR_INIT;
	struct str bytes = { "won\0lost", 8 }, back = { 0 };
	struct stat facts;

	ok(!file_exists(path), "the file is not there yet");
	is_int(file_write_whole(path, bytes, 0640, &err), ERR_SYSTEM, "nor its folder");
	ok(strstr(err.text, path) && strstr(err.text, "No such file"), "which says: %s", err.text);
	is_int(file_make_parents(path, &err), 0, "folders are made");
	is_int(file_make_parents(path, &err), 0, "and made again");
	is_int(file_write_whole(path, bytes, 0640, &err), 0, "the file is written");
	is_int(file_read(&back, path, 8, arena, &err), 0, "and read, at its full size");
	ok(str_eq(back, bytes) && back.at[8] == 0, "as it was");
	ok(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0640, "with the mode asked for");
	is_int(file_read(&back, path, 7, arena, &err), ERR_LIMIT, "not above the maximum");
	ok(strstr(err.text, "larger than the 7 bytes"), "which says: %s", err.text);
	is_int(file_write_whole(path, STR("short"), 0600, &err), 0, "it is written over");
	ok(file_read(&back, path, 100, arena, &err) == 0 && str_is(back, "short"), "wholly");
	is_int(file_read(&back, folder, 100, arena, &err), ERR_INPUT, "a folder is no file");
	is_int(file_write_whole(in_folder(arena, "a"), bytes, 0600, &err), ERR_INPUT, "nor is one written over");
	ok(!system(arena_printf(arena, "test $(find %s -name '*.?*' -type f | wc -l) = 1", folder)),
	   "no temporary file stays");
}

static void test_facts(struct arena *arena)
{
	/* BLAKE2b-256 of "abc" */
	static const unsigned char wanted[] = { 0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
						0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
						0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19 };
	const char *path = in_folder(arena, "abc");
	struct file_facts facts;
	struct err err = ERR_INIT;
	struct stat stood;

	file_write_whole(path, STR("abc"), 0600, &err);
	is_int(file_facts(&facts, path, &err), 0, "a file has facts");
	ok(!memcmp(facts.hash, wanted, 32), "its hash");
	is_int(facts.bytes, 3, "its size");
	ok(stat(path, &stood) == 0 && facts.modified_ms / 1000 == stood.st_mtim.tv_sec, "when it was changed");
	is_int(file_facts(&facts, in_folder(arena, "none"), &err), ERR_SYSTEM, "no file has none");
	is_int(file_facts(&facts, "/dev/zero", &err), ERR_INPUT, "nor has what never ends");
}

static void test_real_path(struct arena *arena)
{
	struct err err = ERR_INIT;
	char *real = NULL;

	ok(symlink("abc", in_folder(arena, "link")) == 0, "a link");
	is_int(file_real_path(&real, in_folder(arena, "./link"), arena, &err), 0, "leads somewhere");
	ok(real && str_ends(str_of(real), "/abc"), "to the file: %s", real);
	is_int(file_real_path(&real, in_folder(arena, "nowhere"), arena, &err), ERR_SYSTEM, "or nowhere");
}

static void test_link(struct arena *arena)
{
	const char *link = in_folder(arena, "away"), *target = in_folder(arena, "a/target.txt");
	struct err err = ERR_INIT;
	struct stat facts;
	struct str back;

	file_write_whole(target, STR("old"), 0600, &err);
	ok(symlink("a/target.txt", link) == 0, "a link into a folder");
	is_int(file_write_whole(link, STR("new"), 0600, &err), 0, "is written");
	ok(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode), "it stays a link");
	ok(file_read(&back, target, 10, arena, &err) == 0 && str_is(back, "new"), "its target is what was written");
	ok(unlink(target) == 0 && file_write_whole(link, STR("new"), 0600, &err) == ERR_INPUT,
	   "one that leads nowhere is refused");
	ok(strstr(err.text, link) && strstr(err.text, "link to what is not there"), "which says: %s", err.text);
	ok(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode), "and it stays");
}

static void test_pipe(struct arena *arena)
{
	const char *path = in_folder(arena, "pipe");
	struct err err = ERR_INIT;
	struct stat facts;
	char back[8] = "";
	int fd;

	ok(mkfifo(path, 0600) == 0, "a pipe with a name");
	fd = open(path, O_RDONLY | O_NONBLOCK);
	is_int(file_write_whole(path, STR("won"), 0644, &err), 0, "is written to");
	ok(lstat(path, &facts) == 0 && S_ISFIFO(facts.st_mode) && (facts.st_mode & 0777) == 0600, "and stays a pipe");
	ok(read(fd, back, sizeof(back)) == 3 && !memcmp(back, "won", 3), "whoever reads it has the bytes");
	close(fd);
}

/* The node is this test's own, and full like /dev/full. */
static void test_device(struct arena *arena)
{
	const char *path = in_folder(arena, "full");
	struct err err = ERR_INIT;
	struct stat facts;
	int fd = -1;

	if (geteuid() == 0 && mknod(path, S_IFCHR | 0600, makedev(1, 7)) == 0)
		fd = open(path, O_WRONLY);
	if (fd < 0) {
		note("no device may be made here");
		return;
	}
	close(fd);
	is_int(file_write_whole(path, STR("won"), 0644, &err), ERR_SYSTEM, "a full device takes nothing");
	ok(strstr(err.text, "No space left"), "which says: %s", err.text);
	ok(lstat(path, &facts) == 0 && S_ISCHR(facts.st_mode), "and stays a device");
}

static void test_socket(struct arena *arena)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct err err = ERR_INIT;
	struct stat facts;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", in_folder(arena, "socket"));
	ok(bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0, "a socket");
	is_int(file_write_whole(name.sun_path, STR("won"), 0644, &err), ERR_INPUT, "is refused");
	ok(lstat(name.sun_path, &facts) == 0 && S_ISSOCK(facts.st_mode), "and stays");
	close(fd);
}

static void test_large(struct arena *arena)
{
	const char *path = in_folder(arena, "large");
	size_t size = 300000;
	char *bytes = arena_alloc(arena, size);
	struct str back;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	file_write_whole(path, (struct str){ bytes, size }, 0600, &err);
	ok(file_read(&back, path, 1 << 20, arena, &err) == 0 && str_eq(back, (struct str){ bytes, size }),
	   "a large file is read whole");
}

int main(void)
{
	struct arena arena;

	arena_init(&arena);
	if (!mkdtemp(folder))
		return 1;
	test_write_and_read(&arena);
	test_facts(&arena);
	test_real_path(&arena);
	test_link(&arena);
	test_pipe(&arena);
	test_device(&arena);
	test_socket(&arena);
	test_large(&arena);
	if (system(arena_printf(&arena, "rm -r %s", folder)) != 0)
		note("%s stays", folder);
	arena_release(&arena);
	return done();
}
