/* Following a run: waiting for what changes. */
#ifndef NST_SERVE_RUNS_FOLLOWER_H
#define NST_SERVE_RUNS_FOLLOWER_H

#include "serve/runs/queue.h"

typedef struct nst_follower nst_follower;

/* 1; 0 when there is no such run; -1 when there are too many followers. */
int nst_follower_create(nst_queue *queue, const char *id, nst_follower **out);
void nst_follower_destroy(nst_follower *follower);

typedef struct nst_news {
    cJSON *run;           /* the run as JSON when it has changed, else NULL; the caller's */
    unsigned char *frame; /* a JPEG of the picture so far when there is a new one, else NULL; the
                             caller's */
    size_t frame_size;
    int over; /* no more news follow */
} nst_news;

/* Wait for news, at most `seconds`; *out is empty when there were none. */
void nst_follower_wait(nst_follower *follower, int seconds, nst_news *out);

#endif
