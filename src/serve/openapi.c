/* The OpenAPI 3.1 document, written from the table of endpoints. */
#include <string.h>

#include "base/version.h"
#include "serve/endpoints.h"
#include "serve/who.h"

static json_t *schema_ref(const char *name, struct arena *arena)
{
	json_t *ref = json_object();

	json_object_set_new(ref, "$ref", json_string(arena_printf(arena, "#/components/schemas/%s", name)));
	return ref;
}

static json_t *content(const char *type, json_t *schema)
{
	json_t *content = json_object(), *media = json_object();

	json_object_set_new(media, "schema", schema);
	json_object_set_new(content, type, media);
	return content;
}

static json_t *parameter(const char *in, const char *name, bool required, const char *sentence, json_t *schema)
{
	json_t *item = json_object();

	json_object_set_new(item, "name", json_string(name));
	json_object_set_new(item, "in", json_string(in));
	json_object_set_new(item, "required", json_boolean(required));
	if (sentence)
		json_object_set_new(item, "description", json_string(sentence));
	json_object_set_new(item, "schema", schema);
	return item;
}

static json_t *header(const char *name, const char *sentence)
{
	return parameter("header", name, false, sentence, json_pack("{s:s}", "type", "string"));
}

static json_t *parameters(const struct endpoint *endpoint, struct arena *arena)
{
	json_t *list = json_array();
	struct str rest = str_of(endpoint->path + 1);

	while (rest.len) {
		struct str part = str_cut(&rest, '/');

		if (part.at[0] != '{')
			continue;
		json_array_append_new(list,
				      parameter("path", arena_cstr(arena, (struct str){ part.at + 1, part.len - 2 }),
						true, NULL, json_pack("{s:s}", "type", "string")));
	}
	for (const struct member *m = endpoint->arguments; m && m->name; m++)
		json_array_append_new(list, parameter("query", m->name, m->required, m->sentence, member_schema(m)));
	if (endpoint->desk == DESK_TELLS && endpoint->versioned)
		json_array_append_new(list,
				      header("If-Match", "the ETag of what was seen: 412 where it is no longer so"));
	if (endpoint_keyed(endpoint))
		json_array_append_new(list,
				      header("Idempotency-Key", "sent again with the same key, the same request gets "
								"the same answer, and nothing is done twice"));
	return list;
}

static json_t *response(const char *sentence, json_t *body)
{
	json_t *item = json_object();

	json_object_set_new(item, "description", json_string(sentence));
	if (body)
		json_object_set_new(item, "content", body);
	return item;
}

static json_t *responses(const struct endpoint *endpoint, struct arena *arena)
{
	json_t *all = json_object(), *schema, *refused;

	const char *status = arena_printf(arena, "%d", endpoint->status ? endpoint->status : 200);

	if (endpoint->status == 204) {
		json_object_set_new(all, status, response("Done.", NULL));
	} else if (endpoint->type) {
		schema = json_pack("{s:s}", "type", "string");
		json_object_set_new(all, status, response("As asked.", content(endpoint->type, schema)));
	} else {
		schema = endpoint->answer ? members_schema(endpoint->answer) : json_pack("{s:s}", "type", "object");
		json_object_set_new(all, status, response("As asked.", content("application/json", schema)));
	}
	refused = response("It was refused, or could not be done: what is wrong, member by member.",
			   content("application/problem+json", schema_ref("Problem", arena)));
	json_object_set(all, "4XX", refused);
	json_object_set_new(all, "default", refused);
	return all;
}

/* Who may, by what; roles stand there for who reads it, and for the test of each route with each role. */
static void add_access(json_t *item, const struct endpoint *endpoint)
{
	json_t *roles = json_array();

	for (int role = 0; role < ROLE__COUNT; role++)
		if (endpoint->roles >> role & 1)
			json_array_append_new(roles, json_string(role_name((enum role)role)));
	if (endpoint->in_person) {
		json_object_set_new(item, "security", json_pack("[{s:[]}]", "session"));
	} else if (json_array_size(roles)) {
		json_object_set_new(item, "security", json_pack("[{s:[]}, {s:[]}]", "session", "token"));
		json_object_set_new(item, "x-scope", json_string(grant_name(endpoint->grant)));
	} else {
		json_object_set_new(item, "security", json_array());
	}
	json_object_set_new(item, "x-roles", roles);
}

static json_t *request_body(const struct endpoint *endpoint)
{
	json_t *body = json_object(), *content = json_object(), *media = json_object(), *example;
	json_error_t error;

	json_object_set_new(media, "schema", endpoint->takes ? json_object() : members_schema(endpoint->members));
	if (endpoint->takes) {
		json_object_set_new(media, "example", json_string(endpoint->example));
	} else if (endpoint->example) {
		example = json_loads(endpoint->example, JSON_REJECT_DUPLICATES, &error);
		if (!example)
			BUG("the example of %s is no JSON: %s", endpoint->name, error.text);
		json_object_set_new(media, "example", example);
	}
	json_object_set_new(content, endpoint->takes ? endpoint->takes : "application/json", media);
	json_object_set_new(body, "required", json_true());
	json_object_set_new(body, "content", content);
	return body;
}

static json_t *operation(const struct endpoint *endpoint, struct arena *arena)
{
	json_t *item = json_object(), *list;

	json_object_set_new(item, "operationId", json_string(endpoint->name));
	json_object_set_new(item, "summary", json_string(endpoint->summary));
	json_object_set_new(item, "tags", json_pack("[s]", endpoint->tag));
	add_access(item, endpoint);
	list = parameters(endpoint, arena);
	if (json_array_size(list))
		json_object_set_new(item, "parameters", list);
	else
		json_decref(list);
	if (endpoint->members || endpoint->takes)
		json_object_set_new(item, "requestBody", request_body(endpoint));
	json_object_set_new(item, "responses", responses(endpoint, arena));
	return item;
}

static json_t *paths(struct arena *arena)
{
	struct endpoint_walk walk = { 0, 0 };
	json_t *all = json_object();

	for (const struct endpoint *e; (e = endpoint_next(&walk));) {
		json_t *path = json_object_get(all, e->path);
		char method[8] = "";

		if (!path) {
			path = json_object();
			json_object_set_new(all, e->path, path);
		}
		for (size_t i = 0; http_method_name(e->method)[i]; i++)
			method[i] = (char)(http_method_name(e->method)[i] | 0x20);
		json_object_set_new(path, method, operation(e, arena));
	}
	return all;
}

static const struct member problem_items[] = {
	{ .name = "member", .type = MEMBER_TEXT, .sentence = "which one is meant: lines[2].amount" },
	{ .name = "about", .type = MEMBER_TEXT, .sentence = "the file, or what else it is about" },
	{ .name = "line", .type = MEMBER_WHOLE },
	{ .name = "column", .type = MEMBER_WHOLE },
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "what is wrong and what to do" },
	{ .name = NULL },
};
static const struct member problem_item = { .name = "", .type = MEMBER_OBJECT, .members = problem_items };
static const struct member problem_members[] = {
	{ .name = "type", .type = MEMBER_TEXT, .required = true },
	{ .name = "title", .type = MEMBER_TEXT, .required = true },
	{ .name = "status", .type = MEMBER_WHOLE, .required = true },
	{ .name = "detail", .type = MEMBER_TEXT },
	{ .name = "problems", .type = MEMBER_LIST, .items = &problem_item },
	{ .name = NULL },
};

static void say_openapi(struct call *call)
{
	json_t *root = json_object(), *schemas = json_object();

	json_object_set_new(root, "openapi", json_string("3.1.0"));
	json_object_set_new(root, "info",
			    json_pack("{s:s, s:s, s:{s:s, s:s}, s:s}", "title", "Lockstep", "version", LOCKSTEP_VERSION,
				      "license", "name", "Apache 2.0", "identifier", "Apache-2.0", "description",
				      "The book that sales and marketing share. What is refused is told as a problem "
				      "document (RFC 9457) that names every wrong member at once."));
	json_object_set_new(root, "servers", json_pack("[{s:s}]", "url", "/"));
	json_object_set_new(root, "paths", paths(call->arena));
	json_object_set_new(schemas, "Problem", members_schema(problem_members));
	json_object_set_new(root, "components",
			    json_pack("{s:o, s:{s:{s:s, s:s, s:s}, s:{s:s, s:s}}}", "schemas", schemas,
				      "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name",
				      who_cookie_name(call->server), "token", "type", "http", "scheme", "bearer"));
	call_json(call, 200, root);
}

static const struct endpoint endpoint_openapi = {
	.method = HTTP_GET,
	.path = "/api/openapi.json",
	.name = "getOpenapi",
	.tag = "server",
	.summary = "This document",
	.run = say_openapi,
};

const struct endpoint *const endpoints_openapi[] = {
	&endpoint_openapi,
	NULL,
};
