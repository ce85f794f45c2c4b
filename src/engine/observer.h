/* Who is told of a run. The engine calls observers; the log, intermediate images, records and the
 * report are observers. Jobs that run at the same time call from threads of their own. */
#ifndef NST_ENGINE_OBSERVER_H
#define NST_ENGINE_OBSERVER_H

#include "engine/inputs.h"
#include "results/journal.h"
#include "results/result.h"

/* A job of the list. */
typedef struct nst_run_job {
    int index; /* in the list, from 0 */
    const nst_args *args;
} nst_run_job;

/* All that is known when painting begins. */
typedef struct nst_run_inputs {
    const nst_input_set *pictures;
    const nst_model *model;
    const nst_inputs *inputs;   /* the pictures as the library gets them */
    const nst_options *options; /* likewise */
    uint64_t memory, limit;     /* bytes that the job takes at its peak, of those that there are */
    int width, height;          /* of the result */
    double seconds;             /* since the job started */
} nst_run_inputs;

/* An intermediate image that --save-every asks for. */
typedef struct nst_run_frame {
    const nst_progress *progress;
    int width, height;    /* of the result; the image is enlarged to it */
    const float *alpha;   /* of the result, or NULL */
    nst_journal *journal; /* of the folder, or NULL; knows which files nst wrote */
    const char *name;     /* of the result in it */
} nst_run_frame;

/* Functions may be NULL. Data is valid during the call. */
typedef struct nst_observer {
    void *self; /* handed to each function */
    void (*started)(void *self, const nst_run_job *job);
    void (*inputs)(void *self, const nst_run_job *job, const nst_run_inputs *inputs);
    void (*phase)(void *self, const nst_run_job *job, const nst_phase_info *info);
    void (*point)(void *self, const nst_run_job *job, const nst_progress *progress);
    /* A failure ends the frames of the job, which fails when its result is written. */
    nst_status (*frame)(void *self, const nst_run_job *job, const nst_run_frame *frame,
                        nst_error *error);
    /* The result's file is written. A failure is one of the job. */
    nst_status (*result)(void *self, const nst_run_job *job, const nst_result *result,
                         const nst_image *picture, nst_error *error);
    void (*ended)(void *self, const nst_run_job *job, const nst_result *result);
} nst_observer;

/* Observers are called in this order. When one fails, those behind it are not called. */
enum { NST_OBSERVERS_MAX = 8 };
typedef struct nst_observers {
    nst_observer list[NST_OBSERVERS_MAX];
    int count;
} nst_observers;

void nst_observers_add(nst_observers *observers, nst_observer observer);

void nst_tell_started(const nst_observers *observers, const nst_run_job *job);
void nst_tell_inputs(const nst_observers *observers, const nst_run_job *job,
                     const nst_run_inputs *inputs);
void nst_tell_phase(const nst_observers *observers, const nst_run_job *job,
                    const nst_phase_info *info);
void nst_tell_point(const nst_observers *observers, const nst_run_job *job,
                    const nst_progress *progress);
nst_status nst_tell_frame(const nst_observers *observers, const nst_run_job *job,
                          const nst_run_frame *frame, nst_error *error);
nst_status nst_tell_result(const nst_observers *observers, const nst_run_job *job,
                           const nst_result *result, const nst_image *picture, nst_error *error);
void nst_tell_ended(const nst_observers *observers, const nst_run_job *job,
                    const nst_result *result);

#endif
