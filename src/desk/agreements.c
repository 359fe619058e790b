#include "desk/agreements.h"

#include <sodium.h>

#include "desk/holidays.h"
#include "io/file.h"

enum { MAX_AGREEMENT_BYTES = 1 << 20 };

static const char *const state_names[VERSION_STATE__COUNT] = {
	[VERSION_PROPOSED] = "proposed",   [VERSION_REPLACED] = "replaced before all had signed",
	[VERSION_WITHDRAWN] = "withdrawn", [VERSION_SIGNED] = "signed",
	[VERSION_IN_FORCE] = "in force",   [VERSION_SUPERSEDED] = "superseded",
};

const char *version_state_name(enum version_state state)
{
	return state_names[state];
}

void agreement_hash(struct str signed_text, char out[AGREEMENT_HASH_TEXT])
{
	unsigned char hash[HASH_BYTES];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)signed_text.at, signed_text.len, NULL, 0);
	sodium_bin2hex(out, AGREEMENT_HASH_TEXT, hash, sizeof(hash));
}

/* ---- what stands in the book ---- */

struct signature_read {
	int version;
	struct str hash;
	struct agreement_signature signature;
};

struct loading {
	struct agreements *out;
	struct arena *arena;
	struct str *texts; /* of the versions */
	struct signature_read *signatures;
	size_t text_capacity, version_capacity, signature_count, signature_capacity, annex_capacity;
};

static struct str text_of(const struct record *record, enum field code, struct arena *arena)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(arena, value->as.text) : STR_NONE;
}

static int64_t time_of(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TIME ? value->as.time_ms : 0;
}

/* "2" as 2; 0 for what is no number. */
static int number_of(struct str text)
{
	int number = 0;

	for (size_t i = 0; i < text.len && i < 6; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return 0;
		number = number * 10 + (text.at[i] - '0');
	}
	return number;
}

static int see_version(void *context, const struct state *state, struct err *err)
{
	struct loading *l = context;
	const struct record *record = &state->record;
	struct agreements *out = l->out;
	struct agreement_version *version;
	struct str hash = text_of(record, FIELD_HASH, l->arena);
	size_t texts = out->count;

	ARENA_PUSH(l->arena, l->texts, texts, l->text_capacity);
	ARENA_PUSH(l->arena, out->versions, out->count, l->version_capacity);
	version = &out->versions[out->count];
	*version = (struct agreement_version){
		.number = number_of(record->key),
		.by = text_of(record, FIELD_BY, l->arena),
		.at_ms = time_of(record, FIELD_AT),
		.withdrawn = record_get(record, FIELD_STATUS) != NULL,
		.from_ms = INT64_MAX,
		.until_ms = INT64_MAX,
	};
	if (hash.len != AGREEMENT_HASH_TEXT - 1 || version->number != (int)out->count + 1)
		return err_set(err, ERR_DAMAGED, "version %.*s of the agreement does not stand where it should",
			       STR_ARG(record->key));
	memcpy(version->hash, hash.at, hash.len);
	l->texts[out->count++] = text_of(record, FIELD_WORDING, l->arena);
	return 0;
}

static int see_signature(void *context, const struct state *state, struct err *err)
{
	struct loading *l = context;
	const struct record *record = &state->record;
	struct str party = text_of(record, FIELD_PARTY, l->arena);
	struct signature_read *read;

	(void)err;
	ARENA_PUSH(l->arena, l->signatures, l->signature_count, l->signature_capacity);
	read = &l->signatures[l->signature_count];
	*read = (struct signature_read){
		.version = number_of(text_of(record, FIELD_AGREEMENT, l->arena)),
		.hash = text_of(record, FIELD_HASH, l->arena),
		.signature = { .who = text_of(record, FIELD_BY, l->arena), .at_ms = time_of(record, FIELD_AT) },
	};
	for (int p = 0; p < PARTY__COUNT; p++)
		if (str_is(party, party_name((enum party)p))) {
			read->signature.party = (enum party)p;
			l->signature_count++;
			break;
		}
	return 0;
}

static int see_annex(void *context, const struct state *state, struct err *err)
{
	struct loading *l = context;
	const struct record *record = &state->record;

	(void)err;
	ARENA_PUSH(l->arena, l->out->annexes, l->out->annex_count, l->annex_capacity);
	l->out->annexes[l->out->annex_count++] = (struct agreement_annex){
		.by = text_of(record, FIELD_BY, l->arena),
		.text = text_of(record, FIELD_WORDING, l->arena),
		.at_ms = time_of(record, FIELD_AT),
	};
	return 0;
}

static int read_book(struct loading *l, struct book *book, int64_t known_at_ms, struct err *err)
{
	const struct reading reading = { .known_at_ms = known_at_ms };
	int rc = book_states(book, OBJECT_AGREEMENT, &reading, see_version, l, err);

	if (!rc)
		rc = book_states(book, OBJECT_SIGNATURE, &reading, see_signature, l, err);
	if (!rc)
		rc = book_states(book, OBJECT_ANNEX, &reading, see_annex, l, err);
	return rc;
}

/* ---- who has signed ---- */

/* What was bound is what stands there: else neither text nor signature can be believed. */
static int check_hash(const struct agreement_version *version, struct err *err)
{
	char hash[AGREEMENT_HASH_TEXT];

	agreement_hash(version->agreement->signed_text, hash);
	if (strcmp(hash, version->hash) == 0)
		return 0;
	return err_set(
		err, ERR_DAMAGED,
		"the text of version %d of the agreement is not the one that was proposed: its hash is %.16s…, not "
		"%.16s…; run lockstep verify",
		version->number, hash, version->hash);
}

static void take_signatures(struct loading *l, struct agreement_version *version)
{
	version->signatures = ARENA_ARRAY(l->arena, struct agreement_signature, l->signature_count + 1);
	for (size_t i = 0; i < l->signature_count; i++) {
		const struct signature_read *read = &l->signatures[i];

		if (read->version == version->number && str_is(read->hash, version->hash))
			version->signatures[version->signature_count++] = read->signature;
	}
	for (int p = 0; p < PARTY__COUNT; p++) {
		const struct names *signs = &version->agreement->parties[p].signs;

		for (size_t i = 0; i < signs->count; i++)
			version->missing += !agreement_signature_of(version, (enum party)p, signs->items[i]);
	}
}

const struct agreement_signature *agreement_signature_of(const struct agreement_version *version, enum party party,
							 struct str who)
{
	for (size_t i = 0; i < version->signature_count; i++)
		if (version->signatures[i].party == party && str_eq(version->signatures[i].who, who))
			return &version->signatures[i];
	return NULL;
}

/* Once all have signed: from its day, or from the last signature. A later version ends it, or keeps it from beginning. */
static void set_times(struct agreements *agreements)
{
	for (size_t i = 0; i < agreements->count; i++) {
		struct agreement_version *version = &agreements->versions[i];

		version->replaced = version->missing && !version->withdrawn && i + 1 < agreements->count;
		if (version->missing || version->withdrawn)
			continue;
		version->from_ms = zone_day_start_ms(version->zone, version->agreement->in_force);
		for (size_t s = 0; s < version->signature_count; s++)
			if (version->signatures[s].at_ms > version->from_ms)
				version->from_ms = version->signatures[s].at_ms;
		for (size_t e = 0; e < i; e++) {
			struct agreement_version *earlier = &agreements->versions[e];

			if (earlier->from_ms >= version->from_ms)
				earlier->from_ms = INT64_MAX;
			if (earlier->until_ms > version->from_ms)
				earlier->until_ms = version->from_ms;
		}
	}
}

/* ---- annexes ---- */

/* A text's annexes, and when they were said. */
struct annex_word {
	struct annexes annexes;
	int64_t at_ms;
};

static int read_annex_words(struct loading *l, struct annex_word *words, struct err *err)
{
	for (size_t i = 0; i < l->out->annex_count; i++) {
		const struct agreement_annex *annex = &l->out->annexes[i];
		struct problems problems;

		problems_init(&problems, l->arena);
		words[i].at_ms = annex->at_ms;
		if (annexes_read(&words[i].annexes, annex->text, "annexes in the book", &problems, l->arena, err))
			return err->kind;
		if (problems.count)
			return err_set(err, ERR_DAMAGED, "annexes in the book cannot be read: line %ld: %.*s",
				       problems.items[0].line, STR_ARG(problems.items[0].text));
	}
	return 0;
}

/* All that was recorded by itself or came with a version that all signed, in that order, and at last what comes with this one. */
static struct annexes annexes_for(const struct loading *l, const struct annex_word *words, const struct annexes *own,
				  const struct agreement_version *version)
{
	struct annexes out = { .day_count = 0 };
	size_t word = 0;

	for (size_t i = 0; i <= l->out->count; i++) {
		const struct agreement_version *other = i < l->out->count ? &l->out->versions[i] : NULL;

		for (; word < l->out->annex_count && (!other || words[word].at_ms < other->at_ms); word++)
			annexes_join(&out, &words[word].annexes, l->arena);
		if (other && (other == version || (!other->missing && !other->withdrawn)))
			annexes_join(&out, &own[i], l->arena);
	}
	return out;
}

static int join_annexes(struct loading *l, struct agreement **read, struct err *err)
{
	struct annex_word *words = ARENA_ARRAY(l->arena, struct annex_word, l->out->annex_count + 1);
	struct annexes *own = ARENA_ARRAY(l->arena, struct annexes, l->out->count + 1);

	if (read_annex_words(l, words, err))
		return err->kind;
	for (size_t i = 0; i < l->out->count; i++)
		own[i] = read[i]->annexes;
	l->out->in_all = annexes_for(l, words, own, NULL);
	for (size_t i = 0; i < l->out->count; i++)
		read[i]->annexes = annexes_for(l, words, own, &l->out->versions[i]);
	return 0;
}

/* ---- loading ---- */

static int take_zone(struct agreements *out, struct agreement_version *version, struct arena *arena, struct err *err)
{
	struct zone *zone;

	if (zone_load(&zone, arena_cstr(arena, version->agreement->zone), err))
		return err->kind;
	out->zones[out->zone_count++] = zone;
	version->zone = zone;
	return 0;
}

static int read_versions(struct loading *l, struct agreement **read, struct err *err)
{
	for (size_t i = 0; i < l->out->count; i++) {
		struct agreement_version *version = &l->out->versions[i];
		const char *name = arena_printf(l->arena, "version %d of the agreement", version->number);
		struct problems problems;

		problems_init(&problems, l->arena);
		if (agreement_read(&read[i], l->texts[i], name, &problems, l->arena, err))
			return err->kind;
		if (problems.count)
			return err_set(err, ERR_STATE, "%s cannot be read by this program: line %ld: %.*s", name,
				       problems.items[0].line, STR_ARG(problems.items[0].text));
		version->agreement = read[i];
		if (check_hash(version, err) || take_zone(l->out, version, l->arena, err))
			return err->kind;
		take_signatures(l, version);
	}
	return 0;
}

int agreements_load(struct agreements *out, struct book *book, struct arena *arena, struct err *err)
{
	return agreements_load_known(out, book, INT64_MAX, arena, err);
}

int agreements_load_known(struct agreements *out, struct book *book, int64_t known_at_ms, struct arena *arena,
			  struct err *err)
{
	struct loading l = { .out = out, .arena = arena };
	struct agreement **read;

	*out = (struct agreements){ .count = 0 };
	if (read_book(&l, book, known_at_ms, err))
		return err->kind;
	out->zones = ARENA_ARRAY(arena, struct zone *, out->count + 1);
	read = ARENA_ARRAY(arena, struct agreement *, out->count + 1);
	if (read_versions(&l, read, err) || join_annexes(&l, read, err)) {
		agreements_release(out);
		return err->kind;
	}
	set_times(out);
	for (size_t i = 0; i < out->count; i++) {
		struct agreement_version *version = &out->versions[i];

		version->calendar = agreement_calendar(version->agreement, version->zone, arena);
	}
	return 0;
}

static int of_text(struct agreements *out, struct str text, const char *path, bool sent, struct problems *problems,
		   struct arena *arena, struct err *err)
{
	struct agreement_version *version = ARENA_NEW(arena, struct agreement_version);
	struct annexes own, joined = { .day_count = 0 };
	struct agreement *agreement;

	*out = (struct agreements){ .versions = version, .zones = ARENA_ARRAY(arena, struct zone *, 1) };
	if (agreement_read(&agreement, text, path, problems, arena, err))
		return err->kind;
	own = agreement->annexes;
	holidays_take_in(&own, path, sent, problems, arena);
	if (problems->count)
		return 0;
	annexes_join(&joined, &own, arena);
	agreement->annexes = joined;
	*version = (struct agreement_version){ .agreement = agreement, .from_ms = INT64_MIN, .until_ms = INT64_MAX };
	agreement_hash(agreement->signed_text, version->hash);
	if (take_zone(out, version, arena, err))
		return err->kind;
	version->calendar = agreement_calendar(agreement, version->zone, arena);
	out->count = 1;
	return 0;
}

int agreements_of_file(struct agreements *out, const char *path, struct problems *problems, struct arena *arena,
		       struct err *err)
{
	struct str text;

	*out = (struct agreements){ .count = 0 };
	if (file_read(&text, path, MAX_AGREEMENT_BYTES, arena, err))
		return err->kind;
	return of_text(out, text, path, false, problems, arena, err);
}

int agreements_of_text(struct agreements *out, struct str text, const char *name, struct problems *problems,
		       struct arena *arena, struct err *err)
{
	return of_text(out, text, name, true, problems, arena, err);
}

int agreements_of_version(struct agreements *out, struct book *book, struct str number, struct arena *arena,
			  struct err *err)
{
	const struct agreement_version *found;
	struct agreement_version *tried;

	if (agreements_load(out, book, arena, err))
		return err->kind;
	found = agreements_numbered(out, number);
	if (!found)
		return err_set(err, ERR_INPUT, "there is no version %.*s of the agreement in the book; the last is %zu",
			       STR_ARG(number), out->count);
	tried = ARENA_NEW(arena, struct agreement_version);
	*tried = *found;
	tried->number = 0;
	tried->tried = found->number;
	tried->from_ms = INT64_MIN;
	tried->until_ms = INT64_MAX;
	out->versions = tried;
	out->count = 1;
	return 0;
}

void agreements_release(struct agreements *agreements)
{
	for (size_t i = 0; i < agreements->zone_count; i++)
		zone_free(agreements->zones[i]);
	*agreements = (struct agreements){ .count = 0 };
}

/* ---- asking ---- */

const struct agreement_version *agreements_at(const struct agreements *agreements, int64_t at_ms)
{
	for (size_t i = agreements->count; i--;) {
		const struct agreement_version *version = &agreements->versions[i];

		if (version->from_ms <= at_ms && at_ms < version->until_ms)
			return version;
	}
	return NULL;
}

const struct agreement_version *agreements_numbered(const struct agreements *agreements, struct str number)
{
	int wanted = number_of(number);

	return wanted > 0 && (size_t)wanted <= agreements->count ? &agreements->versions[wanted - 1] : NULL;
}

const struct agreement_version *agreements_proposed(const struct agreements *agreements)
{
	const struct agreement_version *last = agreements->count ? &agreements->versions[agreements->count - 1] : NULL;

	return last && last->missing && !last->withdrawn ? last : NULL;
}

enum version_state agreement_version_state(const struct agreement_version *version, int64_t now_ms)
{
	if (version->withdrawn)
		return VERSION_WITHDRAWN;
	if (version->missing)
		return version->replaced ? VERSION_REPLACED : VERSION_PROPOSED;
	if (version->until_ms <= now_ms)
		return VERSION_SUPERSEDED;
	return version->from_ms <= now_ms ? VERSION_IN_FORCE : VERSION_SIGNED;
}
