/* The agreement as a contract people read, print and sign: both parties' promises side by side. Made from its terms alone, with the
 * signatures there are. */
#ifndef REPORT_CONTRACT_H
#define REPORT_CONTRACT_H

#include "base/buf.h"
#include "desk/agreements.h"

/* For a terminal or a printer of 100 columns. */
void contract_text(const struct agreement_version *version, bool colour, struct buf *out);
/* One self-contained page. */
void contract_html(const struct agreement_version *version, struct buf *out);

#endif
