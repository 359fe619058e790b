#include "map/cells.h"

/* ---- nothing ---- */

#define W(literal)                                                                                                     \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}

static const struct str error_words[] = { W("#REF!"),   W("#N/A"),    W("#NA"),           W("#VALUE!"),
					  W("#DIV/0!"), W("#NAME?"),  W("#NULL!"),        W("#NUM!"),
					  W("#ERROR!"), W("#SPILL!"), W("#GETTING_DATA"), W("#CALC!") };
static const struct str empty_words[] = { W("-"),    W("--"),      W("---"),     W("—"),      W("–"),      W("n/a"),
					  W("n.a."), W("k.A."),    W("k. A."),   W("null"),   W("(null)"), W("<null>"),
					  W("\\N"),  W("(blank)"), W("(empty)"), W("(none)"), W("nil") };
static const struct str typed_words[] = { W("none"),
					  W("nan"),
					  W("nat"),
					  W("na"),
					  W("unknown"),
					  W("0000-00-00"),
					  W("0000-00-00 00:00:00"),
					  W("00/00/0000"),
					  W("00.00.0000"),
					  W("not set"),
					  W("tbd"),
					  W("tba"),
					  W("t.b.d."),
					  W("t.b.a."),
					  W("?"),
					  W("??"),
					  W("???"),
					  W("n.v."),
					  W("nv"),
					  W("unbekannt") };

static bool among(struct str cell, const struct str *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].len == cell.len && str_eq_fold(cell, words[i]))
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
	/* as most dates and numbers begin, and none of these words */
	if (cell.len && cell.at[0] >= '1' && cell.at[0] <= '9')
		return false;
	return cell.len <= 19 && AMONG(cell, typed_words);
}

/* ---- flags ---- */

enum cell_result cell_flag(struct str cell, struct value *out)
{
	static const struct str yes[] = { W("1"),    W("yes"), W("y"),  W("true"), W("t"),       W("x"),  W("ja"),
					  W("j"),    W("oui"), W("si"), W("sí"),   W("sim"),     W("✓"),  W("✔"),
					  W("wahr"), W("on"),  W("da"), W("vrai"), W("checked"), W("1.0") };
	static const struct str no[] = { W("0"),    W("no"),  W("n"),         W("false"),  W("f"),   W("nein"),
					 W("non"),  W("não"), W("nao"),       W("falsch"), W("off"), W("net"),
					 W("faux"), W("✗"),   W("unchecked"), W("0.0") };

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

/* ---- what makes no good key ---- */

bool cell_shortened(struct str key)
{
	size_t at = 1;

	if (key.len < 5 || key.at[0] < '1' || key.at[0] > '9' || (key.at[1] != '.' && key.at[1] != ','))
		return false;
	while (++at < key.len && key.at[at] >= '0' && key.at[at] <= '9')
		;
	if (at < 3 || at + 2 >= key.len || (key.at[at] != 'E' && key.at[at] != 'e') || key.at[at + 1] != '+')
		return false;
	for (at += 2; at < key.len; at++)
		if (key.at[at] < '0' || key.at[at] > '9')
			return false;
	return true;
}

bool cell_like_phone(struct str key)
{
	size_t digits = 0;
	bool apart = false;

	for (size_t i = 0; i < key.len; i++) {
		char sign = key.at[i];

		if (sign >= '0' && sign <= '9')
			digits++;
		else if (!memchr("+-(). /", sign, 7))
			return false;
		apart |= sign == '+' || sign == '(' || sign == ' ';
	}
	return apart && digits >= 7;
}
