/* Rows are applied from top to bottom, so the preset stands above what it sets. */
#include "values/option_table.h"

#include <assert.h>

static const char *const presets[] = {"draft", "normal", "high", NULL};
static const char *const optimizers[] = {"lbfgs", "adam", NULL};
static const char *const inits[] = {"content", "noise", "style", "image", "colors", NULL};
static const char *const poolings[] = {"model", "max", "avg", NULL};
static const char *const colors[] = {"style", "luma", "match", NULL};
static const char *const precisions[] = {"single", "reproducible", "fast", NULL};
static const char *const stats[] = {"gram", "covariance", "w2", NULL};
/* The place of a word is its value. */
static_assert(NST_PRESET_HIGH == 2 && NST_OPTIMIZER_ADAM == 1 && NST_INIT_COLORS == 4 &&
                  NST_POOLING_AVG == 2 && NST_COLOR_MATCH == 2 && NST_STYLE_STAT_W2 == 2 &&
                  NST_PRECISION_FAST == 2,
              "choices");
/* They are written through an int. */
static_assert(sizeof(nst_optimizer) == sizeof(int) && sizeof(nst_init) == sizeof(int) &&
                  sizeof(nst_pooling) == sizeof(int) && sizeof(nst_color) == sizeof(int) &&
                  sizeof(nst_style_stat) == sizeof(int) && sizeof(nst_precision) == sizeof(int),
              "enum size");

#define WEIGHT_MAX 1e9

#define AT(field)  .offset = offsetof(nst_options, field)
#define AND(field) .count_offset = offsetof(nst_options, field)

/* clang-format off */
const nst_option_row nst_option_rows[] = {
    {{"preset", NST_OPTION_PRESET, "NAME", "normal",
      "draft, normal or high: how long to work; other options refine it",
      0, 0, presets}, 0, 0},
    {{"size", NST_OPTION_SIZE, "N|full", "512",
      "longest side in pixels, 16 to 32768; full keeps the photo's size",
      NST_SIZE_MIN, NST_SIZE_MAX, NULL}, AT(size)},

    {{"strength", NST_OPTION_STRENGTH, "N", "50",
      "how much painting: 0 is more photo, 100 more painting; sets the weights below",
      0, 100, NULL}, AT(strength)},
    {{"content-weight", NST_OPTION_WEIGHT, "F", NST_OPTION_BY_MODEL,
      "how much the photo's shapes count (default: by strength and network)",
      0, WEIGHT_MAX, NULL}, AT(content_weight)},
    {{"style-weight", NST_OPTION_REAL, "F", "1",
      "how much the painting's texture and colors count",
      0, WEIGHT_MAX, NULL}, AT(style_weight)},
    {{"tv-weight", NST_OPTION_WEIGHT, "F", NST_OPTION_BY_MODEL,
      "how much smoothness counts (total variation; default: by network)",
      0, WEIGHT_MAX, NULL}, AT(tv_weight)},
    {{"style-scale", NST_OPTION_REAL, "F", "1",
      "size of the painting's features relative to the result, 0.05 to 20",
      0.05, 20, NULL}, AT(style_scale)},
    {{"color", NST_OPTION_CHOICE, "NAME", "style",
      "the painting's colors (style), the photo's (luma), or the painting's palette shifted to the "
      "photo's (match)",
      0, 0, colors}, AT(color)},
    {{"style-stat", NST_OPTION_CHOICE, "NAME", "gram",
      "the style statistic: gram (matrices), covariance, or w2 (Wasserstein-2 distance)",
      0, 0, stats}, AT(style_stat)},
    {{"content-layers", NST_OPTION_LAYERS, "LIST", NST_OPTION_BY_MODEL,
      "layers that compare shapes: relu4_2, or with weights relu3_1:1,relu4_2:0.5 "
      "(default: by network)",
      0, WEIGHT_MAX, NULL}, AT(content_layers), AND(content_layer_count)},
    {{"style-layers", NST_OPTION_LAYERS, "LIST", NST_OPTION_BY_MODEL,
      "layers that compare textures (default: by network)",
      0, WEIGHT_MAX, NULL}, AT(style_layers), AND(style_layer_count)},
    {{"init", NST_OPTION_CHOICE, "WHAT", "colors",
      "start from content, colors (the content in the colors of the styles), noise, style or an "
      "image of its own",
      0, 0, inits}, AT(init)},
    {{"seed", NST_OPTION_SEED, "N", "0",
      "of the noise, 0 to 18446744073709551615",
      0, 0, NULL}, AT(seed)},

    {{"iterations", NST_OPTION_INT, "N", "34",
      "iterations at the finest scale, 0 to 100000",
      0, NST_ITERATIONS_MAX, NULL}, AT(iterations)},
    {{"coarse-iterations", NST_OPTION_INT, "N", "54",
      "iterations at each coarser scale",
      0, NST_ITERATIONS_MAX, NULL}, AT(coarse_iterations)},
    {{"scales", NST_OPTION_INT, "N", "0",
      "number of sizes from coarse to fine, each half of the next, up to 16; 0 is automatic",
      0, NST_SCALES_MAX, NULL}, AT(scales)},
    {{"min-size", NST_OPTION_INT, "N", "128",
      "when scales is 0, no scale has a longest side below this",
      NST_SIZE_MIN, NST_SIZE_MAX, NULL}, AT(min_size)},
    {{"optimizer", NST_OPTION_CHOICE, "NAME", "lbfgs",
      "lbfgs or adam",
      0, 0, optimizers}, AT(optimizer)},
    {{"learning-rate", NST_OPTION_REAL, "F", "0",
      "step: for adam in pixel values, for lbfgs a factor; 0 is automatic",
      0, 100, NULL}, AT(learning_rate)},
    {{"history", NST_OPTION_INT, "N", "20",
      "steps that lbfgs remembers, 1 to 100",
      1, NST_HISTORY_MAX, NULL}, AT(history)},
    {{"precision", NST_OPTION_CHOICE, "NAME", "single",
      "single, reproducible, or fast: bfloat16 products by processors with AMX",
      0, 0, precisions}, AT(precision)},
    {{"pooling", NST_OPTION_CHOICE, "NAME", "model",
      "max, avg, or model: as the weights file says",
      0, 0, poolings}, AT(pooling)},

    {{"threads", NST_OPTION_INT, "N", "0",
      "1 to 256; 0 uses all cores; the result is the same for any number",
      0, NST_THREADS_MAX, NULL}, AT(threads)},
    {{"max-memory", NST_OPTION_BYTES, "SIZE", "0",
      "memory that a run may use, such as 800M or 6G; 0 is 80 % of the free memory; with less, a run "
      "takes longer and gives the same result",
      0, 0, NULL}, AT(max_memory)},
};
/* clang-format on */

const int nst_option_row_count = (int)(sizeof nst_option_rows / sizeof *nst_option_rows);
