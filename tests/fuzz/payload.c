/* Payloads of entries from any bytes: refused, or read and written back byte for byte (they are canonical). */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "book/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str payload = { (const char *)data, size };
	struct record_field *fields;
	struct arena arena;
	struct buf again, text;
	size_t count;

	arena_init(&arena);
	buf_init(&again, PAYLOAD_MAX);
	buf_init(&text, PAYLOAD_MAX);
	if (payload_read(payload, &fields, &count, &arena)) {
		payload_write(&again, fields, count);
		if (!str_eq(buf_str(&again), payload))
			BUG("%zu bytes came back as %zu other ones", size, again.len);
		for (size_t i = 0; i < count; i++) {
			struct value copy = value_copy(&arena, &fields[i].value);
			if (!value_eq(&copy, &fields[i].value))
				BUG("field %zu is not its own copy", i);
			value_format(&text, &copy);
		}
	}
	buf_release(&text);
	buf_release(&again);
	arena_release(&arena);
	return 0;
}
