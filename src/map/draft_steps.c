#include "map/draft_steps.h"

enum { MOST_WORDS = 40 };

/* Letters as str_fold_name leaves them. */
static const struct {
	const char *letters;
	enum lead_step step;
} others[] = {
	{ "mql", LEAD_STEP_QUALIFIED },
	{ "qualifiziert", LEAD_STEP_QUALIFIED },
	{ "handover", LEAD_STEP_HANDED_OFF },
	{ "handoff", LEAD_STEP_HANDED_OFF },
	{ "passedtosales", LEAD_STEP_HANDED_OFF },
	{ "senttosales", LEAD_STEP_HANDED_OFF },
	{ "ubergeben", LEAD_STEP_HANDED_OFF },
	{ "inprogress", LEAD_STEP_WORKING },
	{ "inarbeit", LEAD_STEP_WORKING },
	{ "inbearbeitung", LEAD_STEP_WORKING },
	{ "sal", LEAD_STEP_ACCEPTED },
	{ "angenommen", LEAD_STEP_ACCEPTED },
	{ "akzeptiert", LEAD_STEP_ACCEPTED },
	{ "declined", LEAD_STEP_REJECTED },
	{ "abgelehnt", LEAD_STEP_REJECTED },
	{ "zuruckgegeben", LEAD_STEP_REJECTED },
	{ "unqualified", LEAD_STEP_DISQUALIFIED },
	{ "disqualifiziert", LEAD_STEP_DISQUALIFIED },
	{ "wiedereroffnet", LEAD_STEP_REOPENED },
	{ "unsubscribed", LEAD_STEP_OPTED_OUT },
	{ "dublette", LEAD_STEP_DUPLICATE },
	{ "onhold", LEAD_STEP_WAITING },
	{ "reassigned", LEAD_STEP_ASSIGNED },
	{ "zugewiesen", LEAD_STEP_ASSIGNED },
};

static bool is_called(const char *name, const char *letters)
{
	char folded[64];
	size_t len = str_fold_name(str_of(name), folded, sizeof(folded) - 1);

	folded[len] = 0;
	return !strcmp(folded, letters);
}

bool draft_step_of(struct str word, enum lead_step *out)
{
	char letters[64];
	size_t len = str_fold_name(word, letters, sizeof(letters) - 1);

	letters[len] = 0;
	for (int step = 0; step < LEAD_STEP__COUNT; step++) {
		*out = (enum lead_step)step;
		if (is_called(lead_step_name(*out), letters) || is_called(lead_step_said(*out), letters))
			return true;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		*out = others[i].step;
		if (!strcmp(others[i].letters, letters))
			return true;
	}
	return false;
}

bool draft_are_steps(const struct table *words)
{
	size_t at = 0, steps = 0;
	enum lead_step step;
	struct str word;
	uint64_t n;

	if (!words->count || words->count > MOST_WORDS)
		return false;
	while (table_next(words, &at, &word, &n))
		steps += draft_step_of(word, &step);
	return 2 * steps > words->count;
}
