#include "desk/signing.h"

#include "desk/agreement_check.h"
#include "desk/agreement_known.h"
#include "desk/holidays.h"

enum { FIELDS = 8 };

#define SOURCE STR("lockstep")

/* ---- writing one record ---- */

struct draft {
	struct record record;
	struct record_field fields[FIELDS];
};

static void draft_init(struct draft *draft, const struct signing *signing, enum object object, const char *key)
{
	*draft = (struct draft){
		.record = { .object = object, .source = SOURCE, .key = str_of(key), .observed_ms = signing->now_ms }
	};
	draft->record.fields = draft->fields;
}

static void put(struct draft *draft, enum field code, struct value value)
{
	if (draft->record.count == FIELDS)
		BUG("more fields than a draft holds");
	draft->fields[draft->record.count++] = (struct record_field){ .code = code, .value = value };
}

static void put_text(struct draft *draft, enum field code, struct str text)
{
	put(draft, code, (struct value){ .kind = VALUE_TEXT, .as.text = text });
}

static void put_time(struct draft *draft, enum field code, int64_t time_ms)
{
	put(draft, code, (struct value){ .kind = VALUE_TIME, .as.time_ms = time_ms });
}

static int write_drafts(const struct signing *signing, const struct draft *drafts, size_t count, struct err *err)
{
	const struct append_context context = { .now_ms = signing->now_ms, .actor = signing->actor };
	enum append_result result;
	int rc = signing->desk ? lead_desk_begin(signing->desk, err) : book_begin(signing->book, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < count && !rc; i++) {
		struct record record = drafts[i].record;

		record.fields = (struct record_field *)drafts[i].fields;
		rc = book_append(signing->book, &record, &context, &result, err);
	}
	if (signing->desk)
		return lead_desk_commit(signing->desk, rc, err);
	if (!rc)
		rc = book_commit(signing->book, err);
	if (rc)
		book_rollback(signing->book);
	return rc;
}

static char *number_text(struct arena *arena, int number)
{
	return arena_printf(arena, "%d", number);
}

/* ---- proposing ---- */

/* The text as the book keeps it: it may not depend on a file outside, so annexes that name one are written out. */
static struct str text_to_keep(const struct agreement *agreement, struct arena *arena)
{
	struct str annexes;

	if (!agreement->annexes.from_files)
		return agreement->text;
	annexes = annexes_text(&agreement->annexes, arena);
	return str_of(arena_printf(arena, "%.*s%.*s", STR_ARG(agreement->signed_text), STR_ARG(annexes)));
}

/* What is written stays, and every question reads it: it is read once before. */
static int check_kept(const struct agreement_version *version, struct str text, struct arena *arena, struct err *err)
{
	char hash[AGREEMENT_HASH_TEXT];
	struct problems problems;
	struct agreement *read;

	problems_init(&problems, arena);
	if (agreement_read(&read, text, "the text with its calendar files", &problems, arena, err))
		return err->kind;
	if (problems.count)
		return err_set(err, ERR_INPUT,
			       "the text with its calendar files could not be read again: line %ld: %.*s",
			       problems.items[0].line, STR_ARG(problems.items[0].text));
	agreement_hash(read->signed_text, hash);
	if (strcmp(hash, version->hash) != 0)
		return err_set(err, ERR_INPUT, "the signed part of the text with its calendar files is another");
	return 0;
}

static int write_version(const struct signing *signing, const struct agreement_version *version, struct str text,
			 int number, struct err *err)
{
	const struct agreement *agreement = version->agreement;
	struct draft draft;

	draft_init(&draft, signing, OBJECT_AGREEMENT, number_text(signing->arena, number));
	put_text(&draft, FIELD_NAME, agreement->title);
	put_text(&draft, FIELD_WORDING, text);
	put_text(&draft, FIELD_HASH, str_of(version->hash));
	put(&draft, FIELD_IN_FORCE, (struct value){ .kind = VALUE_DATE, .as.date = agreement->in_force });
	put_time(&draft, FIELD_AT, signing->now_ms);
	put_text(&draft, FIELD_BY, str_of(signing->by));
	return write_drafts(signing, &draft, 1, err);
}

/* Is that text the last version's already? Then nothing is to be proposed. */
static bool said_already(const struct agreements *agreements, const struct agreement_version *version, struct str text,
			 struct proposed *out)
{
	const struct agreement_version *last = agreements->count ? &agreements->versions[agreements->count - 1] : NULL;

	if (!last || last->withdrawn || strcmp(last->hash, version->hash) != 0)
		return false;
	out->version = last->number;
	out->same = true;
	out->annexes = !str_eq(last->agreement->text, text);
	return true;
}

static int propose_to(const struct signing *signing, const struct agreements *agreements,
		      const struct agreement_version *version, struct proposed *out, struct err *err)
{
	struct str text = text_to_keep(version->agreement, signing->arena);
	const struct agreement_version *open = agreements_proposed(agreements);

	if (said_already(agreements, version, text, out))
		return 0;
	out->version = (int)agreements->count + 1;
	if (open) {
		out->voided_of = open->number;
		out->voided = open->signature_count;
	}
	if (check_kept(version, text, signing->arena, err))
		return err->kind;
	return write_version(signing, version, text, out->version, err);
}

int agreement_propose(const struct signing *signing, const struct agreements *read, const char *name,
		      const struct facts *facts, struct problems *problems, struct proposed *out, struct err *err)
{
	const struct agreement_version *version = &read->versions[0];
	struct agreements agreements;
	int rc = agreements_load(&agreements, signing->book, signing->arena, err);

	*out = (struct proposed){ .version = 0 };
	problems_init(&out->doubts, signing->arena);
	if (rc)
		return rc;
	agreement_check(version->agreement, name, &agreements.in_all, facts, problems, &out->doubts, signing->arena);
	if (!problems->count)
		rc = propose_to(signing, &agreements, version, out, err);
	agreements_release(&agreements);
	return rc;
}

/* ---- signing ---- */

static struct str all_who_sign(const struct agreement_version *version, bool missing, struct arena *arena)
{
	char *text = arena_dup(arena, "");

	for (int p = 0; p < PARTY__COUNT; p++) {
		const struct names *signs = &version->agreement->parties[p].signs;

		for (size_t i = 0; i < signs->count; i++)
			if (!missing || !agreement_signature_of(version, (enum party)p, signs->items[i]))
				text = arena_printf(arena, "%s%s%.*s", text, *text ? ", " : "",
						    STR_ARG(signs->items[i]));
	}
	return str_of(text);
}

static bool signs_for(const struct agreement_version *version, enum party party, struct str who)
{
	const struct names *signs = &version->agreement->parties[party].signs;

	for (size_t i = 0; i < signs->count; i++)
		if (str_eq(signs->items[i], who))
			return true;
	return false;
}

static int refuse_signature(const struct agreement_version *version, struct str who, struct arena *arena,
			    struct err *err)
{
	for (int p = 0; p < PARTY__COUNT; p++)
		if (signs_for(version, (enum party)p, who))
			return err_set(err, ERR_STATE,
				       "%.*s has signed version %d already; signatures are missing of %.*s",
				       STR_ARG(who), version->number, STR_ARG(all_who_sign(version, true, arena)));
	return err_set(err, ERR_STATE, "\"%.*s\" does not sign version %d; those who do: %.*s", STR_ARG(who),
		       version->number, STR_ARG(all_who_sign(version, false, arena)));
}

static void draft_signature(struct draft *draft, const struct signing *signing, const struct agreement_version *version,
			    enum party party, struct str who)
{
	draft_init(draft, signing, OBJECT_SIGNATURE,
		   arena_printf(signing->arena, "%d/%s/%.*s", version->number, party_name(party), STR_ARG(who)));
	put_text(draft, FIELD_AGREEMENT, str_of(number_text(signing->arena, version->number)));
	put_text(draft, FIELD_HASH, str_of(version->hash));
	put_text(draft, FIELD_PARTY, str_of(party_name(party)));
	put_text(draft, FIELD_BY, who);
	put_time(draft, FIELD_AT, signing->now_ms);
}

static int sign(const struct signing *signing, const struct agreement_version *version, struct str who,
		struct signed_as *out, struct err *err)
{
	struct draft drafts[PARTY__COUNT];

	*out = (struct signed_as){ .version = version->number };
	for (int p = 0; p < PARTY__COUNT; p++) {
		enum party party = (enum party)p;

		if (!signs_for(version, party, who) || agreement_signature_of(version, party, who))
			continue;
		draft_signature(&drafts[out->party_count], signing, version, party, who);
		out->parties[out->party_count++] = party;
	}
	if (!out->party_count)
		return refuse_signature(version, who, signing->arena, err);
	return write_drafts(signing, drafts, out->party_count, err);
}

static int nothing_proposed(const struct agreements *agreements, struct err *err)
{
	const struct agreement_version *last = agreements->count ? &agreements->versions[agreements->count - 1] : NULL;

	if (last && !last->withdrawn)
		return err_set(err, ERR_STATE, "nothing is proposed: version %d is signed by all", last->number);
	return err_set(err, ERR_STATE, "nothing is proposed; begin with: lockstep agreement propose FILE");
}

/* A clock that runs behind would have it signed before there was a text. */
static int not_yet_proposed(const struct signing *signing, const struct agreement_version *version, struct err *err)
{
	char proposed[40], now[40];

	zone_format(version->zone, version->at_ms, proposed);
	zone_format(version->zone, signing->now_ms, now);
	return err_set(
		err, ERR_STATE,
		"version %d was proposed at %s, and by this machine's clock it is %s: nobody signs a text before "
		"it is proposed; set the clock right",
		version->number, proposed, now);
}

/* After it was written: who is missing, from when it holds. */
static int tell_signed(const struct signing *signing, struct signed_as *out, struct err *err)
{
	struct agreements agreements;
	int rc = agreements_load(&agreements, signing->book, signing->arena, err);

	if (rc)
		return rc;
	out->missing = agreements.versions[out->version - 1].missing;
	out->from_ms = agreements.versions[out->version - 1].from_ms;
	out->zone = arena_cstr(signing->arena, agreements.versions[out->version - 1].agreement->zone);
	agreements_release(&agreements);
	return 0;
}

int agreement_sign(const struct signing *signing, struct str who, struct signed_as *out, struct err *err)
{
	const struct agreement_version *version;
	struct agreements agreements;
	int rc = agreements_load(&agreements, signing->book, signing->arena, err);

	if (rc)
		return rc;
	version = agreements_proposed(&agreements);
	if (!version)
		rc = nothing_proposed(&agreements, err);
	else if (signing->now_ms < version->at_ms)
		rc = not_yet_proposed(signing, version, err);
	else
		rc = sign(signing, version, who, out, err);
	agreements_release(&agreements);
	return rc ? rc : tell_signed(signing, out, err);
}

/* ---- taking back ---- */

int agreement_withdraw(const struct signing *signing, int *number, size_t *voided, struct err *err)
{
	const struct agreement_version *version;
	struct agreements agreements;
	struct draft draft;
	int rc = agreements_load(&agreements, signing->book, signing->arena, err);

	if (rc)
		return rc;
	version = agreements_proposed(&agreements);
	if (!version) {
		rc = nothing_proposed(&agreements, err);
	} else {
		*number = version->number;
		*voided = version->signature_count;
		draft_init(&draft, signing, OBJECT_AGREEMENT, number_text(signing->arena, version->number));
		put_text(&draft, FIELD_STATUS, STR("withdrawn"));
		/* Said after the proposal, whatever the clock says: the later word counts. */
		if (draft.record.observed_ms <= version->at_ms)
			draft.record.observed_ms = version->at_ms + 1;
		rc = write_drafts(signing, &draft, 1, err);
	}
	agreements_release(&agreements);
	return rc;
}

/* ---- annexes ---- */

static int write_annex(const struct signing *signing, const char *path, struct str text, const struct facts *facts,
		       struct problems *doubts, const struct annexes *said, struct err *err)
{
	struct agreements agreements;
	struct draft draft;
	int rc = agreements_load(&agreements, signing->book, signing->arena, err);

	if (rc)
		return rc;
	if (!agreements.count)
		rc = err_set(
			err, ERR_STATE,
			"there is no agreement whose annexes these could be; begin with: lockstep agreement propose FILE");
	if (!rc) {
		draft_init(&draft, signing, OBJECT_ANNEX, number_text(signing->arena, (int)agreements.annex_count + 1));
		put_text(&draft, FIELD_WORDING, text);
		put_time(&draft, FIELD_AT, signing->now_ms);
		put_text(&draft, FIELD_BY, str_of(signing->by));
		rc = write_drafts(signing, &draft, 1, err);
	}
	if (!rc)
		annexes_known(said, path, agreements.versions[agreements.count - 1].agreement, facts, doubts,
			      signing->arena);
	agreements_release(&agreements);
	return rc;
}

/* As check_kept. */
static int check_annex(struct str text, struct arena *arena, struct err *err)
{
	struct problems problems;
	struct annexes read;

	problems_init(&problems, arena);
	if (annexes_read(&read, text, "the annexes with their calendar files", &problems, arena, err))
		return err->kind;
	if (!problems.count)
		return 0;
	return err_set(err, ERR_INPUT, "the annexes with their calendar files could not be read again: line %ld: %.*s",
		       problems.items[0].line, STR_ARG(problems.items[0].text));
}

int agreement_annex(const struct signing *signing, struct str text, const char *path, bool sent,
		    const struct facts *facts, struct problems *problems, struct problems *doubts, struct annexes *out,
		    struct err *err)
{
	if (annexes_read(out, text, path, problems, signing->arena, err))
		return err->kind;
	holidays_take_in(out, path, sent, problems, signing->arena);
	if (problems->count)
		return 0;
	text = annexes_text(out, signing->arena);
	if (check_annex(text, signing->arena, err))
		return err->kind;
	return write_annex(signing, path, text, facts, doubts, out, err);
}
