/* What only the settings as a whole can tell. */
#include "options/check.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "files/folder.h"
#include "files/path.h"
#include "hub/models.h"

static bool has_style_folder(const nst_job *job)
{
    return job->style_count == 1 && nst_folder_is(job->styles[0].path);
}

static bool names_folder(const char *output)
{
    if (nst_path_is_standard(output) || !*output)
        return false;
    return output[strlen(output) - 1] == '/' ||
           (nst_folder_is(output) && nst_format_from_path(output) == NST_FORMAT_UNKNOWN);
}

nst_output_kind nst_output_kind_of(const nst_args *args, const nst_job *job)
{
    if (!job->output)
        return NST_OUTPUT_BESIDE;
    if (job->output_fields)
        return NST_OUTPUT_TEMPLATE;
    return args->photos.count > 0 || args->variants.count > 0 || nst_folder_is(job->content) ||
                   has_style_folder(job) || names_folder(job->output)
               ? NST_OUTPUT_FOLDER
               : NST_OUTPUT_FILE;
}

/* A format for the result. */
static nst_status resolve_format(nst_args *args, bool from_file, nst_error *error)
{
    nst_job *job = &args->job;
    nst_output_kind kind = nst_output_kind_of(args, job);
    bool named = kind == NST_OUTPUT_FILE || kind == NST_OUTPUT_TEMPLATE;
    nst_format format = job->format != NST_FORMAT_UNKNOWN ? (nst_format)job->format
                        : !named || nst_path_is_standard(job->output)
                            ? NST_FORMAT_PNG
                            : nst_format_from_path(job->output);
    nst_status status = from_file ? NST_ERR_FORMAT : NST_ERR_ARGUMENT;
    const char *file = from_file && job->output ? args->job_file : "--output";
    const char *what = from_file && job->output ? ": output " : " ";
    const char *name = job->output ? job->output : "beside the photo";
    if (!nst_format_is_for_results(format))
        return nst_fail(error, status,
                        "%s%s%s: expected a name that ends in " NST_FORMAT_ENDINGS
                        ", or a format by -f",
                        file, what, name);
    if (!nst_format_is_written(format))
        return nst_fail(error, status, "%s%s%s: %s cannot be written here: %s brings that", file,
                        what, name, nst_format_name(format), nst_format_package(format));
    if (!nst_format_has_depth(format, job->depth))
        return nst_fail(error, status, "%s%s%s: %s has no %d bits per color; PNG and TIFF have",
                        file, what, name, nst_format_name(format), job->depth);
    job->output_format = format;
    return NST_OK;
}

/* The name of a picture that is none. */
static nst_status check_name(const char *option, const char *path, nst_error *error)
{
    if (strncasecmp(path, "http://", 7) != 0 && strncasecmp(path, "https://", 8) != 0)
        return NST_OK;
    return nst_fail(error, NST_ERR_ARGUMENT,
                    "--%s %s: expected a file; download it first, by curl -O or a browser", option,
                    path);
}

static nst_status check_names(const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    nst_status status = check_name("content", job->content, error);
    for (int i = 0; i < args->photos.count && status == NST_OK; i++)
        status = check_name("content", args->photos.list[i], error);
    for (int i = 0; i < job->style_count && status == NST_OK; i++)
        status = check_name("style", job->styles[i].path, error);
    return status;
}

/* What has no place of its own must be given one. */
static nst_status check_beside(const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    if (nst_folder_is(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "no output given: -o FOLDER, for the results of the photos in %s",
                        job->content);
    if (args->variants.count > 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "no output given: -o FOLDER, because --%s has %d values",
                        args->variants.axes[0].name, args->variants.axes[0].count);
    if (nst_path_is_standard(job->content))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "no output given: -o FILE, or -o - for standard output");
    return NST_OK;
}

/* Weights, regions and masks of the styles. */
static nst_status check_styles(const nst_job *job, nst_error *error)
{
    float most = 0.0f;
    for (int i = 0; i < job->style_count; i++) {
        if (job->styles[i].weight > most)
            most = job->styles[i].weight;
        if (job->styles[i].region != 0 && !job->content_mask)
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "--style %s@%d: a region needs a --content-mask", job->styles[i].path,
                            job->styles[i].region);
    }
    if (!(most > 0.0f))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--style: all weights are 0; expected one above 0");
    if (job->style_mask_count > 0 && !job->content_mask)
        return nst_fail(error, NST_ERR_ARGUMENT, "--style-mask: needs a --content-mask");
    if (job->style_mask_count > job->style_count)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--style-mask: expected one for each style, got %d for %d",
                        job->style_mask_count, job->style_count);
    return NST_OK;
}

nst_report_kind nst_report_kind_of(const char *path)
{
    const char *end = nst_path_extension(path);
    if (strcasecmp(end, ".html") == 0 || strcasecmp(end, ".htm") == 0)
        return NST_REPORT_PAGE;
    return strcasecmp(end, ".json") == 0 ? NST_REPORT_JSON : NST_REPORT_UNKNOWN;
}

nst_status nst_settings_check(nst_args *args, bool output_from_file, nst_error *error)
{
    nst_job *job = &args->job;
    const struct {
        const char *path, *text;
    } needed[] = {{job->content, "no photo given: -c FILE"},
                  {job->styles[0].path, "no painting given: -s FILE, or the name of a style that "
                                        "nst styles lists"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].path)
            return nst_fail(error, NST_ERR_ARGUMENT, "%s", needed[i].text);

    int dashes = nst_path_is_standard(job->content) + nst_path_is_standard(job->init) +
                 nst_path_is_standard(job->content_mask) + nst_path_is_standard(args->files_from);
    for (int i = 0; i < job->style_count; i++)
        dashes += nst_path_is_standard(job->styles[i].path);
    for (int i = 0; i < job->style_mask_count; i++)
        dashes += nst_path_is_standard(job->style_masks[i]);
    if (dashes > 1)
        return nst_fail(error, NST_ERR_ARGUMENT, "standard input (-) can be read only once");
    if (nst_path_is_standard(args->record))
        return nst_fail(error, NST_ERR_ARGUMENT, "--record -: expected the name of a file");
    if (args->report && nst_report_kind_of(args->report) == NST_REPORT_UNKNOWN)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--report %s: expected a name that ends in .html or .json", args->report);
    if (nst_path_is_standard(job->output) && job->save_every > 0)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--save-every %d: expected an output with a name, not standard output",
                        job->save_every);
    for (int i = 0; i < args->photos.count; i++)
        if (nst_path_is_standard(args->photos.list[i]))
            return nst_fail(error, NST_ERR_ARGUMENT,
                            "standard input (-) cannot be one of several photos");
    nst_error refused = {0};
    if (nst_options_check(&job->options, NULL, &refused) != NST_OK)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s", refused.message);
    nst_status status = check_names(args, error);
    if (status == NST_OK)
        status = check_styles(job, error);
    if (status == NST_OK && !job->output)
        status = check_beside(args, error);
    if (status == NST_OK)
        status = resolve_format(args, output_from_file, error);
    return status == NST_OK ? nst_models_locate(job->weights, &job->weights_path, error) : status;
}
