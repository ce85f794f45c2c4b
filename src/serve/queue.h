/* Runs: those that wait, the one that paints, those that ended. One paints at a time, with all
 * threads and all the memory that the server may use; the others wait in the order in which they
 * came, the clients taking turns. All functions may be called by several threads at a time. */
#ifndef NST_SERVE_QUEUE_H
#define NST_SERVE_QUEUE_H

#include <cjson/cJSON.h>

#include "nst.h"
#include "serve/setup.h"
#include "serve/store.h"

enum {
    NST_RUNS_WAITING = 50,   /* more are refused */
    NST_RUNS_OF_CLIENT = 40, /* of one client: the rest is for others */
    NST_RUNS_KEPT = 200      /* when there are more, the oldest that ended goes, with its files */
};

typedef struct nst_queue nst_queue;

typedef enum nst_run_state {
    NST_RUN_QUEUED = 0,
    NST_RUN_RUNNING,
    NST_RUN_DONE,
    NST_RUN_STOPPED, /* by request, by its time limit or by the end of the server */
    NST_RUN_FAILED
} nst_run_state;

nst_status nst_queue_create(const nst_serve_options *options, nst_store *store, nst_queue **out,
                            nst_error *error);
/* Stops the run in progress, keeps its picture, waits for it. Followers are told that nothing comes
 * any more. */
void nst_queue_stop(nst_queue *queue);
void nst_queue_destroy(nst_queue *queue); /* after nst_queue_stop; NULL is fine */

/* Take a request, as openapi.json has it: {"photo": id, "styles": [...], "options": {...}}. It is
 * checked completely. client tells the clients apart, for turns. id is the new run's.
 * NST_ERR_ARGUMENT names what is wrong; NST_ERR_MEMORY when too many wait. */
nst_status nst_queue_add(nst_queue *queue, const cJSON *request, const char *client,
                         char id[NST_ID_SIZE], nst_error *error);

/* A run, or with id NULL a list of all, newest first; NULL when there is none of that id or no
 * memory. The caller's. */
cJSON *nst_queue_describe(nst_queue *queue, const char *id);

/* Stop a run and keep what there is: 0 when there is none. One that has ended stays as it is. */
int nst_queue_cancel(nst_queue *queue, const char *id);

/* Forget a run that has ended, with its files: 0 when there is none, -1 when it has not ended. */
int nst_queue_remove(nst_queue *queue, const char *id);

/* Paths of the result and the record; 0 when there is no such run or no result. */
int nst_queue_files(nst_queue *queue, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH]);

/* How many wait, and how many paint. */
void nst_queue_count(nst_queue *queue, int *waiting, int *running);

/* ---- following a run ---- */

typedef struct nst_follower nst_follower;

/* Begin to follow: 0 when there is no such run, -1 when there are too many followers. */
int nst_follow_begin(nst_queue *queue, const char *id, nst_follower **out);
void nst_follow_end(nst_follower *follower);

typedef struct nst_news {
    cJSON *run;           /* its description when that has changed, else NULL; the caller's */
    unsigned char *frame; /* a JPEG of the picture so far when there is a new one, else NULL; the
                             caller's */
    size_t frame_size;
    int over; /* nothing follows */
} nst_news;

/* Wait for news, at most `seconds`: *out is empty when there were none. */
void nst_follow_wait(nst_follower *follower, int seconds, nst_news *out);

#endif
