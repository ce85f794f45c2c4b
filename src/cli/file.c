/* Files that are not pictures. */
#include "cli/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <sha2.h> /* of libmd; wants the headers above */

#include "base/error.h"

bool nst_file_same(const char *a, const char *b)
{
    struct stat sa, sb;
    return a && b && stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

void nst_bytes_sha256(const void *bytes, size_t size, char out[65])
{
    SHA256Data(bytes, size, out);
}

nst_status nst_file_sha256(const char *path, char out[65], nst_error *error)
{
    char text[SHA256_DIGEST_STRING_LENGTH];
    if (!SHA256File(path, text))
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    memcpy(out, text, 65);
    return NST_OK;
}
