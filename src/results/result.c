/* What came of a job. */
#include "results/result.h"

#include <string.h>

#include "base/error.h"

const char *nst_result_state_name(nst_result_state state)
{
    switch (state) {
    case NST_RESULT_DONE:
        return "done";
    case NST_RESULT_INTERRUPTED:
        return "interrupted";
    case NST_RESULT_SKIPPED:
        return "skipped";
    case NST_RESULT_KEPT:
        return "kept";
    case NST_RESULT_FAILED:
        return "failed";
    default:
        return "waiting";
    }
}

void nst_result_kept_text(const char *path, char message[512])
{
    nst_error error = {0};
    nst_fail(&error, NST_ERR_IO,
             "%s: kept, because it is not as nst wrote it; --overwrite replaces it", path);
    memcpy(message, error.message, sizeof error.message);
}
