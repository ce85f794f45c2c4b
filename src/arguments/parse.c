/* argv -> nst_args: defaults, then the user's own, then the job file, then the command line, then
 * what only the whole can tell. */
#include "arguments/parse.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments/config.h"
#include "arguments/getopt.h"
#include "arguments/job_file.h"
#include "arguments/photo_list.h"
#include "base/error.h"
#include "files/path.h"
#include "options/check.h"
#include "options/template.h"
#include "options/value.h"

/* What the command line says. Texts point into argv. */
typedef struct {
    const char *text[NST_OPTIONS_MAX]; /* by row of the table; NULL where not given */
    struct {
        int row;
        const char *text;
    } more[2 * NST_STYLES_MAX]; /* of lists, what comes after the first */
    int more_count;
    nst_names photos;   /* of -c and the words that follow it */
    nst_names words;    /* all other words; owned, as photos are */
    const char *result; /* the result as a word, or NULL */
} given;

static void given_destroy(given *values)
{
    nst_names_destroy(&values->photos);
    nst_names_destroy(&values->words);
}

static bool is_content(int row)
{
    return row >= 0 && nst_option_table[row].place == NST_PLACE_JOB &&
           strcmp(nst_option_table[row].name, "content") == 0;
}

static nst_status take_option(int row, const char *text, given *out, nst_args *args,
                              nst_error *error)
{
    const nst_option *o = &nst_option_table[row];
    if (is_content(row)) {
        if (*text == '\0')
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected the name of a file", o->name);
        return nst_names_add(&out->photos, text, error);
    }
    if (o->kind == NST_KIND_FLAG && o->place == NST_PLACE_OPTIONS) {
        out->text[row] = ""; /* set after what a job file says */
        return NST_OK;
    }
    if (o->kind == NST_KIND_FLAG)
        return nst_value_set(o, o->name, "", args, error);
    if (out->text[row] && nst_value_is_list(o)) {
        if (out->more_count == 2 * NST_STYLES_MAX)
            return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected at most %d", o->name,
                            NST_STYLES_MAX);
        out->more[out->more_count].row = row;
        out->more[out->more_count++].text = text;
        return NST_OK;
    }
    if (out->text[row] && o->place == NST_PLACE_JOB)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: given twice, %s and %s", o->name,
                        out->text[row], text);
    out->text[row] = text;
    return NST_OK;
}

static nst_status take_word(const char *word, bool is_photo, given *out, nst_error *error)
{
    if (*word == '\0')
        return nst_fail(error, NST_ERR_ARGUMENT, "'': expected the name of a file");
    return nst_names_add(is_photo ? &out->photos : &out->words, word, error);
}

/* Sort argv into `given`; flags take effect at once, so that the last of -q and -v wins. Words
 * right behind -c and its value are photos too: a shell puts them there for *.jpg. */
static nst_status read_argv(int argc, char **argv, given *out, nst_args *args, nst_error *error)
{
    nst_getopt_name names[NST_OPTIONS_MAX];
    nst_getopt reader;
    nst_status status;
    const char *text;
    bool behind_content = false;
    int row, count;
    for (int i = 0; i < nst_option_count; i++)
        names[i] = (nst_getopt_name){nst_option_table[i].name, nst_option_table[i].letter,
                                     nst_option_value(&nst_option_table[i])};
    nst_getopt_begin(&reader, names, nst_option_count, true, argc, argv);
    while ((status = nst_getopt_next(&reader, &row, &text, error)) == NST_OK && row != -1) {
        if (row == NST_GETOPT_WORD) {
            status = take_word(text, behind_content, out, error);
        } else if (row >= 0) {
            behind_content = is_content(row);
            status = take_option(row, text, out, args, error);
        }
        if (status != NST_OK || args->action != NST_ACTION_RUN)
            return status;
    }
    char **rest = nst_getopt_operands(&reader, &count);
    for (int i = 0; i < count && status == NST_OK; i++)
        status = take_word(rest[i], behind_content, out, error);
    return status;
}

/* ---- words ----------------------------------------------------------------------------------- */

static nst_status fail_word(const char *word, const char *hint, nst_error *error)
{
    return nst_fail(error, NST_ERR_ARGUMENT, "%s: not expected here; %s", word, hint);
}

/* What the words are that follow no option: the photos, where a painting is given; else the photo,
 * the painting and the result. */
static nst_status place_words(given *values, const nst_args *args, nst_error *error)
{
    const int style = nst_option_find("style"), output = nst_option_find("output");
    nst_names *words = &values->words;
    nst_status status = NST_OK;
    if (words->count == 0)
        return NST_OK;
    if (values->text[nst_option_find("job")])
        return fail_word(words->list[0],
                         "a job file is given; use -c, -s and -o to replace its files", error);
    if (values->photos.count > 0)
        return fail_word(words->list[0],
                         values->text[style]
                             ? "photos stand right behind -c, each painting behind a -s of its own"
                             : "a painting is named by -s, the result by -o",
                         error);
    if (values->text[style]) {
        for (int i = 0; i < words->count && status == NST_OK; i++)
            status = nst_names_add(&values->photos, words->list[i], error);
        return status;
    }
    if (args->files_from || values->text[nst_option_find("files-from")])
        return fail_word(words->list[0], "a painting is named by -s, the result by -o", error);
    if (words->count > (values->text[output] ? 2 : 3))
        return fail_word(words->list[words->count - 1],
                         "nst PHOTO PAINTING RESULT takes no more; -c takes several photos", error);
    if (words->count > 1)
        values->text[style] = words->list[1];
    if (words->count > 2)
        values->text[output] = values->result = words->list[2];
    return nst_names_add(&values->photos, words->list[0], error);
}

/* The photos of the command line and of the list, as one; the first stands for all meanwhile. */
static nst_status gather_photos(given *values, nst_args *args, nst_error *error)
{
    const int content = nst_option_find("content");
    const char *list = values->text[nst_option_find("files-from")];
    nst_status status = NST_OK;
    if (args->nul && !list)
        return nst_fail(error, NST_ERR_ARGUMENT, "-0: needs a --files-from");
    if (list)
        status = nst_photo_list_read(list, args->nul != 0, &values->photos, error);
    if (status != NST_OK || values->photos.count == 0)
        return status;
    values->text[content] = values->photos.list[0];
    if (values->photos.count > 1 || list)
        for (int i = 0; i < values->photos.count && status == NST_OK; i++)
            status = nst_names_add(&args->photos, values->photos.list[i], error);
    return status;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Several values of an option: the first stands for all meanwhile. */
static nst_status take_variants(given *values, nst_args *args, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < nst_option_count && status == NST_OK; i++) {
        const char *name = nst_option_table[i].name;
        char label[40];
        if (!values->text[i] || !nst_variants_allowed(name) || !strchr(values->text[i], ','))
            continue;
        snprintf(label, sizeof label, "--%s", name);
        status = nst_variants_add(&args->variants, name, label, values->text[i], error);
        if (status == NST_OK)
            values->text[i] = args->variants.axes[args->variants.count - 1].values[0];
    }
    return status;
}

/* An output with fields is left as it is, one without becomes the name that it means. */
static nst_status read_template(const char *job_file, nst_job *job, nst_error *error)
{
    char label[400] = "--output";
    if (!job->output || nst_path_is_standard(job->output))
        return NST_OK;
    if (job_file)
        snprintf(label, sizeof label, "%.380s: output", job_file);
    nst_status status = nst_template_check(label, job->output, &job->output_fields, error);
    if (status != NST_OK && job_file) /* the file is wrong, not the command line */
        return error->status = NST_ERR_FORMAT;
    if (status != NST_OK || job->output_fields)
        return status;
    char *name = nst_template_fill(job->output, NULL, NULL);
    if (!name)
        return nst_fail_memory(error);
    free(job->output);
    job->output = name;
    return NST_OK;
}

/* A result that is named by a word alone, as by nst *.jpg, must not replace a picture. */
static nst_status spare_existing(const given *values, nst_args *args, nst_error *error)
{
    nst_job *job = &args->job;
    struct stat file;
    if (!values->result || args->overwrite || nst_output_kind_of(args, job) != NST_OUTPUT_FILE)
        return NST_OK;
    job->keep_existing = true;
    if (nst_path_is_standard(job->output) || stat(job->output, &file) != 0 ||
        !S_ISREG(file.st_mode))
        return NST_OK;
    return nst_fail(error, NST_ERR_ARGUMENT,
                    "%s: is there already; --overwrite replaces it, as -o %s does", job->output,
                    job->output);
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
    bool from_file = !values->text[nst_option_find("output")];
    args->size_given = values->text[nst_option_find("size")] != NULL;
    nst_status status = apply(values, args, error);
    if (status == NST_OK)
        status = read_template(from_file ? args->job_file : NULL, &args->job, error);
    if (status == NST_OK)
        status = nst_settings_check(args, from_file, error);
    return status == NST_OK ? spare_existing(values, args, error) : status;
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

static nst_status parse(given *values, nst_args *args, nst_error *error)
{
    nst_status status;
    if ((status = place_words(values, args, error)) != NST_OK ||
        (status = gather_photos(values, args, error)) != NST_OK ||
        (status = take_variants(values, args, error)) != NST_OK ||
        (!args->no_config && (status = nst_config_load(args, error)) != NST_OK))
        return status;
    const char *job_file = values->text[nst_option_find("job")];
    if (job_file && (status = nst_job_load(job_file, args, error)) != NST_OK)
        return status;
    if (args->entry_count == 0)
        return finish(values, args, error);
    for (int i = 0; i < args->entry_count && status == NST_OK; i++)
        status = finish_entry(values, args, i, error);
    return status;
}

nst_status nst_args_parse(int argc, char **argv, nst_args *args, nst_error *error)
{
    given values = {0};
    nst_status status = nst_args_default(args, error);
    if (status == NST_OK)
        status = read_argv(argc, argv, &values, args, error);
    if (status == NST_OK && args->action == NST_ACTION_RUN)
        status = parse(&values, args, error);
    given_destroy(&values);
    return status;
}
