#include "desk/arrival.h"

#include <inttypes.h>

#include "desk/intake.h"

/* ---- the touch ---- */

static void touch_fields(const struct arrival *a, struct str lead, struct record_fields *fields)
{
	fields_ref(fields, FIELD_LEAD, lead);
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
					     STR_ARG(arrival->kind), book_head(desk->book).seq + 1));
	bool news;

	touch_fields(arrival, to->lead, &fields);
	return lead_desk_offer(desk, OBJECT_TOUCH, to->source, key, &fields, &news, err);
}

/* ---- the lead ---- */

static int write_lead(struct lead_desk *desk, const struct arrival *arrival, struct arrived *out,
		      struct problems *problems, struct err *err)
{
	struct record_fields fields = arrival->person;

	fields_time(&fields, FIELD_CREATED, arrival->at_ms);
	fields_text(&fields, FIELD_ORIGIN, STR("marketing"));
	fields_text(&fields, FIELD_SOURCE, arrival->source);
	fields_text(&fields, FIELD_CAMPAIGN, arrival->campaign);
	fields_flag(&fields, FIELD_INBOUND, true);
	out->source = STR(INTAKE_SOURCE);
	return intake_lead(desk, &fields, STR_NONE, &out->lead, problems, err);
}

int arrival_tell(struct lead_desk *desk, const struct arrival *arrival, struct arrived *out, struct problems *problems,
		 struct err *err)
{
	bool joined = desk->joined;
	int failed;

	*out = (struct arrived){ .known = false };
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	desk->joined = desk->begun = true;
	failed = write_lead(desk, arrival, out, problems, err);
	if (!failed)
		failed = write_touch(desk, arrival, out, err);
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
