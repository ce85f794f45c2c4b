/* What a report needs of the runs. */
#include "report/collect.h"

#include <stdlib.h>

#include "base/error.h"

nst_status nst_collection_create(int jobs, int side, nst_shared *shared, nst_collection *out,
                                 nst_error *error)
{
    *out = (nst_collection){calloc((size_t)jobs + 1, sizeof *out->list), jobs, shared};
    if (!out->list)
        return nst_fail_memory_for(error, "the report");
    for (int i = 0; i < jobs; i++) {
        out->list[i].curve.wanted = true;
        out->list[i].gallery.side = side;
    }
    return NST_OK;
}

void nst_collection_destroy(nst_collection *collection)
{
    for (int i = 0; collection->list && i < collection->count; i++) {
        nst_curve_destroy(&collection->list[i].curve);
        nst_gallery_destroy(&collection->list[i].gallery);
        free(collection->list[i].result);
    }
    free(collection->list);
    *collection = (nst_collection){0};
}

static nst_collected *of(void *self, const nst_run_job *job)
{
    return &((nst_collection *)self)->list[job->index];
}

static void on_inputs(void *self, const nst_run_job *job, const nst_run_inputs *inputs)
{
    nst_gallery_add_inputs(&of(self, job)->gallery, inputs->pictures);
}

static void on_point(void *self, const nst_run_job *job, const nst_progress *progress)
{
    nst_curve_add(&of(self, job)->curve, progress);
}

static nst_status on_frame(void *self, const nst_run_job *job, const nst_run_frame *frame,
                           nst_error *error)
{
    (void)error;
    nst_gallery_add_frame(&of(self, job)->gallery, frame->progress, job->args->job.save_every);
    return NST_OK;
}

static nst_status on_result(void *self, const nst_run_job *job, const nst_result *result,
                            const nst_image *picture, nst_error *error)
{
    (void)result;
    (void)error;
    nst_gallery_add_result(&of(self, job)->gallery, picture);
    return NST_OK;
}

static void on_ended(void *self, const nst_run_job *job, const nst_result *result)
{
    nst_collection *collection = self;
    nst_collected *collected = of(self, job);
    if (!collected->result)
        collected->result = malloc(sizeof *collected->result);
    if (collected->result)
        *collected->result = *result;
    if (result->state == NST_RESULT_SKIPPED)
        nst_gallery_read(&of(self, job)->gallery, &job->args->job, result->iterations,
                         collection->shared);
}

nst_observer nst_collection_observer(nst_collection *collection)
{
    return (nst_observer){.self = collection,
                          .inputs = on_inputs,
                          .point = on_point,
                          .frame = on_frame,
                          .result = on_result,
                          .ended = on_ended};
}
