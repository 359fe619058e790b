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

/* Of JSON, or of one form of it or another. */
static json_t *answers_schema(const struct endpoint *endpoint)
{
	json_t *schema = answer_schema(endpoint->answer);

	return endpoint->or_answer ? json_pack("{s:[o, o]}", "anyOf", schema, answer_schema(endpoint->or_answer))
				   : schema;
}

static json_t *contents(const struct endpoint *endpoint, struct arena *arena)
{
	json_t *all = endpoint->answer ? content("application/json", answers_schema(endpoint)) : json_object();
	struct str types = str_of(endpoint->type);

	while (types.len) {
		json_t *one = content(arena_cstr(arena, str_cut(&types, '|')), json_pack("{s:s}", "type", "string"));

		json_object_update(all, one);
		json_decref(one);
	}
	return all;
}

static json_t *responses(const struct endpoint *endpoint, struct arena *arena)
{
	const char *status = arena_printf(arena, "%d", endpoint->status ? endpoint->status : 200);
	json_t *all = json_object(), *refused;

	json_object_set_new(all, status,
			    endpoint->status == 204 ? response("Done.", NULL)
						    : response("As asked.", contents(endpoint, arena)));
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
	{ .name = "line", .type = MEMBER_WHOLE, .sentence = "of the file" },
	{ .name = "column", .type = MEMBER_WHOLE, .sentence = "of the line" },
	{ .name = "text", .type = MEMBER_TEXT, .required = true, .sentence = "what is wrong and what to do" },
	{ .name = NULL },
};
static const struct member problem_item = { .name = "", .type = MEMBER_OBJECT, .members = problem_items };
static const struct member problem_members[] = {
	{ .name = "type", .type = MEMBER_TEXT, .required = true, .sentence = "what kind of problem, as an address" },
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "what it is, in short" },
	{ .name = "status", .type = MEMBER_WHOLE, .required = true, .sentence = "that of the answer" },
	{ .name = "detail", .type = MEMBER_TEXT, .sentence = "what it is, and what to do" },
	{ .name = "problems",
	  .type = MEMBER_LIST,
	  .items = &problem_item,
	  .sentence = "every wrong member, one by one" },
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
	json_object_set_new(schemas, "Problem", answer_schema(problem_members));
	json_object_set_new(root, "components",
			    json_pack("{s:o, s:{s:{s:s, s:s, s:s}, s:{s:s, s:s}}}", "schemas", schemas,
				      "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name",
				      who_cookie_name(call->server), "token", "type", "http", "scheme", "bearer"));
	call_json(call, 200, root);
}

/* ---- itself ---- */

static const struct member any_schema = { .name = "", .type = MEMBER_ANY };
static const struct member text_item = { .name = "", .type = MEMBER_TEXT };
static const struct member scopes_item = { .name = "", .type = MEMBER_LIST, .items = &text_item };
static const struct member security_item = { .name = "", .type = MEMBER_NAMED, .items = &scopes_item };
static const struct member parameter_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "as it is sent" },
	{ .name = "in",
	  .type = MEMBER_CHOICE,
	  .choices = "path|query|header",
	  .required = true,
	  .sentence = "where it stands" },
	{ .name = "required", .type = MEMBER_FLAG, .required = true, .sentence = "it cannot be left out" },
	{ .name = "description", .type = MEMBER_TEXT, .sentence = "what it means" },
	{ .name = "schema", .type = MEMBER_ANY, .required = true, .sentence = "JSON Schema 2020-12" },
	{ .name = NULL },
};
static const struct member parameter_item = { .name = "", .type = MEMBER_OBJECT, .members = parameter_members };
static const struct member media_members[] = {
	{ .name = "schema", .type = MEMBER_ANY, .required = true, .sentence = "JSON Schema 2020-12" },
	{ .name = "example", .type = MEMBER_ANY, .sentence = "a good one" },
	{ .name = NULL },
};
static const struct member media_item = { .name = "", .type = MEMBER_OBJECT, .members = media_members };
static const struct member request_members[] = {
	{ .name = "required", .type = MEMBER_FLAG, .required = true, .sentence = "it cannot be left out" },
	{ .name = "content",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &media_item,
	  .sentence = "by media type" },
	{ .name = NULL },
};
static const struct member response_members[] = {
	{ .name = "description", .type = MEMBER_TEXT, .required = true, .sentence = "when it comes" },
	{ .name = "content", .type = MEMBER_NAMED, .items = &media_item, .sentence = "by media type" },
	{ .name = NULL },
};
static const struct member response_item = { .name = "", .type = MEMBER_OBJECT, .members = response_members };
static const struct member operation_members[] = {
	{ .name = "operationId", .type = MEMBER_TEXT, .required = true, .sentence = "its name" },
	{ .name = "summary", .type = MEMBER_TEXT, .required = true, .sentence = "what it does" },
	{ .name = "tags", .type = MEMBER_LIST, .required = true, .items = &text_item, .sentence = "its heading" },
	{ .name = "security",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &security_item,
	  .sentence = "by what one may come in; none: anybody" },
	{ .name = "x-roles", .type = MEMBER_LIST, .required = true, .items = &text_item, .sentence = "who may" },
	{ .name = "x-scope", .type = MEMBER_TEXT, .sentence = "what a token must allow" },
	{ .name = "parameters", .type = MEMBER_LIST, .items = &parameter_item, .sentence = "beside the body" },
	{ .name = "requestBody", .type = MEMBER_OBJECT, .members = request_members, .sentence = "what is sent" },
	{ .name = "responses",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &response_item,
	  .sentence = "what comes back, by status" },
	{ .name = NULL },
};
static const struct member operation_item = { .name = "", .type = MEMBER_OBJECT, .members = operation_members };
static const struct member path_item = { .name = "", .type = MEMBER_NAMED, .items = &operation_item };
static const struct member license_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "for people" },
	{ .name = "identifier", .type = MEMBER_TEXT, .required = true, .sentence = "as SPDX has it" },
	{ .name = NULL },
};
static const struct member info_members[] = {
	{ .name = "title", .type = MEMBER_TEXT, .required = true, .sentence = "of what this is" },
	{ .name = "version", .type = MEMBER_TEXT, .required = true, .sentence = "of this server" },
	{ .name = "description", .type = MEMBER_TEXT, .required = true, .sentence = "what it is for" },
	{ .name = "license",
	  .type = MEMBER_OBJECT,
	  .members = license_members,
	  .required = true,
	  .sentence = "of the program" },
	{ .name = NULL },
};
static const struct member server_members[] = {
	{ .name = "url", .type = MEMBER_TEXT, .required = true, .sentence = "where the paths begin" },
	{ .name = NULL },
};
static const struct member server_item = { .name = "", .type = MEMBER_OBJECT, .members = server_members };
static const struct member scheme_members[] = {
	{ .name = "type",
	  .type = MEMBER_CHOICE,
	  .choices = "apiKey|http",
	  .required = true,
	  .sentence = "how one comes in" },
	{ .name = "in", .type = MEMBER_TEXT, .sentence = "where it stands: in a cookie" },
	{ .name = "name", .type = MEMBER_TEXT, .sentence = "of the cookie" },
	{ .name = "scheme", .type = MEMBER_TEXT, .sentence = "of the header Authorization" },
	{ .name = NULL },
};
static const struct member scheme_item = { .name = "", .type = MEMBER_OBJECT, .members = scheme_members };
static const struct member component_members[] = {
	{ .name = "schemas",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &any_schema,
	  .sentence = "JSON Schema 2020-12, by name" },
	{ .name = "securitySchemes",
	  .type = MEMBER_NAMED,
	  .required = true,
	  .items = &scheme_item,
	  .sentence = "by what one comes in" },
	{ .name = NULL },
};
static const struct member document_members[] = {
	{ .name = "openapi",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "the version of what it is written in" },
	{ .name = "info",
	  .type = MEMBER_OBJECT,
	  .members = info_members,
	  .required = true,
	  .sentence = "what this is" },
	{ .name = "servers", .type = MEMBER_LIST, .items = &server_item, .required = true, .sentence = "where it is" },
	{ .name = "paths",
	  .type = MEMBER_NAMED,
	  .items = &path_item,
	  .required = true,
	  .sentence = "operations, by path and method" },
	{ .name = "components",
	  .type = MEMBER_OBJECT,
	  .members = component_members,
	  .required = true,
	  .sentence = "what the others refer to" },
	{ .name = NULL },
};

static const struct endpoint endpoint_openapi = {
	.method = HTTP_GET,
	.path = "/api/openapi.json",
	.name = "getOpenapi",
	.tag = "server",
	.summary = "This document",
	.answer = document_members,
	.run = say_openapi,
};

const struct endpoint *const endpoints_openapi[] = {
	&endpoint_openapi,
	NULL,
};
