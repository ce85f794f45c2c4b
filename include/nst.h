/* nst: neural style transfer by optimizing the pixels of an image.
 *
 * This is the whole public interface. The library never prints, never exits and keeps no mutable
 * globals. A run depends on its arguments only, so the same call gives the same bytes again, with
 * any number of threads.
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
 * Pointers must not be NULL unless a comment allows it; an nst_error may always be NULL. A const
 * object is only read, and several threads may use it at a time. A function that fails leaves its
 * results as they were, unless its comment says otherwise. Every function that returns nst_status
 * may fail with NST_ERR_MEMORY; comments name other errors where they are not obvious.
 *
 * Threads. Several threads may call all functions at a time, with different objects or objects that
 * are only read: runs may share a model, a session, styles by handle, options, images and an
 * nst_cancel. A run starts options.threads - 1 helper threads, or fewer when the system gives no
 * more. They block signals and end before the call returns. Hooks are called from the calling
 * thread, and may call the library.
 *
 * Fork. A forked process may use everything that was made before, such as models, sessions and
 * styles, unless another thread was inside the library during the fork; then it may only exec.
 *
 * What changes in the process: opening the first model makes OpenBLAS use one thread, for the
 * application too. Locale, signal handlers, environment and working folder stay as they are.
 *
 * Structs. nst_options, nst_inputs and nst_model_info contain their size and may get more fields at
 * the end. So may structs to which the library hands out pointers: nst_progress, nst_phase_info and
 * nst_option_info. The others do not change while the library's soname stays the same.
 *
 * The same bytes as the program. A run needs pictures at the size that nst_result_size or
 * nst_style_size says. When a picture's longest side is at least four times as long, the program
 * averages squares of its pixels while it reads the file, and resizes the rest of the way. A
 * library that gets the whole picture resizes it in one step, with slightly different values. So a
 * caller gets the program's bytes for smaller pictures, and for pictures that are reduced in the
 * same way.
 *
 * Method: Gatys, Ecker and Bethge 2016, Image Style Transfer Using Convolutional Neural Networks,
 * with relative losses, so that the same weights suit every model, layer and resolution. */
#ifndef NST_H
#define NST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NST_VERSION "0.1.0"

/* Marks what the library exports. */
#if defined(__GNUC__)
#define NST_API __attribute__((visibility("default")))
#else
#define NST_API
#endif

/* The version of the library that is loaded. NST_VERSION is that of this header, and may be
 * older. */
NST_API const char *nst_version(void);

/* ---- status and errors ------------------------------------------------------------- */

typedef enum nst_status {
    NST_OK = 0,
    NST_STOPPED,      /* the progress hook or an nst_cancel asked to stop */
    NST_ERR_ARGUMENT, /* an option, size or layer outside its documented range */
    NST_ERR_MEMORY,   /* out of memory, or a plan that would not fit */
    NST_ERR_IO,       /* a file could not be opened, read or written */
    NST_ERR_FORMAT,   /* a file has a wrong or damaged format */
    NST_ERR_NUMERIC   /* a loss or gradient is not finite */
} nst_status;

/* Owned by the caller, zero-initialized. The first error wins: a function given an error that
 * already holds one leaves the text alone. The message is one line without a final newline and
 * names the file, tensor or option concerned. */
typedef struct nst_error {
    nst_status status;
    char message[512];
} nst_error;

/* ---- cancelling -------------------------------------------------------------------- */

/* Stops a run from another thread or from a signal handler: nst_stylize checks it while it
 * computes, and returns NST_STOPPED within a fraction of a second at any size. */
typedef struct nst_cancel nst_cancel;

NST_API nst_status nst_cancel_create(nst_cancel **out, nst_error *error);
NST_API void nst_cancel_destroy(nst_cancel *cancel); /* NULL is fine; no run may still use it */

/* Stop runs with this handle, present ones and those that begin before it is reset. Safe from any
 * thread and in a signal handler; NULL is fine. */
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

/* ---- pixels in other orders -------------------------------------------------------- */

typedef enum nst_pixel_kind {
    NST_PIXEL_U8 = 0, /* 0..255, each value of 8 bits */
    NST_PIXEL_F32     /* float, 0..1, at any address */
} nst_pixel_kind;

/* sRGB in the caller's memory, in any regular order: the value of a channel of pixel (x, y),
 * counted from 0 at the upper left, lies at
 *
 *     (char *)data + y * row_stride + x * pixel_stride + channel * channel_stride
 *
 * Strides are in bytes. They may be negative (rows upside down, BGR), and 0 in pixels that are only
 * read. They are those of a NumPy array of shape (height, width, channels). */
typedef struct nst_pixels {
    void *data;
    int width, height; /* >= 1 */
    int channels;      /* 1: grey, for reading only; 3: RGB; 4: RGB and alpha, not premultiplied */
    nst_pixel_kind kind;
    ptrdiff_t row_stride, pixel_stride, channel_stride;
} nst_pixels;

/* Pixel by pixel, as RGBRGB..., or channel by channel, without gaps. */
NST_API nst_pixels nst_pixels_interleaved(void *data, int width, int height, int channels,
                                          nst_pixel_kind kind);
NST_API nst_pixels nst_pixels_planar(void *data, int width, int height, int channels,
                                     nst_pixel_kind kind);

/* Make an image of these pixels, to be freed by nst_image_destroy. The pixels are copied.
 * NST_ERR_ARGUMENT for a field outside of its range, or a float outside of [0,1]. */
NST_API nst_status nst_image_from_pixels(const nst_pixels *pixels, nst_image *out,
                                         nst_error *error);

/* Copy an image to pixels. Bytes are rounded to the nearest, as in the program's files; without
 * alpha in the image it is 1. NST_ERR_ARGUMENT for another size than the image's, for 1 channel,
 * and as above; then nothing is written. */
NST_API nst_status nst_image_to_pixels(const nst_image *image, const nst_pixels *pixels,
                                       nst_error *error);

/* ---- layers ------------------------------------------------------------------------ */

/* The layers of VGG19 that a loss can use, in network order: 0 is relu1_1, 15 is relu5_4. VGG16 has
 * all of them except relu3_4, relu4_4 and relu5_4. */
enum { NST_LAYER_MAX = 16 };

NST_API const char *nst_layer_name(int layer); /* "relu4_2"; NULL outside 0..NST_LAYER_MAX-1 */
NST_API int nst_layer_find(const char *name);  /* the reverse; -1 when there is no such layer */

typedef struct nst_layer_weight {
    int layer;    /* 0..NST_LAYER_MAX-1, each at most once in a list */
    float weight; /* >= 0; a list is normalized to sum 1, so it must not be all zero */
} nst_layer_weight;

/* The weights and layers of the losses that look best with a network: content and total variation
 * relative to a style weight of 1, and the layers that are compared. A weights file may contain its
 * own, in the metadata nst.content_weight, nst.tv_weight, nst.content_layers and nst.style_layers,
 * the last two written as "relu1_1:0.3,relu4_1". Otherwise they are those for the VGG19 of
 * Oxford. */
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
 * library. The file is memory-mapped during the call and validated completely: NST_ERR_IO when it
 * cannot be read, NST_ERR_FORMAT when it is no such file. Opening the first model makes OpenBLAS
 * use one thread in the whole process, because the library starts its own threads. */
NST_API nst_status nst_model_open(const char *path, nst_model **out, nst_error *error);
/* The same for the bytes of such a file in memory, which are copied. */
NST_API nst_status nst_model_open_memory(const void *data, size_t size, nst_model **out,
                                         nst_error *error);
NST_API void nst_model_close(nst_model *model); /* NULL is fine */

/* The bytes of the safetensors file that is built into the library; *size is their number. They are
 * not freed. */
NST_API const void *nst_bundled_data(size_t *size);

typedef struct nst_model_info {
    size_t struct_size;             /* bytes that were filled in */
    const char *network;            /* "VGG19" or "VGG16" */
    const char *dtype;              /* of the file's values, "F32", "F16" or "BF16"; else "mixed" */
    int layers;                     /* 1 + the deepest layer, 1..16 */
    int widths[NST_LAYER_MAX];      /* output channels of each layer; 0 when the model lacks it, and
                                       losses cannot use it */
    int wide[NST_LAYER_MAX];        /* channels of a layer's wide tap, 0 where it has none: losses,
                                       nst_measure and nst_features_create use these in place of the
                                       layer's own */
    int has_transform;              /* 0: the file has none, torchvision's transform is assumed */
    int pooling;                    /* nst_pooling, MAX unless the file says otherwise */
    int is_bgr;                     /* channel order the network expects */
    float scale;                    /* network input = (scale * pixel - mean) / std, per channel, */
    float mean[3], std[3];          /*   in the channel order of the network */
    char source[256], license[256]; /* from the file, possibly cut or empty */
    nst_balance balance;
    int has_balance; /* whether some of it is from the file */
} nst_model_info;

/* struct_size is the caller's sizeof(nst_model_info). New fields are added at the end only; those
 * that the library does not know are zero. Texts are valid as long as the library is loaded. */
NST_API void nst_model_describe(const nst_model *model, nst_model_info *out, size_t struct_size);

typedef struct nst_encode_options {
    int deepest;                  /* >= 0; layers after this one are left out */
    int half;                     /* F16 instead of F32 */
    const char *source, *license; /* NULL: those of the model */
} nst_encode_options;

/* Encode the model as a safetensors file in memory: convolutions, input transform and pooling. The
 * caller frees *bytes by free(). NST_ERR_FORMAT when a value is too large for F16. */
NST_API nst_status nst_model_encode(const nst_model *model, const nst_encode_options *options,
                                    unsigned char **bytes, size_t *size, nst_error *error);

/* ---- options ----------------------------------------------------------------------- */

typedef enum nst_optimizer { NST_OPTIMIZER_LBFGS = 0, NST_OPTIMIZER_ADAM } nst_optimizer;
typedef enum nst_init {
    NST_INIT_CONTENT = 0,
    NST_INIT_NOISE,
    NST_INIT_STYLE,
    NST_INIT_IMAGE,
    NST_INIT_COLORS /* the content, its colors shifted to those of the styles */
} nst_init;
typedef enum nst_pooling { NST_POOLING_MODEL = 0, NST_POOLING_MAX, NST_POOLING_AVG } nst_pooling;
/* The colors of the result. STYLE: those of the style. LUMA: only luminance is optimized, and
 * colors are the content's. MATCH: the styles' colors are shifted to the content's before (Gatys et
 * al. 2016, Preserving Color in Neural Artistic Style Transfer). */
typedef enum nst_color { NST_COLOR_STYLE = 0, NST_COLOR_LUMA, NST_COLOR_MATCH } nst_color;
/* The style statistic. GRAM: Gram matrices of the features. COVARIANCE: the same, of features minus
 * their means. W2: means and covariances, compared by the Wasserstein-2 distance between normal
 * distributions with these (not with NST_PRECISION_REPRODUCIBLE). */
typedef enum nst_style_stat {
    NST_STYLE_STAT_GRAM = 0,
    NST_STYLE_STAT_COVARIANCE,
    NST_STYLE_STAT_W2
} nst_style_stat;
/* How products are summed. SINGLE: the fastest way on this processor, in single precision.
 * REPRODUCIBLE: in a fixed order with fused multiplication, so that the bytes are the same on every
 * processor that has it (x86-64 with AVX2 and FMA, AArch64), and about as fast. FAST: layers and
 * their gradients by products of bfloat16 with sums in single precision; needs a processor with
 * AMX. */
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

/* The value of a weight that comes from the model's balance. */
#define NST_BY_MODEL (-1.0f)

/* Ranges, and defaults in brackets. Weights may be as large as 1e9. */
typedef struct nst_options {
    size_t struct_size; /* set by nst_options_default */
    int size;           /* longest side of the result in pixels, aspect kept; [512]
                           NST_SIZE_MIN..NST_SIZE_MAX, 0 = the content's own size */
    int iterations;     /* at the finest scale; each evaluates the objective once; 0..100000 [34] */
    int coarse_iterations; /* at each coarser scale; 0..100000 [54] */
    int scales;     /* sizes from coarse to fine, each half of the next; 1..16, 0 = by size [0] */
    int min_size;   /* with scales 0, no scale has a longest side below this; 16..32768 [128] */
    float strength; /* 0, more photo, to 100, more painting; sets the weights that are NST_BY_MODEL
                       [50] */
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
    nst_init init;             /* image the optimization starts from [NST_INIT_COLORS] */
    uint64_t seed;             /* of NST_INIT_NOISE [0] */
    nst_precision precision;   /* [NST_PRECISION_SINGLE]; NST_ERR_ARGUMENT when the processor cannot
                                  do it */
    nst_pooling pooling;       /* [NST_POOLING_MODEL]: as the weights file says */
    int threads; /* 1..256, 0 = all cores that this process may use; never changes the result [0] */
    uint64_t max_memory; /* bytes that a run may use beside the caller's own; 0 = 80 % of the memory
                            that is free when it begins [0]. With little memory, activations are
                            computed again instead of kept, which changes only the time; if that is
                            not enough, the run is refused */
} nst_options;

/* Set the defaults above, which are those of NST_PRESET_NORMAL. New fields are added at the end
 * only; those that the caller's struct lacks have their defaults. */
NST_API void nst_options_init(nst_options *options, size_t struct_size);
static inline void nst_options_default(nst_options *options)
{
    nst_options_init(options, sizeof *options);
}

/* The same on the heap, for callers who do not know the struct; NULL when memory runs out. */
NST_API nst_options *nst_options_create(void);
NST_API void nst_options_destroy(nst_options *options); /* NULL is fine */

/* Set the fields of a preset and leave the others: iterations and coarse_iterations 9 and 20
 * (draft), 34 and 54 (normal), 100 and 150 (high), scales 0, L-BFGS with a history of 20.
 * NST_ERR_ARGUMENT when there is no such preset. */
NST_API nst_status nst_options_preset(nst_options *options, nst_preset preset);

/* The text of NST_BY_MODEL and of layers that come from the model. */
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
    const char *value;          /* a word for its value: "N", "F", "NAME" */
    const char *standard;       /* the default, as nst_options_set takes it */
    const char *help;           /* a line of English */
    double low, high;           /* of numbers */
    const char *const *choices; /* of CHOICE and PRESET; NULL ends them */
} nst_option_info;

/* The options by name, as on the program's command line. They are not freed. */
NST_API const nst_option_info *nst_option_info_at(int index); /* from 0; NULL past the last */
NST_API const nst_option_info *nst_option_info_find(const char *name); /* NULL when there is none */

/* Set an option from text. NST_ERR_ARGUMENT when there is no such option or the text is no value of
 * it; the message begins with the name, and the options stay as they were. */
NST_API nst_status nst_options_set(nst_options *options, const char *name, const char *text,
                                   nst_error *error);

/* The present value as text, as nst_options_set takes it; empty for a preset. text has `size`
 * bytes; 512 are always enough. */
NST_API nst_status nst_options_get(const nst_options *options, const char *name, char *text,
                                   size_t size, nst_error *error);

/* Replace NST_BY_MODEL and empty layer lists by the model's values. nst_stylize does so itself;
 * this is for callers who want to know or store them. */
NST_API void nst_options_resolve(nst_options *options, const nst_model *model);

/* Check that every field is in its range and, unless model is NULL, that the model has every layer
 * with a weight. NST_ERR_ARGUMENT names the first fault. */
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

/* The scales of a run, from coarse to fine; returns their number. Only the finest may have a side
 * that is too short for the deepest layer or, when options->scales is 0, a longest side below
 * options->min_size. Options must pass nst_options_check, and sizes be >= 1. Returns 0 when the
 * struct size of options is unknown. */
NST_API int nst_result_levels(const nst_options *options, const nst_model *model, int content_width,
                              int content_height, nst_level levels[NST_SCALES_MAX]);

/* The size at which a run measures a style, when the result has this longest side: style_scale
 * times that side, and no side shorter than the deepest layer needs. A style that is larger than at
 * the finest scale can be resized before. */
NST_API void nst_style_size(const nst_options *options, int longest, int style_width,
                            int style_height, int *width, int *height);

/* ---- regions ----------------------------------------------------------------------- */

/* A mask is an image with 2 to 8 regions, each of one flat color. The colors differ by at least 33
 * steps of 255 in some channel. Blurred edges and the noise of a JPEG are fine: pixels that are not
 * flat belong to the nearest flat region. Regions are numbered from 1, from the darkest color to
 * the brightest. */
enum { NST_REGIONS_MAX = 8 };

typedef struct nst_region {
    float rgb[3]; /* its color in the mask, 0..1 */
    double share; /* of the mask's area */
} nst_region;

/* Find the *count regions of a mask, as nst_stylize does; region 1 comes first. NST_ERR_ARGUMENT
 * when the image is not a mask. */
NST_API nst_status nst_regions_find(const nst_image *mask, nst_region regions[NST_REGIONS_MAX],
                                    int *count, nst_error *error);

/* ---- stylizing --------------------------------------------------------------------- */

/* A style by handle, for callers who paint many pictures: its image, its mask if it has one, and
 * the matrices that runs measured. Other runs use these matrices again, so that a style is measured
 * once for each size and model instead of once for each run. Results are the same. Matrices are
 * kept for the last 32 combinations of size, model and layers, for styles in their own colors
 * (NST_COLOR_STYLE) and without a mask. Image and mask are not owned and must not change while the
 * handle exists; models that were used with it must stay open. */
typedef struct nst_style nst_style;

/* mask may be NULL. NST_ERR_ARGUMENT for an image or mask that has no pixels, or a value outside of
 * [0,1]. */
NST_API nst_status nst_style_create(const nst_image *image, const nst_image *mask, nst_style **out,
                                    nst_error *error);
NST_API void nst_style_destroy(nst_style *style); /* NULL is fine; no run may still use it */

/* The phases of a run, in this order; WEIGHTS to ITERATIONS come again for each scale that has
 * iterations. */
typedef enum nst_phase {
    NST_PHASE_PICTURES = 0, /* checks the pictures, finds regions, shifts colors, plans memory */
    NST_PHASE_WEIGHTS, /* prepares the weights for computing, unless a run with this model has done
                          so before */
    NST_PHASE_STYLES,  /* measures a style, or takes its matrices from its handle; once for each
                          style with a weight, and not with a style_weight of 0 */
    NST_PHASE_CONTENT, /* measures the content */
    NST_PHASE_ITERATIONS,
    NST_PHASE_RESULT /* makes the result */
} nst_phase;

NST_API const char *nst_phase_name(nst_phase phase); /* "measuring the styles"; NULL for others */

/* What a hook is told when a phase begins. */
typedef struct nst_phase_info {
    nst_phase phase;
    int scale, scales; /* as in nst_progress; both 0 with NST_PHASE_PICTURES */
    int step, steps;   /* which of how many, from 1: of styles; else 1 and 1 */
    double seconds;    /* since nst_stylize was called */
} nst_phase_info;

/* Called from the calling thread. Non-zero stops the run, except in NST_PHASE_RESULT. */
typedef int (*nst_phase_fn)(void *user, const nst_phase_info *info);

/* Where the caller keeps bytes by name from one process to the next: what was measured of styles.
 * The 64 hexadecimal digits of a name stand for everything that the bytes depend on, the version
 * included. Both functions are called from the thread that calls nst_stylize. */
typedef struct nst_style_store {
    /* Fill in bytes[size] as they were saved; else return 0, whatever is in bytes then. */
    int (*load)(void *user, const char *name, void *bytes, size_t size);
    void (*save)(void *user, const char *name, const void *bytes, size_t size);
    void *user;
} nst_style_store;

/* Nothing here is owned, and nothing may change until the run has ended. New fields are added at
 * the end only; those that the caller's struct lacks are zero:
 *
 *     nst_inputs in = {.struct_size = sizeof in, .content = &photo, ...};
 *
 * With a content mask, each region is painted in the styles with its number or with none. Of a
 * style with a mask of its own, only the part that has the region's color is used. Every region
 * needs a style of positive weight, else NST_ERR_ARGUMENT names it. */
typedef struct nst_inputs {
    size_t struct_size; /* sizeof(nst_inputs), else NST_ERR_ARGUMENT */
    const nst_image *content;
    const nst_image *styles;         /* style_count images; NULL with style_handles */
    nst_style *const *style_handles; /* style_count handles in place of styles and style_masks; or
                                        NULL */
    const float *style_weights;    /* style_count weights >= 0, not all 0, of which only the ratios
                                      matter; or NULL for equal ones */
    int style_count;               /* >= 1 */
    const nst_image *init;         /* for NST_INIT_IMAGE, resized to fit; else ignored */
    const nst_image *content_mask; /* shaped like the content, of any size; NULL: no regions */
    const nst_image *style_masks;  /* style_count masks shaped like their styles, an empty image for
                                      a style without; or NULL. Only with a content mask */
    const int *style_regions; /* style_count numbers of regions, 0 for all; or NULL. Only with a
                                 content mask */
    const nst_cancel *cancel; /* may stop the run; or NULL */
    nst_phase_fn on_phase;    /* called when a phase of the run begins, or NULL */
    void *phase_user;         /* handed to it */
    const nst_style_store *style_store; /* of what is measured of styles by handle without a mask,
                                           or NULL. Changes no result */
} nst_inputs;

/* How a run would use memory at its finest scale, which needs the most. */
typedef struct nst_memory {
    uint64_t needed, limit; /* bytes */
    int recompute; /* activations are computed again in bands, at about 1.4 times the work */
} nst_memory;

/* Plan the memory of a run from sizes. Images may come without pixels; only a content mask's are
 * read, to count its regions. NST_ERR_MEMORY when nothing fits: the message names the largest size
 * that would fit, and the longest history with which this size would; *out is then the last
 * attempt. options must pass nst_options_check. */
NST_API nst_status nst_plan_memory(const nst_model *model, const nst_inputs *inputs,
                                   const nst_options *options, nst_memory *out, nst_error *error);

/* The losses of an iteration. content and style are as in nst_measurement, averaged over the layers
 * by their weights; total is the sum of content, style and tv times content_weight, style_weight
 * and tv_weight, which is minimized. */
typedef struct nst_losses {
    double content, style, tv, total;
} nst_losses;

/* What a hook is told after an iteration. */
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

/* Called after every iteration, from the calling thread; *progress is valid during the call only.
 * Non-zero stops the run. */
typedef int (*nst_progress_fn)(void *user, const nst_progress *progress);

/* Run: checks options and inputs, then plans memory, then optimizes. hook may be NULL; user is
 * handed to it. On NST_OK *result is a new image of nst_result_size, to be freed by
 * nst_image_destroy, without alpha, every value in [0,1]; on NST_STOPPED it is the picture so far,
 * or untouched when the first iteration had not ended; otherwise it is untouched. *final, which may
 * be NULL, becomes the losses of the result at the last scale that was worked at, zero when there
 * was none. When an nst_cancel stops Adam, they are those of its last iterate, because evaluating
 * the average that it returns would take an iteration. NST_ERR_ARGUMENT names an option, a region
 * or an image that is too small for a layer, NST_ERR_NUMERIC says that losses or gradients were not
 * finite. */
NST_API nst_status nst_stylize(const nst_model *model, const nst_inputs *inputs,
                               const nst_options *options, nst_progress_fn hook, void *user,
                               nst_image *result, nst_losses *final, nst_error *error);

/* A session: many runs with one model. A run leaves its working memory, without its pictures, to
 * the next one, which then need not ask the system for it. Together with styles by handle
 * (nst_style) this makes later runs begin sooner. Results are those of nst_stylize, byte for byte.
 * Several threads may use one session at a time; it keeps as many pieces of memory as there were
 * runs at once. */
typedef struct nst_session nst_session;

/* The model must stay open as long as the session exists. */
NST_API nst_status nst_session_create(const nst_model *model, nst_session **out, nst_error *error);
NST_API void nst_session_destroy(nst_session *session); /* NULL is fine; no run may still use it */

/* nst_stylize with the session's model. After an error or a stop the session can be used as before.
 * The memory that is left counts as free when a run is planned, and a run never takes more than it
 * would alone. */
NST_API nst_status nst_session_stylize(nst_session *session, const nst_inputs *inputs,
                                       const nst_options *options, nst_progress_fn hook, void *user,
                                       nst_image *result, nst_losses *final, nst_error *error);

/* Bytes that are kept for later runs; memory of runs in progress is not counted. */
NST_API uint64_t nst_session_bytes(nst_session *session); /* NULL: 0 */
/* Give them back to the system. Any thread may call this at any time. */
NST_API void nst_session_trim(nst_session *session); /* NULL is fine */

/* ---- stylizing without structs ------------------------------------------------------ */

/* Called after each iteration, from the calling thread: the fraction of the run that is done, 0..1,
 * and an estimate of the seconds left, negative while there is none. Non-zero stops the run. */
typedef int (*nst_paint_fn)(void *user, double fraction, double seconds_left);

/* nst_stylize with one style, for languages that call C functions but do not read this header.
 * Pictures are bytes, RGBRGB... from the upper left to the lower right, without gaps; `result` has
 * room for a picture of the size that nst_result_size says. Options come from nst_options_create.
 * An nst_error is 4 bytes of status and 512 of message, all zero before the first call. hook and
 * cancel may be NULL.
 *
 * On NST_STOPPED the result is the picture so far. It is untouched when the first iteration had not
 * ended, and after an error. */
NST_API nst_status nst_paint(const nst_model *model, const nst_options *options,
                             const unsigned char *content, int content_width, int content_height,
                             const unsigned char *style, int style_width, int style_height,
                             unsigned char *result, nst_paint_fn hook, void *user,
                             const nst_cancel *cancel, nst_error *error);

/* ---- measuring --------------------------------------------------------------------- */

/* How far a picture is from a content and from a style, layer by layer, by the definitions of the
 * losses: F the picture's features, P the content's, G and A the Gram matrices of the picture and
 * of the style. Layers that were not asked for stay zero. */
typedef struct nst_measurement {
    double content[NST_LAYER_MAX]; /* |F - P|^2 / |P|^2 */
    double style[NST_LAYER_MAX];   /* |G - A|^2 / |A|^2 */
    double tv;                     /* mean of squared forward differences of the pixels */
} nst_measurement;

/* Measure at the layers whose bits are set in `layers` (1u << layer), at least one, each of them in
 * the model. Images are measured at their own sizes: the content must have the picture's size, the
 * style may have any; each side is at least 1, 2, 4, 8 or 16 pixels for layers up to relu1_x, 2_x,
 * 3_x, 4_x or 5_x. NST_ERR_ARGUMENT for another size or layer. threads as in nst_options. */
NST_API nst_status nst_measure(const nst_model *model, const nst_image *picture,
                               const nst_image *content, const nst_image *style, unsigned layers,
                               int threads, nst_measurement *out, nst_error *error);

/* About the bytes that computing the features of an image of this size at these layers takes at its
 * peak, beside the image and the model. nst_measure needs this for two images at a time,
 * nst_basis_add and nst_measure_effectiveness for one, at the five layers of a basis;
 * nst_features_create needs its result too. 0 for what these functions refuse. threads as in
 * nst_options. */
NST_API uint64_t nst_look_bytes(const nst_model *model, int width, int height, unsigned layers,
                                int threads);

/* Bytes that the model keeps after features of these layers were first computed. */
NST_API uint64_t nst_look_model_bytes(const nst_model *model, unsigned layers);

/* How well people would find a style transferred: the E statistic of Yeh, Tang, Bhattad, Zou and
 * Forsyth 2020, Improving Style Transfer with Calibrated Metrics, whose factors come from people's
 * choices. At each layer the features of the picture and of the style are projected on the main
 * directions in which the features of photographs vary, and treated as normal distributions; l[i]
 * is minus the logarithm of the Kullback-Leibler divergence between these. The directions are the
 * basis, at most 32, 48, 128, 256 and 256 of them at relu1_1, relu2_1, relu3_1, relu4_1 and
 * relu5_1. */
enum { NST_BASIS_LAYERS = 5 };

typedef struct nst_effectiveness {
    double layers[NST_BASIS_LAYERS]; /* higher is nearer to the style; NAN where a distribution is
                                        flat, by few pixels or few colors */
    double total;                    /* E = 0.7468 l[0] + 0.2557 l[1] + 2.3768 l[2], or NAN */
} nst_effectiveness;

/* A basis belongs to one model, which must stay open as long as the basis exists. */
typedef struct nst_basis nst_basis;

/* Make a basis: begin, add photographs at the size at which pictures will be measured, then encode
 * it as the bytes of a file, which the caller frees. NST_ERR_ARGUMENT when the model lacks one of
 * the layers, a photo is too small for relu5_1, or the photos do not vary. */
NST_API nst_status nst_basis_begin(const nst_model *model, nst_basis **out, nst_error *error);
NST_API nst_status nst_basis_add(nst_basis *basis, const nst_image *photo, int threads,
                                 nst_error *error);
NST_API nst_status nst_basis_encode(const nst_basis *basis, unsigned char **bytes, size_t *size,
                                    nst_error *error);

/* Open such a file. NST_ERR_FORMAT when it is no basis, or a basis of another model. */
NST_API nst_status nst_basis_open(const char *path, const nst_model *model, nst_basis **out,
                                  nst_error *error);
NST_API void nst_basis_close(nst_basis *basis); /* NULL is fine */

/* The basis comes from nst_basis_open. Images may have any size that is large enough for
 * relu5_1. */
NST_API nst_status nst_measure_effectiveness(const nst_basis *basis, const nst_image *picture,
                                             const nst_image *style, int threads,
                                             nst_effectiveness *out, nst_error *error);

/* The features of an image at one layer, after the ReLU. */
typedef struct nst_features {
    int channels;
    int width, height; /* the image's sides, halved and rounded down by each pooling before */
    float *maps;       /* [channels][height][width], owned */
    float *gram;       /* [channels][channels] = F F^T / (width height), owned */
} nst_features;

/* Images, layers, threads and errors as for nst_measure. */
NST_API nst_status nst_features_create(const nst_model *model, const nst_image *image, int layer,
                                       int threads, nst_features *out, nst_error *error);
NST_API void nst_features_destroy(nst_features *features); /* NULL and zeroed ones are fine */

#ifdef __cplusplus
}
#endif
#endif
