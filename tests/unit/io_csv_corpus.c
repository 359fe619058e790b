/* A corpus made here: each text in every encoding, line end and separator. Good ones must be understood alike in all of them;
 * broken ones must be refused with the same words and the same line in all of them. */
#include <stdlib.h>

#include "base/buf.h"
#include "io/csv.h"
#include "tap.h"

static char folder[] = "/tmp/lockstep-corpus-XXXXXX", path[64];

enum dress { PLAIN, UTF8_MARK, UTF16LE, UTF16BE, WINDOWS, DRESS__COUNT };
static const char *const dress_names[DRESS__COUNT] = { "UTF-8", "UTF-8 with mark", "UTF-16LE", "UTF-16BE",
						       "Windows-1252" };
static const char *const line_ends[] = { "\n", "\r\n", "\r" };
static const char *const line_end_names[] = { "LF", "CRLF", "CR" };
static const char separators[] = { ',', ';', '\t', '|' };

/* --- dressing a text, which is written with LF and '|' standing for the separator, '~' for a euro sign --- */

static void add_unit(struct buf *out, uint32_t unit, bool big_endian)
{
	buf_add_u8(out, (uint8_t)(big_endian ? unit >> 8 : unit));
	buf_add_u8(out, (uint8_t)(big_endian ? unit : unit >> 8));
}

static void add_dressed(struct buf *out, uint32_t code, enum dress dress)
{
	char bytes[4];

	if (dress == UTF16LE || dress == UTF16BE)
		add_unit(out, code, dress == UTF16BE);
	else if (dress == WINDOWS)
		buf_add_u8(out, code == 0x20AC ? 0x80 : (uint8_t)code);
	else
		buf_add(out, bytes, utf8_put(code, bytes));
}

static void dress_text(struct buf *out, struct str text, enum dress dress, const char *line_end, char separator)
{
	buf_clear(out);
	if (dress != PLAIN && dress != WINDOWS)
		add_dressed(out, 0xFEFF, dress);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n')
			for (const char *end = line_end; *end; end++)
				add_dressed(out, (uint32_t)*end, dress);
		else if (text.at[i] == '|')
			add_dressed(out, (uint32_t)separator, dress);
		else
			add_dressed(out, text.at[i] == '~' ? 0x20AC : (unsigned char)text.at[i], dress);
	}
}

static bool write_file(const struct buf *bytes)
{
	FILE *file = fopen(path, "wb");
	bool good = file && fwrite(bytes->at, 1, bytes->len, file) == bytes->len;

	return file && fclose(file) == 0 && good;
}

/* --- what is understood --- */

static void show_row(struct buf *out, const struct csv_row *row)
{
	buf_addf(out, "%ld[", row->line);
	for (size_t i = 0; i < row->count; i++) {
		if (i)
			buf_add_char(out, '|');
		for (size_t j = 0; j < row->cells[i].len; j++) {
			bool pair = row->cells[i].at[j] == '\r' && row->cells[i].at[j + 1] == '\n';

			if (!pair)
				buf_add_char(out, row->cells[i].at[j] == '\r' ? '\n' : row->cells[i].at[j]);
		}
	}
	buf_add_char(out, ']');
}

static int understand(struct buf *out, struct err *err)
{
	struct csv *csv;
	struct csv_row row;
	int result = csv_open(&csv, path, NULL, err);

	buf_clear(out);
	if (result < 0)
		return result;
	show_row(out, csv_header(csv));
	while ((result = csv_next(csv, &row, err)) == 1)
		show_row(out, &row);
	csv_close(csv);
	return result;
}

struct sample {
	const char *name, *text;
	const char *wanted; /* what is understood, or what the refusal says */
};

static const struct sample good[] = {
	{ "plain", "id|name|sum\n1|Ann|5 ~\n2|Bo|6\n", "1[id|name|sum]2[1|Ann|5 \u20AC]3[2|Bo|6]" },
	{ "no last line end", "id|name\n1|~", "1[id|name]2[1|\u20AC]" },
	{ "quotes", "id|name\n\"1\"|\"say \"\"hi\"\" ~\"\n2|x\n", "1[id|name]2[1|say \"hi\" \u20AC]3[2|x]" },
	{ "line ends in quotes", "id|name\n1|\"a ~\n\nb\"\n2|x\n", "1[id|name]2[1|a \u20AC\n\nb]5[2|x]" },
	{ "blank lines", "\n\nid|name\n\n1|~\n|\n \n2|x\n\n", "3[id|name]5[1|\u20AC]8[2|x]" },
	{ "rows in quotes", "id|name|sum\n\"1|~|5\"\n2|x|6\n", "1[id|name|sum]2[1|\u20AC|5]3[2|x|6]" },
	{ "short and long rows", "id|name\n1|~\n2\n3|x|y\n4|z\n5|z\n6|z\n7|z\n8|z\n9|z\n",
	  "1[id|name]2[1|\u20AC]3[2]4[3|x|y]5[4|z]6[5|z]7[6|z]8[7|z]9[8|z]10[9|z]" },
	{ "nameless and repeated", "id||id|~\n1|2|3|4\n", "1[id|column 2|id (2)|\u20AC]2[1|2|3|4]" },
	{ "inner header", "id|name\n1|~\nid|name\n2|x\n", "1[id|name]2[1|\u20AC]3[id|name]4[2|x]" },
	{ "spaces", " id | name \n 1 | ~ \n\" 2 \"|x\n", "1[id|name]2[1|\u20AC]3[ 2 |x]" },
	{ "errors of a sheet", "id|sum\n1|#REF!\n2|#N/A\n3|~ 2\n", "1[id|sum]2[1|#REF!]3[2|#N/A]4[3|\u20AC 2]" },
	{ "an inch sign", "id|name\n1|5\" pipe ~\n2|x\n", "1[id|name]2[1|5\" pipe \u20AC]3[2|x]" },
};

static const struct sample broken[] = {
	{ "unclosed at the end", "id|name|~\n1|a|b\n2|\"c|d\n3|e|f\n",
	  ":3: the quote that opens on this line (cell 2)" },
	{ "unclosed in the last cell", "id|name|~\n1|a|b\n2|c|\"d", ":3: the quote that opens on this line (cell 3)" },
	{ "unclosed in the header", "id|\"name|~\n1|a|b\n", ":1: the quote that opens on this line" },
	{ "unclosed, met by the next quote", "id|name|~\n1|\"a|b\n2|\"c\"|d\n3|e|f\n",
	  ":2: the quote that opens on this line (cell 2)" },
	{ "unclosed behind blank lines", "id|name|~\n\n\n1|a|\"b\n2|c|d\n",
	  ":4: the quote that opens on this line (cell 3)" },
	{ "unclosed after a long cell", "id|name|~\n1|\"a\nb\"|\"c\n2|d|e\n",
	  ":3: the quote that opens on this line (cell 3)" },
	{ "a quote within a cell of two lines", "id|name|~\n1|\"a\nsay \"hi\" b\"|c\n2|d|e\n",
	  ":2: the quote that opens on this line (cell 2)" },
	{ "text behind a closed cell of two lines", "id|name|~\n1|\"a\nb\" x|c\n",
	  ":2: the quote that opens on this line (cell 2)" },
	{ "blank", "\n \n|\n\n", "is empty" },
	{ "nothing", "", "is empty" },
};

static void try_sample(const struct sample *sample, bool is_good)
{
	struct buf bytes, got;
	int tried = 0, wrong = 0;

	buf_init(&bytes, 1 << 20);
	buf_init(&got, 1 << 20);
	for (int i = 0; i < DRESS__COUNT * 3 * 4; i++) {
		enum dress dress = (enum dress)(i / 12);
		struct err err = ERR_INIT;

		dress_text(&bytes, str_of(sample->text), dress, line_ends[i / 4 % 3], separators[i % 4]);
		if (!write_file(&bytes))
			break;

		int result = understand(&got, &err);
		bool right = is_good ? result == 0 && !strcmp(got.at, sample->wanted)
				     : result < 0 && strstr(err.text, sample->wanted) && strstr(err.text, "t.csv");

		tried++;
		if (!right && wrong++ < 3)
			note("%s, %s, separator '%c': %s%s", dress_names[dress], line_end_names[i / 4 % 3],
			     separators[i % 4], result < 0 ? err.text : "", result < 0 ? "" : got.at);
	}
	is_int(tried, DRESS__COUNT * 3 * 4, "%s: in every dress", sample->name);
	is_int(wrong, 0, "%s: %s in all", sample->name, is_good ? "understood" : "refused");
	buf_release(&bytes);
	buf_release(&got);
}

/* Cutting a file anywhere leaves whole rows as they were, or is refused. */
static void test_cuts(void)
{
	static const char text[] = "id|name|sum\n1|\"Ann ~\"|5\n2|\"B\nC\"|\"6\"\n3|~~|7\n";
	struct buf bytes, whole, got;
	int wrong = 0, refused = 0, tried = 0;

	buf_init(&bytes, 1 << 20);
	buf_init(&whole, 1 << 20);
	buf_init(&got, 1 << 20);
	for (int dress = 0; dress < DRESS__COUNT; dress++) {
		struct err err = ERR_INIT;

		dress_text(&bytes, str_of(text), (enum dress)dress, "\r\n", ',');
		wrong += !write_file(&bytes) || understand(&whole, &err) < 0;
		for (bytes.len--; bytes.len > 30; bytes.len--) {
			size_t rows_end, same = 0;

			wrong += !write_file(&bytes);
			tried++;
			if (understand(&got, &err) < 0) {
				refused++;
				continue;
			}
			while (same < got.len && same < whole.len && got.at[same] == whole.at[same])
				same++;
			for (rows_end = got.len - 1; rows_end && got.at[rows_end - 1] != ']'; rows_end--)
				;
			if (same >= rows_end) /* all but the last row are as they were */
				continue;
			wrong++;
			note("%s, %zu bytes: %s", dress_names[dress], bytes.len, got.at);
		}
	}
	ok(tried > 150 && refused > 20, "%d cuts, %d of them refused", tried, refused);
	is_int(wrong, 0, "rows before a cut are as they were");
	buf_release(&bytes);
	buf_release(&whole);
	buf_release(&got);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/t.csv", folder);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		try_sample(&good[i], true);
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		try_sample(&broken[i], false);
	test_cuts();
	remove(path);
	remove(folder);
	return done();
}
