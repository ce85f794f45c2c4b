/* How much memory there is. */
#ifndef NST_BASE_MEMORY_H
#define NST_BASE_MEMORY_H

#include <stdint.h>

/* Bytes that this process could take without pushing others out: what Linux calls available, and
 * no more than its control group allows. UINT64_MAX when the system does not say. */
uint64_t nst_memory_available(void);

/* For people: "46 MB", "1.25 GB". Returns text. */
enum { NST_MEMORY_TEXT_MAX = 32 };
const char *nst_memory_text(double bytes, char text[NST_MEMORY_TEXT_MAX]);

#endif
