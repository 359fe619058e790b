/* Who gets a lead: `route`. */
#include "domain/agreement_text.h"

static const char *const ways[ROUTE_BY__COUNT + 1] = {
	[ROUTE_ROUND_ROBIN] = "round robin",
	[ROUTE_LEAST_LOADED] = "least loaded",
	[ROUTE_WEIGHTED] = "weighted",
};

static const char *const keys[] = { "when", "to", "by", "no more than", "otherwise", "nobody there", NULL };

/* "partner", "owner", "team NAME", or people; with weights {Anna: 2, Ben: 1}. */
static void read_pool(struct agreement_text *t, const struct yaml_node *node, struct route *route)
{
	struct phrase phrase;

	route->pool_place = yaml_place(node);
	if (node->kind == YAML_MAP) {
		route->people.items = ARENA_ARRAY(t->w.arena, struct str, node->count);
		route->weights = ARENA_ARRAY(t->w.arena, double, node->count);
		for (size_t i = 0; i < node->count; i++) {
			if (!read_number(t, &node->items[i], "to", 0, &route->weights[route->people.count]))
				continue;
			route->people.items[route->people.count++] = node->keys[i].text;
		}
		return;
	}
	if (node->kind == YAML_SCALAR && str_is(node->text, "partner"))
		route->pool = POOL_PARTNER;
	else if (node->kind == YAML_SCALAR && str_is(node->text, "owner"))
		route->pool = POOL_OWNER;
	else if (node->kind == YAML_SCALAR && phrase_match(node->text, "team ~", &phrase)) {
		route->pool = POOL_TEAM;
		route->team = phrase.word[0];
	} else
		yaml_names(&t->w, node, "to", &route->people);
}

static void read_most_open(struct agreement_text *t, const struct yaml_node *node, struct route *route)
{
	struct phrase phrase;
	struct str text;

	if (!yaml_text(&t->w, node, "no more than", &text))
		return;
	if (phrase_match(text, "# open each", &phrase) && phrase.number[0] >= 1 && phrase.number[0] <= 1e6)
		route->most_open = (int)phrase.number[0];
	else
		WRONG(t, node, "no more than", "\"%.*s\" under \"no more than\" must be like \"12 open each\".",
		      STR_ARG(text));
}

static void check_way(struct agreement_text *t, const struct yaml_node *node, const struct route *route)
{
	double weights = 0;

	for (size_t i = 0; route->weights && i < route->people.count; i++)
		weights += route->weights[i];
	if (route->weights && !(weights > 0))
		WRONG(t, node, "to", "somebody must have a weight above 0.");
	if (route->by == ROUTE_WEIGHTED && !route->weights)
		WRONG(t, node, "by", "\"weighted\" needs people with weights: to: {Anna: 2, Ben: 1}.");
	if (route->by != ROUTE_WEIGHTED && route->weights)
		WRONG(t, node, "by", "people with weights are routed by: weighted.");
}

static void read_route(struct agreement_text *t, const struct yaml_node *node)
{
	const struct yaml_node *when = yaml_get(node, "when"), *to = yaml_get(node, "to"), *by = yaml_get(node, "by");
	const struct yaml_node *otherwise = yaml_get(node, "otherwise"), *most = yaml_get(node, "no more than");
	struct route *route = &t->agreement->routes[t->agreement->route_count];
	int way = ROUTE_ROUND_ROBIN;

	route->place = yaml_place(node);
	if (!!otherwise == !!when || (when && !to) || (otherwise && to)) {
		WRONG(t, node, "route", "a route is {when: RULE, to: WHO}, or {otherwise: WHO} as the last.");
		return;
	}
	if (when && !read_rule(t, when, "when", &route->when))
		return;
	read_pool(t, otherwise ? otherwise : to, route);
	if (by)
		yaml_choice(&t->w, by, "by", ways, &way);
	route->by = way < 0 ? ROUTE_ROUND_ROBIN : (enum route_by)way;
	check_way(t, by ? by : node, route);
	if (most)
		read_most_open(t, most, route);
	t->agreement->route_count++;
}

/* Nobody may fall through: the last route takes all that no rule took, and somebody takes what nobody of a pool can. */
static void check_all_taken(struct agreement_text *t, const struct yaml_node *node)
{
	struct agreement *a = t->agreement;

	for (size_t i = 0; i + 1 < a->route_count; i++)
		if (!a->routes[i].when.text.len)
			problem_add(t->w.problems, t->w.file, a->routes[i].place.line, a->routes[i].place.column,
				    STR("route"),
				    "\"otherwise\" is the last route; what stands behind it is never reached.");
	if (a->route_count && a->routes[a->route_count - 1].when.text.len)
		WRONG(t, node, "route",
		      "the last route must be {otherwise: WHO}, so that no lead is without an owner.");
	if (!a->nobody_there.len && a->parties[PARTY_SALES].signs.count)
		a->nobody_there = a->parties[PARTY_SALES].signs.items[0];
}

void read_routes(struct agreement_text *t, const struct yaml_node *node)
{
	if (!yaml_is_list(&t->w, node, "route"))
		return;
	if (node->count == 0)
		WRONG(t, node, "route", "say at least {otherwise: WHO}, so that no lead is without an owner.");
	t->agreement->routes = ARENA_ARRAY(t->w.arena, struct route, node->count);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *nobody;

		if (!yaml_is_map(&t->w, item, "route", keys))
			continue;
		nobody = yaml_get(item, "nobody there");
		if (nobody) {
			yaml_text(&t->w, nobody, "nobody there", &t->agreement->nobody_there);
			t->agreement->nobody_place = yaml_place(nobody);
		} else
			read_route(t, item);
	}
	check_all_taken(t, node);
}
