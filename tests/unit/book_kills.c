/* kill -9 at any moment while many callers write: nothing acknowledged is lost, nothing is there by half, verify finds nothing.
 * RUNS kills (12), of CALLERS callers (64). What is killed: the opening, the writing, the copying of the log into the file
 * (checkpoint), the writing of the columns snapshot. Kills of imports: tests/program/import-kill.mjs. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "base/date.h"
#include "base/table.h"
#include "book/writer.h"
#include "book_help.h"
#include "desk/columns.h"

enum { MOST_CALLERS = 256, FRESH_AFTER = 12, LINE = 64, ROUND = 20 };
enum moment { ANY, WRITING, CHECKPOINT, SNAPSHOT, MOMENT__COUNT };

static const char *const moment_names[MOMENT__COUNT] = { [ANY] = "from the start on",
							 [WRITING] = "while it wrote",
							 [CHECKPOINT] = "at a checkpoint",
							 [SNAPSHOT] = "at a columns snapshot" };

static unsigned callers = 64, run_number;
static struct writer *writer;
static int acknowledged = -1;
static char log_path[340], fresh_path[340];

static unsigned first, last; /* which of their decisions the callers make */

/* ---- the one that is killed ---- */

/* A decision: a contact, and a call with the contact, both of one version. Half of it is a lost half. */
static int decide(const char *key, unsigned version, struct err *err)
{
	char call[48], mail[64], name[64], said[16];
	enum append_result results[2];

	snprintf(call, sizeof(call), "%s+", key);
	snprintf(mail, sizeof(mail), "%s@example.com", key);
	snprintf(name, sizeof(name), "Name of %s", key);
	snprintf(said, sizeof(said), "%u", version);
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, mail),
					 text_field(FIELD_REGION, said) };
	struct record_field of_call[] = { text_field(FIELD_OUTCOME, said) };
	struct record records[] = {
		{ OBJECT_CONTACT, STR("crm"), str_of(key), .observed_ms = version, .fields = fields, .count = 3 },
		{ OBJECT_ACTIVITY, STR("crm"), str_of(call), .observed_ms = version, .fields = of_call, .count = 1 },
	};

	return writer_append(writer, records, 2, &help_context, results, err);
}

/* New ones, and each third time an old one again, changed. Each is told in one write, once it is acknowledged. */
static void *write_on(void *context)
{
	unsigned caller = *(unsigned *)context;

	for (unsigned i = first; i < last; i++) {
		bool again = i % 3 == 2;
		struct err err = ERR_INIT;
		char key[40], line[LINE];

		snprintf(key, sizeof(key), "c%u.%u.%u", run_number, caller, again ? i / 2 : i);
		unsigned version = again ? i + 2 : 1;
		if (decide(key, version, &err) != 0) {
			fprintf(stderr, "# refused: %s\n", err.text);
			_exit(1);
		}
		int len = snprintf(line, sizeof(line), "%s %u\n", key, version);
		if (write(acknowledged, line, (size_t)len) != len)
			_exit(1);
	}
	return NULL;
}

static void all_write(void)
{
	static pthread_t threads[MOST_CALLERS];
	static unsigned numbers[MOST_CALLERS];

	for (unsigned i = 0; i < callers; i++) {
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, write_on, &numbers[i]) != 0)
			_exit(1);
	}
	for (unsigned i = 0; i < callers; i++)
		pthread_join(threads[i], NULL);
}

static _Noreturn void child(enum moment moment)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX };
	struct book *book = help_open(BOOK_WRITE);

	acknowledged = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (;; first = last) {
		last = moment == SNAPSHOT ? first + ROUND : UINT32_MAX;
		MUST(writer_open(&writer, book, err));
		all_write();
		writer_close(writer);
		MUST(columns_refresh(book, &options, err));
	}
}

/* ---- the one that kills ---- */

static unsigned random_below(unsigned n)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % n);
}

static bool has_come(enum moment moment, const struct stat *before)
{
	struct stat st = { 0 };

	switch (moment) {
	case WRITING: return stat(log_path, &st) == 0 && st.st_size > 0;
	case CHECKPOINT:
		return stat(help_path, &st) == 0 &&
		       (st.st_mtim.tv_nsec != before->st_mtim.tv_nsec || st.st_mtim.tv_sec != before->st_mtim.tv_sec);
	case SNAPSHOT: return access(fresh_path, F_OK) == 0;
	default: return true;
	}
}

/* Waits until it does what it is to be killed at, and some microseconds more. False when it ended by itself. *met: it came to that. */
static bool kill_at(pid_t pid, enum moment moment, const struct stat *before, bool *met)
{
	static const unsigned most_us[MOMENT__COUNT] = {
		[ANY] = 30000, [WRITING] = 60000, [CHECKPOINT] = 100000, [SNAPSHOT] = 1500
	};
	int status = 0;

	for (int i = 0; i < 200000 && !has_come(moment, before); i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return false;
		usleep(moment == SNAPSHOT ? 20 : 100);
	}
	*met = has_come(moment, before);
	usleep(random_below(most_us[moment]));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status);
}

struct tally {
	unsigned long long acknowledged, lost, halves, unsound, ended;
	unsigned kills[MOMENT__COUNT], met[MOMENT__COUNT], halfway; /* a columns snapshot was begun and not there yet */
};

static int gather(void *context, const struct state *state, struct err *err)
{
	const struct value *said =
		record_get(&state->record, state->record.object == OBJECT_CONTACT ? FIELD_REGION : FIELD_OUTCOME);

	(void)err;
	*table_put(context, state->record.key, NULL) = said ? strtoul(said->as.text.at, NULL, 10) : 0;
	return 0;
}

/* A later version may be there: acknowledged it was not. */
static void check_acknowledged(const struct table *found, struct tally *tally)
{
	FILE *file = fopen(log_path, "r");
	char line[LINE];

	while (file && fgets(line, sizeof(line), file)) {
		char *end = strchr(line, '\n'), *space = strchr(line, ' ');

		if (!end || !space)
			continue;
		const uint64_t *there = table_get(found, (struct str){ line, (size_t)(space - line) });
		tally->acknowledged++;
		tally->lost += !there || *there < strtoul(space + 1, NULL, 10);
	}
	if (file)
		fclose(file);
}

static void check_halves(const struct table *found, struct tally *tally)
{
	size_t at = 0;
	uint64_t version;
	struct str key;

	while (table_next(found, &at, &key, &version)) {
		char other[80];
		bool is_call = key.at[key.len - 1] == '+';
		int n = snprintf(other, sizeof(other), "%.*s%s", (int)key.len - is_call, key.at, is_call ? "" : "+");
		const uint64_t *there = table_get(found, (struct str){ other, (size_t)n });

		tally->halves += !there || *there != version;
	}
}

/* As `lockstep verify` does: the book, that it only went on from where it stood before, and the columns beside it. */
static bool is_sound(struct book_head *head)
{
	const struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true };
	struct verify_options verify = { .expect = head->seq ? head : NULL };
	struct verify_result result;
	struct err err = ERR_INIT;
	struct facts *facts = NULL;
	char columns[1024] = "";
	bool sound = book_verify(help_path, &verify, &result, &err) == 0 && result.fault == VERIFY_SOUND;

	if (sound) {
		struct book *book = help_open(BOOK_READ);

		*head = result.head;
		sound = facts_load(&facts, book, &options, &err) == 0;
		if (sound)
			columns_check(book, facts, columns);
		facts_free(facts);
		book_close(book);
	}
	if (!sound || columns[0])
		fprintf(stderr, "# run %u: %s %s %s\n", run_number, result.text, err.text, columns);
	return sound && !columns[0];
}

static void kill_one(enum moment moment, struct tally *tally)
{
	struct reading reading = READING_ALL;
	struct stat before = { 0 };
	struct table found;
	bool met = false;

	stat(help_path, &before);
	unlink(log_path);
	unlink(fresh_path);
	pid_t pid = fork();
	if (pid == 0)
		child(moment);
	tally->ended += !kill_at(pid, moment, &before, &met);
	tally->kills[moment]++;
	tally->met[moment] += met;
	tally->halfway += access(fresh_path, F_OK) == 0;

	struct book *book = help_open(BOOK_READ);
	table_init(&found);
	MUST(book_states(book, OBJECT_NONE, &reading, gather, &found, err));
	book_close(book);
	check_acknowledged(&found, tally);
	check_halves(&found, tally);
	table_release(&found);
}

static void test_kills(unsigned runs)
{
	struct book_head head = { 0 };
	struct tally tally = { 0 };

	for (unsigned i = 0; i < runs; i++) {
		if (i % FRESH_AFTER == 0) {
			book_close(help_fresh());
			head.seq = 0;
		}
		run_number = i + 1;
		/* Of six: two from the start on, two while it writes, one each of the others. */
		kill_one(i % 6 < MOMENT__COUNT ? (enum moment)(i % 6) : (enum moment)(i % 6 - MOMENT__COUNT), &tally);
		tally.unsound += !is_sound(&head);
		if (runs >= 50 && (i + 1) % 50 == 0)
			note("%u kills, %llu acknowledged", i + 1, tally.acknowledged);
	}
	for (int i = 0; i < MOMENT__COUNT; i++)
		note("%u killed %s", tally.kills[i], moment_names[i]);
	note("%u times a columns snapshot was left half written", tally.halfway);
	ok(tally.met[CHECKPOINT] > 0 || runs < CHECKPOINT + 1, "%u kills met a checkpoint", tally.met[CHECKPOINT]);
	ok(tally.acknowledged > 0, "%u kills came while %u callers wrote: %llu decisions were acknowledged", runs,
	   callers, tally.acknowledged);
	is_int((long long)tally.ended, 0, "each was killed before it ended by itself");
	is_int((long long)tally.lost, 0, "no acknowledged decision is lost");
	is_int((long long)tally.halves, 0, "no decision is there by half");
	is_int((long long)tally.unsound, 0, "verify finds nothing after any kill, and the book only went on");
}

int main(void)
{
	const char *runs = getenv("RUNS"), *many = getenv("CALLERS");

	if (many && strtoul(many, NULL, 10) > 0 && strtoul(many, NULL, 10) <= MOST_CALLERS)
		callers = (unsigned)strtoul(many, NULL, 10);
	help_folder_make();
	snprintf(log_path, sizeof(log_path), "%s.log", help_folder);
	snprintf(fresh_path, sizeof(fresh_path), "%s%s.new", help_path, BOOK_COLUMNS);
	test_kills(runs ? (unsigned)strtoul(runs, NULL, 10) : 12);
	unlink(log_path);
	help_folder_remove();
	return done();
}
