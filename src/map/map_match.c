/* Which part of a map a file belongs to, and where a map's columns stand in its header. */
#include <fnmatch.h>

#include "map/plan.h"

int header_find(const struct csv_row *header, struct str name)
{
	int found = -1;

	name = str_trim(name);
	for (size_t i = 0; i < header->count; i++) {
		if (str_eq(header->cells[i], name))
			return (int)i;
		if (found < 0 && str_eq_fold(header->cells[i], name))
			found = (int)i;
	}
	return found;
}

int header_choose(const struct csv_row *header, const struct column_choice *choice, int *others)
{
	int first = -1;

	if (others)
		*others = 0;
	for (size_t i = 0; i < choice->names.count; i++) {
		int at = header_find(header, choice->names.items[i]);

		if (at < 0 || at == first)
			continue;
		if (first < 0)
			first = at;
		else if (others)
			++*others;
	}
	return first;
}

const char *header_nearest(const struct csv_row *header, struct str name, struct arena *arena)
{
	const char **candidates = ARENA_ARRAY(arena, const char *, header->count + 1);
	char wanted[256], got[256];
	size_t len = str_fold_name(name, wanted, sizeof(wanted));

	for (size_t i = 0; i < header->count; i++) {
		candidates[i] = arena_cstr(arena, header->cells[i]);
		if (len && str_fold_name(header->cells[i], got, sizeof(got)) == len && !memcmp(wanted, got, len))
			return candidates[i];
	}
	return str_nearest(name, candidates, header->count);
}

bool is_rejects_header(const struct csv_row *header)
{
	return header->count > 3 && str_is(header->cells[0], "line") && str_is(header->cells[1], "column") &&
	       str_is(header->cells[2], "reason");
}

/* How long the ending ".rejected.csv" or ".rejected-2.csv" is; 0: there is none. */
static size_t rejects_ending(struct str path)
{
	static const char ending[] = ".csv", stem[] = ".rejected";
	size_t at;

	if (!str_ends(path, ending))
		return 0;
	at = path.len - strlen(ending);
	while (at && path.at[at - 1] >= '0' && path.at[at - 1] <= '9')
		at--;
	if (at < path.len - strlen(ending)) {
		if (!at || path.at[at - 1] != '-')
			return 0;
		at--;
	}
	if (!str_ends((struct str){ path.at, at }, stem) || at == strlen(stem))
		return 0;
	return path.len - at + strlen(stem);
}

struct str path_without_rejects(const char *path)
{
	struct str s = str_of(path);

	for (size_t ending = rejects_ending(s); ending && ending < s.len; ending = rejects_ending(s))
		s.len -= ending;
	return s;
}

/* The last part of the path, without our own ending. */
static void base_name(const char *path, char *out, size_t size)
{
	struct str s = path_without_rejects(path);
	size_t from = s.len;

	while (from && s.at[from - 1] != '/')
		from--;
	s = (struct str){ s.at + from, s.len - from };
	if (s.len >= size)
		s.len = size - 1;
	memcpy(out, s.at, s.len);
	out[s.len] = 0;
}

static bool by_name(const struct map_file *file, const char *name)
{
	char glob[512];

	for (size_t i = 0; i < file->match.count; i++) {
		if (file->match.items[i].len >= sizeof(glob))
			continue;
		memcpy(glob, file->match.items[i].at, file->match.items[i].len);
		glob[file->match.items[i].len] = 0;
		if (fnmatch(glob, name, FNM_CASEFOLD) == 0)
			return true;
	}
	return false;
}

static bool by_header(const struct map_file *file, const struct csv_row *header)
{
	for (size_t i = 0; i < file->header_count; i++)
		if (header_choose(header, &file->header[i], NULL) < 0)
			return false;
	return file->header_count > 0;
}

static bool fits_object(const struct map_file *file, enum object as)
{
	return as == OBJECT_NONE || file->objects == NULL || (file->object_count && file->objects[0].as == as);
}

size_t map_understood(const struct map_file *file, const struct csv_row *header)
{
	size_t n = file->header_count;

	for (size_t o = 0; o < file->object_count; o++) {
		const struct map_object *object = &file->objects[o];

		for (size_t i = 0; i < object->rule_count; i++)
			n += header_choose(header, &object->rules[i].from, NULL) >= 0;
	}
	return n;
}

const struct map_file *map_for(const struct map *map, const char *path, const struct csv_row *header, enum object as)
{
	const struct map_file *best = NULL;
	size_t most = 0;
	char name[512];

	base_name(path, name, sizeof(name));
	/* a file that is named, and whose columns are there where they are asked for, before one that only has the columns */
	for (size_t i = 0; i < map->file_count; i++) {
		const struct map_file *file = &map->files[i];

		if (fits_object(file, as) && by_name(file, name) && (!file->header_count || by_header(file, header)))
			return file;
	}
	for (size_t i = 0; i < map->file_count; i++) {
		const struct map_file *file = &map->files[i];

		if (!fits_object(file, as) || !by_header(file, header))
			continue;
		/* deals have an id, a name and an industry too, as accounts do: the part that understands most of the columns */
		size_t understood = map_understood(file, header);
		if (!best || understood > most) {
			best = file;
			most = understood;
		}
	}
	return best;
}

bool map_file_names(const struct map_file *file, const char *path)
{
	char name[512];

	base_name(path, name, sizeof(name));
	return by_name(file, name);
}

void map_csv_options(const struct map *map, const char *path, struct csv_options *options)
{
	char name[512];

	*options = (struct csv_options)CSV_OPTIONS_DEFAULT;
	base_name(path, name, sizeof(name));
	for (size_t i = 0; i < map->file_count; i++)
		if (by_name(&map->files[i], name)) {
			*options = map->files[i].csv;
			/* a rejects file is written by us: commas, UTF-8, no lines before the header */
			if (path_without_rejects(path).len != strlen(path))
				*options = (struct csv_options)CSV_OPTIONS_DEFAULT;
			return;
		}
	if (map->file_count == 1)
		*options = map->files[0].csv;
}
