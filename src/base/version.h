/* What `lockstep --version` says. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define LOCKSTEP_VERSION "0.1.0"

#endif
