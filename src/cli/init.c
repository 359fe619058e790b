/* `lockstep init`: makes a book, and says aloud what it took from the machine. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "cli/output.h"
#include "io/file.h"

/* Currencies of regions, for machines on which the locale is named but not installed (ISO 3166 to ISO 4217). */
static const struct {
	const char *currency, *regions;
} currencies[] = {
	{ "EUR", "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK BG" },
	{ "USD", "US EC PR SV" },
	{ "GBP", "GB" },
	{ "CHF", "CH LI" },
	{ "PLN", "PL" },
	{ "CZK", "CZ" },
	{ "HUF", "HU" },
	{ "RON", "RO" },
	{ "SEK", "SE" },
	{ "NOK", "NO" },
	{ "DKK", "DK" },
	{ "CAD", "CA" },
	{ "AUD", "AU" },
	{ "NZD", "NZ" },
	{ "INR", "IN" },
	{ "BRL", "BR" },
	{ "MXN", "MX" },
	{ "ARS", "AR" },
	{ "CLP", "CL" },
	{ "COP", "CO" },
	{ "ZAR", "ZA" },
	{ "TRY", "TR" },
	{ "ILS", "IL" },
	{ "UAH", "UA" },
	{ "JPY", "JP" },
	{ "CNY", "CN" },
	{ "HKD", "HK" },
	{ "SGD", "SG" },
	{ "KRW", "KR" },
	{ "TWD", "TW" },
	{ "AED", "AE" },
	{ "SAR", "SA" },
	{ "EGP", "EG" },
	{ "NGN", "NG" },
	{ "KES", "KE" },
};

/* "de_DE.UTF-8" → the currency of DE; NULL where the name has no region that is known. */
static const char *currency_of_region(const char *locale)
{
	const char *region = strchr(locale, '_');

	if (!region || strlen(region) < 3)
		return NULL;
	for (size_t i = 0; i < sizeof(currencies) / sizeof(*currencies); i++) {
		for (const char *at = currencies[i].regions; *at; at += at[2] ? 3 : 2) {
			if (!strncmp(at, region + 1, 2))
				return currencies[i].currency;
		}
	}
	return NULL;
}

static const char *locale_name(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_MONETARY", "LANG" };

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

/* `why` says where it comes from. */
static void currency_of_machine(char out[4], const char **why)
{
	const char *name = locale_name(), *known;

	*why = name;
	if (setlocale(LC_MONETARY, "")) {
		const char *symbol = localeconv()->int_curr_symbol;

		if (symbol && strlen(symbol) >= 3) {
			snprintf(out, 4, "%.3s", symbol);
			setlocale(LC_MONETARY, "C");
			return;
		}
	}
	known = currency_of_region(name);
	if (!known)
		*why = NULL;
	snprintf(out, 4, "%s", known ? known : "USD");
}

static bool currency_valid(const char *text)
{
	return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
				      "July",    "August",   "September", "October", "November", "December" };

/* 1…12 of "4", "apr", "April"; 0 when it is none. */
static int month_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end != text && !*end)
		return number >= 1 && number <= 12 ? (int)number : 0;
	for (int i = 0; i < 12; i++) {
		size_t len = strlen(text);

		if (len >= 3 && !strncasecmp(text, months[i], len) && len <= strlen(months[i]))
			return i + 1;
	}
	return 0;
}

/* Fills the settings from options and machine. `said` gets one line about each thing that was not given. */
static enum exit_code settle(struct invocation *in, struct book_settings *settings, struct buf *said)
{
	const char *zone = option_text(in, "zone"), *currency = option_text(in, "currency");
	const char *name = option_text(in, "name");
	struct err err = ERR_INIT;
	struct zone *checked;
	const char *why;

	if (zone)
		snprintf(settings->zone, sizeof(settings->zone), "%s", zone);
	else
		zone_of_machine(settings->zone, sizeof(settings->zone));
	if (zone_load(&checked, settings->zone, &err))
		return command_usage(in, "%s", err.text);
	zone_free(checked);
	buf_addf(said, "  time zone    %s%s\n", settings->zone,
		 zone ? "" : ", from this machine (--zone NAME chooses another)");
	if (currency && !currency_valid(currency))
		return command_usage(in, "--currency takes three capital letters like EUR, not \"%s\"", currency);
	if (currency) {
		memcpy(settings->currency, currency, 4);
		buf_addf(said, "  currency     %s\n", currency);
	} else {
		currency_of_machine(settings->currency, &why);
		buf_addf(said, "  currency     %s, %s%s (--currency CODE chooses another)\n", settings->currency,
			 why ? "from the locale " : "as the locale names none", why ? why : "");
	}
	settings->fiscal_start_month = month_of(option_text(in, "fiscal-start"));
	if (!settings->fiscal_start_month)
		return command_usage(in, "--fiscal-start takes a month, 1 to 12 or its English name, not \"%s\"",
				     option_text(in, "fiscal-start"));
	buf_addf(said, "  fiscal year  begins on 1 %s\n", months[settings->fiscal_start_month - 1]);
	if (name && strlen(name) >= sizeof(settings->name))
		return command_usage(in, "--name is longer than %zu bytes", sizeof(settings->name) - 1);
	snprintf(settings->name, sizeof(settings->name), "%s", name ? name : "");
	return EXIT_DONE;
}

static enum exit_code print_made(const struct invocation *in, const struct book_settings *settings)
{
	json_t *root = json_object();

	json_object_set_new(root, "book", json_str(str_of(in->book_path)));
	json_object_set_new(root, "name", json_str_or_null(str_of(settings->name)));
	json_object_set_new(root, "zone", json_string(settings->zone));
	json_object_set_new(root, "currency", json_string(settings->currency));
	json_object_set_new(root, "fiscal_start_month", json_integer(settings->fiscal_start_month));
	return output_json(in, root);
}

static enum exit_code run(struct invocation *in)
{
	struct book_settings settings = { .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct buf said;
	enum exit_code code;

	buf_init(&said, 4096);
	code = settle(in, &settings, &said);
	if (code) {
		buf_release(&said);
		return code;
	}
	if (file_make_parents(in->book_path, &err) || book_create(in->book_path, &settings, in->now_ms, &err)) {
		buf_release(&said);
		return command_fail(in, &err);
	}
	say(in, "Made the book %s", in->book_path);
	say(in, "%s  keys         %s.keys opens what is personal: back it up apart from the book", said.at,
	    in->book_path);
	say(in, "Next: lockstep import FILE.csv");
	buf_release(&said);
	return wants_json(in) ? print_made(in, &settings) : EXIT_DONE;
}

static const struct option_def options[] = {
	{ "zone", OPTION_TEXT, "ZONE", NULL, NULL, "time zone of the book, like Europe/Berlin; else this machine's" },
	{ "currency", OPTION_TEXT, "CODE", NULL, NULL, "its currency, like EUR; else the locale's" },
	{ "fiscal-start", OPTION_TEXT, "MONTH", NULL, "1", "first month of the fiscal year, 1 to 12 or its name" },
	{ "name", OPTION_TEXT, "TEXT", NULL, NULL, "name of the company or team, for the head of reports" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to say what was made" },
	{ .name = NULL },
};

const struct command command_init = {
	.name = "init",
	.arguments = "",
	.summary = "make a new book",
	.about = "Makes the book and beside it the file of people's keys. Zone, currency and fiscal year hold for the "
		 "life of the book: dates without a zone are read in it, weeks and months are counted in it.",
	.examples = "lockstep init\n"
		    "lockstep init --book ./acme.lockstep --zone Europe/Berlin --currency EUR --name \"Acme\"",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
