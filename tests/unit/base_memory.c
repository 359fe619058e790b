/* Arena, buffer, table, errors and problems. */
#include <errno.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/problem.h"
#include "base/table.h"
#include "tap.h"

static bool all_zero(const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i])
			return false;
	return true;
}

static void test_arena(void)
{
	struct arena arena;
	bool zeroed = true, aligned = true;

	arena_init(&arena);
	for (size_t round = 0; round < 3; round++) {
		for (size_t size = 0; size < 3000; size += 7) {
			unsigned char *p = arena_alloc(&arena, size);

			zeroed &= all_zero(p, size);
			aligned &= (uintptr_t)p % _Alignof(max_align_t) == 0;
			memset(p, 0xAB, size);
		}
		arena_reset(&arena);
	}
	ok(zeroed, "what an arena gives is zeroed, after a reset too");
	ok(aligned, "what an arena gives is aligned");

	size_t count = 0, capacity = 0;
	int *items = NULL;

	for (int i = 0; i < 10000; i++) {
		ARENA_PUSH(&arena, items, count, capacity);
		items[count++] = i;
	}
	ok(items[0] == 0 && items[4999] == 4999 && items[9999] == 9999, "an array grows in an arena");

	char *small = arena_alloc(&arena, 10);

	memcpy(small, "abcdefghi", 10);
	arena_alloc(&arena, 1);
	small = arena_grow(&arena, small, 10, 5000);
	ok(!strcmp(small, "abcdefghi") && all_zero((unsigned char *)small + 10, 4990),
	   "growing copies, and zeroes the rest");
	is_str(arena_printf(&arena, "%d of %s", 3, "many"), "3 of many", "text is printed into an arena");
	is_str(arena_cstr(&arena, (struct str){ "leads", 4 }), "lead", "a run becomes a terminated text");
	is_bytes(arena_str(&arena, STR_NONE), "", "nothing is copied as an empty text");
	arena_release(&arena);
	is_int(arena.total_bytes, 0, "an arena is given back");
}

static void test_buf(void)
{
	struct buf buf;

	buf_init(&buf, 1000);
	is_str(buf.at, "", "a fresh buffer is an empty text");
	buf_add_text(&buf, "won ");
	buf_addf(&buf, "%d of %d", 17, 42);
	buf_add_char(&buf, '.');
	is_str(buf.at, "won 17 of 42.", "a buffer collects text");
	buf_clear(&buf);
	is_str(buf.at, "", "a cleared buffer is empty");

	buf_add_u8(&buf, 0xFE);
	buf_add_u16(&buf, 0x1234);
	buf_add_u32(&buf, 0x89ABCDEF);
	buf_add_u64(&buf, 0x0123456789ABCDEF);
	buf_add_block(&buf, "key", 3);
	ok(buf.len == 19 && !memcmp(buf.at, "\xFE\x34\x12\xEF\xCD\xAB\x89", 7), "numbers are written little end first");

	struct cursor c = cursor_of(buf.at, buf.len);

	is_int(cursor_u8(&c), 0xFE, "one byte is read back");
	is_int(cursor_u16(&c), 0x1234, "two bytes are read back");
	is_int(cursor_u32(&c), 0x89ABCDEF, "four bytes are read back");
	is_int(cursor_u64(&c), 0x0123456789ABCDEF, "eight bytes are read back");
	is_bytes(cursor_block(&c), "key", "a block is read back");
	ok(!c.failed && c.at == c.end, "all was read");
	is_int(cursor_u8(&c), 0, "behind the end come zeroes");
	ok(c.failed, "and the cursor has failed");

	c = cursor_of("\x05"
		      "abc",
		      4);
	is_bytes(cursor_block(&c), "", "a block longer than the bytes is none");
	ok(c.failed && cursor_u8(&c) == 0, "a failed cursor reads nothing more");
	buf_release(&buf);

	buf_init(&buf, 5);
	buf_add_text(&buf, "12345");
	ok(!buf.full, "a buffer may be filled to its maximum");
	buf_addf(&buf, "%d", 6);
	buf_clear(&buf);
	buf_add_text(&buf, "1234");
	buf_add_text(&buf, "567");
	buf_add_text(&buf, "8");
	ok(buf.full, "a buffer that would be too long says so");
	is_str(buf.at, "1234", "and drops what came then and after");
	buf_release(&buf);
}

static void test_varints(void)
{
	static const uint64_t some[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, (uint64_t)1 << 63, UINT64_MAX };
	static const int64_t either[] = { 0, -1, 1, 63, -64, 64, 1488357000999, INT64_MAX, INT64_MIN };
	static const struct str wrong[] = { { "\x80\0", 2 },
					    { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10 },
					    { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x01", 11 },
					    { "\xFF", 1 } };
	struct buf buf;
	bool same = true, refused = true;

	buf_init(&buf, 1000);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		buf_add_varint(&buf, some[i]);
	for (size_t i = 0; i < sizeof(either) / sizeof(either[0]); i++)
		buf_add_signed(&buf, either[i]);
	ok(!memcmp(buf.at, "\0\x01\x7F\x80\x01\xFF\x7F\x80\x80\x01", 10), "small numbers take few bytes");

	struct cursor c = cursor_of(buf.at, buf.len);

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		same &= cursor_varint(&c) == some[i];
	for (size_t i = 0; i < sizeof(either) / sizeof(either[0]); i++)
		same &= cursor_signed(&c) == either[i];
	ok(same && !c.failed && c.at == c.end, "and are read back");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		c = cursor_of(wrong[i].at, wrong[i].len);
		refused &= cursor_varint(&c) == 0 && c.failed;
	}
	ok(refused, "a byte too many, more than 64 bits and half a number are none");
	buf_release(&buf);
}

static void test_table(void)
{
	struct table table;
	char name[32];
	bool is_new, right = true;
	enum { COUNT = 20000 };

	table_init(&table);
	ok(!table_get(&table, STR("x")), "nothing is in an empty table");
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "key %d", i);
		*table_put(&table, str_of(name), &is_new) = (uint64_t)i;
		right &= is_new;
	}
	ok(right && table.count == COUNT, "new keys are new");
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "key %d", i);
		uint64_t *value = table_get(&table, str_of(name));

		right &= value && *value == (uint64_t)i;
		right &= table_put(&table, str_of(name), &is_new) == value && !is_new;
	}
	ok(right, "all keys are found again");
	ok(!table_get(&table, STR("key 20000")) && !table_get(&table, STR("")), "other keys are not");
	*table_put(&table, STR(""), NULL) = 7;
	*table_put(&table, (struct str){ "a\0b", 3 }, NULL) = 8;
	ok(*table_get(&table, STR_NONE) == 7, "the empty key is a key");
	ok(*table_get(&table, (struct str){ "a\0b", 3 }) == 8 && !table_get(&table, STR("a")),
	   "keys may hold any byte");

	size_t at = 0;
	uint64_t value, wanted = 0;
	struct str key;

	while (wanted < COUNT && table_next(&table, &at, &key, &value))
		right &= value == wanted++;
	ok(right && wanted == COUNT, "walking goes in the order put");
	ok(table_next(&table, &at, &key, &value) && table_next(&table, &at, &key, &value), "and to the last key");
	ok(!table_next(&table, &at, &key, &value), "and ends");
	table_release(&table);
}

static void test_err(void)
{
	struct err err = ERR_INIT;
	char longer[3000];

	is_int(err_set(&err, ERR_INPUT, "line %d", 3), ERR_INPUT, "setting an error returns its kind");
	is_int(err_context(&err, "maps/%s", "crm.yaml"), ERR_INPUT, "so does adding context");
	is_str(err.text, "maps/crm.yaml: line 3", "context stands before the text");
	errno = ENOENT;
	is_int(err_system(&err, "opening %s", "x"), ERR_SYSTEM, "the system's errors too");
	is_str(err.text, "opening x: No such file or directory", "the system's reason stands at the end");
	err_set(&err, ERR_LIMIT, "again: %s", err.text);
	is_str(err.text, "again: opening x: No such file or directory", "an error may be set from its own text");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	err_set(&err, ERR_INPUT, "%s", longer);
	err_context(&err, "%s", longer);
	is_int(strlen(err.text), sizeof(err.text) - 1, "long texts are cut");
}

static void test_problems(void)
{
	struct arena arena;
	struct problems problems;
	char field[] = "Close Date";

	arena_init(&arena);
	problems_init(&problems, &arena);
	for (long line = 1; line <= 100; line++)
		problem_add(&problems, STR("deals.csv"), line, 0, str_of(field), "'%s' is no date", "tomorrow");
	field[0] = '?';
	is_int(problems.count, 100, "problems are collected");
	is_int(problems.items[99].line, 100, "in order");
	is_bytes(problems.items[0].field, "Close Date", "with copies of what they name");
	is_bytes(problems.items[50].text, "'tomorrow' is no date", "and a sentence");
	arena_release(&arena);
}

int main(void)
{
	test_arena();
	test_buf();
	test_varints();
	test_table();
	test_err();
	test_problems();
	return done();
}
