/* What the files beside a result are called. */
#include "list/output_names.h"

#include <stdio.h>

#include "base/error.h"
#include "files/path.h"

nst_status nst_snapshot_name(const char *output, int iteration, char *name, size_t size,
                             nst_error *error)
{
    const char *extension = nst_path_extension(output);
    int length = snprintf(name, size, "%.*s.%04d%s", (int)(extension - output), output, iteration,
                          extension);
    return (size_t)length < size ? NST_OK
                                 : nst_fail(error, NST_ERR_IO, "%s: name too long", output);
}
