/* Letters of a cell, for the files that read them. */
#ifndef MAP_CELL_LETTERS_H
#define MAP_CELL_LETTERS_H

#include <stdbool.h>
#include "base/str.h"

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static inline char low(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static inline void step(struct str *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

#endif
