/* Outputs that would destroy something. Both checks sort, so that they are fast for long lists. */
#include "list/output_check.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
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
#include "options/template.h"

/* Where a result goes. Long lists are compared by hashes; names are made again for those that
 * agree. */
typedef struct {
    uint64_t hash; /* of the path, its folder resolved where that exists already */
    int job;
} target;

typedef struct {
    dev_t device;
    ino_t file;
    int job; /* that reads it */
} file_id;

/* ---- two outputs ----------------------------------------------------------------------------- */

/* The folder that was resolved last: results of one folder follow each other. */
typedef struct {
    char folder[PATH_MAX], real[PATH_MAX];
} resolved_folder;

/* FNV-1a, going on from `hash`. */
static uint64_t add_to_hash(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static const uint64_t HASH_BEGIN = UINT64_C(14695981039346656037);

/* The path with its folder resolved; false when it is too long for one. */
static bool resolve(const char *output, resolved_folder *last, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *base = nst_path_base(output);
    if (snprintf(folder, sizeof folder, "%.*s", (int)(base - output), output) >= (int)sizeof folder)
        return false;
    if (folder[0] == '\0')
        memcpy(folder, ".", 2);
    if (strcmp(folder, last->folder) != 0) {
        memcpy(last->folder, folder, sizeof folder);
        if (!realpath(folder, last->real))
            memcpy(last->real, folder, sizeof folder);
    }
    return snprintf(out, PATH_MAX, "%s/%s", last->real, base) < PATH_MAX;
}

static int compare_targets(const void *a, const void *b)
{
    const target *ta = a, *tb = b;
    return ta->hash != tb->hash ? (ta->hash < tb->hash ? -1 : 1) : ta->job - tb->job;
}

static bool same_output(const nst_job_list *jobs, int a, int b)
{
    char path_a[PATH_MAX], path_b[PATH_MAX];
    resolved_folder last = {"", ""};
    char *output_a = nst_jobs_output(jobs, a), *output_b = nst_jobs_output(jobs, b);
    bool same = output_a && output_b && resolve(output_a, &last, path_a) &&
                resolve(output_b, &last, path_b) && strcmp(path_a, path_b) == 0;
    free(output_a);
    free(output_b);
    return same;
}

static nst_status fail_twins(const nst_job_list *jobs, int first, int second, int more,
                             nst_error *error)
{
    nst_args a, b;
    char others[40] = "";
    nst_status status = nst_jobs_get(jobs, first, &a, error);
    if (status != NST_OK)
        return status;
    if ((status = nst_jobs_get(jobs, second, &b, error)) != NST_OK) {
        nst_job_destroy(&a.job);
        return status;
    }
    if (more > 0)
        snprintf(others, sizeof others, " (and %d more of the kind)", more);
    bool by_style = strcmp(a.job.content, b.job.content) == 0;
    const char *of_a = by_style ? a.job.styles[0].path : a.job.content;
    const char *of_b = by_style ? b.job.styles[0].path : b.job.content;
    bool template = jobs->rows[first].kind == NST_OUTPUT_TEMPLATE;
    const char *name = template ? jobs->rows[first].settings->output : "";
    const char *field = by_style ? "style" : nst_template_has(name, "photo") ? "folder" : "photo";
    if (strcmp(of_a, of_b) == 0)
        status = nst_fail(error, NST_ERR_ARGUMENT, "%s would be written twice: %s is given twice%s",
                          a.job.output, a.job.content, others);
    else if (template && !nst_template_has(name, field) &&
             (strcmp(field, "folder") != 0 || jobs->args->recursive))
        status =
            nst_fail(error, NST_ERR_ARGUMENT,
                     "%s would be written twice, for %s%s and %s%s; {%s} in the name tells them "
                     "apart",
                     a.job.output, by_style ? "the styles " : "", of_a, of_b, others, field);
    else
        status = nst_fail(error, NST_ERR_ARGUMENT, "%s would be written twice, for %s%s and %s%s",
                          a.job.output, by_style ? "the styles " : "", of_a, of_b, others);
    nst_job_destroy(&a.job);
    nst_job_destroy(&b.job);
    return status;
}

static nst_status check_targets(const nst_job_list *jobs, const target *targets, nst_error *error)
{
    int clashes = 0, first = 0, second = INT_MAX;
    for (int i = 1; i < jobs->count; i++) {
        if (targets[i - 1].hash != targets[i].hash ||
            !same_output(jobs, targets[i - 1].job, targets[i].job))
            continue;
        clashes++;
        if (targets[i].job < second) {
            first = targets[i - 1].job;
            second = targets[i].job;
        }
    }
    return clashes == 0 ? NST_OK : fail_twins(jobs, first, second, clashes - 1, error);
}

/* Whether `path` is called like an intermediate image, "cat.0050.png": then its number, and the
 * name of the result in `whole`. See list/output_names.h. */
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

/* The job whose result is at this path, or -1. */
static int find_output(const nst_job_list *jobs, const target *targets, const char *path)
{
    int low = 0, high = jobs->count;
    const uint64_t hash = add_to_hash(HASH_BEGIN, path, strlen(path));
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (targets[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < jobs->count && targets[low].hash == hash ? targets[low].job : -1;
}

/* An intermediate image of one job must not be the result of another. */
static nst_status spare_results(const nst_job_list *jobs, const target *targets, nst_error *error)
{
    char path[PATH_MAX], whole[PATH_MAX];
    resolved_folder last = {"", ""};
    nst_status status = NST_OK;
    for (int i = 0; i < jobs->count && status == NST_OK; i++) {
        char *output = nst_jobs_output(jobs, i);
        long number = output && resolve(output, &last, path) ? snapshot_number(path, whole) : 0;
        int other = number > 0 ? find_output(jobs, targets, whole) : -1;
        const nst_job *settings = other >= 0 ? jobs->rows[other].settings : NULL;
        if (settings && settings->save_every > 0 && number % settings->save_every == 0)
            status =
                nst_fail(error, NST_ERR_ARGUMENT,
                         "%s would be written twice: as a result, and as an intermediate image "
                         "of another (--save-every %d)",
                         output, settings->save_every);
        free(output);
    }
    return status;
}

static nst_status refuse_twins(const nst_job_list *jobs, nst_error *error)
{
    nst_status status = NST_OK;
    char path[PATH_MAX];
    resolved_folder last = {"", ""};
    bool snapshots = false;
    target *targets = calloc((size_t)jobs->count, sizeof *targets);
    for (int i = 0; targets && i < jobs->count && status == NST_OK; i++) {
        char *output = nst_jobs_output(jobs, i);
        if (!output)
            status = NST_ERR_MEMORY;
        else if (!resolve(output, &last, path)) /* which is told when it is written */
            snprintf(path, sizeof path, "%d", i);
        targets[i] = (target){output ? add_to_hash(HASH_BEGIN, path, strlen(path)) : 0, i};
        snapshots = snapshots || jobs->rows[i].settings->save_every > 0;
        free(output);
    }
    if (!targets || status != NST_OK) {
        free(targets);
        return nst_fail_memory_for(error, "the list of pictures");
    }
    qsort(targets, (size_t)jobs->count, sizeof *targets, compare_targets);
    status = check_targets(jobs, targets, error);
    if (status == NST_OK && snapshots)
        status = spare_results(jobs, targets, error);
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

static bool identify(const char *path, int job, file_id *out)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    *out = (file_id){info.st_dev, info.st_ino, job};
    return true;
}

/* The files that jobs read, each at least once; to be freed. */
static nst_status list_inputs(const nst_job_list *jobs, file_id **out, size_t *count,
                              nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    nst_args args;
    size_t room = 0;
    *out = NULL;
    *count = 0;
    for (int i = 0; i < jobs->count; i++) {
        if (!jobs->rows[i].first)
            continue;
        if (*count + NST_INPUT_FILES_MAX > room) {
            room = 2 * room + NST_INPUT_FILES_MAX;
            file_id *larger = realloc(*out, room * sizeof *larger);
            if (!larger)
                return nst_fail_memory_for(error, "the list of pictures");
            *out = larger;
        }
        nst_status status = nst_jobs_get(jobs, i, &args, error);
        if (status != NST_OK)
            return status;
        int n = nst_input_files(&args.job, files);
        for (int k = 0; k < n; k++)
            *count += identify(files[k].path, i, &(*out)[*count]);
        nst_job_destroy(&args.job);
    }
    return NST_OK;
}

static nst_status spare_inputs(const nst_job_list *jobs, nst_error *error)
{
    size_t count;
    file_id *read;
    nst_args reader;
    nst_status status = list_inputs(jobs, &read, &count, error);
    if (count > 0)
        qsort(read, count, sizeof *read, compare_ids);
    for (int i = 0; i < jobs->count && count > 0 && status == NST_OK; i++) {
        file_id output;
        char *path = nst_jobs_output(jobs, i);
        const file_id *found = path && identify(path, i, &output)
                                   ? bsearch(&output, read, count, sizeof *read, compare_ids)
                                   : NULL;
        if (found && (status = nst_jobs_get(jobs, found->job, &reader, error)) == NST_OK) {
            status = nst_input_files_spare(&reader.job, path, error);
            nst_job_destroy(&reader.job);
        }
        free(path);
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
