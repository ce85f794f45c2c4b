/* The option table. Rows are applied from top to bottom. The preset comes before the options that
 * it sets, so that an explicit option replaces its value, in any order on the command line. */
#include "options/option.h"

#include <assert.h>
#include <string.h>

#include "options/settings.h"
#include "util/nearest.h"

static const char *const inits[] = {"colors", "content", "noise", "style", NULL};
static const char *const logs[] = {"text", "json", NULL};
static const char *const formats[] = {"png",  "jpg",  "jpeg", "webp", "tif",
                                      "tiff", "avif", "bmp",  "tga",  NULL};
static const char *const depths[] = {"8", "16", NULL};
static const char *const metadatas[] = {"keep", "no-gps", "none", NULL};
static const int init_values[] = {NST_INIT_COLORS, NST_INIT_CONTENT, NST_INIT_NOISE,
                                  NST_INIT_STYLE};
static const int log_values[] = {NST_LOG_TEXT, NST_LOG_JSON};
static const int format_values[] = {NST_FORMAT_PNG,  NST_FORMAT_JPEG, NST_FORMAT_JPEG,
                                    NST_FORMAT_WEBP, NST_FORMAT_TIFF, NST_FORMAT_TIFF,
                                    NST_FORMAT_AVIF, NST_FORMAT_BMP,  NST_FORMAT_TGA};
static const int depth_values[] = {8, 16};
static const int metadata_values[] = {NST_METADATA_KEEP, NST_METADATA_NO_GPS, NST_METADATA_NONE};

/* Where a value goes. */
#define ARGS(field) .offset = offsetof(nst_args, field)
#define JOB(field)  .offset = offsetof(nst_args, job.field)
#define OPT(field)  .offset = offsetof(nst_args, job.options.field)
#define AND(field)  .count_offset = offsetof(nst_args, job.field)

/* What it is. */
#define FLAG(v)   .kind = NST_KIND_FLAG, .low = (v)
#define TEXT      .kind = NST_KIND_TEXT
#define INT(a, b) .kind = NST_KIND_INT, .low = (a), .high = (b)
#define BYTES     .kind = NST_KIND_BYTES
#define SHARD     .kind = NST_KIND_SHARD
#define CHOICE(c) .kind = NST_KIND_CHOICE, .choices = c##s, .values = c##_values
#define INIT(c)   .kind = NST_KIND_INIT, .choices = c##s, .values = c##_values
#define STYLES    .kind = NST_KIND_STYLES
#define MASKS     .kind = NST_KIND_MASKS
#define LIBRARY   NULL, NULL, .kind = NST_KIND_LIBRARY /* the rest is in the library */

/* Where else it may stand. */
#define IN_JOB     .place = NST_PLACE_JOB
#define IN_OPTIONS .place = NST_PLACE_OPTIONS
#define IN_CONFIG  .in_config = true

/* clang-format off */
const nst_option nst_option_table[] = {
    {NST_GROUP_PICTURES, "content", 'c', "PATH",
     "the photo: JPEG, PNG, HEIC, WebP, TIFF, AVIF, BMP, TGA or PNM; - is standard input; or a folder of "
     "photos; or several",
     TEXT, JOB(content), IN_JOB},
    {NST_GROUP_PICTURES, "files-from", 0, "FILE",
     "also the photos listed in a file, one per line; - is standard input",
     TEXT, ARGS(files_from)},
    {NST_GROUP_PICTURES, "null", '0', NULL,
     "names in that list end in a zero byte, as find -print0 writes them",
     FLAG(1), ARGS(nul)},
    {NST_GROUP_PICTURES, "style", 's', "PATH",
     "the painting: a file as for the photo, or a name that nst styles lists; with a folder, every photo "
     "in every style",
     STYLES, JOB(styles), AND(style_count), IN_JOB},
    {NST_GROUP_PICTURES, "content-mask", 0, "FILE",
     "a picture of 2 to 8 flat colors; each is a region of the photo, numbered from dark to bright",
     TEXT, JOB(content_mask), IN_JOB},
    {NST_GROUP_PICTURES, "style-mask", 0, "FILE",
     "the same for a painting: its parts go to the photo's regions of the same color; repeat for several "
     "paintings; none is no mask",
     MASKS, JOB(style_masks), AND(style_mask_count), IN_JOB},
    {NST_GROUP_PICTURES, "output", 'o', "PATH",
     "the result; the name's extension chooses the format; - is PNG on standard output; for "
     "several, their folder or a name such as 'out/{photo}-{style}.jpg' (default: beside the photo)",
     TEXT, JOB(output), IN_JOB},
    {NST_GROUP_PICTURES, "recursive", 'r', NULL,
     "also the folders inside a folder of photos; results get the same folders",
     FLAG(1), ARGS(recursive), IN_CONFIG},
    {NST_GROUP_PICTURES, "overwrite", 0, NULL,
     "paint finished pictures again, and replace files that nst did not write",
     FLAG(1), ARGS(overwrite)},

    {NST_GROUP_RESULT, "preset", 'p', LIBRARY, IN_OPTIONS},
    {NST_GROUP_RESULT, "size", 'S', LIBRARY, IN_OPTIONS},
    {NST_GROUP_RESULT, "format", 'f', "NAME",
     "png, jpg, webp, tif, avif, bmp or tga, regardless of the file name",
     CHOICE(format), JOB(format), IN_OPTIONS},
    {NST_GROUP_RESULT, "quality", 0, "N",
     "of JPEG, WebP and AVIF, 1 to 100; a WebP of 100 is lossless",
     INT(1, 100), JOB(quality), IN_OPTIONS},
    {NST_GROUP_RESULT, "depth", 0, "N",
     "bits per color, 8 or, in PNG and TIFF, 16",
     CHOICE(depth), JOB(depth), IN_OPTIONS},
    {NST_GROUP_RESULT, "metadata", 0, "NAME",
     "the photo's EXIF, XMP and IPTC data: keep, no-gps (all but positions) or none",
     CHOICE(metadata), JOB(metadata), IN_OPTIONS},
    {NST_GROUP_RESULT, "preserve-times", 0, NULL,
     "give the result the photo's time of last change",
     FLAG(1), JOB(preserve_times), IN_OPTIONS},
    {NST_GROUP_RESULT, "save-every", 0, "N",
     "also write out.0050.png and so on, every N iterations; 0 is never",
     INT(0, NST_ITERATIONS_MAX), JOB(save_every), IN_OPTIONS},

    {NST_GROUP_LOOK, "strength", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "content-weight", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "style-weight", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "tv-weight", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "style-scale", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "color", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "style-stat", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "content-layers", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "style-layers", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_LOOK, "init", 0, "WHAT",
     "start from colors (the photo in the painting's colors), content, noise, style or a picture "
     "file (default colors)",
     INIT(init), OPT(init), AND(init), IN_OPTIONS},
    {NST_GROUP_LOOK, "seed", 0, LIBRARY, IN_OPTIONS},

    {NST_GROUP_METHOD, "iterations", 'n', LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "coarse-iterations", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "scales", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "min-size", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "optimizer", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "learning-rate", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "history", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "pooling", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "precision", 0, LIBRARY, IN_OPTIONS},
    {NST_GROUP_METHOD, "reproducible", 0, NULL,
     "the same bytes on any processor with fused multiplication; short for --precision reproducible",
     FLAG(NST_PRECISION_REPRODUCIBLE), OPT(precision), IN_OPTIONS},
    {NST_GROUP_METHOD, "weights", 'w', "NAME|FILE",
     "the network: bundled, an installed one, or a safetensors file; see nst weights",
     TEXT, JOB(weights), IN_OPTIONS},

    {NST_GROUP_RUN, "threads", 'j', LIBRARY, IN_OPTIONS},
    {NST_GROUP_RUN, "max-memory", 0, LIBRARY, IN_CONFIG},
    {NST_GROUP_RUN, "cache", 0, "SIZE",
     "keep what is measured of styles for later runs, in ~/.cache/nst, SIZE at most, such as 256M; 0 "
     "keeps nothing (default 0)",
     BYTES, ARGS(cache), IN_CONFIG},
    {NST_GROUP_RUN, "parallel", 0, "N",
     "pictures at the same time, 1 to 256; 0 is automatic (default 0)",
     INT(0, NST_THREADS_MAX), ARGS(parallel), IN_CONFIG},
    {NST_GROUP_RUN, "shard", 0, "K/N",
     "only the K-th of N parts of the list; with slurm, mpi or slurm+mpi, K and N come from these",
     SHARD, ARGS(shard)},
    {NST_GROUP_RUN, "dry-run", 0, NULL,
     "only print what would be done, with sizes, memory and time",
     FLAG(1), ARGS(dry_run)},
    {NST_GROUP_RUN, "record", 0, "FILE",
     "write what was done, all settings and checksums included, as JSON",
     TEXT, ARGS(record)},
    {NST_GROUP_RUN, "report", 0, "FILE",
     "write a page that shows what was done, out.html, with the pictures side by side and the "
     "losses as curves; or the same as data, out.json",
     TEXT, ARGS(report)},
    {NST_GROUP_RUN, "job", 0, "FILE",
     "do what a record or a hand-written JSON file says; other options replace its settings",
     TEXT, ARGS(job_file)},
    {NST_GROUP_RUN, "log", 0, "FORMAT",
     "text, or json for one object per event on standard error (default text)",
     CHOICE(log), ARGS(log), IN_CONFIG},
    {NST_GROUP_RUN, "quiet", 'q', NULL,
     "only errors",
     FLAG(-1), ARGS(verbosity), IN_CONFIG},
    {NST_GROUP_RUN, "verbose", 'v', NULL,
     "also facts about model and pictures, and each scale",
     FLAG(1), ARGS(verbosity), IN_CONFIG},
    {NST_GROUP_RUN, "no-config", 0, NULL,
     "leave out your own defaults in ~/.config/nst/config",
     FLAG(1), ARGS(no_config)},
    {NST_GROUP_RUN, "help", 'h', NULL,
     "this text",
     FLAG(NST_ACTION_HELP), ARGS(action)},
    {NST_GROUP_RUN, "version", 'V', NULL,
     "the version",
     FLAG(NST_ACTION_VERSION), ARGS(action)},
};
/* clang-format on */

const int nst_option_count = (int)(sizeof nst_option_table / sizeof *nst_option_table);
static_assert(sizeof nst_option_table / sizeof *nst_option_table <= NST_OPTIONS_MAX,
              "NST_OPTIONS_MAX");
const nst_option_info *nst_option_of_library(const nst_option *option)
{
    return option->kind == NST_KIND_LIBRARY ? nst_option_info_find(option->name) : NULL;
}

const char *nst_option_value(const nst_option *option)
{
    const nst_option_info *info = nst_option_of_library(option);
    return info ? info->value : option->value;
}

const char *nst_option_help(const nst_option *option)
{
    const nst_option_info *info = nst_option_of_library(option);
    return info ? info->help : option->help;
}

int nst_option_find(const char *name)
{
    for (int i = 0; i < nst_option_count; i++)
        if (strcmp(nst_option_table[i].name, name) == 0)
            return i;
    return -1;
}

int nst_option_find_letter(int letter)
{
    for (int i = 0; i < nst_option_count; i++)
        if (letter != 0 && nst_option_table[i].letter == letter)
            return i;
    return -1;
}

const char *nst_option_nearest(const char *name, nst_place place)
{
    const char *names[NST_OPTIONS_MAX];
    int count = 0;
    for (int i = 0; i < nst_option_count; i++)
        if (place == NST_PLACE_COMMAND || nst_option_table[i].place == place)
            names[count++] = nst_option_table[i].name;
    return nst_nearest(name, names, count);
}
