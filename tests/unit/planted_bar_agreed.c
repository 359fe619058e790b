/* Bars of an agreement, one for each type of lead. */
#include "planted_bar_help.h"

int main(void)
{
	return planted_bars(true);
}
