/* The control groups of this process, versions 1 and 2: what they leave of memory and of cores.
 *
 * Limits bind a group and all groups inside it, so the process's own group and every one above it
 * count, as far up as the process can see. */
#ifndef NST_BASE_CGROUP_H
#define NST_BASE_CGROUP_H

#include <stdint.h>

typedef struct nst_cgroup_limits {
    uint64_t memory; /* bytes that are free or can be freed by dropping cached files; UINT64_MAX
                        without a limit */
    double cores;    /* CPU time per time by the quota; 0 without one */
} nst_cgroup_limits;

/* root is put before every path that is read: "" for the system's own files, a folder of copies
 * for a test. What cannot be read sets no limit. */
void nst_cgroup_read(const char *root, nst_cgroup_limits *out);

#endif
