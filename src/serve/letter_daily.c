/* What comes by itself: the day's list in the morning, the weekly page when the agreement says. */
#include "base/date.h"
#include "report/report.h"
#include "serve/due_list.h"
#include "serve/letters.h"
#include "serve/who.h"

enum { LISTED = 40, LISTED_MOST = 10000 };

/* ---- the day's list ---- */

static void list(struct letter *letter, const char *heading, const struct due_promise *list, size_t count, size_t from)
{
	const struct zone *zone = server_zone(letter->server);
	size_t shown = 0;
	char at[40];

	if (from == count)
		return;
	letter_heading(letter, heading);
	for (size_t i = from; i < count && shown < LISTED; i++, shown++) {
		zone_format(zone, list[i].due_ms, at);
		at[10] = ' ';
		at[16] = '\0';
		letter_row(letter, at,
			   str_of(arena_printf(letter->arena, "%.*s%s%.*s", STR_ARG(list[i].promise),
					       list[i].lead.len ? ", lead " : "", STR_ARG(list[i].lead))));
	}
	if (count - from > shown)
		letter_say(letter, "and %zu more", count - from - shown);
}

int letter_digest(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	const struct zone *zone = server_zone(letter->server);
	int64_t tomorrow_ms = zone_day_start_ms(zone, zone_date(zone, letter->now_ms) + 1);
	size_t count, total, overdue = 0, today;
	struct due_promise *due, *sorted;
	const char *url = letter_page(letter, "/desk", STR(""));

	(void)message;
	(void)err;
	due = due_list(letter->view->facts, &letter->who, LISTED_MOST, &count, &total, letter->arena);
	sorted = ARENA_ARRAY(letter->arena, struct due_promise, count + 1);
	for (size_t i = 0; i < count; i++)
		if (due[i].overdue)
			sorted[overdue++] = due[i];
	today = overdue;
	for (size_t i = 0; i < count; i++)
		if (!due[i].overdue && due[i].due_ms < tomorrow_ms)
			sorted[today++] = due[i];
	if (!today) {
		letter_hold(letter, "nothing is due");
		return 0;
	}
	letter_subject(letter, "Today: %zu due, %zu overdue", today - overdue, overdue);
	letter_say(letter, "Good morning, %.*s.", STR_ARG(letter->who.name));
	list(letter, "Overdue", sorted, overdue, 0);
	list(letter, "Due today", sorted, today, overdue);
	if (url)
		letter_link(letter, "Open my desk", url);
	return 0;
}

/* ---- the weekly page ---- */

int letter_weekly(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	const struct office_view *view = letter->view;
	struct report_request request = { .facts = view->facts,
					  .scope = who_sees(&letter->who),
					  .from = DATE_NONE,
					  .to = DATE_NONE,
					  .as_of = DATE_NONE,
					  .agreements = view->agreements,
					  .standings = view->standings,
					  .imports = view->imports,
					  .import_count = view->import_count };
	const char *url = letter_page(letter, "/reports/", STR("weekly"));
	struct page *page;
	int failed;

	(void)message;
	if (report_build(report_find(STR("weekly")), &request, &page, err))
		return err->kind;
	letter_subject(letter, "The weekly page");
	failed = report_text(page, false, &letter->text, err);
	if (!failed)
		report_html_letter(page, &letter->html);
	page_free(page);
	if (url && !failed)
		letter_link(letter, "Open it with its charts", url);
	return failed;
}
