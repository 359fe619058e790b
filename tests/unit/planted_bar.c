/* Bars that nobody wrote down: those in use. */
#include "planted_bar_help.h"

int main(void)
{
	return planted_bars(false);
}
