/* Accounts, passwords and passes; and answers that the book keeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "book/doors.h"
#include "book/reply.h"
#include "book_help.h"

#define NOW INT64_C(1772697600000)

static struct arena arena;
static struct err err = ERR_INIT;

static bool lets_in(struct doors *doors, int64_t id, const char *password)
{
	bool right = true;

	ok(!doors_check_password(doors, id, str_of(password), &right, &err), "a password is looked at");
	return right;
}

static bool good(struct doors *doors, enum pass_kind kind, const char *text, int64_t now_ms, unsigned *grants)
{
	struct account who;
	struct pass pass = { .grants = 0 };
	bool found = false, looked;

	looked = !doors_look_at(doors, kind, str_of(text), now_ms, &who, &pass, &found, &arena, &err);
	*grants = pass.grants;
	return looked && found;
}

static void accounts(struct doors *doors)
{
	struct account mia = { .login = STR(" Mia@Example.com "), .name = STR("Mia"), .roles = 1u << ROLE_MARKETING };
	struct account found = { .id = 0 };
	int64_t id, other;
	bool is_there;

	ok(!doors_add(doors, &mia, &id, &err), "an account");
	ok(doors_add(doors, &mia, &other, &err) == ERR_STATE, "a login is given once");
	ok(!doors_by_login(doors, STR("mia@EXAMPLE.com"), &found, &is_there, &arena, &err) && is_there,
	   "is found by its login, whatever the capitals");
	ok(found.id == id && str_is(found.login, "mia@example.com") && found.roles == mia.roles && !found.closed,
	   "as it was told");
	ok(!lets_in(doors, id, ""), "without a password nobody comes in, not by an empty one");
	ok(doors_set_password(doors, id, STR("too short"), &err) == ERR_INPUT, "a short password is none");
	ok(!doors_set_password(doors, id, STR("long enough for us"), &err), "a password");
	ok(lets_in(doors, id, "long enough for us"), "is right");
	ok(!lets_in(doors, id, "long enough for u"), "a shorter one is not");
	ok(!lets_in(doors, id + 1, "long enough for us"), "nor is it anybody else's");
	ok(!lets_in(doors, id + 1, ""), "who is not there has no empty one");
}

/* However often somebody signs in. */
static void sessions(struct doors *doors, int64_t account)
{
	struct pass pass = { .kind = PASS_SESSION, .grants = GRANTS_ALL, .made_ms = NOW, .until_ms = NOW + 100000 };
	char first[PASS_TEXT], text[PASS_TEXT];
	struct pass *all;
	unsigned grants;
	int failed = doors_hand_out(doors, account, &pass, first, &err);
	size_t count = 0;

	for (int i = 1; i <= SESSIONS_MOST; i++) {
		if (i == SESSIONS_MOST)
			ok(good(doors, PASS_SESSION, first, NOW, &grants), "as many sessions as may be are good");
		pass.made_ms = NOW + i;
		failed |= doors_hand_out(doors, account, &pass, text, &err);
	}
	ok(!good(doors, PASS_SESSION, first, NOW, &grants) && good(doors, PASS_SESSION, text, NOW, &grants),
	   "where one more comes the oldest ends");
	failed |= doors_passes(doors, account, PASS_SESSION, NOW, &all, &count, &arena, &err);
	ok(!failed && count == SESSIONS_MOST, "so many there are");
}

static void passes(struct doors *doors)
{
	struct pass pass = { .kind = PASS_TOKEN,
			     .name = STR("site"),
			     .grants = 1u << GRANT_INTAKE,
			     .made_ms = NOW,
			     .until_ms = NOW + 1000 };
	char text[PASS_TEXT], second[PASS_TEXT];
	struct account mia;
	struct pass *all;
	unsigned grants = 0;
	bool found;
	size_t count;

	ok(!doors_by_login(doors, STR("mia@example.com"), &mia, &found, &arena, &err) && found, "somebody");
	ok(!doors_hand_out(doors, mia.id, &pass, text, &err), "a token is handed out");
	ok(strlen(text) == PASS_TEXT - 1, "of 256 bits");
	ok(good(doors, PASS_TOKEN, text, NOW + 999, &grants) && grants == pass.grants,
	   "is good, for what it was made for");
	ok(!good(doors, PASS_TOKEN, text, NOW + 1000, &grants), "until its time is over");
	ok(!good(doors, PASS_SESSION, text, NOW, &grants), "and for no session");
	ok(!doors_passes(doors, mia.id, PASS_TOKEN, NOW, &all, &count, &arena, &err) && count == 1 &&
		   str_is(all[0].name, "site"),
	   "is listed");
	ok(!doors_take_back_by_id(doors, mia.id + 1, PASS_TOKEN, str_of(pass.id), &found, &err) && !found,
	   "not another's to take back");
	ok(!doors_take_back_by_id(doors, mia.id, PASS_TOKEN, str_of(pass.id), &found, &err) && found, "taken back");
	ok(!good(doors, PASS_TOKEN, text, NOW, &grants), "it is good no more");
	ok(!doors_hand_out(doors, mia.id, &pass, text, &err) && !doors_hand_out(doors, mia.id, &pass, second, &err) &&
		   strcmp(text, second) != 0,
	   "no two are the same");
	sessions(doors, mia.id);
	ok(!doors_set_password(doors, mia.id, STR("another long one"), &err) &&
		   !good(doors, PASS_TOKEN, second, NOW, &grants),
	   "with a new password all are taken back");
	ok(!doors_hand_out(doors, mia.id, &pass, text, &err), "one more");
	mia.closed = true;
	ok(!doors_change(doors, &mia, &err), "the account is closed");
	ok(!good(doors, PASS_TOKEN, text, NOW, &grants), "with all its passes");
	ok(!lets_in(doors, mia.id, "another long one"), "and its password");
}

static void nobody_else_reads(const char *path)
{
	struct stat st;
	char line[256] = "";
	FILE *file = fopen(path, "rb");
	bool told = false;

	ok(!stat(path, &st) && (st.st_mode & 077) == 0, "the file is its owner's alone");
	for (size_t got; file && (got = fread(line, 1, sizeof(line), file)) > 0;)
		told |= memmem(line, got, "long enough", 11) != NULL;
	ok(file && !told, "and no password stands in it");
	if (file)
		fclose(file);
}

static void replies(void)
{
	unsigned char key[REPLY_KEY_BYTES] = { 1 }, other[REPLY_KEY_BYTES] = { 2 };
	struct book *book = help_fresh();
	struct str found;

	ok(!book_begin(book, &err) && !book_reply_keep(book, key, STR("yes"), NOW, NOW - 1000, &err),
	   "keeps an answer");
	book_rollback(book);
	ok(!book_reply_find(book, key, &found, &arena, &err) && !found.at, "not where nothing was committed");
	ok(!book_begin(book, &err) && !book_reply_keep(book, key, STR("yes"), NOW, NOW - 1000, &err) &&
		   !book_commit(book, &err),
	   "with a commit");
	ok(!book_reply_find(book, key, &found, &arena, &err) && str_is(found, "yes"), "it is there");
	ok(!book_begin(book, &err) && !book_reply_keep(book, other, STR(""), NOW + 1001, NOW + 1, &err) &&
		   !book_commit(book, &err),
	   "a later one takes old ones away");
	ok(!book_reply_find(book, key, &found, &arena, &err) && !found.at, "so that is gone");
	ok(!book_reply_find(book, other, &found, &arena, &err) && found.at && !found.len, "and an empty one is one");
	book_close(book);
}

int main(void)
{
	struct doors *doors;
	const char *path;

	arena_init(&arena);
	help_folder_make();
	path = arena_printf(&arena, "%s" BOOK_DOORS, help_path);
	ok(!doors_open(&doors, path, &err), "doors are made");
	accounts(doors);
	passes(doors);
	doors_close(doors);
	nobody_else_reads(path);
	replies();
	help_folder_remove();
	arena_release(&arena);
	return done();
}
