/* nst: neural style transfer. */
#include <stdio.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/run.h"
#include "cli/say.h"

static nst_status act(const nst_args *args, nst_error *error)
{
    switch (args->action) {
    case NST_ACTION_HELP:
        return nst_help_print(error);
    case NST_ACTION_VERSION:
        return nst_help_version(error);
    default:
        return nst_run(args, error);
    }
}

static int stylize(int argc, char **argv)
{
    nst_args args = {0};
    nst_error error = {0};
    int exit_status = NST_EXIT_DONE;
    nst_interrupt_install();

    /* Only parsing tells of a wrong command line; what fails later is a failure. */
    nst_status status = nst_args_parse(argc, argv, &args, &error);
    if (status != NST_OK) {
        exit_status = status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
    } else {
        status = act(&args, &error);
        exit_status = status == NST_OK        ? NST_EXIT_DONE
                      : status == NST_STOPPED ? NST_EXIT_INTERRUPTED
                                              : NST_EXIT_FAILED;
    }
    if (error.message[0])
        nst_say("nst: %s", error.message);
    if (exit_status == NST_EXIT_USAGE)
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
