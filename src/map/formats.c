#include "map/formats.h"

static void keep_example(char out[32], long *at_line, struct str cell, long line)
{
	size_t len = cell.len < 31 ? cell.len : 31;

	if (out[0])
		return;
	memcpy(out, cell.at, len);
	out[len] = 0;
	*at_line = line;
}

void date_evidence_add(struct date_evidence *evidence, struct str cell, long line)
{
	struct date_look look;

	date_look(cell, &look);
	if (!look.orders)
		return;
	evidence->cells++;
	evidence->timed += look.timed;
	evidence->not_midnight += look.timed && !look.midnight;
	switch (look.orders) {
	case DATE_DMY: evidence->dmy++; break;
	case DATE_MDY: evidence->mdy++; break;
	case DATE_EXCEL: evidence->excel++; break;
	case DATE_UNIX: evidence->unix_s++; break;
	case DATE_UNIX_MS: evidence->unix_ms++; break;
	case DATE_DMY | DATE_MDY:
		evidence->both++;
		keep_example(evidence->example, &evidence->example_line, cell, line);
		break;
	default: evidence->fixed++; break;
	}
	evidence->not_midnight += look.orders == DATE_UNIX || look.orders == DATE_UNIX_MS;
}

unsigned date_evidence_order(const struct date_evidence *evidence, bool *unclear)
{
	*unclear = false;
	if (evidence->dmy > evidence->mdy)
		return DATE_DMY;
	if (evidence->mdy > evidence->dmy)
		return DATE_MDY;
	*unclear = evidence->both > 0;
	return 0;
}

void number_evidence_add(struct number_evidence *evidence, struct str cell, long line)
{
	switch (number_look(cell)) {
	case NUMBER_DOT: evidence->dot++; break;
	case NUMBER_COMMA: evidence->comma++; break;
	case NUMBER_EITHER:
		evidence->either++;
		keep_example(evidence->example, &evidence->example_line, cell, line);
		break;
	case NUMBER_NONE:
	case NUMBER_SAME: break;
	}
}

char number_evidence_mark(const struct number_evidence *evidence, bool *unclear)
{
	*unclear = false;
	if (evidence->dot && !evidence->comma)
		return '.';
	if (evidence->comma && !evidence->dot)
		return ',';
	*unclear = evidence->either > 0 && !evidence->dot && !evidence->comma;
	return 0;
}
