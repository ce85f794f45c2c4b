#include "serve/runs/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "serve/runs/turns.h"

/* Followed runs stay when they have ended, beside those that are kept. */
enum { TURNS_MAX = NST_RUNS_KEPT + NST_FOLLOWERS_MAX + 1 };

/* ---- the list -------------------------------------------------------------------------------- */

void nst_runs_create(nst_runs *runs, const nst_serve_options *options, nst_store *store)
{
    pthread_condattr_t attributes;
    *runs = (nst_runs){.options = options, .store = store};
    pthread_mutex_init(&runs->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&runs->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void nst_runs_destroy(nst_runs *runs)
{
    for (nst_served_run *r = runs->oldest, *next; r; r = next) {
        next = r->next;
        if (runs->options->folder)
            nst_served_run_destroy(runs, r);
        else
            nst_runs_forget(runs, r);
    }
    pthread_cond_destroy(&runs->changed);
    pthread_mutex_destroy(&runs->lock);
}

nst_served_run *nst_runs_find(const nst_runs *runs, const char *id)
{
    for (nst_served_run *r = runs->oldest; r; r = r->next)
        if (strcmp(r->id, id) == 0)
            return r;
    return NULL;
}

int nst_runs_count(const nst_runs *runs, nst_run_state state)
{
    int count = 0;
    for (const nst_served_run *r = runs->oldest; r; r = r->next)
        count += r->state == state;
    return count;
}

static void make_room(nst_runs *runs)
{
    int count = 0;
    nst_served_run *oldest = NULL;
    for (nst_served_run *r = runs->oldest; r; r = r->next) {
        count++;
        if (!oldest && nst_run_is_over(r) && r->followers == 0)
            oldest = r;
    }
    if (count >= NST_RUNS_KEPT && oldest)
        nst_runs_forget(runs, oldest);
}

nst_status nst_runs_append(nst_runs *runs, nst_served_run *run, nst_error *error)
{
    nst_served_run **link = &runs->oldest;
    int waiting = 0, of_client = 0;
    for (const nst_served_run *other = runs->oldest; other; other = other->next)
        if (other->state == NST_RUN_QUEUED) {
            waiting++;
            of_client += strcmp(other->client, run->client) == 0;
        }
    if (waiting >= NST_RUNS_WAITING || of_client >= NST_RUNS_OF_CLIENT)
        return nst_fail(error, NST_ERR_MEMORY, "%d runs wait already, ask again later", waiting);
    make_room(runs);
    while (*link)
        link = &(*link)->next;
    *link = run;
    nst_runs_tell(runs, run);
    return NST_OK;
}

/* ---- turns ----------------------------------------------------------------------------------- */

/* The runs as turns.h has them, from the oldest on; returns how many. *index is that of `of`. */
static int list_turns(const nst_runs *runs, nst_turn turns[TURNS_MAX], const nst_served_run *of,
                      int *index)
{
    int count = 0;
    for (const nst_served_run *r = runs->oldest; r && count < TURNS_MAX; r = r->next) {
        if (r == of)
            *index = count;
        turns[count++] = (nst_turn){r->client, r->state == NST_RUN_QUEUED, r->begun_number};
    }
    return count;
}

nst_served_run *nst_runs_next(const nst_runs *runs)
{
    nst_turn turns[TURNS_MAX];
    int unused, next = nst_turns_next(turns, list_turns(runs, turns, NULL, &unused));
    nst_served_run *r = runs->oldest;
    for (int i = 0; r && i < next; i++)
        r = r->next;
    return next < 0 ? NULL : r;
}

int nst_runs_ahead(const nst_runs *runs, const nst_served_run *run)
{
    nst_turn turns[TURNS_MAX];
    int index = 0, count = list_turns(runs, turns, run, &index);
    return nst_runs_count(runs, NST_RUN_RUNNING) + nst_turns_before(turns, count, index);
}

/* ---- a run ----------------------------------------------------------------------------------- */

int nst_run_is_over(const nst_served_run *run)
{
    return run->state != NST_RUN_QUEUED && run->state != NST_RUN_RUNNING;
}

void nst_runs_tell(nst_runs *runs, nst_served_run *run)
{
    run->version++;
    pthread_cond_broadcast(&runs->changed);
}

void nst_runs_paths(const nst_runs *runs, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH])
{
    const char *folder = nst_store_folder(runs->store);
    snprintf(result, NST_SERVE_PATH, "%.4000s/runs/%.32s.png", folder, id);
    snprintf(record, NST_SERVE_PATH, "%.4000s/runs/%.32s.json", folder, id);
}

void nst_runs_release(nst_runs *runs, nst_served_run *run)
{
    for (int i = 0; i < run->held_count; i++)
        nst_store_release(runs->store, run->held[i]);
    run->held_count = 0;
}

void nst_served_run_destroy(nst_runs *runs, nst_served_run *run)
{
    nst_runs_release(runs, run);
    nst_painting_destroy(run->painting);
    cJSON_Delete(run->request);
    free(run->frame);
    free(run);
}

void nst_runs_forget(nst_runs *runs, nst_served_run *run)
{
    char result[NST_SERVE_PATH], record[NST_SERVE_PATH];
    for (nst_served_run **link = &runs->oldest; *link; link = &(*link)->next)
        if (*link == run) {
            *link = run->next;
            break;
        }
    nst_runs_paths(runs, run->id, result, record);
    unlink(result);
    unlink(record);
    nst_served_run_destroy(runs, run);
}
