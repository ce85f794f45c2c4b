/* libgomp and OpenBLAS read their variables when they are loaded, so setting them takes a second
 * start, a few milliseconds. It is worth it: a thread of libgomp that waits spins for a long time,
 * and on a machine that is busy with anything else the spinning takes the core that the thread it
 * waits for would need. A run of 6 seconds took 60 to 140 then; when nothing else runs, sleeping
 * costs less than one can measure. */
#include "door/environment.h"

#include <stdlib.h>
#include <unistd.h>

void nst_environment_settle(char **argv)
{
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT"))
        return;
    /* Also what keeps this from happening twice. */
    if (setenv("GOMP_SPINCOUNT", "1000", 1) != 0 || setenv("OPENBLAS_NUM_THREADS", "1", 0) != 0)
        return;
    execv("/proc/self/exe", argv);
    /* No /proc: go on as things are. */
}
