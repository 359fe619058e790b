/* The maps that come with the program, and which of them a header belongs to. */
#include "base/asset.h"
#include "map/plan.h"

static int load(const struct map **out, struct str text, const char *name, struct arena *arena, struct err *err)
{
	struct problems problems;
	int rc;

	problems_init(&problems, arena);
	rc = map_parse(out, text, name, arena, &problems, err);
	if (rc)
		return rc;
	if (!*out)
		BUG("%s:%ld: %.*s", name, problems.items[0].line, STR_ARG(problems.items[0].text));
	((struct map *)(uintptr_t)*out)->preset = true;
	return 0;
}

static struct str preset_name(const char *asset)
{
	struct str s = str_of(asset);

	if (!str_starts(s, "presets/") || !str_ends(s, ".yaml"))
		return STR_NONE;
	return (struct str){ s.at + strlen("presets/"), s.len - strlen("presets/") - strlen(".yaml") };
}

static struct str preset_names(struct arena *arena)
{
	const char *asset, *text = "";

	for (size_t i = 0; asset_at(i, &asset), asset; i++)
		if (preset_name(asset).len)
			text = arena_printf(arena, "%s%s%.*s", text, text[0] ? ", " : "", STR_ARG(preset_name(asset)));
	return str_of(text);
}

int preset_named(const struct map **out, struct str name, struct arena *arena, struct problems *problems,
		 struct err *err)
{
	const char *asset;

	*out = NULL;
	for (size_t i = 0;; i++) {
		struct str text = asset_at(i, &asset);

		if (!asset)
			break;
		if (preset_name(asset).len && str_eq_fold(preset_name(asset), name))
			return load(out, text, asset, arena, err);
	}
	problem_add(problems, STR("--preset"), 0, 0, STR_NONE, "there is no preset \"%.*s\"; there are: %.*s.",
		    STR_ARG(name), STR_ARG(preset_names(arena)));
	return 0;
}

int preset_for(const struct map **out, const struct map_file **file, const struct csv_row *header, enum object as,
	       struct arena *arena, struct problems *problems, struct err *err)
{
	size_t best = 0;
	struct str rival = STR_NONE;
	const char *asset;

	*out = NULL;
	*file = NULL;
	for (size_t i = 0;; i++) {
		struct str text = asset_at(i, &asset);
		const struct map *map;
		const struct map_file *part;
		size_t score;
		int rc;

		if (!asset)
			break;
		if (!preset_name(asset).len)
			continue;
		rc = load(&map, text, asset, arena, err);
		if (rc)
			return rc;
		part = map_for(map, "", header, as);
		score = part ? map_understood(part, header) : 0;
		if (score > best) {
			best = score;
			*out = map;
			*file = part;
			rival = STR_NONE;
		} else if (score == best && score) {
			rival = map->name;
		}
	}
	if (rival.len) {
		problem_add(problems, STR_NONE, 1, 0, STR_NONE,
			    "the header fits the presets %.*s and %.*s alike; say which with --preset.",
			    STR_ARG(map_name(*out)), STR_ARG(rival));
		*out = NULL;
		*file = NULL;
	}
	return 0;
}
