/* Judged promises into the facts, column by column, as many at a time as there are threads. */
#include <math.h>
#include <stdlib.h>

#include "desk/judge_inner.h"
#include "facts/judged.h"
#include "facts/threads.h"

enum what {
	PUT_LEAD,
	PUT_PROMISE,
	PUT_PARTY,
	PUT_KIND,
	PUT_TYPE,
	PUT_STATE,
	PUT_STARTED,
	PUT_DUE,
	PUT_AT_RISK,
	PUT_STOPPED,
	PUT_MET,
	PUT_BROKEN,
	PUT_FELL_DUE,
	PUT_EPISODE,
	PUT_VERSION,
	PUT_ATTEMPTS,
	PUT_RECORDED_LATE,
	PUT_OWED,
	PUT_OWNER,
	PUT_TEAM,
	PUT_PARTNER,
	PUT_SOURCE,
	PUT_COUNTED,
	PUT_AT_LEAST,
	PUT_AGREED_SHARE,
	PUT__COUNT
};

static const char *const names[PUT__COUNT] = {
	[PUT_LEAD] = "lead",
	[PUT_PROMISE] = "promise",
	[PUT_PARTY] = "party",
	[PUT_KIND] = "kind",
	[PUT_TYPE] = "type",
	[PUT_STATE] = "state",
	[PUT_STARTED] = "started",
	[PUT_DUE] = "due",
	[PUT_AT_RISK] = "at_risk_at",
	[PUT_STOPPED] = "stopped",
	[PUT_MET] = "met",
	[PUT_BROKEN] = "broken",
	[PUT_FELL_DUE] = "fell_due",
	[PUT_EPISODE] = "episode",
	[PUT_VERSION] = "version",
	[PUT_ATTEMPTS] = "attempts",
	[PUT_RECORDED_LATE] = "recorded_late",
	[PUT_OWED] = "owed",
	[PUT_OWNER] = "owner",
	[PUT_TEAM] = "team",
	[PUT_PARTNER] = "partner",
	[PUT_SOURCE] = "source",
	[PUT_COUNTED] = "counted",
	[PUT_AT_LEAST] = "at_least",
	[PUT_AGREED_SHARE] = "agreed_share",
};

struct putting {
	struct judge *judge;
	const struct judged_rows *lists;
	size_t list_count;
	const double *counted;
};

/* One column that is being filled. */
struct putter {
	const struct judge *judge;
	enum what what;
	struct column *column;
	uint32_t *codes;   /* of names: by the lead's code of that name, by state, or by version and promise or type */
	uint32_t *signers; /* of owners: by version and party who signs first, behind `codes` */
	uint32_t *starts;  /* by version: where its promises or types begin in `codes` */
	const struct column *of_lead;
	const double *counted;
};

/* ---- names ---- */

static struct str promise_name(const struct promise_def *promise, enum what what)
{
	static const char *const kinds[] = {
		[PROMISE_CLOCK] = "clock", [PROMISE_ATTEMPTS] = "attempts", [PROMISE_VOLUME] = "volume"
	};

	return what == PUT_PROMISE ? promise->name
	       : what == PUT_PARTY ? str_of(party_name(promise->party))
				   : str_of(kinds[promise->kind]);
}

/* Of what each version has several: promises, or types of leads. */
static void code_versions(struct putter *p)
{
	const struct judge_terms *terms = &p->judge->terms;
	size_t count = 0;

	p->starts = must_calloc(terms->count + 1, sizeof(*p->starts));
	for (size_t v = 0; v < terms->count; v++) {
		p->starts[v] = (uint32_t)count;
		count += terms->versions[v].agreement->promise_count + terms->versions[v].agreement->type_count;
	}
	p->codes = must_calloc(count + 1, sizeof(*p->codes));
	for (size_t v = 0; v < terms->count; v++) {
		const struct agreement *agreement = terms->versions[v].agreement;
		uint32_t *codes = p->codes + p->starts[v];

		for (size_t i = 0; p->what == PUT_TYPE && i < agreement->type_count; i++)
			codes[i] = judged_code(p->column, agreement->types[i].name);
		for (size_t i = 0; p->what != PUT_TYPE && i < agreement->promise_count; i++)
			codes[i] = judged_code(p->column, promise_name(&agreement->promises[i], p->what));
	}
}

static void code_states(struct putter *p)
{
	p->codes = must_calloc(PROMISE_STATE__COUNT, sizeof(*p->codes));
	for (int state = PROMISE_RUNNING; state < PROMISE_STATE__COUNT; state++)
		p->codes[state] = judged_code(p->column, str_of(promise_state_name((enum promise_state)state)));
}

static void code_leads(struct putter *p)
{
	const struct judge_terms *terms = &p->judge->terms;
	uint32_t count;

	p->of_lead = cells_of(p->judge->facts, FACT_LEADS, names[p->what]);
	count = rows_codes(p->of_lead);
	p->codes = must_calloc(count + terms->count * PARTY__COUNT + 1, sizeof(*p->codes));
	for (uint32_t i = 1; i < count; i++)
		p->codes[i] = judged_code(p->column, rows_name(p->of_lead, i));
	p->signers = p->codes + count;
	for (size_t v = 0; p->what == PUT_OWNER && v < terms->count; v++)
		for (int party = 0; party < PARTY__COUNT; party++) {
			struct str keeper = judge_keeper(terms->versions[v].agreement, (enum party)party, STR_NONE);

			if (keeper.len)
				p->signers[v * PARTY__COUNT + (size_t)party] = judged_code(p->column, keeper);
		}
}

/* Who was to keep it: as judged_promise.owner. */
static uint32_t keeper_code(const struct putter *p, const struct judged_row *row)
{
	enum party party = p->judge->terms.versions[row->version].agreement->promises[row->promise].party;

	if (row->lead == REF_NONE)
		return 0;
	return party == PARTY_SALES || party == PARTY_PARTNER ? p->codes[row->owner]
							      : p->signers[row->version * PARTY__COUNT + party];
}

static void prepare(struct putter *p)
{
	switch (p->what) {
	case PUT_PROMISE:
	case PUT_PARTY:
	case PUT_KIND:
	case PUT_TYPE: code_versions(p); break;
	case PUT_STATE: code_states(p); break;
	case PUT_OWNER:
	case PUT_TEAM:
	case PUT_PARTNER:
	case PUT_SOURCE: code_leads(p); break;
	default: break;
	}
}

/* ---- values ---- */

static void put_time(const struct putter *p, uint32_t at, const struct judged_row *row)
{
	uint32_t t = TIME_NOT_REACHED;

	switch (p->what) {
	case PUT_STARTED: t = row->started; break;
	case PUT_DUE: t = row->due; break;
	case PUT_AT_RISK: t = row->at_risk; break;
	case PUT_STOPPED: t = row->stopped; break;
	case PUT_MET: t = row->state == PROMISE_MET ? row->stopped : t; break;
	case PUT_BROKEN: t = row->state == PROMISE_BROKEN ? row->due : t; break;
	default: t = promise_fell_due(row->state) ? row->due : t; break;
	}
	judged_set_time(p->column, at, t);
}

static void put_number(const struct putter *p, uint32_t at, const struct judged_row *row)
{
	const struct judge_version *version = &p->judge->terms.versions[row->version];
	const struct promise_def *promise = &version->agreement->promises[row->promise];
	bool volume = promise->kind == PROMISE_VOLUME;
	double number = NAN;

	switch (p->what) {
	case PUT_VERSION: number = version->number; break;
	case PUT_EPISODE: number = volume ? NAN : row->episode; break;
	case PUT_COUNTED: number = volume ? p->counted[row->owner] : NAN; break;
	case PUT_AT_LEAST: number = volume ? promise->at_least : NAN; break;
	case PUT_AGREED_SHARE: number = promise->keep.share > 0 ? promise->keep.share : NAN; break;
	default: number = promise->kind == PROMISE_ATTEMPTS ? row->attempts : NAN; break;
	}
	judged_set_number(p->column, at, number);
}

static uint32_t code_of(const struct putter *p, const struct judged_row *row)
{
	switch (p->what) {
	case PUT_PROMISE:
	case PUT_PARTY:
	case PUT_KIND: return p->codes[p->starts[row->version] + row->promise];
	case PUT_TYPE: return row->type < 0 ? 0 : p->codes[p->starts[row->version] + (uint16_t)row->type];
	case PUT_STATE: return p->codes[row->state];
	case PUT_OWNER: return keeper_code(p, row);
	case PUT_RECORDED_LATE: return row->recorded_late ? 2 : 1;
	case PUT_OWED: return row->owed ? 2 : 1;
	default: return row->lead == REF_NONE ? 0 : p->codes[rows_code(p->of_lead, row->lead)];
	}
}

static void put(const struct putter *p, uint32_t at, const struct judged_row *row)
{
	switch (p->what) {
	case PUT_LEAD: judged_set_ref(p->column, at, row->lead); break;
	case PUT_STARTED:
	case PUT_DUE:
	case PUT_AT_RISK:
	case PUT_STOPPED:
	case PUT_MET:
	case PUT_BROKEN:
	case PUT_FELL_DUE: put_time(p, at, row); break;
	case PUT_EPISODE:
	case PUT_VERSION:
	case PUT_COUNTED:
	case PUT_AT_LEAST:
	case PUT_AGREED_SHARE:
	case PUT_ATTEMPTS: put_number(p, at, row); break;
	default: judged_set_code(p->column, at, code_of(p, row));
	}
}

static int put_column(void *context, size_t item, struct err *err)
{
	struct putting *all = context;
	struct putter p = { .judge = all->judge, .what = (enum what)item, .counted = all->counted };
	uint32_t at = 0;

	(void)err;
	p.column = judged_column(all->judge->facts, FACT_PROMISES, names[item]);
	prepare(&p);
	for (size_t i = 0; i < all->list_count; i++)
		for (size_t k = 0; k < all->lists[i].count; k++)
			put(&p, at++, &all->lists[i].rows[k]);
	judged_done(all->judge->facts, p.column);
	free(p.codes);
	free(p.starts);
	return 0;
}

void judge_put(struct judge *judge, const struct judged_rows *lists, size_t count, const double *counted)
{
	struct putting all = { judge, lists, count, counted };
	struct err none = ERR_INIT;

	load_each(judge_threads(judge), PUT__COUNT, put_column, &all, NULL, &none);
}
