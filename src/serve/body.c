#include "serve/body.h"

/* Before it is parsed: a parser that follows every bracket would be led as deep as somebody likes. */
static bool too_deep(struct str text)
{
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > BODY_DEPTH_MOST)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

json_t *body_read(struct str bytes, struct problems *problems)
{
	json_error_t error;
	json_t *body;

	if (too_deep(bytes)) {
		problem_add(problems, STR_NONE, 0, 0, STR_NONE, "it is nested deeper than %d", BODY_DEPTH_MOST);
		return NULL;
	}
	body = json_loadb(bytes.len ? bytes.at : "", bytes.len, JSON_REJECT_DUPLICATES, &error);
	if (!body)
		problem_add(problems, STR_NONE, error.line > 0 ? error.line : 0, error.column > 0 ? error.column : 0,
			    STR_NONE, "%s", error.text);
	return body;
}
