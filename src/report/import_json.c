#include "report/import_json.h"

#include <stddef.h>

#include "report/answer_json.h"

static json_t *json_count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *json_texts(const struct str *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_str(texts[i]));
	return list;
}

static json_t *json_problems(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *p = &problems->items[i];
		json_t *item = json_object();

		json_object_set_new(item, "file", json_str(p->file));
		json_object_set_new(item, "line", p->line ? json_integer(p->line) : json_null());
		json_object_set_new(item, "column", p->column ? json_integer(p->column) : json_null());
		json_object_set_new(item, "field", json_str_or_null(p->field));
		json_object_set_new(item, "text", json_str(p->text));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_columns(const struct imported_file *file)
{
	json_t *list = json_array();

	for (size_t i = 0; i < file->column_count; i++) {
		json_t *item = json_object();

		json_object_set_new(item, "column", json_str(file->columns[i].column));
		json_object_set_new(item, "field", json_str_or_null(file->columns[i].field));
		json_object_set_new(item, "note", json_str_or_null(file->columns[i].note));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_file(const struct imported_file *file, bool dry_run)
{
	static const struct {
		const char *name;
		size_t at;
	} counts[] = {
		{ "rows", offsetof(struct imported_file, rows) },
		{ "accepted", offsetof(struct imported_file, accepted) },
		{ "unchanged", offsetof(struct imported_file, unchanged) },
		{ "changed", offsetof(struct imported_file, changed) },
		{ "older", offsetof(struct imported_file, older) },
		{ "rejected", offsetof(struct imported_file, rejected) },
		{ "superseded", offsetof(struct imported_file, superseded) },
		{ "left_out", offsetof(struct imported_file, skipped_rows) },
		{ "identical", offsetof(struct imported_file, identical) },
		{ "inner_headers", offsetof(struct imported_file, inner_headers) },
		{ "blank", offsetof(struct imported_file, blank) },
		{ "vanished", offsetof(struct imported_file, vanished) },
	};
	json_t *item = json_object();

	json_object_set_new(item, "file", json_str(file->path));
	json_object_set_new(item, "as", file->as ? json_string(object_plural(file->as)) : json_null());
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_object_set_new(item, counts[i].name,
				    json_count(*(const uint64_t *)((const char *)file + counts[i].at)));
	if (dry_run)
		json_object_set_new(item, "elsewhere",
				    file->elsewhere
					    ? json_pack("{s:o, s:I}", "source", json_str(file->elsewhere_source),
							"rows", (json_int_t)file->elsewhere)
					    : json_null());
	json_object_set_new(item, "rejected_file", json_str_or_null(dry_run ? STR_NONE : file->rejected_path));
	json_object_set_new(item, "map", json_str_or_null(file->map_name));
	json_object_set_new(item, "import", file->import_seq ? json_count(file->import_seq) : json_null());
	json_object_set_new(item, "refused", json_boolean(file->refused));
	json_object_set_new(item, "skipped", json_str_or_null(file->skipped));
	json_object_set_new(item, "resumed", json_boolean(file->resumed));
	json_object_set_new(item, "columns", json_columns(file));
	json_object_set_new(item, "notes", json_texts(file->notes, file->note_count));
	json_object_set_new(item, "problems", json_problems(&file->problems));
	if (dry_run)
		json_object_set_new(item, "preview", json_texts(file->preview, file->preview_rows));
	return item;
}

json_t *import_json(const struct import_summary *summary, bool dry_run)
{
	json_t *root = json_object(), *files = json_array();

	for (size_t i = 0; i < summary->count; i++)
		json_array_append_new(files, json_file(&summary->files[i], dry_run));
	json_object_set_new(root, "files", files);
	json_object_set_new(root, "unknown", json_texts(summary->unknown, summary->unknown_count));
	json_object_set_new(root, "known", json_texts(summary->known, summary->known_count));
	json_object_set_new(root, "dry_run", json_boolean(dry_run));
	return root;
}
