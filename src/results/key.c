/* What makes a job the job it is. */
#include "results/key.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "engine/inputs.h"
#include "files/file.h"
#include "options/value.h"

/* ---- shared files ---------------------------------------------------------------------------- */

enum { MEMO_ROWS = 64 };

typedef struct {
    char *path;
    char digest[65];
} memo_row;

struct nst_digest_memo {
    pthread_mutex_t lock;
    memo_row rows[MEMO_ROWS]; /* the oldest gives way */
    int next;
    char bundled[65]; /* of the model in the program */
};

nst_digest_memo *nst_digest_memo_create(void)
{
    nst_digest_memo *memo = calloc(1, sizeof *memo);
    if (memo)
        pthread_mutex_init(&memo->lock, NULL);
    return memo;
}

void nst_digest_memo_destroy(nst_digest_memo *memo)
{
    if (!memo)
        return;
    for (int i = 0; i < MEMO_ROWS; i++)
        free(memo->rows[i].path);
    pthread_mutex_destroy(&memo->lock);
    free(memo);
}

/* The lock is held while hashing: others would only hash the same file. */
nst_status nst_digest_memo_get(nst_digest_memo *memo, const char *path, char digest[65],
                               nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&memo->lock);
    memo_row *row = NULL;
    for (int i = 0; i < MEMO_ROWS && !row; i++)
        if (memo->rows[i].path && strcmp(memo->rows[i].path, path) == 0)
            row = &memo->rows[i];
    if (row) {
        memcpy(digest, row->digest, 65);
    } else if ((status = nst_file_sha256(path, digest, error)) == NST_OK) {
        row = &memo->rows[memo->next];
        memo->next = (memo->next + 1) % MEMO_ROWS;
        free(row->path);
        row->path = strdup(path);
        memcpy(row->digest, digest, 65);
    }
    pthread_mutex_unlock(&memo->lock);
    return status;
}

static void get_bundled(nst_digest_memo *memo, char digest[65])
{
    size_t size;
    pthread_mutex_lock(&memo->lock);
    if (!memo->bundled[0]) {
        const void *data = nst_bundled_data(&size);
        nst_bytes_sha256(data, size, memo->bundled);
    }
    memcpy(digest, memo->bundled, sizeof memo->bundled);
    pthread_mutex_unlock(&memo->lock);
}

/* ---- the key --------------------------------------------------------------------------------- */

/* Whether a setting decides the result, and no file that is known by its digest stands for it. */
static bool counts(const nst_option *o, const nst_job *job)
{
    if (o->place != NST_PLACE_OPTIONS || strcmp(o->name, "threads") == 0 ||
        strcmp(o->name, "weights") == 0 || strcmp(o->name, "format") == 0)
        return false;
    return !(o->kind == NST_KIND_INIT && job->options.init == NST_INIT_IMAGE);
}

static void print_settings(FILE *out, const nst_args *args)
{
    char buffer[NST_VALUE_TEXT_MAX];
    const nst_job *job = &args->job;
    fprintf(out, "nst %s\nformat %d\n", NST_VERSION, (int)job->output_format);
    for (int i = 0; i < job->style_count; i++)
        fprintf(out, "style-share %a region %d mask %d\n", (double)job->styles[i].weight,
                job->styles[i].region, job->style_masks[i] != NULL);
    for (int i = 0; i < nst_option_count; i++) {
        const nst_option *o = &nst_option_table[i];
        const char *text = counts(o, job) ? nst_value_text(o, args, buffer) : NULL;
        if (text)
            fprintf(out, "%s %s\n", o->name, text);
    }
}

static nst_status print_inputs(FILE *out, const nst_job *job, nst_digest_memo *memo, bool *pipe,
                               nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    nst_status status = NST_OK;
    struct stat info;
    char digest[65];
    int count = nst_inputs_list(job, files);
    for (int i = 0; i < count && status == NST_OK; i++) {
        const char *path = files[i].path;
        if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISREG(info.st_mode))) {
            *pipe = true;
            return NST_OK;
        }
        status = path == job->content ? nst_file_sha256(path, digest, error)
                                      : nst_digest_memo_get(memo, path, digest, error);
        if (status == NST_OK)
            fprintf(out, "%s %s\n", files[i].what, digest);
    }
    if (!job->weights_path) {
        get_bundled(memo, digest);
        fprintf(out, "bundled %s\n", digest);
    }
    return status;
}

nst_status nst_job_key(const nst_args *args, nst_digest_memo *memo, char key[65], nst_error *error)
{
    char *text = NULL;
    size_t size = 0;
    bool pipe = false;
    FILE *out = open_memstream(&text, &size);
    key[0] = '\0';
    if (!out)
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    print_settings(out, args);
    nst_status status = print_inputs(out, &args->job, memo, &pipe, error);
    bool complete = !ferror(out);
    if (fclose(out) != 0 || !complete)
        status = nst_fail(error, NST_ERR_MEMORY, "out of memory");
    if (status == NST_OK && !pipe)
        nst_bytes_sha256(text, size, key);
    free(text);
    return status;
}
