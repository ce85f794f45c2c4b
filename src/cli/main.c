/* nst: neural style transfer of one picture. */
#include <stdio.h>

#include "cli/args.h"
#include "cli/environment.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/run.h"
#include "cli/say.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

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

int main(int argc, char **argv)
{
    nst_args args = {0};
    nst_error error = {0};
    int exit_status = EXIT_DONE;
    if (argc < 2) {
        nst_help_usage(stderr);
        return EXIT_USAGE;
    }
    nst_environment_settle(argv);
    nst_interrupt_install();

    /* Only parsing tells of a wrong command line; what fails later is a failure. */
    nst_status status = nst_args_parse(argc, argv, &args, &error);
    if (status != NST_OK) {
        exit_status = status == NST_ERR_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
    } else {
        status = act(&args, &error);
        exit_status = status == NST_OK        ? EXIT_DONE
                      : status == NST_STOPPED ? EXIT_INTERRUPTED
                                              : EXIT_FAILED;
    }
    if (error.message[0])
        nst_say("nst: %s", error.message);
    if (exit_status == EXIT_USAGE)
        nst_say("Try 'nst --help'.");
    nst_args_destroy(&args);
    return exit_status;
}
