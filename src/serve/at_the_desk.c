#include "serve/at_the_desk.h"

#include "serve/again.h"
#include "serve/asking.h"
#include "serve/endpoint.h"

/* ---- telling ---- */

static void run(struct call *call, const struct asking *asking)
{
	struct lead_desk *desk = call->desk;
	struct err err = ERR_INIT;
	int failed = 0;
	bool done;

	desk->joined = true;
	call->endpoint->run(call);
	done = !call->again_ms && call->reply->status < 400;
	if (done && asking->keyed)
		failed = lead_desk_begin(desk, &err);
	if (done && asking->keyed && !failed)
		failed = asking_keep(call, asking, desk->book, &err);
	desk->joined = false;
	if (desk->begun && done)
		failed = lead_desk_commit(desk, failed, &err);
	else if (desk->begun)
		book_rollback(desk->book);
	if (failed)
		call_error(call, &err);
}

static void look_and_run(struct call *call)
{
	struct asking asking = { .keyed = false };
	struct err err = ERR_INIT;
	bool again;

	if (!asking_read(call, &asking))
		return;
	if (asking_before(call, &asking, call->desk->book, &again, &err))
		call_error(call, &err);
	else if (!again)
		run(call, &asking);
}

static void stand_there(struct call *call)
{
	struct office *office = server_office(call->server);
	struct err err = ERR_INIT;
	struct lead_desk desk;
	bool told;

	if (office_desk(office, server_book(call->server), call->now_ms, arena_cstr(call->arena, call->who.login),
			call->arena, &desk, &err)) {
		call_error(call, &err);
		return;
	}
	call->desk = &desk;
	look_and_run(call);
	told = desk.begun;
	call->desk = NULL;
	office_desk_end(office, &desk);
	if (told)
		server_told(call->server);
}

void at_the_desk(struct call *call)
{
	if (server_enter(call->server)) {
		stand_there(call);
		server_leave(call->server);
		if (call->again_ms)
			again_later(call);
	} else {
		http_reply_header(call->reply, "Retry-After", "2");
		call_problem(call, 503, "Not now", "A command has the book at the moment; ask again in a few seconds.");
	}
}
