/* Agreeing: a text is proposed, taken back, signed; annexes are recorded. */
#include "report/answer_json.h"
#include "serve/api_agreement.h"
#include "serve/who.h"

/* ---- propose and take back ---- */

static const struct member proposed_members[] = {
	GIVEN("version", MEMBER_WHOLE, "its number"),
	GIVEN("same", MEMBER_FLAG, "that text is proposed or signed already: nothing was written"),
	GIVEN("annexes", MEMBER_FLAG, "… but its annexes differ; they need no signature: /api/agreement/annexes"),
	GIVEN("voided", MEMBER_WHOLE, "signatures that the text before had, and that hold no longer"),
	NULLABLE("voided_of", MEMBER_WHOLE, "that version"),
	WARNINGS,
	{ .name = NULL },
};

static struct signing signing_of(struct call *call)
{
	return (struct signing){ .book = call->desk->book,
				 .desk = call->desk,
				 .now_ms = call->now_ms,
				 .actor = call->desk->actor,
				 .by = arena_cstr(call->arena, call->who.name),
				 .arena = call->arena };
}

static json_t *proposed_json(const struct proposed *proposed)
{
	return json_pack("{s:i, s:b, s:b, s:I, s:o, s:o}", "version", proposed->version, "same", proposed->same,
			 "annexes", proposed->annexes, "voided", (json_int_t)proposed->voided, "voided_of",
			 proposed->voided_of ? json_integer(proposed->voided_of) : json_null(), "warnings",
			 call_problems_json(&proposed->doubts));
}

static void propose_read(struct call *call, const struct agreements *read)
{
	struct signing signing = signing_of(call);
	struct err err = ERR_INIT;
	struct proposed proposed;

	if (agreement_propose(&signing, read, TEXT_NAME, call->desk->facts, &call->problems, &proposed, &err))
		call_error(call, &err);
	else if (call->problems.count)
		call_wrong(call);
	else
		call_json(call, 201, proposed_json(&proposed));
}

static void propose(struct call *call)
{
	struct agreements read;
	bool failed;

	if (!call_unchanged(call, agreement_tag(call, &call->desk->agreements), "the agreement"))
		return;
	if (agreement_text(call, call_member(call, "text"), &read, &call->problems, &failed))
		propose_read(call, &read);
	else if (!failed)
		call_wrong(call);
	agreements_release(&read);
}

static const struct endpoint endpoint_propose = {
	.method = HTTP_POST,
	.path = "/api/agreement/proposals",
	.name = "proposeAgreement",
	.tag = "agreement",
	.roles = ROLES_LEAD,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.status = 201,
	.summary = "Propose a text to be signed; it voids the signatures of one that is being signed",
	.members = agreement_text_members,
	.answer = proposed_members,
	.run = propose,
};

static const struct member withdrawn_members[] = {
	GIVEN("version", MEMBER_WHOLE, "what was taken back"),
	GIVEN("voided", MEMBER_WHOLE, "signatures that go with it"),
	{ .name = NULL },
};

static void withdraw(struct call *call)
{
	struct signing signing = signing_of(call);
	struct err err = ERR_INIT;
	size_t voided;
	int version;

	if (!call_unchanged(call, agreement_tag(call, &call->desk->agreements), "the agreement"))
		return;
	if (agreement_withdraw(&signing, &version, &voided, &err))
		call_error(call, &err);
	else
		call_json(call, 200, json_pack("{s:i, s:I}", "version", version, "voided", (json_int_t)voided));
}

static const struct endpoint endpoint_withdraw = {
	.method = HTTP_DELETE,
	.path = "/api/agreement/proposals",
	.name = "withdrawAgreement",
	.tag = "agreement",
	.roles = ROLES_LEAD,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Take back what is proposed",
	.answer = withdrawn_members,
	.run = withdraw,
};

/* ---- sign ---- */

static const struct member sign_members[] = {
	{ .name = "hash",
	  .type = MEMBER_TEXT,
	  .most = 64,
	  .sentence = "of the text you have read: refused where another is proposed by now" },
	{ .name = NULL },
};
static const struct member signed_members[] = {
	GIVEN("version", MEMBER_WHOLE, "that was signed"),
	{ .name = "parties",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &(const struct member){ .name = "", .type = MEMBER_CHOICE, .choices = PARTIES },
	  .sentence = "for which you signed just now" },
	GIVEN("missing", MEMBER_WHOLE, "signatures of others still"),
	NULLABLE("from", MEMBER_TIME, "in force from, when none is missing"),
	{ .name = NULL },
};

/* Is what is proposed the text that was read? False after saying that it is not. */
static bool as_read(struct call *call)
{
	const struct agreement_version *proposed = agreements_proposed(&call->desk->agreements);
	struct str hash = call_member(call, "hash");

	if (!hash.len || !proposed || str_is(hash, proposed->hash))
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("hash"), "is of another text than version %d",
		    proposed->number);
	call_problem(call, 409, "Another text", "Read what is proposed now, then sign.");
	return false;
}

static void sign(struct call *call)
{
	struct signing signing = signing_of(call);
	json_t *parties;
	struct signed_as done;
	struct err err = ERR_INIT;

	if (!call_unchanged(call, agreement_tag(call, &call->desk->agreements), "the agreement") || !as_read(call))
		return;
	if (agreement_sign(&signing, call->who.name, &done, &err)) {
		call_error(call, &err);
		return;
	}
	parties = json_array();
	for (size_t i = 0; i < done.party_count; i++)
		json_array_append_new(parties, json_string(party_name(done.parties[i])));
	call_json(call, 200,
		  json_pack("{s:i, s:o, s:I, s:o}", "version", done.version, "parties", parties, "missing",
			    (json_int_t)done.missing, "from",
			    done.missing ? json_null() : time_json(server_zone(call->server), done.from_ms)));
}

static const struct endpoint endpoint_sign = {
	.method = HTTP_POST,
	.path = "/api/agreement/signatures",
	.name = "signAgreement",
	.tag = "agreement",
	.roles = ROLES_ALL & ~ROLE(VIEWER),
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Sign what is proposed, as yourself, for every party you sign for",
	.members = sign_members,
	.answer = signed_members,
	.run = sign,
};

/* ---- annexes ---- */

static const struct member annexed_members[] = {
	GIVEN("summary", MEMBER_TEXT, "what was recorded"),
	WARNINGS,
	{ .name = NULL },
};

static void annex(struct call *call)
{
	struct signing signing = signing_of(call);
	struct problems doubts;
	struct annexes annexes;
	struct err err = ERR_INIT;
	int failed;

	if (!call_unchanged(call, agreement_tag(call, &call->desk->agreements), "the agreement"))
		return;
	problems_init(&doubts, call->arena);
	failed = agreement_annex(&signing, call_member(call, "text"), TEXT_NAME, true, call->desk->facts,
				 &call->problems, &doubts, &annexes, &err);
	if (failed == ERR_INPUT || failed == ERR_LIMIT)
		agreement_problem(&err, &call->problems);
	if (call->problems.count)
		call_wrong(call);
	else if (failed)
		call_error(call, &err);
	else
		call_json(call, 200,
			  json_pack("{s:s, s:o}", "summary", annexes_summary(&annexes, call->arena), "warnings",
				    call_problems_json(&doubts)));
}

static const struct endpoint endpoint_annex = {
	.method = HTTP_POST,
	.path = "/api/agreement/annexes",
	.name = "recordAnnexes",
	.tag = "agreement",
	.roles = ROLES_LEAD,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.versioned = true,
	.summary = "Record holidays, absences and teams, which need no signature",
	.members = agreement_text_members,
	.answer = annexed_members,
	.run = annex,
};

const struct endpoint *const endpoints_signing[] = {
	&endpoint_propose, &endpoint_withdraw, &endpoint_sign, &endpoint_annex, NULL,
};
