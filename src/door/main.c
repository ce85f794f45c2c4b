/* nst: neural style transfer. */
#include <stdio.h>

#include "arguments/help.h"
#include "arguments/parse.h"
#include "commands/command.h"
#include "commands/stylize.h"
#include "door/environment.h"
#include "util/exit_status.h"
#include "util/interrupt.h"
#include "util/say.h"

/* An exit status. */
static int act(const nst_args *args, nst_error *error)
{
    if (args->action == NST_ACTION_RUN)
        return nst_batch(args);
    nst_status status =
        args->action == NST_ACTION_HELP ? nst_help_print(error) : nst_help_version(error);
    return status == NST_OK ? NST_EXIT_DONE : NST_EXIT_FAILED;
}

static int stylize(int argc, char **argv)
{
    nst_args args = {0};
    nst_error error = {0};
    int exit_status;
    nst_interrupt_install();

    nst_status status = nst_args_parse(argc, argv, &args, &error);
    if (status == NST_OK)
        exit_status = act(&args, &error);
    else
        exit_status = status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
    if (error.message[0])
        nst_say("nst: %s", error.message);
    if (status == NST_ERR_ARGUMENT)
        nst_say("Try 'nst --help'.");
    nst_args_destroy(&args);
    return exit_status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        nst_help_usage(stderr);
        return NST_EXIT_USAGE;
    }
    nst_environment_settle(argv);
    const nst_command *command = nst_command_find(argv[1]);
    return command ? command->run(argc - 1, argv + 1) : stylize(argc, argv);
}
