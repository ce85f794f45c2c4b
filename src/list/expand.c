/* From args to a list of jobs. */
#include "list/expand.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "files/folder.h"
#include "files/path.h"
#include "list/listing.h"
#include "list/output_names.h"
#include "options/template.h"

/* ---- adding ---------------------------------------------------------------------------------- */

static nst_status out_of_memory(nst_error *error);

static nst_status add(nst_job_list *jobs, const nst_job_row *row, nst_error *error)
{
    if (jobs->count == jobs->room) {
        int room = jobs->room > 0 ? jobs->room : 16;
        room = room < INT_MAX / 2 ? 2 * room : 0;
        nst_job_row *larger = room > 0 ? realloc(jobs->rows, (size_t)room * sizeof *larger) : NULL;
        if (!larger)
            return out_of_memory(error);
        jobs->rows = larger;
        jobs->room = room;
    }
    jobs->rows[jobs->count++] = *row;
    return NST_OK;
}

/* Hand the names over to the list, whose rows point to them. */
static nst_status keep_names(nst_job_list *jobs, nst_names *names, nst_error *error)
{
    nst_names *larger = realloc(jobs->names, (size_t)(jobs->names_count + 1) * sizeof *larger);
    if (!larger)
        return out_of_memory(error);
    jobs->names = larger;
    jobs->names[jobs->names_count++] = *names;
    *names = (nst_names){0};
    return NST_OK;
}

static nst_status out_of_memory(nst_error *error)
{
    return nst_fail_memory_for(error, "the list of pictures");
}

/* ---- folders --------------------------------------------------------------------------------- */

static char *inside(const char *folder, const char *name)
{
    char *path;
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

/* Why there is more than one result; text is of any length. */
static const char *cause_of(const nst_args *args, const nst_job *job, char text[PATH_MAX])
{
    if (nst_folder_is(job->content))
        snprintf(text, PATH_MAX, "%s is a folder", job->content);
    else if (job->style_count == 1 && nst_folder_is(job->styles[0].path))
        snprintf(text, PATH_MAX, "%s is a folder", job->styles[0].path);
    else if (args->variants.count > 0)
        snprintf(text, PATH_MAX, "--%s has %d values", args->variants.axes[0].name,
                 args->variants.axes[0].count);
    else
        snprintf(text, PATH_MAX,
                 args->photos.count > 1 ? "there are %d photos" : "--files-from lists %d photo",
                 args->photos.count);
    return text;
}

static nst_status check_folder(const nst_args *args, const nst_job *job, nst_error *error)
{
    char cause[PATH_MAX];
    bool slash = job->output[strlen(job->output) - 1] == '/';
    if (nst_path_is_standard(job->output))
        return nst_fail(error, NST_ERR_ARGUMENT, "--output -: expected a folder, because %s",
                        cause_of(args, job, cause));
    if (nst_path_is_standard(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected the name of a file for standard input", job->output);
    if (!nst_folder_is(job->output) && !slash &&
        nst_format_from_path(job->output) != NST_FORMAT_UNKNOWN)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected a folder, or a name with fields such as "
                        "'{photo}-{style}%s', because %s",
                        job->output, nst_path_extension(job->output), cause_of(args, job, cause));
    if (nst_file_same(job->content, job->output))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the folder of photos and the output",
                        job->output);
    return NST_OK;
}

static nst_status check_template(const nst_args *args, const nst_job *job, nst_error *error)
{
    if (nst_path_is_standard(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected the name of a file for standard input", job->output);
    for (int i = 0; i < args->variants.count; i++)
        if (!nst_template_has(job->output, args->variants.axes[i].name))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--output %s: expected {%s} in it, because --%s has %d values",
                            job->output, args->variants.axes[i].name, args->variants.axes[i].name,
                            args->variants.axes[i].count);
    return NST_OK;
}

/* The pictures a path stands for: those of a folder, or itself. Paths are relative to *folder,
 * which is NULL for a single picture. */
static nst_status list_pictures(const char *path, bool recursive, const char *except,
                                nst_job_list *jobs, nst_names *out, const char **folder,
                                nst_error *error)
{
    nst_folder_listing listing = {0};
    *folder = NULL;
    if (!nst_folder_is(path))
        return nst_names_add(out, path, error);
    *folder = path;
    nst_status status = nst_folder_list(path, recursive, except, &listing, error);
    for (int i = 0; i < listing.problems.count && status == NST_OK; i++)
        status = nst_names_add(&jobs->problems, listing.problems.list[i], error);
    nst_kinds_add_all(&jobs->others, &listing.others);
    jobs->folders += listing.folders;
    if (status == NST_OK && listing.pictures.count == 0 && listing.problems.count == 0) {
        char others[NST_KINDS_TEXT_MAX];
        nst_kinds_text(&listing.others, others);
        status = nst_fail(error, NST_ERR_FORMAT, "%s: no pictures in this folder%s%s%s%s", path,
                          others[0] ? " (" : "", others, others[0] ? ")" : "",
                          listing.folders > 0 ? " (-r looks into the folders inside)" : "");
    }
    *out = listing.pictures;
    listing.pictures = (nst_names){0};
    nst_folder_listing_destroy(&listing);
    return status;
}

/* The mask in a folder of masks that is called like a photo, of whatever format; NULL when out of
 * memory. Where there is none, a name that will not be found. */
static char *mask_of(const char *folder, const char *content)
{
    static const char *const extensions[] = {"png", "jpg", "jpeg", "bmp", "tga",
                                             "ppm", "pgm", "pnm",  "png"};
    int stem = (int)(nst_path_extension(content) - content);
    char *path = NULL;
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        free(path);
        if (asprintf(&path, "%s/%.*s.%s", folder, stem, content, extensions[i]) < 0)
            return NULL;
        if (access(path, F_OK) == 0)
            break;
    }
    return path;
}

/* All combinations of a photo and a style. */
static nst_status add_variants(nst_job_list *jobs, nst_job_row row, nst_error *error)
{
    const nst_args *args = jobs->args;
    nst_status status = NST_OK;
    if (row.kind == NST_OUTPUT_BESIDE) {
        nst_names kept = {0};
        char *name = NULL;
        if ((status = nst_output_beside(&row, &name, error)) == NST_OK &&
            (status = nst_names_add(&kept, name, error)) == NST_OK) {
            row.output = kept.list[0];
            status = keep_names(jobs, &kept, error);
        }
        free(name);
        nst_names_destroy(&kept);
    }
    for (int v = 0; v < nst_variants_count(&args->variants) && status == NST_OK; v++) {
        row.variant = v;
        row.first = row.first && v == 0;
        status = add(jobs, &row, error);
    }
    return status;
}

/* A photo, or the photos of a folder. */
typedef struct {
    const char *folder;
    char *const *contents; /* of names that the list keeps */
    int count;
} source;

static nst_status look_into(nst_job_list *jobs, const nst_job *settings, const char *path,
                            source *out, nst_error *error)
{
    nst_names contents = {0};
    nst_status status = list_pictures(path, jobs->args->recursive, settings->output, jobs,
                                      &contents, &out->folder, error);
    out->contents = contents.list;
    out->count = contents.count;
    jobs->many = jobs->many || out->folder;
    if (status == NST_OK)
        status = keep_names(jobs, &contents, error);
    nst_names_destroy(&contents);
    return status;
}

/* A folder among several photos that holds none, or that cannot be read, is a problem to tell; the
 * others go on. */
static nst_status look_into_all(nst_job_list *jobs, const nst_job *settings, source *out,
                                nst_error *error)
{
    const nst_names *photos = &jobs->args->photos;
    nst_status status = NST_OK;
    if (photos->count == 0)
        return look_into(jobs, settings, settings->content, out, error);
    for (int i = 0; i < photos->count && status == NST_OK; i++) {
        nst_error cause = {0};
        status = look_into(jobs, settings, photos->list[i], &out[i], &cause);
        if (status == NST_ERR_FORMAT || status == NST_ERR_IO) {
            out[i].count = 0;
            status = nst_names_add(&jobs->problems, cause.message, error);
        } else if (status != NST_OK) {
            return nst_fail(error, status, "%s", cause.message);
        }
    }
    return status;
}

/* Style by style, so that what is computed of a style serves all photos. */
static nst_status combine(nst_job_list *jobs, const nst_job *settings, const source *sources,
                          int source_count, const nst_names *styles, nst_error *error)
{
    const nst_output_kind kind = nst_output_kind_of(jobs->args, settings);
    nst_status status = NST_OK;
    for (int s = 0; s < (styles->count > 0 ? styles->count : 1); s++)
        for (int i = 0; i < source_count; i++)
            for (int c = 0; c < sources[i].count && status == NST_OK; c++) {
                const nst_job_row row = {.settings = settings,
                                         .folder = sources[i].folder,
                                         .content = sources[i].contents[c],
                                         .style = styles->count > 0 ? styles->list[s] : NULL,
                                         .kind = kind,
                                         .first = s == 0 || (i == 0 && c == 0)};
                status = add_variants(jobs, row, error);
            }
    return status;
}

/* The jobs of several photos, several styles or several values. */
static nst_status add_many(nst_job_list *jobs, const nst_job *settings, nst_error *error)
{
    const nst_args *args = jobs->args;
    const int count = args->photos.count > 0 ? args->photos.count : 1;
    nst_names styles = {0};
    const char *style_folder = NULL;
    nst_status status = NST_OK;
    source *sources = calloc((size_t)count, sizeof *sources);
    if (!sources)
        return out_of_memory(error);
    jobs->many =
        jobs->many || args->photos.count > 0 || args->variants.count > 0 || settings->output_fields;
    status = look_into_all(jobs, settings, sources, error);
    if (status == NST_OK && settings->style_count == 1 && nst_folder_is(settings->styles[0].path)) {
        status = list_pictures(settings->styles[0].path, false, NULL, jobs, &styles, &style_folder,
                               error);
        jobs->many = true;
    }
    if (status == NST_OK)
        status = combine(jobs, settings, sources, count, &styles, error);
    if (status == NST_OK)
        status = keep_names(jobs, &styles, error);
    nst_names_destroy(&styles);
    free(sources);
    return status;
}

/* ---- getting --------------------------------------------------------------------------------- */

char *nst_jobs_output(const nst_job_list *jobs, int index)
{
    return nst_output_name(jobs->args, &jobs->rows[index]);
}

bool nst_jobs_has_journal(const nst_job_list *jobs, int index)
{
    nst_output_kind kind = jobs->rows[index].kind;
    return kind == NST_OUTPUT_FOLDER || kind == NST_OUTPUT_TEMPLATE ||
           (kind == NST_OUTPUT_FILE && jobs->args->entry_count > 0);
}

/* A list keeps its journal beside its results. */
static char *folder_of(const char *output)
{
    int length = (int)(nst_path_base(output) - output);
    char *folder = length > 0 ? strndup(output, (size_t)length) : strdup(".");
    while (folder && length > 1 && folder[length - 1] == '/')
        folder[--length] = '\0';
    return folder;
}

static bool replace_path(char **path, char *new_path)
{
    free(*path);
    *path = new_path;
    return new_path != NULL;
}

/* What sets the job of a row apart from its settings. */
static bool fill_job(const nst_job_list *jobs, int index, nst_job *job)
{
    const nst_job_row *row = &jobs->rows[index];
    const nst_job *settings = row->settings;
    const char *mask = settings->content_mask;
    bool ok = replace_path(&job->content,
                           row->folder ? inside(row->folder, row->content) : strdup(row->content));
    if (row->style)
        ok = replace_path(&job->styles[0].path, inside(settings->styles[0].path, row->style)) && ok;
    if (mask && row->kind != NST_OUTPUT_FILE && nst_folder_is(mask))
        ok =
            replace_path(&job->content_mask,
                         mask_of(mask, row->folder ? row->content : nst_path_base(row->content))) &&
            ok;
    ok = replace_path(&job->output, nst_jobs_output(jobs, index)) && ok;
    job->output_fields = false;
    if (row->kind == NST_OUTPUT_BESIDE)
        job->keep_existing = true;
    if (!nst_jobs_has_journal(jobs, index) || !job->output)
        return ok;
    return replace_path(&job->folder,
                        row->kind == NST_OUTPUT_FOLDER     ? nst_path_trimmed(settings->output)
                        : row->kind == NST_OUTPUT_TEMPLATE ? nst_template_folder(settings->output)
                                                           : folder_of(job->output)) &&
           ok;
}

nst_status nst_jobs_get(const nst_job_list *jobs, int index, nst_args *out, nst_error *error)
{
    const nst_job_row *row = &jobs->rows[index];
    nst_args one = *jobs->args;
    one.entries = NULL;
    one.entry_count = 0;
    if (nst_job_copy(row->settings, &one.job) != NST_OK)
        return out_of_memory(error);
    if (!fill_job(jobs, index, &one.job) ||
        nst_variants_apply(&one.variants, row->variant, &one.job.options, NULL) != NST_OK) {
        nst_job_destroy(&one.job);
        return out_of_memory(error);
    }
    *out = one;
    return NST_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static nst_status add_jobs(nst_job_list *jobs, const nst_args *args, const nst_job *settings,
                           nst_error *error)
{
    const nst_job_row row = {.settings = settings, .content = settings->content, .first = true};
    const nst_output_kind kind = nst_output_kind_of(args, settings);
    for (int i = 0; i < settings->style_count; i++)
        if (settings->style_count > 1 && nst_folder_is(settings->styles[i].path))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--style %s: a folder is one job per style and cannot be blended",
                            settings->styles[i].path);
    if (kind == NST_OUTPUT_FILE)
        return add(jobs, &row, error);
    nst_status status = kind == NST_OUTPUT_FOLDER     ? check_folder(args, settings, error)
                        : kind == NST_OUTPUT_TEMPLATE ? check_template(args, settings, error)
                                                      : NST_OK;
    return status == NST_OK ? add_many(jobs, settings, error) : status;
}

nst_status nst_jobs_make(const nst_args *args, nst_job_list *out, nst_error *error)
{
    nst_status status = NST_OK;
    *out = (nst_job_list){.args = args, .many = args->entry_count > 0};
    if (args->entry_count == 0)
        status = add_jobs(out, args, &args->job, error);
    for (int i = 0; i < args->entry_count && status == NST_OK; i++)
        status = add_jobs(out, args, &args->entries[i], error);
    if (status == NST_OK && out->count > 1 && args->record)
        return nst_fail(error, NST_ERR_ARGUMENT, "--record %s: expected a single picture, not %d",
                        args->record, out->count);
    return status;
}

void nst_jobs_keep(nst_job_list *jobs, const nst_shard *shard)
{
    int kept = 0;
    for (int i = 0; i < jobs->count; i++)
        if (nst_shard_has(shard, i))
            jobs->rows[kept++] = jobs->rows[i];
    jobs->count = kept;
}

void nst_jobs_destroy(nst_job_list *jobs)
{
    for (int i = 0; i < jobs->names_count; i++)
        nst_names_destroy(&jobs->names[i]);
    free(jobs->names);
    free(jobs->rows);
    nst_names_destroy(&jobs->problems);
    *jobs = (nst_job_list){0};
}
