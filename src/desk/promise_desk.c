#include "desk/promise_desk.h"

#include "desk/people.h"

static const struct {
	enum word_kind kind;
	const char *outcome;
	enum promise_state from;
	const char *only;
} verbs[PROMISE_VERB__COUNT] = {
	[PROMISE_EXCUSE] = { WORD_EXCUSED, "", PROMISE_BROKEN, "only a broken promise can be excused" },
	[PROMISE_DISPUTE] = { WORD_DISPUTED, "", PROMISE_BROKEN, "only a broken promise can be disputed" },
	[PROMISE_UPHOLD] = { WORD_SETTLED, "upheld", PROMISE_DISPUTED, "only a dispute can be settled" },
	[PROMISE_DROP] = { WORD_SETTLED, "dropped", PROMISE_DISPUTED, "only a dispute can be settled" },
};

/* Is this the promise the verb speaks of? A dispute is settled where there is one; what is excused or disputed is what broke last, whatever was
 * said of it since. */
static bool is_meant(enum promise_state state, enum promise_state wanted)
{
	return state == wanted || (wanted == PROMISE_BROKEN && (state == PROMISE_DISPUTED || state == PROMISE_EXCUSED));
}

/* In the last episode in which it is meant, or only in that of `number`; else the last in which there is one at all. */
static const struct judged_promise *find(const struct judged_lead *judged, struct str name, unsigned number,
					 enum promise_state state, const struct judged_episode **episode)
{
	const struct judged_promise *any = NULL;

	for (size_t e = number ? number : judged->count; e-- > (number ? number - 1 : 0);)
		for (size_t i = 0; i < judged->episodes[e].promise_count; i++) {
			const struct judged_promise *p = &judged->episodes[e].promises[i];

			if (!str_eq(p->promise->name, name))
				continue;
			if (is_meant(p->judged.state, state)) {
				*episode = &judged->episodes[e];
				return p;
			}
			if (!any) {
				any = p;
				*episode = &judged->episodes[e];
			}
		}
	return any;
}

static void say_unknown(struct lead_desk *desk, const struct lead_file *file, const struct judged_lead *judged,
			struct str name, struct problems *problems)
{
	const struct judge_version *version = lead_desk_version(judged);
	const char *list = "", *near, **names;

	if (!version) {
		problem_add(problems, name, 0, 0, STR_NONE, "no agreement is in force that promises anything");
		return;
	}
	names = ARENA_ARRAY(desk->arena, const char *, version->agreement->promise_count + 1);
	for (size_t i = 0; i < version->agreement->promise_count; i++) {
		if (str_eq(version->agreement->promises[i].name, name)) {
			problem_add(problems, name, 0, 0, STR_NONE, "no clock of this promise was opened for %.*s",
				    STR_ARG(file->key));
			return;
		}
		names[i] = arena_cstr(desk->arena, version->agreement->promises[i].name);
		list = arena_printf(desk->arena, "%s%s%s", list, i ? ", " : "", names[i]);
	}
	near = str_nearest(name, names, version->agreement->promise_count);
	problem_add(problems, name, 0, 0, STR_NONE, "nobody gave such a promise%s%s%s The agreement has: %s",
		    near ? "; did you mean \"" : ".", near ? near : "", near ? "\"?" : "", list);
}

/* Was it theirs to keep? Of sales' and partners' promises: who had the lead. What marketing or the board promised, all of them keep: who signs
 * for it, and of marketing whom the book calls marketing, marketer or nurture. 1: yes; 0: no; below: an error. */
static int was_to_keep(struct lead_desk *desk, const struct judged_episode *episode, const struct judged_promise *p,
		       struct str who, struct err *err)
{
	enum party party = p->promise->party;
	struct people people;
	struct str role;

	if (str_eq(who, p->owner))
		return 1;
	if (party == PARTY_SALES || party == PARTY_PARTNER)
		return 0;
	if (names_have(&episode->version->agreement->parties[party].signs, who))
		return 1;
	if (people_read(&people, desk->book, desk->arena, err))
		return err->kind;
	role = people_role_of(&people, who);
	return party == PARTY_MARKETING &&
	       (str_is(role, "marketing") || str_is(role, "marketer") || str_is(role, "nurture"));
}

/* Somebody else has to look at it. 1: refused; 0: in order; below: an error. */
static int reviewed(struct lead_desk *desk, const struct judged_episode *episode, const struct judged_promise *p,
		    struct str who, struct problems *problems, struct err *err)
{
	int kept = was_to_keep(desk, episode, p, who, err);
	enum party party = p->promise->party;

	if (kept > 0 && str_eq(who, p->owner) && (party == PARTY_SALES || party == PARTY_PARTNER))
		problem_add(problems, STR("--by"), 0, 0, STR_NONE,
			    "%.*s was to keep the promise; somebody else has to look at it", STR_ARG(who));
	else if (kept > 0)
		problem_add(problems, STR("--by"), 0, 0, STR_NONE,
			    "the promise is one of %s, as is %.*s; somebody else has to look at it", party_name(party),
			    STR_ARG(who));
	return kept;
}

static bool in_order(const struct lead_desk *desk, enum promise_verb verb, const struct judged_episode *episode,
		     const struct judged_promise *p, const struct lead_word *word, struct problems *problems)
{
	if (p->judged.state != verbs[verb].from) {
		problem_add(problems, p->promise->name, 0, 0, STR_NONE, "is %s: %s",
			    promise_state_name(p->judged.state), verbs[verb].only);
		return false;
	}
	if (word->at_ms < p->judged.due_ms) {
		problem_add(problems, STR("--at"), 0, 0, STR_NONE, "it broke only at %.*s",
			    STR_ARG(lead_desk_when(desk, p->judged.due_ms)));
		return false;
	}
	if (verb == PROMISE_EXCUSE)
		return lead_desk_agreed(word->reason, &episode->version->agreement->excuse, "to excuse", problems);
	if (!word->reason.len) {
		problem_add(problems, STR("--reason"), 0, 0, STR_NONE, "say why");
		return false;
	}
	return true;
}

static int write_word(struct lead_desk *desk, const struct lead_file *file, enum promise_verb verb,
		      const struct judged_episode *episode, const struct judged_promise *p,
		      const struct lead_word *word, struct err *err)
{
	const char *kind = word_kind_name(verbs[verb].kind);
	struct record_fields fields = { .count = 0 };
	struct str key =
		str_of(arena_printf(desk->arena, "%.*s#%.*s#%u#%s.%lld", STR_ARG(file->key), STR_ARG(p->promise->name),
				    episode->number, kind, (long long)(word->at_ms / 1000)));
	bool news;

	fields_ref(&fields, FIELD_LEAD, file->key);
	fields_text(&fields, FIELD_PROMISE, p->promise->name);
	fields_text(&fields, FIELD_KIND, str_of(kind));
	fields_time(&fields, FIELD_AT, word->at_ms);
	fields_number(&fields, FIELD_EPISODE, episode->number, 0);
	fields_text(&fields, FIELD_AGREEMENT, str_of(arena_printf(desk->arena, "%d", episode->version->number)));
	fields_text(&fields, FIELD_OWNER, p->owner);
	fields_text(&fields, FIELD_BY, word->by);
	fields_text(&fields, FIELD_REASON, word->reason);
	fields_text(&fields, FIELD_OUTCOME, str_of(verbs[verb].outcome));
	return lead_desk_offer(desk, OBJECT_PROMISE_WORD, file->source, key, &fields, &news, err);
}

bool promise_desk_of_lead(struct lead_desk *desk, struct str promise, struct problems *problems)
{
	for (size_t v = desk->terms.count; v-- > 0;) {
		const struct agreement *agreement = desk->terms.versions[v].agreement;

		for (size_t i = 0; i < agreement->promise_count; i++) {
			const struct promise_def *p = &agreement->promises[i];

			if (!str_eq(p->name, promise))
				continue;
			if (p->kind == PROMISE_VOLUME)
				problem_add(
					problems, promise, 0, 0, STR_NONE,
					"is promised of a number in a period: it can be neither excused nor disputed; "
					"what it counts can be mended, and it is counted anew");
			return p->kind != PROMISE_VOLUME;
		}
	}
	return true;
}

int promise_desk_tell(struct lead_desk *desk, const struct lead_file *file, struct str promise, enum promise_verb verb,
		      const struct lead_word *word, unsigned *episode_number, struct problems *problems,
		      struct err *err)
{
	const struct judged_episode *episode = NULL;
	const struct judged_promise *p;
	struct judged_lead judged;
	int failed;

	judge_lead(desk->judge, file->row, desk->now_ms, &judged, desk->arena);
	if (*episode_number > judged.count) {
		problem_add(problems, STR("--episode"), 0, 0, STR_NONE, "%.*s has %zu episode%s, there is no %u",
			    STR_ARG(file->key), judged.count, judged.count > 1 ? "s" : "", *episode_number);
		return 1;
	}
	p = find(&judged, promise, *episode_number, verbs[verb].from, &episode);
	if (!p && *episode_number && find(&judged, promise, 0, verbs[verb].from, &episode)) {
		problem_add(problems, STR("--episode"), 0, 0, STR_NONE, "%.*s was not opened in episode %u, but in %u",
			    STR_ARG(promise), *episode_number, episode->number);
		return 1;
	}
	if (!p) {
		say_unknown(desk, file, &judged, promise, problems);
		return 1;
	}
	if (!lead_desk_time_fits(desk, file, word->at_ms, problems) ||
	    !in_order(desk, verb, episode, p, word, problems))
		return 1;
	failed = verb == PROMISE_DISPUTE ? 0 : reviewed(desk, episode, p, word->by, problems, err);
	if (failed)
		return failed;
	*episode_number = episode->number;
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	return lead_desk_commit(desk, write_word(desk, file, verb, episode, p, word, err), err);
}
