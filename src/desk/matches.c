#include "desk/matches_private.h"

#include <stdlib.h>
#include <time.h>

#include "domain/alike.h"
#include "domain/phone.h"

enum { TEXT_MOST = 200, CHANGES_MOST = 1 << 20, FEW_CHANGES = 500, PART = 4 /* letters of a beginning */ };

/* ---- blocks ---- */

static uint64_t spread(uint64_t h)
{
	h = (h ^ h >> 31) * UINT64_C(0x94D049BB133111EB);
	return h ^ h >> 30;
}

static struct slot *slot_of(struct slot *slots, size_t count, uint64_t hash)
{
	size_t at = (size_t)(hash >> 32) & (count - 1);

	while (slots[at].first && slots[at].tag != (uint32_t)hash)
		at = (at + 1) & (count - 1);
	return &slots[at];
}

static void put(struct matches *m, enum block block, uint64_t hash, uint32_t item);

/* The word of a text by number, counted from its end where `last`. */
static struct str word_of(struct str text, bool last)
{
	struct str word = STR_NONE;

	while (text.len) {
		word = str_cut(&text, ' ');
		if (!last)
			break;
	}
	return word;
}

static struct str beginning(struct str text, size_t len)
{
	return (struct str){ text.at, text.len < len ? text.len : len };
}

static uint64_t hash_of(struct str a, struct str b)
{
	return spread(str_hash(a) * UINT64_C(0x9E3779B97F4A7C15) + str_hash(b));
}

uint64_t known_block(const struct known *k, enum block block)
{
	struct str first = word_of(k->name, false), last = word_of(k->name, true);
	uint64_t hash = 0;

	switch (block) {
	case BLOCK_ID: hash = hash_of(k->source, k->key); break;
	case BLOCK_EMAIL: hash = k->email.len ? hash_of(k->email, STR_NONE) : 0; break;
	case BLOCK_PHONE: hash = k->phone.len ? hash_of(phone_end(k->phone), STR_NONE) : 0; break;
	case BLOCK_NAME: hash = last.len ? hash_of(last, beginning(first, 1)) : 0; break;
	case BLOCK_NAMES: hash = last.len ? hash_of(first, beginning(last, PART / 2)) : 0; break;
	case BLOCK_COMPANY:
		hash = last.len && k->company.len ? hash_of(beginning(k->company, PART), beginning(last, 1)) : 0;
		break;
	case BLOCK__COUNT: break;
	}
	return hash;
}

static void grow(struct matches *m)
{
	m->slot_count = m->slot_count ? m->slot_count * 2 : 1024;
	for (int b = 0; b < BLOCK__COUNT; b++) {
		free(m->slots[b]);
		m->slots[b] = must_calloc(m->slot_count, sizeof(struct slot));
		m->used[b] = 0;
	}
	for (size_t i = 0; i < m->count; i++)
		for (int b = 0; b < BLOCK__COUNT; b++)
			put(m, (enum block)b, known_block(&m->items[i], (enum block)b), (uint32_t)i);
}

static void put(struct matches *m, enum block block, uint64_t hash, uint32_t item)
{
	struct slot *slot;

	if (!hash)
		return;
	slot = slot_of(m->slots[block], m->slot_count, hash);
	m->used[block] += !slot->first;
	slot->tag = (uint32_t)hash;
	m->items[item].next[block] = slot->first;
	slot->first = item + 1;
}

uint32_t known_first(const struct matches *m, enum block block, uint64_t hash)
{
	return hash && m->slot_count ? slot_of(m->slots[block], m->slot_count, hash)->first : 0;
}

/* ---- leads ---- */

/* Anybody has an address there: it says nothing of a company. */
static bool is_everybodys(struct str domain)
{
	static const char *const domains[] = {
		"gmail.com",   "googlemail.com", "outlook.com", "hotmail.com",    "live.com",   "msn.com",
		"yahoo.com",   "yahoo.de",       "yahoo.fr",    "yahoo.co.uk",    "icloud.com", "me.com",
		"aol.com",     "gmx.de",         "gmx.net",     "gmx.at",         "gmx.ch",     "web.de",
		"t-online.de", "freenet.de",     "proton.me",   "protonmail.com", "mail.com",   "mail.ru",
		"yandex.ru",   "orange.fr",      "wanadoo.fr",  "free.fr",        "libero.it",  "qq.com",
		"163.com",     "posteo.de",      "mailbox.org", "zoho.com"
	};

	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++)
		if (str_is(domain, domains[i]))
			return true;
	return false;
}

struct known known_of(const struct match_person *person, struct arena *arena)
{
	char name[TEXT_MOST], company[TEXT_MOST], phone[PHONE_MOST];
	struct str address = arena_lower(arena, str_trim(person->email)), domain = address;
	struct known k = { .gone = false };

	k.name = arena_str(arena, (struct str){ name, alike_fold(person->name, name, sizeof(name)) });
	k.company = arena_str(arena,
			      (struct str){ company, alike_fold_company(person->company, company, sizeof(company)) });
	k.phone = arena_str(arena, phone_e164(person->phone, person->country, phone));
	if (!memchr(address.at, '@', address.len))
		return k;
	k.email = address;
	str_cut(&domain, '@');
	k.domain = is_everybodys(domain) ? STR_NONE : domain;
	return k;
}

static void forget(struct matches *m);

struct known *known_find(const struct matches *m, struct str source, struct str key)
{
	const struct known id = { .source = source, .key = key };

	for (uint32_t at = known_first(m, BLOCK_ID, known_block(&id, BLOCK_ID)); at;
	     at = m->items[at - 1].next[BLOCK_ID]) {
		struct known *k = &m->items[at - 1];

		if (!k->gone && str_eq(k->key, key) && str_eq(k->source, source))
			return k;
	}
	return NULL;
}

void matches_add(struct matches *m, struct str source, struct str key, const struct match_person *person)
{
	struct known *before = known_find(m, source, key), *k;

	if (before)
		before->gone = true;
	if (m->count == m->capacity) {
		m->capacity = m->capacity ? m->capacity * 2 : 256;
		m->items = must_realloc(m->items, m->capacity * sizeof(*m->items));
	}
	k = &m->items[m->count++];
	*k = known_of(person, &m->texts);
	k->source = arena_str(&m->texts, source);
	k->key = arena_str(&m->texts, key);
	if (m->count * 10 > m->slot_count * 7) {
		grow(m);
		return;
	}
	for (int b = 0; b < BLOCK__COUNT; b++)
		put(m, (enum block)b, known_block(k, (enum block)b), (uint32_t)(m->count - 1));
}

void matches_settle(struct matches *m, uint64_t seq)
{
	/* Who reads meanwhile will come by these, too. */
	if (m->reading) {
		forget(m);
		return;
	}
	for (size_t i = m->settled; i < m->count && !seq; i++)
		m->items[i].gone = true;
	m->settled = m->count;
	if (seq)
		m->seq = seq;
}

/* ---- reading ---- */

static struct str text_of(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind == VALUE_TEXT ? value->as.text : STR_NONE;
}

struct match_person match_person_of(const struct record *record, struct arena *arena)
{
	struct match_person person = { .name = text_of(record, FIELD_NAME),
				       .email = text_of(record, FIELD_EMAIL),
				       .phone = text_of(record, FIELD_PHONE),
				       .company = text_of(record, FIELD_COMPANY),
				       .country = text_of(record, FIELD_COUNTRY) };

	if (!person.name.len)
		person.name = str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(text_of(record, FIELD_FIRST_NAME)),
						  STR_ARG(text_of(record, FIELD_LAST_NAME))));
	return person;
}

static int each_lead(void *context, const struct state *state, struct err *err)
{
	struct matches *m = context;
	struct match_person person;
	struct arena arena;

	(void)err;
	arena_init(&arena);
	person = match_person_of(&state->record, &arena);
	matches_add(m, state->record.source, state->record.key, &person);
	arena_release(&arena);
	return 0;
}

static void forget(struct matches *m)
{
	if (m->book)
		book_close(m->book);
	m->book = NULL;
	m->count = m->settled = m->slot_count = 0;
	for (int b = 0; b < BLOCK__COUNT; b++) {
		free(m->slots[b]);
		m->slots[b] = NULL;
		m->used[b] = 0;
	}
	arena_release(&m->texts);
	arena_init(&m->texts);
	m->seq = 0;
}

struct matches *matches_new(const char *path)
{
	struct matches *m = must_calloc(1, sizeof(*m));

	arena_init(&m->texts);
	m->path = must_calloc(strlen(path) + 1, 1);
	memcpy(m->path, path, strlen(path));
	return m;
}

static int end_beside(struct matches *m, struct err *err);

void matches_free(struct matches *m)
{
	struct err ignored = ERR_INIT;

	if (!m)
		return;
	if (m->reading) {
		atomic_store(&m->reading->ending, true);
		(void)end_beside(m, &ignored);
	}
	forget(m);
	arena_release(&m->texts);
	free(m->items);
	free(m->path);
	free(m);
}

static int read_all(struct matches *m, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	int failed;

	forget(m);
	failed = book_open(&m->book, m->path, BOOK_READ, err);
	if (!failed)
		failed = book_renew(m->book, err);
	if (!failed)
		failed = book_states(m->book, OBJECT_LEAD, &reading, each_lead, m, err);
	if (failed) {
		forget(m);
		return failed;
	}
	matches_settle(m, book_head(m->book).seq);
	book_rest(m->book);
	return 0;
}

static int read_changes(struct matches *m, const struct changes *changes, struct err *err)
{
	const struct reading reading = { INT64_MAX, true };
	int failed = 0;

	for (size_t i = 0; i < changes->count && !failed; i++)
		if (changes->items[i].object == OBJECT_LEAD)
			failed = book_state_at(m->book, changes->items[i].subject, &reading, each_lead, m, err);
	return failed;
}

/* *all: there is more than a list can say. Returns how many changes there were, or below 0. */
static int follow(struct matches *m, size_t *count, bool *all, struct err *err)
{
	struct changes changes = { .count = 0 };
	struct arena arena;
	int failed = book_renew(m->book, err);

	*count = 0;
	*all = false;
	if (failed || book_head(m->book).seq == m->seq) {
		book_rest(m->book);
		return failed;
	}
	arena_init(&arena);
	failed = book_changes(m->book, m->seq, CHANGES_MOST, &changes, &arena, err);
	*all = !failed && changes.all;
	if (!failed && !*all) {
		*count = changes.count;
		failed = read_changes(m, &changes, err);
		matches_settle(m, failed ? 0 : book_head(m->book).seq);
	}
	arena_release(&arena);
	book_rest(m->book);
	return failed;
}

/* ---- reading beside ---- */

static void *read_beside(void *context)
{
	struct reading_beside *r = context;
	size_t more = FEW_CHANGES;
	bool all = false;
	int failed = read_all(r->found, &r->err);

	/* What was told meanwhile, until little is left for who takes over. */
	while (!failed && !all && more >= FEW_CHANGES && !atomic_load(&r->ending))
		failed = follow(r->found, &more, &all, &r->err);
	atomic_store(&r->done, true);
	return NULL;
}

static void wait_a_moment(const struct reading_beside *r)
{
	enum { TIMES = 200 };
	const struct timespec step = { .tv_nsec = 5000000 };

	for (int i = 0; i < TIMES && !atomic_load(&r->done); i++)
		nanosleep(&step, NULL);
}

static void begin_beside(struct matches *m)
{
	struct reading_beside *r = must_calloc(1, sizeof(*r));

	forget(m);
	r->found = matches_new(m->path);
	r->err = (struct err)ERR_INIT;
	if (pthread_create(&r->thread, NULL, read_beside, r)) {
		matches_free(r->found);
		free(r);
		m->beside = false; /* then it is read by who asks */
		return;
	}
	m->reading = r;
	wait_a_moment(r);
}

void matches_begin(struct matches *m)
{
	m->beside = true;
	begin_beside(m);
}

/* What the thread has read is taken over. */
static int end_beside(struct matches *m, struct err *err)
{
	struct reading_beside *r = m->reading;
	struct matches *found = r->found, mine = *m;
	int failed;

	pthread_join(r->thread, NULL);
	failed = r->err.kind ? err_set(err, r->err.kind, "%s", r->err.text) : 0;
	*m = *found;
	m->beside = true;
	m->reading = NULL;
	*found = mine;
	found->reading = NULL;
	matches_free(found);
	free(r);
	return failed;
}

int matches_catch_up(struct matches *m, struct err *err)
{
	size_t count;
	bool all;
	int failed;

	if (m->reading && !atomic_load(&m->reading->done))
		return 0;
	if (m->reading && end_beside(m, err))
		return err->kind;
	if (!m->book)
		return read_all(m, err);
	failed = follow(m, &count, &all, err);
	if (failed || !all)
		return failed;
	if (!m->beside)
		return read_all(m, err);
	begin_beside(m);
	return 0;
}

bool matches_complete(const struct matches *m)
{
	return m->book && !m->reading;
}

static bool any_reached(const struct matches *m, const struct known *who,
			bool (*is)(void *context, struct str source, struct str key), void *context)
{
	static const enum block reached[] = { BLOCK_EMAIL, BLOCK_PHONE };
	bool any = false;

	for (size_t b = 0; b < 2; b++)
		for (uint32_t at = known_first(m, reached[b], known_block(who, reached[b])); at && !any;
		     at = m->items[at - 1].next[reached[b]]) {
			const struct known *k = &m->items[at - 1];
			bool same = reached[b] == BLOCK_EMAIL ? str_eq(k->email, who->email)
							      : phone_same(k->phone, who->phone);

			any = !k->gone && same && is(context, k->source, k->key);
		}
	return any;
}

bool matches_any(const struct matches *m, const struct match_person *person,
		 bool (*is)(void *context, struct str source, struct str key), void *context)
{
	struct arena arena;
	struct known who;
	bool any;

	arena_init(&arena);
	who = known_of(person, &arena);
	any = any_reached(m, &who, is, context);
	arena_release(&arena);
	return any;
}

bool matches_any_of(const struct matches *m, struct str source, struct str key,
		    bool (*is)(void *context, struct str source, struct str key), void *context)
{
	const struct known *who = known_find(m, source, key);

	return who && any_reached(m, who, is, context);
}
