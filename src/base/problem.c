#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

void problems_init(struct problems *problems, struct arena *arena)
{
	*problems = (struct problems){ .arena = arena };
}

static struct problem problem_of(struct arena *arena, struct str file, long line, long column, const char *fmt,
				 va_list args)
{
	char text[1024];

	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		BUG("a format that cannot be written: %s", fmt);
	return (struct problem){
		.file = arena_str(arena, file),
		.line = line,
		.column = column,
		.text = arena_str(arena, str_of(text)),
	};
}

void problem_add(struct problems *problems, struct str file, long line, long column, struct str field, const char *fmt,
		 ...)
{
	struct arena *arena = problems->arena;
	va_list args;

	ARENA_PUSH(arena, problems->items, problems->count, problems->capacity);
	va_start(args, fmt);
	problems->items[problems->count] = problem_of(arena, file, line, column, fmt, args);
	va_end(args);
	problems->items[problems->count++].field = arena_str(arena, field);
}

void problem_note(struct problems *problems, struct str file, long line, long column, const char *fmt, ...)
{
	struct arena *arena = problems->arena;
	va_list args;

	ARENA_PUSH(arena, problems->notes, problems->note_count, problems->note_capacity);
	va_start(args, fmt);
	problems->notes[problems->note_count++] = problem_of(arena, file, line, column, fmt, args);
	va_end(args);
}
