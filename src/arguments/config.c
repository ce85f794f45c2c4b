/* Reading the user's own defaults. */
#include "arguments/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "options/value.h"

enum { SIZE_MAX_BYTES = 1 << 16, LABEL_MAX = PATH_MAX + 64 };

/* What the file says, by row of the option table. */
typedef struct {
    const char *path;
    const char *text[NST_OPTIONS_MAX]; /* NULL: nothing */
    int line[NST_OPTIONS_MAX];
} config;

/* ---- the file -------------------------------------------------------------------------------- */

/* False when there can be none. A relative path is to be ignored, says the XDG specification. */
static bool find_path(char path[PATH_MAX])
{
    const char *config_home = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;
    if (config_home && config_home[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/nst/config", config_home);
    else if (home && home[0] == '/')
        length = snprintf(path, PATH_MAX, "%s/.config/nst/config", home);
    return length > 0 && length < PATH_MAX;
}

/* *text is NULL when there is no file, else to be freed. */
static nst_status read_file(const char *path, char **text, nst_error *error)
{
    struct stat info;
    nst_status status = NST_OK;
    ssize_t got = 0;
    size_t length = 0;
    *text = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? NST_OK
                   : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    char *buffer = malloc(SIZE_MAX_BYTES + 2);
    if (!buffer)
        status = nst_fail_memory_in(error, path);
    else if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        status = nst_fail(error, NST_ERR_IO, "%s: expected a file of options", path);
    while (status == NST_OK && length <= SIZE_MAX_BYTES &&
           (got = read(fd, buffer + length, SIZE_MAX_BYTES + 1 - length)) > 0)
        length += (size_t)got;
    if (status == NST_OK && got < 0)
        status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    if (status == NST_OK && length > SIZE_MAX_BYTES)
        status = nst_fail(error, NST_ERR_FORMAT, "%s: expected a file of options of at most 64 KiB",
                          path);
    if (status == NST_OK && memchr(buffer, '\0', length))
        status = nst_fail(error, NST_ERR_FORMAT, "%s: expected text, found a zero byte", path);
    close(fd);
    if (status != NST_OK) {
        free(buffer);
        return status;
    }
    buffer[length] = '\0';
    *text = buffer;
    return NST_OK;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool allowed(const nst_option *o)
{
    return o->place == NST_PLACE_OPTIONS || o->in_config;
}

/* The name nearest to a misspelt one among those that may stand here, or NULL. */
static const char *nearest(const char *name)
{
    const char *near = nst_option_nearest(name, NST_PLACE_COMMAND);
    return near && allowed(&nst_option_table[nst_option_find(near)]) ? near : NULL;
}

/* Files of the current folder differ from folder to folder. */
static bool names_local_file(const nst_option *o, const char *text)
{
    if (o->kind == NST_KIND_INIT)
        return strcmp(text, "content") != 0 && strcmp(text, "noise") != 0 &&
               strcmp(text, "style") != 0 && text[0] != '/';
    return o->kind == NST_KIND_TEXT && text[0] != '/' && strchr(text, '/');
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static nst_status read_line(config *c, char *text, int line, nst_error *error)
{
    text = trim(text);
    if (*text == '\0' || *text == '#')
        return NST_OK;
    size_t length = strcspn(text, "= \t");
    char *value = trim(text + length);
    bool has_value = *value != '\0';
    if (*value == '=')
        value = trim(value + 1);
    text[length] = '\0';
    if (strncmp(text, "--", 2) == 0)
        text += 2;
    int row = nst_option_find(text);
    const nst_option *o = row >= 0 ? &nst_option_table[row] : NULL;
    if (!o) {
        const char *near = nearest(text);
        return nst_fail(error, NST_ERR_FORMAT, "%s:%d: %s: unknown option%s%s%s", c->path, line,
                        text, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
    }
    if (!allowed(o))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s:%d: %s: belongs on the command line, not among the defaults", c->path,
                        line, text);
    if (c->text[row])
        return nst_fail(error, NST_ERR_FORMAT, "%s:%d: %s: is given twice, first in line %d",
                        c->path, line, text, c->line[row]);
    if (o->kind == NST_KIND_FLAG && has_value)
        return nst_fail(error, NST_ERR_FORMAT, "%s:%d: %s: takes no value", c->path, line, text);
    if (o->kind != NST_KIND_FLAG && *value == '\0')
        return nst_fail(error, NST_ERR_FORMAT, "%s:%d: %s: expected a value, %s", c->path, line,
                        text, nst_option_value(o));
    if (names_local_file(o, value))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s:%d: %s %s: expected a name or a path from the root, /...", c->path,
                        line, text, value);
    c->text[row] = value;
    c->line[row] = line;
    return NST_OK;
}

static nst_status read_lines(config *c, char *text, nst_error *error)
{
    nst_status status = NST_OK;
    char *next = text;
    for (int line = 1; next && status == NST_OK; line++) {
        char *end = strchr(next, '\n'), *this = next;
        next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        status = read_line(c, this, line, error);
    }
    return status;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* In the order of the table, as everywhere: the preset before what it sets. */
static nst_status apply(const config *c, nst_args *args, nst_error *error)
{
    nst_status status = NST_OK;
    for (int i = 0; i < nst_option_count && status == NST_OK; i++) {
        const nst_option *o = &nst_option_table[i];
        char label[LABEL_MAX];
        if (!c->text[i])
            continue;
        if (o->kind == NST_KIND_FLAG && *(int *)((char *)args + o->offset) != 0)
            continue; /* by the command line */
        snprintf(label, sizeof label, "%s:%d: %s", c->path, c->line[i], o->name);
        status = nst_value_set(o, label, c->text[i], args, error);
    }
    if (status == NST_ERR_ARGUMENT) /* the file is wrong, not the command line */
        status = error->status = NST_ERR_FORMAT;
    return status;
}

/* "PATH: size 1024, preset high" */
static char *describe(const config *c)
{
    char *text = NULL;
    size_t size = 0;
    int said = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "%s:", c->path);
    for (int i = 0; i < nst_option_count; i++)
        if (c->text[i])
            fprintf(out, "%s %s%s%s", said++ ? "," : "", nst_option_table[i].name,
                    *c->text[i] ? " " : "", c->text[i]);
    if (said == 0)
        fputs(" nothing", out);
    bool complete = !ferror(out);
    if (fclose(out) == 0 && complete)
        return text;
    free(text);
    return NULL;
}

nst_status nst_config_load(nst_args *args, nst_error *error)
{
    char path[PATH_MAX], *text;
    config c = {.path = path};
    if (!find_path(path))
        return NST_OK;
    nst_status status = read_file(path, &text, error);
    if (status != NST_OK || !text)
        return status;
    status = read_lines(&c, text, error);
    if (status == NST_OK)
        status = apply(&c, args, error);
    if (status == NST_OK && !(args->config = describe(&c)))
        status = nst_fail_memory_in(error, path);
    free(text);
    return status;
}
