#include <pthread.h>

#include "desk/import_job.h"
#include "desk/links.h"
#include "io/terminal.h"

enum { MAP_MAX_BYTES = 1 << 22 };

/* ---- refusing ---- */

#define REFUSE(job, line, field, ...)                                                                                  \
	do {                                                                                                           \
		(job)->file->refused = true;                                                                           \
		problem_add(&(job)->file->problems, str_of((job)->path), (line), 0, (field), __VA_ARGS__);             \
	} while (0)

static void refuse_for(struct job *job, const struct err *why)
{
	REFUSE(job, 0, STR_NONE, "%s", why->text);
}

/* ---- which map ---- */

static struct str text_of_object(enum object as)
{
	return str_of(as == OBJECT_NONE ? "records" : object_plural(as));
}

static void no_part(struct job *job)
{
	const struct call *call = job->call;

	if (call->options->as != OBJECT_NONE)
		REFUSE(job, 0, STR_NONE, "the map \"%.*s\" has no part that reads this file as %.*s.",
		       STR_ARG(map_name(job->map)), STR_ARG(text_of_object(call->options->as)));
	else
		REFUSE(job, 0, STR_NONE,
		       "the map \"%.*s\" says nothing about this file; add a part with `match: %s`, or `skip:` it with a reason.",
		       STR_ARG(map_name(job->map)), strrchr(job->path, '/') ? strrchr(job->path, '/') + 1 : job->path);
}

static int choose_map(struct job *job, const struct csv_row *header, struct err *err)
{
	struct call *call = job->call;
	struct csv_row own = *header;
	int rc;

	if (is_rejects_header(header)) {
		own.cells += 3;
		own.count -= 3;
	}
	if (call->map) {
		job->map = call->map;
		job->part = map_for(job->map, call->options->named ? call->options->named : job->path, &own,
				    call->options->as);
		if (!job->part)
			no_part(job);
		return 0;
	}
	rc = preset_for(&job->map, &job->part, &own, call->options->as, call->arena, &job->file->problems, err);
	if (rc)
		return rc;
	if (job->map)
		return 0;
	job->file->refused = true;
	if (job->file->problems.count == 0 && call->options->advice)
		REFUSE(job, 1, STR_NONE, "no preset recognises these columns. %s", call->options->advice);
	else if (job->file->problems.count == 0)
		REFUSE(job, 1, STR_NONE,
		       "no preset recognises these columns. Write a map, beginning with: lockstep import --draft-map %s",
		       job->path);
	return 0;
}

/* A map that was changed is another map: what it says of a file read before is news, and stands above what was said before. */
static void identify_map(struct job *job)
{
	struct call *call = job->call;
	struct str name = map_name(job->map);
	struct str versions[64];
	size_t count = 0, mine;

	job->map_id = str_of(arena_printf(call->arena, "%.*s@%.*s", STR_ARG(name), STR_ARG(map_version(job->map))));
	for (size_t i = 0; i < call->import_count && count < 64; i++) {
		struct str id = call->imports[i].map;
		bool old = false;

		if (id.len <= name.len || memcmp(id.at, name.at, name.len) != 0 || id.at[name.len] != '@')
			continue;
		for (size_t k = 0; k < count; k++)
			old |= str_eq(versions[k], id);
		if (!old)
			versions[count++] = id;
	}
	for (mine = 0; mine < count && !str_eq(versions[mine], job->map_id);)
		mine++;
	job->settings.later_ms = (int64_t)mine;
}

/* What earlier versions of the map said of such a file gives way wholly to what this one says. */
static void find_replaced(struct job *job)
{
	struct call *call = job->call;
	struct str name = map_name(job->map);
	enum object as = map_file_object(job->part);
	uint64_t *list = ARENA_ARRAY(call->arena, uint64_t, call->import_count + 1);
	size_t count = 0, end = call->import_count;

	/* Imports of later versions do not give way when an earlier one is used again. */
	for (size_t i = call->import_count; i-- > 0;)
		if (str_eq(call->imports[i].map, job->map_id))
			end = i;
	for (size_t i = 0; i < end; i++) {
		const struct import *import = &call->imports[i];

		if (import->object != as || import->map.len <= name.len ||
		    memcmp(import->map.at, name.at, name.len) != 0 || import->map.at[name.len] != '@' ||
		    str_eq(import->map, job->map_id))
			continue;
		if (!memcmp(import->file_hash, job->facts.hash, HASH_BYTES) ||
		    map_file_names(job->part, arena_cstr(call->arena, import->path)))
			list[count++] = import->seq;
	}
	job->context.replaces = list;
	job->context.replace_count = count;
}

/* ---- when it was observed ---- */

static int settle_time(struct job *job, struct err *err)
{
	const struct import_options *options = job->call->options;
	bool found;
	int rc;

	job->import = (struct import){ .path = job->file->path,
				       .map = job->map_id,
				       .source = map_source(job->map),
				       .object = map_file_object(job->part) };
	if (job->call->map_text.len <= IMPORT_MAP_KEPT)
		job->import.map_text = job->call->map_text;
	memcpy(job->import.file_hash, job->facts.hash, HASH_BYTES);
	rc = book_import_find(job->call->book, &job->import, &found, err);
	if (rc)
		return rc;
	job->file->resumed = job->import.seq != 0 && !options->dry_run;
	if (options->exported_at_ms != INT64_MIN)
		job->import.observed_ms = options->exported_at_ms;
	else if (!found)
		job->import.observed_ms = job->facts.modified_ms;
	if (job->import.observed_ms > options->now_ms)
		job->import.observed_ms = options->now_ms;
	reader_observed(job->reader, job->import.observed_ms);
	return 0;
}

static void hash_row(void *context, struct str bytes, unsigned char out[16])
{
	book_row_hash(context, bytes, out);
}

static int make_reader(struct job *job, const struct csv_row *header, struct err *err)
{
	struct call *call = job->call;
	size_t before = job->file->problems.count;
	int rc;

	job->settings.zone = call->zone;
	job->settings.currency = book_settings(call->book)->currency;
	job->settings.now_ms = call->options->now_ms;
	job->settings.date_order = call->options->date_order;
	job->settings.mark = call->options->mark;
	job->settings.path = job->path;
	job->settings.row_hash = hash_row;
	job->settings.row_hash_context = call->book;
	job->settings.stages = &call->stages;
	rc = reader_new(&job->reader, job->map, job->part, header, &job->settings, &job->file->problems, err);
	if (rc == 0 && !job->reader)
		job->file->refused = job->file->problems.count > before;
	return rc;
}

/* ---- the first pass: nothing is written ---- */

static void note_encoding(struct job *job, const struct csv *csv)
{
	uint64_t odd = csv_odd_bytes(csv);

	if (csv_encoding(csv) != CSV_UTF8)
		job_note(job,
			 str_of(arena_printf(job->call->arena, "Read as %s.", csv_encoding_name(csv_encoding(csv)))));
	if (odd)
		job_note(job, str_of(arena_printf(
				      job->call->arena, "%llu byte%s made no sense in %s: %s.", (unsigned long long)odd,
				      odd == 1 ? "" : "s", csv_encoding_name(csv_encoding(csv)),
				      csv_encoding(csv) == CSV_UTF8 ? "read as Windows-1252" : "shown as \uFFFD")));
}

/* The file is split by one thread and looked at by another. */
static int scan(struct job *job, struct csv *csv, struct err *err)
{
	const struct fed_rows *some;
	struct err why = ERR_INIT;
	struct feed *feed;
	uint64_t rows = 0;
	int next = 0, rc = feed_open(&feed, NULL, csv, err);

	if (rc)
		return rc;
	while (rc == 0 && (next = feed_next(feed, &some, &why)) > 0)
		for (size_t i = 0; rc == 0 && i < some->count; i++) {
			reader_scan(job->reader, &some->items[i].own);
			rc = job_interrupted(job, err);
			if (++rows % PROGRESS_ROWS == 0)
				job_progress(job, some->bytes_read, some->bytes_total, rows, true);
		}
	feed_close(feed);
	job->rows_total = rows;
	if (rc)
		return rc;
	if (next < 0) {
		refuse_for(job, &why);
		return 0;
	}
	job->file->blank = (uint64_t)csv_blank_rows(csv);
	note_encoding(job, csv);
	reader_decide(job->reader, &job->file->problems);
	job->file->refused = job->file->problems.count > 0;
	return 0;
}

/* Opens the file, chooses the map, goes through the file once. Leaves `refused`, `skipped`, or a reader that is ready. */
static int look_through(struct job *job, struct err *err)
{
	struct imported_file *file = job->file;
	struct err why = ERR_INIT;
	struct csv_options options = CSV_OPTIONS_DEFAULT;
	int rc;

	if (job->call->map)
		map_csv_options(job->call->map, job->call->options->named ? job->call->options->named : job->path,
				&options);
	if (csv_open(&job->csv, job->path, &options, &why)) {
		refuse_for(job, &why);
		return 0;
	}
	rc = choose_map(job, csv_header(job->csv), err);
	if (rc == 0 && !file->refused) {
		file->map_name = map_name(job->map);
		file->skipped = map_file_skip(job->part);
		file->as = map_file_object(job->part);
		identify_map(job);
	}
	if (rc == 0 && !file->refused && !file->skipped.len)
		rc = make_reader(job, csv_header(job->csv), err);
	if (rc == 0 && job->reader && !file->refused)
		rc = scan(job, job->csv, err);
	return rc;
}

static void *find_facts(void *context)
{
	struct job *job = context;

	file_facts(&job->facts, job->path, &job->facts_err);
	return NULL;
}

/* Hashing the file takes as long as a good part of looking through it. */
static int prepare(struct job *job, struct err *err)
{
	struct imported_file *file = job->file;
	pthread_t thread;
	bool threaded = pthread_create(&thread, NULL, find_facts, job) == 0;
	int rc = look_through(job, err);

	if (threaded)
		pthread_join(thread, NULL);
	else
		find_facts(job);
	if (rc || file->refused || file->skipped.len)
		return rc;
	if (job->facts_err.kind) {
		refuse_for(job, &job->facts_err);
		return 0;
	}
	find_replaced(job);
	return settle_time(job, err);
}

/* ---- one file ---- */

static void keep_columns(struct job *job)
{
	const struct mapped_column *columns;
	size_t count = reader_columns(job->reader, &columns);
	struct mapped_column *copy = ARENA_ARRAY(job->call->arena, struct mapped_column, count + 1);

	for (size_t i = 0; i < count; i++) {
		copy[i].column = arena_str(job->call->arena, columns[i].column);
		copy[i].field = arena_str(job->call->arena, columns[i].field);
		copy[i].note = arena_str(job->call->arena, columns[i].note);
	}
	job->file->columns = copy;
	job->file->column_count = count;
}

static int take_in(struct job *job, struct err *err)
{
	const struct import_options *options = job->call->options;
	struct csv_row header = reader_header(job->reader);
	int rc = 0;

	rejects_init(&job->rejects, &header, job->call->arena);
	rejects_place(&job->rejects, job->path, options->rejects_folder, book_path(job->call->book));
	job->keeps_keys = job_keeps_keys(job);
	rc = job_weigh(job, err);
	if (rc == 0 && options->strict)
		rc = job_judge(job, err);
	reader_names(job->reader, job->call->names);
	if (rc == 0 && !job->file->refused)
		rc = job_take(job, err);
	if (rc == 0 && !job->file->refused)
		rc = job_tell(job, err);
	keep_columns(job);
	rejects_release(&job->rejects);
	return rc;
}

static int import_one(struct call *call, const char *path, struct imported_file *file, struct err *err)
{
	struct job job = { .call = call, .file = file, .path = arena_dup(call->arena, path) };
	char *real;
	const struct agreement_version *version = agreements_at(&call->agreements, call->options->now_ms);
	struct err why = ERR_INIT;
	int rc;

	problems_init(&file->problems, call->arena);
	file->path = str_of(job.path);
	if (file_real_path(&real, path, call->arena, &why) == 0)
		file->path = str_of(real);
	job.context = (struct append_context){ .now_ms = call->options->now_ms, .actor = call->options->actor };
	table_init(&job.seen);
	reasons_init(&job.reasons, version ? version->agreement : NULL);
	rc = prepare(&job, err);
	if (rc == 0 && !file->refused && !file->skipped.len)
		rc = take_in(&job, err);
	reader_free(job.reader);
	csv_close(job.csv);
	table_release(&job.seen);
	reasons_release(&job.reasons);
	return rc;
}

/* ---- the call ---- */

static int load_map(struct call *call, struct err *err)
{
	const struct import_options *options = call->options;
	struct err why = ERR_INIT;
	struct str text;

	problems_init(&call->map_problems, call->arena);
	if (options->map_path) {
		if (file_read(&text, options->map_path, MAP_MAX_BYTES, call->arena, &why)) {
			problem_add(&call->map_problems, str_of(options->map_path), 0, 0, STR_NONE, "%s", why.text);
			return 0;
		}
		call->map_text = text;
		return map_parse(&call->map, text, options->map_path, call->arena, &call->map_problems, err);
	}
	if (options->preset)
		return preset_named(&call->map, str_of(options->preset), call->arena, &call->map_problems, err);
	return 0;
}

static int know_name(void *context, const struct state *state, struct err *err)
{
	struct call *call = context;
	static const char *const kinds[OBJECT__COUNT] = {
		[OBJECT_ACCOUNT] = "account", [OBJECT_PERSON] = "owner", [OBJECT_STAGE] = "stage"
	};
	const struct value *name = record_get(&state->record, FIELD_NAME);

	(void)err;
	if (name && name->kind == VALUE_TEXT && state->record.object == OBJECT_STAGE)
		table_put(&call->stages, name->as.text, NULL);
	if (name && name->kind == VALUE_TEXT)
		lookalikes_add(call->names, lookalikes_kind(call->names, str_of(kinds[state->record.object])),
			       name->as.text);
	return 0;
}

static int know_names(struct call *call, struct err *err)
{
	static const enum object named[] = { OBJECT_ACCOUNT, OBJECT_PERSON, OBJECT_STAGE };
	struct reading reading = READING_ALL;
	int rc = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]) && rc == 0; i++)
		rc = book_states(call->book, named[i], &reading, know_name, call, err);
	return rc;
}

/* Rejected rows that a wildcard brought along: while nobody mends them, what they came from is read anew. Whoever names such files alone
 * means them. */
static bool is_brought_along(const char *const *paths, size_t count, const char *path)
{
	if (!is_rejects_file(path))
		return false;
	for (size_t i = 0; i < count; i++)
		if (path_without_rejects(paths[i]).len == strlen(paths[i]) ||
		    (strlen(paths[i]) < strlen(path) && str_starts(str_of(path), paths[i])))
			return true;
	return false;
}

static int import_or_pass(struct call *call, const char *path, bool brought_along, struct imported_file *file,
			  struct err *err)
{
	bool untouched = false;
	int rc = brought_along ? rejects_untouched(&untouched, path, call->book, call->arena, err) : 0;

	if (rc)
		return rc;
	if (!untouched)
		return import_one(call, path, file, err);
	file->path = str_of(arena_dup(call->arena, path));
	file->skipped = STR("rows that were rejected before; nobody has changed them since");
	return 0;
}

static int import_each(struct call *call, const char *const *paths, size_t count, struct import_summary *summary,
		       struct err *err)
{
	bool *brought_along = ARENA_ARRAY(call->arena, bool, count + 1);

	/* Before the first file is read: that may take its rejects away. */
	for (size_t i = 0; i < count; i++)
		brought_along[i] = is_brought_along(paths, count, paths[i]);
	summary->files = ARENA_ARRAY(call->arena, struct imported_file, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct imported_file *file = &summary->files[i];
		int rc = book_imports(call->book, &call->imports, &call->import_count, call->arena, err);

		if (rc == 0)
			rc = import_or_pass(call, paths[i], brought_along[i], file, err);
		if (rc)
			return rc;
		summary->count++;
		summary->refused |= file->refused;
	}
	return 0;
}

/* The column that a file of this call gives the field from; empty when none does. */
static struct str column_of(const struct import_summary *summary, const struct loose_links *links)
{
	for (size_t i = 0; i < summary->count; i++) {
		const struct imported_file *file = &summary->files[i];

		for (size_t k = 0; k < file->column_count && file->as == links->object; k++)
			if (str_is(file->columns[k].field, links->field->name))
				return file->columns[k].column;
	}
	return STR_NONE;
}

static const char *loose_text(const struct import_summary *summary, const struct loose_links *links,
			      struct arena *arena)
{
	const char *target = object_singular(links->field->target);
	const char *an = strchr("aeiou", target[0]) ? "an" : "a";
	const char *plural = links->object == OBJECT_STAGE_CHANGE ? "stage changes"
			     : links->object == OBJECT_LEAD_STEP  ? "steps of leads"
								  : object_plural(links->object);
	struct str column = column_of(summary, links);
	char loose[32], named[32], elsewhere[32];
	const char *text = arena_printf(arena, "%s of %s %s that name %s %s name one that is not in the book",
					count_text((int64_t)links->loose, loose),
					count_text((int64_t)links->named, named), plural, an, target);

	if (column.len)
		text = arena_printf(arena, "%s (column %.*s)", text, STR_ARG(column));
	if (links->elsewhere)
		text = arena_printf(arena,
				    "%s; %s of these ids stand in the book under another source: give both maps the "
				    "same `source:`",
				    text, count_text((int64_t)links->elsewhere, elsewhere));
	return text;
}

/* Links that lead nowhere come first among what is not known: they are a mistake more often than a gap. */
static void tell_loose(struct call *call, const struct links *links, struct import_summary *summary)
{
	size_t count = links->count;
	struct str *all = ARENA_ARRAY(call->arena, struct str, count + summary->unknown_count + 1);

	for (size_t i = 0; i < count; i++)
		all[i] = str_of(loose_text(summary, &links->loose[i], call->arena));
	for (size_t i = 0; i < summary->unknown_count; i++)
		all[count + i] = summary->unknown[i];
	summary->unknown = all;
	summary->unknown_count += count;
}

static int tell_known(struct call *call, struct import_summary *summary, struct err *err)
{
	struct known known;
	struct links links;
	int rc = call->counted ? 0 : counting_read(call->counting, call->book, err);

	if (rc == 0)
		rc = links_count(call->book, counting_targets(call->counting), &links, call->arena, err);
	if (rc)
		return rc;
	counting_tell(call->counting, links.voided, &known, call->arena);
	summary->known = known.known;
	summary->known_count = known.known_count;
	summary->unknown = known.unknown;
	summary->unknown_count = known.unknown_count;
	tell_loose(call, &links, summary);
	return 0;
}

static void refuse_map(struct call *call, struct import_summary *summary)
{
	summary->files = ARENA_ARRAY(call->arena, struct imported_file, 1);
	summary->count = 1;
	summary->refused = true;
	summary->files[0] = (struct imported_file){ .refused = true, .problems = call->map_problems };
	summary->files[0].path = str_of(call->options->map_path ? call->options->map_path : "--preset");
}

int import_files(struct book *book, const char *const *paths, size_t count, const struct import_options *options,
		 struct arena *arena, struct import_summary *summary, struct err *err)
{
	struct call call = { .book = book, .options = options, .arena = arena };
	int rc;

	*summary = (struct import_summary){ 0 };
	rc = zone_load(&call.zone, book_settings(book)->zone, err);
	if (rc)
		return rc;
	call.names = lookalikes_new();
	call.counting = counting_new(call.zone);
	call.counted = book_head(book).seq == 1; /* its settings alone */
	table_init(&call.stages);
	rc = load_map(&call, err);
	if (rc == 0 && call.map_problems.count) {
		refuse_map(&call, summary);
	} else if (rc == 0) {
		rc = agreements_load(&call.agreements, book, arena, err);
		if (rc == 0)
			rc = know_names(&call, err);
		/* A try is one transaction over all files, so that what it tells of the book includes them. */
		if (rc == 0 && options->dry_run)
			rc = book_begin(book, err);
		if (rc == 0)
			rc = import_each(&call, paths, count, summary, err);
		if (rc == 0)
			rc = tell_known(&call, summary, err);
		if (options->dry_run)
			book_rollback(book);
	}
	agreements_release(&call.agreements);
	lookalikes_free(call.names);
	counting_free(call.counting);
	table_release(&call.stages);
	zone_free(call.zone);
	return rc;
}
