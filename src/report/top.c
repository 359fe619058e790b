#include "report/internal.h"

static struct str head_text(struct book_head head, struct arena *arena)
{
	char hex[HASH_BYTES * 2 + 1];

	for (size_t i = 0; i < HASH_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", head.hash[i]);
	return str_of(arena_printf(arena, "%llu:%s", (unsigned long long)head.seq, hex));
}

static struct str warning_of(const struct import *import, struct arena *arena)
{
	unsigned long long seq = import->seq;

	if (import->process)
		return str_of(arena_printf(arena,
					   "Import %llu of %.*s is running (process %ld): the figures are incomplete.",
					   seq, STR_ARG(import->path), import->process));
	return str_of(arena_printf(arena,
				   "Import %llu of %.*s was begun and not finished: the figures are incomplete. "
				   "Run the same import again, or take it back with import --undo %llu.",
				   seq, STR_ARG(import->path), seq));
}

static struct str agreement_text(const struct page *page, struct arena *arena)
{
	const struct agreement_version *version = page_agreement(page);
	const struct agreements *agreements = page->request.agreements;

	if (version && version->number)
		return str_of(arena_printf(arena, "Agreement version %d: %.*s.", version->number,
					   STR_ARG(version->agreement->title)));
	if (version && version->tried)
		return str_of(arena_printf(
			arena, "Judged by version %d of the agreement, as if it had always been in force: %.*s.",
			version->tried, STR_ARG(version->agreement->title)));
	if (version)
		return str_of(arena_printf(arena, "Judged by a text that nobody has signed: %.*s.",
					   STR_ARG(version->agreement->title)));
	if (agreements && agreements->count)
		return STR("No agreement was in force on that day: the definitions are Lockstep's own.");
	return STR("No agreement yet: the definitions are Lockstep's own.");
}

struct page_top page_top(const struct page *page, struct arena *arena)
{
	const struct facts *facts = page->request.facts;
	const struct book_settings *settings = facts_settings(facts);
	const struct import *imports;
	struct page_top top = { 0 };
	char day[16];

	top.book = str_of(page->request.book_name && *page->request.book_name ? page->request.book_name
			  : settings->name[0]                                 ? settings->name
									      : "");
	if (page->request.as_of != DATE_NONE) {
		date_format(page->request.as_of, day);
		top.as_of =
			str_of(arena_printf(arena, "%s%s", day, page->last_day ? ", the last day in the book" : ""));
	}
	/* the texts are the page's own kind; page_period_text only adds to its arena */
	top.period = str_of(page_period_text((struct page *)(uintptr_t)page, page->period));
	top.agreement = agreement_text(page, arena);
	top.head = head_text(facts_head(facts), arena);
	top.warning_count = facts_unfinished_imports(facts, &imports);
	top.warnings = ARENA_ARRAY(arena, struct str, top.warning_count + 1);
	for (size_t i = 0; i < top.warning_count; i++)
		top.warnings[i] = warning_of(&imports[i], arena);
	if (page->other_money)
		top.warnings[top.warning_count++] = str_of(arena_printf(
			arena,
			"Sums of money are of %s alone: %s are left out of them, since no rate is known; counts are of all. "
			"lockstep measure \"sum(amount)\" --by currency tells the others.",
			page->currency, page->other_money));
	return top;
}
