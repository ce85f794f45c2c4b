#include "arguments/usage.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arguments/getopt.h"
#include "arguments/help.h"
#include "base/error.h"
#include "util/exit_status.h"
#include "util/say.h"
#include "values/number.h"

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
    case NST_FLAG_BYTES:
        if (!nst_number_bytes(text, f->out))
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s %s: expected a size, such as 800M or 6G",
                            f->name, text);
        return NST_OK;
    case NST_FLAG_INT:
    case NST_FLAG_SIZE:
        break;
    }
    return set_int(f, text, error);
}

nst_status nst_usage_read(const nst_usage *usage, int argc, char **argv, char ***operands,
                          int *count, nst_error *error)
{
    nst_getopt_name names[NST_FLAGS_MAX];
    nst_getopt reader;
    nst_status status;
    const char *text;
    int row, name_count = 0;
    for (const nst_flag *f = usage->flags; f->name && name_count < NST_FLAGS_MAX; f++)
        names[name_count++] = (nst_getopt_name){f->name, f->letter, f->value};
    nst_getopt_begin(&reader, names, name_count, false, argc, argv);
    while ((status = nst_getopt_next(&reader, &row, &text, error)) == NST_OK && row >= 0)
        if ((status = set(&usage->flags[row], text, error)) != NST_OK)
            break;
    *operands = nst_getopt_operands(&reader, count);
    return status;
}

/* ---- what the user reads --------------------------------------------------------------------- */

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
