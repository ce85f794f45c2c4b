/* The option table. Rows are applied from top to bottom, so the preset stands above what it
 * sets and every explicit option wins over it, wherever it stands on the command line. */
#include "options/option.h"

#include <assert.h>
#include <string.h>

#include "options/settings.h"
#include "util/nearest.h"

static const nst_choice presets[] = {
    {"draft", NST_PRESET_DRAFT}, {"normal", NST_PRESET_NORMAL}, {"high", NST_PRESET_HIGH}, {0}};
static const nst_choice optimizers[] = {
    {"lbfgs", NST_OPTIMIZER_LBFGS}, {"adam", NST_OPTIMIZER_ADAM}, {0}};
static const nst_choice inits[] = {
    {"content", NST_INIT_CONTENT}, {"noise", NST_INIT_NOISE}, {"style", NST_INIT_STYLE}, {0}};
static const nst_choice poolings[] = {
    {"model", NST_POOLING_MODEL}, {"max", NST_POOLING_MAX}, {"avg", NST_POOLING_AVG}, {0}};
static const nst_choice colors[] = {
    {"style", NST_COLOR_STYLE}, {"luma", NST_COLOR_LUMA}, {"match", NST_COLOR_MATCH}, {0}};
static const nst_choice stats[] = {
    {"gram", NST_STYLE_STAT_GRAM}, {"covariance", NST_STYLE_STAT_COVARIANCE}, {0}};
static const nst_choice precisions[] = {{"single", NST_PRECISION_SINGLE},
                                        {"reproducible", NST_PRECISION_REPRODUCIBLE},
                                        {"fast", NST_PRECISION_FAST},
                                        {0}};
static const nst_choice logs[] = {{"text", NST_LOG_TEXT}, {"json", NST_LOG_JSON}, {0}};
static const nst_choice formats[] = {{"png", NST_FORMAT_PNG},   {"jpg", NST_FORMAT_JPEG},
                                     {"jpeg", NST_FORMAT_JPEG}, {"webp", NST_FORMAT_WEBP},
                                     {"tif", NST_FORMAT_TIFF},  {"tiff", NST_FORMAT_TIFF},
                                     {"avif", NST_FORMAT_AVIF}, {"bmp", NST_FORMAT_BMP},
                                     {"tga", NST_FORMAT_TGA},   {0}};
static const nst_choice depths[] = {{"8", 8}, {"16", 16}, {0}};
static const nst_choice metadata[] = {
    {"keep", NST_METADATA_KEEP}, {"no-gps", NST_METADATA_NO_GPS}, {"none", NST_METADATA_NONE}, {0}};

#define WEIGHT_MAX 1e9

/* Where a value goes. */
#define ARGS(field) .offset = offsetof(nst_args, field)
#define JOB(field)  .offset = offsetof(nst_args, job.field)
#define OPT(field)  .offset = offsetof(nst_args, job.options.field)
#define AND(field)  .count_offset = offsetof(nst_args, job.field)

/* What it is. */
#define FLAG(v)    .kind = NST_KIND_FLAG, .low = (v)
#define TEXT       .kind = NST_KIND_TEXT
#define INT(a, b)  .kind = NST_KIND_INT, .low = (a), .high = (b)
#define SIZE(a, b) .kind = NST_KIND_SIZE, .low = (a), .high = (b)
#define REAL(a, b) .kind = NST_KIND_REAL, .low = (a), .high = (b)
#define STRENGTH   .kind = NST_KIND_STRENGTH, .low = 0, .high = 100
#define WEIGHT     .kind = NST_KIND_WEIGHT, .low = 0, .high = WEIGHT_MAX
#define SEED       .kind = NST_KIND_SEED
#define BYTES      .kind = NST_KIND_BYTES
#define SHARD      .kind = NST_KIND_SHARD
#define CHOICE(c)  .kind = NST_KIND_CHOICE, .choices = (c)
#define PRESET(c)  .kind = NST_KIND_PRESET, .choices = (c)
#define INIT(c)    .kind = NST_KIND_INIT, .choices = (c)
#define STYLES     .kind = NST_KIND_STYLES
#define MASKS      .kind = NST_KIND_MASKS
#define LAYERS     .kind = NST_KIND_LAYERS

/* Where else it may stand. */
#define IN_JOB     .place = NST_PLACE_JOB
#define IN_OPTIONS .place = NST_PLACE_OPTIONS

/* clang-format off */
const nst_option nst_option_table[] = {
    {NST_GROUP_PICTURES, "content", 'c', "PATH",
     "the photo: JPEG, PNG, HEIC, WebP, TIFF, AVIF, BMP, TGA or PNM; - is standard input; or a folder of photos",
     TEXT, JOB(content), IN_JOB},
    {NST_GROUP_PICTURES, "style", 's', "PATH",
     "the painting, likewise, or the name of one that nst styles lists; with a folder every photo is "
     "done in every style",
     STYLES, JOB(styles), AND(style_count), IN_JOB},
    {NST_GROUP_PICTURES, "content-mask", 0, "FILE",
     "2 to 8 flat colors that cut the photo into regions, numbered from dark to bright",
     TEXT, JOB(content_mask), IN_JOB},
    {NST_GROUP_PICTURES, "style-mask", 0, "FILE",
     "the same for a painting: regions of one color go together; repeat for several, or none",
     MASKS, JOB(style_masks), AND(style_mask_count), IN_JOB},
    {NST_GROUP_PICTURES, "output", 'o', "PATH",
     "the result; the name's extension chooses the format; - is PNG on standard output; for "
     "folders, the folder of the results",
     TEXT, JOB(output), IN_JOB},
    {NST_GROUP_PICTURES, "recursive", 'r', NULL,
     "also the folders inside a folder of photos, and the same tree of results",
     FLAG(1), ARGS(recursive)},
    {NST_GROUP_PICTURES, "overwrite", 0, NULL,
     "in a folder, do again what is done already, and replace files that are not nst's",
     FLAG(1), ARGS(overwrite)},

    {NST_GROUP_RESULT, "preset", 'p', "NAME",
     "draft, normal or high: how long to work; other options refine it (default normal)",
     PRESET(presets), IN_OPTIONS},
    {NST_GROUP_RESULT, "size", 'S', "N|full",
     "longest side in pixels, 16 to 32768; full keeps the photo's size",
     SIZE(NST_SIZE_MIN, NST_SIZE_MAX), OPT(size), IN_OPTIONS},
    {NST_GROUP_RESULT, "format", 'f', "NAME",
     "png, jpg, webp, tif, avif, bmp or tga, regardless of the file name",
     CHOICE(formats), JOB(format), IN_OPTIONS},
    {NST_GROUP_RESULT, "quality", 0, "N",
     "of JPEG, WebP and AVIF, 1 to 100; a WebP of 100 is lossless",
     INT(1, 100), JOB(quality), IN_OPTIONS},
    {NST_GROUP_RESULT, "depth", 0, "N",
     "bits per color, 8 or, in PNG and TIFF, 16",
     CHOICE(depths), JOB(depth), IN_OPTIONS},
    {NST_GROUP_RESULT, "metadata", 0, "NAME",
     "the photo's EXIF, XMP and IPTC: keep, no-gps (keep all but positions) or none",
     CHOICE(metadata), JOB(metadata), IN_OPTIONS},
    {NST_GROUP_RESULT, "preserve-times", 0, NULL,
     "give the result the photo's time of last change",
     FLAG(1), JOB(preserve_times), IN_OPTIONS},
    {NST_GROUP_RESULT, "save-every", 0, "N",
     "also write out.0050.png and so on, every N iterations; 0 is never",
     INT(0, NST_ITERATIONS_MAX), JOB(save_every), IN_OPTIONS},

    {NST_GROUP_LOOK, "strength", 0, "N",
     "how much painting: 0 is more photo, 100 more painting; sets the weights below",
     STRENGTH, OPT(strength), IN_OPTIONS},
    {NST_GROUP_LOOK, "content-weight", 0, "F",
     "how much the photo's shapes count (default: by strength and network)",
     WEIGHT, OPT(content_weight), IN_OPTIONS},
    {NST_GROUP_LOOK, "style-weight", 0, "F",
     "how much the painting's texture and colors count",
     REAL(0, WEIGHT_MAX), OPT(style_weight), IN_OPTIONS},
    {NST_GROUP_LOOK, "tv-weight", 0, "F",
     "how much smoothness counts (total variation; default: by network)",
     WEIGHT, OPT(tv_weight), IN_OPTIONS},
    {NST_GROUP_LOOK, "style-scale", 0, "F",
     "size of the painting's features relative to the result, 0.05 to 20",
     REAL(0.05, 20), OPT(style_scale), IN_OPTIONS},
    {NST_GROUP_LOOK, "color", 0, "NAME",
     "whose colors: style, luma (the photo's, only lightness is painted) or match (the painting's "
     "moved to the photo's first)",
     CHOICE(colors), OPT(color), IN_OPTIONS},
    {NST_GROUP_LOOK, "style-stat", 0, "NAME",
     "what is compared of style: gram matrices or covariance",
     CHOICE(stats), OPT(style_stat), IN_OPTIONS},
    {NST_GROUP_LOOK, "content-layers", 0, "LIST",
     "where shapes are compared: relu4_2, or with weights relu3_1:1,relu4_2:0.5 "
     "(default: by network)",
     LAYERS, OPT(content_layers), AND(options.content_layer_count), IN_OPTIONS},
    {NST_GROUP_LOOK, "style-layers", 0, "LIST",
     "where textures are compared (default: by network)",
     LAYERS, OPT(style_layers), AND(options.style_layer_count), IN_OPTIONS},
    {NST_GROUP_LOOK, "init", 0, "WHAT",
     "start from content, noise, style or a picture file",
     INIT(inits), OPT(init), AND(init), IN_OPTIONS},
    {NST_GROUP_LOOK, "seed", 0, "N",
     "of the noise, 0 to 18446744073709551615",
     SEED, OPT(seed), IN_OPTIONS},

    {NST_GROUP_METHOD, "iterations", 'n', "N",
     "iterations at the finest scale, 0 to 100000",
     INT(0, NST_ITERATIONS_MAX), OPT(iterations), IN_OPTIONS},
    {NST_GROUP_METHOD, "coarse-iterations", 0, "N",
     "iterations at each coarser scale",
     INT(0, NST_ITERATIONS_MAX), OPT(coarse_iterations), IN_OPTIONS},
    {NST_GROUP_METHOD, "scales", 0, "N",
     "coarse-to-fine steps, each half the next, up to 16; 0 goes by size",
     INT(0, NST_SCALES_MAX), OPT(scales), IN_OPTIONS},
    {NST_GROUP_METHOD, "min-size", 0, "N",
     "when scales is 0, the smallest longest side to start from",
     INT(NST_SIZE_MIN, NST_SIZE_MAX), OPT(min_size), IN_OPTIONS},
    {NST_GROUP_METHOD, "optimizer", 0, "NAME",
     "lbfgs or adam",
     CHOICE(optimizers), OPT(optimizer), IN_OPTIONS},
    {NST_GROUP_METHOD, "learning-rate", 0, "F",
     "step: for adam in pixel units, for lbfgs a factor; 0 goes by the optimizer",
     REAL(0, 100), OPT(learning_rate), IN_OPTIONS},
    {NST_GROUP_METHOD, "history", 0, "N",
     "steps that lbfgs remembers, 1 to 100",
     INT(1, NST_HISTORY_MAX), OPT(history), IN_OPTIONS},
    {NST_GROUP_METHOD, "pooling", 0, "NAME",
     "max, avg, or model for what the weights file says",
     CHOICE(poolings), OPT(pooling), IN_OPTIONS},
    {NST_GROUP_METHOD, "precision", 0, "NAME",
     "single, reproducible, or fast: bfloat16 products by processors with AMX",
     CHOICE(precisions), OPT(precision), IN_OPTIONS},
    {NST_GROUP_METHOD, "reproducible", 0, NULL,
     "the same bytes on any processor with fused multiplication; short for --precision reproducible",
     FLAG(NST_PRECISION_REPRODUCIBLE), OPT(precision), IN_OPTIONS},
    {NST_GROUP_METHOD, "weights", 'w', "NAME|FILE",
     "the network: bundled, an installed one, or a safetensors file; see nst weights",
     TEXT, JOB(weights), IN_OPTIONS},

    {NST_GROUP_RUN, "threads", 'j', "N",
     "1 to 256; 0 uses all cores; the result is the same for any number",
     INT(0, NST_THREADS_MAX), OPT(threads), IN_OPTIONS},
    {NST_GROUP_RUN, "max-memory", 0, "SIZE",
     "what a run may use, such as 800M or 6G; 0 is 80 % of what is free; with less, a run takes "
     "longer, to the same result",
     BYTES, OPT(max_memory)},
    {NST_GROUP_RUN, "parallel", 0, "N",
     "pictures at the same time, 1 to 256; 0 goes by cores and memory (default 0)",
     INT(0, NST_THREADS_MAX), ARGS(parallel)},
    {NST_GROUP_RUN, "shard", 0, "K/N",
     "only the K-th of N parts of the list; slurm, mpi or slurm+mpi takes both from there",
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
     "do what a record or a hand-written JSON file says; other options win over it",
     TEXT, ARGS(job_file)},
    {NST_GROUP_RUN, "log", 0, "FORMAT",
     "text, or json for one object per event on standard error (default text)",
     CHOICE(logs), ARGS(log)},
    {NST_GROUP_RUN, "quiet", 'q', NULL,
     "only errors",
     FLAG(-1), ARGS(verbosity)},
    {NST_GROUP_RUN, "verbose", 'v', NULL,
     "also facts about model and pictures, and each scale",
     FLAG(1), ARGS(verbosity)},
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
/* The enums of nst.h are written through an int. */
static_assert(sizeof(nst_optimizer) == sizeof(int) && sizeof(nst_init) == sizeof(int) &&
                  sizeof(nst_pooling) == sizeof(int) && sizeof(nst_color) == sizeof(int) &&
                  sizeof(nst_style_stat) == sizeof(int) && sizeof(nst_precision) == sizeof(int),
              "enum size");

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
