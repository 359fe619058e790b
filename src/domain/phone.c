#include "domain/phone.h"

enum { DIGITS_LEAST = 6, DIGITS_MOST = 15, END = 8 };

/* Codes of ITU-T E.164 (assigned country codes), and what is dialled before a number inside the country. */
static const struct {
	const char *name, *letters, *code, *trunk;
} countries[] = {
	{ "argentina", "ar", "54", "0" },      { "australia", "au", "61", "0" },
	{ "austria", "at", "43", "0" },        { "belgium", "be", "32", "0" },
	{ "brazil", "br", "55", "0" },         { "bulgaria", "bg", "359", "0" },
	{ "canada", "ca", "1", "1" },          { "chile", "cl", "56", "" },
	{ "china", "cn", "86", "0" },          { "colombia", "co", "57", "" },
	{ "croatia", "hr", "385", "0" },       { "czechia", "cz", "420", "" },
	{ "czech republic", "cz", "420", "" }, { "denmark", "dk", "45", "" },
	{ "estonia", "ee", "372", "" },        { "finland", "fi", "358", "0" },
	{ "france", "fr", "33", "0" },         { "germany", "de", "49", "0" },
	{ "greece", "gr", "30", "" },          { "hong kong", "hk", "852", "" },
	{ "hungary", "hu", "36", "06" },       { "iceland", "is", "354", "" },
	{ "india", "in", "91", "0" },          { "indonesia", "id", "62", "0" },
	{ "ireland", "ie", "353", "0" },       { "israel", "il", "972", "0" },
	{ "italy", "it", "39", "" },           { "japan", "jp", "81", "0" },
	{ "latvia", "lv", "371", "" },         { "lithuania", "lt", "370", "0" },
	{ "luxembourg", "lu", "352", "" },     { "malaysia", "my", "60", "0" },
	{ "mexico", "mx", "52", "" },          { "netherlands", "nl", "31", "0" },
	{ "new zealand", "nz", "64", "0" },    { "norway", "no", "47", "" },
	{ "philippines", "ph", "63", "0" },    { "poland", "pl", "48", "" },
	{ "portugal", "pt", "351", "" },       { "romania", "ro", "40", "0" },
	{ "serbia", "rs", "381", "0" },        { "singapore", "sg", "65", "" },
	{ "slovakia", "sk", "421", "0" },      { "slovenia", "si", "386", "0" },
	{ "south africa", "za", "27", "0" },   { "south korea", "kr", "82", "0" },
	{ "spain", "es", "34", "" },           { "sweden", "se", "46", "0" },
	{ "switzerland", "ch", "41", "0" },    { "thailand", "th", "66", "0" },
	{ "turkey", "tr", "90", "0" },         { "ukraine", "ua", "380", "0" },
	{ "united kingdom", "gb", "44", "0" }, { "uk", "uk", "44", "0" },
	{ "united states", "us", "1", "1" },   { "usa", "us", "1", "1" },
	{ "vietnam", "vn", "84", "0" },
};

enum { COUNTRIES = sizeof(countries) / sizeof(*countries) };

/* COUNTRIES where it is none of these. */
static size_t country_of(struct str country)
{
	size_t i = 0;

	country = str_trim(country);
	while (i < COUNTRIES && !str_eq_fold(country, str_of(countries[i].name)) &&
	       !str_eq_fold(country, str_of(countries[i].letters)))
		i++;
	return i;
}

/* Digits alone; "(0)" behind a country's code is said for those who call from inside. */
static size_t digits_of(struct str text, bool abroad, char *out, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (abroad && text.len - i >= 3 && !memcmp(text.at + i, "(0)", 3)) {
			i += 2;
			continue;
		}
		if ((text.at[i] | 0x20) == 'x' || (text.at[i] | 0x20) == 'e')
			break;
		if (text.at[i] < '0' || text.at[i] > '9')
			continue;
		if (count == most)
			return most + 1;
		out[count++] = text.at[i];
	}
	return count;
}

static bool begins(const char *digits, size_t count, const char *with)
{
	size_t len = strlen(with);

	return len && count > len && !memcmp(digits, with, len);
}

struct str phone_e164(struct str text, struct str country, char out[PHONE_MOST])
{
	char digits[DIGITS_MOST + 4], *at = digits;
	const char *code = "";
	bool abroad;
	size_t count, in;

	text = str_trim(text);
	abroad = str_starts(text, "+");
	count = digits_of(text, abroad || str_starts(text, "00"), digits, sizeof(digits));
	if (count > sizeof(digits))
		return STR_NONE;
	in = country_of(country);
	if (!abroad && begins(at, count, "00")) {
		abroad = true;
		at += 2;
		count -= 2;
	} else if (!abroad && in < COUNTRIES) {
		size_t trunk = begins(at, count, countries[in].trunk) ? strlen(countries[in].trunk) : 0;

		code = countries[in].code;
		at += trunk;
		count -= trunk;
		abroad = true;
	}
	if (count < DIGITS_LEAST || count + strlen(code) > DIGITS_MOST)
		return STR_NONE;
	out[0] = '+';
	memcpy(out + abroad, code, strlen(code));
	memcpy(out + abroad + strlen(code), at, count);
	return (struct str){ out, abroad + strlen(code) + count };
}

static struct str national(struct str number)
{
	bool trunk = number.len && number.at[0] == '0';

	return (struct str){ number.at + trunk, number.len - trunk };
}

bool phone_same(struct str a, struct str b)
{
	bool plus_a = str_starts(a, "+"), plus_b = str_starts(b, "+");

	if (!a.len || !b.len)
		return false;
	if (plus_a == plus_b)
		return str_eq(a, b);
	if (plus_b)
		return phone_same(b, a);
	b = national(b);
	return b.len >= END && a.len > b.len && !memcmp(a.at + a.len - b.len, b.at, b.len);
}

struct str phone_end(struct str number)
{
	size_t len = number.len - str_starts(number, "+");

	len = len < END ? len : END;
	return (struct str){ number.at + number.len - len, len };
}
