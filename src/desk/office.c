#include "desk/office.h"

#include <pthread.h>
#include <stdlib.h>

#include "desk/judge.h"

enum { JUDGED_FOR_MS = 60000, READ_AT_ONCE = 200 };

/* Whoever comes first is served first: a mutex alone would let who has it take it again and again. */
struct turn {
	pthread_mutex_t lock;
	pthread_cond_t next;
	uint64_t given, served;
};

/* How work stands, from one intake to the next. */
struct kept {
	struct arena arena;
	struct judge_terms terms;
	struct routing **routings; /* by version; NULL: none yet */
	struct book_tally tally;   /* of the book when they were exact */
	uint64_t papers_seq;       /* and of the papers they are of */
};

/* All but `live` and `zone` belong to who has the turn; the papers are changed while nobody asks. */
struct office {
	struct live *live;
	struct turn desk;
	struct matches *matches; /* of who has the desk */
	struct book *book;       /* for the papers */
	struct book *looking;    /* of who looks without the desk */
	struct zone *zone;
	struct arena papers;
	struct agreements agreements;
	struct judge_terms terms;
	struct standings standings;
	struct import *imports;
	size_t import_count;
	uint64_t papers_seq, judged_seq; /* as live_papers_seq tells; the head that was judged. 0: none */
	int64_t judged_ms, limits_ms;
	struct kept kept; /* by who is at the desk */
	struct lead_search *search;
	pthread_t reader; /* of all leads, for it */
	pthread_mutex_t reading;
	pthread_cond_t wanted;
	bool reads, told, ending;
};

/* What one caller wants. */
struct wanted {
	struct office *office;
	int64_t now_ms;
	bool judged;
};

/* ---- turns ---- */

static void turn_take(struct turn *turn)
{
	uint64_t mine;

	pthread_mutex_lock(&turn->lock);
	mine = turn->given++;
	while (turn->served != mine)
		pthread_cond_wait(&turn->next, &turn->lock);
	pthread_mutex_unlock(&turn->lock);
}

static void turn_give(struct turn *turn)
{
	pthread_mutex_lock(&turn->lock);
	turn->served++;
	if (turn->served != turn->given)
		pthread_cond_broadcast(&turn->next);
	pthread_mutex_unlock(&turn->lock);
}

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

/* Versions come into force by themselves. */
static bool must_read(const struct wanted *wanted, const struct facts *facts)
{
	const struct office *office = wanted->office;

	return office->papers_seq != live_papers_seq(facts) || wanted->now_ms < office->limits_ms ||
	       wanted->now_ms - office->limits_ms >= JUDGED_FOR_MS;
}

static bool needed(void *context, const struct facts *facts)
{
	const struct wanted *wanted = context;
	return must_read(wanted, facts) || must_judge(wanted, facts_head(facts).seq);
}

static int work_out(void *context, struct facts *facts, struct err *err)
{
	const struct wanted *wanted = context;
	struct office *office = wanted->office;
	int failed = 0;

	if (office->papers_seq != live_papers_seq(facts)) {
		failed = book_renew(office->book, err);
		if (!failed)
			failed = read_papers(office, live_papers_seq(facts), err);
		book_rest(office->book);
		office->limits_ms = 0;
	}
	if (!failed && must_read(wanted, facts)) {
		judge_stage_limits(facts, &office->terms, wanted->now_ms);
		office->limits_ms = wanted->now_ms;
	}
	if (!failed && must_judge(wanted, facts_head(facts).seq))
		failed = judge(office, facts, wanted->now_ms, err);
	return failed;
}

/* ---- words ---- */

struct lead_search *office_search(struct office *office)
{
	return office->search;
}

/* Through all leads there are, a few at a time and behind everybody else; then what came since, when somebody asks. */
static void *read_words(void *context)
{
	struct office *office = context;
	bool more = true;

	live_step_back();
	pthread_mutex_lock(&office->reading);
	while (!office->ending) {
		struct err err = ERR_INIT;
		const struct facts *facts;

		pthread_mutex_unlock(&office->reading);
		facts = live_stay(office->live);
		if (lead_search_catch_up(office->search, facts, READ_AT_ONCE, &more, &err))
			more = false;
		live_end(office->live);
		pthread_mutex_lock(&office->reading);
		while (!more && !office->told && !office->ending)
			pthread_cond_wait(&office->wanted, &office->reading);
		office->told = false;
	}
	pthread_mutex_unlock(&office->reading);
	return NULL;
}

void office_read_on(struct office *office)
{
	pthread_mutex_lock(&office->reading);
	office->told = true;
	pthread_cond_signal(&office->wanted);
	pthread_mutex_unlock(&office->reading);
}

static void end_reading(struct office *office)
{
	if (!office->reads)
		return;
	pthread_mutex_lock(&office->reading);
	office->ending = true;
	pthread_cond_signal(&office->wanted);
	pthread_mutex_unlock(&office->reading);
	pthread_join(office->reader, NULL);
}

/* ---- opening and asking ---- */

int office_open(struct office **out, const char *path, int64_t now_ms, struct err *err)
{
	struct office *office = must_calloc(1, sizeof(*office));
	struct facts_options options = { .known_at_ms = INT64_MAX };

	arena_init(&office->papers);
	office->matches = matches_new(path);
	matches_begin(office->matches);
	arena_init(&office->kept.arena);
	pthread_mutex_init(&office->desk.lock, NULL);
	pthread_cond_init(&office->desk.next, NULL);
	pthread_mutex_init(&office->reading, NULL);
	pthread_cond_init(&office->wanted, NULL);
	if (book_open(&office->book, path, BOOK_READ, err) ||
	    zone_load(&office->zone, book_settings(office->book)->zone, err)) {
		office_close(office);
		return err->kind;
	}
	options.today = zone_date(office->zone, now_ms);
	if (live_open(&office->live, path, &options, err) || lead_search_open(&office->search, path, err)) {
		office_close(office);
		return err->kind;
	}
	office->reads = pthread_create(&office->reader, NULL, read_words, office) == 0;
	if (!office->reads) {
		office_close(office);
		return err_set(err, ERR_SYSTEM, "cannot start a thread");
	}
	*out = office;
	return 0;
}

void office_close(struct office *office)
{
	end_reading(office);
	lead_search_close(office->search);
	if (office->live)
		live_close(office->live);
	agreements_release(&office->agreements);
	matches_free(office->matches);
	arena_release(&office->papers);
	arena_release(&office->kept.arena);
	pthread_cond_destroy(&office->wanted);
	pthread_mutex_destroy(&office->reading);
	pthread_cond_destroy(&office->desk.next);
	pthread_mutex_destroy(&office->desk.lock);
	zone_free(office->zone);
	book_close(office->looking);
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

	turn_take(&office->desk);
	if (!office_begin(office, now_ms, false, &view, err)) {
		if (!lead_desk_open_shared(desk, book, (struct facts *)view.facts, view.agreements, now_ms, actor,
					   arena, err)) {
			desk->matches = office->matches;
			return 0;
		}
		office_end(office);
	}
	turn_give(&office->desk);
	return err->kind;
}

int office_look(struct office *office, int64_t now_ms, struct arena *arena, struct lead_desk *desk, struct err *err)
{
	struct office_view view;

	if (!office->looking && book_open(&office->looking, book_path(office->book), BOOK_READ, err))
		return err->kind;
	if (office_begin(office, now_ms, false, &view, err))
		return err->kind;
	if (!book_renew(office->looking, err) &&
	    !lead_desk_open_shared(desk, office->looking, (struct facts *)view.facts, view.agreements, now_ms, "",
				   arena, err))
		return 0;
	office_end(office);
	return err->kind;
}

void office_look_end(struct office *office, struct lead_desk *desk)
{
	lead_desk_close(desk);
	book_rest(office->looking);
	office_end(office);
	office_read_on(office);
}

void office_desk_end(struct office *office, struct lead_desk *desk)
{
	lead_desk_close(desk);
	office_end(office);
	turn_give(&office->desk);
}

void office_hold(struct office *office)
{
	turn_take(&office->desk);
}

void office_let_go(struct office *office)
{
	turn_give(&office->desk);
}

/* ---- intake ---- */

static struct routing *routing_kept(void *context, const struct judge_version *version, struct err *err)
{
	const struct kept *kept = context;

	for (size_t i = 0; i < kept->terms.count; i++)
		if (kept->terms.versions[i].number == version->number)
			return kept->routings[i];
	err_set(err, ERR_STATE, "version %d of the agreement came meanwhile; try again", version->number);
	return NULL;
}

/* Is what is kept still so? */
static bool stands(const struct office *office, const struct book *book)
{
	struct book_tally tally = book_tally(book);
	const struct kept *kept = &office->kept;

	return kept->routings && kept->papers_seq == office->papers_seq && kept->tally.papers == tally.papers &&
	       kept->tally.works == tally.works;
}

static int open_routings(struct kept *kept, struct lead_desk *desk, struct err *err)
{
	int failed = 0;

	kept->terms = desk->terms;
	kept->routings = ARENA_ARRAY(&kept->arena, struct routing *, desk->terms.count + 1);
	for (size_t i = 0; i < desk->terms.count && !failed; i++)
		failed = routing_open(&kept->routings[i], desk, &desk->terms.versions[i], err);
	return failed;
}

/* Nobody else is at the desk: what the book has written by now is what there is. */
static int keep_anew(struct office *office, struct book *book, int64_t now_ms, struct err *err)
{
	struct kept *kept = &office->kept;
	struct office_view view;
	struct lead_desk desk;
	int failed = office_begin(office, now_ms, false, &view, err);

	if (failed)
		return failed;
	kept->routings = NULL;
	arena_reset(&kept->arena);
	failed = lead_desk_open_shared(&desk, book, (struct facts *)view.facts, view.agreements, now_ms, "",
				       &kept->arena, err);
	if (!failed) {
		failed = open_routings(kept, &desk, err);
		lead_desk_close(&desk);
	}
	kept->tally = book_tally(book);
	kept->papers_seq = office->papers_seq;
	if (failed)
		kept->routings = NULL;
	office_end(office);
	return failed;
}

int office_intake(struct office *office, struct book *book, int64_t now_ms, struct arena *arena,
		  struct intake_room *room, struct err *err)
{
	const struct facts *facts;
	int failed = 0;

	turn_take(&office->desk);
	/* Papers may be read anew between the two. */
	failed = matches_catch_up(office->matches, err);
	if (failed) {
		turn_give(&office->desk);
		return failed;
	}
	while (facts = live_stay(office->live), !stands(office, book) && !failed) {
		live_end(office->live);
		failed = keep_anew(office, book, now_ms, err);
	}
	if (failed) {
		live_end(office->live);
		turn_give(&office->desk);
		return failed;
	}
	*room = (struct intake_room){ .book = book,
				      .facts = facts,
				      .agreements = &office->agreements,
				      .routing = { routing_kept, &office->kept },
				      .matches = office->matches,
				      .now_ms = now_ms,
				      .arena = arena };
	return 0;
}

void office_intake_end(struct office *office, const struct intake_room *room, bool done)
{
	matches_settle(room->matches, done ? book_head(room->book).seq : 0);
	if (done)
		office->kept.tally = book_tally(room->book);
	else
		office->kept.routings = NULL;
	live_end(office->live);
	turn_give(&office->desk);
}
