#include "serve/runs/follower.h"

#include <stdlib.h>
#include <string.h>

#include "serve/runs/run_json.h"
#include "serve/runs/runs.h"

struct nst_follower {
    nst_runs *runs;
    nst_served_run *run;
    long version, frame_version; /* the last that the follower was told of */
};

int nst_follower_create(nst_queue *queue, const char *id, nst_follower **out)
{
    nst_runs *runs = nst_queue_runs(queue);
    int result = 0;
    nst_follower *follower = calloc(1, sizeof *follower);
    if (!follower)
        return -1;
    pthread_mutex_lock(&runs->lock);
    nst_served_run *r = nst_runs_find(runs, id);
    if (r && runs->followers == NST_FOLLOWERS_MAX)
        result = -1;
    else if (r) {
        runs->followers++;
        r->followers++;
        *follower = (nst_follower){.runs = runs, .run = r, .version = -1};
        *out = follower;
        result = 1;
    }
    pthread_mutex_unlock(&runs->lock);
    if (result <= 0)
        free(follower);
    return result;
}

void nst_follower_destroy(nst_follower *follower)
{
    nst_runs *runs = follower->runs;
    pthread_mutex_lock(&runs->lock);
    runs->followers--;
    follower->run->followers--;
    pthread_mutex_unlock(&runs->lock);
    free(follower);
}

/* The server ends, and a run that waits will not be painted. */
static int is_given_up(const nst_runs *runs, const nst_served_run *r)
{
    return runs->stopping && r->state == NST_RUN_QUEUED;
}

static void copy_frame(const nst_served_run *r, nst_news *out)
{
    out->frame = r->frame ? malloc(r->frame_size) : NULL;
    if (out->frame) {
        memcpy(out->frame, r->frame, r->frame_size);
        out->frame_size = r->frame_size;
    }
}

void nst_follower_wait(nst_follower *follower, int seconds, nst_news *out)
{
    nst_runs *runs = follower->runs;
    const nst_served_run *r = follower->run;
    struct timespec end;
    int waited = 0;
    *out = (nst_news){0};
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    pthread_mutex_lock(&runs->lock);
    while (waited == 0 && r->version == follower->version && !is_given_up(runs, r))
        waited = pthread_cond_timedwait(&runs->changed, &runs->lock, &end);
    if (r->version != follower->version) {
        out->run = nst_run_json(runs, r);
        if (r->frame_version != follower->frame_version)
            copy_frame(r, out);
    }
    follower->version = r->version;
    follower->frame_version = r->frame_version;
    out->over = nst_run_is_over(r) || is_given_up(runs, r);
    pthread_mutex_unlock(&runs->lock);
}
