#include "desk/accounts.h"

#include <stdarg.h>

#include "book/outbox.h"
#include "io/mail_address.h"

#define DAY_MS INT64_C(86400000)

enum { REFUSED = 1 };

/* ---- words ---- */

struct str account_words(const struct account *account, struct arena *arena)
{
	const char *text = "", *mark = "";

	for (int role = 0; role < ROLE__COUNT; role++)
		if (account->roles >> role & 1) {
			text = arena_printf(arena, "%s%s%s", text, mark, role_name((enum role)role));
			mark = ", ";
		}
	if (account->team.len)
		text = arena_printf(arena, "%s, team %.*s", text, STR_ARG(account->team));
	if (account->partner.len)
		text = arena_printf(arena, "%s, of partner %.*s", text, STR_ARG(account->partner));
	return str_of(text);
}

__attribute__((format(printf, 4, 6))) static int note(struct accounts *desk, enum journal_kind kind,
						      const struct account *about, const char *fmt, struct err *err,
						      ...)
{
	struct journal_note note = {
		.at_ms = desk->now_ms, .kind = kind, .who = desk->actor, .about = about ? about->login : STR_NONE
	};
	va_list args;

	va_start(args, err);
	note.text = str_of(arena_vprintf(desk->arena, fmt, args));
	va_end(args);
	return doors_note(desk->doors, &note, err);
}

/* ---- what an account may be ---- */

static void wrong(struct accounts *desk, const char *member, const char *text)
{
	problem_add(desk->problems, STR_NONE, 0, 0, str_of(member), "%s", text);
}

static bool is_line(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f)
			return false;
	return true;
}

static int check(struct accounts *desk, const struct account *account)
{
	size_t before = desk->problems->count;
	struct str login = str_trim(account->login);

	if (!login.len || login.len > LOGIN_MOST || !is_line(login))
		wrong(desk, "login", "is one line of at most 200 bytes: a mail address, or a name");
	if (!account->name.len || account->name.len > NAME_MOST || !is_line(account->name))
		wrong(desk, "name", "is one line of at most 200 bytes, as the book calls this colleague");
	if (!account->roles)
		wrong(desk, "roles", "says what the account may do: at least one");
	if (account->roles >> ROLE_PARTNER & 1 && !account->partner.len)
		wrong(desk, "partner", "says whose leads a partner sees");
	if (account->roles >> ROLE_PARTNER & 1 && account->roles != 1u << ROLE_PARTNER)
		wrong(desk, "roles", "a partner has no other role: it would see what is not its own");
	if (!is_line(account->team) || account->team.len > NAME_MOST)
		wrong(desk, "team", "is one line of at most 200 bytes");
	if (!is_line(account->partner) || account->partner.len > NAME_MOST)
		wrong(desk, "partner", "is one line of at most 200 bytes");
	return desk->problems->count > before ? REFUSED : 0;
}

static int check_free(struct accounts *desk, const struct account *account, struct err *err)
{
	struct account other;
	bool taken;

	if (doors_by_login(desk->doors, account->login, &other, &taken, desk->arena, err))
		return err->kind;
	if (!taken || other.id == account->id)
		return 0;
	problem_add(desk->problems, STR_NONE, 0, 0, STR("login"), "there is an account %.*s already",
		    STR_ARG(other.login));
	return REFUSED;
}

static bool governs(const struct account *account)
{
	return account->roles >> ROLE_ADMIN & 1 && !account->closed;
}

/* Somebody has to be left who may let others in. */
static int check_last_admin(struct accounts *desk, const struct account *was, const struct account *account,
			    struct err *err)
{
	struct account *all;
	size_t count;

	if (!governs(was) || governs(account))
		return 0;
	if (doors_list(desk->doors, &all, &count, desk->arena, err))
		return err->kind;
	for (size_t i = 0; i < count; i++)
		if (all[i].id != account->id && governs(&all[i]))
			return 0;
	wrong(desk, "roles", "nobody else is admin: make another one first");
	return REFUSED;
}

/* ---- making and changing ---- */

int accounts_add(struct accounts *desk, struct account *account, struct err *err)
{
	int failed = check(desk, account);
	bool found;

	if (failed || doors_begin(desk->doors, err))
		return failed ? failed : err->kind;
	failed = check_free(desk, account, err);
	if (!failed)
		failed = doors_add(desk->doors, account, &account->id, err);
	if (!failed)
		failed = doors_by_id(desk->doors, account->id, account, &found, desk->arena, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "made, as %.*s", err,
			      STR_ARG(account_words(account, desk->arena)));
	return doors_end(desk->doors, failed, err);
}

static int note_change(struct accounts *desk, const struct account *was, const struct account *account, struct err *err)
{
	struct str before = account_words(was, desk->arena), after = account_words(account, desk->arena);
	int failed = 0;

	if (!str_eq(before, after))
		failed = note(desk, JOURNAL_RIGHTS, account, "is %.*s; was %.*s", err, STR_ARG(after), STR_ARG(before));
	if (!failed && !str_eq(was->name, account->name))
		failed = note(desk, JOURNAL_RIGHTS, account, "is called %.*s; was %.*s", err, STR_ARG(account->name),
			      STR_ARG(was->name));
	if (!failed && !str_eq_fold(was->login, str_trim(account->login)))
		failed = note(desk, JOURNAL_RIGHTS, account, "was %.*s", err, STR_ARG(was->login));
	if (!failed && was->closed != account->closed)
		failed = note(desk, JOURNAL_RIGHTS, account, "%s", err, account->closed ? "closed" : "opened again");
	return failed;
}

static int change(struct accounts *desk, const struct account *account, struct err *err)
{
	struct account was;
	bool found;
	int failed;

	if (doors_by_id(desk->doors, account->id, &was, &found, desk->arena, err))
		return err->kind;
	if (!found)
		return err_set(err, ERR_STATE, "there is no such account any more");
	failed = check_free(desk, account, err);
	if (!failed)
		failed = check_last_admin(desk, &was, account, err);
	if (!failed)
		failed = doors_change(desk->doors, account, err);
	return failed ? failed : note_change(desk, &was, account, err);
}

int accounts_change(struct accounts *desk, const struct account *account, struct err *err)
{
	int failed = check(desk, account);

	if (failed || doors_begin(desk->doors, err))
		return failed ? failed : err->kind;
	return doors_end(desk->doors, change(desk, account, err), err);
}

int accounts_set_password(struct accounts *desk, const struct account *account, struct str password, struct err *err)
{
	char hash[PASSWORD_HASH];
	int failed;

	if (doors_hash_password(password, hash, err) || doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_set_hash(desk->doors, account->id, hash, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "has a new password", err);
	return doors_end(desk->doors, failed, err);
}

int accounts_sign_out(struct accounts *desk, const struct account *account, struct str but, struct err *err)
{
	int failed;

	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_take_back_all(desk->doors, account->id, PASS_SESSION, but, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "signed out everywhere%s", err, but.len ? " else" : "");
	return doors_end(desk->doors, failed, err);
}

/* ---- links ---- */

int accounts_link(struct accounts *desk, const struct account *account, char text[PASS_TEXT], int64_t *until_ms,
		  struct err *err)
{
	struct pass pass = { .kind = PASS_LINK,
			     .made_ms = desk->now_ms,
			     .until_ms = desk->now_ms + (account->invited ? 7 : 1) * DAY_MS };
	int failed;

	if (account->closed) {
		wrong(desk, "login", "the account is closed: open it first");
		return REFUSED;
	}
	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_take_back_all(desk->doors, account->id, PASS_LINK, STR_NONE, err);
	if (!failed)
		failed = doors_hand_out(desk->doors, account->id, &pass, text, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "%s", err,
			      account->invited ? "invited by a link" : "got a link to set a new password");
	*until_ms = pass.until_ms;
	return doors_end(desk->doors, failed, err);
}

int accounts_link_for(struct accounts *desk, struct str link, struct account *who, bool *found, struct err *err)
{
	struct pass pass;

	return doors_look_at(desk->doors, PASS_LINK, link, desk->now_ms, who, &pass, found, desk->arena, err);
}

int accounts_link_use(struct accounts *desk, struct str link, struct str password, struct account *who, bool *found,
		      struct err *err)
{
	char hash[PASSWORD_HASH];
	int failed;

	if (doors_hash_password(password, hash, err) || doors_begin(desk->doors, err))
		return err->kind;
	failed = accounts_link_for(desk, link, who, found, err);
	if (!failed && *found) {
		desk->actor = who->login;
		failed = doors_set_hash(desk->doors, who->id, hash, err);
		if (!failed)
			failed = note(desk, JOURNAL_RIGHTS, who, "set a password by a link", err);
	}
	return doors_end(desk->doors, failed, err);
}

int accounts_reached(struct book *book, const struct account *account, bool *can, struct err *err)
{
	bool on;

	if (outbox_mail_on(book, &on, err))
		return err->kind;
	*can = on && mail_address_fits(account->login);
	return 0;
}

int accounts_write_to(struct accounts *desk, struct book *book, const struct account *account, struct str by,
		      struct err *err)
{
	struct outbox_message message = { .way = OUTBOX_MAIL,
					  .kind = STR("invitation"),
					  .to = account->login,
					  .made_ms = desk->now_ms,
					  .due_ms = desk->now_ms };

	outbox_say(&message, "by", by);
	if (book_begin(book, err))
		return err->kind;
	if (!outbox_add(book, &message, err))
		return book_commit(book, err);
	book_rollback(book);
	return err->kind;
}

/* ---- coming in ---- */

int accounts_sign_in(struct accounts *desk, const struct account *account, const char *how, struct pass *pass,
		     char text[PASS_TEXT], struct err *err)
{
	int failed;

	desk->actor = account->login;
	pass->kind = PASS_SESSION;
	if (pass->agent.len > AGENT_MOST)
		pass->agent.len = AGENT_MOST;
	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_hand_out(desk->doors, account->id, pass, text, err);
	if (!failed)
		failed = doors_signed_in(desk->doors, account->id, desk->now_ms, err);
	if (!failed)
		failed = note(desk, JOURNAL_SIGN_IN, account, "signed in by %s", err, how);
	return doors_end(desk->doors, failed, err);
}

static int bind_by_mail(struct accounts *desk, struct str subject, struct str email, struct account *who, bool *found,
			struct err *err)
{
	bool bound = false;

	*found = false;
	if (!email.len || doors_by_login(desk->doors, email, who, found, desk->arena, err))
		return email.len ? err->kind : 0;
	if (!*found || who->closed || doors_bind(desk->doors, who->id, subject, &bound, err)) {
		bool failed = *found && !who->closed;

		*found = false;
		return failed ? err->kind : 0;
	}
	*found = bound;
	desk->actor = who->login;
	return bound ? note(desk, JOURNAL_RIGHTS, who, "signs in by the provider from now on", err) : 0;
}

int accounts_by_subject(struct accounts *desk, struct str subject, struct str email, struct account *who, bool *found,
			struct err *err)
{
	int failed;

	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_by_subject(desk->doors, subject, who, found, desk->arena, err);
	if (!failed && !*found)
		failed = bind_by_mail(desk, subject, email, who, found, err);
	*found = !failed && *found && !who->closed;
	return doors_end(desk->doors, failed, err);
}

static struct str grants_words(unsigned grants, struct arena *arena)
{
	const char *text = "";

	for (int i = 0; i < GRANT__COUNT; i++)
		if (grants >> i & 1)
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", grant_name((enum grant)i));
	return str_of(text);
}

int accounts_token(struct accounts *desk, const struct account *account, struct pass *pass, char text[PASS_TEXT],
		   struct err *err)
{
	int failed;

	pass->kind = PASS_TOKEN;
	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_hand_out(desk->doors, account->id, pass, text, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "made token %s (%.*s) for %.*s", err, pass->id,
			      STR_ARG(pass->name), STR_ARG(grants_words(pass->grants, desk->arena)));
	return doors_end(desk->doors, failed, err);
}

int accounts_token_back(struct accounts *desk, const struct account *account, struct str id, bool *found,
			struct err *err)
{
	int failed;

	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_take_back_by_id(desk->doors, account->id, PASS_TOKEN, id, found, err);
	if (!failed && *found)
		failed = note(desk, JOURNAL_RIGHTS, account, "took token %.*s back", err, STR_ARG(id));
	return doors_end(desk->doors, failed, err);
}

/* ---- the second factor ---- */

int accounts_factor_on(struct accounts *desk, const struct account *account, struct str code, bool *right,
		       char recovery[RECOVERY_CODES][RECOVERY_TEXT], struct err *err)
{
	int failed;

	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_factor_on(desk->doors, account->id, code, desk->now_ms, right, recovery, err);
	if (!failed && *right)
		failed = note(desk, JOURNAL_RIGHTS, account, "has a second factor", err);
	return doors_end(desk->doors, failed, err);
}

int accounts_factor_off(struct accounts *desk, const struct account *account, struct err *err)
{
	int failed;

	if (doors_begin(desk->doors, err))
		return err->kind;
	failed = doors_factor_off(desk->doors, account->id, err);
	if (!failed)
		failed = note(desk, JOURNAL_RIGHTS, account, "has no second factor any more", err);
	return doors_end(desk->doors, failed, err);
}

/* ---- the journal ---- */

int accounts_export(struct accounts *desk, struct str what, struct err *err)
{
	return note(desk, JOURNAL_EXPORT, NULL, "%.*s", err, STR_ARG(what));
}

enum { NOTES_AT_ONCE = 256 };

static bool same_note(const struct journal_note *a, const struct journal_note *b)
{
	return a->number == b->number && a->at_ms == b->at_ms && a->kind == b->kind && str_eq(a->who, b->who) &&
	       str_eq(a->text, b->text);
}

/* Those before it are in the book already: it was written, and the notes were not dropped. What others wrote into the journal (outlets) has no
 * number, and may stand behind it. */
static int already_there(struct book *book, const struct journal_note *notes, size_t count, size_t *there,
			 struct arena *arena, struct err *err)
{
	enum { LOOKED_AT = 64 };
	struct journal_line *last;
	size_t lines, at = 0;

	*there = 0;
	if (book_journal_read(book, UINT64_MAX, LOOKED_AT, &last, &lines, arena, err))
		return err->kind;
	while (at < lines && !last[at].note.number)
		at++;
	for (size_t i = 0; at < lines && i < count; i++)
		if (same_note(&last[at].note, &notes[i]))
			*there = i + 1;
	return 0;
}

static int write_notes(struct book *book, const struct journal_note *notes, size_t count, int64_t now_ms,
		       struct err *err)
{
	int failed = 0;

	if (!count)
		return 0;
	if (book_begin(book, err))
		return err->kind;
	for (size_t i = 0; i < count && !failed; i++)
		failed = book_journal_add(book, &notes[i], now_ms, err);
	if (failed)
		book_rollback(book);
	else
		failed = book_commit(book, err);
	return failed;
}

static int settle(struct doors *doors, struct book *book, int64_t now_ms, size_t *moved, struct arena *arena,
		  struct err *err)
{
	struct journal_note *notes;
	size_t count, there;

	do {
		arena_reset(arena);
		if (doors_notes(doors, NOTES_AT_ONCE, &notes, &count, arena, err))
			return err->kind;
		if (!count)
			break;
		if (already_there(book, notes, count, &there, arena, err) ||
		    write_notes(book, notes + there, count - there, now_ms, err) ||
		    doors_notes_drop(doors, notes[count - 1].number, err))
			return err->kind;
		*moved += count - there;
	} while (count == NOTES_AT_ONCE);
	return 0;
}

int accounts_settle(struct doors *doors, struct book *book, int64_t now_ms, size_t *moved, struct err *err)
{
	struct arena arena;
	int failed;

	*moved = 0;
	arena_init(&arena);
	failed = settle(doors, book, now_ms, moved, &arena, err);
	arena_release(&arena);
	return failed;
}
