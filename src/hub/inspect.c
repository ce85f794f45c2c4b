#include "hub/inspect.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "files/file.h"
#include "hub/chosen.h"
#include "hub/install.h"
#include "util/say.h"
#include "values/layer_list.h"

/* ---- a model to look at ---------------------------------------------------------------------- */

typedef struct {
    char *path; /* NULL: the bundled one */
    nst_model_info info;
    size_t size;
    char sha256[65];
} subject;

static void close_subject(subject *s)
{
    free(s->path);
}

/* Reads all of it: shapes, and that every value is finite. The checksum is left for later. */
static nst_status open_subject(const char *name, subject *out, nst_error *error)
{
    nst_model *model = NULL;
    struct stat file = {0};
    nst_status status;
    *out = (subject){0};
    if ((status = nst_models_locate(name, &out->path, error)) != NST_OK ||
        (status = nst_model_open(out->path, &model, error)) != NST_OK)
        return status;
    nst_model_describe(model, &out->info, sizeof out->info);
    nst_model_close(model);
    if (!out->path)
        nst_bundled_data(&out->size);
    else if (stat(out->path, &file) == 0)
        out->size = (size_t)file.st_size;
    return NST_OK;
}

static nst_status hash_subject(subject *s, nst_error *error)
{
    if (s->path)
        return nst_file_sha256(s->path, s->sha256, error);
    size_t size;
    const void *data = nst_bundled_data(&size);
    nst_bytes_sha256(data, size, s->sha256);
    return NST_OK;
}

/* "VGG19 to relu5_1, F16, 1.6 MB" */
enum { SUMMARY_MAX = 96 };
static const char *summary(const subject *s, char text[SUMMARY_MAX])
{
    snprintf(text, SUMMARY_MAX, "%s to %s, %s, %.1f MB", s->info.network,
             nst_layer_name(s->info.layers - 1), s->info.dtype, (double)s->size / 1e6);
    return text;
}

/* ---- the models there are -------------------------------------------------------------------- */

/* What -w takes by name. */
static int is_model(const struct dirent *entry)
{
    char name[NAME_MAX + 1];
    size_t length = strlen(entry->d_name), suffix = strlen(NST_MODELS_SUFFIX);
    if (length <= suffix || strcmp(entry->d_name + length - suffix, NST_MODELS_SUFFIX) != 0)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)(length - suffix), entry->d_name);
    return nst_models_name_is_valid(name);
}

static void free_names(char **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

/* The names of the installed models, sorted; *names and each of it to be freed. */
static nst_status list_installed(char ***names, int *count, nst_error *error)
{
    char folder[PATH_MAX];
    struct dirent **entries;
    nst_status status = nst_models_folder(folder, error);
    *names = NULL;
    *count = 0;
    if (status != NST_OK)
        return status;
    int found = scandir(folder, &entries, is_model, alphasort);
    if (found < 0)
        return errno == ENOENT ? NST_OK
                               : nst_fail(error, NST_ERR_IO, "%s: %s", folder, strerror(errno));
    *names = calloc((size_t)found + 1, sizeof **names);
    for (int i = 0; i < found; i++) {
        size_t length = strlen(entries[i]->d_name) - strlen(NST_MODELS_SUFFIX);
        char *name = *names ? strndup(entries[i]->d_name, length) : NULL;
        if (name)
            (*names)[(*count)++] = name;
        else
            status = nst_fail_memory(error);
        free(entries[i]);
    }
    free(entries);
    if (!*names)
        return nst_fail_memory(error);
    if (status != NST_OK) {
        free_names(*names, *count);
        *names = NULL;
        *count = 0;
    }
    return status;
}

static void list_one(const char *name, const char *chosen)
{
    subject s;
    nst_error error = {0};
    char text[SUMMARY_MAX];
    if (open_subject(name, &s, &error) == NST_OK)
        printf("%-12s %s, %s%s\n", name, summary(&s, text), s.path ? s.path : "in the program",
               strcmp(name, chosen) == 0 && s.path ? "; in use" : "");
    else
        printf("%-12s cannot be used: %s\n", name, error.message);
    close_subject(&s);
}

nst_status nst_inspect_list(nst_error *error)
{
    char **names;
    int count;
    char chosen[NST_CHOSEN_MAX];
    nst_status status = list_installed(&names, &count, error);
    if (nst_chosen_get(chosen, NULL) != NST_OK)
        chosen[0] = '\0';
    list_one("bundled", chosen);
    for (int i = 0; i < count; i++)
        list_one(names[i], chosen);
    for (const nst_known_model *m = nst_known_models; m->name; m++) {
        bool here = false;
        for (int i = 0; i < count; i++)
            here = here || strcmp(names[i], m->name) == 0;
        if (!here)
            printf("%-12s not installed; %d MB to download by: nst weights fetch %s\n", m->name,
                   m->megabytes, m->name);
    }
    free_names(names, count);
    return status;
}

/* ---- info ------------------------------------------------------------------------------------ */

static void print_channels(const char *what, const float values[3])
{
    printf(", %s %g %g %g", what, (double)values[0], (double)values[1], (double)values[2]);
}

/* The wide taps, if there are any, on a line of their own. */
static void print_taps(const nst_model_info *info)
{
    const char *before = "\n  taps     ";
    for (int layer = 0; layer < info->layers; layer++) {
        if (info->wide[layer] == 0)
            continue;
        printf("%s%s %d", before, nst_layer_name(layer), info->wide[layer]);
        before = ", ";
    }
}

static void print_balance(const nst_model_info *i)
{
    const nst_balance *b = &i->balance;
    char layers[NST_LAYERS_TEXT_MAX];
    printf("  balance  content weight %g, total variation weight %g%s\n", (double)b->content_weight,
           (double)b->tv_weight, i->has_balance ? "" : " (nst's: the file names none)");
    nst_layers_print(b->content_layers, b->content_layer_count, layers, sizeof layers);
    printf("           content layers %s\n", layers);
    nst_layers_print(b->style_layers, b->style_layer_count, layers, sizeof layers);
    printf("           style layers %s\n", layers);
}

nst_status nst_inspect_info(const char *name, nst_error *error)
{
    subject s;
    const nst_model_info *i = &s.info;
    nst_status status = open_subject(name, &s, error);
    if (status == NST_OK)
        status = hash_subject(&s, error);
    if (status != NST_OK) {
        close_subject(&s);
        return status;
    }
    printf("%s\n  bytes    %zu\n  SHA-256  %s\n  network  %s, relu1_1 to %s\n  widths  ",
           s.path ? s.path : "bundled, in the program", s.size, s.sha256, i->network,
           nst_layer_name(i->layers - 1));
    for (int layer = 0; layer < i->layers; layer++)
        if (i->widths[layer] > 0)
            printf(" %d", i->widths[layer]);
    print_taps(i);
    printf("\n  values   %s, all finite\n  input    %s, scale %g", i->dtype,
           i->is_bgr ? "BGR" : "RGB", (double)i->scale);
    print_channels("mean", i->mean);
    print_channels("std", i->std);
    printf("%s\n  pooling  %s\n", i->has_transform ? "" : " (torchvision's: the file names none)",
           i->pooling == NST_POOLING_AVG ? "avg" : "max");
    print_balance(i);
    /* Text from a file: on one line, whatever it holds. */
    nst_print_line("  source   ", i->source[0] ? i->source : "not said");
    nst_print_line("  license  ", i->license[0] ? i->license : "not said");
    close_subject(&s);
    return NST_OK;
}

/* ---- verify ---------------------------------------------------------------------------------- */

static nst_status verify_one(const char *name, nst_error *error)
{
    subject s;
    char recorded[65] = "";
    nst_status status = open_subject(name, &s, error);
    if (status == NST_OK)
        status = hash_subject(&s, error);
    if (status == NST_OK && s.path)
        status = nst_install_digest(s.path, recorded, error);
    if (status == NST_OK) {
        const nst_known_model *known = nst_known_model_of_sha256(s.sha256);
        if (recorded[0] && strcasecmp(recorded, s.sha256) != 0)
            status = nst_fail(error, NST_ERR_FORMAT,
                              "%s: damaged: its SHA-256 is %.12s..., not %.12s... as recorded",
                              s.path, s.sha256, recorded);
        else
            printf("%s: good, SHA-256 %s%s\n", name, s.sha256,
                   known         ? ", as published"
                   : recorded[0] ? ", as recorded"
                                 : "");
    }
    close_subject(&s);
    return status;
}

/* Of several errors the last is returned, the others are said as they come. */
static nst_status verify_each(char *const *names, int count, nst_error *error)
{
    nst_error last = {0};
    for (int i = 0; i < count; i++) {
        nst_error one = {0};
        if (verify_one(names[i], &one) == NST_OK)
            continue;
        if (last.status != NST_OK)
            nst_say("nst weights: %s", last.message);
        last = one;
    }
    return last.status == NST_OK ? NST_OK : nst_fail(error, last.status, "%s", last.message);
}

nst_status nst_inspect_verify(char *const *names, int count, nst_error *error)
{
    char **installed;
    if (count > 0)
        return verify_each(names, count, error);
    nst_status status = verify_one("bundled", error);
    if (status != NST_OK || (status = list_installed(&installed, &count, error)) != NST_OK)
        return status;
    status = verify_each(installed, count, error);
    free_names(installed, count);
    return status;
}

void nst_inspect_say(const char *name, const char *path)
{
    subject s;
    char text[SUMMARY_MAX];
    if (open_subject(path, &s, NULL) == NST_OK)
        nst_say("%s: %s, %s", name, summary(&s, text), path);
    close_subject(&s);
}
