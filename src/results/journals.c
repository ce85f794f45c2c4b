/* The journals of all folders that a list of jobs writes into. */
#include "results/journals.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
        return nst_fail(error, NST_ERR_MEMORY, "out of memory for the list of pictures");
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

bool nst_journals_is_done(nst_journal *journal, const char *name, const char *key,
                          const nst_args *args, nst_journal_entry *out)
{
    char digest[65];
    return key[0] && nst_journal_find(journal, name, out) && strcmp(out->key, key) == 0 &&
           (!args->overwrite || out->fresh) &&
           nst_file_sha256(args->job.output, digest, NULL) == NST_OK &&
           strcmp(digest, out->result) == 0;
}
