/* Copies of a book while it is being written, and putting one back. Keys are copied only when asked, to a file of their own: a
 * backup restored with today's keys must not bring back people who were erased since. */
#ifndef BOOK_BACKUP_H
#define BOOK_BACKUP_H

#include "book/book.h"

/* Online: other processes may write meanwhile; the copy is one consistent state. Whole or not there. */
int book_backup(const char *path, const char *to, const char *keys_to, struct book_head *head, struct err *err);
/* Puts `from` where no book is, with `keys` (NULL: the keys file already standing beside `path`), and checks the chain. */
int book_restore(const char *from, const char *path, const char *keys, struct book_head *head, struct err *err);

#endif
