/* OpenBLAS starts a thread for each core as soon as it is loaded. They are not wanted, because nst
 * has threads of its own; they cost address space and time; and where no thread may be started,
 * OpenBLAS ends the process by SIGINT. The one thing that it asks is the environment, which is the
 * kernel's until the C library has started up, and then is copied from there: so a variable is lent
 * to it in place, and given back when main begins.
 *
 * Version 0.3.29 also maps a buffer for each of its threads then, and tries for ever where that
 * fails. So no command starts where there is no room for it, whatever the version. */
#include "door/early.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static char variable[] = "OPENBLAS_NUM_THREADS=1";
static char **lent; /* where it stands in the environment, or NULL */
static char *own;   /* what stood there */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Whether a library may ask for it when it starts up. */
static bool is_asked_for(const char *text)
{
    static const char *const prefixes[] = {"LD_",      "GLIBC",  "MALLOC", "OMP_",  "GOMP_",
                                           "ASAN_",    "UBSAN_", "TSAN_",  "LSAN_", "OPENBLAS_",
                                           "VALGRIND", "LC_",    "LANG",   "PATH"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (begins_with(text, prefixes[i]))
            return true;
    return false;
}

/* The place to lend: where OpenBLAS's own variable stands, because nst wants one thread whatever it
 * says; else one that no library asks for; else PATH. */
static char **place(char **environment)
{
    char **best = NULL, **path = NULL;
    for (char **at = environment; *at; at++) {
        if (begins_with(*at, "OPENBLAS_NUM_THREADS="))
            return at;
        if (!is_asked_for(*at))
            best = at;
        else if (begins_with(*at, "PATH="))
            path = at;
    }
    return best ? best : path;
}

static void begin(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    lent = place(environment);
    if (lent) {
        own = *lent;
        *lent = variable;
    }
    long threads = lent ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
    size_t needed = NST_MEMORY_PRODUCT_MIB * (size_t)(threads > 0 ? threads : 1);
    if (!nst_memory_has_room(needed)) {
        dprintf(STDERR_FILENO,
                "nst: out of memory: OpenBLAS needs %zu MiB of address space; no size fits\n",
                needed);
        _exit(EXIT_FAILURE);
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
