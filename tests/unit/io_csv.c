#include "io/csv.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static char folder[] = "/tmp/lockstep-csv-XXXXXX";
static struct arena arena;

/* Writes the file and gives its path. */
static const char *file_of(const char *bytes, size_t len)
{
	const char *path = arena_printf(&arena, "%s/t.csv", folder);
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
		note("%s cannot be written", path);
	return path;
}

/* All that was understood, as one text: "line[cell|cell]" for the header and each row. */
static void show_row(struct buf *out, const struct csv_row *row)
{
	buf_addf(out, "%ld[", row->line);
	for (size_t i = 0; i < row->count; i++)
		buf_addf(out, "%s%.*s", i ? "|" : "", STR_ARG(row->cells[i]));
	buf_add_char(out, ']');
}

static int show_all(struct buf *out, const char *path, const struct csv_options *options, struct err *err)
{
	struct csv *csv;
	struct csv_row row;
	int result = csv_open(&csv, path, options, err);

	if (result < 0)
		return result;
	show_row(out, csv_header(csv));
	while ((result = csv_next(csv, &row, err)) == 1)
		show_row(out, &row);
	if (result == 0 && csv_blank_rows(csv))
		buf_addf(out, " blank %ld", csv_blank_rows(csv));
	if (result == 0 && csv_odd_bytes(csv))
		buf_addf(out, " odd %d", (int)csv_odd_bytes(csv));
	csv_close(csv);
	return result;
}

static void reads_with(const struct csv_options *options, const char *bytes, size_t len, const char *wanted,
		       const char *what)
{
	struct err err = ERR_INIT;
	struct buf got;

	buf_init(&got, 1 << 20);
	if (ok(show_all(&got, file_of(bytes, len), options, &err) == 0, "%s: is read", what))
		is_str(got.at, wanted, "%s: as it should", what);
	else
		note("%s", err.text);
	buf_release(&got);
}

#define READS(what, bytes, wanted) reads_with(NULL, (bytes), sizeof(bytes) - 1, (wanted), (what))

#define READS_WITH(options, what, bytes, wanted) reads_with((options), (bytes), sizeof(bytes) - 1, (wanted), (what))

static void refuses(const char *what, const char *bytes, size_t len, const char *wanted)
{
	struct err err = ERR_INIT;
	struct buf got;

	buf_init(&got, 1 << 20);
	ok(show_all(&got, file_of(bytes, len), NULL, &err) < 0, "%s: is refused", what);
	ok(strstr(err.text, wanted), "%s: says '%s'", what, wanted);
	ok(strstr(err.text, "/t.csv") && strpbrk(err.text, ";"), "%s: names the file and what to do: %s", what,
	   err.text);
	buf_release(&got);
}

#define REFUSES(what, bytes, wanted) refuses((what), (bytes), sizeof(bytes) - 1, (wanted))

static void test_line_ends(void)
{
	READS("LF", "a,b\n1,2\n3,4\n", "1[a|b]2[1|2]3[3|4]");
	READS("CRLF", "a,b\r\n1,2\r\n3,4\r\n", "1[a|b]2[1|2]3[3|4]");
	READS("CR", "a,b\r1,2\r3,4\r", "1[a|b]2[1|2]3[3|4]");
	READS("CR at the end of a long line", "a,b\r1,longer than what stood before it\r",
	      "1[a|b]2[1|longer than what stood before it]");
	READS("mixed", "a,b\r1,2\r\n3,4\n5,6", "1[a|b]2[1|2]3[3|4]4[5|6]");
	READS("no end", "a,b\n1,2", "1[a|b]2[1|2]");
	READS("header alone", "a,b\n", "1[a|b]");
	READS("header alone, no end", "a,b", "1[a|b]");
	READS("blank lines", "\n\na,b\n\n1,2\n  \n,\n3,4\n\n\n", "3[a|b]5[1|2]8[3|4] blank 7");
	READS("blank CRLF lines", "a,b\r\n\r\n1,2\r\n", "1[a|b]3[1|2] blank 1");
	READS("end of DOS", "a,b\r\n1,2\r\n\x1A", "1[a|b]2[1|2] blank 1");
}

static void test_quotes(void)
{
	READS("quotes", "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "1[a|b]2[x, y|say \"hi\"]");
	READS("line ends in quotes", "a,b\n\"1\n2\r\n3\",x\n4,5\n", "1[a|b]2[1\n2\r\n3|x]5[4|5]");
	READS("CR in quotes", "a,b\r\"1\r2\",x\r4,5\r", "1[a|b]2[1\r2|x]4[4|5]");
	READS("blank line in quotes", "a,b\n\"1\n\n2\",x\n4,5\n", "1[a|b]2[1\n\n2|x]5[4|5]");
	READS("header over two lines", "\"a\nb\",c\n1,2\n", "1[a\nb|c]3[1|2]");
	READS("spaces", "a,b\n  x  ,\"  y  \"\n 1 , \"2\" \n", "1[a|b]2[x|  y  ]3[1|2]");
	READS("stray quotes", "a,b\n5\" pipe,\"6\" pipe\"\n7,8\n", "1[a|b]2[5\" pipe|6\" pipe]3[7|8]");
	READS("empty quotes", "a,b\n\"\",\"\"\n\"\",1\n", "1[a|b]3[|1] blank 1");
	READS("rows in quotes", "a,b,c\n\"1,2,\"\"x, y\"\"\"\n3,4,5\n", "1[a|b|c]2[1|2|x, y]3[3|4|5]");
	READS("all rows in quotes", "\"a;b\"\n\"1;2\"\n\"3;4\"\n", "1[a|b]2[1|2]3[3|4]");
	READS("a quoted cell in one column", "name\n\"Lee, Ann\"\nBo\n", "1[name]2[Lee, Ann]3[Bo]");
	READS("quoted text of other width", "a,b,c\n\"1,2\"\n", "1[a|b|c]2[1,2]");
}

static void test_unclosed(void)
{
	REFUSES("unclosed at the end", "a,b\n1,2\n3,\"x\n4,5\n", "t.csv:3: the quote that opens on this line (cell 2)");
	REFUSES("unclosed and closed by the next", "a,b\n1,\"x\n3,\"y\"\n", "t.csv:2: the quote");
	REFUSES("unclosed in the header", "a,\"b\n1,2\n", "t.csv:1: the quote");
	REFUSES("opened on a later line of the row", "a,b,c\n\"1\n2\",\"x\n4,5\n",
		"t.csv:3: the quote that opens on this line (cell 2)");
}

static void test_separators(void)
{
	READS("semicolons, decimal commas", "name;sum\nx;1,5\ny;2,5\n", "1[name|sum]2[x|1,5]3[y|2,5]");
	READS("semicolons in quotes", "a,b\n\"x;y\",1\n\"z;z\",2\n", "1[a|b]2[x;y|1]3[z;z|2]");
	READS("tabs", "a\tb\n1, 2\t\n\t3, 4\n", "1[a|b]2[1, 2|]3[|3, 4]");
	READS("pipes", "a|b\nx, y|z\n", "1[a|b]2[x, y|z]");
	READS("a separator named for Excel", "sep=;\r\na,a;b\r\n1,1;2\r\n", "2[a,a|b]3[1,1|2]");
	READS("a tab named for Excel", "\xEF\xBB\xBFSEP=\t\na, b\tc\n", "2[a, b|c]");
	READS("a header that only looks so", "sep=x,b\n1,2\n", "1[sep=x|b]2[1|2]");
	READS("one column", "a\n1\n2\n", "1[a]2[1]3[2]");
	READS("uneven rows", "a,b,c\n1,2\n1,2,3\n1,2,3,4\n5,6,7\n", "1[a|b|c]2[1|2]3[1|2|3]4[1|2|3|4]5[5|6|7]");

	struct csv_options options = CSV_OPTIONS_DEFAULT;

	options.separator = ',';
	READS_WITH(&options, "separator given", "a;b,c\n1;2,3\n", "1[a;b|c]2[1;2|3]");
	options.separator = 0;
	options.skip_lines = 2;
	READS_WITH(&options, "title lines", "Report, 2026, Q1, x\n\"\na;b\n1;2\n", "3[a|b]4[1|2]");
	options.skip_lines = 20;
	struct err err = ERR_INIT;
	struct buf got;

	buf_init(&got, 100);
	is_int(show_all(&got, file_of("a,b\n", 4), &options, &err), ERR_INPUT, "more lines skipped than there are");
	buf_release(&got);
}

static void test_header(void)
{
	READS("nameless and repeated", " a ,,a,\"\",a (2),column 2\n1\n",
	      "1[a|column 2|a (2)|column 4|a (2) (2)|column 2 (2)]2[1]");
}

static void test_encodings(void)
{
	READS("UTF-8 mark", "\xEF\xBB\xBF\"a\",b\nJos\xC3\xA9,1\n", "1[a|b]2[Jos\u00E9|1]");
	READS("UTF-8", "a,b\nJos\xC3\xA9,\xE2\x82\xAC\n", "1[a|b]2[Jos\u00E9|\u20AC]");
	READS("Windows-1252", "a,b\nJos\xE9,\x80 5\n", "1[a|b]2[Jos\u00E9|\u20AC 5]");
	READS("Windows-1252, undefined", "a,b\nJos\xE9,\x81\n", "1[a|b]2[Jos\u00E9|\uFFFD] odd 1");
	READS("UTF-8 with a slip", "a,b\n\xC3\xA9,\xC3\xA9\nx,\xE9\n", "1[a|b]2[\u00E9|\u00E9]3[x|\u00E9] odd 1");
	READS("UTF-8 cut at the end", "a,b\n\xC3\xA9,\xC3\xA9\nx,\xC3", "1[a|b]2[\u00E9|\u00E9]3[x|\u00C3] odd 1");
	READS("UTF-16LE",
	      "\xFF\xFE"
	      "a\0;\0b\0\r\0\n\0\xE9\0;\0\x3D\xD8\x00\xDE\n\0",
	      "1[a|b]2[\u00E9|\U0001F600]");
	READS("UTF-16BE", "\xFE\xFF\0a\0;\0b\0\n\x20\xAC\0;\0x\0\n", "1[a|b]2[\u20AC|x]");
	READS("UTF-16 with half a pair",
	      "\xFF\xFE"
	      "a\0\n\0\x3D\xD8x\0\n\0",
	      "1[a]2[\uFFFDx] odd 2");
	READS("UTF-16 cut",
	      "\xFF\xFE"
	      "a\0\n\0x\0y",
	      "1[a]2[x\uFFFD] odd 1");

	struct csv_options options = CSV_OPTIONS_DEFAULT;

	options.encoding = CSV_UTF16LE;
	READS_WITH(&options, "UTF-16 without a mark, as told", "a\0\n\0b\0\n\0", "1[a]2[b]");
	options.encoding = CSV_WINDOWS_1252;
	READS_WITH(&options, "Windows-1252, as told", "a\nx\xC3\xA9\n", "1[a]2[x\u00C3\u00A9]");

	struct csv *csv = NULL;
	struct err err = ERR_INIT;

	ok(csv_open(&csv, file_of("a;b\nJos\xE9;1\n", 11), NULL, &err) == 0, "opens");
	is_str(csv_encoding_name(csv_encoding(csv)), "Windows-1252", "the encoding has a name");
	is_int(csv_separator(csv), ';', "the separator is told");
	is_int(csv_bytes_total(csv), 11, "so is the size");
	csv_close(csv);
}

static void test_refusals(void)
{
	REFUSES("empty", "", "is empty");
	REFUSES("a mark alone", "\xEF\xBB\xBF", "is empty");
	REFUSES("blank lines alone", "\n \n,,\n", "is empty");
	REFUSES("NUL", "a,b\r\n1,2\r\n3,\0\r\n", "NUL bytes, the first on line 3");
	REFUSES("UTF-16 without a mark", "a\0,\0b\0\n\0", "UTF-16 without its mark");
	REFUSES("UTF-16 with NUL",
		"\xFF\xFE"
		"a\0\n\0\0\0\n\0",
		"NUL characters");
	REFUSES("a workbook", "PK\x03\x04xxxxxxxxxxxxxxx", "Excel workbook");
	REFUSES("an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel workbook");
	REFUSES("a page", "<html><table>", "web page");
	REFUSES("PDF", "%PDF-1.7\n", "PDF");
	REFUSES("binary", "a,b\n\x01\x02\x03\x04\x05\x06\x07\x08\x0E\x0F\n", "binary data");

	size_t size = (2u << 20) + 10;
	char *large = malloc(size);

	memset(large, 'x', size);
	memcpy(large, "a,b\n1,", 6);
	refuses("a cell over 1 MiB", large, size, "t.csv:2: a cell is larger than 1 MiB");
	large[6 + (1 << 20)] = '\n';
	refuses("a cell over 1 MiB, later", large, size, "t.csv:3: a cell is larger than 1 MiB");
	memset(large, ',', size);
	memcpy(large, "a,b\n", 4);
	refuses("too many columns", large, 4200, "t.csv:2: there are more than 4,096 columns");
	free(large);

	struct csv *csv = NULL;
	struct err err = ERR_INIT;

	is_int(csv_open(&csv, "/nonexistent.csv", NULL, &err), ERR_SYSTEM, "no file");
	is_int(csv_open(&csv, folder, NULL, &err), ERR_INPUT, "a folder");
	is_int(csv_open(&csv, "/dev/null", NULL, &err), ERR_INPUT, "a device");
}

/* Rows, quotes and characters that lie across the chunks in which a file is read. */
static void test_chunks(void)
{
	struct buf file;
	struct csv *csv = NULL;
	struct csv_row row;
	struct err err = ERR_INIT;
	long rows = 0, line = 2, wrong = 0;

	buf_init(&file, 8 << 20);
	buf_add_text(&file, "id,text,end\r\n");
	for (int i = 0; i < 40000; i++)
		buf_addf(&file, "%d,\"\u20AC%.*s\r\n\U0001F600 \"\"%d\"\"\",e\r\n", i, i % 23,
			 "xxxxxxxxxxxxxxxxxxxxxxx", i);
	ok(csv_open(&csv, file_of(file.at, file.len), NULL, &err) == 0, "a large file opens");
	for (int pass = 0; pass < 2; pass++) {
		while (csv_next(csv, &row, &err) == 1) {
			char wanted[100];

			snprintf(wanted, sizeof(wanted), "\u20AC%.*s\r\n\U0001F600 \"%ld\"", (int)(rows % 23),
				 "xxxxxxxxxxxxxxxxxxxxxxx", rows);
			wrong += row.count != 3 || row.line != line || strtol(row.cells[0].at, NULL, 10) != rows ||
				 !str_is(row.cells[1], wanted) || !str_is(row.cells[2], "e");
			rows++;
			line += 2;
		}
		is_int(rows, 40000, "all rows come");
		is_int(wrong, 0, "as they were written, on their lines");
		is_int(csv_bytes_read(csv), file.len, "all was read");
		if (pass == 0)
			is_int(csv_check(csv, &err), 0, "the check begins anew");
		rows = 0;
		line = 2;
	}
	csv_close(csv);
	buf_release(&file);
}

static void test_check(void)
{
	struct csv *csv = NULL;
	struct csv_row row;
	struct err err = ERR_INIT;

	ok(csv_open(&csv, file_of("a,b\n1,2\n3,\"4\n", 13), NULL, &err) == 0, "a file with an open quote opens");
	is_int(csv_check(csv, &err), ERR_INPUT, "the check finds the quote");
	ok(strstr(err.text, "t.csv:3:"), "and its line");
	csv_close(csv);
	ok(csv_open(&csv, file_of("a,b\n1,2\n", 8), NULL, &err) == 0 && csv_check(csv, &err) == 0, "a good one passes");
	ok(csv_next(csv, &row, &err) == 1 && row.line == 2 && csv_next(csv, &row, &err) == 0,
	   "and is read from its first row");
	csv_close(csv);
}

/* Whatever is written is read back. */
static void test_write(void)
{
	static const char parts[] = ",;\t\"\n\r ab";
	unsigned seed = 3;
	int wrong = 0;

	for (int round = 0; round < 300; round++) {
		struct buf out;
		char texts[4][5];
		struct str cells[4];
		struct csv *csv = NULL;
		struct csv_row row;
		struct err err = ERR_INIT;
		struct csv_options options = { ";,\t"[round % 3], -1, 0 };

		buf_init(&out, 1000);
		csv_write_row(&out, (struct str[]){ STR("a"), STR("b"), STR("c"), STR("d") }, 4, options.separator);
		for (size_t i = 0; i < 4; i++) {
			size_t len = (seed = seed * 1103515245 + 12345) >> 16 & 3;

			for (size_t j = 0; j < len; j++)
				texts[i][j] = parts[((seed = seed * 1103515245 + 12345) >> 16) % (sizeof(parts) - 1)];
			cells[i] = (struct str){ texts[i], len };
		}
		cells[3] = STR("x"); /* not blank */
		csv_write_row(&out, cells, 4, options.separator);
		if (csv_open(&csv, file_of(out.at, out.len), &options, &err) < 0 || csv_next(csv, &row, &err) != 1 ||
		    row.count != 4)
			wrong++;
		else
			for (size_t i = 0; i < 4; i++)
				wrong += !str_eq(row.cells[i], cells[i]);
		csv_close(csv);
		buf_release(&out);
	}
	is_int(wrong, 0, "what is written is read back");
}

/* Damaged files: each is read or refused by name. */
static void test_damage(void)
{
	static const char good[] =
		"id;name;sum\r\n1;\"M\xFCller; Jan\";\"2.900,00\"\r\n2;\"a \"\"b\"\"\nc\";5\r\n\r\n3;x;\r\n";
	static const char parts[] = "\";,\t\r\n\0\xFF\xFE\xC3\xA9 |\x01";
	unsigned seed = 1;
	int read = 0, refused = 0, silent = 0;

	for (int i = 0; i < 3000; i++) {
		char broken[sizeof(good)];
		struct err err = ERR_INIT;
		struct buf got;

		memcpy(broken, good, sizeof(good));
		for (int j = 0; j < 1 + i % 5; j++) {
			seed = seed * 1103515245 + 12345;
			broken[(seed >> 8) % (i % 7 ? sizeof(good) - 1 : 2)] =
				parts[(seed >> 20) % (sizeof(parts) - 1)];
		}
		buf_init(&got, 1 << 20);
		if (show_all(&got, file_of(broken, sizeof(good) - 1), NULL, &err) == 0)
			read++;
		else if (strstr(err.text, "t.csv"))
			refused++;
		else
			silent++;
		buf_release(&got);
		arena_reset(&arena);
	}
	ok(read > 100 && refused > 100, "of 3,000 damaged files %d are read and %d refused", read, refused);
	is_int(silent, 0, "none without its name");
}

/* Only what is written for spreadsheets: what is read again must not change. */
static void test_formulas(void)
{
	static const char *const formulas[] = {
		"=1+1",
		"=cmd|' /C calc'!A0",
		"=HYPERLINK(\"x\")",
		"@x",
		"-2+3|x",
		"+A1",
		"\tx",
		"\r=1",
		"\n=1",
		"＝1",
		"＠x",
		"'=1",
		"''-x",
	};
	static const char *const others[] = {
		"-5", "-1.50 EUR", "-63.2 %", "+49 30", "-", "–", "a=b", "a\tb", "'tis", "'", "''", "'-5", "",
	};
	struct buf out;

	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(formulas) / sizeof(*formulas); i++) {
		struct str row[] = { str_of(formulas[i]), STR("") };
		struct str guarded = str_of(arena_printf(&arena, "'%s", formulas[i]));

		buf_clear(&out);
		csv_write_plain_row(&out, row, 2);
		ok(str_starts(buf_str(&out), "\"'"), "a formula is made text: %.*s", STR_ARG(buf_str(&out)));
		ok(str_is(csv_unguarded(guarded), formulas[i]), "and read again it is what it was");
		buf_clear(&out);
		csv_write_row(&out, row, 2, ',');
		ok(out.at[0] == formulas[i][0] || out.at[1] == formulas[i][0], "for programs it is left as it is");
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct str row[] = { str_of(others[i]), STR("") };

		buf_clear(&out);
		csv_write_plain_row(&out, row, 2);
		ok(str_is(buf_str(&out), arena_printf(&arena, "%s,\n", others[i])), "no formula: %s", others[i]);
		ok(str_is(csv_unguarded(row[0]), others[i]), "nor when it is read");
	}
	buf_release(&out);
}

int main(void)
{
	arena_init(&arena);
	if (!mkdtemp(folder))
		return 1;
	test_line_ends();
	test_quotes();
	test_unclosed();
	test_separators();
	test_header();
	test_encodings();
	test_refusals();
	test_chunks();
	test_check();
	test_write();
	test_damage();
	if (system(arena_printf(&arena, "rm -r %s", folder)) != 0)
		note("%s stays", folder);
	arena_release(&arena);
	test_formulas();
	return done();
}
