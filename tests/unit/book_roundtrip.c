/* A book is made, written, closed, opened, and says what it was told. */
#include "book_help.h"

struct seen {
	char text[2048];
	int count;
	unsigned versions;
	bool erased;
};

static int see(void *context, const struct state *state, struct err *err)
{
	struct seen *seen = context;
	struct buf out;

	(void)err;
	buf_init(&out, sizeof(seen->text));
	buf_addf(&out, "%s%.*s@%lld", seen->count++ ? "; " : "", STR_ARG(state->record.key),
		 (long long)state->record.observed_ms);
	for (size_t i = 0; i < state->record.count; i++) {
		const struct record_field *f = &state->record.fields[i];
		const struct field_def *def = field_by_code(state->record.object, f->code);

		buf_addf(&out, " %.*s=", STR_ARG(def ? str_of(def->name) : f->name));
		value_format(&out, &f->value);
	}
	size_t len = strlen(seen->text);
	snprintf(seen->text + len, sizeof(seen->text) - len, "%s", out.at);
	buf_release(&out);
	seen->versions = state->versions;
	seen->erased = state->erased;
	return 0;
}

static struct seen look(struct book *book, enum object object, int64_t known_at_ms, bool open_personal)
{
	struct reading reading = { known_at_ms, open_personal };
	struct seen seen = { "", 0, 0, false };

	MUST(book_states(book, object, &reading, see, &seen, err));
	return seen;
}

static struct seen history(struct book *book, enum object object)
{
	struct reading reading = { INT64_MAX, true };
	struct seen seen = { "", 0, 0, false };

	MUST(book_history(book, object, &reading, see, &seen, err));
	return seen;
}

static enum append_result account(struct book *book, const char *key, int64_t ms, const char *company,
				  const char *region)
{
	struct record_field fields[] = { text_field(FIELD_NAME, company), text_field(FIELD_REGION, region) };

	return help_append(book, OBJECT_ACCOUNT, key, ms, fields, 2);
}

static void test_basics(void)
{
	struct book *book = help_fresh();
	struct seen s;

	is_str(book_settings(book)->zone, "Europe/Berlin", "the zone comes back");
	is_str(book_settings(book)->currency, "EUR", "the currency comes back");
	is_int(book_settings(book)->fiscal_start_month, 4, "the fiscal year comes back");
	is_str(book_settings(book)->name, "Acme", "the name comes back");
	is_int((long long)book_head(book).seq, 1, "the settings are the first entry");
	MUST(book_begin(book, err));
	is_int(account(book, "a1", 100, "Ada", "north"), APPEND_NEW, "a first record is new");
	is_int(account(book, "a1", 100, "Ada", "north"), APPEND_UNCHANGED, "the same again is unchanged");
	is_int(account(book, "a1", 200, "Ada", ""), APPEND_CHANGED, "a cleared cell is a change");
	is_int(account(book, "a1", 100, "Ada", "north"), APPEND_UNCHANGED, "the older row, read again, is unchanged");
	is_int(account(book, "a1", 150, "Ada", "west"), APPEND_OLDER, "another old row is older");
	is_int(account(book, "a1", 300, "Ada", "north"), APPEND_CHANGED, "the first row said again later is a change");
	is_int(account(book, "b2", 100, "Bob", "east"), APPEND_NEW, "another record is new");
	MUST(book_commit(book, err));
	is_int((long long)book_head(book).seq, 6, "five observations were written");
	s = look(book, OBJECT_ACCOUNT, INT64_MAX, false);
	is_str(s.text, "a1@300 name=Ada region=north; b2@100 name=Bob region=east", "the state follows");
	book_close(book);

	book = help_open(BOOK_READ);
	s = look(book, OBJECT_NONE, INT64_MAX, false);
	is_str(s.text, "a1@300 name=Ada region=north; b2@100 name=Bob region=east", "and is there after opening again");
	s = history(book, OBJECT_ACCOUNT);
	is_str(s.text,
	       "a1@100 name=Ada region=north; a1@150 name=Ada region=west; a1@200 name=Ada; a1@300 name=Ada region=north",
	       "the history tells each");
	book_close(book);
	book_close(NULL);
}

static void test_rollback(void)
{
	struct book *book = help_fresh();

	MUST(book_begin(book, err));
	account(book, "a", 1, "Ada", "x");
	book_rollback(book);
	is_int(look(book, OBJECT_NONE, INT64_MAX, false).count, 0, "after a rollback there is nothing");
	MUST(book_begin(book, err));
	is_int(account(book, "a", 1, "Ada", "x"), APPEND_NEW, "and the record is new again");
	struct book *reader = help_open(BOOK_READ);
	is_int(look(reader, OBJECT_NONE, INT64_MAX, false).count, 0, "a reader sees nothing before the commit");
	book_close(reader);
	MUST(book_commit(book, err));
	reader = help_open(BOOK_READ);
	is_int(look(reader, OBJECT_NONE, INT64_MAX, false).count, 1, "and all of it after");
	book_close(reader);
	book_close(book);
}

static void test_known_at(void)
{
	struct book *book = help_fresh();

	for (int i = 1; i <= 3; i++) {
		char name[8] = { (char)('A' + i), 0 };

		help_context.now_ms = i * 1000;
		MUST(book_begin(book, err));
		account(book, "a", i * 10, name, "r");
		MUST(book_commit(book, err));
	}
	is_str(look(book, OBJECT_ACCOUNT, 2500, false).text, "a@20 name=C region=r", "what was known then");
	is_int(look(book, OBJECT_ACCOUNT, 500, false).count, 0, "nothing was known before");
	is_str(look(book, OBJECT_ACCOUNT, INT64_MAX, false).text, "a@30 name=D region=r", "what is known now");
	book_close(book);
}

static enum append_result contact(struct book *book, const char *key, int64_t ms, const char *name, const char *email,
				  const char *region)
{
	struct record_field fields[] = { text_field(FIELD_NAME, name), text_field(FIELD_EMAIL, email),
					 text_field(FIELD_REGION, region) };

	return help_append(book, OBJECT_CONTACT, key, ms, fields, 3);
}

static void test_personal(void)
{
	struct book *book = help_fresh();
	struct record_field fields[2] = { { .code = FIELD_CONTACT }, { .code = FIELD_AMOUNT } };
	struct seen s;

	fields[0].value = (struct value){ .kind = VALUE_REF, .as.ref = { STR("Jo@Example.com"), REF_BY_EMAIL } };
	fields[1].value = (struct value){ .kind = VALUE_MONEY, .as.money = { 500, "EUR" } };
	MUST(book_begin(book, err));
	is_int(contact(book, "c1", 1, "Jo Doe", " jo@example.com", "r"), APPEND_NEW, "a person is new");
	is_int(contact(book, "c1", 1, "Jo Doe", " jo@example.com", "r"), APPEND_UNCHANGED,
	       "the same person again is unchanged");
	is_int(contact(book, "c1", 2, "Jo Dot", " jo@example.com", "r"), APPEND_CHANGED, "another name is a change");
	is_int(contact(book, "kim@example.com", 2, "Kim", "kim@example.com", "r"), APPEND_NEW, "an address as key");
	is_int(contact(book, "KIM@example.com", 2, "Kim", "kim@example.com", "r"), APPEND_UNCHANGED,
	       "is one key in any case");
	help_append(book, OBJECT_OPPORTUNITY, "o1", 1, fields, 2);
	MUST(book_commit(book, err));
	s = look(book, OBJECT_CONTACT, INT64_MAX, false);
	ok(strstr(s.text, "name=(sealed)") && !strstr(s.text, "Jo") && !strstr(s.text, "kim@"),
	   "sealed unless asked: %s", s.text);
	s = look(book, OBJECT_CONTACT, INT64_MAX, true);
	ok(strstr(s.text, "name=Jo Dot") && strstr(s.text, "jo@example.com"), "opened when asked: %s", s.text);
	s = look(book, OBJECT_OPPORTUNITY, INT64_MAX, false);
	ok(strstr(s.text, "contact=anon-"), "a reference by address is an anonym: %s", s.text);

	struct state state;
	struct reading reading = { INT64_MAX, true };
	struct arena arena;
	bool found;
	arena_init(&arena);
	MUST(book_state_of(book, OBJECT_CONTACT, STR("crm"), STR("Kim@Example.com"), &reading, &state, &found, &arena,
			   err));
	ok(found && record_get(&state.record, FIELD_NAME) &&
		   str_is(record_get(&state.record, FIELD_NAME)->as.text, "Kim"),
	   "a record is found by its plain key");
	MUST(book_state_of(book, OBJECT_CONTACT, STR("crm"), STR("no@example.com"), &reading, &state, &found, &arena,
			   err));
	ok(!found, "and not by another");
	arena_release(&arena);
	book_close(book);
}

static void test_refusals(void)
{
	struct book *book = help_fresh(), *other = NULL;
	struct err err = ERR_INIT;
	char missing[320];

	is_int(book_create(help_path, &help_settings, 1, &err), ERR_STATE, "a second book is not made over the first");
	is_int(book_open(&other, help_path, BOOK_WRITE, &err), ERR_STATE, "a second writer is refused");
	ok(strstr(err.text, "held by process"), "and told by whom: %s", err.text);
	char link_path[320];
	snprintf(link_path, sizeof(link_path), "%s/link", help_folder);
	ok(symlink(help_path, link_path) == 0, "another name of the book");
	is_int(book_open(&other, link_path, BOOK_WRITE, &err), ERR_STATE, "is the same lock");
	is_int(book_open(&other, link_path, BOOK_READ, &err), 0, "and the same book");
	book_close(other);
	book_close(book);
	snprintf(missing, sizeof(missing), "%s/none", help_folder);
	is_int(book_open(&other, missing, BOOK_WRITE, &err), ERR_STATE, "no book, no opening");
	ok(strstr(err.text, "lockstep init"), "and told what to do: %s", err.text);
	snprintf(missing, sizeof(missing), "%s/none.lock", help_folder);
	ok(access(missing, F_OK) != 0, "no lock file is left where no book is");
	is_int(book_open(&other, "postgresql://x/y", BOOK_READ, &err), ERR_STATE, "PostgreSQL is not there yet");
}

/* Somebody reads while the writer closes: the file alone is still a whole book. */
static void test_copy_of_file(void)
{
	struct book *book = help_fresh(), *reader;
	struct record_field name[] = { text_field(FIELD_REGION, "north") };
	char copy[400], command[2000];
	struct verify_options options = { 0 };
	struct verify_result result;

	MUST(book_begin(book, err));
	for (int i = 0; i < 400; i++) {
		char key[16];

		snprintf(key, sizeof(key), "L-%d", i);
		help_append(book, OBJECT_LEAD, key, 10, name, 1);
	}
	MUST(book_commit(book, err));
	reader = help_open(BOOK_READ);
	book_close(book);
	snprintf(copy, sizeof(copy), "%s/copy", help_folder);
	snprintf(command, sizeof(command), "cp '%s' '%s' && cp '%s.keys' '%s.keys'", help_path, copy, help_path, copy);
	is_int(system(command), 0, "the file is copied, without its log");
	MUST(book_verify(copy, &options, &result, err));
	ok(result.fault == VERIFY_SOUND && result.entries == 401, "and is whole: %llu entries (%s)",
	   (unsigned long long)result.entries, result.text);
	book_close(reader);
}

int main(void)
{
	help_folder_make();
	test_basics();
	test_rollback();
	test_known_at();
	test_personal();
	test_refusals();
	test_copy_of_file();
	help_folder_remove();
	return done();
}
