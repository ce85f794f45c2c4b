/* Telling all observers. */
#include "engine/observer.h"

#include <assert.h>

void nst_observers_add(nst_observers *observers, nst_observer observer)
{
    assert(observers->count < NST_OBSERVERS_MAX);
    observers->list[observers->count++] = observer;
}

/* Calls a function of each observer that has it. */
#define TELL(observers, function, ...)                                                             \
    for (const nst_observer *o = (observers)->list; o < (observers)->list + (observers)->count;    \
         o++)                                                                                      \
        if (o->function)                                                                           \
    o->function(o->self, __VA_ARGS__)

/* The same for functions that can fail. */
#define TRY(observers, status, function, ...)                                                      \
    for (const nst_observer *o = (observers)->list;                                                \
         o < (observers)->list + (observers)->count && (status) == NST_OK; o++)                    \
        if (o->function)                                                                           \
    (status) = o->function(o->self, __VA_ARGS__)

void nst_tell_started(const nst_observers *observers, const nst_run_job *job)
{
    TELL(observers, started, job);
}

void nst_tell_inputs(const nst_observers *observers, const nst_run_job *job,
                     const nst_run_inputs *inputs)
{
    TELL(observers, inputs, job, inputs);
}

void nst_tell_phase(const nst_observers *observers, const nst_run_job *job,
                    const nst_phase_info *info)
{
    TELL(observers, phase, job, info);
}

void nst_tell_point(const nst_observers *observers, const nst_run_job *job,
                    const nst_progress *progress)
{
    TELL(observers, point, job, progress);
}

nst_status nst_tell_frame(const nst_observers *observers, const nst_run_job *job,
                          const nst_run_frame *frame, nst_error *error)
{
    nst_status status = NST_OK;
    TRY(observers, status, frame, job, frame, error);
    return status;
}

nst_status nst_tell_result(const nst_observers *observers, const nst_run_job *job,
                           const nst_result *result, const nst_image *picture, nst_error *error)
{
    nst_status status = NST_OK;
    TRY(observers, status, result, job, result, picture, error);
    return status;
}

void nst_tell_ended(const nst_observers *observers, const nst_run_job *job,
                    const nst_result *result)
{
    TELL(observers, ended, job, result);
}
