/* The files beside a book: their names, the lock, and making a change of a folder durable. */
#ifndef BOOK_FILES_H
#define BOOK_FILES_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* FILE + suffix; returns owned (free). */
char *file_beside(const char *path, const char *suffix);
/* The one name of a file that is there, whatever links lead to it; else the name as it is. Returns owned. Two names of one book must not
 * mean two locks. */
char *file_canonical(const char *path);
bool file_beside_exists(const char *path, const char *suffix);
/* fsync of one file, and of the folder in which `path` stands. */
int file_sync(const char *path, struct err *err);
int folder_sync(const char *path, struct err *err);

/* fsync failed on something that was to be durable: what the kernel held of it may be dropped, and a second fsync would say yes all the
 * same. Says so and ends the process (exit 3). The next start reads what the disk really has: everything that was acknowledged. */
_Noreturn void disk_lost(const char *path, const char *why);

/* The holder of a book. Takes FILE.lock, or is refused (ERR_STATE) naming the process that has it. The kernel frees it when the
 * process ends, however it ends. -1 in *lock when not held. */
int lock_take(int *lock, const char *path, struct err *err);
/* For a moment, which lock_take waits out. Never waits itself; false when somebody holds it, or it cannot be held. */
bool lock_take_for_a_moment(int *lock, const char *path);
void lock_release(int *lock);
/* Says that this process holds it now, where it was lent or comes back. */
void lock_sign(int lock);
/* The process that holds the book under its name, and its words, each with a NUL behind it (owned by the arena); 0 where nobody does, or
 * nobody that can be seen from here. Takes no lock, so that it is in nobody's way. */
long lock_holder(struct str *words, const char *path, struct arena *arena);

#endif
