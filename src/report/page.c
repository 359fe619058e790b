#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include "report/internal.h"

/* ---- the page ---- */

/* Sums are of the book's currency where there are several: there is no rate to add the others by. */
static void find_currencies(struct page *page)
{
	static const struct {
		const char *of, *one, *many;
	} moneys[] = { { "opportunities", "opportunity", "opportunities" },
		       { "orders", "order", "orders" },
		       { "spend", "line of spend", "lines of spend" } };
	const char *own = facts_settings(page->request.facts)->currency, *only = NULL;
	bool several = false;

	for (size_t m = 0; m < sizeof(moneys) / sizeof(*moneys); m++) {
		const struct answer *answer = page_answer(page, &(struct ask){ .measure = "count()",
									       .of = moneys[m].of,
									       .by = "currency",
									       .where = "currency is not empty" });

		for (size_t i = 0; i < answer->row_count; i++) {
			const char *currency = arena_cstr(&page->arena, answer->rows[i].by[0]);
			int64_t n = answer->rows[i].n;

			several = several || (only && strcmp(only, currency) != 0);
			only = currency;
			if (!strcmp(currency, own))
				continue;
			page->other_money =
				page_printf(page, "%s%s%s %s in %s", page->other_money ? page->other_money : "",
					    page->other_money ? ", " : "", grouped(&page->arena, n),
					    n == 1 ? moneys[m].one : moneys[m].many, currency);
		}
	}
	if (several)
		page->currency = own;
	else
		page->other_money = NULL;
}

int report_build(const struct report *report, const struct report_request *request, struct page **out, struct err *err)
{
	struct page *page = must_calloc(1, sizeof(*page));
	int result;

	arena_init(&page->arena);
	page->report = report;
	page->request = *request;
	if (page->request.as_of == DATE_NONE)
		page->request.as_of = facts_as_of(request->facts);
	page->as_of_given = request->as_of != DATE_NONE;
	page->last_day = request->as_of == DATE_NONE && page->request.as_of != DATE_NONE &&
			 page->request.as_of == facts_last_day(request->facts);
	page->period = (struct period){ request->from, request->to };
	page->title = str_of(report->title);
	find_currencies(page);
	result = report->build(&page->request, page, err);
	for (size_t i = 0; i < page->block_count && !result; i++) {
		if (page->blocks[i].kind == BLOCK_TABLE)
			table_fill(page, page->blocks[i].as.table);
	}
	page_note_durations(page);
	if (!result && page->err.kind) {
		*err = page->err;
		result = err_context(err, "report %s", report->name);
	}
	if (result) {
		page_free(page);
		return result;
	}
	*out = page;
	return 0;
}

void page_free(struct page *page)
{
	if (!page)
		return;
	arena_release(&page->arena);
	free(page);
}

const char *page_printf(struct page *page, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = arena_vprintf(&page->arena, fmt, args);
	va_end(args);
	return text;
}

static struct block *add_block(struct page *page, enum block_kind kind)
{
	ARENA_PUSH(&page->arena, page->blocks, page->block_count, page->block_capacity);
	page->blocks[page->block_count].kind = kind;
	return &page->blocks[page->block_count++];
}

void page_add_block(struct page *page, const struct block *block)
{
	*add_block(page, block->kind) = *block;
}

void page_add_table(struct page *page, struct table *table)
{
	add_block(page, BLOCK_TABLE)->as.table = table;
}

void page_heading(struct page *page, const char *text)
{
	add_block(page, BLOCK_HEADING)->as.heading = str_of(arena_dup(&page->arena, text));
}

const struct agreement_version *page_agreement(const struct page *page)
{
	const struct agreements *agreements = page->request.agreements;
	int32_t as_of = page->request.as_of;

	if (!agreements || as_of == DATE_NONE)
		return NULL;
	return agreements_at(agreements, zone_day_start_ms(facts_zone(page->request.facts), as_of + 1) - 1);
}

/* ---- questions ---- */

static size_t define(struct page *page, const char *title, const char *sentence, const struct answer *answer)
{
	struct definition d = { str_of(arena_dup(&page->arena, title ? title : "")),
				str_of(arena_dup(&page->arena, sentence ? sentence : "")), answer->measure, answer->of,
				answer->type == ANSWER_MONEY && page->currency ? page->currency : "" };

	for (size_t i = 0; i < page->definition_count; i++) {
		const struct definition *seen = &page->definitions[i];

		/* one definition asked for other times (this week, the average of four) is still that definition */
		if (str_eq(seen->title, d.title) && str_eq(seen->sentence, d.sentence) && str_eq(seen->of, d.of))
			return i + 1;
	}
	ARENA_PUSH(&page->arena, page->definitions, page->definition_count, page->definition_capacity);
	page->definitions[page->definition_count++] = d;
	return page->definition_count;
}

static bool is_open(struct period period)
{
	return (period.from == DATE_NONE && period.to == DATE_NONE) || (!period.from && !period.to);
}

struct ask page_complete(struct page *page, const struct ask *ask)
{
	struct ask full = *ask;

	if (ask->kpi) {
		const struct kpi *kpi = kpi_find(str_of(ask->kpi));

		if (!kpi)
			BUG("there is no KPI %s", ask->kpi);
		full.title = ask->title ? ask->title : kpi->title;
		full.sentence = ask->sentence ? ask->sentence : kpi->sentence;
		full.measure = kpi->measure;
		full.of = kpi->of;
		full.where = both(page, kpi->where, ask->where);
		full.period_of = kpi->period;
		full.own_time = true;
		full.kpi = NULL;
	}
	if (!full.period_of || is_open(full.period))
		full.period = PERIOD_ALL;
	if (full.period_of && !full.own_time) {
		full.where = both(page, full.where, in_period(page, full.period_of, full.period));
		full.period = PERIOD_ALL;
	}
	return full;
}

static struct question question_of(const struct page *page, const struct ask *full)
{
	struct question question = { .measure = full->measure,
				     .of = full->of,
				     .by = full->by,
				     .where = full->where,
				     .as_of = full->as_of ? full->as_of : page->request.as_of,
				     .scope = page->request.scope,
				     .currency = page->currency };

	if (!is_open(full->period)) {
		question.from = full->period.from;
		question.to = full->period.to;
	}
	return question;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* But for the measure; who asks and in which currency is the page's. */
static bool same_but_measure(const struct question *a, const struct question *b)
{
	return same_text(a->of, b->of) && same_text(a->by, b->by) && same_text(a->where, b->where) &&
	       a->as_of == b->as_of && a->from == b->from && a->to == b->to;
}

static void fail_answer(struct page *page, const struct question *question, struct answer *answer)
{
	const char *of = question->of ? question->of : "leads";

	*answer = (struct answer){ .unit = "", .as_of = question->as_of };
	answer->measure = str_of(question->measure);
	answer->of = str_of(of);
	answer->where = str_of(question->where);
	err_context(&page->err, "asking for %s of %s%s%s", question->measure, of, question->where ? " where " : "",
		    question->where ? question->where : "");
}

/* One question's measures in one walk. Where one of them is wrong each is asked alone, so that the page's error says which. */
static void answer_together(struct page *page, const struct question *questions, size_t count, struct answer **answers)
{
	const char **measures = ARENA_ARRAY(&page->arena, const char *, count + 1);
	struct answer *together = ARENA_ARRAY(&page->arena, struct answer, count + 1);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		measures[i] = questions[i].measure;
	if (!measure_ask_many(page->request.facts, &questions[0], measures, count, &page->arena, together, &err)) {
		for (size_t i = 0; i < count; i++)
			*answers[i] = together[i];
		return;
	}
	for (size_t i = 0; i < count && !page->err.kind; i++) {
		if (measure_ask(page->request.facts, &questions[i], &page->arena, answers[i], &page->err))
			fail_answer(page, &questions[i], answers[i]);
	}
}

void page_answer_all(struct page *page, const struct ask *asks, size_t count, const struct answer **answers)
{
	struct question *questions = ARENA_ARRAY(&page->arena, struct question, count + 1);
	struct question *same = ARENA_ARRAY(&page->arena, struct question, count + 1);
	struct answer *all = ARENA_ARRAY(&page->arena, struct answer, count + 1);
	struct answer **places = ARENA_ARRAY(&page->arena, struct answer *, count + 1);
	bool *done = ARENA_ARRAY(&page->arena, bool, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct ask full = page_complete(page, &asks[i]);

		questions[i] = question_of(page, &full);
		all[i].unit = "";
		answers[i] = &all[i];
	}
	for (size_t i = 0; i < count && !page->err.kind; i++) {
		size_t together = 0;

		if (done[i])
			continue;
		for (size_t k = i; k < count; k++) {
			if (done[k] || !same_but_measure(&questions[i], &questions[k]))
				continue;
			done[k] = true;
			same[together] = questions[k];
			places[together++] = &all[k];
		}
		answer_together(page, same, together, places);
	}
	for (size_t i = 0; i < count; i++)
		page->no_history = page->no_history || all[i].no_history;
}

const struct answer *page_answer(struct page *page, const struct ask *ask)
{
	const struct answer *answer;

	page_answer_all(page, ask, 1, &answer);
	return answer;
}

/* What a count counts is what its rows are: "count(won)" → "won", "count(won) / count(closed)" → "closed". */
static const char *counted(struct page *page, struct str measure)
{
	struct str last = measure;
	ptrdiff_t slash = str_find(measure, " / count("), on;
	size_t depth = 0;

	if (slash >= 0) {
		last.at += slash + 3;
		last.len -= (size_t)slash + 3;
	}
	on = str_find(last, ") on ");
	if (on >= 0)
		last.len = (size_t)on + 1;
	if (!str_starts(measure, "count(") || !str_starts(last, "count(") || !str_ends(last, ")"))
		return NULL;
	last.at += 6;
	last.len -= 7;
	for (size_t i = 0; i < last.len; i++) {
		if (last.at[i] == '(')
			depth++;
		if (last.at[i] == ')' && depth-- == 0)
			return NULL;
	}
	return last.len ? arena_cstr(&page->arena, last) : NULL;
}

/* What a measure counts may be rows of another fact than it is asked of, as in count(opportunities.won) of leads. */
static bool can_be_listed(struct page *page, const struct figure *figure)
{
	const struct question question = { .measure = "count()",
					   .of = arena_cstr(&page->arena, figure->rows_of),
					   .where = arena_cstr(&page->arena, figure->rows_where),
					   .as_of = page->request.as_of,
					   .scope = page->request.scope };
	struct err err = ERR_INIT;
	struct foretold foretold;

	return str_find(figure->rows_where, ".") < 0 ||
	       !measure_check(page->request.facts, &question, &foretold, &page->arena, &err);
}

static const struct answer_row no_row = { .type = ANSWER_NONE, .numerator = -1, .denominator = -1 };

const struct figure *page_row_figure(struct page *page, const struct ask *ask, const struct answer *answer, size_t row)
{
	struct ask full = page_complete(page, ask);
	struct figure *figure = ARENA_NEW(&page->arena, struct figure);

	figure->answer = answer;
	figure->row = row < answer->row_count ? &answer->rows[row] : &no_row;
	figure->definition = define(page, full.title, full.sentence, answer);
	figure->label = page->definitions[figure->definition - 1].title;
	figure->percent = full.percent;
	figure->rows_of = str_of(arena_dup(&page->arena, full.of ? full.of : "leads"));
	/* an answer as of another day has other rows than the page's own listing would show */
	if (full.as_of && full.as_of != page->request.as_of)
		figure->rows_of = STR_NONE;
	figure->rows_where = str_of(both(page, both(page, full.where, counted(page, answer->measure)),
					 full.period_of ? in_period(page, full.period_of, full.period) : NULL));
	if (!can_be_listed(page, figure))
		figure->rows_of = STR_NONE;
	ARENA_PUSH(&page->arena, page->figures, page->figure_count, page->figure_capacity);
	page->figures[page->figure_count++] = figure;
	figure->number = page->figure_count;
	return figure;
}

const struct figure *page_figure(struct page *page, const struct ask *ask)
{
	return page_row_figure(page, ask, page_answer(page, ask), 0);
}

int64_t page_count(struct page *page, const char *of, const char *where)
{
	const struct answer *answer =
		page_answer(page, &(struct ask){ .measure = "count()", .of = of, .where = where });

	return answer->row_count ? (int64_t)llround(answer->rows[0].value) : 0;
}

/* ---- conditions ---- */

const char *both(struct page *page, const char *a, const char *b)
{
	if (!a || !*a)
		return b;
	if (!b || !*b)
		return a;
	return page_printf(page, "(%s) and (%s)", a, b);
}

const char *quoted_name(struct page *page, struct str name)
{
	char *text = arena_alloc(&page->arena, 2 * name.len + 3), *at = text;

	*at++ = '"';
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '"') /* doubled, it stands for itself */
			*at++ = '"';
		*at++ = name.at[i];
	}
	*at = '"';
	return text;
}

const char *is_name(struct page *page, const char *column, struct str name)
{
	return name.len ? page_printf(page, "%s = %s", column, quoted_name(page, name))
			: page_printf(page, "%s is empty", column);
}

const char *in_period(struct page *page, const char *column, struct period period)
{
	char from[16], to[16];

	if (is_open(period))
		return NULL;
	if (period.from != DATE_NONE)
		date_format(period.from, from);
	if (period.to != DATE_NONE)
		date_format(period.to, to);
	if (period.to == DATE_NONE)
		return page_printf(page, "%s >= %s", column, from);
	if (period.from == DATE_NONE)
		return page_printf(page, "%s < %s", column, to);
	return page_printf(page, "%s >= %s and %s < %s", column, from, column, to);
}

/* ---- sentences ---- */

/* Figures stand in a formatted text as MARK number MARK_TEXT text MARK_END. */
static struct sentence *sentence_of(struct page *page, int mood, const char *fmt, va_list args)
{
	struct sentence *s = ARENA_NEW(&page->arena, struct sentence);
	size_t spans = 0, figures = 0;
	struct buf plain;

	buf_init(&plain, 1 << 20);
	s->mood = mood;
	for (struct str rest = str_of(arena_vprintf(&page->arena, fmt, args)); rest.len;) {
		struct str before = str_cut(&rest, MARK[0]), number, inside;

		if (before.len) {
			ARENA_PUSH(&page->arena, s->spans, s->span_count, spans);
			s->spans[s->span_count++] = (struct span){ before, NULL };
			buf_add_str(&plain, before);
		}
		if (!rest.len)
			break;
		number = str_cut(&rest, MARK_TEXT[0]);
		inside = str_cut(&rest, MARK_END[0]);
		ARENA_PUSH(&page->arena, s->spans, s->span_count, spans);
		s->spans[s->span_count] = (struct span){ inside, page->figures[strtoul(number.at, NULL, 10) - 1] };
		ARENA_PUSH(&page->arena, s->figures, s->count, figures);
		s->figures[s->count++] = s->spans[s->span_count++].figure;
		buf_add_str(&plain, inside);
	}
	s->text = arena_str(&page->arena, buf_str(&plain));
	buf_release(&plain);
	return s;
}

const struct sentence *page_sentence(struct page *page, int mood, const char *fmt, ...)
{
	const struct sentence *s;
	va_list args;

	va_start(args, fmt);
	s = sentence_of(page, mood, fmt, args);
	va_end(args);
	add_block(page, BLOCK_SENTENCE)->as.sentence = s;
	return s;
}

void page_note(struct page *page, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_block(page, BLOCK_NOTE)->as.sentence = sentence_of(page, 0, fmt, args);
	va_end(args);
}

void page_action(struct page *page, const struct sentence *action)
{
	add_block(page, BLOCK_ACTION)->as.sentence = action;
}

/* ---- findings ---- */

struct finding *page_find(struct page *page, const char *kind, struct str subject, double weight, const char *fmt, ...)
{
	struct finding *finding;
	va_list args;

	ARENA_PUSH(&page->arena, page->findings, page->finding_count, page->finding_capacity);
	finding = &page->findings[page->finding_count++];
	*finding = (struct finding){ .kind = kind, .subject = arena_str(&page->arena, subject), .weight = weight };
	va_start(args, fmt);
	finding->sentence = sentence_of(page, -1, fmt, args);
	va_end(args);
	return finding;
}

void finding_action(struct page *page, struct finding *finding, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	finding->action = sentence_of(page, 0, fmt, args);
	va_end(args);
}

void page_print_finding(struct page *page, const struct finding *finding)
{
	add_block(page, BLOCK_SENTENCE)->as.sentence = finding->sentence;
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return strcmp(x->kind, y->kind) ? strcmp(x->kind, y->kind) : str_cmp(x->subject, y->subject);
}

void page_sort_findings(struct page *page)
{
	if (page->finding_count)
		qsort(page->findings, page->finding_count, sizeof(*page->findings), by_weight);
}

/* ---- rows ---- */

/* "2025-06-23T07:59" reads "2025-06-23 07:59". */
void listing_for_people(struct listing *listing, struct arena *arena)
{
	for (size_t r = 0; r < listing->count; r++) {
		for (size_t c = 0; c < listing->columns; c++) {
			struct str *cell = &listing->cells[r][c];
			struct str day = { cell->at, 10 };
			int32_t date;

			if (cell->len == 16 && cell->at[10] == 'T' && date_parse(day, &date))
				*cell = str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(day), 5, cell->at + 11));
		}
	}
}

void page_rows(struct page *page, const char *name, const char *title, const char *of, const char *where,
	       const char *columns, const char *header, const char *order, size_t shown)
{
	struct page_listing *rows = ARENA_NEW(&page->arena, struct page_listing);
	struct question question = {
		.of = of, .where = where, .as_of = page->request.as_of, .scope = page->request.scope
	};
	struct str rest = str_of(header);
	bool *right;

	if (page->err.kind || measure_list(page->request.facts, &question, columns, order, LISTING_MAX, &page->arena,
					   &rows->listing, &page->err))
		return;
	rows->shown = shown < rows->listing.count ? shown : rows->listing.count;
	rows->name = str_of(name);
	rows->title = str_of(arena_dup(&page->arena, title));
	rows->of = str_of(of);
	rows->where = str_of(where ? arena_dup(&page->arena, where) : "");
	rows->header = ARENA_ARRAY(&page->arena, struct str, rows->listing.columns);
	right = ARENA_ARRAY(&page->arena, bool, rows->listing.columns);
	for (size_t i = 0; i < rows->listing.columns; i++) {
		rows->header[i] = str_cut(&rest, ',');
		if (str_starts(rows->header[i], ">")) {
			right[i] = true;
			rows->header[i].at++;
			rows->header[i].len--;
		}
	}
	rows->right = right;
	listing_for_people(&rows->listing, &page->arena);
	add_block(page, BLOCK_LISTING)->as.listing = rows;
}
