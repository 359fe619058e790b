/* Agreements to begin with: those that come with the program. */
#include <string.h>

#include "base/asset.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/who.h"

#define FOLDER "examples/agreements/"
#define ENDING ".yaml"

enum { TEXT_MOST = 1 << 20 };

static const struct member template_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "what it is called: small-b2b" },
	{ .name = "text",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = TEXT_MOST,
	  .sentence = "as YAML, to be changed" },
	{ .name = NULL },
};
static const struct member template_item = { .name = "", .type = MEMBER_OBJECT, .members = template_members };
static const struct member templates_members[] = {
	{ .name = "templates",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &template_item,
	  .sentence = "the one to begin with first" },
	{ .name = NULL },
};

static void list_templates(struct call *call)
{
	json_t *list = json_array();
	const char *name;
	struct str text;

	for (size_t i = 0; text = asset_at(i, &name), name; i++) {
		struct str stem = str_of(name);
		json_t *item;

		if (!str_starts(stem, FOLDER) || !str_ends(stem, ENDING))
			continue;
		stem = (struct str){ stem.at + strlen(FOLDER), stem.len - strlen(FOLDER) - strlen(ENDING) };
		item = json_pack("{s:o, s:o}", "name", json_str(stem), "text", json_str(text));
		if (str_is(stem, "small-b2b"))
			json_array_insert_new(list, 0, item);
		else
			json_array_append_new(list, item);
	}
	call_json(call, 200, json_pack("{s:o}", "templates", list));
}

static const struct endpoint endpoint_list_templates = {
	.method = HTTP_GET,
	.path = "/api/agreement/templates",
	.name = "listTemplates",
	.tag = "agreement",
	.roles = ROLES_LEAD,
	.summary = "Agreements to begin with",
	.answer = templates_members,
	.run = list_templates,
};

const struct endpoint *const endpoints_templates[] = { &endpoint_list_templates, NULL };
