/* nst: neural style transfer. */
#include <malloc.h>

#include "base/memory.h"
#include "commands/command.h"
#include "door/early.h"

int main(int argc, char **argv)
{
    nst_early_end();
    /* Each thread would have a heap of its own, of 64 MB of address space. */
    if (nst_memory_counts_mappings())
        mallopt(M_ARENA_MAX, 1);
    return nst_command_run(argc, argv);
}
