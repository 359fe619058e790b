#include "io/text.h"

#include <stdbool.h>

bool text_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static size_t code_width(uint32_t code)
{
	char bytes[4];

	return utf8_width((struct str){ bytes, utf8_put(code, bytes) });
}

struct str text_cut(struct str text, size_t width, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len * 3 + 4); /* U+FFFD for a lone byte takes three */
	size_t len = 0, columns = 0, keep = 0;
	struct str rest = text;

	while (rest.len) {
		uint32_t code = utf8_next(&rest);
		size_t wide;

		if (text_is_control(code))
			code = ' ';
		wide = code_width(code);
		if (columns + wide > width) {
			len = keep;
			if (width)
				len += utf8_put(0x2026, out + len);
			break;
		}
		columns += wide;
		len += utf8_put(code, out + len);
		if (columns < width)
			keep = len;
	}
	return (struct str){ out, len };
}

static void add_spaces(struct buf *out, size_t count)
{
	while (count--)
		buf_add_char(out, ' ');
}

/* The next word of `rest` and the run of spaces before it; a line end is a word of its own. */
static struct str next_word(struct str *rest, size_t *spaces)
{
	struct str word;

	for (*spaces = 0; rest->len && *rest->at == ' '; ++*spaces, rest->at++, rest->len--)
		;
	word = (struct str){ rest->at, 0 };
	while (word.len < rest->len && rest->at[word.len] != ' ' && (rest->at[word.len] != '\n' || !word.len)) {
		if (rest->at[word.len++] == '\n')
			break;
	}
	rest->at += word.len;
	rest->len -= word.len;
	return word;
}

void text_wrap(struct str text, size_t at, size_t indent, size_t width, struct buf *out)
{
	bool fresh = true; /* nothing stands on this line yet */
	bool first = true; /* the first line, which the caller began */

	while (text.len) {
		size_t spaces, wide;
		struct str word = next_word(&text, &spaces);

		if (str_is(word, "\n")) {
			buf_add_char(out, '\n');
			at = 0;
			fresh = true;
			first = false;
			continue;
		}
		if (!word.len)
			break;
		wide = utf8_width(word);
		if (!fresh && at + spaces + wide > width) {
			buf_add_char(out, '\n');
			at = 0;
			fresh = true;
			first = false;
			spaces = 0;
		}
		if (!first && at < indent) {
			add_spaces(out, indent - at);
			at = indent;
		}
		add_spaces(out, spaces);
		buf_add_str(out, word);
		at += spaces + wide;
		fresh = false;
	}
}

void text_for_terminal(struct str text, struct buf *out)
{
	while (text.len) {
		uint32_t code = utf8_next(&text);
		bool line_end = code == '\n' || (code == '\r' && text.len && text.at[0] == '\n');
		char bytes[4];

		if (text_is_control(code) && !line_end && code != '\t')
			code = 0xFFFD;
		buf_add_str(out, (struct str){ bytes, utf8_put(code, bytes) });
	}
}
