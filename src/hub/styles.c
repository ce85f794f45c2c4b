#include "hub/styles.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "files/path.h"

/* NST_STYLES_INSTALLED: from the folder of the installed program to that of the styles.
 * NST_STYLES_BUILT: from the folder of the built one. Both by CMake. */
static const char *const folders[] = {NST_STYLES_INSTALLED, NST_STYLES_BUILT};

const nst_known_style nst_known_styles[] = {
    {"oil", "thick curved strokes: a wheat field under a turning sky"},
    {"woodcut", "carved black lines over flat inks: a mountain and the sea"},
    {"mosaic", "small stones in rings, warm colors"},
    {"watercolor", "transparent washes on rough paper: poppies"},
    {"ink", "wet black ink on rice paper, a red seal: bamboo and mountains in mist"},
    {"points", "dots of pure color: an afternoon by a river"},
    {"glass", "stained glass in lead, lit from behind: a rose window"},
    {"pencil", "graphite hatching on white paper: houses on a hill"},
    {"pastel", "soft chalk on dark paper: a valley in the evening"},
    {0},
};

const nst_known_style *nst_known_style_find(const char *name)
{
    for (const nst_known_style *style = nst_known_styles; style->name; style++)
        if (strcmp(style->name, name) == 0)
            return style;
    return NULL;
}

nst_status nst_styles_path(const nst_known_style *style, char path[PATH_MAX], nst_error *error)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = NULL;
    if (length > 0) {
        program[length] = '\0';
        slash = strrchr(program, '/');
    }
    if (!slash)
        return nst_fail(error, NST_ERR_IO, "%s: the folder of styles cannot be found: no /proc",
                        style->name);
    *slash = '\0';
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int written = snprintf(path, PATH_MAX, "%s/%s/%s.jpg", program, folders[i], style->name);
        if (written < PATH_MAX && access(path, R_OK) == 0)
            return NST_OK;
    }
    return nst_fail(error, NST_ERR_IO, "%s.jpg: not in %s/%s, where installing puts it",
                    style->name, program, folders[0]);
}

const char *nst_styles_locate(const char *text, char path[PATH_MAX])
{
    const nst_known_style *style = nst_known_style_find(text);
    if (style && access(text, F_OK) != 0 && nst_styles_path(style, path, NULL) == NST_OK)
        return path;
    return text;
}

nst_status nst_styles_check(const char *located, nst_error *error)
{
    const nst_known_style *style = nst_known_style_find(located);
    char path[PATH_MAX];
    if (strpbrk(located, "/.") || nst_path_is_standard(located) || access(located, F_OK) == 0)
        return NST_OK;
    if (style) /* and why was it not found? */
        return nst_styles_path(style, path, error);
    return nst_fail(error, NST_ERR_IO,
                    "%s: no such file, and no style of that name; see: nst styles", located);
}
