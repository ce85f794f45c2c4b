/* Paths as text. */
#include "files/path.h"

#include <string.h>

bool nst_path_is_standard(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

const char *nst_path_input_name(const char *path)
{
    return nst_path_is_standard(path) ? "standard input" : path;
}

const char *nst_path_output_name(const char *path)
{
    return nst_path_is_standard(path) ? "standard output" : path;
}

char *nst_path_trimmed(const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return strndup(folder, length);
}

const char *nst_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *nst_path_extension(const char *path)
{
    const char *base = nst_path_base(path), *dot = strrchr(base, '.');
    return dot && dot != base ? dot : base + strlen(base);
}
