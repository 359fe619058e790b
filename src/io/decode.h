/* A text file in whatever encoding, read as UTF-8 a chunk at a time. Used by csv.c.
 *
 * The encoding is that of the byte-order mark; without one UTF-8 when most of what is beyond ASCII in the whole file is UTF-8, else
 * Windows-1252. Single bytes that are no UTF-8 in a file that else is are read as Windows-1252, and counted.
 * Refused: what is no regular file, NUL bytes, control characters in such numbers that it can be no text, and the well-known
 * kinds of file that are no delimited text (workbooks, archives, pages), by name.
 */
#ifndef IO_DECODE_H
#define IO_DECODE_H

#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "io/csv.h"

struct decoder;

/* `encoding`: -1 to find out, else enum csv_encoding. Returns owned. Borrows `path`. */
int decoder_open(struct decoder **out, const char *path, int encoding, struct err *err);
void decoder_close(struct decoder *decoder);
int decoder_rewind(struct decoder *decoder, struct err *err);
/* Adds a chunk of text to `out`: 1, or 0 at the end, negative on error. Never more than 256 KiB. */
int decoder_read(struct decoder *decoder, struct buf *out, struct err *err);

enum csv_encoding decoder_encoding(const struct decoder *decoder);
uint64_t decoder_bytes_read(const struct decoder *decoder);
uint64_t decoder_bytes_total(const struct decoder *decoder);
uint64_t decoder_odd_bytes(
	const struct decoder *decoder); /* that made no sense in the encoding, since the last rewind */

#endif
