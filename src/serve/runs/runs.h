/* The list of runs, inside this folder: each with its state, its files and what its followers see.
 * All functions are called with the list's lock held, except create and destroy. */
#ifndef NST_SERVE_RUNS_RUNS_H
#define NST_SERVE_RUNS_RUNS_H

#include <cjson/cJSON.h>
#include <pthread.h>
#include <time.h>

#include "nst.h"
#include "options/settings.h"
#include "serve/runs/painter.h"
#include "serve/setup.h"
#include "serve/store.h"

enum {
    NST_RUNS_WAITING = 50,   /* more are refused */
    NST_RUNS_OF_CLIENT = 40, /* of one client may wait, so that others find room */
    NST_RUNS_KEPT = 200, /* when there are more, the oldest that has ended goes, with its files */
    NST_FOLLOWERS_MAX = 100 /* of all runs together; a followed run does not go */
};

typedef enum nst_run_state {
    NST_RUN_QUEUED = 0,
    NST_RUN_RUNNING,
    NST_RUN_DONE,
    NST_RUN_STOPPED, /* by request, by its time limit or by the end of the server */
    NST_RUN_FAILED
} nst_run_state;

typedef struct nst_served_run {
    char id[NST_ID_SIZE], client[48];
    nst_run_state state;
    long begun_number;                          /* see turns.h */
    long version;                               /* changes with what nst_run_json says */
    cJSON *request;                             /* owned */
    nst_painting *painting;                     /* owned, until the run has ended */
    char held[NST_STYLES_MAX + 2][NST_ID_SIZE]; /* pictures of the store that the run needs */
    int held_count;

    int has_progress;
    nst_progress progress; /* without its pixels */
    struct timespec begun;
    nst_painted painted;
    char message[256];

    int followers;
    long frame_version;
    unsigned char *frame; /* a JPEG of the picture so far, or NULL; owned */
    size_t frame_size;
    struct nst_served_run *next; /* younger */
} nst_served_run;

typedef struct nst_runs {
    const nst_serve_options *options;
    nst_store *store;
    pthread_mutex_t lock;   /* of the rest */
    pthread_cond_t changed; /* a run has, or `stopping` */
    nst_served_run *oldest;
    long begun; /* runs that have begun to paint */
    int stopping, followers;
} nst_runs;

void nst_runs_create(nst_runs *runs, const nst_serve_options *options, nst_store *store);

/* Forgets all runs. Results in a private folder go too; in a folder of the user's they stay. */
void nst_runs_destroy(nst_runs *runs);

nst_served_run *nst_runs_find(const nst_runs *runs, const char *id); /* or NULL */
int nst_runs_count(const nst_runs *runs, nst_run_state state);

/* The run that paints next, NULL when none waits; and how many paint before one that waits. */
nst_served_run *nst_runs_next(const nst_runs *runs);
int nst_runs_ahead(const nst_runs *runs, const nst_served_run *run);

/* Append a run, which then belongs to the list. NST_ERR_MEMORY when too many wait. */
nst_status nst_runs_append(nst_runs *runs, nst_served_run *run, nst_error *error);

int nst_run_is_over(const nst_served_run *run);

/* Tell those who wait for `changed` that this run has. */
void nst_runs_tell(nst_runs *runs, nst_served_run *run);

/* Paths of a run's result and record. Needs no lock. */
void nst_runs_paths(const nst_runs *runs, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH]);

/* The run needs its pictures of the store no more. */
void nst_runs_release(nst_runs *runs, nst_served_run *run);

/* Take a run off the list and remove its files. */
void nst_runs_forget(nst_runs *runs, nst_served_run *run);

/* A run that is in no list. */
void nst_served_run_destroy(nst_runs *runs, nst_served_run *run);

#endif
