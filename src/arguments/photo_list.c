/* Reading lists of photos. */
#include "arguments/photo_list.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "files/path.h"

enum { NAMES_MAX = 1000000 };

static nst_status add(const char *where, long number, bool nul, const char *name, size_t length,
                      nst_names *out, nst_error *error)
{
    const char *unit = nul ? "name" : "line";
    if (length == 0)
        return NST_OK;
    if (length >= PATH_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %s %ld: expected a name of at most %d bytes",
                        where, unit, number, PATH_MAX - 1);
    if (strlen(name) != length)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: line %ld: a zero byte; lists of names with zero bytes are read by -0",
                        where, number);
    if (out->count == NAMES_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: expected at most %d names", where, NAMES_MAX);
    return nst_names_add(out, name, error);
}

/* Byte by byte, so that no line is longer in memory than a name may be. */
static nst_status read_names(FILE *file, const char *where, bool nul, nst_names *out,
                             nst_error *error)
{
    char name[PATH_MAX + 1];
    size_t length = 0;
    long number = 1;
    nst_status status = NST_OK;
    int c = 0;
    const int end = nul ? '\0' : '\n';
    while (status == NST_OK && c != EOF) {
        c = getc(file);
        if (c == end || c == EOF) {
            name[length] = '\0';
            status = add(where, number++, nul, name, length, out, error);
            length = 0;
        } else if (length < PATH_MAX) {
            name[length++] = (char)c;
        } else {
            name[PATH_MAX] = '\0';
            status = add(where, number, nul, name, PATH_MAX, out, error);
        }
    }
    if (status == NST_OK && ferror(file))
        status = nst_fail(error, NST_ERR_IO, "%s: %s", where, strerror(errno));
    return status;
}

nst_status nst_photo_list_read(const char *path, bool nul, nst_names *out, nst_error *error)
{
    bool standard = nst_path_is_standard(path);
    const char *where = nst_path_input_name(path);
    const int before = out->count;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    nst_status status = read_names(file, where, nul, out, error);
    if (!standard)
        fclose(file);
    if (status == NST_OK && out->count == before)
        status = nst_fail(error, NST_ERR_FORMAT, "%s: lists no photos", where);
    return status;
}
