#include "serve/runs/worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "report/thumbnail.h"

enum {
    FRAME_SIDE = 384,         /* pixels of a preview */
    FRAME_MILLISECONDS = 400, /* between previews, at least; and, so that they slow no run: */
    FRAME_SHARE = 80,         /* times as long as making one takes */
    TELL_MILLISECONDS = 400   /* between news of the progress: a page lays itself out for each */
};

/* Who is told of a run while it paints. */
typedef struct {
    nst_runs *runs;
    nst_served_run *run;
    struct timespec told, framed; /* when followers last heard of progress, and saw a preview */
    double pause;                 /* seconds until the next preview */
    int has_told, has_frame;
} watcher;

static int is_time_up(const nst_runs *runs, const nst_served_run *r)
{
    int minutes = runs->options->max_minutes;
    return minutes > 0 && nst_seconds_since(&r->begun) > 60.0 * minutes;
}

static void show_frame(watcher *w, const nst_progress *progress)
{
    nst_served_run *r = w->run;
    /* The picture is only read, though nst_image has no const pointers. */
    const nst_image whole = {
        .width = progress->width, .height = progress->height, .rgb = (float *)progress->rgb};
    nst_thumbnail frame = {0};
    if (w->has_frame && nst_seconds_since(&w->framed) < w->pause)
        return;
    clock_gettime(CLOCK_MONOTONIC, &w->framed);
    nst_thumbnail_make(&whole, FRAME_SIDE, &frame);
    w->has_frame = 1;
    w->pause = fmax(1e-3 * FRAME_MILLISECONDS, FRAME_SHARE * nst_seconds_since(&w->framed));
    if (!frame.jpeg)
        return;
    pthread_mutex_lock(&w->runs->lock);
    free(r->frame);
    r->frame = frame.jpeg;
    r->frame_size = frame.size;
    r->frame_version++;
    nst_runs_tell(w->runs, r);
    pthread_mutex_unlock(&w->runs->lock);
}

static void on_progress(void *user, const nst_progress *progress)
{
    watcher *w = user;
    nst_served_run *r = w->run;
    pthread_mutex_lock(&w->runs->lock);
    r->progress = *progress;
    r->progress.rgb = NULL;
    r->has_progress = 1;
    int is_followed = r->followers > 0;
    if (!w->has_told || nst_seconds_since(&w->told) * 1e3 >= TELL_MILLISECONDS) {
        clock_gettime(CLOCK_MONOTONIC, &w->told);
        w->has_told = 1;
        nst_runs_tell(w->runs, r);
    }
    pthread_mutex_unlock(&w->runs->lock);
    if (is_time_up(w->runs, r))
        nst_painting_stop(r->painting);
    else if (is_followed && progress->rgb)
        show_frame(w, progress);
}

static void paint(nst_worker *worker, nst_served_run *r)
{
    nst_runs *runs = worker->runs;
    nst_painted painted = {0};
    nst_error error = {0};
    watcher w = {.runs = runs, .run = r};
    nst_status status =
        nst_painting_run(worker->painter, r->painting, on_progress, &w, &painted, &error);
    pthread_mutex_lock(&runs->lock);
    r->painted = painted;
    r->state = status == NST_OK        ? NST_RUN_DONE
               : status == NST_STOPPED ? NST_RUN_STOPPED
                                       : NST_RUN_FAILED;
    snprintf(r->message, sizeof r->message, "%.250s", error.message);
    nst_painting_destroy(r->painting);
    r->painting = NULL;
    free(r->frame);
    r->frame = NULL;
    nst_runs_release(runs, r);
    nst_runs_tell(runs, r);
    pthread_mutex_unlock(&runs->lock);
}

static void *work(void *user)
{
    nst_worker *worker = user;
    nst_runs *runs = worker->runs;
    pthread_mutex_lock(&runs->lock);
    while (!runs->stopping) {
        nst_served_run *r = nst_runs_next(runs);
        if (!r) {
            pthread_cond_wait(&runs->changed, &runs->lock);
            continue;
        }
        r->state = NST_RUN_RUNNING;
        r->begun_number = ++runs->begun;
        clock_gettime(CLOCK_MONOTONIC, &r->begun);
        for (nst_served_run *other = runs->oldest; other; other = other->next)
            other->version++; /* fewer runs are ahead of those that wait */
        pthread_cond_broadcast(&runs->changed);
        pthread_mutex_unlock(&runs->lock);
        paint(worker, r);
        pthread_mutex_lock(&runs->lock);
    }
    pthread_mutex_unlock(&runs->lock);
    return NULL;
}

nst_status nst_worker_start(nst_worker *worker, nst_runs *runs, nst_painter *painter,
                            nst_error *error)
{
    worker->runs = runs;
    worker->painter = painter;
    if (pthread_create(&worker->thread, NULL, work, worker) != 0)
        return nst_fail(error, NST_ERR_MEMORY, "no thread to paint with can be started");
    return NST_OK;
}

void nst_worker_join(nst_worker *worker)
{
    pthread_join(worker->thread, NULL);
}
