/* Delimited text as people really have it, one row at a time. libcsv splits; this finds out what to split.
 *
 * Found out from the file: byte-order mark, UTF-8 / UTF-16 / Windows-1252 (decoded to UTF-8), LF, CRLF or CR alone, and
 * the separator (comma, semicolon, tab, pipe): the one by which the first rows agree on the most columns, or that a first line
 * "sep=;" names. A row that stands in quotes as one field, as some exporters write it, is split again when that gives the
 * header's number of columns.
 * Rows are not judged here: too short, too long and repeated headers are the caller's to see. Wholly blank rows are skipped
 * and counted. Refused as a whole, with the reason: empty files, NUL bytes, binary data, an unclosed quote, a cell over
 * 1 MiB, a row over 16 MiB, more than 4,096 columns. Streaming: bounded memory whatever the file's size.
 *
 * Encoding and binary data are judged in csv_open; quotes and sizes as the rows come, or all before the first by csv_check.
 */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum csv_encoding { CSV_UTF8, CSV_UTF16LE, CSV_UTF16BE, CSV_WINDOWS_1252 };

struct csv;

struct csv_row {
	/* UTF-8 with a NUL behind each; valid until the next csv_next. What stood in quotes is as it stood; spaces and tabs around
	 * cells without quotes are gone. */
	struct str *cells;
	size_t count;
	long line; /* 1-based line of the file on which the row starts */
};

struct csv_options {
	char separator;  /* 0: find out */
	int encoding;    /* -1: find out, else enum csv_encoding */
	long skip_lines; /* lines before the header (titles that exporters write) */
};
/* clang-format off */
#define CSV_OPTIONS_DEFAULT { 0, -1, 0 }
/* clang-format on */

/* Opens and reads the header row. Returns owned. */
int csv_open(struct csv **out, const char *path, const struct csv_options *options, struct err *err);
void csv_close(struct csv *csv);

/* The header's cells, trimmed; a nameless column is "column N"; a repeated name gets " (2)". Valid until csv_close. */
const struct csv_row *csv_header(const struct csv *csv);
char csv_separator(const struct csv *csv);
enum csv_encoding csv_encoding(const struct csv *csv);
const char *csv_encoding_name(enum csv_encoding encoding);

/* Reads the file once to its end and begins anew: says before any row is used whether it can be read as a whole. */
int csv_check(struct csv *csv, struct err *err);
/* Begins anew with the first row, without looking at the whole file again. */
int csv_restart(struct csv *csv, struct err *err);
/* 1 and a row, 0 at the end, negative on error. */
int csv_next(struct csv *csv, struct csv_row *row, struct err *err);
long csv_blank_rows(const struct csv *csv);
/* Bytes so far that made no sense in the encoding: read as Windows-1252 in UTF-8 files, as U+FFFD elsewhere. */
uint64_t csv_odd_bytes(const struct csv *csv);
/* For progress: bytes of the file read so far, and its size. */
uint64_t csv_bytes_read(const struct csv *csv);
uint64_t csv_bytes_total(const struct csv *csv);

/* Writes one row: quotes where needed, LF at the end. */
struct buf;
void csv_write_row(struct buf *out, const struct str *cells, size_t count, char separator);
/* The same with commas, for people who open it in a spreadsheet: a cell that would run as a formula ("=cmd|…") gets an apostrophe, as
 * OWASP has it under "CSV injection"; numbers do not. */
void csv_write_plain_row(struct buf *out, const struct str *cells, size_t count);
/* A cell of such a row as it was; others are left as they are. */
struct str csv_unguarded(struct str cell);

#endif
