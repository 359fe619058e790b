#include "report/due_json.h"

#include "desk/hand_over.h"
#include "desk/lead_contact.h"
#include "report/answer_json.h"
#include "report/lead_words.h"

static json_t *instant(const struct lead_desk *desk, int64_t at_ms)
{
	char text[40];

	if (at_ms == EVENT_NEVER || at_ms == EVENT_UNKNOWN)
		return json_null();
	zone_format(desk->zone, at_ms, text);
	return json_string(text);
}

static int who_json(struct lead_desk *desk, const struct lead_file *file, json_t **out, struct err *err)
{
	struct lead_mark mark = lead_mark_of(desk, file);
	struct lead_facts facts;
	bool opted_out;

	if (lead_facts_read(&facts, desk, file, err) || lead_person_opted_out(desk, file, &opted_out, err))
		return err->kind;
	*out = json_object();
	json_object_set_new(*out, "lead", json_str(file->key));
	json_object_set_new(*out, "source", json_str(file->source));
	json_object_set_new(*out, "name", json_str_or_null(facts.name));
	json_object_set_new(*out, "company", json_str_or_null(facts.company));
	json_object_set_new(*out, "country", json_str_or_null(facts.country));
	json_object_set_new(*out, "channel", json_str_or_null(facts.source));
	json_object_set_new(*out, "campaign", json_str_or_null(facts.campaign));
	json_object_set_new(*out, "owner", json_str_or_null(file->owner));
	json_object_set_new(*out, "created", instant(desk, facts.created_ms));
	json_object_set_new(*out, "life", json_string(life_name(file->life.life)));
	json_object_set_new(*out, "waits", json_boolean(file->life.on_hold));
	json_object_set_new(*out, "opted_out", json_boolean(opted_out));
	json_object_set_new(*out, "sweet_spot", mark.said ? json_boolean(mark.in) : json_null());
	json_object_set_new(*out, "snoozed",
			    facts.snoozed_ms > desk->now_ms ? instant(desk, facts.snoozed_ms) : json_null());
	return 0;
}

static json_t *promise_json(struct lead_desk *desk, const struct due_lead *lead)
{
	const struct judged_promise *p = lead->promise;
	json_t *item;

	if (!p)
		return json_null();
	item = json_object();
	json_object_set_new(item, "promise", json_str(p->promise->name));
	json_object_set_new(item, "party", json_string(party_name(p->promise->party)));
	json_object_set_new(item, "state", json_string(promise_state_name(p->judged.state)));
	json_object_set_new(item, "started", instant(desk, p->judged.start_ms));
	json_object_set_new(item, "due", instant(desk, p->judged.due_ms));
	json_object_set_new(item, "at_risk_at", instant(desk, p->judged.at_risk_ms));
	json_object_set_new(item, "clock", json_str(lead_words_clock(desk, due_episode(lead), p)));
	return item;
}

int due_lead_json(struct lead_desk *desk, const struct due_lead *lead, json_t **out, struct err *err)
{
	if (who_json(desk, &lead->file, out, err))
		return err->kind;
	json_object_set_new(*out, "promise", promise_json(desk, lead));
	json_object_set_new(*out, "owed", json_integer((json_int_t)lead->owed));
	json_object_set_new(*out, "attempts", json_integer((json_int_t)lead->attempts));
	json_object_set_new(*out, "tried", instant(desk, lead->tried_ms));
	return 0;
}

/* ---- nurture ---- */

static json_t *answers_json(const struct judged_episode *episode)
{
	json_t *all = json_object();

	for (int q = 0; q < BANT__COUNT; q++)
		json_object_set_new(all, bant_name((enum bant)q), json_null());
	for (size_t i = 0; i < episode->view.answer_count; i++) {
		const struct bant_answer *a = &episode->view.answers[i];

		json_object_set_new(all, bant_name(a->question),
				    a->said == ANSWER_UNASKED ? json_null() : json_boolean(a->said == ANSWER_YES));
	}
	return all;
}

static json_t *missing_json(struct lead_desk *desk, const struct due_lead *lead, const struct judged_episode *episode)
{
	json_t *list = json_array();
	struct problems missing;

	problems_init(&missing, desk->arena);
	hand_over_missing(desk, &lead->file, episode, &episode->gate, episode->at_ms, &missing);
	for (size_t i = 0; i < missing.count; i++)
		json_array_append_new(list, json_str(missing.items[i].text));
	return list;
}

int due_nurture_json(struct lead_desk *desk, const struct due_lead *lead, json_t **out, struct err *err)
{
	struct judged_episode episode = *due_episode(lead);
	const struct agreement *agreement = episode.version ? episode.version->agreement : NULL;
	bool passes;

	if (who_json(desk, &lead->file, out, err))
		return err->kind;
	json_object_set_new(*out, "episode", json_integer((json_int_t)lead->file.life.episode));
	json_object_set_new(*out, "attempts", json_integer((json_int_t)lead->attempts));
	json_object_set_new(*out, "tried", instant(desk, lead->tried_ms));
	json_object_set_new(*out, "answers", answers_json(&episode));
	if (!agreement) {
		json_object_set_new(*out, "gate", json_null());
		return 0;
	}
	passes = lead_words_settle(desk, &episode);
	json_object_set_new(
		*out, "gate",
		json_pack("{s:b, s:o, s:f, s:f, s:o}", "passes", passes, "type",
			  episode.gate.type < 0 ? json_null() : json_str(agreement->types[episode.gate.type].name),
			  "points", (double)episode.points / 100, "bar", (double)episode.gate.bar / 100, "missing",
			  passes ? json_array() : missing_json(desk, lead, &episode)));
	return 0;
}

/* ---- words ---- */

static json_t *names_json(const struct names *names)
{
	json_t *list = json_array();

	for (size_t i = 0; names && i < names->count; i++)
		json_array_append_new(list, json_str(names->items[i]));
	return list;
}

json_t *due_words_json(const struct lead_desk *desk)
{
	const struct agreement *agreement = NULL;
	json_t *root = json_object(), *points = json_object();

	for (size_t i = 0; i < desk->terms.count; i++)
		if (desk->terms.versions[i].from_ms <= desk->now_ms)
			agreement = desk->terms.versions[i].agreement;
	json_object_set_new(root, "agreed", json_boolean(agreement != NULL));
	json_object_set_new(root, "reject", names_json(agreement ? &agreement->reject : NULL));
	json_object_set_new(root, "disqualify", names_json(agreement ? &agreement->disqualify : NULL));
	json_object_set_new(root, "wait", names_json(agreement ? &agreement->waiting_states : NULL));
	json_object_set_new(root, "excuse", names_json(agreement ? &agreement->excuse : NULL));
	for (int q = 0; q < BANT__COUNT; q++)
		json_object_set_new(points, bant_name((enum bant)q),
				    json_real(agreement ? agreement->scoring.answers[q] : 0));
	json_object_set_new(root, "points", points);
	return root;
}
