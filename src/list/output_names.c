/* What results and the files beside them are called. */
#include "list/output_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "files/path.h"
#include "options/template.h"

/* ---- parts of names -------------------------------------------------------------------------- */

static int stem_length(const char *name)
{
    return (int)(nst_path_extension(name) - name);
}

/* The photo within its folder, or its name alone. */
static const char *photo_of(const nst_job_row *row)
{
    return row->folder ? row->content : nst_path_base(row->content);
}

/* "waves", or "waves+oil" for a blend; to be freed. */
static char *style_of(const nst_job_row *row)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    const nst_job *job = row->settings;
    for (int i = 0; i < (row->style ? 1 : job->style_count); i++) {
        const char *name = nst_path_base(row->style ? row->style : job->styles[i].path);
        fprintf(out, "%s%.*s", i > 0 ? "+" : "", stem_length(name), name);
    }
    bool complete = !ferror(out);
    if (fclose(out) == 0 && complete)
        return text;
    free(text);
    return NULL;
}

/* ---- into a folder --------------------------------------------------------------------------- */

/* "out", "sub/cat.jpg", "waves.jpg" -> "out/sub/cat_waves.png". The painting is in the name where
 * there are several, as values of options are. */
static char *name_in_folder(const nst_args *args, const nst_job_row *row)
{
    const char *photo = photo_of(row), *style = row->style ? nst_path_base(row->style) : "";
    char values[NST_VARIANT_TEXT_MAX], *path = NULL;
    char *folder = nst_path_trimmed(row->settings->output);
    if (folder && asprintf(&path, "%s/%.*s%s%.*s%s.%s", folder, stem_length(photo), photo,
                           row->style ? "_" : "", stem_length(style), style,
                           nst_variants_text(&args->variants, row->variant, "_", "-", values),
                           nst_format_extension(row->settings->output_format)) < 0)
        path = NULL;
    free(folder);
    return path;
}

/* ---- by a template --------------------------------------------------------------------------- */

typedef struct {
    const nst_args *args;
    const nst_job_row *row;
} subject;

static char *option_text(const subject *s, const char *name)
{
    char text[64];
    const char *value = nst_variants_value(&s->args->variants, s->row->variant, name);
    if (value)
        return strdup(value);
    if (nst_options_get(&s->row->settings->options, name, text, sizeof text, NULL) != NST_OK)
        return NULL;
    return strdup(text);
}

static char *field_text(void *user, const char *name)
{
    const subject *s = user;
    const char *photo = photo_of(s->row), *base = nst_path_base(photo);
    if (strcmp(name, "photo") == 0)
        return strndup(base, (size_t)stem_length(base));
    if (strcmp(name, "folder") == 0)
        return strndup(photo, base > photo ? (size_t)(base - photo - 1) : 0);
    return strcmp(name, "style") == 0 ? style_of(s->row) : option_text(s, name);
}

/* ---- beside the photo ------------------------------------------------------------------------ */

nst_status nst_output_beside(const nst_job_row *row, char **out, nst_error *error)
{
    enum { MANY = 10000 };
    const char *photo = row->content,
               *extension = nst_format_extension(row->settings->output_format);
    const char *folder = row->folder ? row->folder : "";
    char *style = style_of(row);
    struct stat file;
    *out = NULL;
    for (int i = 1; style && i < MANY; i++) {
        char number[16] = "";
        if (i > 1)
            snprintf(number, sizeof number, "-%d", i);
        if (asprintf(out, "%s%s%.*s_%s%s.%s", folder, row->folder ? "/" : "", stem_length(photo),
                     photo, style, number, extension) < 0)
            *out = NULL;
        if (!*out || lstat(*out, &file) != 0)
            break;
        free(*out);
        *out = NULL;
        if (i == MANY - 1) {
            free(style);
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "%s: all names beside it are taken; expected -o FILE", photo);
        }
    }
    free(style);
    return *out ? NST_OK : nst_fail_memory(error);
}

/* ---- the whole ------------------------------------------------------------------------------- */

char *nst_output_name(const nst_args *args, const nst_job_row *row)
{
    subject s = {args, row};
    switch (row->kind) {
    case NST_OUTPUT_FOLDER:
        return name_in_folder(args, row);
    case NST_OUTPUT_TEMPLATE:
        return nst_template_fill(row->settings->output, field_text, &s);
    case NST_OUTPUT_BESIDE:
        return strdup(row->output);
    case NST_OUTPUT_FILE:
        break;
    }
    return strdup(row->settings->output);
}

nst_status nst_snapshot_name(const char *output, int iteration, char *name, size_t size,
                             nst_error *error)
{
    const char *extension = nst_path_extension(output);
    int length = snprintf(name, size, "%.*s.%04d%s", (int)(extension - output), output, iteration,
                          extension);
    return (size_t)length < size ? NST_OK
                                 : nst_fail(error, NST_ERR_IO, "%s: name too long", output);
}
