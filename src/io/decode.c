#include "io/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 16, LONGEST_CHARACTER = 4, NOT_A_CHARACTER = 0xFFFD };

struct decoder {
	const char *path;
	int fd;
	enum csv_encoding encoding;
	size_t mark_len; /* byte-order mark */
	uint64_t bytes_read, bytes_total, odd_bytes;
	unsigned char raw[CHUNK_BYTES];
	size_t raw_len; /* what the last chunk left over: the beginning of a character */
	bool at_end;
};

/* --- reading bytes --- */

/* Fills `raw` behind what was left over. False on error. */
static int fill(struct decoder *d, struct err *err)
{
	while (d->raw_len < sizeof(d->raw)) {
		ssize_t got = read(d->fd, d->raw + d->raw_len, sizeof(d->raw) - d->raw_len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_system(err, "%s cannot be read", d->path);
		if (got == 0) {
			d->at_end = true;
			break;
		}
		d->raw_len += (size_t)got;
		d->bytes_read += (uint64_t)got;
	}
	return 0;
}

/* Takes the first `len` bytes away. */
static void consume(struct decoder *d, size_t len)
{
	d->raw_len -= len;
	memmove(d->raw, d->raw + len, d->raw_len);
}

int decoder_rewind(struct decoder *d, struct err *err)
{
	if (lseek(d->fd, (off_t)d->mark_len, SEEK_SET) < 0)
		return err_system(err, "%s cannot be read from its beginning", d->path);
	d->bytes_read = d->mark_len;
	d->odd_bytes = 0;
	d->raw_len = 0;
	d->at_end = false;
	return 0;
}

/* --- characters --- */

/* How many bytes at the end of `s` may be the beginning of a UTF-8 character that goes on in the next chunk. */
static size_t cut_character(struct str s)
{
	for (size_t back = 1; back < LONGEST_CHARACTER && back <= s.len; back++) {
		unsigned char c = (unsigned char)s.at[s.len - back];

		if ((c & 0xC0) == 0x80)
			continue;
		return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : c >= 0xC2 ? 2u : 1u) > back ? back : 0;
	}
	return 0;
}

static size_t ascii_len(struct str s)
{
	uint64_t word;
	size_t len = 0;

	for (; len + sizeof(word) <= s.len; len += sizeof(word)) {
		memcpy(&word, s.at + len, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
	}
	while (len < s.len && (unsigned char)s.at[len] < 0x80)
		len++;
	return len;
}

static void advance(struct str *s, size_t len)
{
	s->at += len;
	s->len -= len;
}

/* Takes one character beyond ASCII; false when its first byte is no UTF-8, which alone is taken then. */
static bool take_utf8(struct str *s)
{
	size_t len = s->len;

	return utf8_next(s) != NOT_A_CHARACTER || len - s->len > 1;
}

static void add_character(struct buf *out, uint32_t code)
{
	char bytes[LONGEST_CHARACTER];

	buf_add(out, bytes, utf8_put(code, bytes));
}

static uint32_t windows_1252(unsigned char c)
{
	/* 0x80…0x9F; five of them mean nothing */
	static const uint16_t high[] = {
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
		0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
		0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
	};

	return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

/* --- decoding chunks; each returns how many bytes it took --- */

static size_t decode_utf8(struct decoder *d, struct buf *out)
{
	struct str s = { (const char *)d->raw, d->raw_len };

	if (!d->at_end)
		s.len -= cut_character(s);

	size_t taken = s.len;

	if (utf8_valid(s)) {
		buf_add_str(out, s);
		return taken;
	}
	while (s.len) {
		struct str before = s;

		if (take_utf8(&s)) {
			buf_add(out, before.at, before.len - s.len);
		} else {
			add_character(out, windows_1252((unsigned char)before.at[0]));
			d->odd_bytes++;
		}
	}
	return taken;
}

static size_t decode_windows_1252(struct decoder *d, struct buf *out)
{
	struct str s = { (const char *)d->raw, d->raw_len };

	while (s.len) {
		size_t plain = ascii_len(s);

		buf_add(out, s.at, plain);
		advance(&s, plain);
		if (!s.len)
			break;

		uint32_t code = windows_1252((unsigned char)s.at[0]);

		d->odd_bytes += code == NOT_A_CHARACTER;
		add_character(out, code);
		advance(&s, 1);
	}
	return d->raw_len;
}

static uint32_t utf16_unit(const struct decoder *d, size_t at)
{
	uint32_t a = d->raw[at], b = d->raw[at + 1];

	return d->encoding == CSV_UTF16LE ? a | b << 8 : a << 8 | b;
}

static size_t decode_utf16(struct decoder *d, struct buf *out)
{
	size_t at = 0;

	while (at + 2 <= d->raw_len) {
		uint32_t code = utf16_unit(d, at);
		bool is_first = code >= 0xD800 && code < 0xDC00;

		if (is_first && at + 4 > d->raw_len && !d->at_end)
			break;

		uint32_t second = is_first && at + 4 <= d->raw_len ? utf16_unit(d, at + 2) : 0;

		if (second >= 0xDC00 && second < 0xE000) {
			code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
			at += 2;
		} else if (code >= 0xD800 && code < 0xE000) {
			code = NOT_A_CHARACTER;
			d->odd_bytes += 2;
		}
		add_character(out, code);
		at += 2;
	}
	if (d->at_end && at < d->raw_len) { /* half a character */
		add_character(out, NOT_A_CHARACTER);
		d->odd_bytes++;
		at++;
	}
	return at;
}

int decoder_read(struct decoder *d, struct buf *out, struct err *err)
{
	size_t start = out->len;
	int result = fill(d, err);

	if (result < 0)
		return result;
	if (!d->raw_len)
		return 0;
	if (d->encoding == CSV_UTF8)
		consume(d, decode_utf8(d, out));
	else if (d->encoding == CSV_WINDOWS_1252)
		consume(d, decode_windows_1252(d, out));
	else
		consume(d, decode_utf16(d, out));
	if (memchr(out->at + start, 0, out->len - start))
		return err_set(err, ERR_INPUT,
			       "%s holds NUL characters, which no text has; export it again, as CSV in UTF-8", d->path);
	return 1;
}

/* --- finding out what it is --- */

struct census {
	uint64_t characters, odd, controls;
};

static uint64_t controls_among(const char *at, size_t len)
{
	/* those that texts have: tab to carriage return, and the mark with which DOS ended files */
	static const uint32_t usual = 0x3E00 | 1u << 0x1A;
	uint64_t count = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		count += c < 0x20 && !(usual >> c & 1);
	}
	return count;
}

/* Eight bytes at a time, as most have none below 0x20. */
static uint64_t count_controls(struct str s)
{
	const uint64_t each = 0x0101010101010101u;
	uint64_t word, count = 0;

	for (; s.len >= sizeof(word); advance(&s, sizeof(word))) {
		memcpy(&word, s.at, sizeof(word));
		if ((word - 0x20 * each) & ~word & 0x80 * each)
			count += controls_among(s.at, sizeof(word));
	}
	return count + controls_among(s.at, s.len);
}

static void count_bytes(struct census *census, struct str s)
{
	census->controls += count_controls(s);
	while (s.len) {
		advance(&s, ascii_len(s));
		if (!s.len)
			break;
		if (take_utf8(&s))
			census->characters++;
		else
			census->odd++;
	}
}

/* On the way to the first NUL byte, which the file is known to have. */
static int refuse_nul(struct decoder *d, struct err *err)
{
	uint64_t line = 1;
	unsigned char before = 0;
	int result = decoder_rewind(d, err);

	while (result == 0 && !d->at_end) {
		size_t at = 0;

		if ((result = fill(d, err)) < 0)
			return result;
		for (; at < d->raw_len && d->raw[at]; before = d->raw[at++])
			line += d->raw[at] == '\r' || (d->raw[at] == '\n' && before != '\r');
		if (at < d->raw_len)
			break;
		consume(d, d->raw_len);
	}
	return err_set(
		err, ERR_INPUT,
		"%s holds NUL bytes, the first on line %llu: it is no text, or UTF-16 without its mark, or damaged; export "
		"it again, as CSV in UTF-8",
		d->path, (unsigned long long)line);
}

/* Reads the whole file once, so that nothing is found out when half of it has been used. */
static int take_census(struct decoder *d, struct census *census, struct err *err)
{
	int result = decoder_rewind(d, err);

	while (result == 0 && !d->at_end) {
		if ((result = fill(d, err)) < 0)
			break;
		if (memchr(d->raw, 0, d->raw_len))
			return refuse_nul(d, err);

		struct str s = { (const char *)d->raw, d->raw_len };

		s.len -= cut_character(s); /* at the end of the file it speaks for nothing */
		count_bytes(census, s);
		consume(d, d->at_end ? d->raw_len : s.len);
	}
	return result;
}

static int refuse_kind(const struct decoder *d, struct err *err)
{
	static const struct {
		struct str begin;
		const char *what;
	} kinds[] = {
		{ { "PK\x03\x04", 4 }, "an Excel workbook or a zip archive" },
		{ { "\xD0\xCF\x11\xE0", 4 }, "an old Excel workbook" },
		{ { "%PDF", 4 }, "a PDF document" },
		{ { "\x1F\x8B", 2 }, "a compressed file" },
		{ { "SQLite format 3", 15 }, "a database" },
		{ { "\x3C!DOCTYPE", 9 }, "a web page" },
		{ { "\x3Chtml", 5 }, "a web page" },
		{ { "<?xml", 5 }, "an XML document" },
		{ { "{\\rtf", 5 }, "a text document" },
		{ { "\xFF\xFE\0\0", 4 }, "a text in UTF-32" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (d->raw_len >= kinds[i].begin.len &&
		    str_eq_fold((struct str){ (const char *)d->raw, kinds[i].begin.len }, kinds[i].begin))
			return err_set(err, ERR_INPUT, "%s is %s; save or export it as CSV in UTF-8", d->path,
				       kinds[i].what);
	return 0;
}

/* By the byte-order mark; -1 without one. */
static int encoding_by_mark(struct decoder *d)
{
	static const struct {
		const char *mark;
		size_t len;
		enum csv_encoding encoding;
	} marks[] = {
		{ "\xEF\xBB\xBF", 3, CSV_UTF8 },
		{ "\xFF\xFE", 2, CSV_UTF16LE },
		{ "\xFE\xFF", 2, CSV_UTF16BE },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (d->raw_len >= marks[i].len && !memcmp(d->raw, marks[i].mark, marks[i].len)) {
			d->mark_len = marks[i].len;
			return (int)marks[i].encoding;
		}
	}
	return -1;
}

static int find_encoding(struct decoder *d, int encoding, struct err *err)
{
	int result = fill(d, err);

	if (result < 0 || (result = refuse_kind(d, err)) < 0)
		return result;

	int marked = encoding_by_mark(d);

	d->encoding = encoding >= 0 ? (enum csv_encoding)encoding : marked >= 0 ? (enum csv_encoding)marked : CSV_UTF8;
	if (encoding >= 0 && marked != encoding)
		d->mark_len = 0;
	if (d->encoding == CSV_UTF16LE || d->encoding == CSV_UTF16BE)
		return 0;

	struct census census = { 0 };

	if ((result = take_census(d, &census, err)) < 0)
		return result;
	if (census.controls > 2 + d->bytes_total / 200)
		return err_set(err, ERR_INPUT, "%s holds binary data, not text; export it again, as CSV in UTF-8",
			       d->path);
	if (encoding < 0 && marked < 0 && census.odd > census.characters)
		d->encoding = CSV_WINDOWS_1252;
	return 0;
}

static int open_regular(struct decoder *d, struct err *err)
{
	struct stat facts;

	d->fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (d->fd < 0)
		return err_system(err, "%s cannot be opened", d->path);
	if (fstat(d->fd, &facts) < 0 || !S_ISREG(facts.st_mode))
		return err_set(err, ERR_INPUT, "%s is no regular file; save what is in it to a file first", d->path);
	d->bytes_total = (uint64_t)facts.st_size;
	return 0;
}

int decoder_open(struct decoder **out, const char *path, int encoding, struct err *err)
{
	struct decoder *d = must_calloc(1, sizeof(*d));
	int result;

	d->path = path;
	d->fd = -1;
	if ((result = open_regular(d, err)) < 0 || (result = find_encoding(d, encoding, err)) < 0 ||
	    (result = decoder_rewind(d, err)) < 0) {
		decoder_close(d);
		return result;
	}
	*out = d;
	return 0;
}

void decoder_close(struct decoder *d)
{
	if (!d)
		return;
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}

enum csv_encoding decoder_encoding(const struct decoder *d)
{
	return d->encoding;
}

uint64_t decoder_bytes_read(const struct decoder *d)
{
	return d->bytes_read;
}

uint64_t decoder_bytes_total(const struct decoder *d)
{
	return d->bytes_total;
}

uint64_t decoder_odd_bytes(const struct decoder *d)
{
	return d->odd_bytes;
}
