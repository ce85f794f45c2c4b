#include "serve/http/microhttpd.h"

#include "util/library.h"

#define NAME(name)    "MHD_" #name,
#define ADDRESS(name) .name = MHD_##name,

#ifdef NST_MICROHTTPD_FILE
nst_microhttpd_table nst_microhttpd;
#else
#define NST_MICROHTTPD_FILE NULL
nst_microhttpd_table nst_microhttpd = {NST_MICROHTTPD_FUNCTIONS(ADDRESS)};
#endif
static const char *const names[] = {NST_MICROHTTPD_FUNCTIONS(NAME)};
static nst_library library = {.file = NST_MICROHTTPD_FILE,
                              .names = names,
                              .count = sizeof names / sizeof *names,
                              .functions = &nst_microhttpd};

nst_status nst_microhttpd_load(nst_error *error)
{
    return nst_library_load(&library, error);
}
