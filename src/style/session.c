/* Sessions: many runs with one model; each uses the memory of an earlier one. */
#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"
#include "style/stylize.h"

/* A workspace that no run uses at the moment. */
typedef struct idle {
    nst_workspace workspace;
    struct idle *next;
} idle;

struct nst_session {
    const nst_model *model;
    pthread_mutex_t lock; /* of the list */
    idle *first;          /* the one used last */
};

nst_status nst_session_create(const nst_model *model, nst_session **out, nst_error *error)
{
    nst_status status;
    if ((status = nst_check_given("the model", model, error)) != NST_OK ||
        (status = nst_check_given("a place for the session", out, error)) != NST_OK)
        return status;
    nst_session *session = calloc(1, sizeof *session);
    if (!session)
        return nst_fail_memory(error);
    session->model = model;
    pthread_mutex_init(&session->lock, NULL);
    *out = session;
    return NST_OK;
}

void nst_session_trim(nst_session *session)
{
    if (!session)
        return;
    pthread_mutex_lock(&session->lock);
    idle *i = session->first;
    session->first = NULL;
    pthread_mutex_unlock(&session->lock);
    for (idle *next; i; i = next) {
        next = i->next;
        nst_workspace_release(&i->workspace);
        free(i);
    }
}

void nst_session_destroy(nst_session *session)
{
    if (!session)
        return;
    nst_session_trim(session);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

uint64_t nst_session_bytes(nst_session *session)
{
    uint64_t bytes = 0;
    if (!session)
        return 0;
    pthread_mutex_lock(&session->lock);
    for (const idle *i = session->first; i; i = i->next)
        bytes += nst_workspace_bytes(&i->workspace);
    pthread_mutex_unlock(&session->lock);
    return bytes;
}

static idle *take(nst_session *session)
{
    pthread_mutex_lock(&session->lock);
    idle *taken = session->first;
    if (taken)
        session->first = taken->next;
    pthread_mutex_unlock(&session->lock);
    return taken ? taken : calloc(1, sizeof *taken);
}

static void put_back(nst_session *session, idle *taken)
{
    pthread_mutex_lock(&session->lock);
    taken->next = session->first;
    session->first = taken;
    pthread_mutex_unlock(&session->lock);
}

nst_status nst_session_stylize(nst_session *session, const nst_inputs *inputs,
                               const nst_options *options, nst_progress_fn hook, void *user,
                               nst_image *result, nst_losses *final, nst_error *error)
{
    nst_status status = nst_check_given("the session", session, error);
    if (status != NST_OK)
        return status;
    idle *taken = take(session);
    if (!taken)
        return nst_fail_memory(error);
    status = nst_stylize_in(&taken->workspace, session->model, inputs, options, hook, user, result,
                            final, error);
    put_back(session, taken);
    return status;
}
