#include "commands/contact_sheet.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/output.h"
#include "imageio/imageio.h"
#include "list/input_files.h"
#include "pictures/contact_sheet.h"
#include "results/result.h"

bool nst_contact_sheet_is_due(const nst_job_list *jobs)
{
    return jobs->args->variants.count > 0 && jobs->args->entry_count == 0 && jobs->count > 0;
}

static nst_status place(const nst_job *job, char path[PATH_MAX], nst_error *error)
{
    if (snprintf(path, PATH_MAX, "%s/" NST_CONTACT_SHEET_NAME, job->folder) >= PATH_MAX)
        return nst_fail(error, NST_ERR_IO, "%.60s...: name too long", job->folder);
    return NST_OK;
}

nst_status nst_contact_sheet_check(const nst_job_list *jobs, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < jobs->count && status == NST_OK && nst_contact_sheet_is_due(jobs); i++) {
        nst_args args;
        char path[PATH_MAX];
        if (!jobs->rows[i].first)
            continue;
        if ((status = nst_jobs_get(jobs, i, &args, error)) != NST_OK)
            return status;
        if ((status = place(&args.job, path, error)) == NST_OK)
            status = nst_input_files_spare(&args.job, path, error);
        nst_job_destroy(&args.job);
    }
    return status;
}

/* Beside the results, with a line in their journal that says whose it is. */
static nst_status put(nst_journal *journal, const char *path, const unsigned char *bytes,
                      size_t size, bool overwrite, nst_error *error)
{
    nst_journal_entry entry = {0};
    char kept[sizeof error->message];
    nst_bytes_sha256(bytes, size, entry.result);
    memcpy(entry.key, NST_JOURNAL_NO_KEY, sizeof entry.key);
    if (nst_journals_look(journal, NST_CONTACT_SHEET_NAME, path, "", overwrite, NULL) ==
        NST_TARGET_FOREIGN) {
        nst_result_kept_text(path, kept);
        return nst_fail(error, NST_ERR_IO, "%s", kept);
    }
    nst_status status = nst_journal_append(journal, NST_CONTACT_SHEET_NAME, &entry, error);
    return status == NST_OK ? nst_output_write(path, bytes, size, error) : status;
}

static nst_status draw(const nst_job_list *jobs, const nst_journals *journals, const nst_job *job,
                       const char *path, nst_error *error)
{
    const char *name;
    const nst_write_options options = {.format = NST_FORMAT_PNG};
    nst_journal *journal = nst_journals_find(journals, job, &name);
    nst_image sheet = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_status status = nst_contact_sheet_draw(jobs, job->options.threads, &sheet, error);
    if (status == NST_OK)
        status = nst_encode(&options, &sheet, &bytes, &size, error);
    if (status == NST_OK && journal)
        status = put(journal, path, bytes, size, jobs->args->overwrite != 0, error);
    nst_image_destroy(&sheet);
    free(bytes);
    return status;
}

nst_status nst_contact_sheet_write(const nst_job_list *jobs, const nst_journals *journals,
                                   char text[NST_CONTACT_SHEET_TEXT_MAX], nst_error *error)
{
    nst_args args;
    char path[PATH_MAX];
    int room = nst_contact_sheet_room(jobs);
    text[0] = '\0';
    nst_status status = nst_jobs_get(jobs, 0, &args, error);
    if (status != NST_OK)
        return status;
    if ((status = place(&args.job, path, error)) == NST_OK)
        status = draw(jobs, journals, &args.job, path, error);
    if (status == NST_OK && room < jobs->count)
        snprintf(text, NST_CONTACT_SHEET_TEXT_MAX, "%s: the first %d results side by side", path,
                 room);
    else if (status == NST_OK)
        snprintf(text, NST_CONTACT_SHEET_TEXT_MAX, "%s: all results side by side", path);
    nst_job_destroy(&args.job);
    return status;
}
