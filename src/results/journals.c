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
    /* Jobs of one folder stand in a row nearly always. */
    for (int i = journals->count - 1; folder && i >= 0; i--)
        if (strcmp(journals->rows[i].folder, folder) == 0)
            return journals->rows[i].journal;
    return NULL;
}

static nst_status open_one(const char *folder, bool look, nst_journal **out, nst_error *error)
{
    char path[PATH_MAX];
    if (look) {
        snprintf(path, sizeof path, "%s/" NST_JOURNAL_NAME, folder);
        return access(path, R_OK | W_OK) == 0 ? nst_journal_open(folder, out, error) : NST_OK;
    }
    nst_status status = nst_folder_make(folder, error);
    return status == NST_OK ? nst_journal_open(folder, out, error) : status;
}

/* Once for each folder in a row. */
static void sweep(const nst_job_list *jobs)
{
    char last[PATH_MAX] = "", folder[PATH_MAX];
    for (int i = 0; i < jobs->count; i++) {
        const nst_job *job = &jobs->list[i].job;
        const char *slash = strrchr(job->output, '/');
        int length = slash ? (int)(slash - job->output) : 0;
        if (!job->folder || length >= PATH_MAX)
            continue;
        snprintf(folder, sizeof folder, "%.*s", slash ? length : 1, slash ? job->output : ".");
        if (strcmp(folder, last) != 0)
            nst_output_sweep(folder);
        memcpy(last, folder, sizeof last);
    }
}

nst_status nst_journals_open(const nst_job_list *jobs, bool look, nst_journals *out,
                             nst_error *error)
{
    *out = (nst_journals){.rows = calloc((size_t)jobs->count + 1, sizeof *out->rows)};
    if (!out->rows)
        return nst_fail_memory_for(error, "the list of pictures");
    for (int i = 0; i < jobs->count; i++) {
        const char *folder = jobs->list[i].job.folder;
        if (!folder || find_folder(out, folder))
            continue;
        nst_journal *journal = NULL;
        nst_status status = open_one(folder, look, &journal, error);
        if (status != NST_OK)
            return status;
        if (journal)
            out->rows[out->count++] = (nst_journals_row){folder, journal};
    }
    if (!look)
        sweep(jobs);
    return NST_OK;
}

void nst_journals_close(nst_journals *journals)
{
    for (int i = 0; i < journals->count; i++)
        nst_journal_close(journals->rows[i].journal);
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
    if (stat(path, &info) != 0 && errno == ENOENT)
        return NST_TARGET_FREE;
    bool wanted = entry && key[0] && strcmp(entry->key, key) == 0 && (!overwrite || entry->fresh);
    if (overwrite && !wanted)
        return NST_TARGET_OURS;
    if (entry && entry->result_stamp[0] && nst_file_stamp(path, stamp) &&
        strcmp(stamp, entry->result_stamp) == 0)
        memcpy(digest, entry->result, sizeof digest);
    else if (nst_file_sha256(path, digest, NULL) != NST_OK)
        return NST_TARGET_FOREIGN;
    if (wanted && strcmp(digest, entry->result) == 0)
        return NST_TARGET_DONE;
    return overwrite || nst_journal_knows(journal, name, digest) ? NST_TARGET_OURS
                                                                 : NST_TARGET_FOREIGN;
}
