/* The measure language as text: what the parser accepts, and the tree it makes. What names mean is the business of who
 * asks: facts/plan.c for measures, domain/rule.c for the rules of an agreement.
 *
 *   measure   = expr                                  with at least one aggregate
 *   dims      = expr { "," expr }
 *   expr      = and { "or" and }
 *   and       = not { "and" not }
 *   not       = "not" not | compare
 *   compare   = sum [ op sum | "between" sum "and" sum | ["not"] "in" "(" sum { "," sum } ")"
 *                   | "is" ["not"] ("empty" | "set" | "known" | "unknown") ]
 *   op        = "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">="
 *   sum       = product { ("+" | "-") product }
 *   product   = unary { ("*" | "/") unary }
 *   unary     = "-" unary | primary
 *   primary   = NUMBER [UNIT | "%"] | DATE | TEXT | path | call | "(" expr ")"
 *   path      = WORD { "." WORD }                     a column, one behind a reference, or one of another fact
 *   call      = WORD "(" [ argument { "," argument } ] { clause } ")" { clause }
 *   argument  = expr | "from" "top"
 *   clause    = "where" expr | "on" path              behind ")" only after an aggregate
 *   UNIT      = second(s) minute(s) hour(s) day(s) week(s)
 *   DATE      = YYYY-MM-DD
 *   TEXT      = "…" or '…', a doubled quote stands for itself
 *   WORD      = letter, "_" or any byte above 127, then also digits
 *
 * Behind an aggregate, `where` reaches up to the next aggregate: in `count(won) where inbound / count()` the condition is `inbound`.
 * Keywords are not case-sensitive; names are. Nesting is at most 64 deep, a text at most 4,000 bytes.
 */
#ifndef DOMAIN_GRAMMAR_H
#define DOMAIN_GRAMMAR_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define GRAMMAR_MAX_BYTES 4000
#define GRAMMAR_MAX_DEPTH 64
#define PATH_MAX_PARTS 5

enum tree_kind {
	TREE_NUMBER,   /* number; percent signs are divided out */
	TREE_DURATION, /* number in seconds */
	TREE_DATE,     /* date */
	TREE_TEXT,     /* text, unquoted */
	TREE_PATH,     /* parts */
	TREE_CALL,     /* text = name; items = arguments; where, on */
	TREE_NEGATE,   /* a */
	TREE_NOT,      /* a */
	TREE_AND,
	TREE_OR,
	TREE_ADD,
	TREE_SUBTRACT,
	TREE_MULTIPLY,
	TREE_DIVIDE,
	TREE_EQ,
	TREE_NE,
	TREE_LT,
	TREE_LE,
	TREE_GT,
	TREE_GE,
	TREE_IN,      /* a in items; negated */
	TREE_BETWEEN, /* a between items[0] and items[1] */
	TREE_IS,      /* a is text ("empty", "known", "unknown"; "set" is not empty); negated */
};

struct tree {
	enum tree_kind kind;
	size_t at, end; /* bytes of the text it was read from */
	size_t sign_at; /* of the operator */
	struct tree *a, *b;
	struct tree **items;
	size_t count;
	struct str text;
	struct str parts[PATH_MAX_PARTS];
	size_t part_at[PATH_MAX_PARTS];
	size_t part_count;
	double number;
	int32_t date;
	bool negated, from_top;
	struct tree *where, *on;
};

/* A text with the name people know it by ("measure", "by", "where"), for messages. */
struct script {
	const char *what;
	struct str text;
};

/* One expression up to the end of the text. */
int grammar_parse(struct tree **out, const struct script *script, struct arena *arena, struct err *err);
/* A comma-separated list of at least one. */
int grammar_parse_list(struct tree ***out, size_t *count, const struct script *script, struct arena *arena,
		       struct err *err);

/* "WHAT: message", the line, and a caret under bytes [at, end). Returns ERR_INPUT. */
int grammar_error(struct err *err, const struct script *script, size_t at, size_t end, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

bool grammar_is_aggregate(struct str name);

/* ---- grammar_lex.c ---- */

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_DATE,
	TOKEN_TEXT,
	TOKEN_WORD,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_OVER,
	TOKEN_PERCENT,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
};

struct token {
	enum token_kind kind;
	size_t at, end;
	struct str text; /* TOKEN_WORD as it stands; TOKEN_TEXT unquoted */
	double number;
	int32_t date;
};

/* All tokens, TOKEN_END last. */
int grammar_lex(struct token **out, size_t *count, const struct script *script, struct arena *arena, struct err *err);

#endif
