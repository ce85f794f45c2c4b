/* The queue of runs: those that wait, the one that paints, those that have ended. One paints at a
 * time, with all threads and all the memory that the server may use. The others wait in the order
 * in which they came, and clients take turns. Several threads may call all functions at a time. */
#ifndef NST_SERVE_RUNS_QUEUE_H
#define NST_SERVE_RUNS_QUEUE_H

#include <cjson/cJSON.h>

#include "nst.h"
#include "serve/setup.h"
#include "serve/store.h"

typedef struct nst_queue nst_queue;
struct nst_runs;

nst_status nst_queue_create(const nst_serve_options *options, nst_store *store, nst_queue **out,
                            nst_error *error);
/* Stops the run in progress, keeps its picture and waits for it. Followers get no more news. */
void nst_queue_stop(nst_queue *queue);
void nst_queue_destroy(nst_queue *queue); /* after nst_queue_stop; NULL is fine */

/* Add a run by a request, as openapi.json has it: {"photo": id, "styles": [...], "options": {...}}.
 * It is checked completely. client tells the clients apart, for turns. id is the new run's.
 * NST_ERR_ARGUMENT names what is wrong; NST_ERR_MEMORY when too many wait. */
nst_status nst_queue_add(nst_queue *queue, const cJSON *request, const char *client,
                         char id[NST_ID_SIZE], nst_error *error);

/* A run as JSON, or with id NULL a list of all, newest first; the caller's. NULL when there is no
 * such run or memory runs out. */
cJSON *nst_queue_describe(nst_queue *queue, const char *id);

/* Stop a run and keep the picture so far: 0 when there is no such run. One that has ended stays as
 * it is. */
int nst_queue_cancel(nst_queue *queue, const char *id);

/* Forget a run that has ended, with its files: 0 when there is none, -1 when it has not ended or is
 * followed. */
int nst_queue_remove(nst_queue *queue, const char *id);

/* Paths of the result and the record; 0 when there is no such run or no result. */
int nst_queue_files(nst_queue *queue, const char *id, char result[NST_SERVE_PATH],
                    char record[NST_SERVE_PATH]);

/* How many wait, and how many paint. */
void nst_queue_count(nst_queue *queue, int *waiting, int *running);

/* The list of the queue, for followers. */
struct nst_runs *nst_queue_runs(nst_queue *queue);

#endif
