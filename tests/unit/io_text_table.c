#include "io/text_table.h"
#include "tap.h"

static struct arena arena;

static struct str printed(struct text_table *table, size_t indent, size_t width)
{
	struct buf out;
	struct str text;

	buf_init(&out, 1 << 20);
	text_table_print(table, indent, width, false, &out);
	text = arena_str(&arena, buf_str(&out));
	buf_release(&out);
	return text;
}

static void row(struct text_table *table, const char *label, const char *number)
{
	struct text_cell *cells = text_table_row(table);

	cells[0].text = str_of(label);
	cells[1].text = str_of(number);
}

static void test_alignment(void)
{
	struct text_table table;

	text_table_init(&table, &arena);
	text_table_column(&table, STR("owner"), TEXT_LEFT);
	text_table_column(&table, STR("won"), TEXT_RIGHT);
	row(&table, "Åsa Żółć", "1,204");
	row(&table, "B", "7");
	text_table_rule(&table);
	row(&table, "", "–");
	is_bytes(printed(&table, 2, 100),
		 "  owner       won\n"
		 "  Åsa Żółć  1,204\n"
		 "  B             7\n"
		 "  ───────────────\n"
		 "                –\n",
		 "columns are as wide as their contents, counted in characters, numbers to the right");
}

static void test_narrow(void)
{
	struct text_table table;

	text_table_init(&table, &arena);
	text_table_column(&table, STR("campaign"), TEXT_LEFT);
	text_table_column(&table, STR("cost per opportunity"), TEXT_RIGHT);
	row(&table, "A trade fair with a long name", "1,120.00");
	is_bytes(printed(&table, 0, 44),
		 "                                  cost per\n"
		 "campaign                       opportunity\n"
		 "A trade fair with a long name     1,120.00\n",
		 "titles are broken first");
	is_bytes(printed(&table, 0, 30),
		 "                      cost per\n"
		 "campaign           opportunity\n"
		 "A trade fair wit…     1,120.00\n",
		 "then labels are cut, numbers never");
}

static void test_cut(void)
{
	is_bytes(text_cut(STR("abcdef"), 6, &arena), "abcdef", "what fits stays whole");
	is_bytes(text_cut(STR("abcdef"), 5, &arena), "abcd…", "what does not is cut");
	is_bytes(text_cut(STR("日本語"), 5, &arena), "日本…", "wide characters count two");
	is_bytes(text_cut(STR("a\033[31mb\nc"), 20, &arena), "a [31mb c", "control characters are spaces");
	is_bytes(text_cut(STR("abc"), 0, &arena), "", "no room, no text");
}

static void test_wrap(void)
{
	struct buf out;

	buf_init(&out, 4096);
	text_wrap(STR("one two three four"), 4, 2, 9, &out);
	is_bytes(buf_str(&out), "one\n  two\n  three\n  four", "prose is broken at spaces");
	buf_clear(&out);
	text_wrap(STR("one two\nthree"), 0, 2, 5, &out);
	is_bytes(buf_str(&out), "one\n  two\n  three", "lines after the first are indented");
	buf_clear(&out);
	text_wrap(STR("one\n\ntwo  three"), 0, 0, 20, &out);
	is_bytes(buf_str(&out), "one\n\ntwo  three", "its own line ends and spaces are kept");
	buf_release(&out);
}

static void test_counts(void)
{
	char text[32];

	is_str(count_text(0, text), "0", "nought");
	is_str(count_text(999, text), "999", "three digits");
	is_str(count_text(1204000, text), "1,204,000", "groups of three");
	is_str(count_text(-1000, text), "-1,000", "below zero");
	is_str(count_text(INT64_MIN, text), "-9,223,372,036,854,775,808", "the smallest there is");
}

static void test_ink(void)
{
	struct text_table table;
	struct text_cell *cells;
	struct buf out;

	text_table_init(&table, &arena);
	text_table_column(&table, STR_NONE, TEXT_RIGHT);
	cells = text_table_row(&table);
	cells[0] = (struct text_cell){ STR("7"), INK_BAD };
	buf_init(&out, 4096);
	text_table_print(&table, 0, 100, true, &out);
	is_bytes(buf_str(&out), "\033[31m7\033[0m\n", "colour where it is wanted, no line for empty titles");
	buf_release(&out);
}

static void test_for_terminal(void)
{
	struct buf out;

	buf_init(&out, 4096);
	text_for_terminal(STR("a,\"b\tc\"\r\n\033[2J\x9b"
			      "31m \xc2\x9b \u202e \u2067 \r \x7f Zürich €\n"),
			  &out);
	is_bytes(buf_str(&out), "a,\"b\tc\"\r\n\uFFFD[2J\uFFFD31m \uFFFD \uFFFD \uFFFD \uFFFD \uFFFD Zürich €\n",
		 "a terminal gets no control characters and no turns of direction");
	buf_release(&out);
}

int main(void)
{
	arena_init(&arena);
	test_alignment();
	test_narrow();
	test_cut();
	test_wrap();
	test_counts();
	test_ink();
	test_for_terminal();
	arena_release(&arena);
	return done();
}
