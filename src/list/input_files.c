/* The files a job reads. */
#include "list/input_files.h"

#include <sys/stat.h>

#include "base/error.h"
#include "files/file.h"
#include "files/path.h"

int nst_input_files(const nst_job *job, nst_input_file out[NST_INPUT_FILES_MAX])
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

/* At the place that the expected digest has among the job's expected ones. */
const char *nst_input_digest(const nst_input_file *file, const nst_job *job,
                             const nst_digests *digests)
{
    return (const char *)digests + (file->expected - (const char *)&job->expected);
}

nst_status nst_input_file_probe(const char *path, nst_file_info *out, nst_error *error)
{
    struct stat file;
    *out = (nst_file_info){0};
    if (nst_path_is_standard(path) || (stat(path, &file) == 0 && S_ISFIFO(file.st_mode)))
        return NST_OK;
    return nst_image_probe(path, out, error);
}

nst_status nst_input_files_spare(const nst_job *job, const char *path, nst_error *error)
{
    nst_input_file files[NST_INPUT_FILES_MAX];
    int count = nst_input_files(job, files);
    for (int i = 0; i < count; i++)
        if (nst_file_same(path, files[i].path))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: would overwrite the input %s", path,
                            files[i].path);
    return NST_OK;
}
