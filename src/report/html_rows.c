/* The rows behind the figures, folded away until a figure is followed. */
#include "report/writer.h"

#define GROUPS_MAX 400
#define WHERE_MAX_BYTES 3500 /* a question takes 4,000 */

size_t rows_group_of(struct writer *w, const struct figure *figure)
{
	if (!figure->rows_of.len || !figure_known(figure) || !figure->row->n ||
	    figure->rows_where.len > WHERE_MAX_BYTES)
		return 0;
	for (size_t i = 0; i < w->group_count; i++) {
		if (str_eq(w->groups[i].of, figure->rows_of) && str_eq(w->groups[i].where, figure->rows_where))
			return w->groups[i].number;
	}
	if (w->group_count == GROUPS_MAX)
		return 0;
	ARENA_PUSH(&w->arena, w->groups, w->group_count, w->group_capacity);
	w->groups[w->group_count] =
		(struct group){ figure->rows_of, figure->rows_where, figure->label, w->group_count + 1 };
	return w->groups[w->group_count++].number;
}

struct row_columns row_columns(struct str of)
{
	enum fact fact;

	if (!fact_by_name(of, &fact))
		return (struct row_columns){ NULL, NULL };
	switch (fact) {
	case FACT_LEADS:
		return (struct row_columns){
			"key, created, source, campaign, owner, qualified, handed_off, opportunity, won, lost, reason",
			"Lead,Created,Source,Campaign,Owner,Qualified,Handed over,Opportunity,Won,Lost,Reason"
		};
	case FACT_OPPORTUNITIES:
		return (struct row_columns){ "key, owner, stage, created, won, lost, discontinued, amount, reason",
					     "Deal,Owner,Stage,Created,Won,Lost,Discontinued,>Value,Reason" };
	case FACT_STAGE_VISITS:
		return (struct row_columns){ "key, stage, entered, left, outcome, next_stage, owner, amount",
					     "Deal,Stage,Entered,Left,Outcome,Next stage,Owner,>Value" };
	case FACT_TOUCHES:
		return (struct row_columns){ "key, at, kind, campaign, source", "Touch,At,Kind,Campaign,Source" };
	case FACT_ACTIVITIES:
		return (struct row_columns){ "key, at, kind, direction, outcome, owner",
					     "Activity,At,Kind,Direction,Outcome,Owner" };
	case FACT_SPEND:
		return (struct row_columns){
			"key, day, campaign, source, amount, impressions, clicks, leads, conversions",
			"Line,Day,Campaign,Source,>Amount,>Impressions,>Clicks,>Leads,>Conversions"
		};
	case FACT_ORDERS:
		return (struct row_columns){ "key, booked, account, amount, margin, billed, collected, status",
					     "Order,Booked,Account,>Price,>Margin,>Billed,>Collected,Status" };
	case FACT_LEAD_STEPS:
		return (struct row_columns){ "key, at, step, by, owner, reason, outcome",
					     "Step,At,What,By,Owner,Reason,Outcome" };
	case FACT_PROMISE_WORDS:
		return (struct row_columns){ "key, at, promise, kind, owner, by, reason",
					     "Word,At,Promise,What,Owner,By,Reason" };
	case FACT_PROMISES:
		return (struct row_columns){ "key, promise, party, state, owner, started, due, stopped, episode",
					     "Lead,Promise,Party,State,Owner,Started,Due,Stopped,>Episode" };
	case FACT__COUNT: break;
	}
	return (struct row_columns){ NULL, NULL };
}

/* For a POSIX shell: in quotes where something in it would mean something there. */
static const char *quoted(struct writer *w, struct str text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./,:+@%";
	struct buf out;
	const char *copy = arena_cstr(&w->arena, text);

	if (text.len && strspn(copy, plain) == text.len)
		return copy;
	buf_init(&out, 1 << 16);
	buf_add_char(&out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\'')
			buf_add_text(&out, "'\\''");
		else
			buf_add_char(&out, text.at[i]);
	}
	buf_add_char(&out, '\'');
	copy = arena_cstr(&w->arena, buf_str(&out));
	buf_release(&out);
	return copy;
}

static const char *rows_command(struct writer *w, const struct group *group)
{
	const char *book = w->page->request.book_path;
	const char *where = group->where.len ? arena_printf(&w->arena, " --where %s", quoted(w, group->where)) : "";
	char day[16] = "";

	if (w->page->request.as_of != DATE_NONE)
		date_format(w->page->request.as_of, day);
	return arena_printf(&w->arena, "lockstep%s%s rows --of %.*s%s%s%s", book ? " --book " : "",
			    book ? quoted(w, str_of(book)) : "", STR_ARG(group->of), where, *day ? " --as-of " : "",
			    day);
}

static int write_group(struct writer *w, const struct group *group)
{
	struct row_columns columns = row_columns(group->of);
	struct question question = { .of = group->of.at,
				     .where = group->where.len ? group->where.at : NULL,
				     .as_of = w->page->request.as_of,
				     .scope = w->page->request.scope };
	struct listing listing;
	struct str header[16], rest = str_of(columns.header), title;
	bool right[16];
	int result = measure_list(w->page->request.facts, &question, columns.columns, NULL, ROWS_SHOWN, &w->arena,
				  &listing, w->err);

	if (result)
		return result;
	listing_for_people(&listing, &w->arena);
	for (size_t c = 0; c < listing.columns && c < 16; c++) {
		header[c] = str_cut(&rest, ',');
		right[c] = str_starts(header[c], ">");
		header[c].at += right[c];
		header[c].len -= right[c];
	}
	title = str_of(arena_printf(&w->arena, "%.*s: %s%llu rows", STR_ARG(group->label),
				    listing.total > listing.count ? "the first 50 of " : "",
				    (unsigned long long)listing.total));
	html_open(&w->h, "section", "id", arena_printf(&w->arena, "rows-%zu", group->number), "class", "group", NULL);
	html_element(&w->h, "h3", NULL, group->label);
	write_listing_table(w, title, header, right, &listing, listing.count, true);
	html_open(&w->h, "p", "class", "more", NULL);
	html_say(&w->h, "All of them: ");
	html_element(&w->h, "code", NULL, str_of(rows_command(w, group)));
	html_say(&w->h, " ");
	html_open(&w->h, "a", "href", "#main", NULL);
	html_say(&w->h, "Back to the report");
	html_close(&w->h, "a");
	html_close(&w->h, "p");
	html_close(&w->h, "section");
	return 0;
}

int write_groups(struct writer *w)
{
	int result = 0;

	if (!w->group_count)
		return 0;
	html_open(&w->h, "section", "class", "groups", "aria-label", "The rows behind the figures", NULL);
	html_element(&w->h, "h2", NULL, STR("The rows behind the figures"));
	for (size_t i = 0; i < w->group_count && !result; i++)
		result = write_group(w, &w->groups[i]);
	if (!result)
		html_close(&w->h, "section");
	return result;
}
