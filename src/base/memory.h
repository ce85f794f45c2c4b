/* How much memory there is. */
#ifndef NST_BASE_MEMORY_H
#define NST_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that this process could take without pushing others out: what Linux calls available, and
 * no more than its control groups (base/cgroup.h), its limit of address space (ulimit -v) and its
 * limit of data (ulimit -d) leave. UINT64_MAX when the system does not say. */
uint64_t nst_memory_available(void);

/* What is used of so many available bytes where nobody sets a limit: 80 %, or UINT64_MAX of that.
 */
uint64_t nst_memory_share(uint64_t available);

/* Bytes of physical memory that this process has. */
uint64_t nst_memory_resident(void);

/* Whether a mapping that is never touched can fail: under a limit of address space or of data, and
 * where the kernel grants no more than it has (vm.overcommit_memory = 2). */
bool nst_memory_counts_mappings(void);

/* OpenBLAS maps a buffer of 128 MiB for each product that runs at the same time, and touches little
 * of it. When the mapping fails, it tries again for ever (0.3.30 is the first that gives up). This
 * many MiB are enough for it. */
enum { NST_MEMORY_PRODUCT_MIB = 136 };

/* Whether so many MiB more can be mapped now. */
bool nst_memory_has_room(size_t mib);

/* For people: "46 MB", "1.25 GB". Returns text. */
enum { NST_MEMORY_TEXT_MAX = 32 };
const char *nst_memory_text(double bytes, char text[NST_MEMORY_TEXT_MAX]);

#endif
