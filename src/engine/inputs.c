/* The files a job reads. */
#include "engine/inputs.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "files/file.h"

int nst_inputs_list(const nst_job *job, nst_input_file out[NST_INPUT_FILES_MAX])
{
    const nst_digests *expected = &job->expected;
    int count = 0;
    out[count++] = (nst_input_file){"content", job->content, expected->content, true};
    for (int i = 0; i < job->style_count; i++)
        out[count++] = (nst_input_file){"style", job->styles[i].path, expected->styles[i], true};
    if (job->content_mask)
        out[count++] =
            (nst_input_file){"content-mask", job->content_mask, expected->content_mask, true};
    for (int i = 0; i < job->style_mask_count; i++)
        if (job->style_masks[i])
            out[count++] =
                (nst_input_file){"style-mask", job->style_masks[i], expected->style_masks[i], true};
    if (job->options.init == NST_INIT_IMAGE)
        out[count++] = (nst_input_file){"init", job->init, expected->init, true};
    if (job->weights_path)
        out[count++] = (nst_input_file){"weights", job->weights_path, expected->weights, false};
    return count;
}

static nst_status probe(const char *path, nst_error *error)
{
    struct stat file;
    nst_file_info info;
    if (strcmp(path, "-") == 0 || (stat(path, &file) == 0 && S_ISFIFO(file.st_mode)))
        return NST_OK;
    return nst_image_probe(path, &info, error);
}

nst_status nst_inputs_probe(const nst_args *args, nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    nst_status status = NST_OK;
    int count = nst_inputs_list(&args->job, files);
    for (int i = 0; i < count && status == NST_OK; i++)
        if (files[i].picture)
            status = probe(files[i].path, error);
    return status;
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
                           nst_image *image, nst_file_info *info, nst_error *error)
{
    nst_status status = nst_image_read(path, image, info, error);
    if (status != NST_OK)
        return status;
    return nst_inputs_verify(args, path, expected, info->sha256, error);
}

nst_status nst_inputs_read(const nst_args *args, nst_shared *shared, nst_input_set *inputs,
                           nst_error *error)
{
    const nst_job *job = &args->job;
    const nst_digests *expected = &job->expected;
    *inputs = (nst_input_set){0};
    nst_status status = read_one(args, job->content, expected->content, &inputs->content.image,
                                 &inputs->content.info, error);
    if (status == NST_OK)
        status = nst_shared_borrow(shared, job, &inputs->styles, error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++)
        status = nst_inputs_verify(args, job->styles[i].path, expected->styles[i],
                                   inputs->styles->infos[i].sha256, error);
    for (int i = 0; i < job->style_mask_count && status == NST_OK; i++)
        if (job->style_masks[i])
            status = nst_inputs_verify(args, job->style_masks[i], expected->style_masks[i],
                                       inputs->styles->mask_infos[i].sha256, error);
    if (status == NST_OK && job->content_mask)
        status = read_one(args, job->content_mask, expected->content_mask, &inputs->mask.image,
                          &inputs->mask.info, error);
    if (status == NST_OK && job->options.init == NST_INIT_IMAGE)
        status = read_one(args, job->init, expected->init, &inputs->init.image, &inputs->init.info,
                          error);
    return status;
}

void nst_inputs_destroy(nst_input_set *inputs, nst_shared *shared)
{
    nst_shared_return(shared, inputs->styles);
    nst_image_destroy(&inputs->content.image);
    nst_image_destroy(&inputs->init.image);
    nst_image_destroy(&inputs->mask.image);
}

nst_status nst_inputs_spare(const nst_args *args, const char *path, nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    int count = nst_inputs_list(&args->job, files);
    for (int i = 0; i < count; i++)
        if (nst_file_same(path, files[i].path))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: would overwrite the input %s", path,
                            files[i].path);
    return NST_OK;
}
