/* What a text that is tried cannot judge, by what the book knows of no lead at all. */
#include "desk/judge.h"

#include "tap.h"

/* That some opted out does not say when the others were contacted. */
static void opting_out(void)
{
	struct promise_def contact = { .kind = PROMISE_CLOCK,
				       .from = EVENT_HANDED_OFF,
				       .until = 1u << EVENT_FIRST_RESPONSE | 1u << EVENT_OPTED_OUT };
	const uint32_t handed = 1u << EVENT_HANDED_OFF, opted_out = 1u << EVENT_OPTED_OUT;

	is_int(judge_untold(&contact, handed | opted_out), UNTOLD_UNTIL, "opting out is no contact");
	is_int(judge_untold(&contact, handed | 1u << EVENT_FIRST_RESPONSE), UNTOLD_NOTHING, "a contact is one");
	contact.until = opted_out;
	is_int(judge_untold(&contact, handed | opted_out), UNTOLD_NOTHING, "but it ends what waits for nothing else");
}

int main(void)
{
	opting_out();
	return done();
}
