/* What each side promises the other: `promises`. */
#include "domain/agreement_text.h"

static const char *const rungs[RUNG__COUNT + 1] = {
	[RUNG_OWNER] = "owner",
	[RUNG_MANAGER] = "manager",
	[RUNG_HEAD] = "head",
	[RUNG_EXECUTIVE] = "executive",
};

static const char *const keys[] = { "party", "from",      "until",    "within", "attempts", "only",
				    "every", "count",     "at least", "keep",   "at risk",  "when broken tell",
				    "else",  "back when", "then",     NULL };

const char *rung_name(enum rung_who who)
{
	return rungs[who];
}

/* ---- its parts ---- */

static void read_event(struct agreement_text *t, const struct yaml_node *node, const char *key, enum lead_event *out)
{
	int event;

	if (yaml_choice(&t->w, node, key, lead_event_names(), &event))
		*out = (enum lead_event)event;
}

/* "accepted or rejected or working" */
static void read_until(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	struct str text, rest;

	if (!yaml_text(&t->w, node, "until", &text))
		return;
	for (rest = text; rest.len;) {
		struct yaml_node word = *node;
		enum lead_event event;
		ptrdiff_t end = str_find(rest, " or ");

		word.text = str_trim((struct str){ rest.at, end < 0 ? rest.len : (size_t)end });
		rest = end < 0 ? STR_NONE : (struct str){ rest.at + end + 4, rest.len - (size_t)end - 4 };
		if (!lead_event_by_name(word.text, &event))
			yaml_unknown(&t->w, &word, "until", lead_event_names());
		else
			promise->until |= 1u << event;
	}
}

/* Of a number too large to mean anything, one that is. */
static int whole(double number)
{
	return number < AGREEMENT_MOST ? (int)number : (int)AGREEMENT_MOST;
}

/* "95 % each month", "80 % in 60 days of at least 5" */
static void read_keep(struct agreement_text *t, const struct yaml_node *node, struct keep *out)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, "keep", &text))
		return;
	*out = (struct keep){ .each = EVERY_NONE };
	if (phrase_match(text, "# % each * of at least #", &phrase))
		out->of_at_least = whole(phrase.number[1]);
	else if (phrase_match(text, "# % in # days of at least #", &phrase))
		out->in_days = whole(phrase.number[1]), out->of_at_least = whole(phrase.number[2]);
	else if (phrase_match(text, "# % in # days", &phrase))
		out->in_days = whole(phrase.number[1]);
	else if (!phrase_match(text, "# % each *", &phrase))
		goto wrong;
	out->share = phrase.number[0] / 100;
	if (phrase.words)
		every_by_name(phrase.word[0], &out->each);
	if (out->share > 0 && out->share <= 1 && (out->each || (out->in_days > 0 && out->in_days <= 3660)))
		return;
wrong:
	WRONG(t, node, "keep",
	      "\"%.*s\" under \"keep\" must be like \"95 %% each month\" or \"80 %% in 60 days of at least 5\".",
	      STR_ARG(text));
}

static const char *const one_rung[] = { "owner", "manager", "head", "executive", NULL };

static bool read_later(struct agreement_text *t, const struct yaml_node *node, struct allowance *out)
{
	static const char tail[] = " later";
	struct yaml_node allowed = *node;

	if (node->kind != YAML_SCALAR || !str_ends(node->text, tail)) {
		WRONG(t, node, "when broken tell", "say how long after the breach: {manager: 2 hours later}.");
		return false;
	}
	allowed.text.len -= sizeof(tail) - 1;
	return read_allowance(t, &allowed, "when broken tell", out);
}

/* [owner, {manager: 2 hours later}, …], upwards, each once. */
static void read_ladder(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	if (!yaml_is_list(&t->w, node, "when broken tell"))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i];
		bool later = item->kind == YAML_MAP && item->count == 1;
		struct rung rung = { .later = { .amount = 0 } };
		int who;

		if (!yaml_choice(&t->w, later ? &item->keys[0] : item, "when broken tell", one_rung, &who))
			continue;
		rung.who = (enum rung_who)who;
		if (later && !read_later(t, &item->items[0], &rung.later))
			continue;
		if (promise->rungs && promise->ladder[promise->rungs - 1].who >= rung.who)
			WRONG(t, item, "when broken tell",
			      "the ladder goes up, each once: owner, manager, head, executive.");
		else
			promise->ladder[promise->rungs++] = rung;
	}
}

/* else: no new leads, back when: …, then: … */
static void read_way_back(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	const struct yaml_node *other = yaml_get(node, "else"), *when = yaml_get(node, "back when"),
			       *then = yaml_get(node, "then");
	struct phrase phrase;
	struct str text;

	if (other && yaml_text(&t->w, other, "else", &text)) {
		promise->no_new_leads = str_is(text, "no new leads");
		if (!promise->no_new_leads)
			WRONG(t, other, "else", "what follows a promise not kept is \"no new leads\".");
		else if (promise->party != PARTY_PARTNER)
			WRONG(t, other, "else", "\"no new leads\" is for promises of the partner.");
		else if (!(promise->keep.share > 0))
			WRONG(t, other, "else", "\"no new leads\" needs \"keep\": below which share?");
	}
	if (when && yaml_text(&t->w, when, "back when", &text)) {
		promise->back_when_answered = str_is(text, "every overdue one is answered");
		if (!promise->back_when_answered)
			WRONG(t, when, "back when", "a partner is back when \"every overdue one is answered\".");
	}
	if (then && yaml_text(&t->w, then, "then", &text)) {
		if (phrase_match(text, "# at a time until # in a row are on time", &phrase) && phrase.number[0] >= 1 &&
		    phrase.number[1] >= 1) {
			promise->back_at_a_time = whole(phrase.number[0]);
			promise->back_in_a_row = whole(phrase.number[1]);
		} else {
			WRONG(t, then, "then", "\"then\" is like \"3 at a time until 10 in a row are on time\".");
		}
	}
	if ((when || then) && !other)
		WRONG(t, when ? when : then, "else", "a way back needs \"else: no new leads\" first.");
	if (other && !when)
		WRONG(t, other, "back when", "a partner without new leads needs a way back: \"back when\".");
}

/* ---- the whole ---- */

static void read_clock_promise(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	const struct yaml_node *from = yaml_get(node, "from"), *until = yaml_get(node, "until"),
			       *within = yaml_get(node, "within"), *attempts = yaml_get(node, "attempts");
	double count;

	promise->kind = attempts ? PROMISE_ATTEMPTS : PROMISE_CLOCK;
	if (!from || !within || (!until && !attempts)) {
		WRONG(t, node, "promises",
		      "a promise has \"from\", \"until\" and \"within\"; or \"every\", \"count\" and \"at least\".");
		return;
	}
	read_event(t, from, "from", &promise->from);
	read_allowance(t, within, "within", &promise->within);
	if (until) {
		read_until(t, until, promise);
		promise->until_place = yaml_place(until);
	}
	if (promise->until >> promise->from & 1)
		WRONG(t, until, "until", "a promise that ends where it begins promises nothing.");
	if (attempts && read_number(t, attempts, "attempts", 1, &count)) {
		promise->attempts = (int)count;
		if (count > 1000 || promise->attempts != count)
			WRONG(t, attempts, "attempts", "\"attempts\" must be a whole number up to 1000.");
	}
}

static void read_volume_promise(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	const struct yaml_node *every = yaml_get(node, "every"), *count = yaml_get(node, "count"),
			       *least = yaml_get(node, "at least");
	static const char *const clock_keys[] = { "from", "until", "within", "attempts", NULL };
	int period;

	promise->kind = PROMISE_VOLUME;
	for (size_t i = 0; clock_keys[i]; i++)
		if (yaml_get(node, clock_keys[i]))
			WRONG(t, node, clock_keys[i],
			      "\"%s\" is for promises with a clock, \"every\" for numbers in a period; choose one.",
			      clock_keys[i]);
	if (!count || !least) {
		WRONG(t, node, "every", "\"every\" needs \"count\", a measure, and \"at least\", a number.");
		return;
	}
	if (yaml_choice(&t->w, every, "every", &every_names()[EVERY_DAY], &period))
		promise->every = (enum every)(EVERY_DAY + period);
	yaml_text(&t->w, count, "count", &promise->count);
	promise->count_place = yaml_place(count);
	promise->at_least_place = yaml_place(least);
	read_number(t, least, "at least", 0, &promise->at_least);
}

static void read_promise(struct agreement_text *t, const struct yaml_node *node, struct promise_def *promise)
{
	const struct yaml_node *party = yaml_get(node, "party"), *only = yaml_get(node, "only"),
			       *keep = yaml_get(node, "keep"), *risk = yaml_get(node, "at risk"),
			       *tell = yaml_get(node, "when broken tell");
	int who = 0;

	promise->place = yaml_place(node);
	promise->at_risk = 0.75;
	if (!party)
		WRONG(t, node, "party", "\"party\" is missing: who promises this?");
	else if (yaml_choice(&t->w, party, "party", party_names(), &who)) {
		promise->party = (enum party)who;
		if (!t->agreement->parties[who].named && who != PARTY_PARTNER)
			WRONG(t, party, "party", "%s is no party of this agreement; name it under \"between\".",
			      party_name((enum party)who));
	}
	if (yaml_get(node, "every"))
		read_volume_promise(t, node, promise);
	else
		read_clock_promise(t, node, promise);
	if (only)
		read_rule(t, only, "only", &promise->only);
	if (keep) {
		read_keep(t, keep, &promise->keep);
		promise->keep_place = yaml_place(keep);
	}
	if (risk)
		read_share(t, risk, "at risk", 1, &promise->at_risk);
	if (tell) {
		read_ladder(t, tell, promise);
		promise->ladder_place = yaml_place(tell);
	}
	read_way_back(t, node, promise);
}

void read_promises(struct agreement_text *t, const struct yaml_node *node)
{
	struct agreement *a = t->agreement;

	if (!yaml_is_map(&t->w, node, "promises", NULL))
		return;
	a->promises = ARENA_ARRAY(t->w.arena, struct promise_def, node->count);
	for (size_t i = 0; i < node->count; i++) {
		a->promises[i].name = node->keys[i].text;
		a->promise_count = i + 1;
		if (yaml_is_map(&t->w, &node->items[i], "promises", keys))
			read_promise(t, &node->items[i], &a->promises[i]);
	}
}
