/* The journals of all folders that a list of jobs writes into. */
#include "results/journals.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "files/folder.h"
#include "files/output.h"
#include "imageio/imageio.h"

static nst_journal *find_folder(const nst_journals *journals, const char *folder)
{
    /* Jobs of one folder nearly always follow each other, so the last journal is tried first. */
    for (int i = journals->count - 1; folder && i >= 0; i--)
        if (strcmp(journals->rows[i].folder, folder) == 0)
            return journals->rows[i].journal;
    return NULL;
}

static nst_status open_one(const char *folder, bool read_only, nst_journal **out, nst_error *error)
{
    char path[PATH_MAX];
    if (read_only) {
        snprintf(path, sizeof path, "%s/" NST_JOURNAL_NAME, folder);
        return access(path, R_OK | W_OK) == 0 ? nst_journal_open(folder, out, error) : NST_OK;
    }
    nst_status status = nst_folder_make(folder, error);
    return status == NST_OK ? nst_journal_open(folder, out, error) : status;
}

static nst_status add_folder(nst_journals *journals, const char *folder, bool read_only,
                             nst_error *error)
{
    nst_journal *journal = NULL;
    if (find_folder(journals, folder))
        return NST_OK;
    nst_status status = open_one(folder, read_only, &journal, error);
    if (status != NST_OK || !journal)
        return status;
    nst_journals_row *larger =
        realloc(journals->rows, (size_t)(journals->count + 1) * sizeof *larger);
    char *copy = larger ? strdup(folder) : NULL;
    if (larger)
        journals->rows = larger;
    if (!copy) {
        nst_journal_close(journal);
        return nst_fail_memory_for(error, "the list of pictures");
    }
    journals->rows[journals->count++] = (nst_journals_row){copy, journal};
    return NST_OK;
}

/* Remove the temporary files that killed processes left beside an output. `last` is the folder of
 * the output before: jobs of one folder follow each other, and it is swept once. */
static void sweep_folder(const char *output, char last[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *slash = strrchr(output, '/');
    int length = slash ? (int)(slash - output) : 0;
    if (length >= PATH_MAX)
        return;
    snprintf(folder, sizeof folder, "%.*s", slash ? length : 1, slash ? output : ".");
    if (strcmp(folder, last) != 0)
        nst_output_sweep(folder);
    memcpy(last, folder, sizeof folder);
}

nst_status nst_journals_open(const nst_job_list *jobs, bool read_only, nst_journals *out,
                             nst_error *error)
{
    char last[PATH_MAX] = "";
    const nst_job *before = NULL;
    nst_status status = NST_OK;
    *out = (nst_journals){0};
    for (int i = 0; i < jobs->count && status == NST_OK; i++) {
        const nst_job_row *row = &jobs->rows[i];
        nst_args args;
        if (!nst_jobs_has_journal(jobs, i))
            continue;
        if (row->settings != before) { /* jobs of the same settings share a journal */
            if ((status = nst_jobs_get(jobs, i, &args, error)) != NST_OK)
                return status;
            status = add_folder(out, args.job.folder, read_only, error);
            nst_job_destroy(&args.job);
        }
        before = row->settings;
        char *output = read_only || status != NST_OK ? NULL : nst_jobs_output(jobs, i);
        if (output)
            sweep_folder(output, last);
        free(output);
    }
    return status;
}

void nst_journals_close(nst_journals *journals)
{
    for (int i = 0; i < journals->count; i++) {
        nst_journal_close(journals->rows[i].journal);
        free(journals->rows[i].folder);
    }
    free(journals->rows);
    *journals = (nst_journals){0};
}

nst_journal *nst_journals_find(const nst_journals *journals, const nst_job *job, const char **name)
{
    size_t length = job->folder ? strlen(job->folder) : 0;
    *name = job->output; /* also within the folder "." of a bare name */
    if (job->folder && strncmp(job->output, job->folder, length) == 0)
        *name = job->output + length + strspn(job->output + length, "/");
    return find_folder(journals, job->folder);
}

nst_target_state nst_journals_look(nst_journal *journal, const char *name, const char *path,
                                   const char *key, bool overwrite, const nst_journal_entry *entry)
{
    char digest[65], stamp[NST_STAMP_TEXT_MAX];
    struct stat info;
    bool stamped = nst_file_stamp(path, stamp);
    if (!stamped && stat(path, &info) != 0 && errno == ENOENT)
        return NST_TARGET_FREE;
    bool wanted = entry && key[0] && strcmp(entry->key, key) == 0 && (!overwrite || entry->fresh);
    if (overwrite && !wanted)
        return NST_TARGET_OURS;
    if (entry && entry->result_stamp[0] && stamped && strcmp(stamp, entry->result_stamp) == 0)
        memcpy(digest, entry->result, sizeof digest);
    else if (nst_file_sha256(path, digest, NULL) != NST_OK)
        return NST_TARGET_FOREIGN;
    if (wanted && strcmp(digest, entry->result) == 0)
        return NST_TARGET_DONE;
    return overwrite || nst_journal_knows(journal, name, digest) ? NST_TARGET_OURS
                                                                 : NST_TARGET_FOREIGN;
}
