/* nst: neural style transfer. */
#include <stdio.h>

#include "arguments/help.h"
#include "commands/command.h"
#include "door/early.h"
#include "util/exit_status.h"

int main(int argc, char **argv)
{
    nst_early_end();
    if (argc < 2) {
        nst_help_usage(stderr);
        return NST_EXIT_USAGE;
    }
    const nst_command *command = nst_command_find(argv[1]);
    return command ? command->run(argc - 1, argv + 1) : nst_command_stylize(argc, argv);
}
