#include "desk/office.h"

#include <pthread.h>
#include <stdlib.h>

#include "desk/judge.h"

enum { JUDGED_FOR_MS = 60000 };

/* All but `live` and `zone` belong to who has the turn; the papers are changed while nobody asks. */
struct office {
	struct live *live;
	pthread_mutex_t desk;
	struct matches *matches; /* of who has the desk */
	struct book *book;       /* for the papers */
	struct zone *zone;
	struct arena papers;
	struct agreements agreements;
	struct judge_terms terms;
	struct standings standings;
	struct import *imports;
	size_t import_count;
	uint64_t papers_seq, judged_seq; /* of the book's head they are of; 0: of none */
	int64_t judged_ms;
};

/* What one caller wants. */
struct wanted {
	struct office *office;
	int64_t now_ms;
	bool judged;
};

/* ---- keeping up ---- */

static int read_papers(struct office *office, uint64_t seq, struct err *err)
{
	agreements_release(&office->agreements);
	arena_reset(&office->papers);
	office->agreements = (struct agreements){ .count = 0 };
	office->papers_seq = 0;
	if (agreements_load(&office->agreements, office->book, &office->papers, err) ||
	    standings_read(&office->standings, office->book, INT64_MAX, INT64_MAX, &office->papers, err) ||
	    book_imports(office->book, &office->imports, &office->import_count, &office->papers, err))
		return err->kind;
	office->terms = judge_terms_of(&office->agreements, &office->papers);
	office->papers_seq = seq;
	return 0;
}

static int judge(struct office *office, struct facts *facts, int64_t now_ms, struct err *err)
{
	struct judge_options options = { .now_ms = judge_now_ms(facts, facts_as_of(facts), now_ms) };
	struct judge *judging;
	int failed;

	office->judged_seq = 0;
	failed = judge_open(&judging, facts, &office->terms, &options, err);
	if (failed)
		return failed;
	failed = judge_all(judging, err);
	judge_close(judging);
	if (failed)
		return failed;
	office->judged_seq = facts_head(facts).seq;
	office->judged_ms = now_ms;
	return 0;
}

static bool must_judge(const struct wanted *wanted, uint64_t seq)
{
	const struct office *office = wanted->office;

	return wanted->judged && (office->judged_seq != seq || wanted->now_ms < office->judged_ms ||
				  wanted->now_ms - office->judged_ms >= JUDGED_FOR_MS);
}

static bool needed(void *context, const struct facts *facts)
{
	const struct wanted *wanted = context;
	uint64_t seq = facts_head(facts).seq;

	return wanted->office->papers_seq != seq || must_judge(wanted, seq);
}

static int work_out(void *context, struct facts *facts, struct err *err)
{
	const struct wanted *wanted = context;
	struct office *office = wanted->office;
	uint64_t seq = facts_head(facts).seq;
	int failed = 0;

	if (office->papers_seq != seq) {
		failed = book_renew(office->book, err);
		if (!failed)
			failed = read_papers(office, seq, err);
		book_rest(office->book);
	}
	/* As of now: a version comes into force by itself. */
	if (!failed)
		judge_stage_limits(facts, &office->terms, wanted->now_ms);
	if (!failed && must_judge(wanted, seq))
		failed = judge(office, facts, wanted->now_ms, err);
	return failed;
}

/* ---- opening and asking ---- */

int office_open(struct office **out, const char *path, int64_t now_ms, struct err *err)
{
	struct office *office = must_calloc(1, sizeof(*office));
	struct facts_options options = { .known_at_ms = INT64_MAX };

	arena_init(&office->papers);
	pthread_mutex_init(&office->desk, NULL);
	office->matches = matches_new(path);
	if (book_open(&office->book, path, BOOK_READ, err) ||
	    zone_load(&office->zone, book_settings(office->book)->zone, err)) {
		office_close(office);
		return err->kind;
	}
	options.today = zone_date(office->zone, now_ms);
	if (live_open(&office->live, path, &options, err)) {
		office_close(office);
		return err->kind;
	}
	*out = office;
	return 0;
}

void office_close(struct office *office)
{
	if (office->live)
		live_close(office->live);
	agreements_release(&office->agreements);
	matches_free(office->matches);
	arena_release(&office->papers);
	pthread_mutex_destroy(&office->desk);
	zone_free(office->zone);
	if (office->book)
		book_close(office->book);
	free(office);
}

int office_begin(struct office *office, int64_t now_ms, bool judged, struct office_view *view, struct err *err)
{
	struct wanted wanted = { office, now_ms, judged };
	struct live_working_out what = { needed, work_out, &wanted };

	if (live_begin_with(office->live, zone_date(office->zone, now_ms), &what, &view->facts, err))
		return err->kind;
	view->agreements = &office->agreements;
	view->standings = &office->standings;
	view->imports = office->imports;
	view->import_count = office->import_count;
	return 0;
}

void office_end(struct office *office)
{
	live_end(office->live);
}

/* The facts stay as they are until office_end, and a desk that shares them only reads: it takes them as the command line's because that gives
 * it its own. */
int office_desk(struct office *office, struct book *book, int64_t now_ms, const char *actor, struct arena *arena,
		struct lead_desk *desk, struct err *err)
{
	struct office_view view;

	pthread_mutex_lock(&office->desk);
	if (!office_begin(office, now_ms, false, &view, err)) {
		if (!lead_desk_open_shared(desk, book, (struct facts *)view.facts, view.agreements, now_ms, actor,
					   arena, err)) {
			desk->matches = office->matches;
			return 0;
		}
		office_end(office);
	}
	pthread_mutex_unlock(&office->desk);
	return err->kind;
}

void office_desk_end(struct office *office, struct lead_desk *desk)
{
	lead_desk_close(desk);
	office_end(office);
	pthread_mutex_unlock(&office->desk);
}

void office_hold(struct office *office)
{
	pthread_mutex_lock(&office->desk);
}

void office_let_go(struct office *office)
{
	pthread_mutex_unlock(&office->desk);
}
