/* What changes more often than people sign: holidays, half days, extra working days, absences, who is in a team. Dated, and no part of
 * the signed bytes. */
#ifndef DOMAIN_ANNEXES_H
#define DOMAIN_ANNEXES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/problem.h"
#include "domain/calendar.h"
#include "io/yaml_words.h"

/* A date whose hours are not those of its weekday, or are again. */
struct annex_day {
	int32_t date;
	struct str name; /* "Boxing Day"; may be empty */
	bool usual;      /* the weekday's hours after all: takes back what was said of the date before */
	struct working_day hours;
};

struct absence {
	struct str who;
	int32_t from, to; /* dates, both included */
	struct place place;
};

struct agreed_team {
	struct str name;
	struct names people;
	struct place place;
};

/* A calendar file whose all-day events are holidays. */
struct holiday_file {
	struct str path; /* as written: relative to the file that names it */
	int line, column;
};

struct annexes {
	struct annex_day *days; /* of two for one date the later in the list holds */
	size_t day_count, day_capacity;
	struct absence *absences;
	size_t absence_count, absence_capacity;
	struct agreed_team *teams;
	size_t team_count, team_capacity;
	struct holiday_file *files; /* whose days are not among `days` yet */
	size_t file_count, file_capacity;
	bool from_files; /* some of the days are */
};

/* Reads what stands under `annexes:`, adding to `out`. */
void annexes_read_node(struct annexes *out, struct yaml_words *w, const struct yaml_node *node);
/* Reads the chapter `annexes:` of a text and nothing else of it. Problems as for agreement_read; ERR_INPUT when it is no YAML. */
int annexes_read(struct annexes *out, struct str text, const char *file, struct problems *problems, struct arena *arena,
		 struct err *err);

/* Days that a file says. What the text itself says of one of them holds, whatever it says. */
void annexes_add_file(struct annexes *annexes, const struct annex_day *days, size_t count, struct arena *arena);

/* Adds what was said later: days add up, and each date stands once, in order; a person's absences and a team are wholly as the later
 * one says where it names them. */
void annexes_join(struct annexes *annexes, const struct annexes *later, struct arena *arena);

/* As YAML, from the line `annexes:` on, without files: what annexes_read reads back the same. */
struct str annexes_text(const struct annexes *annexes, struct arena *arena);

/* "12 days, 1 absence, 2 teams" */
const char *annexes_summary(const struct annexes *annexes, struct arena *arena);

/* The days for a calendar: each date once. */
struct dated_day *annexes_dated(const struct annexes *annexes, size_t *count, struct arena *arena);

#endif
