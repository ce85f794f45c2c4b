/* The pictures a job reads. */
#include "engine/inputs.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "engine/reduce.h"
#include "hub/styles.h"
#include "list/input_files.h"

nst_status nst_inputs_probe(const nst_args *args, nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    nst_file_info info;
    nst_status status = NST_OK;
    int count = nst_input_files(&args->job, files);
    for (int i = 0; i < count && status == NST_OK; i++)
        if (files[i].picture) {
            if (strcmp(files[i].what, "style") == 0)
                status = nst_styles_check(files[i].path, error);
            if (status == NST_OK)
                status = nst_input_file_probe(files[i].path, &info, error);
        }
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

static nst_status read_one(const nst_args *args, uint64_t max_bytes, const char *path,
                           const char *expected, nst_picture_use use, nst_input *input,
                           nst_metadata **metadata, nst_error *error)
{
    nst_status status = nst_reduce_read(path, &args->job.options, use, max_bytes, metadata,
                                        &input->image, &input->info, error);
    if (status != NST_OK)
        return status;
    return nst_inputs_verify(args, path, expected, input->info.sha256, error);
}

nst_status nst_inputs_read(const nst_args *args, nst_shared *shared, uint64_t max_bytes,
                           nst_input_set *inputs, nst_error *error)
{
    const nst_job *job = &args->job;
    const nst_digests *expected = &job->expected;
    *inputs = (nst_input_set){0};
    nst_status status = read_one(args, max_bytes, job->content, expected->content, NST_USE_CONTENT,
                                 &inputs->content, &inputs->content.metadata, error);
    if (status == NST_OK)
        status = nst_style_sets_borrow(nst_shared_styles(shared), job, max_bytes, &inputs->styles,
                                       error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++)
        status = nst_inputs_verify(args, job->styles[i].path, expected->styles[i],
                                   inputs->styles->infos[i].sha256, error);
    for (int i = 0; i < job->style_mask_count && status == NST_OK; i++)
        if (job->style_masks[i])
            status = nst_inputs_verify(args, job->style_masks[i], expected->style_masks[i],
                                       inputs->styles->mask_infos[i].sha256, error);
    if (status == NST_OK && job->content_mask)
        status = read_one(args, max_bytes, job->content_mask, expected->content_mask, NST_USE_MASK,
                          &inputs->mask, NULL, error);
    if (status == NST_OK && job->options.init == NST_INIT_IMAGE)
        status = read_one(args, max_bytes, job->init, expected->init, NST_USE_CONTENT,
                          &inputs->init, NULL, error);
    return status;
}

void nst_inputs_destroy(nst_input_set *inputs, nst_shared *shared)
{
    nst_style_sets_return(nst_shared_styles(shared), inputs->styles);
    nst_image_destroy(&inputs->content.image);
    nst_metadata_destroy(inputs->content.metadata);
    nst_image_destroy(&inputs->init.image);
    nst_image_destroy(&inputs->mask.image);
}
