#include "base/cores.h"

#include <sched.h>
#include <unistd.h>

long cores_count(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN), allowed;
	cpu_set_t set;

	/* A machine with more cores than the set holds is not asked further. */
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return online > 1 ? online : 1;
	allowed = CPU_COUNT(&set);
	return allowed > 1 ? allowed : 1;
}
