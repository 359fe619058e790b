#include "base/str.h"
#include "tap.h"

static void test_compare(void)
{
	ok(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0, "bytewise order, shorter first");
	ok(str_cmp(STR(""), STR_NONE) == 0 && str_cmp(STR("\xC3"), STR("z")) > 0, "bytes are unsigned");
	ok(str_eq_fold(STR("Lead ID"), STR("lead id")) && !str_eq_fold(STR("a"), STR("ab")), "case can be ignored");
	ok(str_starts(STR("leads.csv"), "leads") && !str_starts(STR("le"), "leads"), "starts");
	ok(str_ends(STR("leads.csv"), ".csv") && !str_ends(STR("csv"), ".csv"), "ends");
	ok(str_starts(STR_NONE, "") && str_ends(STR_NONE, "") && !str_starts(STR_NONE, "a"),
	   "nothing starts with nothing");
	is_int(str_find(STR("a needle"), "needle"), 2, "finds");
	is_int(str_find(STR("a needl"), "needle"), -1, "finds not");
	is_int(str_find(STR_NONE, ""), 0, "finds nothing in nothing");
	ok(str_hash(STR("abcdefgh1")) != str_hash(STR("abcdefgh2")) && str_hash(STR("")) == str_hash(STR_NONE),
	   "hashes go by contents");
	ok(str_hash((struct str){ "a\0", 2 }) != str_hash(STR("a")), "trailing NUL bytes count");
}

static void test_cutting(void)
{
	struct str rest = STR("a;;bc");

	is_bytes(str_trim(STR(" \t\r\n\u00A0a b\uFEFF \n")), "a b", "trims spaces of all kinds");
	is_bytes(str_trim(STR(" \u00A0 ")), "", "trims all away");
	is_bytes(str_trim(STR_NONE), "", "trims nothing");
	is_bytes(str_trim(STR("\u00E0")), "\u00E0", "does not take a letter that ends like U+00A0");
	is_bytes(str_cut(&rest, ';'), "a", "cuts the first");
	is_bytes(str_cut(&rest, ';'), "", "cuts an empty one");
	is_bytes(str_cut(&rest, ';'), "bc", "cuts the last");
	is_bytes(rest, "", "and nothing is left");
	is_bytes(str_cut(&rest, ';'), "", "nothing comes from nothing");
}

static void folds_to(const char *text, const char *wanted)
{
	char out[64];

	is_bytes(((struct str){ out, str_fold_name(str_of(text), out, sizeof(out)) }), wanted, "'%s' folds to '%s'",
		 text, wanted);
}

static void test_fold(void)
{
	char out[4] = "????";

	folds_to("GTXPro", "gtxpro");
	folds_to("GTX Pro", "gtxpro");
	folds_to("gtx-pro\u2122", "gtxpro");
	folds_to("Stra\u00DFe \u0141\u00F3d\u017A", "strasselodz");
	folds_to("S\u00E3o Paulo", "saopaulo");
	folds_to("Sa\u0303o Paulo", "saopaulo");
	folds_to("\u1E9E\u1EA1\u0152", "ssaoe");
	folds_to("\u041F\u0440\u0438\u0432\u0435\u0442", "\u043F\u0440\u0438\u0432\u0435\u0442");
	folds_to("\u5C71\u7530", "\u5C71\u7530");
	folds_to("", "");
	is_int(str_fold_name(STR("ab\u5C71"), out, 4), 2, "a character that does not fit whole is left out");
	is_int(out[2], '?', "and nothing is written of it");
}

static void test_nearest(void)
{
	static const char *const names[] = { "created", "closed", "won", "amount", "expected_close" };
	enum { COUNT = sizeof(names) / sizeof(names[0]) };

	is_str(str_nearest(STR("creatd"), names, COUNT), "created", "one letter missing");
	is_str(str_nearest(STR("wno"), names, COUNT), "won", "two swapped");
	is_str(str_nearest(STR("AMOUNT"), names, COUNT), "amount", "other case");
	is_str(str_nearest(STR("expected-closed"), names, COUNT), "expected_close", "two errors in a long one");
	is_str(str_nearest(STR("exp"), names, COUNT), "expected_close", "what alone begins so");
	is_str(str_nearest(STR("form"), (const char *const[]){ "from", "format" }, 2), "format",
	       "even where another has the same letters");
	is_str(str_nearest(STR("xy"), names, COUNT), NULL, "nothing is near");
	is_str(str_nearest(STR(""), names, COUNT), NULL, "nothing is near nothing");
	char longer[1000];

	memset(longer, 'a', sizeof(longer));
	is_str(str_nearest((struct str){ longer, sizeof(longer) }, names, COUNT), NULL, "long texts are near nothing");
}

static void test_utf8(void)
{
	static const char *const bad[] = {
		"\x80",         "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
		"\xF0\x9F\x98", "\xC3",     "\xFF",         "a\xE2\x82z"
	};

	ok(utf8_valid(STR("a\u00E9\u20AC\U0001F600")) && utf8_valid(STR_NONE), "good UTF-8 is valid");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!utf8_valid(str_of(bad[i])), "bad UTF-8 %zu is not", i);

	struct str rest = STR("\xE2\x82z");

	ok(utf8_next(&rest) == 0xFFFD && utf8_next(&rest) == 0xFFFD && utf8_next(&rest) == 'z' && rest.len == 0,
	   "bytes that make no sense are replaced one by one");

	bool same = true;
	for (uint32_t code = 0; code <= 0x10FFFF; code += 13) {
		char bytes[4];

		if (code >= 0xD800 && code <= 0xDFFF)
			continue;
		rest = (struct str){ bytes, utf8_put(code, bytes) };
		same &= utf8_valid(rest) && utf8_next(&rest) == code && rest.len == 0;
	}
	ok(same, "characters are written and read back");
	is_int(utf8_width(STR("caf\u00E9")), 4, "an accent has no width of its own");
	is_int(utf8_width(STR("cafe\u0301")), 4, "nor has a combining one");
	is_int(utf8_width(STR("\u5C71\u7530")), 4, "East Asian characters take two columns");
}

int main(void)
{
	test_compare();
	test_cutting();
	test_fold();
	test_nearest();
	test_utf8();
	return done();
}
