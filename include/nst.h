/* nst: neural style transfer by optimizing the pixels of an image.
 *
 * This is the whole public interface. The library never prints, never exits and keeps no
 * mutable globals: everything a run depends on is in its arguments, so the same call gives
 * the same bytes again, whatever the number of threads.
 *
 *     nst_error error = {0};
 *     nst_model *model = NULL;
 *     nst_options options;
 *     nst_image result = {0};
 *     nst_inputs in = {.struct_size = sizeof in, .content = &photo, .styles = &painting,
 *                      .style_count = 1};
 *
 *     nst_options_default(&options);
 *     if (nst_model_open(NULL, &model, &error) != NST_OK ||
 *         nst_stylize(model, &in, &options, NULL, NULL, &result, NULL, &error) != NST_OK)
 *         fprintf(stderr, "%s\n", error.message);
 *     nst_image_destroy(&result);
 *     nst_model_close(model);
 *
 * Pointers are not NULL unless it is said that they may be; an nst_error always may. What is only
 * read is const, and may be used by several threads at a time. A function that fails leaves what it
 * would have returned as it was, unless it says otherwise. All that return nst_status may fail with
 * NST_ERR_MEMORY; other errors are said where the name does not tell them.
 *
 * Threads. Every function may be called from several threads at a time, on different objects or on
 * objects that are only read: runs may share a model, a session, styles by handle, options, images
 * and an nst_cancel. A run has helper threads of its own, options.threads - 1 of them or fewer when
 * the system gives no more; they block signals and end before the call returns. Hooks are called
 * from the calling thread, and may call the library.
 *
 * Fork. A process that was forked off may use all that was made before, models, sessions and styles
 * among them, unless another thread was inside of the library at that moment; then it may only
 * exec.
 *
 * What changes in the process: opening the first model makes OpenBLAS use one thread, for the
 * application too. Locale, signal handlers, environment and working folder stay as they are.
 *
 * Structs. nst_options and nst_inputs say their size, and may get more fields at their end; so may
 * nst_model_info and what the library hands out by pointer: nst_progress, nst_phase_info and
 * nst_option_info. The others stay as they are for as long as the library's soname does.
 *
 * The same bytes as the program. The program reduces a picture that is much larger than a run looks
 * at it while it reads the file: a longest side of at least four times that is first averaged over
 * squares of pixels, and what is then still larger is resized to the size that nst_result_size or
 * nst_style_size says. A library that is given the whole picture resizes it in one step, which
 * comes to slightly other values. So a caller gets the program's bytes from pictures smaller than
 * that, or from pictures reduced in the same way.
 *
 * Method: Gatys, Ecker and Bethge 2016, Image Style Transfer Using Convolutional Neural
 * Networks, with losses made relative so that one set of weights serves every model, layer
 * and resolution. */
#ifndef NST_H
#define NST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NST_VERSION "0.1.0"

/* What the library exports; everything else stays inside. */
#if defined(__GNUC__)
#define NST_API __attribute__((visibility("default")))
#else
#define NST_API
#endif

/* The version of the library that runs, which may be later than NST_VERSION, that of this header.
 */
NST_API const char *nst_version(void);

/* ---- status and errors ------------------------------------------------------------- */

typedef enum nst_status {
    NST_OK = 0,
    NST_STOPPED,      /* the progress hook or an nst_cancel asked to stop */
    NST_ERR_ARGUMENT, /* an option, size or layer outside its documented range */
    NST_ERR_MEMORY,   /* out of memory, or a plan that would not fit */
    NST_ERR_IO,       /* a file could not be opened, read or written */
    NST_ERR_FORMAT,   /* a file is not what it should be */
    NST_ERR_NUMERIC   /* a loss or gradient stopped being finite */
} nst_status;

/* Owned by the caller, zero-initialized. The first error wins: a function given an error that
 * already holds one leaves the text alone. The message is one line without a final newline and
 * names the file, tensor or option concerned. */
typedef struct nst_error {
    nst_status status;
    char message[512];
} nst_error;

/* ---- cancelling -------------------------------------------------------------------- */

/* A way to stop a run from another thread, or from a signal handler: nst_stylize looks at it while
 * it computes, and returns NST_STOPPED within a fraction of a second at any size. */
typedef struct nst_cancel nst_cancel;

NST_API nst_status nst_cancel_create(nst_cancel **out, nst_error *error);
NST_API void nst_cancel_destroy(nst_cancel *cancel); /* NULL is fine; no run has it any more */

/* Ask the runs that have this handle to stop, now and whenever they begin, until it is reset.
 * Safe from any thread and in a signal handler; NULL is fine. */
NST_API void nst_cancel_request(nst_cancel *cancel);
NST_API void nst_cancel_reset(nst_cancel *cancel);

/* ---- images ------------------------------------------------------------------------ */

/* sRGB, planar, rows from top to bottom: rgb[(channel * height + y) * width + x] in [0,1].
 * alpha is [height][width] in [0,1], or NULL when the picture is opaque; stylizing ignores it.
 * Both arrays are owned by the image and freed by nst_image_destroy. */
typedef struct nst_image {
    int width, height;
    float *rgb;
    float *alpha;
} nst_image;

/* Allocate a black image of at least 1x1 pixel; with_alpha adds an alpha plane of zeros. */
NST_API nst_status nst_image_create(int width, int height, int with_alpha, nst_image *out,
                                    nst_error *error);
NST_API void nst_image_destroy(nst_image *image); /* NULL and zeroed images are fine */

/* Resample to width x height: antialiased where it shrinks, bicubic where it grows, values kept
 * in [0,1]; alpha likewise, and a pixel's color counts as much as its alpha. A new image is made,
 * which must not alias in. threads as in nst_options. */
NST_API nst_status nst_image_resize(const nst_image *in, int width, int height, int threads,
                                    nst_image *out, nst_error *error);

/* ---- pixels as others keep them ---------------------------------------------------- */

typedef enum nst_pixel_kind {
    NST_PIXEL_U8 = 0, /* 0..255, each value of 8 bits */
    NST_PIXEL_F32     /* float, 0..1, at any address */
} nst_pixel_kind;

/* sRGB in memory of the caller, in any regular order: the value of a channel of pixel (x, y), both
 * counted from 0 at the upper left, lies at
 *
 *     (char *)data + y * row_stride + x * pixel_stride + channel * channel_stride
 *
 * Strides are bytes, may be negative (rows upside down, BGR) and, of what is only read, 0. They are
 * those of a NumPy array of shape (height, width, channels). */
typedef struct nst_pixels {
    void *data;
    int width, height; /* >= 1 */
    int channels;      /* 1: grey, only to be read; 3: RGB; 4: RGB and alpha, not multiplied */
    nst_pixel_kind kind;
    ptrdiff_t row_stride, pixel_stride, channel_stride;
} nst_pixels;

/* Pixel by pixel, as RGBRGB..., or channel by channel, without gaps. */
NST_API nst_pixels nst_pixels_interleaved(void *data, int width, int height, int channels,
                                          nst_pixel_kind kind);
NST_API nst_pixels nst_pixels_planar(void *data, int width, int height, int channels,
                                     nst_pixel_kind kind);

/* A new image of these pixels, to be freed by nst_image_destroy; nothing of them is needed
 * afterwards. NST_ERR_ARGUMENT for a field outside of its range, or a float outside of [0,1]. */
NST_API nst_status nst_image_from_pixels(const nst_pixels *pixels, nst_image *out,
                                         nst_error *error);

/* Write the image there: as bytes rounded to the nearest, as the program writes its files; an alpha
 * of 1 for an image without. NST_ERR_ARGUMENT for another size than the image's, for 1 channel, and
 * as above; then nothing is written. */
NST_API nst_status nst_image_to_pixels(const nst_image *image, const nst_pixels *pixels,
                                       nst_error *error);

/* ---- layers ------------------------------------------------------------------------ */

/* The features of VGG19 that a loss can use, in network order: 0 is relu1_1, 15 is relu5_4. VGG16
 * has them but relu3_4, relu4_4 and relu5_4. */
enum { NST_LAYER_MAX = 16 };

NST_API const char *nst_layer_name(int layer); /* "relu4_2"; NULL outside 0..NST_LAYER_MAX-1 */
NST_API int nst_layer_find(const char *name);  /* the reverse; -1 when there is no such layer */

typedef struct nst_layer_weight {
    int layer;    /* 0..NST_LAYER_MAX-1, each at most once in a list */
    float weight; /* >= 0; a list is normalized to sum 1, so it must not be all zero */
} nst_layer_weight;

/* What of the losses looks best with a network: content and total variation relative to a style
 * weight of 1, and the layers that are compared. A weights file may say its own, by the metadata
 * nst.content_weight, nst.tv_weight, nst.content_layers and nst.style_layers, the last two written
 * as "relu1_1:0.3,relu4_1"; otherwise they are those that suit the VGG19 of Oxford. */
typedef struct nst_balance {
    float content_weight, tv_weight; /* at strength 50 */
    nst_layer_weight content_layers[NST_LAYER_MAX], style_layers[NST_LAYER_MAX];
    int content_layer_count, style_layer_count;
} nst_balance;

/* ---- model ------------------------------------------------------------------------- */

/* The network's weights, prepared for computing. Immutable once open, so that any number of
 * runs may share it. */
typedef struct nst_model nst_model;

/* Open a safetensors file of VGG19 or VGG16 weights, or with path NULL the model built into the
 * library. The file is memory-mapped for the time of the call and validated completely: NST_ERR_IO
 * when it cannot be read, NST_ERR_FORMAT when it is something else. Opening the first model makes
 * OpenBLAS use one thread in the whole process, since the threads here are the library's own. */
NST_API nst_status nst_model_open(const char *path, nst_model **out, nst_error *error);
/* The same for the bytes of such a file in memory. Nothing of them is needed afterwards. */
NST_API nst_status nst_model_open_memory(const void *data, size_t size, nst_model **out,
                                         nst_error *error);
NST_API void nst_model_close(nst_model *model); /* NULL is fine */

/* The safetensors file that is built into the library; *size is its bytes. It is not freed. */
NST_API const void *nst_bundled_data(size_t *size);

typedef struct nst_model_info {
    size_t struct_size;        /* bytes that were filled in */
    const char *network;       /* "VGG19" or "VGG16" */
    const char *dtype;         /* of the file's values, "F32", "F16" or "BF16"; else "mixed" */
    int layers;                /* 1 + the deepest layer, 1..16 */
    int widths[NST_LAYER_MAX]; /* output channels of each layer, 0 where there is none; a loss can
                                  use those that have some */
    int wide[NST_LAYER_MAX];   /* channels of a layer's wide tap, 0 where it has none: losses,
                                  nst_measure and nst_features_create look at these in place of
                                  the layer's own */
    int has_transform;         /* 0: the file says nothing, torchvision's transform is assumed */
    int pooling;               /* nst_pooling, MAX unless the file says otherwise */
    int is_bgr;                /* channel order the network expects */
    float scale;               /* network input = (scale * pixel - mean) / std, per channel, */
    float mean[3], std[3];     /*   in the channel order of the network */
    char source[256], license[256]; /* from the file, possibly cut or empty */
    nst_balance balance;
    int has_balance; /* the file says some of it */
} nst_model_info;

/* struct_size is sizeof(nst_model_info) as the caller knows it. Fields are only ever added at the
 * end; those that the library does not know are zero. The texts live as long as the library. */
NST_API void nst_model_describe(const nst_model *model, nst_model_info *out, size_t struct_size);

typedef struct nst_encode_options {
    int deepest;                  /* >= 0; layers after this one are left out */
    int half;                     /* F16 instead of F32 */
    const char *source, *license; /* NULL: as the model says */
} nst_encode_options;

/* The model as a safetensors file in memory: convolutions, input transform and pooling. *bytes is
 * the caller's, to be freed by free(). NST_ERR_FORMAT when a value is too large for F16. */
NST_API nst_status nst_model_encode(const nst_model *model, const nst_encode_options *options,
                                    unsigned char **bytes, size_t *size, nst_error *error);

/* ---- options ----------------------------------------------------------------------- */

typedef enum nst_optimizer { NST_OPTIMIZER_LBFGS = 0, NST_OPTIMIZER_ADAM } nst_optimizer;
typedef enum nst_init {
    NST_INIT_CONTENT = 0,
    NST_INIT_NOISE,
    NST_INIT_STYLE,
    NST_INIT_IMAGE
} nst_init;
typedef enum nst_pooling { NST_POOLING_MODEL = 0, NST_POOLING_MAX, NST_POOLING_AVG } nst_pooling;
/* Whose colors the result has: the style's; the content's, because only luminance is optimized; or
 * the content's on the whole, because the style images' colors are moved to them beforehand (Gatys
 * et al. 2016, Preserving Color in Neural Artistic Style Transfer). */
typedef enum nst_color { NST_COLOR_STYLE = 0, NST_COLOR_LUMA, NST_COLOR_MATCH } nst_color;
/* What is compared of style: Gram matrices; the same of features minus their means; or means and
 * covariances by the Wasserstein-2 distance between the normal distributions that have them (not
 * with NST_PRECISION_REPRODUCIBLE). */
typedef enum nst_style_stat {
    NST_STYLE_STAT_GRAM = 0,
    NST_STYLE_STAT_COVARIANCE,
    NST_STYLE_STAT_W2
} nst_style_stat;
/* How products are summed. SINGLE: as this processor does it fastest, in single precision.
 * REPRODUCIBLE: in an order of our own with fused multiplication, so that the bytes are the same on
 * any processor that has it (x86-64 with AVX2 and FMA, AArch64); about as fast there. FAST: layers
 * and their gradients by products of bfloat16 with sums in single; needs a processor with AMX. */
typedef enum nst_precision {
    NST_PRECISION_SINGLE = 0,
    NST_PRECISION_REPRODUCIBLE,
    NST_PRECISION_FAST
} nst_precision;
typedef enum nst_preset { NST_PRESET_DRAFT = 0, NST_PRESET_NORMAL, NST_PRESET_HIGH } nst_preset;

enum {
    NST_SIZE_MIN = 16,
    NST_SIZE_MAX = 32768,
    NST_ITERATIONS_MAX = 100000,
    NST_SCALES_MAX = 16,
    NST_THREADS_MAX = 256,
    NST_HISTORY_MAX = 100
};

/* A weight that is left to the model's balance. */
#define NST_BY_MODEL (-1.0f)

/* Ranges, and defaults in brackets. Weights may be as large as 1e9. */
typedef struct nst_options {
    size_t struct_size; /* set by nst_options_default */
    int size;           /* longest side of the result in pixels, aspect kept; [512]
                           NST_SIZE_MIN..NST_SIZE_MAX, 0 = the content's own size */
    int iterations;     /* at the finest scale; each evaluates the objective once; 0..100000 [38] */
    int coarse_iterations; /* at each coarser scale; 0..100000 [60] */
    int scales;            /* coarse-to-fine steps, each half the next; 1..16, 0 = by size [0] */
    int min_size;          /* with scales 0, no step has a longest side below this; 16..32768
                              [128] */
    float strength; /* how much of the painting: 0, more photo, to 100, more painting; decides what
                       the weights are that are left to the model [50] */
    float content_weight; /* of the losses, see nst_losses; >= 0 or [NST_BY_MODEL] */
    float style_weight;   /* >= 0 [1] */
    float tv_weight;      /* of total variation; >= 0 or [NST_BY_MODEL] */
    nst_layer_weight content_layers[NST_LAYER_MAX];
    int content_layer_count; /* 0: the model's [0] */
    nst_layer_weight style_layers[NST_LAYER_MAX];
    int style_layer_count; /* 0: the model's [0] */
    float style_scale;     /* size of the style's features relative to the result; 0.05..20 [1] */
    nst_style_stat style_stat; /* [NST_STYLE_STAT_GRAM] */
    nst_color color;           /* [NST_COLOR_STYLE] */
    nst_optimizer optimizer;   /* [NST_OPTIMIZER_LBFGS] */
    float learning_rate;       /* 0..100: Adam's step in units of rgb, or a factor of L-BFGS's first
                                  step; 0 = 0.02 for Adam, 1 for L-BFGS [0] */
    int history;               /* pairs that L-BFGS keeps; 1..100 [20] */
    nst_init init;             /* image the optimization starts from [NST_INIT_CONTENT] */
    uint64_t seed;             /* of NST_INIT_NOISE [0] */
    nst_precision precision;   /* [NST_PRECISION_SINGLE]; NST_ERR_ARGUMENT where the processor lacks
                                  what it needs */
    nst_pooling pooling;       /* [NST_POOLING_MODEL], what the weights file says */
    int threads;         /* 1..256, 0 = all cores this process may use; never changes the result
                            [0] */
    uint64_t max_memory; /* bytes that a run may use beside what the caller holds; 0 = 80 % of what
                            is free when it begins [0]. With little memory, activations are computed
                            again rather than kept, which changes nothing but the time; if that is
                            not enough, the run is refused */
} nst_options;

/* The defaults above, which are those of NST_PRESET_NORMAL. Fields are only ever added at the end
 * of the struct; one that a caller does not know has its default. */
NST_API void nst_options_init(nst_options *options, size_t struct_size);
static inline void nst_options_default(nst_options *options)
{
    nst_options_init(options, sizeof *options);
}

/* The same on the heap, for callers who do not know the struct; NULL when there is no memory. */
NST_API nst_options *nst_options_create(void);
NST_API void nst_options_destroy(nst_options *options); /* NULL is fine */

/* Set what a preset names and leave the rest: iterations and coarse_iterations 10 and 24 (draft),
 * 38 and 60 (normal), 100 and 150 (high), scales 0, L-BFGS with a history of 20. NST_ERR_ARGUMENT
 * when there is no such preset. */
NST_API nst_status nst_options_preset(nst_options *options, nst_preset preset);

/* The text of what is left to the model. */
#define NST_OPTION_BY_MODEL "model"

typedef enum nst_option_kind {
    NST_OPTION_INT,      /* a whole number, low..high */
    NST_OPTION_SIZE,     /* the same, or "full" */
    NST_OPTION_REAL,     /* a number, low..high, with a decimal point in every locale */
    NST_OPTION_WEIGHT,   /* the same, or NST_OPTION_BY_MODEL */
    NST_OPTION_STRENGTH, /* the same as REAL; leaves content-weight and tv-weight to the model */
    NST_OPTION_SEED,     /* a whole number, 0..2^64-1 */
    NST_OPTION_BYTES,    /* a size, as 800M or 1.5G: powers of 1024 */
    NST_OPTION_CHOICE,   /* one of the choices */
    NST_OPTION_LAYERS, /* relu4_2, or with weights relu3_1:1,relu4_2:0.5; or NST_OPTION_BY_MODEL */
    NST_OPTION_PRESET  /* one of the choices; sets other options and is not kept itself */
} nst_option_kind;

typedef struct nst_option_info {
    const char *name; /* "content-weight" */
    nst_option_kind kind;
    const char *value;          /* what it takes, in a word: "N", "F", "NAME" */
    const char *standard;       /* the default, as nst_options_set takes it */
    const char *help;           /* a line of English */
    double low, high;           /* of numbers */
    const char *const *choices; /* of CHOICE and PRESET; NULL ends them */
} nst_option_info;

/* The options by name, those of the program's command line among them. They are never freed. */
NST_API const nst_option_info *nst_option_info_at(int index); /* from 0; NULL past the last */
NST_API const nst_option_info *nst_option_info_find(const char *name); /* NULL when there is none */

/* Set an option from text. NST_ERR_ARGUMENT when there is no such option or the text is not a value
 * of it: the message begins with the name, and the options stay as they were. */
NST_API nst_status nst_options_set(nst_options *options, const char *name, const char *text,
                                   nst_error *error);

/* The text that nst_options_set would turn into the present value; empty for a preset. `size` bytes
 * are there for it: 512 hold any. */
NST_API nst_status nst_options_get(const nst_options *options, const char *name, char *text,
                                   size_t size, nst_error *error);

/* Put numbers where the options leave something to the model: what nst_stylize does itself, for
 * those who want to know, or to keep it for a run with the same result. */
NST_API void nst_options_resolve(nst_options *options, const nst_model *model);

/* Check every field against its range and, unless model is NULL, every layer with a weight against
 * what the model has; NST_ERR_ARGUMENT names the first that is wrong. */
NST_API nst_status nst_options_check(const nst_options *options, const nst_model *model,
                                     nst_error *error);

/* Size of the result for a content of this size: the longest side becomes options->size, the
 * other keeps the aspect, neither falls below 1. */
NST_API void nst_result_size(const nst_options *options, int content_width, int content_height,
                             int *width, int *height);

/* A scale of a run. */
typedef struct nst_level {
    int width, height;
    int iterations;
} nst_level;

/* The scales that a run goes through, coarse to fine; returns how many. None but the finest has a
 * side that is too short for the deepest layer or, when options->scales is 0, a longest side below
 * options->min_size. Options are such as nst_options_check takes, sizes >= 1; 0 for options of no
 * known size. */
NST_API int nst_result_levels(const nst_options *options, const nst_model *model, int content_width,
                              int content_height, nst_level levels[NST_SCALES_MAX]);

/* Size at which a run looks at a style of this size, where the result has this longest side:
 * style_scale times that side, and no side shorter than the deepest layer needs. A style that is
 * larger than at the finest scale can be resized beforehand. */
NST_API void nst_style_size(const nst_options *options, int longest, int style_width,
                            int style_height, int *width, int *height);

/* ---- regions ----------------------------------------------------------------------- */

/* A mask is an image in which each region has one flat color of its own, 2 to 8 of them, well
 * apart from each other (33 steps of 255 in some channel). Blurred edges and the noise of a JPEG
 * are fine: what is not flat belongs to the nearest region that is. Regions are numbered from 1,
 * from the darkest color to the brightest. */
enum { NST_REGIONS_MAX = 8 };

typedef struct nst_region {
    float rgb[3]; /* its color in the mask, 0..1 */
    double share; /* of the mask's area */
} nst_region;

/* The regions of a mask, as nst_stylize sees them; *count of them, region 1 first.
 * NST_ERR_ARGUMENT when the image is not a mask. */
NST_API nst_status nst_regions_find(const nst_image *mask, nst_region regions[NST_REGIONS_MAX],
                                    int *count, nst_error *error);

/* ---- stylizing --------------------------------------------------------------------- */

/* A style by handle, for callers who paint many pictures: its image, the mask that it may have, and
 * what runs measured of it. Later runs, and others at the same time, take it from there, so that a
 * style is measured once for each size and model instead of once for each run, to the same results.
 * It is kept for the last 32 of them, of styles in their own colors (NST_COLOR_STYLE) and without a
 * mask. Image and mask are not owned, and stay as they are while the handle lives; models that were
 * used with it stay open. */
typedef struct nst_style nst_style;

/* mask may be NULL. NST_ERR_ARGUMENT for an image or mask that has no pixels, or a value outside of
 * [0,1]. */
NST_API nst_status nst_style_create(const nst_image *image, const nst_image *mask, nst_style **out,
                                    nst_error *error);
NST_API void nst_style_destroy(nst_style *style); /* NULL is fine; no run has it any more */

/* What a run does beside its iterations, in this order; from WEIGHTS to ITERATIONS for each scale
 * that has iterations. */
typedef enum nst_phase {
    NST_PHASE_PICTURES = 0, /* checks the pictures, finds regions, moves colors, plans memory */
    NST_PHASE_WEIGHTS,      /* brings the weights into the form that it computes with, unless a run
                               with this model has done so before */
    NST_PHASE_STYLES,       /* measures a style, or takes it from its handle; once for each style
                               that has a weight, and not at all with a style_weight of 0 */
    NST_PHASE_CONTENT,      /* measures the content */
    NST_PHASE_ITERATIONS,
    NST_PHASE_RESULT /* makes the result of what was reached */
} nst_phase;

NST_API const char *nst_phase_name(nst_phase phase); /* "measuring the styles"; NULL for others */

/* What it tells when a phase begins. */
typedef struct nst_phase_info {
    nst_phase phase;
    int scale, scales; /* as in nst_progress; both 0 with NST_PHASE_PICTURES */
    int step, steps;   /* which of how many, from 1: of styles; else 1 and 1 */
    double seconds;    /* since nst_stylize was called */
} nst_phase_info;

/* Called from the calling thread. Non-zero stops the run, but for NST_PHASE_RESULT. */
typedef int (*nst_phase_fn)(void *user, const nst_phase_info *info);

/* Nothing here is owned; all of it stays as it is until the run is over. Fields are only ever added
 * at the end of the struct; one that a caller does not know is zero:
 *
 *     nst_inputs in = {.struct_size = sizeof in, .content = &photo, ...};
 *
 * With a content mask, each region takes the styles that are meant for it:
 * all of them, or those given its number; of a style with a mask of its own, the part that has the
 * same color as the region. Every region must end up with a style of positive weight, else
 * NST_ERR_ARGUMENT names it. */
typedef struct nst_inputs {
    size_t struct_size; /* sizeof(nst_inputs), else NST_ERR_ARGUMENT */
    const nst_image *content;
    const nst_image *styles;         /* style_count images; NULL with style_handles */
    nst_style *const *style_handles; /* style_count handles in place of styles and style_masks; or
                                        NULL */
    const float *style_weights;      /* style_count weights >= 0, only their ratios matter and not
                                        all are 0; or NULL for equal ones */
    int style_count;                 /* >= 1 */
    const nst_image *init;           /* for NST_INIT_IMAGE, resized to fit; else ignored */
    const nst_image *content_mask;   /* shaped like the content, of any size; NULL: no regions */
    const nst_image *style_masks; /* style_count masks shaped like their styles, an empty image for
                                     a style without; or NULL. Only with a content mask */
    const int *style_regions;     /* style_count numbers of regions, 0 for all; or NULL. Only with a
                                     content mask */
    const nst_cancel *cancel;     /* stops the run, or NULL */
    nst_phase_fn on_phase;        /* called when a phase of the run begins, or NULL */
    void *phase_user;             /* handed to it */
} nst_inputs;

/* How a run would use memory at its finest scale, which needs the most. */
typedef struct nst_memory {
    uint64_t needed, limit; /* bytes */
    int recompute; /* activations are computed again in bands, at about 1.4 times the work */
} nst_memory;

/* Decide that from sizes: images may come without pixels, and only a content mask's are looked at,
 * to count its regions. Fails with NST_ERR_MEMORY when nothing fits, naming the largest size that
 * would, and the longest history with which this one would; *out then is the last attempt. options
 * must be such as nst_options_check takes. */
NST_API nst_status nst_plan_memory(const nst_model *model, const nst_inputs *inputs,
                                   const nst_options *options, nst_memory *out, nst_error *error);

/* The losses of an iteration before their weights: content and style as in nst_measurement,
 * averaged over the layers by their weights, and tv; and the sum by content_weight, style_weight
 * and tv_weight, which is minimized. */
typedef struct nst_losses {
    double content, style, tv, total;
} nst_losses;

/* What a run tells of itself after an iteration. */
typedef struct nst_progress {
    int scale, scales;         /* 0-based, coarse to fine */
    int width, height;         /* of this scale */
    int iteration, iterations; /* done, and to do, at this scale; iteration >= 1 */
    int iterations_done;       /* over all scales */
    double fraction;           /* of the whole run by expected work, 0..1 */
    double seconds;            /* since nst_stylize was called */
    double seconds_left;       /* estimate; negative while there is none */
    nst_losses losses;         /* at the point just evaluated */
    const float *rgb;          /* [3][height][width], that point; valid during the call */
} nst_progress;

/* Called after every iteration, from the calling thread; nothing of *progress is valid afterwards.
 * Non-zero stops the run. */
typedef int (*nst_progress_fn)(void *user, const nst_progress *progress);

/* Run: checks options and inputs, then plans memory, then optimizes. hook may be NULL; user is
 * handed to it. On NST_OK *result is a new image of nst_result_size, to be freed by
 * nst_image_destroy, without alpha, every value in [0,1]; on NST_STOPPED it is the same of what was
 * reached so far, or untouched when the first iteration had not ended; otherwise it is untouched.
 * The losses of the result go to *final when that is not NULL: as it was at the last scale that was
 * worked at, zero when there was none. Only when an nst_cancel stops Adam, they are those of its
 * last iterate, since evaluating the average that it returns would take an iteration.
 * NST_ERR_ARGUMENT names an option, a region or an image that is too small for a layer,
 * NST_ERR_NUMERIC says that losses or gradients were not finite. */
NST_API nst_status nst_stylize(const nst_model *model, const nst_inputs *inputs,
                               const nst_options *options, nst_progress_fn hook, void *user,
                               nst_image *result, nst_losses *final, nst_error *error);

/* A session: many runs with one model. A run leaves the memory that it worked in, all but its
 * pictures, to the next, which is spared of asking the system for it. Styles by handle (nst_style)
 * spare it of measuring them. The results are those of nst_stylize, byte for byte. Any number of
 * threads may run in one session at the same time; it keeps as many pieces of memory as runs were
 * at work at once. */
typedef struct nst_session nst_session;

/* The model stays open as long as the session lives. */
NST_API nst_status nst_session_create(const nst_model *model, nst_session **out, nst_error *error);
NST_API void nst_session_destroy(nst_session *session); /* NULL is fine; no run is in it any more */

/* nst_stylize with the session's model. After an error or a stop the session can be used as before.
 * The memory that it takes over counts as free when the run is planned, and never makes a run need
 * more than it would alone. */
NST_API nst_status nst_session_stylize(nst_session *session, const nst_inputs *inputs,
                                       const nst_options *options, nst_progress_fn hook, void *user,
                                       nst_image *result, nst_losses *final, nst_error *error);

/* Bytes that are kept for later runs; what runs at work have is not counted. */
NST_API uint64_t nst_session_bytes(nst_session *session); /* NULL: 0 */
/* Give them back to the system: at any time, from any thread. */
NST_API void nst_session_trim(nst_session *session); /* NULL is fine */

/* ---- stylizing without structs ------------------------------------------------------ */

/* What is left of a run, from the calling thread after each iteration: the fraction that is done,
 * 0..1, and an estimate of the seconds to come, negative while there is none. Non-zero stops it. */
typedef int (*nst_paint_fn)(void *user, double fraction, double seconds_left);

/* nst_stylize with one style, for languages that call a library's functions but do not read this
 * header. Pictures are bytes, RGBRGB... from the upper left to the lower right, without gaps;
 * `result` has room for one of the size that nst_result_size says. Options come from
 * nst_options_create, and an nst_error is 4 bytes of status and 512 of message, zero before the
 * first call. hook and cancel may be NULL.
 *
 * On NST_STOPPED the result is what was reached so far. It is untouched when the first iteration
 * had not ended, and after an error. */
NST_API nst_status nst_paint(const nst_model *model, const nst_options *options,
                             const unsigned char *content, int content_width, int content_height,
                             const unsigned char *style, int style_width, int style_height,
                             unsigned char *result, nst_paint_fn hook, void *user,
                             const nst_cancel *cancel, nst_error *error);

/* ---- looking and measuring --------------------------------------------------------- */

/* How far a picture is from a content and from a style, layer by layer, by the definitions of the
 * losses: F the picture's features, P the content's, G and A the Gram matrices of the picture and
 * of the style. Layers that were not asked for stay zero. */
typedef struct nst_measurement {
    double content[NST_LAYER_MAX]; /* |F - P|^2 / |P|^2 */
    double style[NST_LAYER_MAX];   /* |G - A|^2 / |A|^2 */
    double tv;                     /* mean of squared forward differences of the pixels */
} nst_measurement;

/* Measure at the layers whose bits are set in `layers` (1u << layer), at least one, each of them
 * in the model. Images are looked at as they are: content has the picture's size, the style any;
 * each side is at least 1, 2, 4, 8 or 16 pixels for layers up to relu1_x, 2_x, 3_x, 4_x or 5_x.
 * NST_ERR_ARGUMENT for another size or layer. threads as in nst_options. */
NST_API nst_status nst_measure(const nst_model *model, const nst_image *picture,
                               const nst_image *content, const nst_image *style, unsigned layers,
                               int threads, nst_measurement *out, nst_error *error);

/* Bytes that looking at an image of this size at these layers takes at its peak, about, beside the
 * image and the model: its features, and what it takes to come by them. nst_measure looks at two
 * images at a time, nst_basis_add and nst_measure_effectiveness at one, at the five layers of a
 * basis; nst_features_create holds its result beside. 0 for what those refuse. threads as in
 * nst_options. */
NST_API uint64_t nst_look_bytes(const nst_model *model, int width, int height, unsigned layers,
                                int threads);

/* Bytes that the model keeps from the first look at such layers on. */
NST_API uint64_t nst_look_model_bytes(const nst_model *model, unsigned layers);

/* How well people would find a style transferred: the E statistic of Yeh, Tang, Bhattad, Zou and
 * Forsyth 2020, Improving Style Transfer with Calibrated Metrics, whose factors come from people's
 * choices. At each layer the features of the picture and of the style are taken for normal
 * distributions; l[i] is minus the logarithm of the Kullback-Leibler divergence between them, after
 * both were projected on the main directions in which the features of photographs vary: a basis,
 * of at most 32, 48, 128, 256 and 256 directions at relu1_1, relu2_1, relu3_1, relu4_1, relu5_1. */
enum { NST_BASIS_LAYERS = 5 };

typedef struct nst_effectiveness {
    double layers[NST_BASIS_LAYERS]; /* higher is nearer to the style. NAN where a distribution is
                                        flat: few pixels or few colors */
    double total;                    /* E = 0.7468 l[0] + 0.2557 l[1] + 2.3768 l[2], or NAN */
} nst_effectiveness;

/* Belongs to one model, which stays open as long as it lives. */
typedef struct nst_basis nst_basis;

/* Learn one: begin, add photographs, at the size at which pictures will be measured, then write it
 * as the bytes of a file, to be freed. NST_ERR_ARGUMENT when the model lacks one of the layers, a
 * photo is too small for relu5_1, or there is nothing in the photos. */
NST_API nst_status nst_basis_begin(const nst_model *model, nst_basis **out, nst_error *error);
NST_API nst_status nst_basis_add(nst_basis *basis, const nst_image *photo, int threads,
                                 nst_error *error);
NST_API nst_status nst_basis_encode(const nst_basis *basis, unsigned char **bytes, size_t *size,
                                    nst_error *error);

/* Open such a file. NST_ERR_FORMAT when it is none, or one of another model. */
NST_API nst_status nst_basis_open(const char *path, const nst_model *model, nst_basis **out,
                                  nst_error *error);
NST_API void nst_basis_close(nst_basis *basis); /* NULL is fine */

/* The basis comes from nst_basis_open. Images may have any size that relu5_1 can see. */
NST_API nst_status nst_measure_effectiveness(const nst_basis *basis, const nst_image *picture,
                                             const nst_image *style, int threads,
                                             nst_effectiveness *out, nst_error *error);

/* What the network sees in an image at one layer, after the ReLU. */
typedef struct nst_features {
    int channels, width,
        height;  /* the image's sides, halved by each pooling before it, rounded down */
    float *maps; /* [channels][height][width], owned */
    float *gram; /* [channels][channels] = F F^T / (width height), owned */
} nst_features;

/* Images, layers, threads and errors as for nst_measure. */
NST_API nst_status nst_features_create(const nst_model *model, const nst_image *image, int layer,
                                       int threads, nst_features *out, nst_error *error);
NST_API void nst_features_destroy(nst_features *features); /* NULL and zeroed ones are fine */

#ifdef __cplusplus
}
#endif
#endif
