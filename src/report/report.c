/* The file of --report: its name, the checks before the run, and writing it. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/file.h"
#include "files/output.h"
#include "files/path.h"
#include "imageio/imageio.h"
#include "list/input_files.h"
#include "options/check.h"
#include "report/parts.h"

/* Pictures of up to FEW jobs have SIDE_MAX pixels on the longest side. Beyond, all of them together
 * have as many pixels as that, but none is smaller than a card on the page before there are MANY.
 * Of more than that, all together have as many pixels as MANY. */
enum { SIDE_MAX = 1024, SIDE_CARD = 320, SIDE_MIN = 96, FEW = 8, MANY = 500 };

nst_status nst_report_name(const char *path, const nst_shard *shard, char **out, nst_error *error)
{
    *out = NULL;
    if (!path)
        return NST_OK;
    int stem = (int)(nst_path_extension(path) - path);
    if (shard->count > 1) {
        if (asprintf(out, "%.*s.%d-of-%d%s", stem, path, shard->number, shard->count, path + stem) <
            0)
            *out = NULL;
    } else {
        *out = strdup(path);
    }
    return *out ? NST_OK : nst_fail_memory(error);
}

int nst_report_side(const char *path, int jobs)
{
    if (!path || nst_report_kind_of(path) != NST_REPORT_PAGE)
        return 0;
    double pixels = (double)SIDE_MAX * SIDE_MAX * FEW;
    double cards = (double)SIDE_CARD * SIDE_CARD * (jobs < MANY ? jobs : MANY);
    int side = SIDE_MAX;
    while (side > SIDE_MIN && (double)side * side * jobs > fmax(pixels, cards))
        side--;
    return side;
}

static nst_status spare(const char *path, const char *what, const char *other, nst_error *error)
{
    if (!other || !nst_file_same_place(path, other))
        return NST_OK;
    return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the report and the %s", path, what);
}

nst_status nst_report_check(const char *path, const nst_job_list *jobs, nst_error *error)
{
    nst_status status = NST_OK;
    if (!path)
        return NST_OK;
    for (int i = 0; i < jobs->count && status == NST_OK; i++) {
        char *output = nst_jobs_output(jobs, i);
        nst_args args;
        status = spare(path, "output", output, error);
        free(output);
        if (status != NST_OK || !jobs->rows[i].first ||
            (status = nst_jobs_get(jobs, i, &args, error)) != NST_OK)
            continue;
        status = nst_input_files_spare(&args.job, path, error);
        nst_job_destroy(&args.job);
    }
    if (status != NST_OK || (status = spare(path, "record", jobs->args->record, error)) != NST_OK ||
        (status = spare(path, "job file", jobs->args->job_file, error)) != NST_OK ||
        jobs->args->dry_run)
        return status;
    return nst_output_check(path, error);
}

static char *print_page(const nst_report *report, size_t *size)
{
    char *text = NULL;
    FILE *page = open_memstream(&text, size);
    if (!page)
        return NULL;
    nst_report_html(page, report);
    bool complete = !ferror(page);
    if (fclose(page) == 0 && complete)
        return text;
    free(text);
    return NULL;
}

nst_status nst_report_write(const nst_report *report, nst_error *error)
{
    size_t size = 0;
    bool page = nst_report_kind_of(report->path) == NST_REPORT_PAGE;
    char *text = page ? print_page(report, &size) : nst_report_json(report);
    if (!text)
        return nst_fail_memory_in(error, report->path);
    nst_status status = nst_output_write(report->path, text, page ? size : strlen(text), error);
    free(text);
    return status;
}
