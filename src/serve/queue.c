#include "serve/queue.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "options/settings.h"
#include "report/thumbnail.h"
#include "serve/painter.h"
#include "serve/turns.h"

enum {
    FOLLOWERS_MAX = 100,
    FRAME_SIDE = 512,         /* pixels of a preview */
    FRAME_MILLISECONDS = 400, /* between previews, at least; and, so that they slow no run: */
    FRAME_SHARE = 50,         /* times as long as making one takes */
    TELL_MILLISECONDS = 100,  /* between news of the progress */
    CLIENT_SIZE = 48,
    TURNS_MAX = NST_RUNS_KEPT + FOLLOWERS_MAX + 1 /* ended runs that are followed stay */
};

typedef struct run {
    char id[NST_ID_SIZE], client[CLIENT_SIZE];
    nst_run_state state;
    long begun_number, version; /* see turns.h; of the description */
    cJSON *request;             /* owned */
    nst_painting *painting;
    char held[NST_STYLES_MAX + 2][NST_ID_SIZE]; /* pictures of the store */
    int held_count;

    int has_progress;
    nst_progress progress; /* without its pixels */
    struct timespec begun;
    nst_painted painted;
    char message[256];

    int followers;
    long frame_version;
    unsigned char *frame; /* owned */
    size_t frame_size;
    struct run *next; /* younger */
} run;

struct nst_queue {
    const nst_serve_options *options;
    nst_store *store;
    nst_painter *painter;
    pthread_t worker;
    int has_worker;

    pthread_mutex_t lock; /* of what is below, and of the runs */
    pthread_cond_t news;  /* something has changed */
    run *oldest;
    long begun; /* runs that have begun to paint */
    int stopping, followers;
};

struct nst_follower {
    nst_queue *queue;
    run *run;
    long version, frame_version;
};

static const char *const state_names[] = {"queued", "running", "done", "stopped", "failed"};

/* All functions from here to "worker" are called with the lock held. */

static run *find(const nst_queue *queue, const char *id)
{
    for (run *r = queue->oldest; r; r = r->next)
        if (strcmp(r->id, id) == 0)
            return r;
    return NULL;
}

static int is_over(const run *r)
{
    return r->state != NST_RUN_QUEUED && r->state != NST_RUN_RUNNING;
}

static int count_state(const nst_queue *queue, nst_run_state state)
{
    int count = 0;
    for (const run *r = queue->oldest; r; r = r->next)
        count += r->state == state;
    return count;
}

/* The runs as turns.h has them, in the order in which they came; returns how many. */
static int list_turns(const nst_queue *queue, nst_turn turns[TURNS_MAX], const run *of, int *index)
{
    int count = 0;
    for (const run *r = queue->oldest; r && count < TURNS_MAX; r = r->next) {
        if (r == of)
            *index = count;
        turns[count++] = (nst_turn){r->client, r->state == NST_RUN_QUEUED, r->begun_number};
    }
    return count;
}

static void tell(nst_queue *queue, run *r)
{
    r->version++;
    pthread_cond_broadcast(&queue->news);
}

static void run_paths(const nst_queue *queue, const char *id, char result[NST_SERVE_PATH],
                      char record[NST_SERVE_PATH])
{
    const char *folder = nst_store_folder(queue->store);
    snprintf(result, NST_SERVE_PATH, "%.4000s/runs/%.32s.png", folder, id);
    snprintf(record, NST_SERVE_PATH, "%.4000s/runs/%.32s.json", folder, id);
}

static void release(nst_queue *queue, run *r)
{
    for (int i = 0; i < r->held_count; i++)
        nst_store_release(queue->store, r->held[i]);
    r->held_count = 0;
}

static void destroy_run(nst_queue *queue, run *r)
{
    release(queue, r);
    nst_painting_destroy(r->painting);
    cJSON_Delete(r->request);
    free(r->frame);
    free(r);
}

static void forget(nst_queue *queue, run *r)
{
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    for (run **link = &queue->oldest; *link; link = &(*link)->next)
        if (*link == r) {
            *link = r->next;
            break;
        }
    run_paths(queue, r->id, result, record);
    unlink(result);
    unlink(record);
    destroy_run(queue, r);
}

static void make_room(nst_queue *queue)
{
    int count = 0;
    run *oldest = NULL;
    for (run *r = queue->oldest; r; r = r->next) {
        count++;
        if (!oldest && is_over(r) && r->followers == 0)
            oldest = r;
    }
    if (count >= NST_RUNS_KEPT && oldest)
        forget(queue, oldest);
}

/* ---- describing ------------------------------------------------------------------------------ */

static void describe_progress(cJSON *json, const nst_progress *p)
{
    cJSON *progress = cJSON_AddObjectToObject(json, "progress");
    cJSON_AddNumberToObject(progress, "fraction", p->fraction);
    cJSON_AddNumberToObject(progress, "iteration", p->iterations_done);
    cJSON_AddNumberToObject(progress, "scale", p->scale + 1);
    cJSON_AddNumberToObject(progress, "scales", p->scales);
    cJSON_AddNumberToObject(progress, "width", p->width);
    cJSON_AddNumberToObject(progress, "height", p->height);
    cJSON_AddNumberToObject(progress, "seconds", p->seconds);
    if (p->seconds_left >= 0.0)
        cJSON_AddNumberToObject(progress, "seconds_left", p->seconds_left);
}

static void describe_losses(cJSON *json, const nst_losses *l)
{
    cJSON *losses = cJSON_AddObjectToObject(json, "losses");
    cJSON_AddNumberToObject(losses, "content", l->content);
    cJSON_AddNumberToObject(losses, "style", l->style);
    cJSON_AddNumberToObject(losses, "tv", l->tv);
    cJSON_AddNumberToObject(losses, "total", l->total);
}

static cJSON *describe(const nst_queue *queue, const run *r)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", r->id);
    cJSON_AddStringToObject(json, "state", state_names[r->state]);
    for (const cJSON *item = r->request ? r->request->child : NULL; item; item = item->next)
        cJSON_AddItemToObject(json, item->string, cJSON_Duplicate(item, 1));
    if (r->state == NST_RUN_QUEUED) {
        nst_turn turns[TURNS_MAX];
        int index = 0, count = list_turns(queue, turns, r, &index);
        cJSON_AddNumberToObject(json, "ahead",
                                count_state(queue, NST_RUN_RUNNING) +
                                    nst_turns_before(turns, count, index));
    }
    if (r->state == NST_RUN_RUNNING && r->has_progress)
        describe_progress(json, &r->progress);
    if (is_over(r)) {
        cJSON_AddBoolToObject(json, "result", r->painted.written);
        cJSON_AddNumberToObject(json, "seconds", r->painted.seconds);
        if (r->painted.written) {
            cJSON_AddNumberToObject(json, "width", r->painted.width);
            cJSON_AddNumberToObject(json, "height", r->painted.height);
            describe_losses(json, &r->painted.losses);
        }
        if (r->message[0])
            cJSON_AddStringToObject(json, "message", r->message);
    }
    return json;
}

/* ---- worker ---------------------------------------------------------------------------------- */

static run *choose(const nst_queue *queue)
{
    nst_turn turns[TURNS_MAX];
    int unused, next = nst_turns_next(turns, list_turns(queue, turns, NULL, &unused));
    run *r = queue->oldest;
    for (int i = 0; r && i < next; i++)
        r = r->next;
    return next < 0 ? NULL : r;
}

typedef struct {
    nst_queue *queue;
    run *run;
    struct timespec told, framed; /* when a client last heard, or saw, something */
    double pause;                 /* seconds until the next frame */
    int has_told, has_frame;
} watcher;

static int is_time_up(const nst_queue *queue, const run *r)
{
    int minutes = queue->options->max_minutes;
    return minutes > 0 && nst_seconds_since(&r->begun) > 60.0 * minutes;
}

static void show_frame(watcher *w, const nst_progress *progress)
{
    run *r = w->run;
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
    pthread_mutex_lock(&w->queue->lock);
    free(r->frame);
    r->frame = frame.jpeg;
    r->frame_size = frame.size;
    r->frame_version++;
    tell(w->queue, r);
    pthread_mutex_unlock(&w->queue->lock);
}

static void on_progress(void *user, const nst_progress *progress)
{
    watcher *w = user;
    run *r = w->run;
    pthread_mutex_lock(&w->queue->lock);
    r->progress = *progress;
    r->progress.rgb = NULL;
    r->has_progress = 1;
    int is_watched = r->followers > 0;
    if (!w->has_told || nst_seconds_since(&w->told) * 1e3 >= TELL_MILLISECONDS) {
        clock_gettime(CLOCK_MONOTONIC, &w->told);
        w->has_told = 1;
        tell(w->queue, r);
    }
    pthread_mutex_unlock(&w->queue->lock);
    if (is_time_up(w->queue, r))
        nst_painting_stop(r->painting);
    else if (is_watched && progress->rgb)
        show_frame(w, progress);
}

static void paint(nst_queue *queue, run *r)
{
    nst_painted painted = {0};
    nst_error error = {0};
    watcher w = {.queue = queue, .run = r};
    nst_status status =
        nst_painting_run(queue->painter, r->painting, on_progress, &w, &painted, &error);
    pthread_mutex_lock(&queue->lock);
    r->painted = painted;
    r->state = status == NST_OK        ? NST_RUN_DONE
               : status == NST_STOPPED ? NST_RUN_STOPPED
                                       : NST_RUN_FAILED;
    snprintf(r->message, sizeof r->message, "%.250s", error.message);
    nst_painting_destroy(r->painting);
    r->painting = NULL;
    free(r->frame);
    r->frame = NULL;
    release(queue, r);
    tell(queue, r);
    pthread_mutex_unlock(&queue->lock);
}

static void *work(void *user)
{
    nst_queue *queue = user;
    pthread_mutex_lock(&queue->lock);
    while (!queue->stopping) {
        run *r = choose(queue);
        if (!r) {
            pthread_cond_wait(&queue->news, &queue->lock);
            continue;
        }
        r->state = NST_RUN_RUNNING;
        r->begun_number = ++queue->begun;
        clock_gettime(CLOCK_MONOTONIC, &r->begun);
        for (run *other = queue->oldest; other; other = other->next)
            other->version++; /* those that wait have moved up */
        pthread_cond_broadcast(&queue->news);
        pthread_mutex_unlock(&queue->lock);
        paint(queue, r);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* ---- the queue ------------------------------------------------------------------------------- */

nst_status nst_queue_create(const nst_serve_options *options, nst_store *store, nst_queue **out,
                            nst_error *error)
{
    pthread_condattr_t attributes;
    nst_queue *queue = calloc(1, sizeof *queue);
    if (!queue)
        return nst_fail_memory(error);
    queue->options = options;
    queue->store = store;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->news, &attributes);
    pthread_condattr_destroy(&attributes);
    nst_status status = nst_painter_create(options, &queue->painter, error);
    if (status == NST_OK && pthread_create(&queue->worker, NULL, work, queue) != 0)
        status = nst_fail(error, NST_ERR_MEMORY, "no thread to paint with can be started");
    queue->has_worker = status == NST_OK;
    if (status == NST_OK)
        *out = queue;
    else
        nst_queue_destroy(queue);
    return status;
}

void nst_queue_stop(nst_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stopping = 1;
    for (run *r = queue->oldest; r; r = r->next)
        if (r->state == NST_RUN_RUNNING)
            nst_painting_stop(r->painting);
    pthread_cond_broadcast(&queue->news);
    pthread_mutex_unlock(&queue->lock);
    if (queue->has_worker)
        pthread_join(queue->worker, NULL);
    queue->has_worker = 0;
}

void nst_queue_destroy(nst_queue *queue)
{
    if (!queue)
        return;
    nst_queue_stop(queue);
    /* Results in a private folder end with the server; in a folder of the user's they stay. */
    for (run *r = queue->oldest, *next; r; r = next) {
        next = r->next;
        if (queue->options->folder)
            destroy_run(queue, r);
        else
            forget(queue, r);
    }
    nst_painter_destroy(queue->painter);
    pthread_cond_destroy(&queue->news);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static nst_status hold(nst_queue *queue, run *r, const cJSON *id, nst_error *error)
{
    if (!cJSON_IsString(id))
        return NST_OK;
    if (r->held_count == NST_STYLES_MAX + 2)
        return nst_fail(error, NST_ERR_ARGUMENT, "styles: expected at most %d", NST_STYLES_MAX);
    if (strlen(id->valuestring) != NST_ID_SIZE - 1 ||
        !nst_store_hold(queue->store, id->valuestring))
        return nst_fail(error, NST_ERR_ARGUMENT, "there is no picture %.40s", id->valuestring);
    memcpy(r->held[r->held_count++], id->valuestring, NST_ID_SIZE);
    return NST_OK;
}

/* Pictures that the request names stay while the run waits and paints. */
static nst_status hold_pictures(nst_queue *queue, run *r, const cJSON *request, nst_error *error)
{
    const cJSON *style, *styles = cJSON_GetObjectItemCaseSensitive(request, "styles");
    nst_status status = hold(queue, r, cJSON_GetObjectItemCaseSensitive(request, "photo"), error);
    if (status == NST_OK)
        status = hold(queue, r, cJSON_GetObjectItemCaseSensitive(request, "mask"), error);
    cJSON_ArrayForEach(style, styles)
    {
        if (status == NST_OK)
            status = hold(queue, r, cJSON_GetObjectItemCaseSensitive(style, "picture"), error);
    }
    return status;
}

static nst_status append(nst_queue *queue, run *r, nst_error *error)
{
    run **link = &queue->oldest;
    int waiting = 0, of_client = 0;
    for (const run *other = queue->oldest; other; other = other->next)
        if (other->state == NST_RUN_QUEUED) {
            waiting++;
            of_client += strcmp(other->client, r->client) == 0;
        }
    if (waiting >= NST_RUNS_WAITING || of_client >= NST_RUNS_OF_CLIENT)
        return nst_fail(error, NST_ERR_MEMORY, "%d runs wait already, ask again later", waiting);
    make_room(queue);
    while (*link)
        link = &(*link)->next;
    *link = r;
    tell(queue, r);
    return NST_OK;
}

nst_status nst_queue_add(nst_queue *queue, const cJSON *request, const char *client,
                         char id[NST_ID_SIZE], nst_error *error)
{
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    run *r = calloc(1, sizeof *r);
    if (!r)
        return nst_fail_memory(error);
    nst_status status = nst_id_make(r->id, error);
    snprintf(r->client, sizeof r->client, "%s", client);
    r->request = cJSON_Duplicate(request, 1);
    if (status == NST_OK && !r->request)
        status = nst_fail_memory(error);
    run_paths(queue, r->id, result, record);
    if (status == NST_OK)
        status = hold_pictures(queue, r, request, error);
    if (status == NST_OK)
        status = nst_painting_create(queue->painter, queue->store, request, result, record,
                                     &r->painting, error);
    if (status == NST_OK) {
        memcpy(id, r->id, NST_ID_SIZE);
        pthread_mutex_lock(&queue->lock);
        status = append(queue, r, error);
        pthread_mutex_unlock(&queue->lock);
    }
    if (status != NST_OK)
        destroy_run(queue, r);
    return status;
}

cJSON *nst_queue_describe(nst_queue *queue, const char *id)
{
    cJSON *json = NULL, *list;
    pthread_mutex_lock(&queue->lock);
    if (id) {
        const run *r = find(queue, id);
        json = r ? describe(queue, r) : NULL;
    } else {
        json = cJSON_CreateObject();
        list = cJSON_AddArrayToObject(json, "runs");
        for (const run *r = queue->oldest; r; r = r->next)
            cJSON_InsertItemInArray(list, 0, describe(queue, r));
    }
    pthread_mutex_unlock(&queue->lock);
    return json;
}

int nst_queue_cancel(nst_queue *queue, const char *id)
{
    pthread_mutex_lock(&queue->lock);
    run *r = find(queue, id);
    if (r && r->state == NST_RUN_QUEUED) {
        r->state = NST_RUN_STOPPED;
        release(queue, r);
    }
    if (r && r->state == NST_RUN_RUNNING)
        nst_painting_stop(r->painting);
    if (r)
        tell(queue, r);
    pthread_mutex_unlock(&queue->lock);
    return r != NULL;
}

int nst_queue_remove(nst_queue *queue, const char *id)
{
    pthread_mutex_lock(&queue->lock);
    run *r = find(queue, id);
    int result = !r ? 0 : !is_over(r) || r->followers > 0 ? -1 : 1;
    if (result > 0)
        forget(queue, r);
    pthread_mutex_unlock(&queue->lock);
    return result;
}

int nst_queue_files(nst_queue *queue, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH])
{
    pthread_mutex_lock(&queue->lock);
    const run *r = find(queue, id);
    int there = r && is_over(r) && r->painted.written;
    pthread_mutex_unlock(&queue->lock);
    if (there)
        run_paths(queue, id, result, record);
    return there;
}

void nst_queue_count(nst_queue *queue, int *waiting, int *running)
{
    pthread_mutex_lock(&queue->lock);
    *waiting = count_state(queue, NST_RUN_QUEUED);
    *running = count_state(queue, NST_RUN_RUNNING);
    pthread_mutex_unlock(&queue->lock);
}

/* ---- following ------------------------------------------------------------------------------- */

int nst_follow_begin(nst_queue *queue, const char *id, nst_follower **out)
{
    int result = 0;
    nst_follower *follower = calloc(1, sizeof *follower);
    if (!follower)
        return -1;
    pthread_mutex_lock(&queue->lock);
    run *r = find(queue, id);
    if (r && queue->followers == FOLLOWERS_MAX)
        result = -1;
    else if (r) {
        queue->followers++;
        r->followers++;
        *follower = (nst_follower){.queue = queue, .run = r, .version = -1};
        *out = follower;
        result = 1;
    }
    pthread_mutex_unlock(&queue->lock);
    if (result <= 0)
        free(follower);
    return result;
}

void nst_follow_end(nst_follower *follower)
{
    nst_queue *queue = follower->queue;
    pthread_mutex_lock(&queue->lock);
    queue->followers--;
    follower->run->followers--;
    pthread_mutex_unlock(&queue->lock);
    free(follower);
}

/* The server ends, and a run that waits will not be painted. */
static int is_given_up(const nst_queue *queue, const run *r)
{
    return queue->stopping && r->state == NST_RUN_QUEUED;
}

static void copy_frame(const run *r, nst_news *out)
{
    out->frame = r->frame ? malloc(r->frame_size) : NULL;
    if (out->frame) {
        memcpy(out->frame, r->frame, r->frame_size);
        out->frame_size = r->frame_size;
    }
}

void nst_follow_wait(nst_follower *follower, int seconds, nst_news *out)
{
    nst_queue *queue = follower->queue;
    const run *r = follower->run;
    struct timespec end;
    int waited = 0;
    *out = (nst_news){0};
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    pthread_mutex_lock(&queue->lock);
    while (waited == 0 && r->version == follower->version && !is_given_up(queue, r))
        waited = pthread_cond_timedwait(&queue->news, &queue->lock, &end);
    if (r->version != follower->version) {
        out->run = describe(queue, r);
        if (r->frame_version != follower->frame_version)
            copy_frame(r, out);
    }
    follower->version = r->version;
    follower->frame_version = r->frame_version;
    out->over = is_over(r) || is_given_up(queue, r);
    pthread_mutex_unlock(&queue->lock);
}
