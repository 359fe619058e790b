/* The JSON body of a request from any bytes, held against members of every type: it is read or refused with a word, and what passes is as the
 * members say. */
#include "serve/body.h"
#include "base/err.h"
#include "serve/member.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct member item_members[] = {
	{ .name = "amount", .type = MEMBER_NUMBER, .required = true },
	{ .name = "day", .type = MEMBER_DATE },
	{ .name = NULL },
};
static const struct member item = { .name = "", .type = MEMBER_OBJECT, .members = item_members };
static const struct member members[] = {
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .least = 1, .most = 20 },
	{ .name = "whole", .type = MEMBER_WHOLE, .least = 1, .most = 10, .null = true },
	{ .name = "number", .type = MEMBER_NUMBER },
	{ .name = "flag", .type = MEMBER_FLAG },
	{ .name = "date", .type = MEMBER_DATE },
	{ .name = "time", .type = MEMBER_TIME },
	{ .name = "choice", .type = MEMBER_CHOICE, .choices = "yes|no|perhaps" },
	{ .name = "object", .type = MEMBER_OBJECT, .members = item_members },
	{ .name = "list", .type = MEMBER_LIST, .items = &item, .most = 3 },
	{ .name = "any", .type = MEMBER_ANY },
	{ .name = NULL },
};

static int depth_of(const json_t *value)
{
	int deepest = 0, depth;
	const char *name;
	json_t *one;
	size_t i;

	json_object_foreach((json_t *)value, name, one)
	{
		depth = depth_of(one);
		deepest = depth > deepest ? depth : deepest;
	}
	json_array_foreach((json_t *)value, i, one)
	{
		depth = depth_of(one);
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (json_is_object(value) || json_is_array(value));
}

static void passed(const json_t *body)
{
	const json_t *text = json_object_get(body, "text"), *whole = json_object_get(body, "whole");
	const json_t *list = json_object_get(body, "list");
	const char *name;
	json_t *value;

	if (!json_is_string(text) || !json_string_length(text) || json_string_length(text) > 4 * 20)
		BUG("a text passed that is missing, empty or too long");
	if (whole && !json_is_null(whole) && (json_integer_value(whole) < 1 || json_integer_value(whole) > 10))
		BUG("a whole number passed that is none from 1 to 10");
	if (json_array_size(list) > 3)
		BUG("a list passed that is too long");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!json_is_number(json_object_get(json_array_get(list, i), "amount")))
			BUG("an item passed without its amount");
	json_object_foreach((json_t *)body, name, value) if (!member_find(members, str_of(name)))
		BUG("a member passed that is not known");
}

/* Arguments are texts: the same bytes as each of them. */
static void as_arguments(struct str text, const struct zone *zone, struct arena *arena)
{
	struct problems problems;

	if (!utf8_valid(text))
		return;
	problems_init(&problems, arena);
	for (const struct member *m = members; m->name; m++)
		if (m->type != MEMBER_OBJECT && m->type != MEMBER_LIST && m->type != MEMBER_ANY)
			member_check_text(m, text, zone, &problems, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zone *zone;
	struct str bytes = { (const char *)data, size };
	struct err err = ERR_INIT;
	struct problems problems;
	struct arena arena;
	json_t *body;

	if (!zone && zone_load(&zone, "Europe/Berlin", &err))
		BUG("%s", err.text);
	arena_init(&arena);
	problems_init(&problems, &arena);
	body = body_read(bytes, &problems);
	if (!body && (problems.count != 1 || !problems.items[0].text.len))
		BUG("refused without a word");
	if (body) {
		if (depth_of(body) > BODY_DEPTH_MOST)
			BUG("it is %d deep", depth_of(body));
		members_check(members, body, zone, &problems, &arena);
		if (!problems.count)
			passed(body);
		json_decref(body);
	}
	as_arguments(bytes, zone, &arena);
	arena_release(&arena);
	return 0;
}
