#include <math.h>

#include "domain/alike.h"
#include "domain/phone.h"
#include "tap.h"

/* Table 6 of W. E. Winkler, "Overview of Record Linkage and Current Research Directions", US Census Bureau, RRS2006-02, to three digits. */
static const struct {
	const char *a, *b;
	double jaro, winkler;
} names[] = {
	{ "SHACKLEFORD", "SHACKELFORD", 0.970, 0.982 },
	{ "DUNNINGHAM", "CUNNIGHAM", 0.896, 0.896 },
	{ "NICHLESON", "NICHULSON", 0.926, 0.956 },
	{ "JONES", "JOHNSON", 0.790, 0.832 },
	{ "MASSEY", "MASSIE", 0.889, 0.933 },
	{ "ABROMS", "ABRAMS", 0.889, 0.922 },
	{ "JERALDINE", "GERALDINE", 0.926, 0.926 },
	{ "MARHTA", "MARTHA", 0.944, 0.961 },
	{ "MICHELLE", "MICHAEL", 0.869, 0.921 },
	{ "JULIES", "JULIUS", 0.889, 0.933 },
	{ "TANYA", "TONYA", 0.867, 0.880 },
	{ "DWAYNE", "DUANE", 0.822, 0.840 },
	{ "SEAN", "SUSAN", 0.783, 0.805 },
	{ "JON", "JOHN", 0.917, 0.933 },
};

/* S. White, "How to Strike a Match" (1992), to two digits: "Healed" and these. */
static const struct {
	const char *b;
	double dice;
} pairs[] = { { "SEALED", 0.80 }, { "HEALTHY", 0.55 }, { "HEARD", 0.44 },
	      { "HERDED", 0.40 }, { "HELP", 0.25 },    { "SOLD", 0 } };

static bool close_to(double got, double wanted, double step)
{
	return fabs(got - wanted) <= step / 2 + 1e-9;
}

static void test_published(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str a = str_of(names[i].a), b = str_of(names[i].b);

		ok(close_to(alike_jaro(a, b), names[i].jaro, 0.001), "Jaro of %s and %s: %.4f", names[i].a, names[i].b,
		   alike_jaro(a, b));
		ok(close_to(alike_jaro_winkler(a, b), names[i].winkler, 0.001), "Jaro-Winkler of %s and %s: %.4f",
		   names[i].a, names[i].b, alike_jaro_winkler(a, b));
		ok(alike_jaro_winkler(a, b) == alike_jaro_winkler(b, a), "both ways");
	}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ok(close_to(alike_dice(STR("HEALED"), str_of(pairs[i].b)), pairs[i].dice, 0.01),
		   "Dice of HEALED and %s: %.4f", pairs[i].b, alike_dice(STR("HEALED"), str_of(pairs[i].b)));
	ok(close_to(alike_dice(STR("night"), STR("nacht")), 0.25, 0.001), "Dice of night and nacht");
}

static void test_edges(void)
{
	char wide[200];

	memset(wide, 'a', sizeof(wide));
	ok(alike_jaro(STR(""), STR("")) == 1 && alike_jaro(STR("a"), STR("")) == 0, "of nothing");
	ok(alike_jaro(STR("a"), STR("a")) == 1 && alike_jaro(STR("a"), STR("b")) == 0, "of a letter");
	ok(alike_dice(STR("a"), STR("a")) == 1 && alike_dice(STR("a"), STR("ab")) == 0, "pairs of a letter");
	ok(alike_jaro_winkler((struct str){ wide, 200 }, (struct str){ wide, 100 }) == 1,
	   "long ones, as far as is looked");
	ok(alike_names(STR("anna berg"), STR("berg anna")) == 1, "words in another order");
	ok(alike_names(STR("a berg"), STR("anna berg")) > 0.9, "an initial");
	ok(alike_names(STR("berg"), STR("anna maria berg")) == 1, "a part of a name");
	ok(alike_names(STR("anna berg"), STR("ben ott")) < 0.7, "another name");
	ok(alike_names(STR("jo jo"), STR("jo li")) < 0.8, "a word is used once");
	ok(alike_names(STR(""), STR("")) == 1 && alike_names(STR(""), STR("x")) == 0, "no words");
}

static void folds(const char *text, const char *wanted, bool company)
{
	char out[64];
	size_t len = (company ? alike_fold_company : alike_fold)(str_of(text), out, sizeof(out));

	is_bytes(((struct str){ out, len }), wanted, "'%s'", text);
}

static void test_folding(void)
{
	folds("Dr. José-María  Ruiz", "dr jose maria ruiz", false);
	folds("", "", false);
	folds(" ... ", "", false);
	folds("O'Neil", "o neil", false);
	folds("Berg Software GmbH & Co. KG", "berg software", true);
	folds("ACME, Inc.", "acme", true);
	folds("AG", "ag", true);
	folds("Müller AG", "muller", true);
}

static void number(const char *text, const char *country, const char *wanted)
{
	char out[PHONE_MOST];

	is_bytes(phone_e164(str_of(text), str_of(country), out), wanted, "%s, %s", text, country);
}

static void test_phones(void)
{
	number("+49 (0)30 1234-567", "", "+49301234567");
	number("0049 30 1234567", "France", "+49301234567");
	number("030/1234567", "Germany", "+49301234567");
	number("030/1234567", "de", "+49301234567");
	number("030/1234567", "", "0301234567");
	number("(020) 7946 0018", "United Kingdom", "+442079460018");
	number("1 (212) 555-0123", "USA", "+12125550123");
	number("(212) 555-0123 ext. 9", "us", "+12125550123");
	number("02 1234 5678", "Italy", "+390212345678");
	number("06 1 234 5678", "Hungary", "+3612345678");
	number("12345", "", "");
	number("+1234567890123456", "", "");
	number("99999999999999999999999", "", "");
	number("call me", "Germany", "");
	number("", "", "");
	ok(phone_same(STR("+49301234567"), STR("0301234567")), "without its country's code");
	ok(phone_same(STR("0301234567"), STR("+49301234567")), "both ways");
	ok(!phone_same(STR("+49301234567"), STR("+43301234567")), "of two countries");
	ok(!phone_same(STR("+49301234567"), STR("234567")), "too short to tell");
	ok(!phone_same(STR(""), STR("")), "none are not the same");
	is_bytes(phone_end(STR("+49301234567")), "01234567", "the end");
	is_bytes(phone_end(STR("+123456")), "123456", "of a short one");
}

int main(void)
{
	test_published();
	test_edges();
	test_folding();
	test_phones();
	return done();
}
