/* A full disk while 64 callers write through one process: they are refused and told why, questions go on, and what they ask for goes
 * in when there is room again, without anybody's doing. Room is taken away in three ways: the system says so (tests/shim/fault.c), a
 * file may not grow, and a small disk that is really full, where one can be made. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "base/table.h"
#include "book/writer.h"
#include "book_help.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum { CALLERS = 64, TIMES = 4, PATIENCE_MS = 60000 };

static struct writer *writer;
static atomic_bool stop;
static atomic_uint accepted, refused, strange;
static struct err first_strange;

static int decide(const char *key, struct err *err)
{
	char mail[64], call[48];
	enum append_result results[2];

	snprintf(mail, sizeof(mail), "%s@example.com", key);
	snprintf(call, sizeof(call), "%s+", key);
	struct record_field fields[] = { text_field(FIELD_EMAIL, mail), text_field(FIELD_REGION, "north") };
	struct record_field of_call[] = { text_field(FIELD_OUTCOME, "reached") };
	struct record records[] = {
		{ OBJECT_CONTACT, STR("crm"), str_of(key), .observed_ms = 1, .fields = fields, .count = 2 },
		{ OBJECT_ACTIVITY, STR("crm"), str_of(call), .observed_ms = 1, .fields = of_call, .count = 1 },
	};

	return writer_append(writer, records, 2, &help_context, results, err);
}

static bool says_full(const struct err *err)
{
	return err->kind == ERR_SYSTEM &&
	       (strstr(err->text, "disk is full") || strstr(err->text, "No space left") ||
		strstr(err->text, "refuses to write") || strstr(err->text, "File too large"));
}

/* The same decision again and again, until it is in. */
static void *insist(void *context)
{
	unsigned caller = *(unsigned *)context;
	char key[32];

	for (unsigned i = 0; !stop; i++) {
		struct err err = ERR_INIT;
		int rc = -1;

		snprintf(key, sizeof(key), "c%u.%u", caller, i);
		while (!stop && (rc = decide(key, &err)) != 0) {
			if (!says_full(&err) && atomic_fetch_add(&strange, 1) == 0)
				first_strange = err;
			refused++;
			usleep(1000);
			err = (struct err)ERR_INIT;
		}
		accepted += rc == 0;
	}
	return NULL;
}

static bool wait_for(atomic_uint *number, unsigned wanted)
{
	for (int i = 0; i < PATIENCE_MS && *number < wanted; i++)
		usleep(1000);
	return *number >= wanted;
}

static int gather(void *context, const struct state *state, struct err *err)
{
	(void)err;
	*table_put(context, state->record.key, NULL) = 1;
	return 0;
}

static size_t records_seen(void)
{
	struct reading reading = READING_ALL;
	struct book *book = help_open(BOOK_READ);
	struct table keys;

	table_init(&keys);
	MUST(book_states(book, OBJECT_NONE, &reading, gather, &keys, err));
	book_close(book);
	size_t count = keys.count;
	table_release(&keys);
	return count;
}

/* `full` takes the room away and gives it back. */
static void test_full(const char *how, void (*full)(bool))
{
	static pthread_t threads[CALLERS];
	static unsigned numbers[CALLERS];
	struct book *book = help_open(BOOK_WRITE);
	unsigned told = 0, answered = 0, exact = 0, went_on = 0;

	accepted = refused = strange = 0;
	stop = false;
	MUST(writer_open(&writer, book, err));
	for (unsigned i = 0; i < CALLERS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, insist, &numbers[i]);
	}
	for (unsigned i = 0; i < TIMES; i++) {
		wait_for(&accepted, accepted + 2 * CALLERS);
		full(true);
		/* Twice each, so that what was under way is through. */
		told += wait_for(&refused, refused + 2 * CALLERS);
		/* What fits into room that was taken before may still go in. */
		size_t least = 2 * (size_t)accepted, seen = records_seen();
		answered += seen >= least;
		exact += seen <= 2 * ((size_t)accepted + CALLERS);
		full(false);
		went_on += wait_for(&accepted, accepted + 2 * CALLERS);
	}
	stop = true;
	for (unsigned i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	writer_close(writer);
	book_close(book);
	is_int(told, TIMES, "%s: refused, %d times", how, TIMES);
	ok(strange == 0, "%s: and each time told that the disk takes no more: %s", how,
	   strange ? first_strange.text : "yes");
	is_int(answered, TIMES, "%s: meanwhile questions are answered, of all that was acknowledged", how);
	is_int(exact, TIMES, "%s: and of nothing that was refused", how);
	is_int(went_on, TIMES, "%s: with room again it goes on by itself", how);
	is_int((long long)records_seen(), 2LL * accepted, "%s: what was acknowledged is there, and nothing else", how);
	help_sound(how);
}

/* ---- the system says so ---- */

static char full_path[340];

static void say_full(bool yes)
{
	if (!yes)
		unlink(full_path);
	else
		close(open(full_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* Starts itself once more under the shim, which stands beside it. */
static void load_shim(char **argv)
{
	char shim[4096];
	ssize_t len = readlink("/proc/self/exe", shim, sizeof(shim) - 32);

	if (SANITIZED || getenv("FAULT_FULL") || len <= 0)
		return;
	shim[len] = '\0';
	memcpy(strrchr(shim, '/') + 1, "fault.so", sizeof("fault.so"));
	if (access(shim, R_OK) != 0)
		return;
	snprintf(full_path, sizeof(full_path), "/tmp/lockstep-full-%d", (int)getpid());
	setenv("LD_PRELOAD", shim, 1);
	setenv("FAULT_FULL", full_path, 1);
	execv("/proc/self/exe", argv);
}

/* ---- a file may not grow ---- */

static void forbid_growth(bool yes)
{
	static struct rlimit before;
	struct rlimit tight;

	if (yes) {
		getrlimit(RLIMIT_FSIZE, &before);
		tight = before;
		tight.rlim_cur = 4096;
		setrlimit(RLIMIT_FSIZE, &tight);
	} else {
		setrlimit(RLIMIT_FSIZE, &before);
	}
}

/* ---- a small disk ---- */

static char ballast_path[360];

/* All that is left of the disk, or nothing of it. */
static void fill_disk(bool yes)
{
	static const char zeros[4096];

	if (!yes) {
		unlink(ballast_path);
		return;
	}
	int fd = open(ballast_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	close(fd);
}

static void test_small_disk(void)
{
	char folder[sizeof(help_folder)];

	memcpy(folder, help_folder, sizeof(folder));
	if (mount("tmpfs", help_folder, "tmpfs", 0, "size=48m,mode=700") != 0) {
		skip("no right to make a small disk");
		return;
	}
	snprintf(ballast_path, sizeof(ballast_path), "%s/ballast", help_folder);
	book_close(help_fresh());
	test_full("a small disk", fill_disk);
	help_folder_empty();
	umount(help_folder);
}

int main(int argc, char **argv)
{
	(void)argc;
	load_shim(argv);
	signal(SIGXFSZ, SIG_IGN);
	help_folder_make();
	if (getenv("FAULT_FULL")) {
		snprintf(full_path, sizeof(full_path), "%s", getenv("FAULT_FULL"));
		book_close(help_fresh());
		test_full("the system says so", say_full);
	} else {
		skip("build/tests/fault.so is not there, or sanitizers must be loaded first");
	}
	book_close(help_fresh());
	test_full("a file may not grow", forbid_growth);
	test_small_disk();
	help_folder_remove();
	return done();
}
