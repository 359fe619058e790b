#include "book/reply.h"

#include "book/private.h"

int book_reply_keep(struct book *book, const unsigned char key[REPLY_KEY_BYTES], struct str bytes, int64_t now_ms,
		    int64_t drop_before_ms, struct err *err)
{
	const struct engine_value old[] = { engine_int(BOOK_ID), engine_int(drop_before_ms) };
	const struct engine_value fresh[] = { engine_int(BOOK_ID), engine_bytes(key, REPLY_KEY_BYTES),
					      engine_int(now_ms), engine_bytes(bytes.at, bytes.len) };

	if (bytes.len > REPLY_MAX)
		return err_set(err, ERR_LIMIT, "an answer of %zu bytes is too long to be kept", bytes.len);
	if (book->ops->run(book->engine, STATEMENT_REPLY_DROP, old, 2, NULL, NULL, err))
		return err->kind;
	return book->ops->run(book->engine, STATEMENT_REPLY_ADD, fresh, 4, NULL, NULL, err);
}

struct finding {
	struct str *out;
	struct arena *arena;
};

static int found(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct finding *finding = context;

	(void)count;
	(void)err;
	*finding->out = arena_str(finding->arena, columns[0].bytes);
	return 0;
}

int book_reply_find(struct book *book, const unsigned char key[REPLY_KEY_BYTES], struct str *bytes, struct arena *arena,
		    struct err *err)
{
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_bytes(key, REPLY_KEY_BYTES) };
	struct finding finding = { bytes, arena };

	*bytes = STR_NONE;
	return book->ops->run(book->engine, STATEMENT_REPLY_GET, params, 2, found, &finding, err);
}
