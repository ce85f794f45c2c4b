/* Styles measured once for many runs: to the same results, and really only once. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"
#include "nst.h"
#include "runs.h"
#include "style/style.h"

static nst_model *model;

static nst_options small_options(void)
{
    return short_options(model, 48, 2, 2);
}

static nst_image run(const nst_options *options, const nst_inputs *in)
{
    return stylized(model, options, in);
}

/* Whether two runs have the same result. */
static bool agree(const nst_options *options, const nst_inputs *a, const nst_inputs *b)
{
    nst_image one = run(options, a), other = run(options, b);
    size_t bytes = 3 * (size_t)one.width * (size_t)one.height * sizeof(float);
    assert_int_equal(one.width, other.width);
    assert_int_equal(one.height, other.height);
    bool same = memcmp(one.rgb, other.rgb, bytes) == 0;
    nst_image_destroy(&one);
    nst_image_destroy(&other);
    return same;
}

static nst_style *handle_of(const nst_image *image)
{
    nst_style *style = NULL;
    assert_int_equal(nst_style_create(image, NULL, &style, NULL), NST_OK);
    return style;
}

/* All that a style's matrices depend on, in turn and again, with the same handles for all. */
static void test_results_are_the_same_with_it(void **state)
{
    (void)state;
    nst_image photos[2] = {waves(50, 37, 0.2), waves(31, 48, 0.4)};
    nst_image styles[2] = {waves(40, 45, 1.1), waves(64, 30, 0.7)};
    nst_style *handles[2] = {handle_of(&styles[0]), handle_of(&styles[1])};
    int times = getenv("NST_UNDER_VALGRIND") ? 1 : 2; /* and photos */
    for (int again = 0; again < times; again++)
        for (int variant = 0; variant < 7; variant++)
            for (int p = 0; p < times; p++) {
                nst_options options = small_options();
                const nst_inputs without = {.struct_size = sizeof without,
                                            .content = &photos[p],
                                            .styles = styles,
                                            .style_count = 2};
                const nst_inputs with = {.struct_size = sizeof with,
                                         .content = &photos[p],
                                         .style_handles = handles,
                                         .style_count = 2};
                options.size = variant == 1 ? 40 : options.size;
                options.style_stat = variant == 2   ? NST_STYLE_STAT_COVARIANCE
                                     : variant == 6 ? NST_STYLE_STAT_W2
                                                    : NST_STYLE_STAT_GRAM;
                options.pooling = variant == 3 ? NST_POOLING_AVG : NST_POOLING_MAX;
                options.style_layer_count = variant == 4 ? 2 : options.style_layer_count;
                options.color = variant == 5 ? NST_COLOR_MATCH : NST_COLOR_STYLE;
                assert_true(agree(&options, &without, &with));
            }
    for (int i = 0; i < 2; i++) {
        nst_style_destroy(handles[i]);
        nst_image_destroy(&photos[i]);
        nst_image_destroy(&styles[i]);
    }
}

/* Two halves with flat colors of their own. */
static nst_image halves(int width, int height)
{
    nst_image mask = {0};
    assert_int_equal(nst_image_create(width, height, 0, &mask, NULL), NST_OK);
    for (int i = 0; i < 3 * width * height; i++)
        mask.rgb[i] = i % width < width / 2 ? 0.0f : 1.0f;
    return mask;
}

/* Styles with a mask of their own and without, whose parts depend on the photo's mask. */
static void test_masks_are_the_same_with_it(void **state)
{
    (void)state;
    nst_options options = small_options();
    nst_image photo = waves(50, 37, 0.2), styles[2] = {waves(40, 45, 1.1), waves(64, 30, 0.7)};
    nst_image mask = halves(50, 37), masks[2] = {halves(40, 45), {0}};
    nst_style *handles[2] = {NULL, handle_of(&styles[1])};
    assert_int_equal(nst_style_create(&styles[0], &masks[0], &handles[0], NULL), NST_OK);
    const nst_inputs without = {.struct_size = sizeof without,
                                .content = &photo,
                                .styles = styles,
                                .style_count = 2,
                                .content_mask = &mask,
                                .style_masks = masks};
    const nst_inputs with = {.struct_size = sizeof with,
                             .content = &photo,
                             .style_handles = handles,
                             .style_count = 2,
                             .content_mask = &mask};
    assert_true(agree(&options, &without, &with));
    assert_true(agree(&options, &without, &with));
    for (int i = 0; i < 2; i++) {
        nst_style_destroy(handles[i]);
        nst_image_destroy(&styles[i]);
        nst_image_destroy(&masks[i]);
    }
    nst_image_destroy(&photo);
    nst_image_destroy(&mask);
}

/* What the handle holds at a size, at the shallowest layer. */
static float *kept_matrix(nst_style *style, int width, int height)
{
    nst_statistic statistics[NST_LAYER_MAX] = {{0}};
    nst_style_key key = {.model = model,
                         .width = width,
                         .height = height,
                         .pooling = (int)NST_POOL_MAX,
                         .algorithm = model->algorithm};
    nst_options options = small_options();
    int shallowest = NST_LAYER_MAX;
    nst_options_resolve(&options, model);
    for (int i = 0; i < options.style_layer_count; i++) {
        int layer = options.style_layers[i].layer;
        key.layers |= 1u << layer;
        shallowest = layer < shallowest ? layer : shallowest;
    }
    assert_true(nst_style_enter(style));
    float *kept = nst_style_find(style, &key, NULL, statistics)
                      ? statistics[shallowest].regions[0].current
                      : NULL;
    nst_style_leave(style);
    return kept;
}

/* What was measured is used again, and only for this style, at this size. */
static void test_a_style_is_looked_at_once(void **state)
{
    (void)state;
    nst_options options = small_options();
    nst_image photo = waves(50, 37, 0.2), image = waves(40, 45, 1.1);
    nst_style *style = handle_of(&image), *other = handle_of(&image);
    const nst_inputs plain = {
        .struct_size = sizeof plain, .content = &photo, .styles = &image, .style_count = 1};
    const nst_inputs kept = {
        .struct_size = sizeof kept, .content = &photo, .style_handles = &style, .style_count = 1};
    const nst_inputs fresh = {
        .struct_size = sizeof fresh, .content = &photo, .style_handles = &other, .style_count = 1};
    assert_true(agree(&options, &plain, &kept));
    float *matrix = kept_matrix(style, 43, 48), as_it_was;
    assert_non_null(matrix);
    assert_null(kept_matrix(style, 44, 48));
    assert_null(kept_matrix(other, 43, 48));
    as_it_was = matrix[0];
    matrix[0] *= 2.0f;
    assert_false(agree(&options, &plain, &kept));
    assert_true(agree(&options, &plain, &fresh));
    options.size = 49; /* not looked at before */
    assert_true(agree(&options, &plain, &kept));
    options.size = 48;
    options.color = NST_COLOR_MATCH; /* another style for every photo: not kept */
    assert_true(agree(&options, &plain, &kept));
    options.color = NST_COLOR_STYLE;
    matrix[0] = as_it_was;
    assert_true(agree(&options, &plain, &kept));
    nst_style_destroy(style);
    nst_style_destroy(other);
    nst_image_destroy(&photo);
    nst_image_destroy(&image);
}

/* The one that was not asked for the longest makes room. */
static void test_what_is_kept_is_bounded(void **state)
{
    (void)state;
    int c = nst_model_features(model, 0);
    float *matrix = calloc((size_t)nst_padded(c) * (size_t)nst_padded(c), sizeof *matrix);
    nst_image image = waves(40, 45, 1.1);
    nst_style *style = handle_of(&image);
    nst_statistic measured[NST_LAYER_MAX] = {{.region_count = 1, .c = c}}, found[NST_LAYER_MAX];
    assert_non_null(matrix);
    measured[0].regions[0].current = matrix;
    assert_true(nst_style_enter(style));
    for (int i = 0; i < NST_STYLE_ENTRIES + 3; i++) {
        const nst_style_key key = {.model = model, .width = 100 + i, .layers = 1};
        const nst_style_key first = {.model = model, .width = 100, .layers = 1};
        matrix[0] = (float)i;
        nst_style_keep(style, &key, NULL, measured);
        assert_true(nst_style_find(style, &first, NULL, found));
        assert_true(found[0].regions[0].current[0] == 0.0f);
    }
    for (int i = 0; i < NST_STYLE_ENTRIES + 3; i++) {
        const nst_style_key key = {.model = model, .width = 100 + i, .layers = 1};
        assert_int_equal(nst_style_find(style, &key, NULL, found), i < 1 || i > 3);
        if (i < 1 || i > 3)
            assert_true(found[0].regions[0].current[0] == (float)i);
    }
    nst_style_leave(style);
    nst_style_destroy(style);
    nst_image_destroy(&image);
    free(matrix);
}

/* ---- stores ---------------------------------------------------------------------------------- */

enum { SHELVES = 64 };

/* A store in memory. */
typedef struct {
    char names[SHELVES][65];
    void *bytes[SHELVES];
    size_t sizes[SHELVES];
    int count, loaded, saved;
    bool is_replaced; /* the one thing that is there, by the next that is saved */
} shelves;

static int load(void *user, const char *name, void *bytes, size_t size)
{
    shelves *s = user;
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->names[i], name) == 0 && s->sizes[i] == size) {
            memcpy(bytes, s->bytes[i], size);
            s->loaded++;
            return 1;
        }
    memset(bytes, 0xff, size); /* which it may do */
    return 0;
}

static void save(void *user, const char *name, const void *bytes, size_t size)
{
    shelves *s = user;
    assert_int_equal(strlen(name), 64);
    assert_true(s->count < SHELVES);
    if (s->is_replaced) {
        assert_string_equal(s->names[0], name);
        free(s->bytes[0]);
        s->count = 0;
        s->is_replaced = false;
    }
    for (int i = 0; i < s->count; i++)
        assert_string_not_equal(s->names[i], name);
    s->bytes[s->count] = malloc(size);
    assert_non_null(s->bytes[s->count]);
    memcpy(s->bytes[s->count], bytes, size);
    s->sizes[s->count] = size;
    strcpy(s->names[s->count], name);
    s->count++;
    s->saved++;
}

static void clear(shelves *s)
{
    for (int i = 0; i < s->count; i++)
        free(s->bytes[i]);
    *s = (shelves){.count = 0};
}

/* Whether a run with a new handle of the style and this store has the result of one without; how
 * often it found and saved something. */
static bool stored_run_agrees(const nst_options *options, const nst_image *image, shelves *s,
                              int loaded, int saved)
{
    nst_image photo = waves(50, 37, 0.2);
    nst_style *style = handle_of(image);
    const nst_style_store store = {load, save, s};
    const nst_inputs without = {
        .struct_size = sizeof without, .content = &photo, .styles = image, .style_count = 1};
    const nst_inputs with = {.struct_size = sizeof with,
                             .content = &photo,
                             .style_handles = &style,
                             .style_count = 1,
                             .style_store = &store};
    s->loaded = s->saved = 0;
    bool same = agree(options, &without, &with);
    assert_int_equal(s->loaded, loaded);
    assert_int_equal(s->saved, saved);
    nst_style_destroy(style);
    nst_image_destroy(&photo);
    return same;
}

/* Everything that the matrices depend on makes another name, and nothing else does. */
static void test_a_store_serves_later_handles(void **state)
{
    (void)state;
    shelves s = {.count = 0};
    nst_image image = waves(40, 45, 1.1), other = waves(40, 45, 1.1);
    other.rgb[1] = 0.25f;
    nst_options options = small_options();
    options.scales = 1;
    assert_true(stored_run_agrees(&options, &image, &s, 0, 1));
    assert_true(stored_run_agrees(&options, &image, &s, 1, 0));
    assert_true(stored_run_agrees(&options, &other, &s, 0, 1));
    int variants = getenv("NST_UNDER_VALGRIND") ? 0 : 4;
    for (int variant = 0; variant < variants; variant++) {
        nst_options changed = options;
        changed.size = variant == 0 ? 49 : changed.size;
        changed.pooling = variant == 1 ? NST_POOLING_AVG : changed.pooling;
        changed.style_stat = variant == 2 ? NST_STYLE_STAT_COVARIANCE : changed.style_stat;
        changed.style_layer_count = variant == 3 ? 2 : changed.style_layer_count;
        assert_true(stored_run_agrees(&changed, &image, &s, 0, 1));
        assert_true(stored_run_agrees(&changed, &image, &s, 1, 0));
    }
    options.iterations = 3;
    options.strength = 2.0f;
    assert_true(stored_run_agrees(&options, &image, &s, 1, 0));
    options.color = NST_COLOR_MATCH; /* another style for every photo */
    assert_true(stored_run_agrees(&options, &image, &s, 0, 0));
    clear(&s);
    nst_image_destroy(&image);
    nst_image_destroy(&other);
}

/* What is used is what the store gave; what cannot be a matrix is not. */
static void test_what_a_store_gives_is_used(void **state)
{
    (void)state;
    shelves s = {.count = 0};
    nst_image image = waves(40, 45, 1.1);
    nst_options options = small_options();
    options.scales = 1;
    assert_true(stored_run_agrees(&options, &image, &s, 0, 1));
    ((float *)s.bytes[0])[0] *= 4.0f;
    assert_false(stored_run_agrees(&options, &image, &s, 1, 0));
    ((float *)s.bytes[0])[7] = NAN;
    s.is_replaced = true; /* it is measured, and saved again */
    assert_true(stored_run_agrees(&options, &image, &s, 1, 1));
    assert_true(stored_run_agrees(&options, &image, &s, 1, 0));
    clear(&s);
    nst_image_destroy(&image);
}

static void refused(const nst_inputs *in, const char *words)
{
    const nst_options options = small_options();
    nst_image result = {0};
    nst_error error = {0};
    nst_memory memory = {0};
    assert_int_equal(nst_stylize(model, in, &options, NULL, NULL, &result, NULL, &error),
                     NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, words));
    assert_null(result.rgb);
    assert_int_equal(nst_plan_memory(model, in, &options, &memory, NULL), NST_ERR_ARGUMENT);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    nst_image image = waves(40, 45, 1.1), none = {0}, wild = waves(9, 9, 1.0);
    nst_style *style = NULL, *missing = NULL;
    nst_error error = {0};
    wild.rgb[5] = NAN;
    assert_int_equal(nst_style_create(NULL, NULL, &style, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_style_create(&none, NULL, &style, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_style_create(&image, NULL, NULL, NULL), NST_ERR_ARGUMENT);
    assert_int_equal(nst_style_create(&image, &wild, &style, &error), NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, "the style's mask: the value nan at 5,0"));
    assert_null(style);
    nst_style_destroy(NULL);
    style = handle_of(&image);

    const nst_inputs good = {
        .struct_size = sizeof good, .content = &image, .style_handles = &style, .style_count = 1};
    nst_inputs in = good;
    in.styles = &image;
    refused(&in, "styles by handle have their images and masks with them");
    in = good;
    in.style_masks = &image;
    refused(&in, "styles by handle have their images and masks with them");
    in = good;
    in.style_handles = &missing;
    refused(&in, "style 1 is missing");
    in = good;
    in.style_count = 0;
    refused(&in, "at least one style");
    in = good;
    in.struct_size = 0;
    refused(&in, "inputs of 0 bytes");
    in = good;
    in.struct_size = sizeof in + 8;
    refused(&in, "expected struct_size to be sizeof(nst_inputs)");
    nst_style_destroy(style);
    nst_image_destroy(&image);
    nst_image_destroy(&wild);
}

static void *run_in_thread(void *user)
{
    const nst_options options = small_options();
    nst_image result = run(&options, user);
    float first = result.rgb[0];
    nst_image_destroy(&result);
    return first >= 0.0f ? user : NULL;
}

static void test_many_runs_share_one(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    nst_image photo = waves(50, 37, 0.2), style = waves(40, 45, 1.1);
    nst_style *handle = handle_of(&style);
    nst_inputs in = {
        .struct_size = sizeof in, .content = &photo, .style_handles = &handle, .style_count = 1};
    nst_inputs without = {
        .struct_size = sizeof(nst_inputs), .content = &photo, .styles = &style, .style_count = 1};
    const nst_options options = small_options();
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, &in), 0);
    for (int i = 0; i < THREADS; i++) {
        void *done = NULL;
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_ptr_equal(done, &in);
    }
    assert_true(agree(&options, &in, &without));
    nst_style_destroy(handle);
    nst_image_destroy(&photo);
    nst_image_destroy(&style);
}

static int open_model(void **state)
{
    (void)state;
    return nst_model_open(NULL, &model, NULL) == NST_OK ? 0 : -1;
}

static int close_model(void **state)
{
    (void)state;
    nst_model_close(model);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_are_the_same_with_it),
        cmocka_unit_test(test_masks_are_the_same_with_it),
        cmocka_unit_test(test_a_style_is_looked_at_once),
        cmocka_unit_test(test_what_is_kept_is_bounded),
        cmocka_unit_test(test_a_store_serves_later_handles),
        cmocka_unit_test(test_what_a_store_gives_is_used),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_many_runs_share_one),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
