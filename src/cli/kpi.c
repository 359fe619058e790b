/* `lockstep kpi [NAME]`: the named measures, and asking one. */
#include "facts/kpi.h"

#include <stdio.h>
#include "base/date.h"
#include "cli/answer.h"
#include "cli/judging.h"
#include "cli/output.h"
#include "io/terminal.h"

enum { NAMES_MAX = 256 };

static enum exit_code list_json(const struct invocation *in)
{
	json_t *root = json_object(), *list = json_array();
	const struct kpi *kpi;

	for (size_t i = 0; (kpi = kpi_at(i)); i++) {
		json_t *item = json_object();

		json_object_set_new(item, "kpi", json_string(kpi->name));
		json_object_set_new(item, "title", json_string(kpi->title));
		json_object_set_new(item, "sentence", json_string(kpi->sentence));
		json_object_set_new(item, "measure", json_string(kpi->measure));
		json_object_set_new(item, "of", json_str_or_null(str_of(kpi->of)));
		json_object_set_new(item, "where", json_str_or_null(str_of(kpi->where)));
		json_object_set_new(item, "period", json_str_or_null(str_of(kpi->period)));
		json_object_set_new(item, "better", json_integer(kpi->better));
		json_object_set_new(item, "needs", json_str_or_null(str_of(kpi->needs)));
		json_array_append_new(list, item);
	}
	json_object_set_new(root, "kpis", list);
	return output_json(in, root);
}

static enum exit_code list_text(struct invocation *in)
{
	bool colour = terminal_colour(stdout);
	const struct kpi *kpi;
	struct buf out;
	enum exit_code code;
	size_t wide = 0;

	for (size_t i = 0; (kpi = kpi_at(i)); i++) {
		size_t len = utf8_width(str_of(kpi->name));

		wide = len > wide ? len : wide;
	}
	buf_init(&out, 1 << 20);
	for (size_t i = 0; (kpi = kpi_at(i)); i++) {
		output_entry(&out, kpi->name, wide,
			     str_of(arena_printf(&in->arena, "%s: %s", kpi->title, kpi->sentence)), colour);
	}
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code unknown(const struct invocation *in, const char *name)
{
	const char *names[NAMES_MAX];
	const struct kpi *kpi;
	const char *near;
	size_t count = 0;

	for (; count < NAMES_MAX && (kpi = kpi_at(count)); count++)
		names[count] = kpi->name;
	near = str_nearest(str_of(name), names, count);
	if (near)
		return command_usage(in, "there is no KPI \"%s\"; did you mean \"%s\"?", name, near);
	return command_usage(in, "there is no KPI \"%s\"; lockstep kpi lists them", name);
}

static enum exit_code ask(struct invocation *in, const struct kpi *kpi)
{
	int32_t from = option_date(in, "from"), to = option_date(in, "to");
	int32_t past = to == DATE_NONE ? DATE_NONE : to + 1;
	struct answer answer = { 0 };
	struct loaded loaded;
	struct err err = ERR_INIT;
	enum exit_code code;

	if (from != DATE_NONE && to != DATE_NONE && from > to)
		return command_usage(in, "--from lies after --to");
	code = load_facts(in, &loaded);
	if (code)
		return code;
	code = judge_asked(
		in, &loaded, option_date(in, "as-of"),
		(const char *[]){ kpi->measure, kpi->of, kpi->where, option_text(in, "by"), option_text(in, "where") },
		5);
	if (code)
		;
	else if (kpi_ask(loaded.facts, kpi, option_text(in, "by"), option_text(in, "where"), from, past,
			 option_date(in, "as-of"), SCOPE_EVERYTHING, &in->arena, &answer, &err))
		code = question_fail(in, &err);
	else
		code = print_answer(in, &loaded, &answer, kpi, from, to);
	release_facts(&loaded);
	return code;
}

static enum exit_code run(struct invocation *in)
{
	const struct kpi *kpi;

	if (!in->count && wants_csv(in))
		return command_usage(in, "the list of KPIs comes as text or json");
	if (!in->count)
		return wants_json(in) ? list_json(in) : list_text(in);
	kpi = kpi_find(str_of(in->arguments[0]));
	return kpi ? ask(in, kpi) : unknown(in, in->arguments[0]);
}

static const struct option_def options[] = {
	OPTION_BY,
	OPTION_WHERE,
	{ "from", OPTION_DATE, "DATE", NULL, NULL, "first day of the period" },
	{ "to", OPTION_DATE, "DATE", NULL, NULL, "last day of the period" },
	OPTION_AS_OF,
	OPTION_KNOWN_AT,
	OPTION_AGREEMENT,
	{ "format", OPTION_CHOICE, NULL, "text|json|csv", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_kpi = {
	.name = "kpi",
	.arguments = "[NAME]",
	.summary = "list the named measures, or ask one",
	.about =
		"Each KPI is one measure with one plain-English sentence; reports, agreements and plans use the same ones.",
	.examples = "lockstep kpi\n"
		    "lockstep kpi win_rate --by owner --from 2017-01-01 --to 2017-12-31",
	.least = 0,
	.most = 1,
	.options = options,
	.run = run,
};
