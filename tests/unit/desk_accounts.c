/* Notes of what was done with accounts come into the book once, whatever happens between the two files; what is remembered of a pass is not
 * older than the file; and the second factor. */
#include <stdio.h>

#include "book_help.h"
#include "desk/accounts.h"

#define NOW INT64_C(1772697610000) /* ten seconds into a half minute */

static struct arena arena;
static struct err failure = ERR_INIT;
static const char *doors_path, *copy_path;

static struct doors *open_doors(void)
{
	struct doors *doors;

	MUST(doors_open(&doors, doors_path, err));
	return doors;
}

static struct accounts desk_of(struct doors *doors, struct problems *problems)
{
	return (struct accounts){
		.doors = doors, .now_ms = NOW, .actor = STR("boss"), .arena = &arena, .problems = problems
	};
}

static void copy_file(const char *from, const char *to)
{
	char bytes[1 << 16];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");

	if (!in || !out)
		bug_at(__FILE__, __LINE__, "cannot copy %s", from);
	for (size_t got; (got = fread(bytes, 1, sizeof(bytes), in)) > 0;)
		fwrite(bytes, 1, got, out);
	fclose(in);
	fclose(out);
}

static size_t settled(struct doors *doors, struct book *book)
{
	size_t moved = 99;

	ok(!accounts_settle(doors, book, NOW, &moved, &failure), "notes are taken over");
	return moved;
}

static size_t lines(struct book *book)
{
	struct journal_line *all;
	size_t count;

	MUST(book_journal_read(book, UINT64_MAX, 1000, &all, &count, &arena, err));
	return count;
}

static void notes(void)
{
	struct book *book = help_fresh();
	struct doors *doors = open_doors();
	struct problems problems;
	struct accounts desk;

	problems_init(&problems, &arena);
	desk = desk_of(doors, &problems);
	for (int i = 0; i < 300; i++)
		MUST(accounts_export(&desk, str_of(arena_printf(&arena, "rows %d", i)), err));
	is_int((long long)settled(doors, book), 300, "more than one transaction holds");
	is_int((long long)settled(doors, book), 0, "and that was all");
	is_int((long long)lines(book), 300, "each is told");
	doors_close(doors);
	book_close(book);
}

/* The last transaction alone can be there without the doors knowing. */
static void crash_between(void)
{
	struct doors *doors = open_doors();
	struct book *book = help_open(BOOK_WRITE);
	size_t before = lines(book);
	struct problems problems;
	struct accounts desk;

	problems_init(&problems, &arena);
	desk = desk_of(doors, &problems);
	for (int i = 0; i < 5; i++)
		MUST(accounts_export(&desk, str_of(arena_printf(&arena, "crash %d", i)), err));
	doors_close(doors);
	copy_file(doors_path, copy_path);
	doors = open_doors();
	is_int((long long)settled(doors, book), 5, "five notes");
	doors_close(doors);
	copy_file(copy_path, doors_path);
	doors = open_doors();
	desk.doors = doors;
	MUST(accounts_export(&desk, STR("after it"), err));
	is_int((long long)settled(doors, book), 1, "after a crash in between only the new one is written");
	is_int((long long)lines(book), (long long)before + 6, "and none twice");
	doors_close(doors);
	book_close(book);
}

static bool lets_in(struct doors *doors, const char *text)
{
	struct account who;
	struct pass pass;
	bool found = false;

	MUST(doors_look_at(doors, PASS_SESSION, str_of(text), NOW, &who, &pass, &found, &arena, err));
	return found;
}

static void memory(void)
{
	struct doors *doors = open_doors(), *other = open_doors();
	struct account mia = { .login = STR("mia"), .name = STR("Mia"), .roles = 1u << ROLE_ADMIN };
	struct account max = { .login = STR("max"), .name = STR("Max"), .roles = 1u << ROLE_VIEWER };
	struct pass pass = { .grants = GRANTS_ALL, .made_ms = NOW, .until_ms = NOW + 1000 };
	struct problems problems;
	struct accounts desk, elsewhere;
	char text[PASS_TEXT];

	problems_init(&problems, &arena);
	desk = desk_of(doors, &problems);
	elsewhere = desk_of(other, &problems);
	MUST(accounts_add(&desk, &mia, err));
	MUST(accounts_add(&desk, &max, err));
	MUST(accounts_sign_in(&desk, &max, "password", &pass, text, err));
	ok(lets_in(doors, text) && lets_in(doors, text), "a session lets in");
	MUST(accounts_sign_out(&elsewhere, &max, STR_NONE, err));
	ok(!lets_in(doors, text), "not after another process took it back");
	MUST(accounts_sign_in(&desk, &max, "password", &pass, text, err));
	ok(lets_in(doors, text), "a new one does");
	MUST(doors_begin(doors, err) || doors_take_back_all(doors, max.id, PASS_SESSION, STR_NONE, err));
	ok(!lets_in(doors, text), "within a transaction what it did is seen");
	ok(doors_end(doors, ERR_STATE, &failure) == ERR_STATE, "which is taken back");
	ok(lets_in(doors, text), "and then it lets in as before");
	max.closed = true;
	MUST(accounts_change(&elsewhere, &max, err));
	ok(!lets_in(doors, text), "not where the account was closed");
	mia.roles = 1u << ROLE_VIEWER;
	is_int(accounts_change(&desk, &mia, &failure), 1, "the last admin stays one");
	doors_close(doors);
	doors_close(other);
}

static void factor(void)
{
	struct account ona = { .login = STR("ona"), .name = STR("Ona"), .roles = 1u << ROLE_VIEWER };
	char code[TOTP_DIGITS + 1], recovery[RECOVERY_CODES][RECOVERY_TEXT];
	struct doors *doors = open_doors();
	unsigned char secret[TOTP_SECRET];
	struct problems problems;
	struct accounts desk;
	bool right = true;

	problems_init(&problems, &arena);
	desk = desk_of(doors, &problems);
	MUST(accounts_add(&desk, &ona, err));
	MUST(doors_factor_check(doors, ona.id, STR("000000"), NOW, &right, err));
	ok(!right, "without a factor no code is right");
	MUST(doors_factor_begin(doors, ona.id, secret, err));
	totp_code(secret, totp_step(NOW), code);
	MUST(doors_factor_check(doors, ona.id, str_of(code), NOW, &right, err));
	ok(!right, "nor before it counts");
	MUST(accounts_factor_on(&desk, &ona, str_of(code), &right, recovery, err));
	ok(right, "the first code turns it on");
	for (int64_t step = -3; step <= 3; step++) {
		totp_code(secret, totp_step(NOW) + step, code);
		MUST(doors_factor_check(doors, ona.id, str_of(code), NOW, &right, err));
		ok(right == (step == 1), "of the codes around only the next is right: %d", (int)step);
	}
	MUST(doors_factor_check(doors, ona.id, str_of(recovery[9]), NOW, &right, err));
	ok(right, "a code for when the device is lost");
	MUST(doors_factor_check(doors, ona.id, str_of(recovery[9]), NOW, &right, err));
	ok(!right, "is good once");
	MUST(accounts_factor_off(&desk, &ona, err));
	MUST(doors_factor_check(doors, ona.id, str_of(recovery[0]), NOW, &right, err));
	ok(!right, "and none is, once it is off");
	doors_close(doors);
}

int main(void)
{
	arena_init(&arena);
	help_folder_make();
	doors_path = arena_printf(&arena, "%s" BOOK_DOORS, help_path);
	copy_path = arena_printf(&arena, "%s.copy", doors_path);
	notes();
	crash_between();
	memory();
	factor();
	help_folder_remove();
	arena_release(&arena);
	return done();
}
