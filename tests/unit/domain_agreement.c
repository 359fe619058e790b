/* What is signed of an agreement, and what is not. */
#include "base/buf.h"
#include "domain/agreement_terms.h"

#include "tap.h"

static const char head[] = "calendar: {time zone: UTC, hours: {mon-fri: [\"08:00-17:00\"]}}\n"
			   "in force: 2026-01-05\n"
			   "between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}\n"
			   "lead types: {any: {when: \"not won\", hand over: at once}}\n"
			   "route: [{otherwise: team west}]\n"
			   "promises: {}\n"
			   "reasons: {reject: [no need]}\n";

static struct arena arena;

static const struct agreement *read_text(const char *text)
{
	struct agreement *agreement = NULL;
	struct problems problems;
	struct err err = ERR_INIT;

	problems_init(&problems, &arena);
	if (agreement_read(&agreement, str_of(text), "text", &problems, &arena, &err) < 0)
		note("%s", err.text);
	else if (problems.count)
		note("%.*s", STR_ARG(problems.items[0].text));
	return problems.count ? NULL : agreement;
}

/* Only annexes may be changed without a new signature: what is signed says all the rest. */
static void is_signed(const char *text, size_t unsigned_bytes, const char *name)
{
	const struct agreement *whole = read_text(text), *alone;
	const struct term_change *changes;
	size_t count, others = 0;

	if (!ok(whole != NULL, "%s", name))
		return;
	is_int((int64_t)(strlen(text) - whole->signed_text.len), (int64_t)unsigned_bytes, "so much is not signed");
	alone = read_text(arena_cstr(&arena, whole->signed_text));
	if (!ok(alone != NULL, "what is signed is an agreement"))
		return;
	changes = agreement_diff(whole, alone, &count, &arena);
	for (size_t i = 0; i < count; i++)
		others += changes[i].chapter != TERM_ANNEXES;
	is_int((int64_t)others, 0, "and says all but the annexes");
}

static const char *with(const char *before, const char *behind)
{
	return arena_printf(&arena, "%s%s%s", before, head, behind);
}

/* Thousands of everything are read, told and compared in no time. */
static void test_many(void)
{
	enum { MANY = 4000 };
	struct buf text;
	const struct agreement *agreement;
	size_t count;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, with("agreement: A\n", "kpis:\n"));
	for (int i = 0; i < MANY; i++)
		buf_addf(&text, "  k%d: {says: a, measure: count(), target: %d, owners: sales}\n", i, i);
	buf_add_str(&text, STR("pay: {team kpis: ["));
	for (int i = 0; i < MANY; i++)
		buf_addf(&text, "%sk%d", i ? ", " : "", i);
	buf_add_str(&text, STR("]}\n"));
	agreement = read_text(arena_cstr(&arena, buf_str(&text)));
	if (ok(agreement && agreement->kpi_count == MANY, "%d KPIs", MANY)) {
		agreement_diff(agreement, agreement, &count, &arena);
		is_int((int64_t)count, 0, "differ in nothing from themselves");
	}
	buf_release(&text);
}

int main(void)
{
	arena_init(&arena);
	is_signed(with("agreement: A\n", ""), 0, "without annexes");
	is_signed(with("agreement: A\n", "annexes: {teams: {west: [Ann]}}\n"), 32, "with annexes");
	is_signed(with("agreement: A\r\n", "annexes:\r\n  teams: {west: [Ann]}"), 32, "with other line ends");
	is_signed(with("agreement: \"A\nannexes: no\"\n", "annexes: {teams: {west: [Ann]}}\n"), 32,
		  "a text has a line that looks like the chapter");
	is_signed(with("agreement: \"A\nannexes: no\"\n", ""), 0, "with nothing behind it");
	is_signed(with("agreement: A\nwords: {a: b,\nannexes: c}\n", "annexes: {teams: {west: [Ann]}}\n"), 32,
		  "so has a word");
	ok(!read_text(with("agreement: A # one\xE2\x80\xA8# two\n", "annexes:\n  teams: {west: [Ann]}\n")),
	   "not where YAML and people count lines otherwise");
	ok(!read_text(with("agreement: A\nannexes: {teams: {west: [Ann]}}\n", "")), "annexes before the rest");
	test_many();
	arena_release(&arena);
	return done();
}
