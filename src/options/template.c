/* Names with fields. */
#include "options/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "util/nearest.h"

enum { FIELD_MAX = 32 };

static const char *const fields[] = {"photo",       "folder", "style", "strength",
                                     "style-scale", "seed",   "size"};
enum { FIELDS = (int)(sizeof fields / sizeof *fields) };
#define FIELDS_TEXT "{photo}, {folder}, {style}, {strength}, {style-scale}, {seed} and {size}"

static bool is_known(const char *name)
{
    for (int i = 0; i < FIELDS; i++)
        if (strcmp(fields[i], name) == 0)
            return true;
    return false;
}

/* What a text consists of, piece by piece. */
typedef struct {
    enum { PLAIN, FIELD, END, WRONG } kind;
    const char *text; /* PLAIN: what it stands for */
    size_t length;
    char name[FIELD_MAX]; /* FIELD */
} piece;

static piece next_piece(const char **at)
{
    const char *text = *at;
    size_t length = strcspn(text, "{}");
    if (*text == '\0')
        return (piece){.kind = END};
    if (length > 0) {
        *at = text + length;
        return (piece){.kind = PLAIN, .text = text, .length = length};
    }
    if (text[1] == text[0]) {
        *at = text + 2;
        return (piece){.kind = PLAIN, .text = text, .length = 1};
    }
    piece field = {.kind = FIELD};
    length = strcspn(text + 1, "{}");
    if (*text == '}' || text[1 + length] != '}' || length >= FIELD_MAX)
        return (piece){.kind = WRONG};
    memcpy(field.name, text + 1, length);
    *at = text + length + 2;
    return field;
}

nst_status nst_template_check(const char *label, const char *text, bool *has_fields,
                              nst_error *error)
{
    const char *at = text;
    *has_fields = false;
    for (piece p = next_piece(&at); p.kind != END; p = next_piece(&at)) {
        if (p.kind == WRONG)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s %s: expected a field such as {photo}, or {{ and }} for braces "
                            "themselves",
                            label, text);
        if (p.kind != FIELD)
            continue;
        *has_fields = true;
        if (is_known(p.name))
            continue;
        const char *near = nst_nearest(p.name, fields, FIELDS);
        if (near)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s %s: there is no field {%s} (did you mean {%s}?)", label, text,
                            p.name, near);
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s %s: there is no field {%s}, but " FIELDS_TEXT
                        "; {{ and }} are braces themselves",
                        label, text, p.name);
    }
    return NST_OK;
}

bool nst_template_has(const char *text, const char *name)
{
    const char *at = text;
    piece p;
    do
        p = next_piece(&at);
    while (p.kind == PLAIN || (p.kind == FIELD && strcmp(p.name, name) != 0));
    return p.kind == FIELD;
}

/* The name of a file or folder that a value is part of is never "." or "..". */
static void print_value(FILE *out, const char *value)
{
    bool dots = strcmp(value, ".") == 0 || strcmp(value, "..") == 0;
    fputs(dots ? "_" : value, out);
}

char *nst_template_fill(const char *text, nst_template_value value, void *user)
{
    char *filled = NULL;
    size_t size = 0;
    const char *at = text;
    FILE *out = open_memstream(&filled, &size);
    bool ok = out != NULL;
    for (piece p = next_piece(&at); ok && (p.kind == PLAIN || p.kind == FIELD);
         p = next_piece(&at)) {
        if (p.kind == PLAIN) {
            fwrite(p.text, 1, p.length, out);
            continue;
        }
        char *part = value(user, p.name);
        ok = part != NULL;
        if (part && *part == '\0' && *at == '/')
            at++;
        else if (part)
            print_value(out, part);
        free(part);
    }
    if (out) {
        ok = !ferror(out) && ok;
        ok = fclose(out) == 0 && ok;
    }
    if (ok)
        return filled;
    free(filled);
    return NULL;
}

/* A field is never asked for where there is none. */
static char *no_value(void *user, const char *name)
{
    (void)user;
    return strdup(name);
}

char *nst_template_folder(const char *text)
{
    const char *at = text, *field = text, *slash = NULL;
    for (piece p = next_piece(&at); p.kind == PLAIN; p = next_piece(&at))
        field = at;
    for (const char *c = text; c < field; c++)
        if (*c == '/')
            slash = c;
    if (!slash)
        return strdup(".");
    char *before = strndup(text, slash == text ? 1 : (size_t)(slash - text));
    char *folder = before ? nst_template_fill(before, no_value, NULL) : NULL;
    free(before);
    return folder;
}

char *nst_template_quote(const char *name)
{
    char *quoted = malloc(2 * strlen(name) + 1), *to = quoted;
    for (; quoted && *name; name++) {
        *to++ = *name;
        if (*name == '{' || *name == '}')
            *to++ = *name;
    }
    if (quoted)
        *to = '\0';
    return quoted;
}
