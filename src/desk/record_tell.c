#include "desk/record_tell.h"

#include <inttypes.h>

#include "desk/intake.h"
#include "desk/record_draft.h"

enum { SAME_ID_SHOWN = 8 };

static int64_t this_second(const struct draft *draft)
{
	return draft->desk->now_ms - draft->desk->now_ms % 1000;
}

/* ---- finding ---- */

static size_t rows_of(const struct lead_desk *desk, const struct record_told *told, enum fact fact, struct str source,
		      struct str key, uint32_t rows[SAME_ID_SHOWN])
{
	size_t count;

	for (size_t i = 0; i < sizeof(told->rows) / sizeof(*told->rows); i++)
		if (record_rows_find(told->rows[i], fact, source, key, rows, SAME_ID_SHOWN, &count))
			return count;
	return cells_find(desk->facts, fact, source, key, rows, SAME_ID_SHOWN);
}

/* Those of that id that are seen; their number. The last of them is *row. */
static size_t seen_rows(const struct lead_desk *desk, const struct record_told *told, enum fact fact, struct str source,
			struct str key, uint32_t *row)
{
	uint32_t rows[SAME_ID_SHOWN];
	size_t count = rows_of(desk, told, fact, source, key, rows), seen = 0;

	for (size_t i = 0; i < count && i < SAME_ID_SHOWN; i++)
		if (cells_seen(desk->facts, fact, rows[i], &told->scope)) {
			*row = rows[i];
			seen++;
		}
	return seen;
}

/* By KEY, or SOURCE:KEY where no whole id is so. */
static size_t find(const struct lead_desk *desk, const struct record_told *told, enum fact fact, struct str source,
		   struct str key, uint32_t *row)
{
	size_t count = seen_rows(desk, told, fact, source, key, row);
	struct str rest = key, of = str_cut(&rest, ':');

	return count || source.len || !of.len || !rest.len ? count : seen_rows(desk, told, fact, of, rest, row);
}

static int find_unlisted(const struct lead_desk *desk, struct record_told *told, bool *found, struct err *err)
{
	struct str rest = told->key, of = told->source.len ? told->source : STR(INTAKE_SOURCE);

	if (book_knows(desk->book, told->kind->object, of, rest, found, err))
		return err->kind;
	if (!*found && !told->source.len) {
		of = str_cut(&rest, ':');
		if (of.len && rest.len && book_knows(desk->book, told->kind->object, of, rest, found, err))
			return err->kind;
	}
	if (*found) {
		told->key = rest;
		told->source = of;
	}
	return 0;
}

int record_find(const struct lead_desk *desk, struct record_told *told, uint32_t *row, bool *found, struct err *err)
{
	enum fact fact = told->kind->fact;

	if (fact == FACT__COUNT)
		return find_unlisted(desk, told, found, err);
	*found = find(desk, told, fact, told->source, told->key, row) == 1;
	if (*found) {
		told->key = cells_key(desk->facts, fact, *row, desk->arena);
		told->source = cells_source(desk->facts, fact, *row);
	}
	return 0;
}

/* ---- what it refers to ---- */

/* The record has the source of what it refers to. */
static void take_source(struct draft *draft, const char *member, struct str source)
{
	struct record_told *told = draft->told;

	if ((told->change || draft->source_of) && !str_eq(told->source, source))
		draft_wrong(draft, member, "is of another source, %.*s, than %s", STR_ARG(source),
			    draft->source_of ? draft->source_of : "the record itself");
	told->source = source;
	draft->source_of = member;
}

static void refer(struct draft *draft, enum field code, enum fact fact)
{
	struct value *value = draft_value(draft, code);
	const struct facts *facts = draft->desk->facts;
	const char *member;
	uint32_t row;
	size_t count;

	if (!value || value->kind != VALUE_REF)
		return;
	member = field_by_code(draft->told->kind->object, code)->name;
	count = find(draft->desk, draft->told, fact, STR_NONE, value->as.ref.key, &row);
	if (count > 1) {
		draft_wrong(draft, member, "is the id of several; say which as SOURCE:ID");
	} else if (!count) {
		draft_wrong(draft, member, "there is none of this id");
	} else {
		value->as.ref.key = cells_key(facts, fact, row, draft->desk->arena);
		take_source(draft, member, cells_source(facts, fact, row));
		draft->base = value->as.ref.key;
		draft->lead = fact == FACT_LEADS ? row : draft->lead;
	}
}

/* Persons and companies have no rows: the book says whether there is one of that id. */
static int refer_to_record(struct draft *draft, enum field code, enum object object, struct err *err)
{
	struct value *value = draft_value(draft, code);
	struct record_told *told = draft->told;
	struct str rest, of;
	const char *member;
	bool known;

	if (!value || value->kind != VALUE_REF)
		return 0;
	member = field_by_code(told->kind->object, code)->name;
	if (told->scope.kind != SCOPE_ALL && !told->sees) {
		draft_wrong(draft, member, "is not yours to say; say the lead");
		return 0;
	}
	rest = value->as.ref.key;
	of = told->source.len ? told->source : STR(INTAKE_SOURCE);
	if (book_knows(draft->desk->book, object, of, rest, &known, err))
		return err->kind;
	if (!known) {
		of = str_cut(&rest, ':');
		if (of.len && rest.len && book_knows(draft->desk->book, object, of, rest, &known, err))
			return err->kind;
	}
	if (known && (!told->sees || told->sees(told->context, object, of, rest))) {
		value->as.ref.key = rest;
		take_source(draft, member, of);
		draft->base = draft->base.len ? draft->base : rest;
	} else {
		draft_wrong(draft, member, "there is none of this id; of another source it is SOURCE:ID");
	}
	return 0;
}

/* ---- whose it is ---- */

static bool is_colleague(struct draft *draft, struct str who)
{
	const struct agreements *agreements = &draft->desk->agreements;
	struct problems none;

	problems_init(&none, draft->desk->arena);
	if (str_eq(who, draft->told->by) || lead_desk_colleague(draft->desk, NULL, who, &none))
		return true;
	for (size_t i = 0; i < agreements->count; i++)
		if (lead_desk_colleague(draft->desk, agreements->versions[i].agreement, who, &none))
			return true;
	return false;
}

/* Who sees only some of the records tells none of another's. */
static void stay_own(struct draft *draft, enum field code, struct str own)
{
	const struct field_def *def = field_by_code(draft->told->kind->object, code);
	const struct value *value = draft_value(draft, code);

	if (def && value && !(value->kind == VALUE_TEXT && own.len && str_eq(value->as.text, own)))
		draft_wrong(draft, def->name, "is not yours to say");
}

static void default_text(struct draft *draft, enum field code, struct str text)
{
	if (text.len && field_by_code(draft->told->kind->object, code) && !draft_value(draft, code))
		draft_add(draft, code, VALUE_TEXT)->as.text = text;
}

static struct str lead_owner(const struct draft *draft)
{
	const struct facts *facts = draft->desk->facts;

	return draft->lead == REF_NONE ? STR_NONE : cell_name(cells_of(facts, FACT_LEADS, "owner"), draft->lead);
}

static void whose(struct draft *draft)
{
	const struct record_told *told = draft->told;
	const struct scope *scope = &told->scope;
	const struct value *owner = draft_value(draft, FIELD_OWNER);
	bool partner = scope->kind == SCOPE_PARTNER;

	if (scope->kind != SCOPE_ALL) {
		stay_own(draft, FIELD_OWNER, partner ? STR_NONE : scope->name);
		stay_own(draft, FIELD_TEAM, scope->team);
		stay_own(draft, FIELD_PARTNER, partner ? scope->name : STR_NONE);
	} else if (owner && owner->kind == VALUE_TEXT && !is_colleague(draft, owner->as.text)) {
		draft_wrong(draft, "owner", "nobody of ours is called \"%.*s\"", STR_ARG(owner->as.text));
	}
	if (told->change)
		return;
	if (partner)
		default_text(draft, FIELD_PARTNER, scope->name);
	if (partner && told->kind->object == OBJECT_CONTACT && !draft_says(draft, FIELD_ACCOUNT))
		draft_wrong(draft, "account", "is missing: a company of yours");
	if (told->kind->fact == FACT__COUNT && scope->kind == SCOPE_ALL)
		return;
	/* What comes from a lead or a deal is its owner's; a deal takes that from its lead here, the rest follows from the deal. */
	if (told->kind->object != OBJECT_ACTIVITY && !draft_says(draft, FIELD_OPPORTUNITY_REF))
		default_text(draft, FIELD_OWNER, lead_owner(draft));
	if (told->kind->object == OBJECT_ACTIVITY || (!draft->base.len && !partner))
		default_text(draft, FIELD_OWNER, told->by);
}

/* ---- deals ---- */

static bool ends(const char *means)
{
	return str_is(STR("won"), means) || str_is(STR("order"), means) || str_is(STR("lost"), means) ||
	       str_is(STR("discontinued"), means);
}

/* Those that somebody told the meaning of, those of the agreement, and those that deals are in; the first have a meaning. */
static size_t stages_known(const struct draft *draft, const char ***out, bool *any_agreed)
{
	const struct lead_desk *desk = draft->desk;
	const struct column *of_deals = cells_of(desk->facts, FACT_OPPORTUNITIES, "stage");
	const struct agreements *agreements = &desk->agreements;
	const struct stage_def *stages;
	size_t count = facts_stages(desk->facts, &stages), most = count + rows_codes(of_deals);
	const char **names;

	for (size_t i = 0; i < agreements->count; i++)
		most += agreements->versions[i].agreement->stage_count;
	names = ARENA_ARRAY(desk->arena, const char *, most + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = arena_cstr(desk->arena, stages[i].name);
	*any_agreed = false;
	for (size_t i = 0; i < agreements->count; i++)
		for (size_t k = 0; k < agreements->versions[i].agreement->stage_count; k++) {
			names[count++] = arena_cstr(desk->arena, agreements->versions[i].agreement->stages[k].name);
			*any_agreed = true;
		}
	for (uint32_t code = 1; code < rows_codes(of_deals); code++)
		names[count++] = arena_cstr(desk->arena, rows_name(of_deals, code));
	*out = names;
	return count;
}

/* NULL: the book or the agreement has stages, and none of this name, which is said. */
static const char *stage_means(struct draft *draft, struct str stage)
{
	const struct stage_def *stages;
	size_t told = facts_stages(draft->desk->facts, &stages), count;
	const char **names, *near;
	bool agreed;

	for (size_t i = 0; i < told; i++)
		if (str_eq(stages[i].name, stage))
			return stages[i].means;
	count = stages_known(draft, &names, &agreed);
	for (size_t i = told; i < count; i++)
		if (str_is(stage, names[i]))
			return "open";
	if (!told && !agreed)
		return "open";
	near = str_nearest(stage, names, count);
	draft_wrong(draft, "stage",
		    "is no stage of the pipeline%s%s%s; one that is new is told first, as a record of its own",
		    near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

/* Is it over as the book stands? */
static bool is_over(const struct draft *draft)
{
	static const char *const columns[] = { "won", "lost", "discontinued" };

	for (size_t i = 0; draft->told->change && i < sizeof(columns) / sizeof(*columns); i++)
		if (cell_time_ms(cells_of(draft->desk->facts, FACT_OPPORTUNITIES, columns[i]), draft->row) !=
		    CELL_NEVER)
			return true;
	return false;
}

static bool stands_there(const struct draft *draft, struct str stage)
{
	const struct facts *facts = draft->desk->facts;

	return draft->told->change &&
	       str_eq(cell_name(cells_of(facts, FACT_OPPORTUNITIES, "stage"), draft->row), stage);
}

/* Who moves a deal to a stage that ends it ends it now; who moves it back opens it again. */
static void close_deal(struct draft *draft)
{
	static const enum field closings[] = { FIELD_CLOSED, FIELD_WON, FIELD_LOST, FIELD_DISCONTINUED };
	enum { CLOSINGS = sizeof(closings) / sizeof(*closings) };
	const struct value *stage = draft_value(draft, FIELD_STAGE);
	const char *means;

	if (draft->told->kind->object != OBJECT_OPPORTUNITY || !stage || stage->kind != VALUE_TEXT)
		return;
	means = stage_means(draft, stage->as.text);
	if (!means || stands_there(draft, stage->as.text))
		return;
	for (size_t i = 0; i < CLOSINGS; i++)
		if (draft_value(draft, closings[i]))
			return;
	for (size_t i = 0; i < CLOSINGS; i++)
		if (closings[i] == FIELD_CLOSED && ends(means))
			draft_add(draft, FIELD_CLOSED, VALUE_TIME)->as.time_ms = this_second(draft);
		else if (is_over(draft))
			draft_add(draft, closings[i], VALUE_EMPTY);
}

/* ---- what it needs ---- */

static void need_all(struct draft *draft)
{
	const struct record_kind *kind = draft->told->kind;
	const struct value *value;

	for (const enum field *f = kind->needed; *f; f++) {
		value = draft_value(draft, *f);
		if (value ? value->kind == VALUE_EMPTY && draft->told->change : !draft->told->change)
			draft_wrong(draft, field_by_code(kind->object, *f)->name,
				    value ? "must not be empty" : "is missing");
	}
}

static void need_any(struct draft *draft)
{
	const struct record_kind *kind = draft->told->kind;
	struct buf names;

	if (!kind->any || draft->told->change)
		return;
	buf_init(&names, 400);
	for (const enum field *f = kind->any; *f; f++) {
		if (draft_says(draft, *f)) {
			buf_release(&names);
			return;
		}
		buf_addf(&names, "%s%s", names.len ? (f[1] ? ", " : " or ") : "",
			 field_by_code(kind->object, *f)->name);
	}
	draft_wrong(draft, field_by_code(kind->object, kind->any[0])->name, "is missing: %.*s is needed",
		    STR_ARG(buf_str(&names)));
	buf_release(&names);
}

static void add_now(struct draft *draft)
{
	enum field now = draft->told->kind->now;

	if (!draft->told->change && now && !draft_value(draft, now))
		draft_add(draft, now, VALUE_TIME)->as.time_ms = this_second(draft);
}

/* Stages are known by their names, whichever file told of them. */
static void check_stage(struct draft *draft)
{
	const struct value *name = draft_value(draft, FIELD_NAME);
	const struct stage_def *stages;
	size_t count = facts_stages(draft->desk->facts, &stages);

	if (draft->told->kind->object != OBJECT_STAGE || draft->told->change || !name || name->kind != VALUE_TEXT)
		return;
	for (size_t i = 0; i < count; i++)
		if (str_eq(stages[i].name, name->as.text))
			draft_wrong(draft, "name", "there is a stage of this name already");
}

static void check_kind(struct draft *draft)
{
	const struct value *kind = draft_value(draft, FIELD_KIND);

	if (draft->told->kind->object == OBJECT_ACTIVITY && kind && kind->kind == VALUE_TEXT)
		(void)lead_desk_contact_kind(draft->desk, kind->as.text, draft->problems);
}

/* Everything that can be wrong, at once. */
static int check(struct draft *draft, struct err *err)
{
	size_t before = draft->problems->count;

	draft_read(draft);
	refer(draft, FIELD_LEAD, FACT_LEADS);
	if (draft->told->kind->object != OBJECT_OPPORTUNITY)
		refer(draft, FIELD_OPPORTUNITY_REF, FACT_OPPORTUNITIES);
	if (refer_to_record(draft, FIELD_CONTACT, OBJECT_CONTACT, err) ||
	    refer_to_record(draft, FIELD_ACCOUNT, OBJECT_ACCOUNT, err))
		return err->kind;
	need_all(draft);
	need_any(draft);
	check_kind(draft);
	check_stage(draft);
	close_deal(draft);
	whose(draft);
	add_now(draft);
	return draft->problems->count > before;
}

/* ---- its key ---- */

static int is_known(struct draft *draft, struct str key, bool *known, struct err *err)
{
	return book_knows(draft->desk->book, draft->told->kind->object, draft->told->source, key, known, err);
}

/* Entries are numbered, and this is one: behind the id of what it belongs to, so no file calls another so. */
static int make_key(struct draft *draft, struct err *err)
{
	struct record_told *told = draft->told;
	uint64_t number = book_next_seq(draft->desk->book);
	bool known = true;
	int failed = 0;

	for (; known && !failed; number++) {
		told->key = str_of(draft->base.len
					   ? arena_printf(draft->desk->arena, "%.*s#%s.%" PRIu64, STR_ARG(draft->base),
							  told->kind->name, number)
					   : arena_printf(draft->desk->arena, "%s#%" PRIu64, told->kind->name, number));
		failed = is_known(draft, told->key, &known, err);
	}
	return failed;
}

static int name_it(struct draft *draft, struct err *err)
{
	struct record_told *told = draft->told;
	const struct value *named = told->kind->named ? draft_value(draft, told->kind->named) : NULL;

	if (!told->source.len)
		told->source = STR(INTAKE_SOURCE);
	if (told->change)
		return 0;
	if (!told->key.len && named)
		told->key = named->as.text;
	if (!told->key.len)
		return make_key(draft, err);
	if (is_known(draft, told->key, &told->taken, err))
		return err->kind;
	if (!told->taken)
		return 0;
	draft_wrong(draft, "id", "there is one of this id already");
	return 1;
}

/* ---- writing ---- */

/* Does the record say all this already? */
static int compare(const struct draft *draft, bool *same, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	const struct record_told *told = draft->told;
	struct state state;
	bool found;

	*same = false;
	if (!told->change)
		return 0;
	if (book_state_of(draft->desk->book, told->kind->object, told->source, told->key, &reading, &state, &found,
			  draft->desk->arena, err))
		return err->kind;
	*same = found;
	for (size_t i = 0; i < draft->count && *same; i++) {
		const struct value *now = record_get(&state.record, draft->fields[i].code);
		const struct value *said = &draft->fields[i].value;

		*same = now ? value_eq(now, said) : said->kind == VALUE_EMPTY;
	}
	return 0;
}

static int write(struct draft *draft, struct err *err)
{
	struct record_told *told = draft->told;
	struct lead_desk *desk = draft->desk;
	struct append_context context = { .now_ms = desk->now_ms, .actor = desk->actor };
	struct record record = { .object = told->kind->object,
				 .source = told->source,
				 .key = told->key,
				 .observed_ms = desk->now_ms,
				 .fields = draft->fields,
				 .count = draft->count };
	enum append_result result;

	if (compare(draft, &told->known, err))
		return err->kind;
	if (told->known)
		return 0;
	if (book_append(desk->book, &record, &context, &result, err))
		return err->kind;
	told->key = arena_str(desk->arena, book_last_key(desk->book));
	return 0;
}

/* The deal's own history of stages, which files have in one of their own: else nobody would know since when it is there. Of one that a file
 * told of, what the record said over time tells that; a single move beside it would take its place. */
static int write_move(struct draft *draft, struct err *err)
{
	struct lead_desk *desk = draft->desk;
	struct record_told *told = draft->told;
	const struct value *stage = draft_value(draft, FIELD_STAGE), *created = draft_value(draft, FIELD_CREATED);
	struct str first = str_of(arena_printf(desk->arena, "%.*s#stage", STR_ARG(told->key))), key = first;
	struct record_fields fields = { .count = 0 };
	bool now = created && created->kind == VALUE_TIME && created->as.time_ms == this_second(draft), news;

	if (told->kind->object != OBJECT_OPPORTUNITY || told->known || !stage || stage->kind != VALUE_TEXT)
		return 0;
	if (told->change) {
		if (stands_there(draft, stage->as.text))
			return 0;
		if (book_knows(desk->book, OBJECT_STAGE_CHANGE, told->source, first, &now, err))
			return err->kind;
		key = str_of(arena_printf(desk->arena, "%.*s.%" PRIu64, STR_ARG(first), book_next_seq(desk->book)));
	}
	if (!now)
		return 0;
	fields_ref(&fields, FIELD_OPPORTUNITY_REF, told->key);
	fields_text(&fields, FIELD_STAGE, stage->as.text);
	fields_time(&fields, FIELD_ENTERED, this_second(draft));
	return lead_desk_offer(desk, OBJECT_STAGE_CHANGE, told->source, key, &fields, &news, err);
}

/* Who makes a deal of a lead that was handed over has accepted it: else that it was would stay promised, and could not be told any more. */
static int accept_lead(struct draft *draft, struct err *err)
{
	struct lead_desk *desk = draft->desk;
	struct lead_word word = { .at_ms = this_second(draft), .by = draft->told->by };
	bool joined = desk->joined;
	struct problems none;
	struct lead_file file;
	struct lead_told told;
	int failed;

	if (draft->told->change || draft->told->kind->object != OBJECT_OPPORTUNITY || draft->lead == REF_NONE)
		return 0;
	lead_file_read(desk->files, draft->lead, &file, desk->arena);
	if (file.is_void || file.life.life != LIFE_HANDED_OFF)
		return 0;
	problems_init(&none, desk->arena);
	desk->joined = desk->begun = true;
	failed = lead_desk_tell(desk, &file, VERB_ACCEPT, &word, &told, &none, err);
	desk->joined = joined;
	desk->begun = joined;
	return failed < 0 ? failed : 0;
}

int record_tell(struct lead_desk *desk, struct record_told *told, struct problems *problems, struct err *err)
{
	struct draft *draft = ARENA_NEW(desk->arena, struct draft);
	bool found;
	int failed;

	*draft = (struct draft){ .desk = desk, .told = told, .problems = problems, .row = REF_NONE, .lead = REF_NONE };
	told->taken = told->known = false;
	if (told->change && told->kind->fact != FACT__COUNT) {
		if (record_find(desk, told, &draft->row, &found, err))
			return err->kind;
		if (!found)
			BUG("a change of a record that was not found");
	}
	failed = check(draft, err);
	if (!failed)
		failed = name_it(draft, err);
	if (failed)
		return failed;
	failed = lead_desk_begin(desk, err);
	if (failed)
		return failed;
	failed = accept_lead(draft, err);
	if (!failed)
		failed = write(draft, err);
	if (!failed)
		failed = write_move(draft, err);
	return lead_desk_commit(desk, failed, err);
}
