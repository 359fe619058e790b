/* When the columns beside a book are left to the next command that writes. */
#include "desk/columns.h"
#include "tap.h"

int main(void)
{
	ok(!columns_can_wait(1, 60000), "a small import makes them");
	ok(columns_can_wait(1, 200001), "one that fills a book leaves them");
	ok(!columns_can_wait(1000000, 1150000), "one that adds to a large book makes them");
	ok(columns_can_wait(100000, 250000), "one that more than doubles it leaves them");
	ok(!columns_can_wait(500, 500), "where nothing was written they are made, should they be missing");
	return done();
}
