#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

void problems_init(struct problems *problems, struct arena *arena)
{
	*problems = (struct problems){ .arena = arena };
}

void problem_add(struct problems *problems, struct str file, long line, long column, struct str field, const char *fmt,
		 ...)
{
	struct arena *arena = problems->arena;
	char text[1024];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		BUG("a format that cannot be written: %s", fmt);
	va_end(args);

	ARENA_PUSH(arena, problems->items, problems->count, problems->capacity);
	problems->items[problems->count++] = (struct problem){
		.file = arena_str(arena, file),
		.line = line,
		.column = column,
		.field = arena_str(arena, field),
		.text = arena_str(arena, str_of(text)),
	};
}
