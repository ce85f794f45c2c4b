/* Outputs that would destroy something. Both checks sort, so that long lists stay quick. */
#include "list/output_check.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "files/output.h"
#include "files/path.h"
#include "list/input_files.h"

typedef struct {
    char *path; /* the output, its folder resolved where that exists already */
    int job;
} target;

typedef struct {
    dev_t device;
    ino_t file;
    const char *path;
} file_id;

/* ---- two outputs ----------------------------------------------------------------------------- */

static char *resolved(const char *output)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(output, '/');
    char *path, *above = slash ? strndup(output, (size_t)(slash - output) + 1) : strdup(".");
    const char *real = above ? realpath(above, folder) : NULL;
    free(above);
    if (!real)
        return strdup(output);
    return asprintf(&path, "%s/%s", real, slash ? slash + 1 : output) < 0 ? NULL : path;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const target *)a)->path, ((const target *)b)->path);
}

static int compare_targets(const void *a, const void *b)
{
    const target *ta = a, *tb = b;
    int order = strcmp(ta->path, tb->path);
    return order != 0 ? order : ta->job - tb->job;
}

static nst_status check_targets(const nst_job_list *jobs, const target *targets, nst_error *error)
{
    int clashes = 0;
    const target *first = NULL;
    char more[40] = "";
    for (int i = 1; i < jobs->count; i++) {
        if (strcmp(targets[i - 1].path, targets[i].path) != 0)
            continue;
        if (clashes++ == 0 || targets[i].job < first->job)
            first = &targets[i];
    }
    if (clashes == 0)
        return NST_OK;
    if (clashes > 1)
        snprintf(more, sizeof more, " (and %d more of the kind)", clashes - 1);
    const nst_job *a = &jobs->list[first[-1].job].job, *b = &jobs->list[first->job].job;
    if (strcmp(a->content, b->content) == 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s would be written twice, for the styles %s and %s%s", a->output,
                        a->styles[0].path, b->styles[0].path, more);
    return nst_fail(error, NST_ERR_ARGUMENT, "%s would be written twice, for %s and %s%s",
                    a->output, a->content, b->content, more);
}

/* Whether `path` is called like an intermediate picture, "cat.0050.png": then its number, and the
 * name of the result in `whole`. See observers/snapshot.h. */
static long snapshot_number(const char *path, char whole[PATH_MAX])
{
    const char *extension = nst_path_extension(path), *dot = extension;
    while (dot > path && isdigit((unsigned char)dot[-1]))
        dot--;
    size_t digits = (size_t)(extension - dot), stem = (size_t)(dot - path);
    if (digits < 4 || digits > 9 || stem < 2 || path[stem - 1] != '.' || path[stem - 2] == '/' ||
        snprintf(whole, PATH_MAX, "%.*s%s", (int)(stem - 1), path, extension) >= PATH_MAX)
        return 0;
    return strtol(dot, NULL, 10);
}

/* An intermediate picture of one job must not be the result of another. */
static nst_status spare_results(const nst_job_list *jobs, const target *targets, nst_error *error)
{
    char whole[PATH_MAX];
    for (int i = 0; i < jobs->count; i++) {
        long number = snapshot_number(targets[i].path, whole);
        const target wanted = {whole, -1};
        const target *found = number > 0 ? bsearch(&wanted, targets, (size_t)jobs->count,
                                                   sizeof *targets, compare_paths)
                                         : NULL;
        const nst_job *job = found ? &jobs->list[found->job].job : NULL;
        if (job && job->save_every > 0 && number % job->save_every == 0)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s would be written twice: the result for %s, and an intermediate "
                            "picture for %s (--save-every %d)",
                            jobs->list[targets[i].job].job.output,
                            jobs->list[targets[i].job].job.content, job->content, job->save_every);
    }
    return NST_OK;
}

static nst_status refuse_twins(const nst_job_list *jobs, nst_error *error)
{
    nst_status status = NST_OK;
    target *targets = calloc((size_t)jobs->count, sizeof *targets);
    for (int i = 0; targets && i < jobs->count; i++) {
        targets[i] = (target){resolved(jobs->list[i].job.output), i};
        if (!targets[i].path)
            status = NST_ERR_MEMORY;
    }
    if (!targets || status != NST_OK) {
        status = nst_fail_memory_for(error, "the list of pictures");
        goto cleanup;
    }
    qsort(targets, (size_t)jobs->count, sizeof *targets, compare_targets);
    status = check_targets(jobs, targets, error);
    if (status == NST_OK)
        status = spare_results(jobs, targets, error);
cleanup:
    for (int i = 0; targets && i < jobs->count; i++)
        free(targets[i].path);
    free(targets);
    return status;
}

/* ---- an output and an input ------------------------------------------------------------------ */

static int compare_ids(const void *a, const void *b)
{
    const file_id *ia = a, *ib = b;
    if (ia->device != ib->device)
        return ia->device < ib->device ? -1 : 1;
    return ia->file < ib->file ? -1 : ia->file > ib->file;
}

static bool identify(const char *path, file_id *out)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    *out = (file_id){info.st_dev, info.st_ino, path};
    return true;
}

static nst_status spare_inputs(const nst_job_list *jobs, nst_error *error)
{
    nst_status status = NST_OK;
    size_t count = 0;
    file_id *read = calloc((size_t)jobs->count * NST_INPUT_FILES_MAX, sizeof *read);
    if (!read)
        return nst_fail_memory_for(error, "the list of pictures");
    for (int i = 0; i < jobs->count; i++) {
        nst_input_file files[NST_INPUT_FILES_MAX];
        int n = nst_input_files(&jobs->list[i].job, files);
        for (int k = 0; k < n; k++)
            count += identify(files[k].path, &read[count]);
    }
    qsort(read, count, sizeof *read, compare_ids);
    for (int i = 0; i < jobs->count && status == NST_OK; i++) {
        file_id output;
        const file_id *found = identify(jobs->list[i].job.output, &output)
                                   ? bsearch(&output, read, count, sizeof *read, compare_ids)
                                   : NULL;
        if (found)
            status = nst_fail(error, NST_ERR_ARGUMENT, "%s: would overwrite the input %s",
                              output.path, found->path);
    }
    free(read);
    return status;
}

nst_status nst_check_outputs(const nst_job_list *jobs, nst_error *error)
{
    if (jobs->count < 2) /* nst_check_output looks at a single one */
        return NST_OK;
    nst_status status = refuse_twins(jobs, error);
    return status == NST_OK ? spare_inputs(jobs, error) : status;
}

/* ---- one job --------------------------------------------------------------------------------- */

static nst_status check_output(const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    if (nst_path_is_standard(job->output))
        return isatty(STDOUT_FILENO)
                   ? nst_fail(error, NST_ERR_IO,
                              "standard output: expected a file or a pipe, not a terminal")
                   : NST_OK;
    if (nst_file_same(job->output, args->job_file))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the output and the job file",
                        job->output);
    nst_status status = nst_input_files_spare(&args->job, job->output, error);
    return status == NST_OK ? nst_output_check(job->output, error) : status;
}

static nst_status check_record(const nst_args *args, nst_error *error)
{
    if (!args->record)
        return NST_OK;
    if (strcmp(args->record, args->job.output) == 0 ||
        nst_file_same(args->record, args->job.output))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the output and the record",
                        args->record);
    nst_status status = nst_input_files_spare(&args->job, args->record, error);
    return status == NST_OK ? nst_output_check(args->record, error) : status;
}

nst_status nst_check_output(const nst_args *args, nst_error *error)
{
    nst_status status = check_output(args, error);
    return status == NST_OK ? check_record(args, error) : status;
}
