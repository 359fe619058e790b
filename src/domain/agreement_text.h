/* Reading the text of an agreement, chapter by chapter. Private to the files that do. */
#ifndef DOMAIN_AGREEMENT_TEXT_H
#define DOMAIN_AGREEMENT_TEXT_H

#include "domain/agreement.h"

struct agreement_text {
	struct yaml_words w;
	struct agreement *agreement;
};

#define WRONG(t, node, key, ...) YAML_WRONG(&(t)->w, node, key, __VA_ARGS__)

/* Each reads what stands under its key, and says what is wrong. */
void read_parties(struct agreement_text *t, const struct yaml_node *node);
void read_hours(struct agreement_text *t, const struct yaml_node *node);
void read_words(struct agreement_text *t, const struct yaml_node *node);
void read_lead_types(struct agreement_text *t, const struct yaml_node *node);
void read_criteria(struct agreement_text *t, const struct yaml_node *node);
void read_scoring(struct agreement_text *t, const struct yaml_node *node);
void read_routes(struct agreement_text *t, const struct yaml_node *node);
void read_promises(struct agreement_text *t, const struct yaml_node *node);
void read_stages(struct agreement_text *t, const struct yaml_node *node);
void read_reasons(struct agreement_text *t, const struct yaml_node *node);
void read_kpis(struct agreement_text *t, const struct yaml_node *node);
void read_pay(struct agreement_text *t, const struct yaml_node *node);
void read_cadence(struct agreement_text *t, const struct yaml_node *node);
void read_annexes(struct agreement_text *t, const struct yaml_node *node);

/* ---- what several chapters hold ---- */

bool read_rule(struct agreement_text *t, const struct yaml_node *node, const char *key, struct rule *out);
/* The number of a kind of touch; TOUCH_OTHER where there are too many. */
uint16_t read_kind(struct agreement_text *t, const struct yaml_node *node, struct str kind);
bool read_allowance(struct agreement_text *t, const struct yaml_node *node, const char *key, struct allowance *out);
bool read_date(struct yaml_words *w, const struct yaml_node *node, const char *key, int32_t *out);
/* Above it no number of an agreement means anything, and sums of points stay far from overflowing. */
#define AGREEMENT_MOST 1e9

/* A number of at least `least`, at most AGREEMENT_MOST. */
bool read_number(struct agreement_text *t, const struct yaml_node *node, const char *key, double least, double *out);
/* "95 %" as 0.95. */
bool read_share(struct agreement_text *t, const struct yaml_node *node, const char *key, double most, double *out);
/* "08:00-12:00", or a list of such; none for an empty list or "closed". */
bool read_day(struct yaml_words *w, const struct yaml_node *node, const char *key, struct working_day *out);

#endif
