/* Lists of names. */
#include "files/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

nst_status nst_names_add(nst_names *names, const char *name, nst_error *error)
{
    if (names->count == names->room) {
        int room = names->room ? 2 * names->room : 64;
        char **larger = realloc(names->list, (size_t)room * sizeof *larger);
        if (!larger)
            return nst_fail_memory_for(error, "names of files");
        names->list = larger;
        names->room = room;
    }
    char *copy = strdup(name);
    if (!copy)
        return nst_fail_memory_for(error, "names of files");
    names->list[names->count++] = copy;
    return NST_OK;
}

void nst_names_destroy(nst_names *names)
{
    for (int i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
    *names = (nst_names){0};
}
