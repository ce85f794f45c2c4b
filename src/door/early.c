/* OpenBLAS starts a thread for each core as soon as it is loaded. They are not wanted, because nst
 * has threads of its own; they cost address space and time; and where no thread may be started,
 * OpenBLAS ends the process by SIGINT. The one thing that it asks is the environment, which is the
 * kernel's until the C library has started up, and then is copied from there: so a variable is lent
 * to it in place, and given back when main begins. */
#include "door/early.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static char variable[] = "OPENBLAS_NUM_THREADS=1";
static char **lent; /* where it stands in the environment, or NULL */
static char *own;   /* what stood there */

/* Whether a library may ask for it when it starts up. */
static bool is_asked_for(const char *text)
{
    static const char *const prefixes[] = {"LD_",      "GLIBC",  "MALLOC", "OMP_",  "GOMP_",
                                           "ASAN_",    "UBSAN_", "TSAN_",  "LSAN_", "OPENBLAS_",
                                           "VALGRIND", "LC_",    "LANG",   "PATH"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void begin(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    for (char **at = environment; *at; at++) {
        if (strncmp(*at, variable, sizeof "OPENBLAS_NUM_THREADS=" - 1) == 0) {
            lent = NULL; /* somebody has said it */
            return;
        }
        if (!is_asked_for(*at))
            lent = at;
    }
    if (lent) {
        own = *lent;
        *lent = variable;
    }
}

/* Called before any shared library starts up. */
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **,
                                                                            char **) = begin;

void nst_early_end(void)
{
    if (lent)
        *lent = own;
}
