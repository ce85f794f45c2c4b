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

/* A copy of the template at the end of the list; its paths can be replaced. NULL when out of
 * memory. */
static nst_job *add(nst_job_list *jobs, const nst_args *args, const nst_job *template)
{
    /* Doubled whenever the count is a power of two. */
    if ((jobs->count & (jobs->count - 1)) == 0) {
        size_t room = jobs->count ? 2 * (size_t)jobs->count : 1;
        nst_args *larger = realloc(jobs->list, room * sizeof *larger);
        if (!larger)
            return NULL;
        jobs->list = larger;
    }
    nst_args *one = &jobs->list[jobs->count];
    *one = *args;
    one->entries = NULL;
    one->entry_count = 0;
    if (nst_job_copy(template, &one->job) != NST_OK)
        return NULL;
    jobs->count++;
    return &one->job;
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
                        "--output -: expected the name of a folder, as %s is one", cause);
    if (nst_path_is_standard(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected the name of a file for standard input", job->output);
    if (!nst_folder_is(job->output) && !slash &&
        nst_format_from_path(job->output) != NST_FORMAT_UNKNOWN)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--output %s: expected the name of a folder, as %s is one", job->output,
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

static nst_status add_into_folder(nst_job_list *jobs, const nst_args *args, const nst_job *template,
                                  const char *content_folder, const char *content,
                                  const char *style_folder, const char *style, nst_error *error)
{
    nst_job *job = add(jobs, args, template);
    const char *name = content;
    if (!job)
        return out_of_memory(error);
    if (content_folder) {
        free(job->content);
        job->content = inside(content_folder, content);
    } else {
        name = nst_path_base(content);
    }
    if (style_folder) {
        free(job->styles[0].path);
        job->styles[0].path = inside(style_folder, style);
    }
    if (job->content_mask && nst_folder_is(job->content_mask)) {
        char *mask = mask_of(job->content_mask, name);
        free(job->content_mask);
        job->content_mask = mask;
        if (!mask)
            return out_of_memory(error);
    }
    free(job->output);
    job->folder = trimmed(template->output);
    job->output = job->folder ? name_output(job->folder, name, style_folder ? style : NULL,
                                            job->output_format)
                              : NULL;
    return job->content && job->styles[0].path && job->output ? NST_OK : out_of_memory(error);
}

/* Style by style, so that what is computed of a style serves all photos. */
static nst_status add_folder_jobs(nst_job_list *jobs, const nst_args *args, const nst_job *template,
                                  nst_error *error)
{
    nst_names contents = {0}, styles = {0};
    const char *content_folder = NULL, *style_folder = NULL;
    nst_status status = check_folder(template, error);
    if (status == NST_OK)
        status = list_pictures(template->content, args->recursive, template->output, jobs,
                               &contents, &content_folder, error);
    if (status == NST_OK)
        status = list_pictures(template->styles[0].path, false, NULL, jobs, &styles, &style_folder,
                               error);
    if (status == NST_OK && (content_folder || style_folder))
        jobs->many = true;
    for (int s = 0; s < styles.count && status == NST_OK; s++)
        for (int c = 0; c < contents.count && status == NST_OK; c++)
            status = add_into_folder(jobs, args, template, content_folder, contents.list[c],
                                     style_folder, styles.list[s], error);
    nst_names_destroy(&contents);
    nst_names_destroy(&styles);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static nst_status add_jobs(nst_job_list *jobs, const nst_args *args, const nst_job *template,
                           nst_error *error)
{
    for (int i = 0; i < template->style_count; i++)
        if (template->style_count > 1 && nst_folder_is(template->styles[i].path))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--style %s: a folder is one job per style and cannot be blended",
                            template->styles[i].path);
    if (nst_job_fills_folder(template))
        return add_folder_jobs(jobs, args, template, error);
    nst_job *job = add(jobs, args, template);
    if (!job)
        return out_of_memory(error);
    if (args->entry_count > 0) { /* a list keeps its journal beside its results */
        int length = (int)(nst_path_base(job->output) - job->output);
        job->folder = length > 0 ? strndup(job->output, (size_t)length) : strdup(".");
        if (!job->folder)
            return out_of_memory(error);
        length = (int)strlen(job->folder);
        while (length > 1 && job->folder[length - 1] == '/')
            job->folder[--length] = '\0';
    }
    return NST_OK;
}

nst_status nst_jobs_make(const nst_args *args, nst_job_list *out, nst_error *error)
{
    nst_status status = NST_OK;
    *out = (nst_job_list){.many = args->entry_count > 0};
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
    for (int i = 0; i < jobs->count; i++) {
        if (nst_shard_has(shard, i))
            jobs->list[kept++] = jobs->list[i];
        else
            nst_job_destroy(&jobs->list[i].job);
    }
    jobs->count = kept;
}

void nst_jobs_destroy(nst_job_list *jobs)
{
    for (int i = 0; i < jobs->count; i++)
        nst_job_destroy(&jobs->list[i].job);
    free(jobs->list);
    nst_names_destroy(&jobs->problems);
    *jobs = (nst_job_list){0};
}
