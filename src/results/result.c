/* What came of a job. */
#include "results/result.h"

const char *nst_result_state_name(nst_result_state state)
{
    switch (state) {
    case NST_RESULT_DONE:
        return "done";
    case NST_RESULT_INTERRUPTED:
        return "interrupted";
    case NST_RESULT_SKIPPED:
        return "skipped";
    case NST_RESULT_FAILED:
        return "failed";
    default:
        return "waiting";
    }
}
