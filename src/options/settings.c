/* Settings: their defaults, copies and ends. */
#include "options/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "hub/chosen.h"

nst_status nst_args_default(nst_args *args, nst_error *error)
{
    *args = (nst_args){.job = {.quality = 92, .depth = 8}};
    nst_options_default(&args->job.options);
    char weights[NST_CHOSEN_MAX];
    nst_status status = nst_chosen_get(weights, error);
    if (status != NST_OK)
        return status;
    args->job.weights = strdup(weights);
    return args->job.weights ? NST_OK : nst_fail_memory(error);
}

/* false when out of memory */
static bool copy_text(const char *from, char **to)
{
    *to = from ? strdup(from) : NULL;
    return *to || !from;
}

nst_status nst_job_copy(const nst_job *job, nst_job *out)
{
    nst_job copy = *job;
    bool ok = copy_text(job->content, &copy.content);
    for (int i = 0; i < job->style_count; i++)
        ok = copy_text(job->styles[i].path, &copy.styles[i].path) && ok;
    for (int i = 0; i < job->style_mask_count; i++)
        ok = copy_text(job->style_masks[i], &copy.style_masks[i]) && ok;
    ok = copy_text(job->content_mask, &copy.content_mask) && ok;
    ok = copy_text(job->output, &copy.output) && ok;
    ok = copy_text(job->init, &copy.init) && ok;
    ok = copy_text(job->weights, &copy.weights) && ok;
    ok = copy_text(job->weights_path, &copy.weights_path) && ok;
    ok = copy_text(job->folder, &copy.folder) && ok;
    if (!ok) {
        nst_job_destroy(&copy);
        return NST_ERR_MEMORY;
    }
    *out = copy;
    return NST_OK;
}

void nst_job_destroy(nst_job *job)
{
    free(job->content);
    for (int i = 0; i < job->style_count; i++)
        free(job->styles[i].path);
    for (int i = 0; i < job->style_mask_count; i++)
        free(job->style_masks[i]);
    free(job->content_mask);
    free(job->output);
    free(job->init);
    free(job->weights);
    free(job->folder);
    free(job->weights_path);
    *job = (nst_job){0};
}

void nst_args_destroy(nst_args *args)
{
    nst_job_destroy(&args->job);
    for (int i = 0; i < args->entry_count; i++)
        nst_job_destroy(&args->entries[i]);
    free(args->entries);
    nst_names_destroy(&args->photos);
    free(args->job_file);
    free(args->files_from);
    free(args->config);
    free(args->record);
    free(args->report);
    *args = (nst_args){0};
}
