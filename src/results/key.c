/* The key of a job. */
#include "results/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "files/file.h"
#include "files/path.h"
#include "list/input_files.h"
#include "options/value.h"

/* Whether a setting changes the result and is not already covered by the digest of a file. */
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

nst_status nst_key_settings_make(const void *settings, int variant, const nst_args *args,
                                 nst_key_settings *part, nst_error *error)
{
    char *text = NULL;
    size_t size = 0;
    if (part->settings == settings && part->variant == variant)
        return NST_OK;
    part->settings = NULL;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return nst_fail_memory(error);
    print_settings(file, args);
    bool complete = !ferror(file);
    if (fclose(file) == 0 && complete) {
        nst_sha256_begin(&part->sum);
        nst_sha256_add(&part->sum, text, size);
        part->settings = settings;
        part->variant = variant;
    }
    free(text);
    return part->settings ? NST_OK : nst_fail_memory(error);
}

static void add_line(nst_sha256 *sum, const char *what, const char *digest)
{
    nst_sha256_add(sum, what, strlen(what));
    nst_sha256_add(sum, " ", 1);
    nst_sha256_add(sum, digest, strlen(digest));
    nst_sha256_add(sum, "\n", 1);
}

static nst_status hash_content(const char *path, nst_digest_memo *memo,
                               const nst_journal_entry *known, nst_job_key *out, char digest[65],
                               nst_error *error)
{
    if (known && known->content_stamp[0] && strcmp(known->content_stamp, out->content_stamp) == 0) {
        memcpy(digest, known->content, 65);
        return NST_OK;
    }
    return nst_digest_memo_get(memo, path, digest, error);
}

static nst_status add_inputs(nst_sha256 *sum, const nst_job *job, nst_digest_memo *memo,
                             const nst_journal_entry *known, nst_job_key *out, bool *pipe,
                             nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    nst_status status = NST_OK;
    struct stat info;
    char bundled[65];
    int count = nst_input_files(job, files);
    for (int i = 0; i < count && status == NST_OK; i++) {
        const char *path = files[i].path;
        char *digest = (char *)nst_input_digest(&files[i], job, &out->digests);
        /* What has a stamp or is remembered is a regular file. */
        bool regular = path == job->content ? nst_file_stamp(path, out->content_stamp)
                                            : nst_digest_memo_find(memo, path, digest);
        if (!regular &&
            (nst_path_is_standard(path) || (stat(path, &info) == 0 && !S_ISREG(info.st_mode)))) {
            *pipe = true;
            return NST_OK;
        }
        if (path == job->content) {
            if (!regular)
                out->content_stamp[0] = '\0';
            status = hash_content(path, memo, known, out, digest, error);
        } else if (!regular) {
            status = nst_digest_memo_get(memo, path, digest, error);
        }
        if (status == NST_OK)
            add_line(sum, files[i].what, digest);
    }
    if (!job->weights_path) {
        nst_digest_memo_bundled(memo, bundled);
        add_line(sum, "bundled", bundled);
    }
    return status;
}

nst_status nst_job_key_make(const nst_args *args, const nst_key_settings *part,
                            nst_digest_memo *memo, const nst_journal_entry *known, nst_job_key *out,
                            nst_error *error)
{
    bool pipe = false;
    nst_sha256 sum = part->sum;
    *out = (nst_job_key){0};
    nst_status status = add_inputs(&sum, &args->job, memo, known, out, &pipe, error);
    if (status == NST_OK && !pipe)
        nst_sha256_end(&sum, out->key);
    return status;
}
