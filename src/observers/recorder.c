/* --record. */
#include "observers/recorder.h"

#include "results/record.h"

static nst_status on_result(void *self, const nst_run_job *job, const nst_result *result,
                            const nst_image *picture, nst_error *error)
{
    (void)self;
    (void)picture;
    return job->args->record ? nst_record_write(job->args, result, error) : NST_OK;
}

nst_observer nst_recorder_observer(void)
{
    return (nst_observer){.result = on_result};
}
