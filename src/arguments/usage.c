#include "arguments/usage.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arguments/help.h"
#include "base/error.h"
#include "util/exit_status.h"
#include "util/number.h"
#include "util/say.h"

enum { LONG_ONLY = 256 }; /* what getopt_long returns for a long name: LONG_ONLY + row */

/* ---- values ---------------------------------------------------------------------------------- */

static nst_status set_int(const nst_flag *f, const char *text, nst_error *error)
{
    const char *or_full = f->kind == NST_FLAG_SIZE ? ", or full" : "";
    long value;
    if (*or_full && strcmp(text, "full") == 0) {
        *(int *)f->out = 0;
        return NST_OK;
    }
    if (!nst_number_int(text, &value) || (double)value < f->low || (double)value > f->high)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s %s: expected a whole number, %.0f to %.0f%s",
                        f->name, text, f->low, f->high, or_full);
    *(int *)f->out = (int)value;
    return NST_OK;
}

static nst_status set(const nst_flag *f, const char *text, nst_error *error)
{
    double real;
    switch (f->kind) {
    case NST_FLAG_ON:
        *(bool *)f->out = true;
        return NST_OK;
    case NST_FLAG_TEXT:
        if (*text == '\0')
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected a value, %s", f->name,
                            f->value);
        *(const char **)f->out = text;
        return NST_OK;
    case NST_FLAG_REAL:
        if (!nst_number_real(text, &real) || real < f->low || real > f->high)
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s %s: expected a number, %.10g to %.10g",
                            f->name, text, f->low, f->high);
        *(double *)f->out = real;
        return NST_OK;
    case NST_FLAG_INT:
    case NST_FLAG_SIZE:
        break;
    }
    return set_int(f, text, error);
}

/* ---- getopt ---------------------------------------------------------------------------------- */

static int make_getopt_tables(const nst_flag *flags, struct option *longs, char *letters)
{
    int count = 0;
    *letters++ = ':'; /* tell a missing value from an unknown option */
    for (const nst_flag *f = flags; f->name && count < NST_FLAGS_MAX; f++) {
        longs[count] = (struct option){f->name, f->value ? required_argument : no_argument, NULL,
                                       LONG_ONLY + count};
        count++;
        if (f->letter) {
            *letters++ = f->letter;
            if (f->value)
                *letters++ = ':';
        }
    }
    longs[count] = (struct option){0};
    *letters = '\0';
    return count;
}

/* The row of what getopt_long returned or complains of; -1 when there is none. */
static int row_of(const nst_flag *flags, int result)
{
    if (result >= LONG_ONLY)
        return result - LONG_ONLY;
    for (int i = 0; flags[i].name; i++)
        if (result != 0 && flags[i].letter == result)
            return i;
    return -1;
}

static nst_status fail_getopt(const nst_flag *flags, int result, char **argv, nst_error *error)
{
    int row = row_of(flags, optopt);
    if (row >= 0 && result == ':')
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected a value, %s", flags[row].name,
                        flags[row].value);
    if (row >= 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: takes no value", flags[row].name);
    if (optopt != 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "-%c: unknown option", optopt);

    const char *word = argv[optind - 1];
    int length = (int)strcspn(word, "="), matches = 0;
    for (const nst_flag *f = flags; f->name; f++)
        matches += strncmp(f->name, word + 2, (size_t)length - 2) == 0;
    return nst_fail(error, NST_ERR_ARGUMENT, "%.*s: %s", length, word,
                    matches > 1 ? "short for more than one option" : "unknown option");
}

nst_status nst_usage_read(const nst_usage *usage, int argc, char **argv, char ***operands,
                          int *count, nst_error *error)
{
    struct option longs[NST_FLAGS_MAX + 1];
    char letters[2 * NST_FLAGS_MAX + 2];
    int result;
    make_getopt_tables(usage->flags, longs, letters);
    optind = 0; /* glibc: forget an earlier argv */
    opterr = 0;
    while ((result = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (result == '?' || result == ':')
            return fail_getopt(usage->flags, result, argv, error);
        nst_status status = set(&usage->flags[row_of(usage->flags, result)], optarg, error);
        if (status != NST_OK)
            return status;
    }
    *operands = argv + optind;
    *count = argc - optind;
    return NST_OK;
}

/* ---- what the user sees ---------------------------------------------------------------------- */

nst_status nst_usage_print(const nst_usage *usage, nst_error *error)
{
    printf("Usage: nst %s %s\n%s\nOptions:\n", usage->command, usage->arguments, usage->text);
    for (const nst_flag *f = usage->flags; f->name; f++)
        nst_help_entry(stdout, f->letter, f->name, f->value, f->help);
    printf("\nMore in nst-%s(1).\n", usage->command);
    return nst_help_finish(error);
}

int nst_usage_wrong(const nst_usage *usage, const nst_error *error)
{
    nst_say("nst %s: %s", usage->command, error->message);
    nst_say("Try 'nst %s --help'.", usage->command);
    return NST_EXIT_USAGE;
}

int nst_usage_done(const nst_usage *usage, const nst_error *error)
{
    if (error->status == NST_OK)
        return NST_EXIT_DONE;
    nst_say("nst %s: %s", usage->command, error->message);
    return NST_EXIT_FAILED;
}
