/* A record of which its source said something before: is this news, and what stands then? */
#include <stdio.h>
#include "base/buf.h"
#include "book/private.h"

/* The observation just written, as the fold sees it. */
static struct observation fresh(const struct offered *offered, const struct entry *entry, struct record_field *fields,
				size_t count, uint64_t person)
{
	struct observation o = { .seq = entry->seq,
				 .import_seq = entry->import_seq,
				 .object = entry->object,
				 .observed_ms = entry->observed_ms,
				 .effective_ms = entry->observed_ms,
				 .recorded_ms = entry->recorded_ms,
				 .counts = true,
				 .fields = fields,
				 .has_match = true,
				 .person = person };

	for (size_t i = 0; i < count; i++)
		if (fields[i].code != (enum field)FIELD_OWN_MATCH)
			fields[o.count++] = fields[i];
	memcpy(o.match, offered->match, MATCH_BYTES);
	return o;
}

bool can_confirm(const struct book *book, const struct append_context *context)
{
	return book->announced ? !book->announced->again : context->import_seq != 0;
}

void confirm(struct book *book, uint64_t seq, int64_t ms, bool news, const struct append_context *context)
{
	uint64_t mine = book->announced ? book->announced->seq : context->import_seq;

	if (!news && mine && seq > mine)
		return;
	if (book->pending_count == book->pending_capacity) {
		book->pending_capacity = book->pending_capacity ? book->pending_capacity * 2 : 1024;
		book->pending = must_realloc(book->pending, book->pending_capacity * sizeof(*book->pending));
	}
	book->pending[book->pending_count++] = (struct confirm){ seq, ms };
	book->pending_context = *context;
	snprintf(book->pending_actor, sizeof(book->pending_actor), "%s", context->actor ? context->actor : "");
	book->pending_context.actor = book->pending_actor;
	book->pending_news |= news;
	marks_confirm(&book->marks, seq, ms);
}

static bool same_clear(enum object object, const struct record_field *a, size_t a_count, const struct record_field *b,
		       size_t b_count)
{
	struct buf left, right;

	buf_init(&left, PAYLOAD_MAX);
	buf_init(&right, PAYLOAD_MAX);
	clear_write(&left, object, a, a_count);
	clear_write(&right, object, b, b_count);
	bool same = str_eq(buf_str(&left), buf_str(&right));
	buf_release(&left);
	buf_release(&right);
	return same;
}

/* Among what the source said before and still counts: this very row, the latest time. */
static struct observation *find_same(const struct offered *offered, struct observation *all, size_t count)
{
	struct observation *best = NULL;

	for (size_t i = 0; i < count; i++) {
		struct observation *o = &all[i];

		if (!o->counts || (best && best->effective_ms >= o->effective_ms))
			continue;
		if (o->has_match
			    ? memcmp(o->match, offered->match, MATCH_BYTES) == 0
			    : same_clear(offered->record->object, o->fields, o->count, offered->fields, offered->count))
			best = o;
	}
	return best;
}

static bool is_replaced(const struct append_context *context, uint64_t import_seq)
{
	for (size_t i = 0; i < context->replace_count; i++)
		if (context->replaces[i] == import_seq)
			return true;
	return false;
}

/* Lays empty fields under what is offered. True when there were any that it did not mention. */
static bool add_cleared(struct book *book, struct offered *offered, const struct observation *o)
{
	struct record_field *cleared = ARENA_ARRAY(&book->scratch, struct record_field, o->count + 1);
	size_t n = 0, before = offered->count;

	for (size_t i = 0; i < o->count; i++) {
		const struct record_field *f = &o->fields[i];

		/* These follow from the address and the number. */
		if (f->code == FIELD_EMAIL_MATCH || f->code == FIELD_PHONE_MATCH ||
		    f->code >= (enum field)FIELD_OWN_MATCH)
			continue;
		cleared[n] = *f;
		cleared[n++].value = (struct value){ .kind = VALUE_EMPTY };
	}
	offered->fields = fold_overlay(cleared, n, offered->fields, offered->count, &offered->count, &book->scratch);
	return offered->count > before;
}

static void replace_earlier(struct book *book, struct offered *offered, const struct observation *all, size_t count,
			    const struct append_context *context)
{
	bool cleared = false;

	for (size_t i = 0; i < count && context->replace_count; i++)
		if (all[i].counts && is_replaced(context, all[i].import_seq))
			cleared |= add_cleared(book, offered, &all[i]);
	if (cleared)
		match_row(book, offered);
}

struct history {
	struct observation *items;
	size_t count;
	struct folded folded;
	struct state_row row;
};

static void history_fold(struct book *book, struct history *h, struct buf *payload)
{
	fold(h->row.object, h->items, h->count, &h->folded, &book->scratch);
	row_of_folded(&h->row, &h->folded, payload);
}

/* `confirmed`: by an entry that is yet to be written. */
static int history_store(struct book *book, struct history *h, struct index_slot *slot, bool confirmed, struct err *err)
{
	history_fold(book, h, &book->payload);
	int rc = row_write(book, &h->row, h->count, err);
	if (rc == 0)
		slot_of_row(slot, &h->row, h->folded.standing ? h->folded.standing->effective_ms : 0,
			    book->tip.seq + confirmed);
	return rc;
}

/* The row was said before. True when saying it again changes nothing; its time is then raised. */
static bool again_unchanged(struct book *book, struct history *h, struct observation *same, int64_t ms)
{
	int64_t was = same->effective_ms;
	uint64_t seq = same->seq;

	if (ms <= was)
		return true;
	history_fold(book, h, &book->payload);
	buf_clear(&book->plain);
	buf_add_str(&book->plain, h->row.payload);
	/* Folding sorts: find it again. */
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].seq == seq)
			h->items[i].effective_ms = ms;
	history_fold(book, h, &book->payload);
	if (str_eq(buf_str(&book->plain), h->row.payload))
		return true;
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].seq == seq)
			h->items[i].effective_ms = was;
	return false;
}

/* ---- the last word ---- */

/* What stands of the record, its payload in the book's scratch. Not asked for again what is still on its way to the disk. */
struct standing {
	struct book *book;
	struct state_row row;
	bool found;
};

static int take_stored(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct standing *s = context;
	int rc = row_of_columns(&s->row, columns, count, err);

	s->row.payload = arena_str(&s->book->scratch, s->row.payload);
	s->found = true;
	return rc;
}

static int take_only(void *context, const struct engine_value *columns, int count, struct err *err)
{
	struct standing *s = context;
	struct entry entry;
	int rc = entry_of_columns(&entry, columns, count, err);

	if (rc != 0)
		return rc;
	s->row.payload = arena_str(&s->book->scratch, entry.payload);
	s->row.first_seq = s->row.last_seq = entry.seq;
	s->row.versions = 1;
	s->found = true;
	return 0;
}

static int standing_read(struct standing *s, const struct index_slot *slot, struct folded *out, struct err *err)
{
	struct book *book = s->book;
	bool settled = slot->changed_seq <= book->head.seq;
	const struct engine_value params[] = { engine_int(BOOK_ID), engine_int((int64_t)slot->subject) };
	int rc = (settled ? book->ops->look
			  : book->ops->run)(book->engine, slot->stored ? STATEMENT_STATE_ONE : STATEMENT_ENTRY_ONE,
					    params, 2, slot->stored ? take_stored : take_only, s, err);
	if (rc == 0 && (!s->found || !payload_read(s->row.payload, &out->fields, &out->count, &book->scratch)))
		rc = err_set(err, ERR_DAMAGED, "%s: the state of record %llu cannot be read; run lockstep verify",
			     book->path, (unsigned long long)slot->subject);
	/* The match of a record's one entry is the entry's, not the record's. */
	for (size_t i = 0, n = out->count; rc == 0 && i < n; i++)
		out->count -= out->fields[i].code == (enum field)FIELD_OWN_MATCH;
	out->first_seq = s->row.first_seq;
	out->last_seq = s->row.last_seq;
	out->versions = s->row.versions;
	out->person = slot->person;
	return rc;
}

/* Would the offered row, were it the last word, change what stands? An older observation that says the same would change it just as
 * much, so then it need not be looked for. */
static int is_news(struct book *book, const struct offered *offered, const struct folded *stands, bool *news,
		   struct err *err)
{
	size_t at = 0;
	int rc = 0;

	*news = false;
	for (size_t i = 0; i < offered->count && rc == 0 && !*news; i++) {
		struct record_field f = offered->fields[i];
		struct value there = { .kind = VALUE_EMPTY };

		while (at < stands->count && field_order(&stands->fields[at], &f) < 0)
			at++;
		if (at < stands->count && field_order(&stands->fields[at], &f) == 0)
			there = stands->fields[at].value;
		if (there.kind == VALUE_SEALED &&
		    !open_value(book, offered->record->object, f.code, &there, &there, &book->scratch))
			return 0;
		if (f.value.kind == VALUE_REF)
			rc = ref_written(book, offered->record, &f, false, err);
		*news = rc == 0 && !value_eq(&f.value, &there);
	}
	return rc;
}

/* Nothing that counts was said as late as this, so it is laid over what stands, and what was said before need not be read. Leaves
 * `*done` false when it must: the row may be one that was said before. */
static int append_latest(struct book *book, const struct offered *offered, struct index_slot *slot,
			 const struct append_context *context, bool *done, struct err *err)
{
	struct standing s = { .book = book };
	struct folded folded = { 0 };
	struct record_field *fields;
	struct entry entry;
	size_t count;
	uint64_t person;
	bool news = slot->versions == 1 && slot->has_match;

	*done = false;
	if (slot->versions == 0 || slot->erased || context->replace_count > 0 ||
	    offered->record->observed_ms <= slot->standing_ms)
		return 0;
	int rc = standing_read(&s, slot, &folded, err);
	if (rc == 0 && !news)
		rc = is_news(book, offered, &folded, &news, err);
	if (rc != 0 || !news)
		return rc;
	*done = true;
	rc = observation_write(book, offered, slot, context, &entry, &fields, &count, &person, err);
	if (rc != 0)
		return rc;
	const struct observation last = fresh(offered, &entry, fields, count, person);
	fold_lay(&folded, &last, &book->scratch);
	fold_end(&folded);
	s.row = (struct state_row){ .subject = slot->subject, .stored = slot->stored, .object = entry.object };
	row_of_folded(&s.row, &folded, &book->payload);
	rc = row_write(book, &s.row, 2, err);
	if (rc == 0)
		slot_of_row(slot, &s.row, last.effective_ms, entry.seq);
	return rc;
}

/* ---- with all that was said before ---- */

int append_known(struct book *book, struct offered *offered, struct index_slot *slot,
		 const struct append_context *context, enum append_result *result, struct err *err)
{
	struct history h = {
		.row = { .subject = slot->subject, .stored = slot->stored, .object = offered->record->object }
	};
	struct entry entry;
	struct record_field *fields;
	size_t count;
	uint64_t person;
	bool done;
	int rc = append_latest(book, offered, slot, context, &done, err);

	*result = APPEND_CHANGED;
	if (rc == 0 && !done)
		rc = observations_of_subject(book, slot->subject, &h.items, &h.count, &book->scratch, err);
	if (rc != 0 || done)
		return rc;
	replace_earlier(book, offered, h.items, h.count, context);
	struct observation *same = find_same(offered, h.items, h.count);
	if (same) {
		uint64_t seq = same->seq;
		bool news = offered->record->observed_ms > same->effective_ms;

		if (again_unchanged(book, &h, same, offered->record->observed_ms)) {
			uint64_t begun;

			*result = APPEND_UNCHANGED;
			/* The state may now name another standing observation: an entry must say why. */
			if (!can_confirm(book, context))
				return 0;
			if (news)
				rc = import_begin_announced(book, context, &begun, err);
			if (rc != 0)
				return rc;
			confirm(book, seq, offered->record->observed_ms, news, context);
			return news ? history_store(book, &h, slot, true, err) : 0;
		}
	}
	bool first = slot->versions == 0;
	rc = observation_write(book, offered, slot, context, &entry, &fields, &count, &person, err);
	if (rc != 0)
		return rc;
	h.items = arena_grow(&book->scratch, h.items, sizeof(*h.items) * h.count, sizeof(*h.items) * (h.count + 1));
	h.items[h.count++] = fresh(offered, &entry, fields, count, person);
	rc = history_store(book, &h, slot, false, err);
	*result = first ? APPEND_NEW : slot->standing_seq == entry.seq ? APPEND_CHANGED : APPEND_OLDER;
	return rc;
}
