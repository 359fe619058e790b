#include "serve/daily.h"

#include "base/date.h"
#include "book/outlets.h"

/* So long after its time it is still worth reading: a server that was down over night sends no stale list. */
#define LIST_FOR_MS (INT64_C(10) * 3600000)
#define PAGE_FOR_MS (INT64_C(24) * 3600000)

struct daily {
	struct lead_desk *desk;
	const struct agreement_version *version;
	int32_t today;
	bool list_due, page_due;
	bool begun;
};

/* "mon 08:00" → a weekday and seconds of the day. */
static bool read_weekly(struct str text, int *weekday, int64_t *of_day_s)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	struct str rest = str_trim(text), day = str_cut(&rest, ' '), hour;
	int64_t parts[2] = { 0 };

	rest = str_trim(rest);
	hour = str_cut(&rest, ':');
	*weekday = -1;
	for (int i = 0; i < 7; i++)
		if (str_eq_fold(day, str_of(names[i])))
			*weekday = i;
	for (int p = 0; p < 2; p++) {
		struct str part = p ? rest : hour;

		if (part.len < 1 || part.len > 2)
			return false;
		for (size_t i = 0; i < part.len; i++) {
			if (part.at[i] < '0' || part.at[i] > '9')
				return false;
			parts[p] = parts[p] * 10 + (part.at[i] - '0');
		}
	}
	*of_day_s = parts[0] * 3600 + parts[1] * 60;
	return *weekday >= 0 && parts[0] < 24 && parts[1] < 60;
}

static bool within(int64_t now_ms, int64_t at_ms, int64_t for_ms)
{
	return now_ms >= at_ms && now_ms < at_ms + for_ms;
}

static void look_at_time(struct daily *d)
{
	const struct agreement_version *v = d->version;
	int64_t now_ms = d->desk->now_ms, of_day_s;
	int64_t opens_ms;
	int weekday;

	d->today = zone_date(v->zone, now_ms);
	opens_ms = calendar_next_open_ms(v->calendar, zone_day_start_ms(v->zone, d->today));
	d->list_due = zone_date(v->zone, opens_ms) == d->today && within(now_ms, opens_ms, LIST_FOR_MS);
	if (!read_weekly(v->agreement->cadence.weekly_page, &weekday, &of_day_s) || date_weekday(d->today) != weekday)
		return;
	d->page_due = within(now_ms, zone_utc_ms(v->zone, (int64_t)d->today * DAY_SECONDS + of_day_s), PAGE_FOR_MS);
}

static bool is_away(const struct daily *d, struct str who)
{
	const struct annexes *annexes = &d->version->agreement->annexes;

	for (size_t i = 0; i < annexes->absence_count; i++)
		if (str_eq(annexes->absences[i].who, who) && annexes->absences[i].from <= d->today &&
		    d->today <= annexes->absences[i].to)
			return true;
	return false;
}

static int add(struct daily *d, const struct account *account, const char *kind, struct err *err)
{
	struct outbox_message message = { .way = OUTBOX_MAIL,
					  .kind = str_of(kind),
					  .to = account->login,
					  .made_ms = d->desk->now_ms,
					  .due_ms = d->desk->now_ms };

	return outbox_add(d->desk->book, &message, err);
}

static int write_for(struct daily *d, const struct account *account, struct err *err)
{
	struct book *book = d->desk->book;
	bool list, page;
	struct wish wish;

	if (account->closed || str_find(account->login, "@") < 0 || is_away(d, account->name))
		return 0;
	if (wish_find(book, account->login, &wish, d->desk->arena, err))
		return err->kind;
	list = d->list_due && wish.digest_day < d->today && !(wish.quiet >> WISH_DIGEST & 1);
	page = d->page_due && wish.weekly_day < d->today && !(wish.quiet >> WISH_WEEKLY & 1);
	if (!list && !page)
		return 0;
	if (!d->begun && book_begin(book, err))
		return err->kind;
	d->begun = true;
	wish.digest_day = list ? d->today : wish.digest_day;
	wish.weekly_day = page ? d->today : wish.weekly_day;
	if ((list && add(d, account, "digest", err)) || (page && add(d, account, "weekly", err)))
		return err->kind;
	return wish_set(book, &wish, err);
}

int daily_write(struct doors *doors, struct lead_desk *desk, struct err *err)
{
	struct daily d = { .desk = desk, .version = agreements_at(&desk->agreements, desk->now_ms) };
	struct account *accounts;
	bool mail_on;
	size_t count;
	int failed = 0;

	if (outbox_mail_on(desk->book, &mail_on, err))
		return err->kind;
	if (!mail_on || !d.version)
		return 0;
	look_at_time(&d);
	if (!d.list_due && !d.page_due)
		return 0;
	if (doors_list(doors, &accounts, &count, desk->arena, err))
		return err->kind;
	for (size_t i = 0; i < count && !failed; i++)
		failed = write_for(&d, &accounts[i], err);
	if (failed && d.begun)
		book_rollback(desk->book);
	else if (d.begun)
		failed = book_commit(desk->book, err);
	return failed;
}
