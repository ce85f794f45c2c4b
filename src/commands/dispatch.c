/* Which command a command line means. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments/help.h"
#include "commands/command.h"
#include "util/exit_status.h"
#include "util/nearest.h"
#include "util/say.h"

enum { COMMANDS_MAX = 32 };

/* The name nearest to a misspelt one, or NULL. */
static const char *nearest_command(const char *word)
{
    const char *names[COMMANDS_MAX] = {"help"};
    int count = 1;
    for (const nst_command *c = nst_command_table; c->name && count < COMMANDS_MAX; c++)
        names[count++] = c->name;
    return nst_nearest(word, names, count);
}

static int fail_command(const char *word)
{
    const char *near = nearest_command(word);
    if (near)
        nst_say("nst: %s: there is no such command (did you mean %s?)", word, near);
    else
        nst_say("nst: %s: there is no such command", word);
    nst_say("Try 'nst --help'.");
    return NST_EXIT_USAGE;
}

/* nst help, nst help COMMAND. */
static int help(int argc, char **argv)
{
    char option[] = "--help", *words[] = {argv[0], option, NULL};
    if (argc < 3)
        return nst_command_stylize(2, words);
    const nst_command *command = nst_command_find(argv[2]);
    if (!command)
        return fail_command(argv[2]);
    words[0] = argv[2];
    return command->run(2, words);
}

/* Whether a first word is meant for a command: like one, and no picture. */
static bool is_misspelt(const char *word)
{
    return word[0] != '-' && !strpbrk(word, "./") && access(word, F_OK) != 0 &&
           nearest_command(word);
}

int nst_command_run(int argc, char **argv)
{
    if (argc < 2) {
        nst_help_usage(stderr);
        return NST_EXIT_USAGE;
    }
    const nst_command *command = nst_command_find(argv[1]);
    if (command)
        return command->run(argc - 1, argv + 1);
    if (strcmp(argv[1], "help") == 0)
        return help(argc, argv);
    return is_misspelt(argv[1]) ? fail_command(argv[1]) : nst_command_stylize(argc, argv);
}
