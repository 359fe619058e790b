#include "report/contract.h"

#include "base/date.h"
#include "domain/agreement_terms.h"
#include "io/terminal.h"
#include "io/text.h"
#include "report/writer.h"

enum {
	WIDTH = 100,
	INDENT = 2,
	NAME_WIDTH = 26,
	GAP = 4,
	COLUMN = (WIDTH - GAP) / 2,
	LINE_MAX = 1 << 16,
	SIGNER_WIDTH = 34
};

/* Each party's promises stand under its own name, two parties side by side. */
static const char *const party_titles[PARTY__COUNT] = {
	[PARTY_MARKETING] = "Marketing promises",
	[PARTY_SALES] = "Sales promises",
	[PARTY_PARTNER] = "Partner promises",
	[PARTY_EXECUTIVE] = "Executive promises",
};

static struct str promise_text(const struct promise_def *promise, struct arena *arena)
{
	return str_of(arena_printf(arena, "%.*s.", STR_ARG(promise_sentence(promise, arena))));
}

/* The terms of a promise that its sentence does not hold. */
static bool beside_sentence(const struct term *term)
{
	static const char *const said[] = { "party",        "counts", "at least", "attempts", "until",
					    "time allowed", "from",   "only",     "kept in",  NULL };

	for (size_t i = 0; said[i]; i++)
		if (str_is(str_of(term->what), said[i]))
			return false;
	return term->what[0] != 0;
}

/* The party's n-th promise; NULL past the last. */
static const struct promise_def *promise_at(const struct agreement *a, enum party party, size_t nth)
{
	for (size_t i = 0; i < a->promise_count; i++)
		if (a->promises[i].party == party && nth-- == 0)
			return &a->promises[i];
	return NULL;
}

/* Marketing and sales are shown even where one of them promises nothing. */
static bool has_column(const struct agreement *a, enum party party)
{
	return party == PARTY_MARKETING || party == PARTY_SALES || promise_at(a, party, 0);
}

static struct names further_terms(const struct terms *terms, const struct promise_def *promise, struct arena *arena)
{
	struct names out = { .items = ARENA_ARRAY(arena, struct str, terms->count + 1) };

	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];

		if (term->chapter == TERM_PROMISES && str_eq(term->subject, promise->name) && beside_sentence(term))
			out.items[out.count++] =
				str_of(arena_printf(arena, "%s: %.*s", term->what, STR_ARG(term->value)));
	}
	return out;
}

/* ---- the subjects of a chapter ---- */

struct entry {
	struct str subject;
	struct term_group group;
};

struct entries {
	struct entry *items;
	size_t count;
};

static bool same_values(const struct term_group *a, const struct term_group *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (!str_eq(a->terms[i].value, b->terms[i].value))
			return false;
	return a->count == b->count;
}

/* In order. Promises stand side by side elsewhere; of their chapter only what is of all of them. Days that follow each other and have the
 * same hours are one: "Monday to Thursday". */
static struct entries chapter_entries(const struct terms *terms, enum term_chapter chapter, struct arena *arena)
{
	size_t count;
	const struct term_group *groups = term_groups(terms, &count, arena);
	struct entries out = { .items = ARENA_ARRAY(arena, struct entry, count + 1) };

	for (size_t i = 0; i < count; i++) {
		struct str subject = groups[i].terms->subject;
		struct entry *last = out.count ? &out.items[out.count - 1] : NULL;

		if (groups[i].terms->chapter != chapter ||
		    (chapter == TERM_PROMISES && !str_is(subject, "clocks wait while")))
			continue;
		if (chapter == TERM_HOURS && last && same_values(&last->group, &groups[i]))
			last->subject = str_of(arena_printf(arena, "%.*s to %.*s", STR_ARG(last->group.terms->subject),
							    STR_ARG(subject)));
		else
			out.items[out.count++] = (struct entry){ subject, groups[i] };
	}
	return out;
}

/* What stands under a line for a name: the party, and when they signed. */
static struct str signature_text(const struct agreement_version *version, enum party party, struct str who,
				 struct arena *arena)
{
	const struct agreement_signature *signature = agreement_signature_of(version, party, who);
	char day[16];

	if (!signature)
		return STR_NONE;
	date_format(zone_date(version->zone, signature->at_ms), day);
	return str_of(arena_printf(arena, "signed %s", day));
}

/* Which text it is that is signed. */
static struct str version_text(const struct agreement_version *version, struct arena *arena)
{
	const char *number = version->number ? arena_printf(arena, "Version %d. ", version->number) : "";

	return str_of(arena_printf(arena, "%sEach signature is for this text, whose hash (BLAKE2b-256) is %s.", number,
				   version->hash));
}

/* ---- text ---- */

struct printer {
	const struct agreement_version *version;
	const struct agreement *agreement;
	struct terms terms;
	struct arena *arena;
	struct buf *out;
	bool colour;
};

static void print_heading(struct printer *p, const char *text)
{
	buf_addf(p->out, "\n%s%s%s\n", ink_on(INK_BOLD, p->colour), text, ink_off(p->colour));
}

static void print_wrapped(struct printer *p, size_t at, size_t indent, struct str text)
{
	struct buf safe;

	buf_init(&safe, LINE_MAX);
	text_for_terminal(text, &safe);
	text_wrap(buf_str(&safe), at, indent, WIDTH, p->out);
	buf_add_char(p->out, '\n');
	buf_release(&safe);
}

static void print_line(struct printer *p, const char *name, struct str value)
{
	size_t at = INDENT + NAME_WIDTH + 2;

	buf_addf(p->out, "%*s%s%*s", INDENT, "", name, (int)(NAME_WIDTH + 2 - utf8_width(str_of(name))), "");
	print_wrapped(p, at, at, value);
}

/* The subject once, its terms below one another. */
static void print_entry(struct printer *p, const struct entry *entry)
{
	const char *name = arena_cstr(p->arena, text_cut(entry->subject, NAME_WIDTH, p->arena));

	if (utf8_width(entry->subject) > NAME_WIDTH) {
		buf_addf(p->out, "%*s", INDENT, "");
		print_wrapped(p, INDENT, INDENT, entry->subject);
		name = "";
	}
	for (size_t i = 0; i < entry->group.count; i++) {
		const struct term *term = &entry->group.terms[i];

		print_line(p, i ? "" : name,
			   str_of(arena_printf(p->arena, "%s%s%.*s", term->what, term->what[0] ? ": " : "",
					       STR_ARG(term->value))));
	}
}

static void print_chapter(struct printer *p, enum term_chapter chapter)
{
	struct entries entries = chapter_entries(&p->terms, chapter, p->arena);

	if (entries.count)
		print_heading(p, chapter == TERM_PROMISES ? "For all promises" : term_chapter_title(chapter));
	for (size_t i = 0; i < entries.count; i++)
		print_entry(p, &entries.items[i]);
}

/* One promise, broken into lines of a column. */
static struct names promise_lines(struct printer *p, const struct promise_def *promise)
{
	struct names lines = { .count = 0 }, further = further_terms(&p->terms, promise, p->arena);
	struct buf text;
	struct str rest;

	buf_init(&text, LINE_MAX);
	buf_addf(&text, "%.*s: ", STR_ARG(promise->name));
	text_wrap(promise_text(promise, p->arena), utf8_width(promise->name) + 2, 2, COLUMN, &text);
	for (size_t i = 0; i < further.count; i++) {
		buf_add_text(&text, "\n  ");
		text_wrap(further.items[i], 2, 4, COLUMN, &text);
	}
	rest = arena_str(p->arena, buf_str(&text));
	buf_release(&text);
	lines.items = ARENA_ARRAY(p->arena, struct str, rest.len + 1);
	while (rest.len)
		lines.items[lines.count++] = str_cut(&rest, '\n');
	return lines;
}

static void print_side_by_side(struct printer *p, const struct names *left, const struct names *right)
{
	for (size_t i = 0; i < left->count || i < right->count; i++) {
		struct str a = i < left->count ? left->items[i] : STR_NONE,
			   b = i < right->count ? right->items[i] : STR_NONE;

		text_for_terminal(a, p->out);
		if (b.len) {
			buf_addf(p->out, "%*s", (int)(COLUMN + GAP - utf8_width(a)), "");
			text_for_terminal(b, p->out);
		}
		buf_add_char(p->out, '\n');
	}
}

/* `right` may be PARTY__COUNT: none. */
static void print_parties(struct printer *p, enum party left_party, enum party right_party)
{
	buf_addf(p->out, "%s%-*s%s%s\n", ink_on(INK_DIM, p->colour), right_party < PARTY__COUNT ? COLUMN + GAP : 0,
		 party_titles[left_party], right_party < PARTY__COUNT ? party_titles[right_party] : "",
		 ink_off(p->colour));
	for (size_t i = 0;; i++) {
		const struct promise_def *left = promise_at(p->agreement, left_party, i),
					 *right = promise_at(p->agreement, right_party, i);
		struct names none = { .count = 0 }, a, b;

		if (!left && !right)
			break;
		a = left ? promise_lines(p, left) : none;
		b = right ? promise_lines(p, right) : none;
		if (i)
			buf_add_char(p->out, '\n');
		print_side_by_side(p, &a, &b);
	}
}

static void print_promises(struct printer *p)
{
	enum party shown[PARTY__COUNT + 1];
	size_t count = 0;

	for (int party = 0; party < PARTY__COUNT; party++)
		if (has_column(p->agreement, (enum party)party))
			shown[count++] = (enum party)party;
	shown[count] = PARTY__COUNT;
	print_heading(p, term_chapter_title(TERM_PROMISES));
	for (size_t i = 0; i < count; i += 2) {
		if (i)
			buf_add_char(p->out, '\n');
		print_parties(p, shown[i], shown[i + 1]);
	}
}

static void print_signatures(struct printer *p)
{
	print_heading(p, "Signed");
	for (int party = 0; party < PARTY__COUNT; party++) {
		const struct names *signs = &p->agreement->parties[party].signs;

		for (size_t i = 0; i < signs->count; i++) {
			struct str who = signs->items[i],
				   at = signature_text(p->version, (enum party)party, who, p->arena);
			struct str name = text_cut(who, SIGNER_WIDTH - 2, p->arena);

			buf_addf(p->out, "%s%*s%.*s%*s%-12s%.*s\n", at.len ? "" : "\n", INDENT, "", STR_ARG(name),
				 (int)(SIGNER_WIDTH - utf8_width(name)), "", party_name((enum party)party),
				 STR_ARG(at.len ? at : STR("____________________  ______________")));
		}
	}
	buf_add_char(p->out, '\n');
	print_wrapped(p, 0, 0, version_text(p->version, p->arena));
}

void contract_text(const struct agreement_version *version, bool colour, struct buf *out)
{
	const struct agreement *agreement = version->agreement;
	struct arena arena;
	struct printer p = { version, agreement, { .items = NULL }, &arena, out, colour };

	arena_init(&arena);
	p.terms = agreement_terms(agreement, &arena);
	buf_addf(out, "%s", ink_on(INK_BOLD, colour));
	text_for_terminal(agreement->title, out);
	buf_addf(out, "%s\n", ink_off(colour));
	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		if (chapter == TERM_PROMISES)
			print_promises(&p);
		if (chapter != TERM_ANNEXES)
			print_chapter(&p, (enum term_chapter)chapter);
	}
	print_signatures(&p);
	print_chapter(&p, TERM_ANNEXES);
	arena_release(&arena);
}

/* ---- HTML ---- */

struct contract_writer {
	struct writer w;
	const struct agreement_version *version;
	const struct agreement *agreement;
	struct terms terms;
};

static void write_entry(struct contract_writer *c, const struct entry *entry)
{
	html_element(&c->w.h, "dt", NULL, entry->subject);
	html_open(&c->w.h, "dd", NULL);
	for (size_t i = 0; i < entry->group.count; i++) {
		const struct term *term = &entry->group.terms[i];

		html_open(&c->w.h, "p", NULL);
		if (term->what[0]) {
			html_element(&c->w.h, "span", "note", str_of(term->what));
			html_say(&c->w.h, " ");
		}
		html_text(&c->w.h, term->value);
		html_close(&c->w.h, "p");
	}
	html_close(&c->w.h, "dd");
}

static void write_chapter(struct contract_writer *c, enum term_chapter chapter)
{
	struct entries entries = chapter_entries(&c->terms, chapter, &c->w.arena);

	if (!entries.count)
		return;
	if (chapter == TERM_PROMISES)
		html_element(&c->w.h, "h2", NULL, STR("For all promises"));
	else
		html_element(&c->w.h, "h2", NULL, str_of(term_chapter_title(chapter)));
	html_open(&c->w.h, "dl", "class", "terms", NULL);
	for (size_t i = 0; i < entries.count; i++)
		write_entry(c, &entries.items[i]);
	html_close(&c->w.h, "dl");
}

static void write_promise(struct contract_writer *c, const struct promise_def *promise)
{
	struct names further = further_terms(&c->terms, promise, &c->w.arena);

	html_open(&c->w.h, "li", NULL);
	html_element(&c->w.h, "b", NULL, promise->name);
	html_say(&c->w.h, ": ");
	html_text(&c->w.h, promise_text(promise, &c->w.arena));
	for (size_t i = 0; i < further.count; i++) {
		html_open(&c->w.h, "p", "class", "note", NULL);
		html_text(&c->w.h, further.items[i]);
		html_close(&c->w.h, "p");
	}
	html_close(&c->w.h, "li");
}

static void write_promises(struct contract_writer *c)
{
	html_element(&c->w.h, "h2", NULL, str_of(term_chapter_title(TERM_PROMISES)));
	html_open(&c->w.h, "div", "class", "sides", NULL);
	for (int n = 0; n < PARTY__COUNT; n++) {
		enum party party = (enum party)n;

		if (!has_column(c->agreement, party))
			continue;
		html_open(&c->w.h, "section", "class", party_name(party), NULL);
		html_element(&c->w.h, "h3", NULL, str_of(party_titles[party]));
		html_open(&c->w.h, "ul", NULL);
		for (size_t i = 0; promise_at(c->agreement, party, i); i++)
			write_promise(c, promise_at(c->agreement, party, i));
		html_close(&c->w.h, "ul");
		html_close(&c->w.h, "section");
	}
	html_close(&c->w.h, "div");
}

static void write_signature(struct contract_writer *c, enum party party, struct str who)
{
	struct str at = signature_text(c->version, party, who, &c->w.arena);

	html_open(&c->w.h, "p", "class", "signature", NULL);
	html_text(&c->w.h, who);
	html_say(&c->w.h, ", ");
	html_say(&c->w.h, party_name(party));
	if (at.len) {
		html_say(&c->w.h, " ");
		html_element(&c->w.h, "span", "note", at);
	}
	html_close(&c->w.h, "p");
}

static void write_signatures(struct contract_writer *c)
{
	html_element(&c->w.h, "h2", NULL, STR("Signed"));
	html_open(&c->w.h, "div", "class", "signatures", NULL);
	for (int party = 0; party < PARTY__COUNT; party++) {
		const struct names *signs = &c->agreement->parties[party].signs;

		for (size_t i = 0; i < signs->count; i++)
			write_signature(c, (enum party)party, signs->items[i]);
	}
	html_close(&c->w.h, "div");
	html_element(&c->w.h, "p", "note", version_text(c->version, &c->w.arena));
}

void contract_html(const struct agreement_version *version, struct buf *out)
{
	struct contract_writer c = { .version = version, .agreement = version->agreement };

	arena_init(&c.w.arena);
	c.terms = agreement_terms(c.agreement, &c.w.arena);
	html_init(&c.w.h, out);
	write_document_head(&c.w, c.agreement->title, STR_NONE);
	html_open(&c.w.h, "body", "class", "contract", NULL);
	html_open(&c.w.h, "header", NULL);
	html_element(&c.w.h, "h1", NULL, c.agreement->title);
	html_close(&c.w.h, "header");
	html_open(&c.w.h, "main", NULL);
	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		if (chapter == TERM_PROMISES)
			write_promises(&c);
		if (chapter != TERM_ANNEXES)
			write_chapter(&c, (enum term_chapter)chapter);
	}
	write_signatures(&c);
	write_chapter(&c, TERM_ANNEXES);
	html_close(&c.w.h, "main");
	html_close(&c.w.h, "body");
	html_close(&c.w.h, "html");
	html_finish(&c.w.h);
	arena_release(&c.w.arena);
}
