/* Files: whole reads with a maximum, and writes that are all there or not there at all. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

int file_read(struct str *out, const char *path, size_t max, struct arena *arena, struct err *err);
/* Temporary file in the same folder, fsync, rename, fsync of the folder. A link stays, and its target is written; a pipe or a device of
 * characters is written to as it is. Anything else that is no regular file: ERR_INPUT. */
int file_write_whole(const char *path, struct str bytes, unsigned mode, struct err *err);
bool file_exists(const char *path);
/* Makes the folders above `path`. */
int file_make_parents(const char *path, struct err *err);
/* Absolute path without links, in the arena; ERR_SYSTEM where the file is not there. */
int file_real_path(char **out, const char *path, struct arena *arena, struct err *err);
/* Hash of the whole contents (BLAKE2b-256), size and time of last change. */
struct file_facts {
	unsigned char hash[32];
	uint64_t bytes;
	int64_t modified_ms;
};
int file_facts(struct file_facts *out, const char *path, struct err *err);

#endif
