#include "desk/matches.h"

#include <math.h>
#include <stdlib.h>

#include "domain/alike.h"
#include "domain/phone.h"

enum {
	BLOCK_MOST = 256, /* candidates of one block */
	TEXT_MOST = 200,
	CHANGES_MOST = 1 << 16,
	PART = 4, /* letters of a beginning */
	CANDIDATES_MOST = 1024
};

/* By what a lead is found. */
enum block {
	BLOCK_ID,
	BLOCK_EMAIL,
	BLOCK_PHONE,
	BLOCK_NAME,    /* last name, first letter of the first */
	BLOCK_NAMES,   /* first name, beginning of the last */
	BLOCK_COMPANY, /* beginning of the company, first letter of the last name */
	BLOCK__COUNT
};

/* A lead as it is compared; texts are folded. */
struct known {
	struct str source, key, name, email, phone, company, domain;
	uint32_t next[BLOCK__COUNT]; /* the one before of the same block, + 1 */
	bool gone;                   /* another says it now */
};

struct slot {
	uint32_t tag, first; /* first: + 1; 0 = free */
};

struct matches {
	char *path;
	struct book *book; /* NULL: nothing was read yet */
	uint64_t seq;      /* of the head that is known */
	struct known *items;
	size_t count, capacity;
	size_t settled; /* those behind are not committed yet */
	struct slot *slots[BLOCK__COUNT];
	size_t slot_count, used[BLOCK__COUNT];
	struct arena texts;
};

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

/* 0: it stands in none of that kind. */
static uint64_t block_hash(const struct known *k, enum block block)
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
			put(m, (enum block)b, block_hash(&m->items[i], (enum block)b), (uint32_t)i);
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

static uint32_t first_of(const struct matches *m, enum block block, uint64_t hash)
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

static struct str lower(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		out[i] = (char)(text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] | 0x20 : text.at[i]);
	return (struct str){ out, text.len };
}

static struct known known_of(const struct match_person *person, struct arena *arena)
{
	char name[TEXT_MOST], company[TEXT_MOST], phone[PHONE_MOST];
	struct str address = lower(str_trim(person->email), arena), domain = address;
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

static struct known *find(const struct matches *m, struct str source, struct str key)
{
	const struct known id = { .source = source, .key = key };

	for (uint32_t at = first_of(m, BLOCK_ID, block_hash(&id, BLOCK_ID)); at; at = m->items[at - 1].next[BLOCK_ID]) {
		struct known *k = &m->items[at - 1];

		if (!k->gone && str_eq(k->key, key) && str_eq(k->source, source))
			return k;
	}
	return NULL;
}

void matches_add(struct matches *m, struct str source, struct str key, const struct match_person *person)
{
	struct known *before = find(m, source, key), *k;

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
		put(m, (enum block)b, block_hash(k, (enum block)b), (uint32_t)(m->count - 1));
}

void matches_settle(struct matches *m, uint64_t seq)
{
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

void matches_free(struct matches *m)
{
	if (!m)
		return;
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

int matches_catch_up(struct matches *m, struct err *err)
{
	struct changes changes;
	struct arena arena;
	int failed;

	if (!m->book)
		return read_all(m, err);
	failed = book_renew(m->book, err);
	if (failed || book_head(m->book).seq == m->seq) {
		book_rest(m->book);
		return failed;
	}
	arena_init(&arena);
	failed = book_changes(m->book, m->seq, CHANGES_MOST, &changes, &arena, err);
	if (!failed && !changes.all) {
		failed = read_changes(m, &changes, err);
		matches_settle(m, failed ? 0 : book_head(m->book).seq);
	}
	arena_release(&arena);
	book_rest(m->book);
	return !failed && changes.all ? read_all(m, err) : failed;
}

/* ---- how much it says ---- */

/* In bits: of agreement, and of what is told on both sides and differs. */
static const struct {
	double same, differs;
} weights[MATCH_REASON__COUNT] = {
	[MATCH_EMAIL] = { 16, -1 }, /* a shared mailbox is rare; one person has several addresses */
	[MATCH_PHONE] = { 11, -1 }, /* a switchboard is not */
	[MATCH_NAME] = { 9, -9 },   [MATCH_COMPANY] = { 5, -2 }, [MATCH_DOMAIN] = { 5, 0 },
};

/* What must be overcome: that two leads taken at random are of one person. */
static const double against = 9;

const char *match_reason_name(enum match_reason reason)
{
	static const char *const names[] = { [MATCH_EMAIL] = "same e-mail",
					     [MATCH_PHONE] = "same telephone number",
					     [MATCH_NAME] = "name alike",
					     [MATCH_COMPANY] = "company alike",
					     [MATCH_DOMAIN] = "same mail domain" };

	return names[reason];
}

/* Of a likeness: all that it can say from `full` on, nothing at `none`, and below that what a difference says. */
static double graded(enum match_reason reason, double alike, double full, double none, unsigned *reasons)
{
	if (alike <= none)
		return weights[reason].differs * (none - alike) / none;
	*reasons |= 1u << reason;
	return alike >= full ? weights[reason].same : weights[reason].same * (alike - none) / (full - none);
}

static double exact(enum match_reason reason, bool same, unsigned *reasons)
{
	*reasons |= (unsigned)same << reason;
	return same ? weights[reason].same : weights[reason].differs;
}

static int compare(const struct known *a, const struct known *b, unsigned *reasons)
{
	double company = 0, domain = 0, bits = -against;

	*reasons = 0;
	if (a->email.len && b->email.len)
		bits += exact(MATCH_EMAIL, str_eq(a->email, b->email), reasons);
	if (a->phone.len && b->phone.len)
		bits += exact(MATCH_PHONE, phone_same(a->phone, b->phone), reasons);
	if (a->name.len && b->name.len)
		bits += graded(MATCH_NAME, alike_names(a->name, b->name), 0.97, 0.8, reasons);
	if (a->company.len && b->company.len)
		company = graded(MATCH_COMPANY, alike_jaro_winkler(a->company, b->company), 0.97, 0.85, reasons);
	if (a->domain.len && b->domain.len)
		domain = exact(MATCH_DOMAIN, str_eq(a->domain, b->domain), reasons);
	/* One company says both. */
	bits += company > domain ? company : domain > 0 ? domain : company;
	return (int)lround(100 / (1 + exp2(-bits)));
}

/* ---- looking ---- */

struct candidates {
	uint32_t items[CANDIDATES_MOST];
	size_t count;
};

static void add_block(const struct matches *m, const struct known *who, enum block block, struct candidates *out)
{
	uint32_t at = first_of(m, block, block_hash(who, block));

	for (size_t n = 0; at && n < BLOCK_MOST && out->count < CANDIDATES_MOST; n++, at = m->items[at - 1].next[block])
		if (!m->items[at - 1].gone)
			out->items[out->count++] = at - 1;
}

static struct match match_of(const struct known *k, int score, unsigned reasons)
{
	return (struct match){ k->source, k->key, reasons, score };
}

/* Keeps the likeliest first; of equals the earlier lead. */
static size_t keep(struct match *out, size_t count, size_t most, const struct match *match)
{
	size_t at = count;

	while (at && out[at - 1].score < match->score)
		at--;
	if (at == most)
		return count;
	count += count < most;
	memmove(&out[at + 1], &out[at], (count - 1 - at) * sizeof(*out));
	out[at] = *match;
	return count;
}

static int compare_numbers(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* `before`: only those before this place. */
static size_t like(const struct matches *m, const struct known *who, size_t before, struct match *out, size_t most)
{
	struct candidates candidates = { .count = 0 };
	size_t count = 0;

	for (int b = BLOCK_EMAIL; b < BLOCK__COUNT; b++)
		add_block(m, who, (enum block)b, &candidates);
	if (candidates.count)
		qsort(candidates.items, candidates.count, sizeof(*candidates.items), compare_numbers);
	for (size_t i = 0; i < candidates.count; i++) {
		const struct known *k = &m->items[candidates.items[i]];
		struct match match;
		unsigned reasons;
		int score;

		if ((i && candidates.items[i] == candidates.items[i - 1]) || candidates.items[i] >= before ||
		    (str_eq(k->key, who->key) && str_eq(k->source, who->source)))
			continue;
		score = compare(who, k, &reasons);
		match = match_of(k, score, reasons);
		if (score >= MATCH_POSSIBLE)
			count = keep(out, count, most, &match);
	}
	return count;
}

size_t matches_like(const struct matches *m, const struct match_person *person, struct str source, struct str key,
		    struct match *out, size_t most)
{
	struct arena arena;
	struct known who;
	size_t count;

	arena_init(&arena);
	who = known_of(person, &arena);
	who.source = source;
	who.key = key;
	count = like(m, &who, m->count, out, most);
	arena_release(&arena);
	return count;
}

size_t matches_of(const struct matches *m, struct str source, struct str key, struct match *out, size_t most)
{
	const struct known *k = find(m, source, key);

	return k ? like(m, k, m->count, out, most) : 0;
}

/* Of one address; where one of them has none, of one number and a name alike. */
static bool is_same(const struct known *a, const struct known *b)
{
	const double alike = 0.93;

	if (a->email.len && b->email.len)
		return str_eq(a->email, b->email);
	return phone_same(a->phone, b->phone) && a->name.len && b->name.len && alike_names(a->name, b->name) >= alike;
}

size_t matches_same(const struct matches *m, const struct match_person *person, struct match *out, size_t most)
{
	struct candidates candidates = { .count = 0 };
	struct arena arena;
	struct known who;
	size_t count = 0;

	arena_init(&arena);
	who = known_of(person, &arena);
	add_block(m, &who, BLOCK_EMAIL, &candidates);
	add_block(m, &who, BLOCK_PHONE, &candidates);
	for (size_t i = 0; i < candidates.count && count < most; i++) {
		const struct known *k = &m->items[candidates.items[i]];
		unsigned reasons;
		int score = compare(&who, k, &reasons);

		if (is_same(&who, k))
			out[count++] = match_of(k, score, reasons);
	}
	arena_release(&arena);
	return count;
}

/* ---- all ---- */

static int compare_pairs(const void *left, const void *right)
{
	const struct match_pair *a = left, *b = right;
	int order = b->other.score - a->other.score;

	order = order ? order : str_cmp(a->source, b->source);
	return order ? order : str_cmp(a->key, b->key);
}

size_t matches_pairs(const struct matches *m, size_t among, struct match_pair **out, struct arena *arena)
{
	enum { EACH = 4 };
	size_t count = 0, capacity = 0, from = m->count > among ? m->count - among : 0;

	*out = NULL;
	for (size_t i = from; i < m->count; i++) {
		const struct known *k = &m->items[i];
		struct match found[EACH];
		size_t n = k->gone ? 0 : like(m, k, i, found, EACH);

		for (size_t f = 0; f < n; f++) {
			ARENA_PUSH(arena, *out, count, capacity);
			(*out)[count++] = (struct match_pair){ k->source, k->key, found[f] };
		}
	}
	if (count)
		qsort(*out, count, sizeof(**out), compare_pairs);
	return count;
}
