#include "serve/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/runs/follower.h"
#include "util/base64.h"

/* After so long without news a comment is sent: proxies keep the connection, and a closed one is
 * noticed. */
enum { QUIET_SECONDS = 10 };

typedef struct {
    nst_follower *follower;
    char *text; /* events that are not sent yet */
    size_t size, sent, room;
    int over;
} stream;

/* ---- text ------------------------------------------------------------------------------------ */

static int reserve(stream *s, size_t more)
{
    if (s->size + more + 1 <= s->room)
        return 1;
    char *larger = realloc(s->text, s->size + more + 1);
    if (!larger)
        return 0;
    s->text = larger;
    s->room = s->size + more + 1;
    return 1;
}

static void add(stream *s, const char *text)
{
    size_t size = strlen(text);
    if (!reserve(s, size))
        return;
    memcpy(s->text + s->size, text, size + 1);
    s->size += size;
}

static void add_base64(stream *s, const unsigned char *bytes, size_t size)
{
    size_t length = nst_base64_size(size);
    if (!reserve(s, length))
        return;
    nst_base64_encode(bytes, size, s->text + s->size);
    s->size += length;
    s->text[s->size] = '\0';
}

static void add_news(stream *s, nst_news *news)
{
    char *json = news->run ? cJSON_PrintUnformatted(news->run) : NULL;
    if (json) {
        add(s, "event: run\ndata: ");
        add(s, json);
        add(s, "\n\n");
    }
    if (news->frame) {
        add(s, "event: preview\ndata: ");
        add_base64(s, news->frame, news->frame_size);
        add(s, "\n\n");
    }
    if (s->size == 0 && !news->over)
        add(s, ": still here\n\n");
    cJSON_free(json);
    cJSON_Delete(news->run);
    free(news->frame);
    s->over = news->over;
}

/* ---- the stream ------------------------------------------------------------------------------ */

static ssize_t next(void *user, char *bytes, size_t size)
{
    stream *s = user;
    if (s->sent == s->size) {
        nst_news news = {0};
        s->sent = s->size = 0;
        if (s->over)
            return -1;
        nst_follower_wait(s->follower, QUIET_SECONDS, &news);
        add_news(s, &news);
        if (s->size == 0)
            return -1;
    }
    if (size > s->size - s->sent)
        size = s->size - s->sent;
    memcpy(bytes, s->text + s->sent, size);
    s->sent += size;
    return (ssize_t)size;
}

static void end(void *user)
{
    stream *s = user;
    nst_follower_destroy(s->follower);
    free(s->text);
    free(s);
}

void nst_events_answer(const nst_site *site, const char *id, nst_answer *answer)
{
    stream *s = calloc(1, sizeof *s);
    if (!s) {
        nst_answer_refuse(answer, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory");
        return;
    }
    int found = nst_follower_create(site->queue, id, &s->follower);
    if (found <= 0) {
        free(s);
        if (found == 0)
            nst_answer_refuse(answer, MHD_HTTP_NOT_FOUND, "there is no such run");
        else
            nst_answer_refuse(answer, MHD_HTTP_SERVICE_UNAVAILABLE,
                              "too many connections follow runs");
        return;
    }
    *answer = (nst_answer){
        .status = MHD_HTTP_OK, .type = "text/event-stream", .next = next, .end = end, .stream = s};
}
