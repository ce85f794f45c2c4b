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
#include "options/check.h"

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

/* "out", "sub/cat.jpg", "waves.jpg" -> "out/sub/cat_waves.png"; style may be NULL. */
static char *name_output(const char *folder, const char *content, const char *style,
                         nst_format format)
{
    const char *style_name = style ? nst_path_base(style) : "";
    int style_stem = (int)(nst_path_extension(style_name) - style_name);
    char *path;
    if (asprintf(&path, "%s/%.*s%s%.*s.%s", folder, (int)(nst_path_extension(content) - content),
                 content, style ? "_" : "", style_stem, style_name,
                 nst_format_extension(format)) < 0)
        return NULL;
    return path;
}

/* A folder's name without slashes at its end. */
static char *trimmed(const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return strndup(folder, length);
}

static char *inside(const char *folder, const char *name)
{
    char *path;
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

static nst_status check_folder(const nst_job *job, nst_error *error)
{
    const char *cause = nst_folder_is(job->content) ? job->content : job->styles[0].path;
    bool slash = job->output[strlen(job->output) - 1] == '/';
    if (nst_path_is_standard(job->output))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output -: expected a folder, because %s is a folder", cause);
    if (nst_path_is_standard(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected the name of a file for standard input", job->output);
    if (!nst_folder_is(job->output) && !slash &&
        nst_format_from_path(job->output) != NST_FORMAT_UNKNOWN)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected a folder, because %s is a folder", job->output,
                        cause);
    if (nst_file_same(job->content, job->output))
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: is both the folder of photos and the output",
                        job->output);
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

/* Style by style, so that what is computed of a style serves all photos. */
static nst_status add_folder_jobs(nst_job_list *jobs, const nst_args *args, const nst_job *settings,
                                  nst_error *error)
{
    nst_names contents = {0}, styles = {0};
    const char *content_folder = NULL, *style_folder = NULL;
    nst_status status = check_folder(settings, error);
    if (status == NST_OK)
        status = list_pictures(settings->content, args->recursive, settings->output, jobs,
                               &contents, &content_folder, error);
    if (status == NST_OK)
        status = list_pictures(settings->styles[0].path, false, NULL, jobs, &styles, &style_folder,
                               error);
    if (status == NST_OK && (content_folder || style_folder))
        jobs->many = true;
    for (int s = 0; s < styles.count && status == NST_OK; s++)
        for (int c = 0; c < contents.count && status == NST_OK; c++) {
            const nst_job_row row = {.settings = settings,
                                     .content = content_folder ? contents.list[c] : NULL,
                                     .style = style_folder ? styles.list[s] : NULL,
                                     .into_folder = true,
                                     .first = s == 0 || c == 0};
            status = add(jobs, &row, error);
        }
    if (status == NST_OK && content_folder)
        status = keep_names(jobs, &contents, error);
    if (status == NST_OK && style_folder)
        status = keep_names(jobs, &styles, error);
    nst_names_destroy(&contents);
    nst_names_destroy(&styles);
    return status;
}

/* ---- getting --------------------------------------------------------------------------------- */

char *nst_jobs_output(const nst_job_list *jobs, int index)
{
    const nst_job_row *row = &jobs->rows[index];
    if (!row->into_folder)
        return strdup(row->settings->output);
    char *folder = trimmed(row->settings->output), *path = NULL;
    const char *name = row->content ? row->content : nst_path_base(row->settings->content);
    if (folder)
        path = name_output(folder, name, row->style, row->settings->output_format);
    free(folder);
    return path;
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

/* The paths of a job whose result goes into a folder. */
static bool fill_folder_job(const nst_job_list *jobs, int index, nst_job *job)
{
    const nst_job_row *row = &jobs->rows[index];
    const nst_job *settings = row->settings;
    const char *name = row->content ? row->content : nst_path_base(settings->content);
    bool ok = true;
    if (row->content)
        ok = replace_path(&job->content, inside(settings->content, row->content));
    if (row->style)
        ok = replace_path(&job->styles[0].path, inside(settings->styles[0].path, row->style)) && ok;
    if (settings->content_mask && nst_folder_is(settings->content_mask))
        ok = replace_path(&job->content_mask, mask_of(settings->content_mask, name)) && ok;
    ok = replace_path(&job->output, nst_jobs_output(jobs, index)) && ok;
    return replace_path(&job->folder, trimmed(settings->output)) && ok;
}

nst_status nst_jobs_get(const nst_job_list *jobs, int index, nst_args *out, nst_error *error)
{
    const nst_job_row *row = &jobs->rows[index];
    nst_args one = *jobs->args;
    one.entries = NULL;
    one.entry_count = 0;
    if (nst_job_copy(row->settings, &one.job) != NST_OK)
        return out_of_memory(error);
    bool ok = row->into_folder ? fill_folder_job(jobs, index, &one.job)
              : jobs->args->entry_count > 0
                  ? replace_path(&one.job.folder, folder_of(one.job.output))
                  : true;
    if (!ok) {
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
    const nst_job_row row = {.settings = settings, .first = true};
    for (int i = 0; i < settings->style_count; i++)
        if (settings->style_count > 1 && nst_folder_is(settings->styles[i].path))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--style %s: a folder is one job per style and cannot be blended",
                            settings->styles[i].path);
    return nst_job_fills_folder(settings) ? add_folder_jobs(jobs, args, settings, error)
                                          : add(jobs, &row, error);
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
