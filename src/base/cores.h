/* How many threads can run at once: the cores that this process may use, of those that the machine has (`taskset`, containers). At least 1. */
#ifndef BASE_CORES_H
#define BASE_CORES_H

long cores_count(void);

#endif
