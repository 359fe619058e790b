#include "map/cells.h"

/* ---- nothing ---- */

static const char *const error_words[] = { "#REF!",  "#N/A",  "#NA",     "#VALUE!", "#DIV/0!",       "#NAME?",
					   "#NULL!", "#NUM!", "#ERROR!", "#SPILL!", "#GETTING_DATA", "#CALC!" };
static const char *const empty_words[] = { "-",    "--",      "---",     "—",      "–",      "n/a",
					   "n.a.", "k.A.",    "k. A.",   "null",   "(null)", "<null>",
					   "\\N",  "(blank)", "(empty)", "(none)", "nil" };
static const char *const typed_words[] = {
	"none",       "nan",        "nat",     "na",   "unknown", "0000-00-00", "0000-00-00 00:00:00",
	"00/00/0000", "00.00.0000", "not set", "tbd",  "tba",     "t.b.d.",     "t.b.a.",
	"?",          "??",         "???",     "n.v.", "nv",      "unbekannt"
};

static bool among(struct str cell, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_fold(cell, str_of(words[i])))
			return true;
	return false;
}

#define AMONG(cell, words) among((cell), (words), sizeof(words) / sizeof((words)[0]))

/* "Select", "Select…", "-- Select one --", "Please select", "-- None --", "--None--", "- None -" */
static bool is_prompt(struct str cell)
{
	bool dashed = cell.len > 2 && cell.at[0] == '-' && cell.at[cell.len - 1] == '-';

	while (cell.len && (cell.at[0] == '-' || cell.at[0] == ' ' || cell.at[0] == '<'))
		cell.at++, cell.len--;
	while (cell.len && strchr("- .>:", cell.at[cell.len - 1]))
		cell.len--;
	if (str_ends(cell, "…"))
		cell.len -= strlen("…");
	if (dashed && str_eq_fold(cell, STR("none")))
		return true;
	return str_eq_fold(cell, STR("select")) || str_eq_fold(cell, STR("please select")) ||
	       str_eq_fold(cell, STR("select one")) || str_eq_fold(cell, STR("select an option")) ||
	       str_eq_fold(cell, STR("choose")) || str_eq_fold(cell, STR("please choose"));
}

enum nothing cell_nothing(struct str cell)
{
	if (cell.len == 0)
		return NOTHING_EMPTY;
	if (cell.len > 24)
		return NOTHING_NOT;
	switch (cell.at[0]) {
	case '#': return AMONG(cell, error_words) ? NOTHING_ERROR : NOTHING_NOT;
	case '-':
	case '<':
	case '(':
	case '\\':
	case 'k':
	case 'K':
	case 'n':
	case 'N':
	case '\xE2':
		if (AMONG(cell, empty_words))
			return NOTHING_EMPTY;
		break;
	case 's':
	case 'S':
	case 'p':
	case 'P':
	case 'c':
	case 'C': break;
	default: return NOTHING_NOT;
	}
	return is_prompt(cell) ? NOTHING_EMPTY : NOTHING_NOT;
}

bool cell_nothing_typed(struct str cell)
{
	return cell.len <= 19 && AMONG(cell, typed_words);
}

/* ---- flags ---- */

enum cell_result cell_flag(struct str cell, struct value *out)
{
	static const char *const yes[] = { "1",  "yes", "y", "true", "t",    "x",  "ja", "j",    "oui",     "si",
					   "sí", "sim", "✓", "✔",    "wahr", "on", "da", "vrai", "checked", "1.0" };
	static const char *const no[] = { "0",   "no",     "n",   "false", "f",    "nein", "non",       "não",
					  "nao", "falsch", "off", "net",   "faux", "✗",    "unchecked", "0.0" };

	if (cell.len > 10)
		return CELL_BAD;
	if (AMONG(cell, yes))
		out->kind = VALUE_YES;
	else if (AMONG(cell, no))
		out->kind = VALUE_NO;
	else
		return CELL_BAD;
	return CELL_OK;
}
