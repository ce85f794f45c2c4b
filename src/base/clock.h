/* Time passed. */
#ifndef NST_BASE_CLOCK_H
#define NST_BASE_CLOCK_H

#include <time.h>

static inline double nst_seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

#endif
