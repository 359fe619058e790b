/* Which rows of a file of rejected rows go with a person, and which stay: another's row must not go for a city, a deal's name, or a number
 * that means something else there. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/err.h"
#include "book/scrub.h"
#include "tap.h"

static const struct {
	const char *row;
	bool goes;
} rows[] = {
	{ "2,x,no date,7,Someone,s@x.example,Bonn\n", true },                  /* the key in the key column */
	{ "3,x,no date,8,Seven,t@x.example,7\n", false },                      /* not elsewhere */
	{ "7,x,no date,9,Eight,u@x.example,Bonn\n", false },                   /* nor as the line; nor for the city */
	{ "4,x,no date,10,J\xC3\x9CRGEN M\xC3\x9CLLER,v@x.example,\n", true }, /* JÜRGEN MÜLLER */
	{ "5,x,no date,11,Ju\xCC\x88rgen Mu\xCC\x88ller,,\n", true },          /* accents of their own */
	{ "6,x,no date,12,M\xC3\xBCller,J\xC3\xBCrgen,\n", true },             /* a cell each */
	{ "8,x,no date,13,J\xC3\xBCrgen Schmidt,,M\xC3\xBCllerhausen\n", false },
	{ "9,x,no date,14,\"note: ask J.Muller@X.example.\",,\n", true }, /* in a text, at its end */
	{ "10,x,no date,15,K,kj.muller@x.example,\n", false },            /* another's address */
	{ "11,x,no date,16,K,k-j.muller@x.example,\n", false },
	{ "12,x,no date,17,K,k.j.muller@x.example,\n", false },
	{ "13,x,no date,18,K,j.muller@x.example.org,\n", false },
	{ "14,x,no date,19,K,<j.muller@x.example>,\n", true },
	{ "15,x,no date,20,K,+49 (228) 555-001,\n", true },
	{ "16,x,no date,21,K,+49 (228) 555-0019,\n", false },
	{ "17,x,no date,22,Renewal,,\n", false },                /* the name of a deal */
	{ "18,x,no date,23,K,00Q5e00000ABCDEFGH,\n", true },     /* an id that nothing else is */
	{ "19,x,no date,\"7\",\"K, L\",,\n", true },             /* in quotes */
	{ "20,x,no date,24,\"a\nseveral\nlines\",,7\n", false }, /* line ends in a cell */
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static void write_file(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		bug_at(__FILE__, __LINE__, "cannot write %s", path);
	fputs("line,column,reason,lead_id,name,mail,city\n", file);
	for (size_t i = 0; i < ROWS; i++)
		fputs(rows[i].row, file);
	fclose(file);
}

static void learn(struct scrub_words *words)
{
	scrub_key(words, OBJECT_LEAD, STR("7"));
	scrub_key(words, OBJECT_LEAD, STR("00Q5e00000abcdefgh"));
	scrub_name(words, STR("J\xC3\xBCrgen M\xC3\xBCller"));
	scrub_names(words, STR("J\xC3\xBCrgen"), STR("M\xC3\xBCller"));
	scrub_email(words, STR("j.muller@x.example"));
	scrub_phone(words, STR("49228555001"));
}

int main(void)
{
	char path[] = "/tmp/lockstep-scrub-XXXXXX", text[8192];
	struct scrub_words words;
	struct arena arena;
	int fd = mkstemp(path);

	if (fd < 0)
		bug_at(__FILE__, __LINE__, "no file for the test");
	close(fd);
	arena_init(&arena);
	scrub_init(&words, &arena);
	learn(&words);

	write_file(path);
	is_int(scrub_file(path, &words, OBJECT_LEAD, true), SCRUB_DONE, "looking says what it would do");
	is_int(scrub_file(path, &words, OBJECT_LEAD, false), SCRUB_DONE, "rows are taken out");
	FILE *file = fopen(path, "r");
	size_t len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[len] = 0;
	ok(strstr(text, "line,column,reason") == text, "the header stays");
	for (size_t i = 0; i < ROWS; i++)
		ok((strstr(text, rows[i].row) == NULL) == rows[i].goes, "%s: row %zu", rows[i].goes ? "goes" : "stays",
		   i);
	is_int(scrub_file(path, &words, OBJECT_LEAD, false), SCRUB_CLEAN, "and nothing is left to do");

	write_file(path);
	scrub_file(path, &words, OBJECT_ORDER, false);
	file = fopen(path, "r");
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[len] = 0;
	ok(strstr(text, rows[0].row) != NULL, "7 of another kind of record is another 7");
	unlink(path);
	arena_release(&arena);
	return done();
}
