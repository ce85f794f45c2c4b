#include "base/cancel.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"

struct nst_cancel {
    atomic_bool requested;
};

nst_status nst_cancel_create(nst_cancel **out, nst_error *error)
{
    nst_cancel *cancel = malloc(sizeof *cancel);
    if (!cancel)
        return nst_fail_memory(error);
    atomic_init(&cancel->requested, false);
    *out = cancel;
    return NST_OK;
}

void nst_cancel_destroy(nst_cancel *cancel)
{
    free(cancel);
}

void nst_cancel_request(nst_cancel *cancel)
{
    if (cancel)
        atomic_store(&cancel->requested, true);
}

void nst_cancel_reset(nst_cancel *cancel)
{
    atomic_store(&cancel->requested, false);
}

bool nst_cancel_requested(const nst_cancel *cancel)
{
    return cancel && atomic_load_explicit(&cancel->requested, memory_order_relaxed);
}
