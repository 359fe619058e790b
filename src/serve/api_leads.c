/* What is done with a lead: the desk's functions, told over HTTP. */
#include <string.h>
#include <time.h>

#include "desk/duplicates.h"
#include "desk/hand_over.h"
#include "report/answer_json.h"
#include "report/lead_page.h"
#include "serve/endpoints.h"
#include "serve/lead_members.h"
#include "serve/lead_version.h"
#include "serve/speaker.h"
#include "serve/who.h"

enum { WHY_MOST = 400, NOTE_MOST = 10000, NAME_MOST = 200 };

/* ---- at the desk ---- */

struct told {
	struct call *call;
	struct lead_desk *desk;
	struct lead_file file;
	struct lead_word word;
};

static const char *version_of(const struct told *t)
{
	return lead_version(t->desk->facts, &t->file, t->call->arena);
}

/* Finds the lead, among those that who asks may see. False after saying why not. */
static bool find(struct call *call, struct told *t)
{
	*t = (struct told){ .call = call, .desk = call->desk };
	return lead_found(call, &t->file);
}

/* Steps are kept by whole seconds, and those of one second follow in the order of a life, not as they were told: what is told as happening
 * now waits for a second of its own. */
static bool own_second(struct told *t)
{
	const struct told_step *last = t->file.step_count ? &t->file.steps[t->file.step_count - 1] : NULL;

	if (call_member(t->call, "at").len || !last || last->at_ms / 1000 != t->word.at_ms / 1000)
		return true;
	t->call->again_ms = t->word.at_ms + 1000;
	return false;
}

/* The same, for who tells something. */
static bool begin(struct call *call, struct told *t)
{
	return find(call, t) && call_unchanged(call, version_of(t), "this lead") && lead_word_read(call, &t->word);
}

/* And for who tells a step. */
static bool begin_step(struct call *call, struct told *t)
{
	return begin(call, t) && own_second(t);
}

static const struct member step_name_item = { .name = "", .type = MEMBER_TEXT };
static const struct member told_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "steps",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &step_name_item,
	  .sentence = "what was written" },
	{ .name = "known",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "exactly this was told before: nothing was written" },
	{ .name = "life", .type = MEMBER_TEXT, .required = true, .sentence = "where it stands since" },
	{ .name = "episode",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .sentence = "of its life: it begins again where it comes back" },
	{ .name = NULL },
};

static json_t *told_json(const struct told *t, const struct lead_told *told)
{
	json_t *root = json_object(), *steps = json_array();

	for (size_t i = 0; i < told->count; i++)
		json_array_append_new(steps, json_string(lead_step_name(told->steps[i])));
	json_object_set_new(root, "lead", json_stringn(t->file.key.at, t->file.key.len));
	json_object_set_new(root, "steps", steps);
	json_object_set_new(root, "known", json_boolean(told->known));
	json_object_set_new(root, "life", json_string(life_name(told->life.life)));
	json_object_set_new(root, "episode", json_integer((json_int_t)told->life.episode));
	return root;
}

/* ---- reading ---- */

static void get_lead(struct call *call)
{
	struct err err = ERR_INIT;
	struct told t;
	json_t *body;

	if (!find(call, &t))
		return;
	if (lead_page_json(t.desk, &t.file, &body, &err))
		call_error(call, &err);
	else
		call_json(call, 200, body);
	http_reply_header(call->reply, "ETag", version_of(&t));
}

static const struct endpoint endpoint_get_lead = {
	.method = HTTP_GET,
	.path = "/api/leads/{key}",
	.name = "getLead",
	.tag = "leads",
	.roles = ROLES_ALL,
	.desk = DESK_READS,
	.versioned = true,
	.summary = "One lead: where it stands, its points line by line, what was done, what is promised",
	.answer = lead_members,
	.run = get_lead,
};

/* ---- steps ---- */

#define MEMBERS_OF_A_WORD                                                                                              \
	{ .name = "by", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "who did it" },                            \
		{ .name = "at", .type = MEMBER_TIME, .sentence = "when it happened; now unless given" },               \
		{ .name = "reason", .type = MEMBER_TEXT, .most = WHY_MOST, .sentence = "of the agreement's list" },    \
	{                                                                                                              \
		.name = "note", .type = MEMBER_TEXT, .most = NOTE_MOST, .sentence = "kept sealed"                      \
	}

static const struct {
	const char *name;
	enum lead_verb verb;
} verbs[] = {
	{ "accept", VERB_ACCEPT },         { "reject", VERB_REJECT }, { "working", VERB_WORKING },
	{ "disqualify", VERB_DISQUALIFY }, { "reopen", VERB_REOPEN }, { "wait", VERB_WAIT },
	{ "resume", VERB_RESUME },         { "assign", VERB_ASSIGN }, { "opted-out", VERB_OPTED_OUT },
	{ "duplicate", VERB_DUPLICATE },   { "test", VERB_TEST },
};

static const struct member step_members[] = {
	{ .name = "step",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "accept|reject|working|disqualify|reopen|wait|resume|assign|opted-out|duplicate|test",
	  .sentence = "what is done" },
	{ .name = "to", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "to whom it is assigned" },
	{ .name = "of",
	  .type = MEMBER_TEXT,
	  .most = WHY_MOST,
	  .sentence =
		  "of a duplicate: the lead it is merged into, which touches, contacts, opportunities and orders go to" },
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static enum lead_verb verb_of(struct str name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (str_is(name, verbs[i].name))
			return verbs[i].verb;
	BUG("no step is called %.*s", STR_ARG(name));
}

/* A duplicate of a lead that is named is merged into it. */
static int merge(struct told *t, struct str of, struct lead_told *told, struct err *err)
{
	struct call *call = t->call;
	struct lead_file into;

	if (lead_desk_find(t->desk, of, &into, &call->problems) && who_sees_lead(&call->who, t->desk->facts, into.row))
		return merge_tell(t->desk, &t->file, &into, &t->word, told, &call->problems, err);
	problems_init(&call->problems, call->arena);
	problem_add(&call->problems, STR_NONE, 0, 0, STR("of"), "there is no such lead, or several have this id");
	return 1;
}

/* Whom nobody has yet is handed over, through the gate of the agreement. A manager may give it away besides, and nurture may take it. False after
 * saying so. */
static bool may_assign(struct call *call, const struct told *t)
{
	if (t->file.owner.len || call->who.roles & (ROLE(SALES_MANAGER) | ROLE(ADMIN)) ||
	    (call->who.roles & ROLE(NURTURE) && str_eq(t->word.owner, call->who.name)))
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("step"),
		    "nobody has this lead yet: hand it over, so that the agreement's gate is passed");
	call_problem(call, 403, "Not yours to give", NULL);
	return false;
}

static void tell_step(struct call *call)
{
	struct err err = ERR_INIT;
	struct lead_told told;
	struct told t;
	struct str of = call_member(call, "of");
	enum lead_verb verb = verb_of(call_member(call, "step"));
	int failed;

	if (of.len && verb != VERB_DUPLICATE) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("of"), "is for the step duplicate");
		call_wrong(call);
		return;
	}
	if (!begin_step(call, &t) || (verb == VERB_ASSIGN && !may_assign(call, &t)))
		return;
	failed = of.len ? merge(&t, of, &told, &err)
			: lead_desk_tell(t.desk, &t.file, verb, &t.word, &told, &call->problems, &err);
	if (call_went_well(call, failed, &err))
		call_json(call, 200, told_json(&t, &told));
}

static const struct endpoint endpoint_tell_step = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/steps",
	.name = "tellStep",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Accept, reject, wait …: a step in the lead's life",
	.members = step_members,
	.example = "{\"step\": \"accept\"}",
	.answer = told_members,
	.run = tell_step,
};

/* ---- answers ---- */

static const struct member answer_members[] = {
	{ .name = "budget", .type = MEMBER_FLAG, .sentence = "is there money for it?" },
	{ .name = "authority", .type = MEMBER_FLAG, .sentence = "does this person decide?" },
	{ .name = "need", .type = MEMBER_FLAG, .sentence = "is it needed?" },
	{ .name = "timeframe", .type = MEMBER_FLAG, .sentence = "is it wanted soon?" },
	{ .name = "trust", .type = MEMBER_FLAG, .sentence = "do they believe that we can?" },
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static void answer(struct call *call)
{
	struct lead_answer answers[BANT__COUNT];
	struct err err = ERR_INIT;
	struct lead_told told;
	size_t count = 0;
	struct told t;

	for (int i = 0; i < BANT__COUNT; i++) {
		const json_t *said = json_object_get(call->body, bant_name((enum bant)i));

		if (said)
			answers[count++] = (struct lead_answer){ (enum bant)i, json_is_true(said) };
	}
	if (!count) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR_NONE,
			    "what was answered? budget, authority, need, timeframe or trust");
		call_wrong(call);
		return;
	}
	if (!begin_step(call, &t))
		return;
	if (call_went_well(call,
			   lead_desk_answer(t.desk, &t.file, answers, count, &t.word, &told, &call->problems, &err),
			   &err))
		call_json(call, 200, told_json(&t, &told));
}

static const struct endpoint endpoint_answer = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/answers",
	.name = "tellAnswers",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "What nurture was told: budget, authority, need, timeframe, trust",
	.members = answer_members,
	.example = "{\"budget\": true}",
	.answer = told_members,
	.run = answer,
};

/* ---- contacts ---- */

static const struct member contact_members[] = {
	{ .name = "kind",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = NAME_MOST,
	  .sentence = "call, mail, meeting …" },
	{ .name = "outcome", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "reached, no answer …" },
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static void contact(struct call *call)
{
	struct err err = ERR_INIT;
	struct told t;

	if (!begin(call, &t))
		return;
	if (call_went_well(call,
			   lead_desk_contact(t.desk, &t.file, call_member(call, "kind"), call_member(call, "outcome"),
					     &t.word, &call->problems, &err),
			   &err))
		call_nothing(call);
}

static const struct endpoint endpoint_contact = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/contacts",
	.name = "tellContact",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.status = 204,
	.summary = "A contact with the person",
	.members = contact_members,
	.example = "{\"kind\": \"call\", \"outcome\": \"reached\"}",
	.run = contact,
};

/* ---- handing over ---- */

static const struct member hand_over_members[] = {
	{ .name = "to", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "who gets it, whatever the routes say" },
	{ .name = "override",
	  .type = MEMBER_TEXT,
	  .most = WHY_MOST,
	  .sentence = "a manager's reason to hand it over though the agreement holds it back" },
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static const struct member handed_over_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .sentence = "who got it" },
	{ .name = "why", .type = MEMBER_TEXT, .required = true, .most = 4000, .sentence = "by which route" },
	{ .name = "points", .type = MEMBER_NUMBER, .required = true, .sentence = "that it had then" },
	{ .name = "version", .type = MEMBER_WHOLE, .required = true, .sentence = "of the agreement" },
	{ .name = "overridden",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "a manager let it pass though something held it back" },
	{ .name = "held_back",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .most = 4000,
	  .sentence = "what held it back" },
	{ .name = "episode",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .sentence = "of its life: it begins again where it comes back" },
	{ .name = NULL },
};

static json_t *hand_over_json(const struct told *t, const struct hand_over *over)
{
	json_t *root = json_object();

	json_object_set_new(root, "lead", json_stringn(t->file.key.at, t->file.key.len));
	json_object_set_new(root, "owner", json_stringn(over->choice.owner.at, over->choice.owner.len));
	json_object_set_new(root, "why", json_stringn(over->choice.why.at, over->choice.why.len));
	json_object_set_new(root, "points", json_real((double)over->gate.points / 100));
	json_object_set_new(root, "version", json_integer(over->version->number));
	json_object_set_new(root, "overridden", json_boolean(over->held_back.len > 0));
	json_object_set_new(root, "held_back", json_str_or_null(over->held_back));
	json_object_set_new(root, "episode", json_integer((json_int_t)over->episode));
	return root;
}

/* Who is a manager stands in the agreement, which is not for partners: they are not told who might. */
static bool may_override(struct call *call)
{
	if (!call_member(call, "override").len || !(call->who.roles & ROLE(PARTNER)))
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("override"), "is a manager's to say, not a partner's");
	call_problem(call, 403, "Not yours to tell", NULL);
	return false;
}

static void hand_over(struct call *call)
{
	struct err err = ERR_INIT;
	struct hand_over over;
	struct told t;

	if (!may_override(call) || !begin_step(call, &t))
		return;
	if (call_went_well(call,
			   hand_over_lead(t.desk, &t.file, &t.word, call_member(call, "override"), &over,
					  &call->problems, &err),
			   &err))
		call_json(call, 200, hand_over_json(&t, &over));
}

static const struct endpoint endpoint_hand_over = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/hand-over",
	.name = "handOver",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Hand it over, through the gate, to whose turn it is",
	.members = hand_over_members,
	.answer = handed_over_members,
	.run = hand_over,
};

/* ---- all that wait ---- */

static const struct member waiting_members[] = {
	{ .name = "by", .type = MEMBER_TEXT, .most = NAME_MOST, .sentence = "who did it" },
	{ .name = "at", .type = MEMBER_TIME, .sentence = "when it happened; now unless given" },
	{ .name = "note", .type = MEMBER_TEXT, .most = NOTE_MOST, .sentence = "kept sealed, with each of them" },
	{ .name = NULL },
};

static const struct member got_members[] = {
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .sentence = "who got some of them" },
	{ .name = "leads", .type = MEMBER_WHOLE, .required = true, .sentence = "how many" },
	{ .name = NULL },
};
static const struct member got_item = { .name = "", .type = MEMBER_OBJECT, .members = got_members };
static const struct member all_members[] = {
	{ .name = "handed_over", .type = MEMBER_WHOLE, .required = true, .sentence = "leads that were handed over" },
	{ .name = "nobody_there",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .sentence = "of these: went to who is named for when nobody else can take them" },
	{ .name = "owners",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = 100000,
	  .items = &got_item,
	  .sentence = "who got them, most first" },
	{ .name = NULL },
};

static json_t *all_json(const struct hand_over_all *all)
{
	json_t *owners = json_array();

	for (size_t i = 0; i < all->owner_count; i++)
		json_array_append_new(owners, json_pack("{s:o, s:I}", "owner", json_str(all->owners[i].owner), "leads",
							(json_int_t)all->owners[i].leads));
	return json_pack("{s:I, s:I, s:o}", "handed_over", (json_int_t)all->handed, "nobody_there",
			 (json_int_t)all->nobody_there, "owners", owners);
}

static void hand_over_waiting_leads(struct call *call)
{
	struct err err = ERR_INIT;
	struct hand_over_all all;
	struct lead_word word;

	if (!lead_word_read(call, &word))
		return;
	if (!call->desk->terms.count)
		call_problem(call, 409, "No agreement",
			     "None is in force that says which leads are good enough and who gets them.");
	else if (call_went_well(call, hand_over_waiting(call->desk, &word, NULL, NULL, &all, &err), &err))
		call_json(call, 200, all_json(&all));
}

static const struct endpoint endpoint_waiting = {
	.method = HTTP_POST,
	.path = "/api/leads/hand-over",
	.name = "handOverWaiting",
	.tag = "leads",
	.roles = ROLES_WORK & ROLES_OVERSEE,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.summary = "Hand over all that pass the gate and wait, the longest first, each to whose turn it is",
	.members = waiting_members,
	.answer = all_members,
	.run = hand_over_waiting_leads,
};

/* ---- the sweet spot, and taking back ---- */

static const struct member mark_members[] = {
	{ .name = "in", .type = MEMBER_FLAG, .required = true, .sentence = "in the sweet spot, or out of it" },
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static void mark(struct call *call)
{
	struct err err = ERR_INIT;
	struct told t;

	if (!begin(call, &t))
		return;
	if (call_went_well(call,
			   lead_desk_mark(t.desk, &t.file, json_is_true(json_object_get(call->body, "in")), &t.word,
					  &call->problems, &err),
			   &err))
		call_nothing(call);
}

static const struct endpoint endpoint_mark = {
	.method = HTTP_PUT,
	.path = "/api/leads/{key}/sweet-spot",
	.name = "markSweetSpot",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.status = 204,
	.summary = "In the sweet spot or out of it, as who has the lead sees it",
	.members = mark_members,
	.run = mark,
};

static const struct member undo_members[] = {
	MEMBERS_OF_A_WORD,
	{ .name = NULL },
};

static void undo(struct call *call)
{
	struct err err = ERR_INIT;
	struct lead_told told;
	struct told t;

	if (!begin(call, &t))
		return;
	if (!call_member(call, "at").len)
		t.word.at_ms = EVENT_NEVER;
	if (call_went_well(call, lead_desk_undo(t.desk, &t.file, &t.word, &told, &call->problems, &err), &err))
		call_json(call, 200, told_json(&t, &told));
}

static const struct endpoint endpoint_undo = {
	.method = HTTP_POST,
	.path = "/api/leads/{key}/undo",
	.name = "undoStep",
	.tag = "leads",
	.roles = ROLES_WORK,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Take the last step back",
	.members = undo_members,
	.answer = told_members,
	.run = undo,
};

const struct endpoint *const endpoints_leads[] = {
	&endpoint_get_lead, &endpoint_tell_step, &endpoint_answer,
	&endpoint_contact,  &endpoint_hand_over, &endpoint_waiting,
	&endpoint_mark,     &endpoint_undo,      NULL,
};
