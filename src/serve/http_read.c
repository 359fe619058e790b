/* From what a connection sent to a request that can be read one way only. */
#include <stdlib.h>
#include <string.h>

#include "serve/http_private.h"

static const char *const methods[HTTP_METHOD__COUNT] = {
	[HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
};

const char *http_method_name(enum http_method method)
{
	return methods[method];
}

void exchange_refuse(struct exchange *exchange, int status, const char *text)
{
	exchange->refused = true;
	exchange->reply.status = status;
	exchange->reply.type = "text/plain; charset=utf-8";
	buf_clear(&exchange->reply.body);
	buf_addf(&exchange->reply.body, "%s\n", text);
}

/* ---- percent-encoding ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False where it is not well encoded, holds a control character, or is no UTF-8. */
static bool decode(struct str text, bool plus, struct arena *arena, struct str *out)
{
	char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '%') {
			int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
			int low = i + 2 < text.len ? hex_digit(text.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (unsigned char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c < ' ' && !(plus && (c == '\t' || c == '\n' || c == '\r')))
			return false;
		bytes[len++] = (char)c;
	}
	*out = (struct str){ bytes, len };
	return utf8_valid(*out);
}

const char *http_path(struct arena *arena, const char *path, struct str name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	static const char digits[] = "0123456789ABCDEF";
	char *text = arena_alloc(arena, 3 * name.len + 1), *at = text;

	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (memchr(plain, c, sizeof(plain) - 1)) {
			*at++ = (char)c;
			continue;
		}
		*at++ = '%';
		*at++ = digits[c >> 4];
		*at++ = digits[c & 15];
	}
	*at = '\0';
	return arena_printf(arena, "%s%s", path, text);
}

static bool read_path(struct exchange *exchange, struct str path)
{
	struct http_request *request = &exchange->request;
	struct str rest = path;

	request->path = path;
	if (!str_starts(path, "/"))
		return false;
	rest.at++;
	rest.len--;
	while (rest.len) {
		struct str segment = str_cut(&rest, '/');

		if (request->segment_count == HTTP_SEGMENTS || !segment.len ||
		    !decode(segment, false, &exchange->arena, &request->segments[request->segment_count]))
			return false;
		request->segment_count++;
	}
	/* "/leads/" is not "/leads". */
	return path.len == 1 || path.at[path.len - 1] != '/';
}

/* ---- arguments ---- */

struct collecting {
	struct exchange *exchange;
	struct http_argument *items;
	size_t count, capacity;
	bool wrong;
};

static enum MHD_Result collect(void *context, enum MHD_ValueKind kind, const char *key, size_t key_len,
			       const char *value, size_t value_len)
{
	struct collecting *c = context;
	struct http_argument *item;

	(void)kind;
	ARENA_PUSH(&c->exchange->arena, c->items, c->count, c->capacity);
	item = &c->items[c->count++];
	c->wrong |= !decode((struct str){ key, key_len }, true, &c->exchange->arena, &item->name) ||
		    !decode((struct str){ value ? value : "", value ? value_len : 0 }, true, &c->exchange->arena,
			    &item->value);
	return c->wrong ? MHD_NO : MHD_YES;
}

static bool read_arguments(struct exchange *exchange)
{
	struct collecting c = { .exchange = exchange };

	MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, collect, &c);
	exchange->request.arguments = c.items;
	exchange->request.argument_count = c.count;
	return !c.wrong;
}

bool http_form(struct str body, struct http_argument *out, size_t most, size_t *count, struct arena *arena)
{
	for (*count = 0; body.len;) {
		struct str value = str_cut(&body, '&'), name = str_cut(&value, '=');

		if (*count == most || !decode(name, true, arena, &out[*count].name) ||
		    !decode(value, true, arena, &out[*count].value))
			return false;
		++*count;
	}
	return true;
}

/* ---- headers that say how the request is to be read ---- */

/* RFC 9110, 5.6.2: what a header may be called. */
static bool is_token(struct str name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') &&
		    !memchr(marks, c, sizeof(marks) - 1))
			return false;
	}
	return name.len > 0;
}

struct framing {
	unsigned hosts, lengths, encodings;
	const char *length;
	bool malformed; /* a name that is none */
};

/* A line end or nought within means something else to who reads on behind it. */
static bool is_header_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.at[i] < ' ' && text.at[i] != '\t') || text.at[i] == 0x7f)
			return false;
	return true;
}

static enum MHD_Result frame(void *context, enum MHD_ValueKind kind, const char *key, size_t key_len, const char *value,
			     size_t value_len)
{
	struct framing *f = context;
	struct str name = { key, key_len };

	(void)kind;
	f->malformed |= !is_token(name) || !is_header_text((struct str){ value ? value : "", value ? value_len : 0 });
	f->hosts += str_eq_fold(name, STR("host"));
	f->encodings += str_eq_fold(name, STR("transfer-encoding"));
	if (str_eq_fold(name, STR("content-length"))) {
		f->lengths++;
		f->length = value;
	}
	return MHD_YES;
}

static bool read_framing(struct exchange *exchange, const struct http_limits *limits)
{
	struct framing f = { .hosts = 0 };
	char *end;

	MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, frame, &f);
	if (f.malformed)
		exchange_refuse(exchange, 400, "A header is not well formed.");
	else if (f.hosts != 1)
		exchange_refuse(exchange, 400, "A request has one Host.");
	else if (f.lengths > 1)
		exchange_refuse(exchange, 400, "Content-Length stands there more than once.");
	else if (f.encodings > 1 || (f.lengths && f.encodings))
		exchange_refuse(exchange, 400, "Content-Length and Transfer-Encoding exclude each other.");
	else if (f.lengths && (*f.length < '0' || *f.length > '9' || (strtoull(f.length, &end, 10), *end)))
		exchange_refuse(exchange, 400, "Content-Length is no number.");
	else if (f.lengths && strtoull(f.length, NULL, 10) > limits->body)
		exchange_refuse(exchange, 413, "The body is too large.");
	return !exchange->refused;
}

/* ---- all of it ---- */

static bool read_method(struct http_request *request, const char *method)
{
	request->head = !strcmp(method, "HEAD");
	if (request->head)
		method = "GET";
	for (int i = 0; i < HTTP_METHOD__COUNT; i++)
		if (!strcmp(method, methods[i])) {
			request->method = (enum http_method)i;
			return true;
		}
	return false;
}

bool exchange_read(struct exchange *exchange, const char *url, const char *method, const struct http_limits *limits)
{
	struct http_request *request = &exchange->request;

	if (!read_framing(exchange, limits))
		return false;
	if (!read_method(request, method))
		exchange_refuse(exchange, 501, "This method is not known here.");
	else if (!read_path(exchange, arena_str(&exchange->arena, str_of(url))))
		exchange_refuse(exchange, 400, "The path is not well formed.");
	else if (!read_arguments(exchange))
		exchange_refuse(exchange, 400, "What stands behind the ? is not well formed.");
	return !exchange->refused;
}

struct str http_header(const struct http_request *request, const char *name)
{
	return str_of(
		MHD_lookup_connection_value(((struct exchange *)request->exchange)->connection, MHD_HEADER_KIND, name));
}

struct joining {
	const struct http_request *request;
	struct str name;
	const char *text; /* NULL: none yet */
};

static enum MHD_Result join(void *context, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct joining *j = context;

	(void)kind;
	if (str_eq_fold(str_of(key), j->name))
		j->text = arena_printf(j->request->arena, "%s%s%s", j->text ? j->text : "", j->text ? ", " : "",
				       value ? value : "");
	return MHD_YES;
}

struct str http_header_joined(const struct http_request *request, const char *name)
{
	struct joining j = { request, str_of(name), NULL };

	MHD_get_connection_values(((struct exchange *)request->exchange)->connection, MHD_HEADER_KIND, join, &j);
	return str_of(j.text);
}

struct str http_argument(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->argument_count; i++)
		if (str_is(request->arguments[i].name, name))
			return request->arguments[i].value;
	return STR_NONE;
}
