/* Hooks: by which other systems tell of leads. Made, changed and closed here; what they send comes in at /hooks/NAME. */
#include "desk/hooks.h"
#include "report/answer_json.h"
#include "serve/body.h"
#include "serve/endpoints.h"
#include "serve/limiter.h"
#include "serve/who.h"

enum { TEXT_MOST = 400, CELLS_MOST = 500, CELL_MOST = 10000, DEPTH_MOST = 8 };

#define ROLES_HOOKS (ROLE(MARKETING) | ROLE(ADMIN))

/* ---- telling ---- */

static const struct member hook_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "in its address" },
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "what it is for" },
	{ .name = "map",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = HOOK_MAP_MOST,
	  .sentence = "by which it is read" },
	{ .name = "kind", .type = MEMBER_TEXT, .required = true, .sentence = "of the touch by which a lead comes in" },
	{ .name = "closed", .type = MEMBER_FLAG, .required = true, .sentence = "it takes nothing in any more" },
	{ .name = "address", .type = MEMBER_TEXT, .required = true, .sentence = "where it is, on this server" },
	{ .name = "warning",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "that no rule of the agreement in force names its kind" },
	{ .name = "key", .type = MEMBER_TEXT, .sentence = "told once, when it is made" },
	{ .name = NULL },
};
static const struct member hook_item = { .name = "", .type = MEMBER_OBJECT, .members = hook_members };

static json_t *hook_json(const struct call *call, const struct hook *hook)
{
	json_t *root = json_object();

	json_object_set_new(root, "name", json_str(hook->name));
	json_object_set_new(root, "title", json_str(hook->title));
	json_object_set_new(root, "map", json_str(hook->map));
	json_object_set_new(root, "kind", json_str(hook_kind(hook)));
	json_object_set_new(root, "closed", json_boolean(hook->closed));
	json_object_set_new(root, "warning", json_str_or_null(touch_kind_doubt(call->desk, hook_kind(hook))));
	json_object_set_new(root, "address", json_string(http_path(call->arena, "/hooks/", hook->name)));
	return root;
}

/* False after saying what went wrong. */
static bool read_hooks(struct call *call, struct hooks *hooks)
{
	struct err err = ERR_INIT;

	if (!hooks_read(hooks, call->desk->book, call->arena, &err))
		return true;
	call_error(call, &err);
	return false;
}

/* The one whose name stands in the path; NULL after saying that there is none. */
static const struct hook *find(struct call *call)
{
	const struct hook *hook;
	struct hooks hooks;

	if (!read_hooks(call, &hooks))
		return NULL;
	hook = hooks_find(&hooks, call_part(call, 0));
	if (!hook)
		call_not_found(call, "There is no hook of this name.");
	return hook;
}

static void list_hooks(struct call *call)
{
	struct hooks hooks;
	json_t *list;

	if (!read_hooks(call, &hooks))
		return;
	list = json_array();
	for (size_t i = 0; i < hooks.count; i++)
		json_array_append_new(list, hook_json(call, &hooks.items[i]));
	call_json(call, 200, json_pack("{s:o}", "hooks", list));
}

static const struct member list_members[] = {
	{ .name = "hooks", .type = MEMBER_LIST, .required = true, .items = &hook_item, .sentence = "all there are" },
	{ .name = NULL },
};

static const struct endpoint endpoint_list = {
	.method = HTTP_GET,
	.path = "/api/hooks",
	.name = "listHooks",
	.tag = "hooks",
	.roles = ROLES_HOOKS,
	.desk = DESK_READS,
	.summary = "The hooks, by which other systems tell of leads",
	.answer = list_members,
	.run = list_hooks,
};

/* ---- making and changing ---- */

/* `key`: to be told, or NULL. */
static void write_hook(struct call *call, int status, const struct hook *hook, const char *key)
{
	struct err err = ERR_INIT;
	json_t *body;
	bool news;

	if (!call_went_well(call, hook_write(call->desk, hook, call->who.name, &news, &call->problems, &err), &err))
		return;
	body = hook_json(call, hook);
	if (key)
		json_object_set_new(body, "key", json_string(key));
	call_json(call, status, body);
}

static const struct member new_members[] = {
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = HOOK_NAME_MOST,
	  .sentence = "in its address: small letters, digits, hyphens" },
	{ .name = "title", .type = MEMBER_TEXT, .most = TEXT_MOST, .sentence = "what it is for" },
	{ .name = "kind",
	  .type = MEMBER_TEXT,
	  .most = TOUCH_KIND_MOST,
	  .sentence = "of the touch by which a lead comes in, as rules of the agreement name it; hook" },
	{ .name = "map",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = HOOK_MAP_MOST,
	  .sentence =
		  "YAML, as imports have it; its columns are the members of the object, `contact.email`, `tags.0`" },
	{ .name = NULL },
};

static void create_hook(struct call *call)
{
	struct hook hook = { .name = call_member(call, "name"),
			     .title = call_member(call, "title"),
			     .kind = call_member(call, "kind"),
			     .map = call_member(call, "map") };
	char key[HOOK_KEY_TEXT];
	struct hooks hooks;

	if (!read_hooks(call, &hooks))
		return;
	if (hooks_find(&hooks, hook.name)) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("name"), "there is a hook of this name already");
		call_problem(call, 409, "Refused", NULL);
		return;
	}
	hook_make_key(&hook, key, call->arena);
	write_hook(call, 201, &hook, key);
}

static const struct endpoint endpoint_create = {
	.method = HTTP_POST,
	.path = "/api/hooks",
	.name = "createHook",
	.tag = "hooks",
	.roles = ROLES_HOOKS,
	.grant = GRANT_WRITE,
	.in_person = true,
	.desk = DESK_TELLS,
	.told_once = true,
	.status = 201,
	.summary = "A new hook; its key is told once",
	.example =
		"{\"name\": \"fair\", \"map\": \"map: fair\\nsource: fair\\nfiles:\\n  - match: '*'\\n    as: leads\\n    key: id\\n    fields: {name: name}\\n\"}",
	.members = new_members,
	.answer = hook_members,
	.run = create_hook,
};

static const struct member change_members[] = {
	{ .name = "title", .type = MEMBER_TEXT, .most = TEXT_MOST, .sentence = "what it is for" },
	{ .name = "kind",
	  .type = MEMBER_TEXT,
	  .most = TOUCH_KIND_MOST,
	  .sentence = "of the touch by which a lead comes in, as rules of the agreement name it; hook" },
	{ .name = "map",
	  .type = MEMBER_TEXT,
	  .least = 1,
	  .most = HOOK_MAP_MOST,
	  .sentence = "YAML, as imports have it" },
	{ .name = "closed", .type = MEMBER_FLAG, .sentence = "true: it takes nothing in any more" },
	{ .name = NULL },
};

static void change_hook(struct call *call)
{
	const struct hook *before = find(call);
	struct hook hook;

	if (!before)
		return;
	hook = *before;
	if (json_object_get(call->body, "title"))
		hook.title = call_member(call, "title");
	if (json_object_get(call->body, "kind"))
		hook.kind = call_member(call, "kind");
	if (json_object_get(call->body, "map"))
		hook.map = call_member(call, "map");
	if (json_object_get(call->body, "closed"))
		hook.closed = json_is_true(json_object_get(call->body, "closed"));
	write_hook(call, 200, &hook, NULL);
}

static const struct endpoint endpoint_change = {
	.method = HTTP_PATCH,
	.path = "/api/hooks/{name}",
	.name = "changeHook",
	.tag = "hooks",
	.roles = ROLES_HOOKS,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.summary = "Changes what is given, or closes it",
	.members = change_members,
	.answer = hook_members,
	.run = change_hook,
};

static void renew_key(struct call *call)
{
	const struct hook *before = find(call);
	char key[HOOK_KEY_TEXT];
	struct hook hook;

	if (!before)
		return;
	hook = *before;
	hook_make_key(&hook, key, call->arena);
	write_hook(call, 200, &hook, key);
}

static const struct endpoint endpoint_key = {
	.method = HTTP_POST,
	.path = "/api/hooks/{name}/key",
	.name = "renewHookKey",
	.tag = "hooks",
	.roles = ROLES_HOOKS,
	.grant = GRANT_WRITE,
	.in_person = true,
	.desk = DESK_TELLS,
	.told_once = true,
	.summary = "A new key; the one before opens nothing any more",
	.answer = hook_members,
	.run = renew_key,
};

/* ---- taking in ---- */

/* The object as a row: a cell for each member that is no object or list, under its path. */
struct row {
	struct arena *arena;
	struct str names[CELLS_MOST], cells[CELLS_MOST];
	size_t count;
	const char *wrong; /* NULL: it is in order */
};

static struct str text_of(const json_t *value, struct arena *arena)
{
	switch (json_typeof(value)) {
	case JSON_STRING: return (struct str){ json_string_value(value), json_string_length(value) };
	case JSON_INTEGER: return str_of(arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
	case JSON_REAL: return str_of(arena_printf(arena, "%.15g", json_real_value(value)));
	case JSON_TRUE: return STR("yes");
	case JSON_FALSE: return STR("no");
	default: return STR("");
	}
}

static void flatten(struct row *row, const char *path, json_t *value, int depth)
{
	const char *name;
	json_t *member;
	struct str text;
	size_t i;

	if (depth > DEPTH_MOST)
		row->wrong = "The object is nested too deep.";
	else if (json_is_object(value))
		json_object_foreach(value, name, member)
			flatten(row, *path ? arena_printf(row->arena, "%s.%s", path, name) : name, member, depth + 1);
	else if (json_is_array(value))
		json_array_foreach(value, i, member)
			flatten(row, arena_printf(row->arena, "%s.%zu", path, i), member, depth + 1);
	else if (row->count == CELLS_MOST)
		row->wrong = "The object has too many members.";
	else {
		text = text_of(value, row->arena);
		if (text.len > CELL_MOST || memchr(text.at, '\0', text.len))
			row->wrong = "A text is too long, or holds a character that cannot be kept.";
		row->names[row->count] = str_of(path);
		row->cells[row->count++] = text;
	}
}

static void say_taken(struct call *call, const struct hook_taken *taken)
{
	call_json(call, 200,
		  json_pack("{s:s, s:o, s:o}", "result", hook_result_name(taken->result), "key",
			    json_str_or_null(taken->key), "source", json_str_or_null(taken->source)));
}

static void take_row(struct call *call, const struct hook *hook, json_t *object)
{
	struct row *row = ARENA_NEW(call->arena, struct row);
	struct csv_row header, cells;
	struct err err = ERR_INIT;
	struct hook_taken taken;
	int failed;

	row->arena = call->arena;
	flatten(row, "", object, 0);
	if (row->wrong) {
		call_problem(call, 422, "Not as expected", row->wrong);
		return;
	}
	header = (struct csv_row){ row->names, row->count, 1 };
	cells = (struct csv_row){ row->cells, row->count, 1 };
	failed = hook_take(call->desk, hook, &header, &cells, &taken, &call->problems, &err);
	if (failed > 0)
		call_wrong(call);
	else if (failed)
		call_error(call, &err);
	else
		say_taken(call, &taken);
}

/* "Authorization: Bearer KEY", or ?key=KEY where a system can send no header. */
static struct str key_of(const struct call *call)
{
	struct str given = http_header(call->request, "Authorization"), scheme = str_cut(&given, ' ');

	return str_eq_fold(scheme, STR("bearer")) ? str_trim(given) : http_argument(call->request, "key");
}

/* False after saying that the key opens nothing, or that it was tried too often. A hook that is not there looks the same. */
static bool opens(struct call *call, const struct hook *hook)
{
	char address[64];
	struct str from = limiter_address(call_client(call), address);
	int64_t wait_ms;

	if (hook && hook_opens(hook, key_of(call)))
		return true;
	if (limiter_take(server_limiter(call->server, LIMIT_ARRIVALS),
			 str_of(arena_printf(call->arena, "hook %.*s", STR_ARG(from))), call->now_ms, &wait_ms)) {
		call_problem(call, 403, "No key", "Send the hook's key: Authorization: Bearer KEY.");
		return false;
	}
	http_reply_header(call->reply, "Retry-After",
			  arena_printf(call->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
	call_problem(call, 429, "Too often", "Too many keys that open nothing; try again later.");
	return false;
}

static void receive(struct call *call)
{
	const struct hook *hook;
	struct hooks hooks;
	json_t *object;

	if (!read_hooks(call, &hooks))
		return;
	hook = hooks_find(&hooks, call_part(call, 0));
	if (!opens(call, hook))
		return;
	if (hook->closed) {
		call_problem(call, 410, "Closed", "This hook takes nothing in any more.");
		return;
	}
	object = body_read(call->request->body, &call->problems);
	if (json_is_object(object)) {
		take_row(call, hook, object);
	} else {
		if (object)
			problem_add(&call->problems, STR_NONE, 0, 0, STR_NONE, "it is no object");
		call_problem(call, 400, "No JSON", "The body is one JSON object.");
	}
	json_decref(object);
}

static const struct member taken_members[] = {
	{ .name = "result",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "new|changed|unchanged|touch|skipped",
	  .sentence = "touch: the person is an open lead already, which has one more touch" },
	{ .name = "key",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "of the record, or of that lead" },
	{ .name = "source", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "whose id that is" },
	{ .name = NULL },
};

static const struct endpoint endpoint_receive = {
	.method = HTTP_POST,
	.path = "/hooks/{name}",
	.name = "receiveHook",
	.tag = "public",
	.roles = ROLES_ANYBODY,
	.desk = DESK_TELLS,
	.strangers = true,
	.summary =
		"One JSON object, with the hook's key; it is in the book when this is answered, and told again changes nothing",
	.answer = taken_members,
	.run = receive,
};

const struct endpoint *const endpoints_hooks[] = {
	&endpoint_list, &endpoint_create, &endpoint_change, &endpoint_key, &endpoint_receive, NULL,
};
