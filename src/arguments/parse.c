/* argv -> nst_args: defaults, then the job file, then the command line, then what only the whole
 * can tell. */
#include "arguments/parse.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/getopt.h"
#include "arguments/job_file.h"
#include "base/error.h"
#include "options/check.h"
#include "options/value.h"

/* Texts of the command line by row of the table; NULL where not given. Point into argv. */
typedef struct {
    const char *text[NST_OPTIONS_MAX];
    struct {
        int row;
        const char *text;
    } more[2 * NST_STYLES_MAX]; /* of lists, what comes after the first */
    int more_count;
} given;

/* Sort argv into `given`; flags take effect at once, so that the last of -q and -v wins. */
static nst_status read_argv(int argc, char **argv, given *out, nst_args *args, nst_error *error)
{
    nst_getopt_name names[NST_OPTIONS_MAX];
    nst_getopt reader;
    nst_status status;
    const char *text;
    int row, operand_count;
    for (int i = 0; i < nst_option_count; i++)
        names[i] = (nst_getopt_name){nst_option_table[i].name, nst_option_table[i].letter,
                                     nst_option_value(&nst_option_table[i])};
    nst_getopt_begin(&reader, names, nst_option_count, argc, argv);
    while ((status = nst_getopt_next(&reader, &row, &text, error)) == NST_OK && row >= 0) {
        const nst_option *o = &nst_option_table[row];
        if (o->kind == NST_KIND_FLAG && o->place == NST_PLACE_OPTIONS) {
            out->text[row] = ""; /* set after what a job file says */
            continue;
        }
        if (o->kind == NST_KIND_FLAG) {
            status = nst_value_set(o, o->name, "", args, error);
            if (status != NST_OK || args->action != NST_ACTION_RUN)
                return status;
            continue;
        }
        if (out->text[row] && nst_value_is_list(o)) {
            if (out->more_count == 2 * NST_STYLES_MAX)
                return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected at most %d", o->name,
                                NST_STYLES_MAX);
            out->more[out->more_count].row = row;
            out->more[out->more_count++].text = text;
            continue;
        }
        if (out->text[row] && o->place == NST_PLACE_JOB)
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s: given twice, %s and %s", o->name,
                            out->text[row], text);
        out->text[row] = text;
    }
    char **operands = nst_getopt_operands(&reader, &operand_count);
    if (status == NST_OK && operand_count > 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: not expected here; pictures are named with -c, -s and -o",
                        operands[0]);
    return status;
}

static nst_status apply(const given *values, nst_args *args, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < nst_option_count && status == NST_OK; i++) {
        char label[40];
        if (!values->text[i])
            continue;
        snprintf(label, sizeof label, "--%s", nst_option_table[i].name);
        status = nst_value_set(&nst_option_table[i], label, values->text[i], args, error);
        for (int k = 0; k < values->more_count && status == NST_OK; k++)
            if (values->more[k].row == i)
                status =
                    nst_value_add(&nst_option_table[i], label, values->more[k].text, args, error);
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Inputs that the command line names are not those that the job file vouches for. */
static void drop_digests(const given *values, nst_digests *expected)
{
    const struct {
        const char *name;
        char *digests;
        size_t size;
    } rows[] = {{"content", expected->content, sizeof expected->content},
                {"style", expected->styles[0], sizeof expected->styles},
                {"content-mask", expected->content_mask, sizeof expected->content_mask},
                {"style-mask", expected->style_masks[0], sizeof expected->style_masks},
                {"init", expected->init, sizeof expected->init},
                {"weights", expected->weights, sizeof expected->weights}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (values->text[nst_option_find(rows[i].name)])
            memset(rows[i].digests, 0, rows[i].size);
}

/* The command line's word on args->job, and a look at the whole. */
static nst_status finish(const given *values, nst_args *args, nst_error *error)
{
    drop_digests(values, &args->job.expected);
    const char *precision = values->text[nst_option_find("precision")];
    if (values->text[nst_option_find("reproducible")] && precision &&
        strcmp(precision, "reproducible") != 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "--reproducible and --precision %s: expected one",
                        precision);
    nst_status status = apply(values, args, error);
    return status == NST_OK
               ? nst_settings_check(args, !values->text[nst_option_find("output")], error)
               : status;
}

/* The same for an entry of a job file's list, which stands in for the job meanwhile. */
static nst_status finish_entry(const given *values, nst_args *args, int index, nst_error *error)
{
    nst_error cause = {0};
    nst_job defaults = args->job;
    args->job = args->entries[index];
    nst_status status = finish(values, args, &cause);
    args->entries[index] = args->job;
    args->job = defaults;
    if (status == NST_OK)
        return NST_OK;
    const char *reason = cause.message;
    size_t length = strlen(args->job_file);
    if (strncmp(reason, args->job_file, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
        reason += length + 2;
    return nst_fail(error, status, "%s: jobs[%d]: %s", args->job_file, index + 1, reason);
}

nst_status nst_args_parse(int argc, char **argv, nst_args *args, nst_error *error)
{
    given values = {0};
    nst_status status = nst_args_default(args, error);
    if (status == NST_OK)
        status = read_argv(argc, argv, &values, args, error);
    if (status != NST_OK || args->action != NST_ACTION_RUN)
        return status;

    const char *job_file = values.text[nst_option_find("job")];
    if (job_file && (status = nst_job_load(job_file, args, error)) != NST_OK)
        return status;
    if (args->entry_count == 0)
        return finish(&values, args, error);
    for (int i = 0; i < args->entry_count && status == NST_OK; i++)
        status = finish_entry(&values, args, i, error);
    return status;
}
