#include "serve/letter.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "io/mail_address.h"

enum { SUBJECT_MAX = 200, WORD_BYTES = 45 };

/* ---- saying ---- */

void letter_begin(struct letter *letter, struct server *server, struct arena *arena, int64_t now_ms)
{
	*letter = (struct letter){ .server = server, .arena = arena, .now_ms = now_ms, .subject = STR("Lockstep") };
	buf_init(&letter->text, LETTER_MAX);
	buf_init(&letter->bytes, LETTER_MAX);
	html_init(&letter->html, &letter->bytes);
	html_open(&letter->html, "html", "lang", "en", NULL);
	html_open(&letter->html, "head", NULL);
	html_void(&letter->html, "meta", "charset", "utf-8", NULL);
	html_close(&letter->html, "head");
	html_open(&letter->html, "body", "style", "font-family: sans-serif; line-height: 1.5; max-width: 44em", NULL);
}

void letter_release(struct letter *letter)
{
	buf_release(&letter->text);
	buf_release(&letter->bytes);
}

static struct str vformat(struct letter *letter, const char *format, va_list args)
{
	return str_of(arena_vprintf(letter->arena, format, args));
}

static void end_table(struct letter *letter)
{
	if (letter->in_table) {
		html_close(&letter->html, "table");
		buf_add_char(&letter->text, '\n');
	}
	letter->in_table = false;
}

void letter_subject(struct letter *letter, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	letter->subject = vformat(letter, format, args);
	va_end(args);
}

void letter_say(struct letter *letter, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = vformat(letter, format, args);
	va_end(args);
	end_table(letter);
	buf_addf(&letter->text, "%.*s\n\n", STR_ARG(text));
	html_element(&letter->html, "p", NULL, text);
}

void letter_heading(struct letter *letter, const char *text)
{
	end_table(letter);
	buf_addf(&letter->text, "%s\n", text);
	for (size_t i = 0; i < utf8_width(str_of(text)); i++)
		buf_add_char(&letter->text, '-');
	buf_add_char(&letter->text, '\n');
	html_element(&letter->html, "h2", NULL, str_of(text));
}

void letter_row(struct letter *letter, const char *label, struct str value)
{
	if (!value.len)
		return;
	if (!letter->in_table)
		html_open(&letter->html, "table", "cellpadding", "4", NULL);
	letter->in_table = true;
	buf_addf(&letter->text, "%s: %.*s\n", label, STR_ARG(value));
	html_open(&letter->html, "tr", NULL);
	html_open(&letter->html, "th", "align", "left", NULL);
	html_say(&letter->html, label);
	html_close(&letter->html, "th");
	html_element(&letter->html, "td", NULL, value);
	html_close(&letter->html, "tr");
}

void letter_link(struct letter *letter, const char *label, const char *url)
{
	end_table(letter);
	buf_addf(&letter->text, "%s: %s\n\n", label, url);
	html_open(&letter->html, "p", NULL);
	html_open(&letter->html, "a", "href", url, NULL);
	html_say(&letter->html, label);
	html_close(&letter->html, "a");
	html_close(&letter->html, "p");
}

void letter_hold(struct letter *letter, const char *why)
{
	letter->held = why;
}

void letter_wait(struct letter *letter, const char *why)
{
	letter->waits = why;
}

/* ---- headers ---- */

/* One encoded word after another, each of whole characters; a space between them is not read. */
static void encode_words(struct buf *out, struct str text)
{
	while (text.len) {
		struct str rest = text;
		char word[128];
		size_t len = 0;

		while (rest.len) {
			struct str before = rest;

			utf8_next(&rest);
			if (len + before.len - rest.len > WORD_BYTES)
				break;
			len += before.len - rest.len;
		}
		sodium_bin2base64(word, sizeof(word), (const unsigned char *)text.at, len,
				  sodium_base64_VARIANT_ORIGINAL);
		buf_addf(out, "%s=?UTF-8?B?%s?=", out->len ? " " : "", word);
		text = (struct str){ text.at + len, text.len - len };
	}
}

const char *letter_header_text(struct arena *arena, struct str text)
{
	char *plain = arena_cstr(arena, text);
	bool ascii = text.len <= SUBJECT_MAX;
	struct buf words;
	const char *out;

	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)plain[i] < ' ' || plain[i] == 0x7F)
			plain[i] = ' ';
		ascii &= (unsigned char)plain[i] < 0x80 && !(plain[i] == '=' && plain[i + 1] == '?');
	}
	if (ascii)
		return plain;
	if (text.len > SUBJECT_MAX)
		text.len = SUBJECT_MAX;
	while (text.len && !utf8_valid((struct str){ plain, text.len }) && text.len + 4 > SUBJECT_MAX)
		text.len--;
	buf_init(&words, 4096);
	encode_words(&words, (struct str){ plain, text.len });
	out = arena_cstr(arena, buf_str(&words));
	buf_release(&words);
	return out;
}

/* A name before an address: quoted where it is plain. */
static const char *name_text(struct arena *arena, struct str name)
{
	const char *text = letter_header_text(arena, name);
	struct buf quoted;

	if (!*text || str_starts(str_of(text), "=?"))
		return text;
	buf_init(&quoted, 1024);
	buf_add_char(&quoted, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_char(&quoted, '\\');
		buf_add_char(&quoted, *text);
	}
	buf_add_char(&quoted, '"');
	text = arena_cstr(arena, buf_str(&quoted));
	buf_release(&quoted);
	return text;
}

static const char *date_text(struct arena *arena, int64_t at_ms)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t s = at_ms / 1000, of_day = s % 86400;
	struct civil c = civil_of_date((int32_t)(s / 86400));

	return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[date_weekday((int32_t)(s / 86400))],
			    c.day, months[c.month - 1], c.year, (int)(of_day / 3600), (int)(of_day / 60 % 60),
			    (int)(of_day % 60));
}

static void add_header(struct curl_slist **headers, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*headers, line);

	if (!longer)
		out_of_memory(strlen(line));
	*headers = longer;
}

static void add_part(curl_mime *mime, const char *type, struct str bytes)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	if (!part || curl_mime_data(part, bytes.at, bytes.len) || curl_mime_type(part, type) ||
	    curl_mime_encoder(part, "quoted-printable"))
		out_of_memory(bytes.len);
}

static void add_parts(struct letter *letter, CURL *curl, curl_mime **mime)
{
	curl_mime *both = curl_mime_init(curl);
	curl_mimepart *part;

	*mime = curl_mime_init(curl);
	if (!both || !*mime)
		out_of_memory(1);
	add_part(both, "text/plain; charset=utf-8", buf_str(&letter->text));
	add_part(both, "text/html; charset=utf-8", buf_str(&letter->bytes));
	part = curl_mime_addpart(*mime);
	if (!part || curl_mime_subparts(part, both) || curl_mime_type(part, "multipart/alternative"))
		out_of_memory(1);
}

/* "Lockstep <desk@example.com>" or the address alone. */
static struct str address_in(struct str from)
{
	ptrdiff_t open = str_find(from, "<");

	if (open < 0)
		return str_trim(from);
	from = (struct str){ from.at + open + 1, from.len - (size_t)open - 1 };
	return str_trim(str_cut(&from, '>'));
}

bool letter_from_fits(struct str from)
{
	return mail_address_fits(address_in(from));
}

int letter_put(struct letter *letter, CURL *curl, const char *id, int64_t made_ms, struct curl_slist **headers,
	       struct curl_slist **to, curl_mime **mime, struct err *err)
{
	struct arena *arena = letter->arena;
	struct str from = str_of(server_ways_out(letter->server)->from), name = from, address = address_in(from),
		   host = address;

	if (!mail_address_fits(letter->to_address))
		return err_set(err, ERR_INPUT, "\"%.*s\" is no mail address", STR_ARG(letter->to_address));
	end_table(letter);
	html_close(&letter->html, "body");
	html_close(&letter->html, "html");
	html_finish(&letter->html);
	if (letter->text.full || letter->bytes.full)
		return err_set(err, ERR_LIMIT, "a letter of more than %d bytes", LETTER_MAX);
	name = str_eq(address, from) ? STR("Lockstep") : str_trim(str_cut(&name, '<'));
	str_cut(&host, '@');
	add_header(headers, arena_printf(arena, "From: %s <%.*s>", name_text(arena, name), STR_ARG(address)));
	add_header(headers, arena_printf(arena, "To: %s <%.*s>", name_text(arena, letter->to_name),
					 STR_ARG(letter->to_address)));
	add_header(headers, arena_printf(arena, "Subject: %s", letter_header_text(arena, letter->subject)));
	add_header(headers, arena_printf(arena, "Date: %s", date_text(arena, made_ms)));
	add_header(headers, arena_printf(arena, "Message-ID: <%s@%.*s>", id, STR_ARG(host)));
	add_header(headers, "Auto-Submitted: auto-generated");
	add_header(to, arena_printf(arena, "<%.*s>", STR_ARG(letter->to_address)));
	add_parts(letter, curl, mime);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(arena, "<%.*s>", STR_ARG(address)));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, *to);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
	curl_easy_setopt(curl, CURLOPT_MIMEPOST, *mime);
	return 0;
}
