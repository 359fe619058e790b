/* Group commit: many callers, every acknowledged decision stays, whole, whatever kills the process. RUNS kills (3), of CALLERS callers (64). */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/table.h"
#include "book/writer.h"
#include "book_help.h"

enum { MOST_CALLERS = 256, DECISIONS = 20, FRESH_AFTER = 25 };

static unsigned callers = 64;
static struct writer *writer;
static int acknowledged = -1;
static unsigned run_number;

struct caller {
	pthread_t thread;
	unsigned number, decisions;
	unsigned wrong;
};

/* A decision: a contact, and a call with the contact. Half of one alone is a lost half. */
static int decide(unsigned caller, unsigned number, const char *region, enum append_result *results, struct err *err)
{
	char key[40], call[48], mail[64], name[64];

	snprintf(key, sizeof(key), "c%u.%u.%u", run_number, caller, number);
	snprintf(call, sizeof(call), "%s+", key);
	snprintf(mail, sizeof(mail), "%s@example.com", key);
	snprintf(name, sizeof(name), "Name of %s", key);
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, mail),
					 text_field(FIELD_REGION, region) };
	struct record_field of_call[] = { text_field(FIELD_NOTES, name) };
	struct record records[] = {
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = str_of(key),
		  .observed_ms = 1,
		  .fields = fields,
		  .count = 3 },
		{ .object = OBJECT_ACTIVITY,
		  .source = STR("crm"),
		  .key = str_of(call),
		  .observed_ms = 1,
		  .fields = of_call,
		  .count = 1 },
	};

	return writer_append(writer, records, 2, &help_context, results, err);
}

static void *call(void *context)
{
	struct caller *c = context;

	for (unsigned i = 0; i < c->decisions; i++) {
		enum append_result results[2] = { APPEND_UNCHANGED, APPEND_UNCHANGED };
		struct err err = ERR_INIT;
		char line[64];

		if (decide(c->number, i, "north", results, &err) != 0 || results[0] != APPEND_NEW ||
		    results[1] != APPEND_NEW) {
			c->wrong++;
			continue;
		}
		int len = snprintf(line, sizeof(line), "c%u.%u.%u\n", run_number, c->number, i);
		if (acknowledged >= 0 && write(acknowledged, line, (size_t)len) != len)
			c->wrong++;
	}
	return NULL;
}

static unsigned call_all(unsigned decisions)
{
	static struct caller all[MOST_CALLERS];
	unsigned wrong = 0;

	for (unsigned i = 0; i < callers; i++) {
		all[i] = (struct caller){ .number = i, .decisions = decisions };
		if (pthread_create(&all[i].thread, NULL, call, &all[i]) != 0)
			bug_at(__FILE__, __LINE__, "no thread");
	}
	for (unsigned i = 0; i < callers; i++) {
		pthread_join(all[i].thread, NULL);
		wrong += all[i].wrong;
	}
	return wrong;
}

static int gather(void *context, const struct state *state, struct err *err)
{
	(void)err;
	*table_put(context, state->record.key, NULL) = 1;
	return 0;
}

static void keys_of(struct book *book, struct table *keys)
{
	struct reading reading = READING_ALL;

	table_init(keys);
	MUST(book_states(book, OBJECT_NONE, &reading, gather, keys, err));
}

static void test_many(void)
{
	struct book *book = help_fresh();
	struct table keys;

	MUST(writer_open(&writer, book, err));
	is_int(call_all(DECISIONS), 0, "%u callers get what they asked for", callers);
	struct writer_counts counts = writer_counts(writer);
	is_int((long long)counts.decisions, (long long)callers * DECISIONS, "every decision is counted");
	is_int((long long)counts.records, (long long)callers * DECISIONS * 2, "and every record");
	ok(counts.commits > 0 && counts.commits < counts.decisions, "%llu decisions shared %llu commits",
	   (unsigned long long)counts.decisions, (unsigned long long)counts.commits);
	writer_close(writer);
	keys_of(book, &keys);
	is_int((long long)keys.count, (long long)callers * DECISIONS * 2, "all of them are in the book");
	table_release(&keys);
	book_close(book);
	help_sound("after many callers");
}

static void test_answers(void)
{
	struct book *book = help_fresh();
	enum append_result results[2];

	MUST(writer_open(&writer, book, err));
	MUST(decide(1, 1, "north", results, err));
	MUST(decide(1, 1, "north", results, err));
	is_int(results[0], APPEND_UNCHANGED, "said again: unchanged");
	help_context.now_ms++;
	MUST(decide(1, 1, "south", results, err));
	ok(results[0] == APPEND_CHANGED || results[0] == APPEND_OLDER, "and is told apart");
	writer_close(writer);
	book_close(book);
	help_sound("after answers");
}

/* A record that cannot go in takes the rest of its decision with it, and nobody else's. */
static void *call_wrongly(void *context)
{
	static struct record_field many[600];
	struct record_field fields[] = { text_field(FIELD_REGION, "x") };
	struct record records[] = {
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = STR("good half"),
		  .observed_ms = 1,
		  .fields = fields,
		  .count = 1 },
		{ .object = OBJECT_CONTACT,
		  .source = STR("crm"),
		  .key = STR("bad half"),
		  .observed_ms = 1,
		  .fields = many,
		  .count = 600 },
	};
	unsigned *refused = context;

	for (int i = 0; i < DECISIONS; i++) {
		enum append_result results[2];
		struct err err = ERR_INIT;

		*refused += writer_append(writer, records, 2, &help_context, results, &err) == ERR_LIMIT && err.text[0];
	}
	return NULL;
}

static void test_wrong(void)
{
	struct book *book = help_fresh();
	unsigned refused = 0;
	struct table keys;
	pthread_t thread;

	MUST(writer_open(&writer, book, err));
	pthread_create(&thread, NULL, call_wrongly, &refused);
	is_int(call_all(DECISIONS), 0, "the others go in while one caller is refused");
	pthread_join(thread, NULL);
	is_int(refused, DECISIONS, "who is refused is told each time");
	writer_close(writer);
	keys_of(book, &keys);
	is_int((long long)keys.count, (long long)callers * DECISIONS * 2,
	       "no half of a refused decision is in the book");
	table_release(&keys);
	book_close(book);
	help_sound("after refusals");
}

/* A file that may not grow, as on a full disk: refused, questions go on, and the next try goes in when there is room. */
static void test_no_room(void)
{
	struct book *book = help_fresh();
	struct rlimit before, tight;
	enum append_result results[2];
	struct err why = ERR_INIT;
	struct table keys;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	tight = before;
	tight.rlim_cur = 4096;
	MUST(writer_open(&writer, book, err));
	MUST(decide(1, 1, "north", results, err));
	setrlimit(RLIMIT_FSIZE, &tight);
	is_int(decide(1, 2, "north", results, &why), ERR_SYSTEM, "refused: %s", why.text);
	struct book *reader = help_open(BOOK_READ);
	keys_of(reader, &keys);
	is_int((long long)keys.count, 2, "meanwhile questions are answered, and nothing of it is seen");
	table_release(&keys);
	book_close(reader);
	setrlimit(RLIMIT_FSIZE, &before);
	MUST(decide(1, 2, "north", results, err));
	is_int(results[0], APPEND_NEW, "with room again the same decision goes in");
	writer_close(writer);
	book_close(book);
	help_sound("after a full disk");
}

/* ---- kills ---- */

static _Noreturn void child(const char *log)
{
	struct book *book = help_open(BOOK_WRITE);

	acknowledged = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	MUST(writer_open(&writer, book, err));
	call_all(UINT32_MAX);
	_exit(1);
}

static unsigned random_below(unsigned n)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % n);
}

struct tally {
	unsigned long long acknowledged, lost, halves;
};

static void check_acknowledged(const struct table *keys, const char *log, struct tally *tally)
{
	FILE *file = fopen(log, "r");
	char line[64];

	while (file && fgets(line, sizeof(line), file)) {
		size_t len = strlen(line);

		if (line[len - 1] != '\n')
			continue;
		tally->acknowledged++;
		tally->lost += !table_get(keys, (struct str){ line, len - 1 });
	}
	if (file)
		fclose(file);
}

static void check_halves(const struct table *keys, struct tally *tally)
{
	size_t at = 0;
	uint64_t value;
	struct str key;

	while (table_next(keys, &at, &key, &value)) {
		char other[80];
		bool is_call = key.at[key.len - 1] == '+';
		int n = snprintf(other, sizeof(other), "%.*s%s", (int)key.len - is_call, key.at, is_call ? "" : "+");

		tally->halves += !table_get(keys, (struct str){ other, (size_t)n });
	}
}

static bool is_sound(void)
{
	struct verify_options options = { 0 };
	struct verify_result result;
	struct err err = ERR_INIT;
	bool sound = book_verify(help_path, &options, &result, &err) == 0 && result.fault == VERIFY_SOUND;

	if (!sound)
		fprintf(stderr, "# run %u: %s %s\n", run_number, result.text, err.text);
	return sound;
}

static void kill_one(const char *log, struct tally *tally)
{
	struct stat st = { 0 };
	pid_t pid = fork();

	if (pid == 0)
		child(log);
	/* From the first acknowledgement on, at any moment. */
	while ((stat(log, &st) != 0 || st.st_size == 0) && waitpid(pid, NULL, WNOHANG) == 0)
		usleep(200);
	usleep(random_below(60000));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);

	struct book *book = help_open(BOOK_READ);
	struct table keys;
	keys_of(book, &keys);
	book_close(book);
	check_acknowledged(&keys, log, tally);
	check_halves(&keys, tally);
	table_release(&keys);
}

static void test_kills(unsigned runs)
{
	struct tally tally = { 0 };
	unsigned unsound = 0;
	char log[sizeof(help_folder) + 16];

	snprintf(log, sizeof(log), "%s.log", help_folder);
	for (unsigned i = 0; i < runs; i++) {
		if (i % FRESH_AFTER == 0) {
			book_close(help_fresh());
			run_number = 0;
		}
		run_number++;
		unlink(log);
		kill_one(log, &tally);
		unsound += !is_sound();
		if (runs >= 50 && (i + 1) % 50 == 0)
			printf("# %u kills, %llu acknowledged\n", i + 1, tally.acknowledged);
	}
	unlink(log);
	ok(tally.acknowledged > 0, "%u kills came while %u callers wrote: %llu decisions were acknowledged", runs,
	   callers, tally.acknowledged);
	is_int((long long)tally.lost, 0, "none of them is lost");
	is_int((long long)tally.halves, 0, "no decision is there by half");
	is_int(unsound, 0, "verify finds nothing after any kill");
}

int main(void)
{
	const char *runs = getenv("RUNS"), *many = getenv("CALLERS");

	if (many && strtoul(many, NULL, 10) > 0 && strtoul(many, NULL, 10) <= MOST_CALLERS)
		callers = (unsigned)strtoul(many, NULL, 10);
	help_folder_make();
	test_many();
	test_answers();
	test_wrong();
	test_no_room();
	test_kills(runs ? (unsigned)strtoul(runs, NULL, 10) : 3);
	help_folder_remove();
	return done();
}
