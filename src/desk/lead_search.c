#include "desk/lead_search.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "desk/matches.h"
#include "domain/alike.h"
#include "facts/cells.h"
#include "facts/rows.h"

/* `FEW`: so many leads are rather looked at one by one than put in order. */
enum { BEGINNING = 8, WORDS_MOST = 8, WORD_MOST = 64, TEXT_MOST = 2048, CHANGES_MOST = 1 << 21, FEW = 20000 };

/* A word of a lead: its first bytes as a number, so that words in order are numbers in order. */
struct beginning {
	uint32_t high, low, row;
};

struct lead_search {
	pthread_mutex_t lock;
	struct book *book;
	const struct facts *facts; /* whose rows these were when last looked at */
	uint64_t seq;              /* changes up to there are known */
	/* By row. */
	uint64_t *at;       /* where its text begins */
	uint32_t *subjects; /* its number in the book */
	uint32_t rows, capacity;
	char *texts; /* of each: folded words, each behind a blank; name; company: each ends with a nought */
	size_t text_len, text_capacity;
	struct beginning *words; /* in order, of the first `sorted` rows */
	size_t word_count, word_capacity;
	uint32_t sorted;
	uint32_t *changed; /* rows among these with other words since */
	size_t changed_count, changed_capacity;
};

/* ---- texts ---- */

static void add_text(struct lead_search *s, const char *text, size_t len)
{
	if (s->text_len + len + 1 > s->text_capacity) {
		s->text_capacity = (s->text_len + len + 1) * 3 / 2 + (1 << 16);
		s->texts = must_realloc(s->texts, s->text_capacity);
	}
	if (len)
		memcpy(s->texts + s->text_len, text, len);
	s->texts[s->text_len + len] = '\0';
	s->text_len += len + 1;
}

/* Lower case, without accents; whatever is neither letter nor digit parts words. */
static void add_words(struct buf *out, struct str text)
{
	char folded[TEXT_MOST];
	size_t len = alike_fold(text, folded, sizeof(folded));
	bool inside = false;

	for (size_t i = 0; i < len && i < sizeof(folded); i++) {
		unsigned char c = (unsigned char)folded[i];
		bool letter = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (letter && !inside)
			buf_add_char(out, ' ');
		if (letter)
			buf_add_char(out, (char)c);
		inside = letter;
	}
}

/* A number is typed with blanks or without. */
static void add_digits(struct buf *out, struct str phone)
{
	buf_add_char(out, ' ');
	for (size_t i = 0; i < phone.len; i++)
		if (phone.at[i] >= '0' && phone.at[i] <= '9')
			buf_add_char(out, phone.at[i]);
}

struct telling {
	struct lead_search *search;
	struct arena *arena;
};

static int tell(void *context, const struct state *state, struct err *err)
{
	struct telling *t = context;
	struct match_person who = match_person_of(&state->record, t->arena);
	struct str rest = who.email;
	struct buf words;

	(void)err;
	buf_init(&words, TEXT_MOST);
	add_words(&words, who.name);
	add_words(&words, who.company);
	for (struct str part; rest.len;) {
		part = str_cut(&rest, '@');
		add_words(&words, part);
	}
	add_words(&words, who.phone);
	add_digits(&words, who.phone);
	add_words(&words, state->record.key);
	add_text(t->search, words.at, words.len);
	add_text(t->search, who.name.at, who.name.len);
	add_text(t->search, who.company.at, who.company.len);
	buf_release(&words);
	return 0;
}

/* Its text goes behind all others. */
static int read_lead(struct lead_search *s, uint32_t row, struct arena *arena, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	struct telling telling = { s, arena };
	int failed;

	s->at[row] = s->text_len;
	failed = s->subjects[row] ? book_state_at(s->book, s->subjects[row], &reading, tell, &telling, err) : 0;
	arena_reset(arena);
	/* There is no such record any more. */
	for (int i = 0; !failed && s->at[row] == s->text_len && i < 3; i++)
		add_text(s, "", 0);
	return failed;
}

/* ---- keeping up ---- */

static void forget(struct lead_search *s, uint32_t rows)
{
	s->rows = rows;
	if (rows)
		return;
	s->text_len = s->word_count = s->changed_count = 0;
	s->sorted = 0;
	/* Nothing of whoever is erased stays. */
	if (s->texts)
		memset(s->texts, 0, s->text_capacity);
}

/* Rows stand where they stood, unless what they were of is gone. */
static void check_rows(struct lead_search *s, const struct facts *facts)
{
	uint32_t rows = facts_rows(facts, FACT_LEADS);

	uint32_t first = facts == s->facts && s->rows ? s->rows - 1 : 0;

	s->facts = facts;
	if (rows < s->rows)
		forget(s, 0);
	for (uint32_t row = first; row < s->rows; row++)
		if (cells_subject(facts, FACT_LEADS, row) != s->subjects[row]) {
			forget(s, 0);
			return;
		}
}

static uint32_t row_of(const struct lead_search *s, uint64_t subject)
{
	uint32_t low = 0, high = s->rows;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (s->subjects[middle] < subject)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->rows && s->subjects[low] == subject ? low : UINT32_MAX;
}

static int take_changes(struct lead_search *s, const struct facts *facts, struct arena *arena, struct err *err)
{
	uint64_t head = book_head(s->book).seq;
	struct changes changes;
	int failed = 0;

	if (head == s->seq)
		return 0;
	if (book_changes(s->book, s->seq, CHANGES_MOST, &changes, arena, err))
		return err->kind;
	check_rows(s, facts);
	if (changes.all && s->rows)
		forget(s, 0);
	for (size_t i = 0; i < changes.count && !changes.all && !failed; i++) {
		uint32_t row =
			changes.items[i].object == OBJECT_LEAD ? row_of(s, changes.items[i].subject) : UINT32_MAX;
		struct arena own;

		if (row == UINT32_MAX)
			continue;
		arena_init(&own);
		failed = read_lead(s, row, &own, err);
		arena_release(&own);
		if (s->changed_count == s->changed_capacity) {
			s->changed_capacity = s->changed_capacity ? s->changed_capacity * 2 : 64;
			s->changed = must_realloc(s->changed, s->changed_capacity * sizeof(*s->changed));
		}
		s->changed[s->changed_count++] = row;
	}
	if (!failed)
		s->seq = head;
	return failed;
}

static int in_order(const void *a, const void *b)
{
	const struct beginning *x = a, *y = b;

	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static struct beginning beginning_of(const char *word, size_t len)
{
	unsigned char bytes[BEGINNING] = { 0 };

	memcpy(bytes, word, len < BEGINNING ? len : BEGINNING);
	return (struct beginning){
		(uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3],
		(uint32_t)bytes[4] << 24 | (uint32_t)bytes[5] << 16 | (uint32_t)bytes[6] << 8 | bytes[7], 0
	};
}

static void sort_words(struct lead_search *s)
{
	s->word_count = 0;
	for (uint32_t row = 0; row < s->rows; row++) {
		const char *text = s->texts + s->at[row];

		while (*text) {
			size_t len = strcspn(++text, " ");

			if (s->word_count == s->word_capacity) {
				s->word_capacity = s->word_capacity ? s->word_capacity * 2 : 1 << 16;
				s->words = must_realloc(s->words, s->word_capacity * sizeof(*s->words));
			}
			s->words[s->word_count] = beginning_of(text, len);
			s->words[s->word_count++].row = row;
			text += len;
		}
	}
	if (s->word_count)
		qsort(s->words, s->word_count, sizeof(*s->words), in_order);
	s->sorted = s->rows;
	s->changed_count = 0;
}

static int take_new(struct lead_search *s, const struct facts *facts, size_t most, struct arena *arena, struct err *err)
{
	uint32_t rows = facts_rows(facts, FACT_LEADS);
	int failed = 0;

	if (rows > s->capacity) {
		s->capacity = rows + rows / 4;
		s->at = must_realloc(s->at, s->capacity * sizeof(*s->at));
		s->subjects = must_realloc(s->subjects, s->capacity * sizeof(*s->subjects));
	}
	for (; s->rows < rows && most-- && !failed; s->rows += !failed) {
		s->subjects[s->rows] = (uint32_t)cells_subject(facts, FACT_LEADS, s->rows);
		failed = read_lead(s, s->rows, arena, err);
	}
	return failed;
}

int lead_search_catch_up(struct lead_search *search, const struct facts *facts, size_t most, bool *more,
			 struct err *err)
{
	struct arena arena;
	int failed;

	arena_init(&arena);
	pthread_mutex_lock(&search->lock);
	failed = book_renew(search->book, err);
	if (!failed)
		failed = take_changes(search, facts, &arena, err);
	arena_reset(&arena);
	if (!failed)
		failed = take_new(search, facts, most, &arena, err);
	book_rest(search->book);
	*more = !failed && search->rows < facts_rows(facts, FACT_LEADS);
	if (!*more && (search->rows - search->sorted > FEW + search->sorted / 4 || search->changed_count > FEW))
		sort_words(search);
	pthread_mutex_unlock(&search->lock);
	arena_release(&arena);
	return failed;
}

/* ---- finding ---- */

struct asked {
	const struct lead_search *search;
	char words[WORDS_MOST][WORD_MOST + 2]; /* each behind a blank */
	size_t count;
	const struct column *column; /* of the scope; NULL: all are seen */
	uint32_t code;
	uint32_t before, *rows;
	size_t found, most;
};

static void read_words(struct asked *asked, struct str text)
{
	struct buf words;

	buf_init(&words, TEXT_MOST);
	add_words(&words, text);
	buf_add_char(&words, '\0');
	for (const char *at = words.at; *at && asked->count < WORDS_MOST;) {
		size_t len = 1 + strcspn(at + 1, " ");

		memcpy(asked->words[asked->count++], at, len < WORD_MOST ? len : WORD_MOST);
		at += len;
	}
	buf_release(&words);
}

/* False where nothing is seen. */
static bool read_scope(struct asked *asked, const struct facts *facts, const struct scope *scope)
{
	static const char *const columns[] = {
		[SCOPE_OWNER] = "owner", [SCOPE_TEAM] = "team", [SCOPE_PARTNER] = "partner"
	};

	if (scope->kind == SCOPE_ALL || scope->kind == SCOPE_NOTHING || !scope->name.len)
		return scope->kind == SCOPE_ALL;
	asked->column = cells_of(facts, FACT_LEADS, columns[scope->kind]);
	for (asked->code = 1; asked->code < rows_codes(asked->column); asked->code++)
		if (str_eq(rows_name(asked->column, asked->code), scope->name))
			return true;
	return false;
}

static bool seen(const struct asked *asked, uint32_t row)
{
	return !asked->column || rows_code(asked->column, row) == asked->code;
}

/* Takes the row where it fits; false: there are enough. */
static bool look_at(struct asked *asked, uint32_t row)
{
	const char *text = asked->search->texts + asked->search->at[row];

	if (!seen(asked, row))
		return true;
	for (size_t i = 0; i < asked->count; i++)
		if (!strstr(text, asked->words[i]))
			return true;
	asked->rows[asked->found++] = row;
	return asked->found < asked->most;
}

/* The first word that does not come before it; `after`: nor begins so. */
static size_t bound(const struct lead_search *s, const char *word, bool after)
{
	struct beginning key = beginning_of(word, strlen(word));
	uint64_t wanted = (uint64_t)key.high << 32 | key.low;
	size_t low = 0, high = s->word_count, len = strlen(word);

	if (after && len < BEGINNING)
		wanted += (UINT64_C(1) << 8 * (BEGINNING - len)) - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t at = (uint64_t)s->words[middle].high << 32 | s->words[middle].low;

		if (at < wanted || (after && at == wanted))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int latest_first(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

/* Of few, each once. */
static void look_at_these(struct asked *asked, size_t from, size_t to)
{
	const struct lead_search *s = asked->search;
	uint32_t *rows = must_alloc((to - from + s->changed_count + 1) * sizeof(*rows)), last = UINT32_MAX;
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		if (s->words[i].row < asked->before)
			rows[count++] = s->words[i].row;
	for (size_t i = 0; i < s->changed_count; i++)
		if (s->changed[i] < s->sorted && s->changed[i] < asked->before)
			rows[count++] = s->changed[i];
	if (count)
		qsort(rows, count, sizeof(*rows), latest_first);
	for (size_t i = 0; i < count; last = rows[i++])
		if (rows[i] != last && !look_at(asked, rows[i]))
			break;
	free(rows);
}

/* True: there are enough. */
static bool look_back(struct asked *asked, uint32_t from, uint32_t to)
{
	for (uint32_t row = from; row-- > to;)
		if (!look_at(asked, row))
			return true;
	return false;
}

static void find(struct asked *asked)
{
	const struct lead_search *s = asked->search;
	uint32_t end = asked->before < s->rows ? asked->before : s->rows;
	size_t from = 0, to = SIZE_MAX;

	for (size_t i = 0; i < asked->count; i++) {
		size_t first = bound(s, asked->words[i] + 1, false), last = bound(s, asked->words[i] + 1, true);

		if (last - first >= to - from)
			continue;
		from = first;
		to = last;
	}
	/* What came lately is in no order yet. */
	if (end > s->sorted && look_back(asked, end, s->sorted))
		return;
	if (to - from > FEW)
		look_back(asked, end < s->sorted ? end : s->sorted, 0);
	else
		look_at_these(asked, from, to);
}

size_t lead_search_find(struct lead_search *search, const struct facts *facts, const struct scope *scope,
			struct str words, uint32_t before, uint32_t *rows, size_t most)
{
	struct asked asked = { .search = search, .before = before, .rows = rows, .most = most };

	read_words(&asked, words);
	if (!asked.count || !most || !read_scope(&asked, facts, scope))
		return 0;
	pthread_mutex_lock(&search->lock);
	if (search->rows <= facts_rows(facts, FACT_LEADS))
		find(&asked);
	pthread_mutex_unlock(&search->lock);
	return asked.found;
}

int lead_search_text(struct lead_search *search, const struct facts *facts, uint32_t row, struct lead_text *out,
		     struct arena *arena, struct err *err)
{
	uint64_t subject = cells_subject(facts, FACT_LEADS, row);
	size_t len = search->text_len;
	const char *text = NULL;
	struct telling telling = { search, arena };
	const struct reading reading = { INT64_MAX, true };
	int failed = 0;

	*out = (struct lead_text){ STR_NONE, STR_NONE };
	pthread_mutex_lock(&search->lock);
	len = search->text_len;
	if (row < search->rows && search->subjects[row] == subject)
		text = search->texts + search->at[row];
	else if (subject)
		failed = book_state_at(search->book, subject, &reading, tell, &telling, err);
	if (!failed && !text && search->text_len > len)
		text = search->texts + len;
	if (text) {
		out->name = str_trim(str_of(arena_dup(arena, text + strlen(text) + 1)));
		text += strlen(text) + 1;
		out->company = str_of(arena_dup(arena, text + strlen(text) + 1));
	}
	/* It is only for this once. */
	search->text_len = len;
	pthread_mutex_unlock(&search->lock);
	return failed;
}

/* ---- opening ---- */

int lead_search_open(struct lead_search **out, const char *path, struct err *err)
{
	struct lead_search *search = must_calloc(1, sizeof(*search));

	pthread_mutex_init(&search->lock, NULL);
	if (book_open(&search->book, path, BOOK_READ, err)) {
		lead_search_close(search);
		return err->kind;
	}
	search->seq = book_head(search->book).seq;
	*out = search;
	return 0;
}

void lead_search_close(struct lead_search *search)
{
	if (!search)
		return;
	book_close(search->book);
	free(search->at);
	free(search->subjects);
	free(search->texts);
	free(search->words);
	free(search->changed);
	pthread_mutex_destroy(&search->lock);
	free(search);
}
