#include "desk/outlet_desk.h"

#include "book/journal.h"

const char *const news_kinds[] = {
	"lead.created",
	"lead.qualified",
	"lead.handed_off",
	"lead.accepted",
	"lead.rejected",
	"lead.working",
	"lead.assigned",
	"lead.disqualified",
	"lead.reopened",
	"lead.recycled",
	"lead.waiting",
	"lead.resumed",
	"lead.opted_out",
	"lead.duplicate",
	"lead.test",
	"lead.answered",
	"lead.undone",
	"promise.at_risk",
	"promise.broken",
	"promise.withdrawn",
	"promise.told",
	"partner.standing",
	NULL,
};

bool outlet_way_by_name(struct str name, enum outbox_way *way)
{
	for (int i = OUTBOX_MAIL + 1; i < OUTBOX_WAY__COUNT; i++)
		if (str_is(name, outbox_way_name((enum outbox_way)i))) {
			*way = (enum outbox_way)i;
			return true;
		}
	return false;
}

int outlet_find(struct book *book, struct str id, struct outlet *out, bool *found, struct err *err)
{
	const struct outlet *list;
	size_t count;

	*found = false;
	if (outlets(book, &list, &count, err))
		return err->kind;
	for (size_t i = 0; i < count && !*found; i++)
		if (str_eq(list[i].id, id)) {
			*out = list[i];
			*found = true;
		}
	return 0;
}

/* "https://hooks.example.com/T0/B1" → "hooks.example.com" */
static struct str host_of(struct str url)
{
	ptrdiff_t at = str_find(url, "://");
	struct str rest = at < 0 ? url : (struct str){ url.at + at + 3, url.len - (size_t)at - 3 };

	return str_cut(&rest, '/');
}

static int note(const struct outlet_desk *desk, const char *what, const struct outlet *o, struct err *err)
{
	struct journal_note note = { .at_ms = desk->now_ms, .kind = JOURNAL_RIGHTS, .who = desk->actor };

	note.text =
		str_of(arena_printf(desk->arena, "outlet %.*s %s: %s to %.*s, %s%.*s%s", STR_ARG(o->id), what,
				    outbox_way_name(o->way), STR_ARG(host_of(o->url)), o->kinds.len ? "" : "all news",
				    STR_ARG(o->kinds), o->off ? ", turned off" : ""));
	return book_journal_add(desk->book, &note, desk->now_ms, err);
}

/* ---- is it in order? ---- */

static bool kind_known(struct str kind)
{
	for (size_t i = 0; news_kinds[i]; i++)
		if (str_is(kind, news_kinds[i]) ||
		    (str_ends(kind, ".*") && !strncmp(news_kinds[i], kind.at, kind.len - 1)))
			return true;
	return false;
}

static bool in_order(const struct outlet_desk *desk, const struct outlet *outlet)
{
	size_t before = desk->problems->count;
	struct str rest = outlet->kinds;

	if (!outlet_id_fits(outlet->id))
		problem_add(desk->problems, STR_NONE, 0, 0, STR("id"),
			    "has small letters, digits and dashes, at most %d", OUTLET_ID_MAX);
	if (!str_starts(outlet->url, "https://") && !str_starts(outlet->url, "http://"))
		problem_add(desk->problems, STR_NONE, 0, 0, STR("url"), "is an address like https://HOST/PATH");
	if (outlet->url.len > OUTLET_URL_MAX)
		problem_add(desk->problems, STR_NONE, 0, 0, STR("url"), "has more than %d characters", OUTLET_URL_MAX);
	for (size_t i = 0; i < outlet->url.len; i++)
		if ((unsigned char)outlet->url.at[i] <= ' ' || outlet->url.at[i] == 0x7F) {
			problem_add(desk->problems, STR_NONE, 0, 0, STR("url"), "has a space or a control character");
			break;
		}
	while (rest.len) {
		struct str kind = str_trim(str_cut(&rest, ','));

		if (!kind_known(kind))
			problem_add(desk->problems, STR_NONE, 0, 0, STR("kinds"),
				    "\"%.*s\" is no kind of news; lead.accepted, promise.broken, lead.* are",
				    STR_ARG(kind));
	}
	return desk->problems->count == before;
}

/* ---- changing ---- */

int outlet_desk_add(const struct outlet_desk *desk, struct outlet *outlet, struct err *err)
{
	struct outlet old;
	bool found;

	if (!in_order(desk, outlet))
		return 1;
	if (outlet_find(desk->book, outlet->id, &old, &found, err))
		return err->kind;
	if (found) {
		problem_add(desk->problems, STR_NONE, 0, 0, STR("id"), "there is an outlet of this id already");
		return 1;
	}
	/* An id that is used again gets another secret than the first had. */
	outlet->turn = desk->now_ms;
	if (outlet_add(desk->book, outlet, err))
		return err->kind;
	return note(desk, "added", outlet, err);
}

int outlet_desk_change(const struct outlet_desk *desk, struct outlet *outlet, bool fresh, struct err *err)
{
	if (!in_order(desk, outlet))
		return 1;
	if (fresh)
		outlet->turn = desk->now_ms > outlet->turn ? desk->now_ms : outlet->turn + 1;
	if (outlet_change(desk->book, outlet, err))
		return err->kind;
	return note(desk, fresh ? "given a new secret" : "changed", outlet, err);
}

int outlet_desk_drop(const struct outlet_desk *desk, struct str id, struct err *err)
{
	struct outlet old;
	bool found;

	if (outlet_find(desk->book, id, &old, &found, err))
		return err->kind;
	if (!found) {
		problem_add(desk->problems, STR_NONE, 0, 0, STR("id"), "there is no outlet of this id");
		return 1;
	}
	return note(desk, "removed", &old, err) || outlet_drop(desk->book, id, err) ? err->kind : 0;
}

/* ---- messages ---- */

static int find_message(const struct outlet_desk *desk, struct str id, struct outbox_message *out, struct err *err)
{
	bool found;

	if (outbox_find(desk->book, id, out, &found, desk->arena, err))
		return err->kind;
	if (found)
		return 0;
	problem_add(desk->problems, id, 0, 0, STR_NONE, "there is no message of this id");
	return 1;
}

int outbox_desk_again(const struct outlet_desk *desk, struct str id, struct err *err)
{
	struct outbox_message message;
	int failed = find_message(desk, id, &message, err);

	if (failed)
		return failed;
	if (message.state == OUTBOX_SENT) {
		problem_add(desk->problems, id, 0, 0, STR_NONE, "it was sent already");
		return 1;
	}
	return outbox_again(desk->book, message.id, desk->now_ms, err);
}

int outbox_desk_drop(const struct outlet_desk *desk, struct str id, struct err *err)
{
	struct outbox_message message;
	int failed = find_message(desk, id, &message, err);

	return failed ? failed : outbox_drop(desk->book, message.id, err);
}
