#include "base/cores.h"

#include <sched.h>
#include <unistd.h>

long cores_count(void)
{
	cpu_set_t set;
	long cores;

	/* sysconf() reads a file, which would be the dearest part of a small question: it is for machines with more cores than the set holds. */
	cores = sched_getaffinity(0, sizeof(set), &set) ? sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&set);
	return cores > 1 ? cores : 1;
}
