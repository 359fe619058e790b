/* The UTF-8 half of str.h. */
#include "base/str.h"

enum { NOT_A_CHARACTER = 0xFFFD };

/* Length of the sequence that a first byte announces, 0 when it cannot be one. */
static size_t sequence_len(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/* Length of the valid sequence at the start of `s`, 0 when there is none. */
static size_t decode(struct str s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *at = (const unsigned char *)s.at;
	size_t len = sequence_len(at[0]);

	if (!len || len > s.len)
		return 0;
	*code = len == 1 ? at[0] : at[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3F);
	}
	if (*code < least[len] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
		return 0;
	return len;
}

uint32_t utf8_next(struct str *rest)
{
	uint32_t code = NOT_A_CHARACTER;
	size_t len = decode(*rest, &code);

	if (!len) {
		len = 1;
		code = NOT_A_CHARACTER;
	}
	rest->at += len;
	rest->len -= len;
	return code;
}

size_t utf8_put(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}

	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	out[0] = (char)((0xF00u >> len & 0xFF) | code);
	return len;
}

/* Steps over ASCII eight bytes at a time, for most text is nothing else. */
static struct str beyond_ascii(struct str s)
{
	uint64_t word;

	while (s.len >= sizeof(word)) {
		memcpy(&word, s.at, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
		s.at += sizeof(word);
		s.len -= sizeof(word);
	}
	return s;
}

bool utf8_valid(struct str s)
{
	for (s = beyond_ascii(s); s.len; s = beyond_ascii(s)) {
		uint32_t code;
		size_t len = decode(s, &code);

		if (!len)
			return false;
		s.at += len;
		s.len -= len;
	}
	return true;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && ranges[i].first <= code; i++)
		if (code <= ranges[i].last)
			return true;
	return false;
}

#define IN_RANGES(code, ranges) in_ranges((code), (ranges), sizeof(ranges) / sizeof((ranges)[0]))

/* Combining marks and characters without width, and the scripts drawn two columns wide; the blocks that matter for names. */
static const struct range no_width[] = {
	{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
	{ 0x064B, 0x065F }, { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2064 },
	{ 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF },
};
static const struct range double_width[] = {
	{ 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x4DBF },   { 0x4E00, 0xA4CF },   { 0xA960, 0xA97F },
	{ 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },
	{ 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

size_t utf8_width(struct str s)
{
	size_t width = 0;

	while (s.len) {
		uint32_t code = utf8_next(&s);

		if (!IN_RANGES(code, no_width))
			width += IN_RANGES(code, double_width) ? 2 : 1;
	}
	return width;
}

/* The plain letter under each of U+00C0…U+017F and U+1E00…U+1EFF; '-' where there is none. */
static const char latin_extended[] = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
				     "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
				     "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char latin_additional[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
				       "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
				       "wwwwwwwwwwxxxxyyzzzzzzhtwy----s-aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
				       "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------";

/* The second letter of those that are two, 0 for all others. */
static char second_letter(uint32_t code)
{
	switch (code) {
	case 0x00C6:
	case 0x00E6:
	case 0x0152:
	case 0x0153: return 'e';
	case 0x00DE:
	case 0x00FE: return 'h';
	case 0x0132:
	case 0x0133: return 'j';
	case 0x00DF:
	case 0x1E9E: return 's';
	default: return 0;
	}
}

/* Punctuation, signs and spaces beyond ASCII that exporters put into names. */
static bool is_sign(uint32_t code)
{
	static const struct range signs[] = {
		{ 0x0080, 0x00BF }, { 0x00D7, 0x00D7 }, { 0x00F7, 0x00F7 }, { 0x2000, 0x206F }, { 0x20A0, 0x20CF },
		{ 0x2100, 0x2BFF }, { 0x3000, 0x3003 }, { 0xFE10, 0xFE1F }, { 0xFFFD, 0xFFFD },
	};

	return IN_RANGES(code, signs) || IN_RANGES(code, no_width);
}

/* One character as its lower-case letters without accents; length, 0 when it is none that counts. */
static size_t fold(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)(code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code);
		return (out[0] >= 'a' && out[0] <= 'z') || (out[0] >= '0' && out[0] <= '9');
	}
	if (is_sign(code))
		return 0;

	char plain = code >= 0xC0 && code < 0x180      ? latin_extended[code - 0xC0]
		     : code >= 0x1E00 && code < 0x1F00 ? latin_additional[code - 0x1E00]
						       : '-';

	if (plain != '-') {
		out[0] = plain;
		out[1] = second_letter(code);
		return out[1] ? 2 : 1;
	}
	if ((code >= 0x0391 && code <= 0x03A9) || (code >= 0x0410 && code <= 0x042F))
		code += 0x20; /* Greek and Cyrillic capitals */
	else if (code >= 0x0400 && code <= 0x040F)
		code += 0x50;
	return utf8_put(code, out);
}

size_t str_fold_name(struct str s, char *out, size_t size)
{
	size_t len = 0;

	while (s.len) {
		char letters[4];
		size_t more = fold(utf8_next(&s), letters);

		if (len + more > size)
			break;
		memcpy(out + len, letters, more);
		len += more;
	}
	return len;
}
