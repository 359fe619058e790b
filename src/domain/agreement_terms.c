#include "domain/agreement_terms.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/table.h"

enum { TEXT_MAX = 4 << 20, OFTEN = 4 };

struct teller {
	struct arena *arena;
	struct terms *terms;
	enum term_chapter chapter;
	enum party party;
	struct str subject;
};

static const char *const titles[TERM_CHAPTER__COUNT] = {
	[TERM_PARTIES] = "Who agrees, and from when",
	[TERM_WORDS] = "What we mean",
	[TERM_HOURS] = "When we work",
	[TERM_TYPES] = "Which leads there are, and when they are handed over",
	[TERM_CRITERIA] = "What must hold before anyone spends time",
	[TERM_SCORE] = "How points are given",
	[TERM_ROUTES] = "Who gets a lead",
	[TERM_PROMISES] = "What each side promises",
	[TERM_STAGES] = "Stages of an opportunity",
	[TERM_REASONS] = "Accepted reasons",
	[TERM_KPIS] = "Numbers we share",
	[TERM_PAY] = "Pay",
	[TERM_CADENCE] = "When we meet",
	[TERM_ANNEXES] = "Annexes, not part of what is signed",
};

/* As it stands in a sentence after "within … of". */
static const char *const event_phrases[EVENT__COUNT] = {
	[EVENT_CREATED] = "the lead's arrival",
	[EVENT_PREQUALIFIED] = "pre-qualification",
	[EVENT_QUALIFIED] = "qualification",
	[EVENT_HANDED_OFF] = "the hand-over",
	[EVENT_FIRST_RESPONSE] = "first response",
	[EVENT_REACHED] = "a conversation",
	[EVENT_WORKING] = "word that it is worked on",
	[EVENT_ACCEPTED] = "acceptance",
	[EVENT_REJECTED] = "rejection with a reason",
	[EVENT_DISQUALIFIED] = "disqualification with a reason",
	[EVENT_OPTED_OUT] = "the lead's wish not to be contacted",
	[EVENT_OPPORTUNITY] = "an opportunity",
	[EVENT_WON] = "a deal won",
	[EVENT_LOST] = "a deal lost",
	[EVENT_DISCONTINUED] = "discontinuing",
};

const char *term_chapter_title(enum term_chapter chapter)
{
	return titles[chapter];
}

/* ---- telling ---- */

static void tell(struct teller *t, const char *what, struct str value)
{
	struct terms *terms = t->terms;

	if (!value.len)
		return;
	ARENA_PUSH(t->arena, terms->items, terms->count, terms->capacity);
	terms->items[terms->count++] = (struct term){ t->chapter, t->party, t->subject, what, value };
}

#define TELL(t, what, ...) tell((t), (what), str_of(arena_printf((t)->arena, __VA_ARGS__)))

static struct str joined(struct arena *arena, const struct names *names, const char *between)
{
	struct str text;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	for (size_t i = 0; i < names->count; i++) {
		buf_add_text(&out, i ? between : "");
		buf_add_str(&out, names->items[i]);
	}
	text = arena_str(arena, buf_str(&out));
	buf_release(&out);
	return text;
}

static const char *number_text(struct arena *arena, double number)
{
	return arena_printf(arena, "%.10g", number);
}

static const char *points_text(struct arena *arena, double points)
{
	return arena_printf(arena, "%s point%s", number_text(arena, points), points == 1 ? "" : "s");
}

static const char *share_text(struct arena *arena, double share)
{
	return arena_printf(arena, "%.10g %%", share * 100);
}

static const char *allowance_text(struct arena *arena, struct allowance allowance)
{
	char text[ALLOWANCE_TEXT];

	allowance_format(allowance, text);
	return arena_dup(arena, text);
}

static const char *clock_text(struct arena *arena, int32_t s)
{
	return arena_printf(arena, "%02d:%02d", s / 3600 % 24, s / 60 % 60);
}

static struct str day_text(struct arena *arena, const struct working_day *day)
{
	const char *text = "";

	for (int i = 0; i < day->count; i++)
		text = arena_printf(arena, "%s%s%s–%s", text, i ? ", " : "", clock_text(arena, day->ranges[i].open_s),
				    day->ranges[i].close_s == DAY_SECONDS ? "24:00"
									  : clock_text(arena, day->ranges[i].close_s));
	return str_of(day->count ? text : "closed");
}

static struct str date_text(struct arena *arena, int32_t date)
{
	char text[16];

	date_format(date, text);
	return str_of(arena_dup(arena, text));
}

/* ---- chapter by chapter ---- */

static void tell_parties(struct teller *t, const struct agreement *a)
{
	t->subject = STR("agreement");
	tell(t, "", a->title);
	t->subject = STR("in force from");
	tell(t, "", date_text(t->arena, a->in_force));
	for (int party = 0; party < PARTY__COUNT; party++) {
		t->party = (enum party)party;
		t->subject = str_of(party_name(t->party));
		tell(t, "signs", joined(t->arena, &a->parties[party].signs, ", "));
	}
}

static void tell_words(struct teller *t, const struct agreement *a)
{
	for (size_t i = 0; i < a->word_count; i++) {
		t->subject = a->words[i].word;
		tell(t, "", a->words[i].means.len ? a->words[i].means : joined(t->arena, &a->words[i].checklist, "; "));
	}
}

static void tell_hours(struct teller *t, const struct agreement *a)
{
	static const char *const days[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
	};

	t->subject = STR("time zone");
	tell(t, "", a->zone);
	for (int i = 0; i < 7; i++) {
		t->subject = str_of(days[i]);
		tell(t, "", day_text(t->arena, &a->hours.days[i]));
	}
}

static void tell_types(struct teller *t, const struct agreement *a)
{
	for (size_t i = 0; i < a->type_count; i++) {
		const struct lead_type *type = &a->types[i];

		t->subject = type->name;
		tell(t, "means", type->means);
		tell(t, "when", type->when.text);
		if (type->at_once)
			TELL(t, "handed over", "at once");
		else
			TELL(t, "handed over", "from %s", points_text(t->arena, type->bar));
	}
}

static void tell_criteria(struct teller *t, const struct agreement *a)
{
	for (size_t i = 0; i < a->criterion_count; i++) {
		t->subject = a->criteria[i].ask;
		tell(t, "", a->criteria[i].when.text);
	}
}

static void tell_score(struct teller *t, const struct agreement *a)
{
	const struct scoring *s = &a->scoring;

	for (size_t i = 0; i < s->fit_count; i++) {
		t->subject = s->fit[i].when.text;
		TELL(t, "", "%s", points_text(t->arena, s->fit[i].points));
	}
	for (size_t i = 0; i < s->engagement_count; i++) {
		const struct engagement_points *e = &s->engagement[i];

		t->subject = str_of(arena_printf(t->arena, "touch %.*s", STR_ARG(a->words_of_rules.kinds[e->touch])));
		if (e->most > 0)
			TELL(t, "", "%s, %s at most", points_text(t->arena, e->points), number_text(t->arena, e->most));
		else
			TELL(t, "", "%s", points_text(t->arena, e->points));
	}
	t->subject = STR("points of a touch");
	if (s->half_life_ms) {
		double days = (double)s->half_life_ms / 86400000;

		TELL(t, "", "halve every %s day%s", number_text(t->arena, days), days == 1 ? "" : "s");
	}
	for (int i = 0; i < BANT__COUNT; i++) {
		t->subject = str_of(arena_printf(t->arena, "a yes to %s", bant_name((enum bant)i)));
		if (s->answers[i] > 0)
			TELL(t, "", "%s", points_text(t->arena, s->answers[i]));
	}
}

static struct str pool_text(struct arena *arena, const struct route *route)
{
	const char *text = "";

	if (route->pool == POOL_PARTNER)
		return STR("the lead's partner");
	if (route->pool == POOL_OWNER)
		return STR("who owns the account");
	if (route->pool == POOL_TEAM)
		return str_of(arena_printf(arena, "team %.*s", STR_ARG(route->team)));
	if (!route->weights)
		return joined(arena, &route->people, ", ");
	for (size_t i = 0; i < route->people.count; i++)
		text = arena_printf(arena, "%s%s%.*s (%s)", text, i ? ", " : "", STR_ARG(route->people.items[i]),
				    number_text(arena, route->weights[i]));
	return str_of(text);
}

static void tell_routes(struct teller *t, const struct agreement *a)
{
	static const char *const ways[ROUTE_BY__COUNT] = { "in turn", "to who has fewest open", "by weight" };

	for (size_t i = 0; i < a->route_count; i++) {
		const struct route *route = &a->routes[i];

		t->subject = route->when.text.len ? route->when.text : STR("otherwise");
		tell(t, "goes to", pool_text(t->arena, route));
		if (route->pool == POOL_TEAM || route->people.count > 1)
			TELL(t, "shared out", "%s", ways[route->by]);
		if (route->most_open)
			TELL(t, "at most", "%d open each", route->most_open);
	}
	t->subject = STR("nobody there");
	tell(t, "goes to", a->nobody_there);
}

static struct str until_text(struct arena *arena, const struct promise_def *promise)
{
	const char *text = "";

	for (int event = 0; event < EVENT__COUNT; event++)
		if (promise->until >> event & 1)
			text = arena_printf(arena, "%s%s%s", text, text[0] ? " or " : "", event_phrases[event]);
	return str_of(text);
}

static struct str keep_text(struct arena *arena, const struct keep *keep)
{
	const char *share = share_text(arena, keep->share), *least = "";

	if (!(keep->share > 0))
		return STR_NONE;
	if (keep->of_at_least)
		least = arena_printf(arena, " of at least %d", keep->of_at_least);
	if (keep->each)
		return str_of(arena_printf(arena, "%s each %s%s", share, every_name(keep->each), least));
	return str_of(
		arena_printf(arena, "%s over %d day%s%s", share, keep->in_days, keep->in_days == 1 ? "" : "s", least));
}

static struct str ladder_text(struct arena *arena, const struct promise_def *promise)
{
	const char *text = "";

	for (size_t i = 0; i < promise->rungs; i++) {
		const struct rung *rung = &promise->ladder[i];

		text = arena_printf(arena, "%s%s%s %s%s", text, i ? ", " : "", rung_name(rung->who),
				    rung->later.amount ? "after " : "at once",
				    rung->later.amount ? allowance_text(arena, rung->later) : "");
	}
	return str_of(text);
}

static void tell_way_back(struct teller *t, const struct promise_def *promise)
{
	if (!promise->no_new_leads)
		return;
	TELL(t, "when not kept", "no new leads");
	if (promise->back_at_a_time)
		TELL(t, "way back", "every overdue one is answered, then %d at a time until %d in a row are on time",
		     promise->back_at_a_time, promise->back_in_a_row);
	else
		TELL(t, "way back", "every overdue one is answered");
}

static void tell_promise(struct teller *t, const struct promise_def *promise)
{
	if (promise->kind == PROMISE_VOLUME) {
		tell(t, "counts", promise->count);
		TELL(t, "at least", "%s each %s", number_text(t->arena, promise->at_least), every_name(promise->every));
	} else {
		if (promise->attempts)
			TELL(t, "attempts", "%d", promise->attempts);
		tell(t, "until", until_text(t->arena, promise));
		TELL(t, "time allowed", "%s", allowance_text(t->arena, promise->within));
		TELL(t, "from", "%s", event_phrases[promise->from]);
		TELL(t, "at risk", "after %s of the time", share_text(t->arena, promise->at_risk));
	}
	tell(t, "only", promise->only.text);
	tell(t, "kept in", keep_text(t->arena, &promise->keep));
	tell(t, "when broken, told", ladder_text(t->arena, promise));
	tell_way_back(t, promise);
}

static void tell_promises(struct teller *t, const struct agreement *a)
{
	for (size_t i = 0; i < a->promise_count; i++) {
		t->party = a->promises[i].party;
		t->subject = a->promises[i].name;
		TELL(t, "party", "%s", party_name(t->party));
		tell_promise(t, &a->promises[i]);
	}
	t->subject = STR("clocks wait while");
	tell(t, "", joined(t->arena, &a->waiting_states, ", "));
}

static void tell_stages(struct teller *t, const struct agreement *a)
{
	static const char *const thirds[STAGE_THIRD__COUNT] = { "early", "mid", "late" };

	for (size_t i = 0; i < a->stage_count; i++) {
		const struct agreed_stage *stage = &a->stages[i];

		t->subject = stage->name;
		TELL(t, "kind", "%s%s", thirds[stage->third], stage->bid ? ", a bid is out" : "");
		if (stage->limit.amount)
			TELL(t, "limit", "%s", allowance_text(t->arena, stage->limit));
		tell(t, "left when", joined(t->arena, &stage->leave_when, "; "));
	}
}

static void tell_reasons(struct teller *t, const struct agreement *a)
{
	const struct {
		const char *name;
		const struct names *names;
	} lists[] = { { "to reject a lead", &a->reject },
		      { "to disqualify a lead", &a->disqualify },
		      { "for a lost deal", &a->lose },
		      { "to excuse a broken promise", &a->excuse } };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		t->subject = str_of(lists[i].name);
		tell(t, "", joined(t->arena, lists[i].names, ", "));
	}
}

static void tell_kpis(struct teller *t, const struct agreement *a)
{
	for (size_t i = 0; i < a->kpi_count; i++) {
		const struct agreed_kpi *kpi = &a->kpis[i];
		const char *owners = "";

		t->subject = kpi->name;
		tell(t, "means", kpi->says);
		tell(t, "measure", kpi->measure);
		TELL(t, kpi->at_most ? "at most" : "target", "%s%s%s",
		     kpi->target_is_share ? share_text(t->arena, kpi->target) : number_text(t->arena, kpi->target),
		     kpi->each ? " each " : "", kpi->each ? every_name(kpi->each) : "");
		for (int party = 0; party < PARTY__COUNT; party++)
			if (kpi->owned_by[party])
				owners = arena_printf(t->arena, "%s%s%s", owners, owners[0] ? ", " : "",
						      party_name((enum party)party));
		TELL(t, "owned by", "%s", owners);
	}
}

static void tell_pay(struct teller *t, const struct agreement *a)
{
	const struct pay *pay = &a->pay;
	const struct {
		const char *name;
		double share;
	} shares[] = { { "team share", pay->team_share }, { "pays from", pay->from }, { "pays up to", pay->up_to } };

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		t->subject = str_of(shares[i].name);
		if (shares[i].share > 0)
			TELL(t, "", "%s", share_text(t->arena, shares[i].share));
	}
	t->subject = STR("numbers of the team");
	tell(t, "", joined(t->arena, &pay->team_kpis, ", "));
}

static void tell_cadence(struct teller *t, const struct agreement *a)
{
	const struct cadence *c = &a->cadence;
	const struct {
		const char *name;
		struct str text;
	} lines[] = { { "weekly page", c->weekly_page },
		      { "recap", c->recap },
		      { "review", c->review },
		      { "half-year", joined(t->arena, &c->half_year, ", ") },
		      { "planning", c->planning } };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		t->subject = str_of(lines[i].name);
		tell(t, "", lines[i].text);
	}
}

/* Of the holidays called alike: how many, and the first and last of them. */
struct alike {
	size_t times, first_at;
	int32_t first, last;
};

static struct alike *count_alike(const struct annexes *x, struct table *names, struct arena *arena)
{
	struct alike *all = ARENA_ARRAY(arena, struct alike, x->day_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < x->day_count; i++) {
		const struct annex_day *day = &x->days[i];
		struct alike *alike;
		uint64_t *place;
		bool is_new;

		if (day->usual || day->hours.count || !day->name.len)
			continue;
		place = table_put(names, day->name, &is_new);
		if (is_new) {
			*place = count++;
			all[*place] = (struct alike){ 0, i, day->date, day->date };
		}
		alike = &all[*place];
		alike->times++;
		alike->first = day->date < alike->first ? day->date : alike->first;
		alike->last = day->date > alike->last ? day->date : alike->last;
	}
	return all;
}

static void tell_day(struct teller *t, const struct annex_day *day)
{
	t->subject = date_text(t->arena, day->date);
	if (day->usual)
		TELL(t, "", "the usual hours");
	else if (day->name.len)
		TELL(t, "", "%s, %.*s", day_text(t->arena, &day->hours).at, STR_ARG(day->name));
	else
		tell(t, "", day_text(t->arena, &day->hours));
}

/* A holiday that comes again and again is said once. */
static void tell_days(struct teller *t, const struct annexes *x)
{
	struct table names;
	const struct alike *all;

	table_init(&names);
	all = count_alike(x, &names, t->arena);
	for (size_t i = 0; i < x->day_count; i++) {
		const struct annex_day *day = &x->days[i];
		const uint64_t *place =
			day->usual || day->hours.count || !day->name.len ? NULL : table_get(&names, day->name);

		if (!place || all[*place].times < OFTEN) {
			tell_day(t, day);
		} else if (all[*place].first_at == i) {
			t->subject = day->name;
			TELL(t, "", "closed on %zu days, %s to %s", all[*place].times,
			     date_text(t->arena, all[*place].first).at, date_text(t->arena, all[*place].last).at);
		}
	}
	table_release(&names);
}

static void tell_annexes(struct teller *t, const struct agreement *a)
{
	const struct annexes *x = &a->annexes;

	tell_days(t, x);
	for (size_t i = 0; i < x->absence_count; i++) {
		t->subject = x->absences[i].who;
		TELL(t, "away", "%s to %s", date_text(t->arena, x->absences[i].from).at,
		     date_text(t->arena, x->absences[i].to).at);
	}
	for (size_t i = 0; i < x->team_count; i++) {
		t->subject = str_of(arena_printf(t->arena, "team %.*s", STR_ARG(x->teams[i].name)));
		tell(t, "", joined(t->arena, &x->teams[i].people, ", "));
	}
}

struct terms agreement_terms(const struct agreement *agreement, struct arena *arena)
{
	static void (*const tellers[TERM_CHAPTER__COUNT])(struct teller *, const struct agreement *) = {
		[TERM_PARTIES] = tell_parties, [TERM_WORDS] = tell_words,       [TERM_HOURS] = tell_hours,
		[TERM_TYPES] = tell_types,     [TERM_CRITERIA] = tell_criteria, [TERM_SCORE] = tell_score,
		[TERM_ROUTES] = tell_routes,   [TERM_PROMISES] = tell_promises, [TERM_STAGES] = tell_stages,
		[TERM_REASONS] = tell_reasons, [TERM_KPIS] = tell_kpis,         [TERM_PAY] = tell_pay,
		[TERM_CADENCE] = tell_cadence, [TERM_ANNEXES] = tell_annexes,
	};
	struct terms terms = { .items = NULL };
	struct teller t = { .arena = arena, .terms = &terms };

	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		t.chapter = (enum term_chapter)chapter;
		tellers[chapter](&t, agreement);
	}
	return terms;
}

struct term_group *term_groups(const struct terms *terms, size_t *count, struct arena *arena)
{
	struct term_group *groups = ARENA_ARRAY(arena, struct term_group, terms->count + 1), *last = NULL;

	*count = 0;
	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];

		if (!last || last->terms->chapter != term->chapter || !str_eq(last->terms->subject, term->subject)) {
			last = &groups[(*count)++];
			*last = (struct term_group){ .terms = term };
		}
		last->count++;
	}
	return groups;
}

struct str promise_sentence(const struct promise_def *promise, struct arena *arena)
{
	struct str keep = keep_text(arena, &promise->keep);
	const char *kept = keep.len ? arena_printf(arena, "; kept in %.*s", STR_ARG(keep)) : "";
	const char *only =
		promise->only.text.len ? arena_printf(arena, " (only where %.*s)", STR_ARG(promise->only.text)) : "";

	if (promise->kind == PROMISE_VOLUME)
		return str_of(arena_printf(arena, "at least %s each %s of: %.*s%s%s",
					   number_text(arena, promise->at_least), every_name(promise->every),
					   STR_ARG(promise->count), only, kept));
	if (promise->kind == PROMISE_ATTEMPTS)
		return str_of(arena_printf(arena, "%d attempts within %s of %s, unless before it comes %.*s%s%s",
					   promise->attempts, allowance_text(arena, promise->within),
					   event_phrases[promise->from], STR_ARG(until_text(arena, promise)), only,
					   kept));
	return str_of(arena_printf(arena, "%.*s within %s of %s%s%s", STR_ARG(until_text(arena, promise)),
				   allowance_text(arena, promise->within), event_phrases[promise->from], only, kept));
}
