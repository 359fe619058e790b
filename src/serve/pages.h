/* The pages people look at: one shell of HTML for all of them, the style and the scripts it names. What a page says comes over the API.
 *
 * Assets have a hash of their bytes in their name and never change; the shell is asked for anew each time. Nothing else may run or be loaded:
 * the shell's policy allows what comes from this server, and no script or style that stands in HTML.
 */
#ifndef SERVE_PAGES_H
#define SERVE_PAGES_H

#include "serve/call.h"

/* Answers where the request asks for an asset, or wants HTML of an address that is not the API's. False: it is none of these. */
bool pages_answer(struct call *call);

#endif
