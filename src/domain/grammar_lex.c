#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/decimal.h"
#include "domain/grammar.h"

enum { WINDOW = 96 }; /* bytes of the text shown around the caret */

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* The stretch of the text that holds `at` and is not too long to print; whole characters, no line ends. */
static struct str window(struct str text, size_t at, size_t *start)
{
	size_t from = at > WINDOW / 2 && text.len > WINDOW ? at - WINDOW / 2 : 0;
	size_t to = from + WINDOW < text.len ? from + WINDOW : text.len;

	while (from > 0 && is_tail(text.at[from]))
		from--;
	while (to < text.len && is_tail(text.at[to]))
		to++;
	*start = from;
	return (struct str){ text.at + from, to - from };
}

int grammar_error(struct err *err, const struct script *script, size_t at, size_t end, const char *fmt, ...)
{
	char message[600];
	char line[WINDOW + 8];
	size_t start;
	struct str shown;
	size_t before, under;
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (at > script->text.len)
		at = script->text.len;
	if (end < at + 1)
		end = at + 1;
	shown = window(script->text, at, &start);
	for (size_t i = 0; i < shown.len; i++)
		line[i] = (unsigned char)shown.at[i] < ' ' ? ' ' : shown.at[i];
	before = utf8_width((struct str){ line, at - start });
	if (end > start + shown.len)
		end = start + shown.len;
	under = end > at ? utf8_width((struct str){ line + (at - start), end - at }) : 1;
	return err_set(
		err, ERR_INPUT, "%s: %s\n  %.*s\n  %*s^%.*s", script->what, message, (int)shown.len, line, (int)before,
		"", under > 1 ? (int)under - 1 : 0,
		"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~");
}

struct lexer {
	const struct script *script;
	struct arena *arena;
	struct str text;
	size_t at;
};

static bool word_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool word_part(char c)
{
	return word_start(c) || isdigit((unsigned char)c);
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	return lexer->at + ahead < lexer->text.len ? lexer->text.at[lexer->at + ahead] : '\0';
}

static bool lex_date(struct lexer *lexer, struct token *token)
{
	struct str rest = { lexer->text.at + lexer->at, lexer->text.len - lexer->at };

	if (rest.len < 10 || rest.at[4] != '-' || rest.at[7] != '-')
		return false;
	for (size_t i = 0; i < 10; i++) {
		if (i != 4 && i != 7 && !isdigit((unsigned char)rest.at[i]))
			return false;
	}
	token->kind = TOKEN_DATE;
	lexer->at += 10;
	return true;
}

static int lex_number(struct lexer *lexer, struct token *token, struct err *err)
{
	struct decimal decimal;
	struct str digits;
	bool rounded;

	if (lex_date(lexer, token)) {
		digits = (struct str){ lexer->text.at + token->at, 10 };
		if (!date_parse(digits, &token->date))
			return grammar_error(err, lexer->script, token->at, lexer->at, "there is no day %.*s",
					     STR_ARG(digits));
		return 0;
	}
	while (isdigit((unsigned char)peek(lexer, 0)))
		lexer->at++;
	if (peek(lexer, 0) == '.' && isdigit((unsigned char)peek(lexer, 1))) {
		lexer->at++;
		while (isdigit((unsigned char)peek(lexer, 0)))
			lexer->at++;
	}
	digits = (struct str){ lexer->text.at + token->at, lexer->at - token->at };
	if (word_start(peek(lexer, 0)))
		return grammar_error(err, lexer->script, lexer->at, lexer->at + 1,
				     "a number runs into a word here; put a space between them, or quotes around both");
	if (!decimal_parse(digits, '.', &decimal, &rounded))
		return grammar_error(err, lexer->script, token->at, lexer->at, "this number is too large");
	token->kind = TOKEN_NUMBER;
	token->number = decimal_double(decimal);
	return 0;
}

static int lex_text(struct lexer *lexer, struct token *token, struct err *err)
{
	char quote = peek(lexer, 0);
	char *out = arena_alloc(lexer->arena, lexer->text.len - lexer->at);
	size_t len = 0;

	for (lexer->at++;; lexer->at++) {
		if (lexer->at >= lexer->text.len)
			return grammar_error(err, lexer->script, token->at, token->at + 1, "this quote is not closed");
		if (peek(lexer, 0) == quote) {
			if (peek(lexer, 1) != quote)
				break;
			lexer->at++;
		}
		out[len++] = peek(lexer, 0);
	}
	lexer->at++;
	token->kind = TOKEN_TEXT;
	token->text = (struct str){ out, len };
	return 0;
}

static int lex_sign(struct lexer *lexer, struct token *token, struct err *err)
{
	static const struct {
		const char *sign;
		enum token_kind kind;
	} signs[] = {
		{ "<=", TOKEN_LE },   { ">=", TOKEN_GE },   { "!=", TOKEN_NE },     { "<>", TOKEN_NE },
		{ "==", TOKEN_EQ },   { "≤", TOKEN_LE },    { "≥", TOKEN_GE },      { "≠", TOKEN_NE },
		{ "−", TOKEN_MINUS }, { "×", TOKEN_TIMES }, { "÷", TOKEN_OVER },    { "=", TOKEN_EQ },
		{ "<", TOKEN_LT },    { ">", TOKEN_GT },    { "(", TOKEN_OPEN },    { ")", TOKEN_CLOSE },
		{ ",", TOKEN_COMMA }, { ".", TOKEN_DOT },   { "+", TOKEN_PLUS },    { "-", TOKEN_MINUS },
		{ "*", TOKEN_TIMES }, { "/", TOKEN_OVER },  { "%", TOKEN_PERCENT },
	};
	struct str rest = { lexer->text.at + lexer->at, lexer->text.len - lexer->at };

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (str_starts(rest, signs[i].sign)) {
			token->kind = signs[i].kind;
			lexer->at += strlen(signs[i].sign);
			return 0;
		}
	}
	if (!word_start(rest.at[0]))
		return grammar_error(err, lexer->script, lexer->at, lexer->at + 1,
				     "the character %.1s has no meaning here",
				     (unsigned char)rest.at[0] < ' ' ? "?" : rest.at);
	while (word_part(peek(lexer, 0)))
		lexer->at++;
	token->kind = TOKEN_WORD;
	token->text = (struct str){ rest.at, lexer->at - token->at };
	return 0;
}

static int lex_one(struct lexer *lexer, struct token *token, struct err *err)
{
	char c;
	int failed;

	while (lexer->at < lexer->text.len && isspace((unsigned char)peek(lexer, 0)))
		lexer->at++;
	*token = (struct token){ .at = lexer->at };
	if (lexer->at >= lexer->text.len) {
		token->kind = TOKEN_END;
		token->end = token->at;
		return 0;
	}
	c = peek(lexer, 0);
	if (isdigit((unsigned char)c))
		failed = lex_number(lexer, token, err);
	else if (c == '"' || c == '\'')
		failed = lex_text(lexer, token, err);
	else
		failed = lex_sign(lexer, token, err);
	token->end = lexer->at;
	return failed;
}

int grammar_lex(struct token **out, size_t *count, const struct script *script, struct arena *arena, struct err *err)
{
	struct lexer lexer = { script, arena, script->text, 0 };
	struct token *tokens = NULL;
	size_t used = 0, capacity = 0;

	if (script->text.len > GRAMMAR_MAX_BYTES)
		return err_set(err, ERR_INPUT, "%s: the expression has %zu bytes; at most %d are read", script->what,
			       script->text.len, GRAMMAR_MAX_BYTES);
	if (!utf8_valid(script->text))
		return err_set(err, ERR_INPUT, "%s: the expression is not valid UTF-8", script->what);
	do {
		int failed;

		ARENA_PUSH(arena, tokens, used, capacity);
		failed = lex_one(&lexer, &tokens[used], err);
		if (failed)
			return failed;
	} while (tokens[used++].kind != TOKEN_END);
	*out = tokens;
	*count = used;
	return 0;
}
