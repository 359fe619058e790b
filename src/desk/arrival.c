#include "desk/arrival.h"

#include <inttypes.h>

#include "desk/intake.h"

/* ---- the touch ---- */

static void touch_fields(const struct arrival *a, struct record_fields *fields)
{
	fields_time(fields, FIELD_AT, a->at_ms);
	fields_text(fields, FIELD_KIND, a->kind);
	fields_text(fields, FIELD_FORM, a->way);
	fields_text(fields, FIELD_ORIGIN, STR("marketing"));
	fields_text(fields, FIELD_SOURCE, a->source);
	fields_text(fields, FIELD_CAMPAIGN, a->campaign);
	fields_text(fields, FIELD_NOTES, a->notes);
	fields_text(fields, FIELD_CONSENT, a->consent);
	fields_text(fields, FIELD_UTM_SOURCE, a->utm_source);
	fields_text(fields, FIELD_UTM_MEDIUM, a->utm_medium);
	fields_text(fields, FIELD_UTM_CAMPAIGN, a->utm_campaign);
	fields_text(fields, FIELD_UTM_TERM, a->utm_term);
	fields_text(fields, FIELD_UTM_CONTENT, a->utm_content);
	fields_text(fields, FIELD_REFERRER, a->referrer);
}

/* Entries are numbered, so two of one second differ. */
static int write_touch(struct lead_desk *desk, const struct arrival *arrival, const struct arrived *to, struct err *err)
{
	struct record_fields fields = { .count = 0 };
	struct str key = str_of(arena_printf(desk->arena, "%.*s#%.*s.%" PRIu64, STR_ARG(to->lead),
					     STR_ARG(arrival->kind), book_next_seq(desk->book)));
	bool news;

	fields_ref(&fields, FIELD_LEAD, to->lead);
	touch_fields(arrival, &fields);
	return lead_desk_offer(desk, OBJECT_TOUCH, to->source, key, &fields, &news, err);
}

static int touch_again(struct lead_desk *desk, const struct arrival *arrival, const struct arrived *to, struct err *err)
{
	const struct lead_word word = { .at_ms = arrival->at_ms, .by = STR(INTAKE_BY) };
	struct hand_over over;
	bool handed;

	if (write_touch(desk, arrival, to, err))
		return err->kind;
	return hand_over_touched(desk, to->row, arrival->kind, &word, &over, &handed, err);
}

/* ---- the lead ---- */

static bool is_open(const struct lead_file *file)
{
	return !file->is_void && life_open(file->life.life);
}

/* A lead that this very person is already, and that somebody may still work on: what was won or given up is another story. */
int arrival_known(struct lead_desk *desk, const struct record *lead, struct arrived *out, struct err *err)
{
	enum { SAME_MOST = 8 };
	struct match_person person = match_person_of(lead, desk->arena);
	struct match same[SAME_MOST];
	size_t count;

	*out = (struct arrived){ .known = false };
	if (!desk->matches)
		return 0;
	if (matches_catch_up(desk->matches, err))
		return err->kind;
	count = matches_same(desk->matches, &person, same, SAME_MOST);
	for (size_t i = 0; i < count && !out->known; i++) {
		struct lead_file file;
		uint32_t row;

		if (!cells_find(desk->facts, FACT_LEADS, same[i].source, same[i].key, &row, 1))
			continue;
		lead_file_read(desk->files, row, &file, desk->arena);
		if (is_open(&file))
			*out = (struct arrived){ file.key, file.source, true, row };
	}
	return 0;
}

static int write_lead(struct lead_desk *desk, const struct arrival *arrival, struct arrived *out,
		      struct problems *problems, struct err *err)
{
	struct record_fields fields = arrival->person, touch = { .count = 0 };
	struct intake_lead lead = { .fields = &fields, .touch = &touch };
	int failed;

	fields_time(&fields, FIELD_CREATED, arrival->at_ms);
	fields_text(&fields, FIELD_ORIGIN, STR("marketing"));
	fields_text(&fields, FIELD_SOURCE, arrival->source);
	fields_text(&fields, FIELD_CAMPAIGN, arrival->campaign);
	fields_flag(&fields, FIELD_INBOUND, true);
	touch_fields(arrival, &touch);
	failed = intake_lead(desk, &lead, problems, err);
	out->source = STR(INTAKE_SOURCE);
	out->lead = lead.key;
	return failed;
}

int arrival_tell(struct lead_desk *desk, const struct arrival *arrival, struct arrived *out, struct problems *problems,
		 struct err *err)
{
	const struct record person = { .object = OBJECT_LEAD,
				       .fields = (struct record_field *)arrival->person.items,
				       .count = arrival->person.count };
	bool joined = desk->joined;
	int failed;

	failed = arrival_known(desk, &person, out, err);
	if (!failed)
		failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	desk->joined = desk->begun = true;
	failed = out->known ? touch_again(desk, arrival, out, err) : write_lead(desk, arrival, out, problems, err);
	desk->joined = joined;
	desk->begun = joined;
	return lead_desk_commit(desk, failed, err);
}

/* ---- referrers ---- */

struct str arrival_referrer(struct str address, struct arena *arena)
{
	enum { MOST = 200 };
	struct str rest = str_trim(address), scheme = str_cut(&rest, ':'), host, user;
	ptrdiff_t end;

	if ((!str_eq_fold(scheme, STR("http")) && !str_eq_fold(scheme, STR("https"))) || !str_starts(rest, "//"))
		return STR_NONE;
	rest.at += 2;
	rest.len -= 2;
	rest = str_cut(&rest, '#');
	rest = str_cut(&rest, '?');
	end = str_find(rest, "/");
	host = (struct str){ rest.at, end < 0 ? rest.len : (size_t)end };
	user = host;
	if (memchr(host.at, '@', host.len)) {
		str_cut(&user, '@');
		rest.len -= (size_t)(user.at - rest.at);
		rest.at = user.at;
	}
	if (!rest.len || rest.len > MOST)
		return STR_NONE;
	return str_of(arena_printf(arena, "%.*s", STR_ARG(rest)));
}
