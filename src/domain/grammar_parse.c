#include "domain/grammar.h"

struct parser {
	const struct script *script;
	struct arena *arena;
	struct err *err;
	struct token *tokens;
	size_t at;
	int depth;
	bool behind; /* in a condition behind an aggregate: it ends before the next aggregate */
};

static struct tree *parse_or(struct parser *p);

static const struct token *now(const struct parser *p)
{
	return &p->tokens[p->at];
}

static struct tree *fail_at(struct parser *p, const struct token *token, const char *what)
{
	if (token->kind == TOKEN_END)
		grammar_error(p->err, p->script, token->at, token->end, "%s, but the text ends", what);
	else
		grammar_error(p->err, p->script, token->at, token->end, "%s", what);
	return NULL;
}

static struct tree *tree_new(struct parser *p, enum tree_kind kind, size_t at)
{
	struct tree *tree = ARENA_NEW(p->arena, struct tree);

	tree->kind = kind;
	tree->at = at;
	tree->end = p->at ? p->tokens[p->at - 1].end : at;
	return tree;
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && str_eq_fold(token->text, str_of(word));
}

static bool take_word(struct parser *p, const char *word)
{
	if (!is_word(now(p), word))
		return false;
	p->at++;
	return true;
}

static bool take(struct parser *p, enum token_kind kind)
{
	if (now(p)->kind != kind)
		return false;
	p->at++;
	return true;
}

static bool is_keyword(const struct token *token)
{
	static const char *const words[] = { "and", "or", "not", "in", "is", "between", "where", "on", "from" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is_word(token, words[i]))
			return true;
	}
	return false;
}

bool grammar_is_aggregate(struct str name)
{
	static const char *const names[] = { "count", "sum",    "average",    "avg",      "min",
					     "max",   "median", "percentile", "distinct", "running" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_eq_fold(name, str_of(names[i])))
			return true;
	}
	return false;
}

/* Whether the operator at `at` leads to the next aggregate, perhaps through brackets, signs and numbers. */
static bool leads_to_aggregate(const struct parser *p, size_t at)
{
	for (at++;; at++) {
		const struct token *t = &p->tokens[at];

		switch (t->kind) {
		case TOKEN_OPEN:
		case TOKEN_MINUS:
		case TOKEN_PLUS:
		case TOKEN_TIMES:
		case TOKEN_OVER:
		case TOKEN_NUMBER: continue;
		case TOKEN_WORD: return t[1].kind == TOKEN_OPEN && grammar_is_aggregate(t->text);
		default: return false;
		}
	}
}

static double unit_seconds(const struct token *token)
{
	static const struct {
		const char *one, *many;
		double seconds;
	} units[] = {
		{ "second", "seconds", 1 }, { "minute", "minutes", 60 }, { "hour", "hours", 3600 },
		{ "day", "days", 86400 },   { "week", "weeks", 604800 },
	};

	for (size_t i = 0; token->kind == TOKEN_WORD && i < sizeof(units) / sizeof(*units); i++) {
		if (is_word(token, units[i].one) || is_word(token, units[i].many))
			return units[i].seconds;
	}
	return 0;
}

static struct tree *parse_number(struct parser *p)
{
	const struct token *number = now(p);
	double seconds = unit_seconds(number + 1);
	struct tree *tree;

	p->at++;
	if (seconds > 0 && number[2].kind != TOKEN_OPEN) {
		p->at++;
		tree = tree_new(p, TREE_DURATION, number->at);
		tree->number = number->number * seconds;
		return tree;
	}
	if (is_word(now(p), "month") || is_word(now(p), "months") || is_word(now(p), "year") ||
	    is_word(now(p), "years"))
		return fail_at(p, now(p), "months and years differ in length; give days or weeks");
	if (take(p, TOKEN_PERCENT)) {
		tree = tree_new(p, TREE_NUMBER, number->at);
		tree->number = number->number / 100;
		return tree;
	}
	tree = tree_new(p, TREE_NUMBER, number->at);
	tree->number = number->number;
	return tree;
}

static bool parse_path(struct parser *p, struct tree *tree)
{
	do {
		const struct token *word = now(p);

		if (word->kind != TOKEN_WORD)
			return fail_at(p, word, "a name must follow the dot"), false;
		if (tree->part_count == PATH_MAX_PARTS)
			return fail_at(p, word, "this path has too many parts"), false;
		tree->part_at[tree->part_count] = word->at;
		tree->parts[tree->part_count++] = word->text;
		p->at++;
	} while (take(p, TOKEN_DOT));
	tree->end = p->tokens[p->at - 1].end;
	return true;
}

/* `where …` and `on …`, in any order, each once. */
static bool parse_clauses(struct parser *p, struct tree *call, bool behind)
{
	for (;;) {
		const struct token *word = now(p);

		if (is_word(word, "where")) {
			bool was = p->behind;
			struct tree *condition;

			p->at++;
			p->behind = behind;
			condition = parse_or(p);
			p->behind = was;
			if (!condition)
				return false;
			if (call->where) {
				struct tree *both = tree_new(p, TREE_AND, call->where->at);

				both->a = call->where;
				both->b = condition;
				condition = both;
			}
			call->where = condition;
		} else if (is_word(word, "on")) {
			if (call->on)
				return fail_at(p, word, "there is an \"on\" already"), false;
			p->at++;
			if (now(p)->kind != TOKEN_WORD)
				return fail_at(p, now(p), "the name of a time must follow \"on\""), false;
			call->on = tree_new(p, TREE_PATH, now(p)->at);
			if (!parse_path(p, call->on))
				return false;
		} else {
			return true;
		}
	}
}

static bool parse_arguments(struct parser *p, struct tree *call)
{
	size_t capacity = 0;

	while (now(p)->kind != TOKEN_CLOSE && !is_word(now(p), "where") && !is_word(now(p), "on")) {
		struct tree *argument;

		if (is_word(now(p), "from") && is_word(now(p) + 1, "top")) {
			p->at += 2;
			call->from_top = true;
		} else {
			argument = parse_or(p);
			if (!argument)
				return false;
			ARENA_PUSH(p->arena, call->items, call->count, capacity);
			call->items[call->count++] = argument;
		}
		if (!take(p, TOKEN_COMMA))
			break;
		if (now(p)->kind == TOKEN_CLOSE)
			return fail_at(p, now(p), "something must follow the comma"), false;
	}
	return true;
}

static struct tree *parse_call(struct parser *p)
{
	const struct token *name = now(p);
	struct tree *call = tree_new(p, TREE_CALL, name->at);
	bool was = p->behind;

	call->text = name->text;
	p->at += 2;
	p->behind = false;
	if (!parse_arguments(p, call) || !parse_clauses(p, call, false))
		return NULL;
	p->behind = was;
	if (!take(p, TOKEN_CLOSE))
		return fail_at(p, now(p), "a closing bracket is missing here");
	call->end = p->tokens[p->at - 1].end;
	if (grammar_is_aggregate(name->text) && !parse_clauses(p, call, true))
		return NULL;
	return call;
}

/* `count` alone: of rows. */
static struct tree *parse_bare_count(struct parser *p)
{
	const struct token *name = now(p);
	struct tree *call = tree_new(p, TREE_CALL, name->at);

	call->text = name->text;
	call->end = name->end;
	p->at++;
	return parse_clauses(p, call, true) ? call : NULL;
}

static struct tree *parse_primary(struct parser *p)
{
	const struct token *token = now(p);
	struct tree *tree;
	bool was = p->behind;

	switch (token->kind) {
	case TOKEN_NUMBER: return parse_number(p);
	case TOKEN_DATE:
		p->at++;
		tree = tree_new(p, TREE_DATE, token->at);
		tree->date = token->date;
		return tree;
	case TOKEN_TEXT:
		p->at++;
		tree = tree_new(p, TREE_TEXT, token->at);
		tree->text = token->text;
		return tree;
	case TOKEN_OPEN:
		p->at++;
		p->behind = false;
		tree = parse_or(p);
		p->behind = was;
		if (!tree)
			return NULL;
		if (!take(p, TOKEN_CLOSE))
			return fail_at(p, now(p), "a closing bracket is missing here");
		return tree;
	case TOKEN_WORD:
		if (is_keyword(token))
			return fail_at(p, token, "a value is missing before this word");
		if (token[1].kind == TOKEN_OPEN)
			return parse_call(p);
		if (is_word(token, "count") && token[1].kind != TOKEN_DOT)
			return parse_bare_count(p);
		tree = tree_new(p, TREE_PATH, token->at);
		return parse_path(p, tree) ? tree : NULL;
	default: return fail_at(p, token, "a value should stand here");
	}
}

static struct tree *parse_unary(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a, *tree;

	if (!take(p, TOKEN_MINUS))
		return parse_primary(p);
	if (++p->depth > GRAMMAR_MAX_DEPTH)
		return fail_at(p, now(p), "this is nested too deep");
	a = parse_unary(p);
	p->depth--;
	if (!a)
		return NULL;
	tree = tree_new(p, TREE_NEGATE, at);
	tree->a = a;
	return tree;
}

/* `at`: where the left side begins, with the bracket that may open it, so that the bytes of the whole can stand alone. */
static struct tree *binary(struct parser *p, enum tree_kind kind, size_t at, struct tree *a, const struct token *sign,
			   struct tree *b)
{
	struct tree *tree;

	if (!b)
		return NULL;
	tree = tree_new(p, kind, at);
	tree->sign_at = sign->at;
	tree->a = a;
	tree->b = b;
	return tree;
}

static struct tree *parse_product(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a = parse_unary(p);

	while (a && (now(p)->kind == TOKEN_TIMES || now(p)->kind == TOKEN_OVER)) {
		const struct token *sign = now(p);

		if (p->behind && leads_to_aggregate(p, p->at))
			break;
		p->at++;
		a = binary(p, sign->kind == TOKEN_TIMES ? TREE_MULTIPLY : TREE_DIVIDE, at, a, sign, parse_unary(p));
	}
	return a;
}

static struct tree *parse_sum(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a = parse_product(p);

	while (a && (now(p)->kind == TOKEN_PLUS || now(p)->kind == TOKEN_MINUS)) {
		const struct token *sign = now(p);

		if (p->behind && leads_to_aggregate(p, p->at))
			break;
		p->at++;
		a = binary(p, sign->kind == TOKEN_PLUS ? TREE_ADD : TREE_SUBTRACT, at, a, sign, parse_product(p));
	}
	return a;
}

static struct tree *parse_in(struct parser *p, size_t at, struct tree *a, bool negated)
{
	struct tree *tree;
	struct tree **items = NULL;
	size_t count = 0, capacity = 0;

	if (!take(p, TOKEN_OPEN))
		return fail_at(p, now(p), "a list in brackets must follow \"in\"");
	do {
		struct tree *item = parse_sum(p);

		if (!item)
			return NULL;
		ARENA_PUSH(p->arena, items, count, capacity);
		items[count++] = item;
	} while (take(p, TOKEN_COMMA));
	if (!take(p, TOKEN_CLOSE))
		return fail_at(p, now(p),
			       now(p)->kind == TOKEN_WORD ? "a comma or a closing bracket is missing here; a name of "
							    "several words stands in quotes"
							  : "a comma or a closing bracket is missing here");
	tree = tree_new(p, TREE_IN, at);
	tree->a = a;
	tree->items = items;
	tree->count = count;
	tree->negated = negated;
	return tree;
}

static struct tree *parse_is(struct parser *p, size_t at, struct tree *a)
{
	bool negated = take_word(p, "not");
	const struct token *word = now(p);
	bool set = is_word(word, "set");
	struct tree *tree;

	if (!set && !is_word(word, "empty") && !is_word(word, "known") && !is_word(word, "unknown"))
		return fail_at(p, word, "\"is\" is followed by empty, set, known or unknown; to compare, write =");
	p->at++;
	tree = tree_new(p, TREE_IS, at);
	tree->a = a;
	tree->text = set ? STR("empty") : word->text;
	tree->negated = negated != set;
	return tree;
}

static struct tree *parse_between(struct parser *p, size_t at, struct tree *a)
{
	struct tree *low = parse_sum(p), *high, *tree;

	if (!low)
		return NULL;
	if (!take_word(p, "and"))
		return fail_at(p, now(p), "\"and\" and the upper end must follow \"between\"");
	high = parse_sum(p);
	if (!high)
		return NULL;
	tree = tree_new(p, TREE_BETWEEN, at);
	tree->a = a;
	tree->items = ARENA_ARRAY(p->arena, struct tree *, 2);
	tree->items[0] = low;
	tree->items[1] = high;
	tree->count = 2;
	return tree;
}

/* What may follow the left side `a`, which begins at `at`; `a` itself where nothing does. */
static struct tree *parse_comparison(struct parser *p, size_t at, struct tree *a)
{
	static const enum tree_kind kinds[] = { [TOKEN_EQ] = TREE_EQ, [TOKEN_NE] = TREE_NE, [TOKEN_LT] = TREE_LT,
						[TOKEN_LE] = TREE_LE, [TOKEN_GT] = TREE_GT, [TOKEN_GE] = TREE_GE };
	const struct token *sign = now(p);

	if (sign->kind >= TOKEN_EQ && sign->kind <= TOKEN_GE) {
		p->at++;
		a = binary(p, kinds[sign->kind], at, a, sign, parse_sum(p));
		if (a && now(p)->kind >= TOKEN_EQ && now(p)->kind <= TOKEN_GE)
			return fail_at(p, now(p), "comparisons do not chain; join two with \"and\"");
		return a;
	}
	if (take_word(p, "in"))
		return parse_in(p, at, a, false);
	if (is_word(sign, "not") && is_word(sign + 1, "in")) {
		p->at += 2;
		return parse_in(p, at, a, true);
	}
	if (take_word(p, "between"))
		return parse_between(p, at, a);
	if (take_word(p, "is"))
		return parse_is(p, at, a);
	return a;
}

static struct tree *parse_compare(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a = parse_sum(p);

	return a ? parse_comparison(p, at, a) : NULL;
}

static struct tree *parse_not(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a, *tree;

	if (!take_word(p, "not"))
		return parse_compare(p);
	if (++p->depth > GRAMMAR_MAX_DEPTH)
		return fail_at(p, now(p), "this is nested too deep");
	a = parse_not(p);
	p->depth--;
	if (!a)
		return NULL;
	tree = tree_new(p, TREE_NOT, at);
	tree->a = a;
	return tree;
}

static struct tree *parse_and(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a = parse_not(p);

	while (a && is_word(now(p), "and")) {
		const struct token *sign = now(p);

		p->at++;
		a = binary(p, TREE_AND, at, a, sign, parse_not(p));
	}
	return a;
}

static struct tree *parse_or(struct parser *p)
{
	size_t at = now(p)->at;
	struct tree *a;

	if (++p->depth > GRAMMAR_MAX_DEPTH)
		return fail_at(p, now(p), "this is nested too deep");
	a = parse_and(p);
	while (a && is_word(now(p), "or")) {
		const struct token *sign = now(p);

		p->at++;
		a = binary(p, TREE_OR, at, a, sign, parse_and(p));
	}
	p->depth--;
	return a;
}

static int start(struct parser *p, const struct script *script, struct arena *arena, struct err *err)
{
	size_t count;

	*p = (struct parser){ .script = script, .arena = arena, .err = err };
	return grammar_lex(&p->tokens, &count, script, arena, err);
}

static int expect_end(struct parser *p)
{
	const struct token *token = now(p);

	if (token->kind == TOKEN_END)
		return 0;
	if (token->kind == TOKEN_CLOSE)
		return grammar_error(p->err, p->script, token->at, token->end, "this bracket closes nothing");
	return grammar_error(p->err, p->script, token->at, token->end,
			     "this is too much: the expression could end before it%s",
			     token->kind == TOKEN_WORD && p->at && p->tokens[p->at - 1].kind == TOKEN_WORD
				     ? "; a name of several words stands in quotes"
				     : "");
}

int grammar_parse(struct tree **out, const struct script *script, struct arena *arena, struct err *err)
{
	struct parser p;
	int failed = start(&p, script, arena, err);

	if (failed)
		return failed;
	*out = parse_or(&p);
	return *out ? expect_end(&p) : (int)err->kind;
}

int grammar_parse_list(struct tree ***out, size_t *count, const struct script *script, struct arena *arena,
		       struct err *err)
{
	struct parser p;
	size_t capacity = 0;
	int failed = start(&p, script, arena, err);

	if (failed)
		return failed;
	*out = NULL;
	*count = 0;
	do {
		struct tree *tree = parse_or(&p);

		if (!tree)
			return (int)err->kind;
		ARENA_PUSH(arena, *out, *count, capacity);
		(*out)[(*count)++] = tree;
	} while (take(&p, TOKEN_COMMA));
	return expect_end(&p);
}
