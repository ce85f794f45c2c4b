/* The pictures a job reads. */
#include "cli/inputs.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cli/file.h"

static nst_status probe(const char *path, nst_error *error)
{
    struct stat file;
    nst_file_info info;
    if (!path || strcmp(path, "-") == 0 || (stat(path, &file) == 0 && S_ISFIFO(file.st_mode)))
        return NST_OK;
    return nst_image_probe(path, &info, error);
}

nst_status nst_inputs_probe(const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    nst_status status;
    if ((status = probe(job->content, error)) != NST_OK ||
        (status = probe(job->style, error)) != NST_OK)
        return status;
    return job->options.init == NST_INIT_IMAGE ? probe(job->init, error) : NST_OK;
}

nst_status nst_inputs_verify(const nst_args *args, const char *path, const char *expected,
                             const char *actual, nst_error *error)
{
    if (expected[0] == '\0' || strcasecmp(expected, actual) == 0)
        return NST_OK;
    return nst_fail(error, NST_ERR_FORMAT,
                    "%s: not the file that %s names: expected SHA-256 %.12s..., got %.12s...", path,
                    args->job_file, expected, actual);
}

static nst_status read_one(const nst_args *args, const char *path, const char *expected,
                           nst_input *out, nst_error *error)
{
    nst_status status = nst_image_read(path, &out->image, &out->info, error);
    if (status != NST_OK)
        return status;
    return nst_inputs_verify(args, path, expected, out->info.sha256, error);
}

nst_status nst_inputs_read(const nst_args *args, nst_input_set *inputs, nst_error *error)
{
    const nst_job *job = &args->job;
    const nst_digests *expected = &job->expected;
    nst_status status;
    *inputs = (nst_input_set){0};
    if ((status = read_one(args, job->content, expected->content, &inputs->content, error)) !=
            NST_OK ||
        (status = read_one(args, job->style, expected->style, &inputs->style, error)) != NST_OK)
        return status;
    if (job->options.init == NST_INIT_IMAGE)
        status = read_one(args, job->init, expected->init, &inputs->init, error);
    return status;
}

void nst_inputs_destroy(nst_input_set *inputs)
{
    nst_image_destroy(&inputs->content.image);
    nst_image_destroy(&inputs->style.image);
    nst_image_destroy(&inputs->init.image);
}

nst_status nst_inputs_spare(const nst_args *args, const char *path, nst_error *error)
{
    const nst_job *job = &args->job;
    const char *init = job->options.init == NST_INIT_IMAGE ? job->init : NULL;
    const char *const read[] = {job->content, job->style, init, args->weights};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (nst_file_same(path, read[i]))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: would overwrite the input %s", path,
                            read[i]);
    return NST_OK;
}
