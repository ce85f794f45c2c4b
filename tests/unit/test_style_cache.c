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
#include "style/cache.h"

static nst_model *model;

static nst_image picture(int width, int height, double kind)
{
    nst_image image = {0};
    assert_int_equal(nst_image_create(width, height, 0, &image, NULL), NST_OK);
    for (int i = 0; i < 3 * width * height; i++)
        image.rgb[i] = (float)(0.5 + 0.5 * sin(kind * (i % width) + 0.3 * (i / width)));
    return image;
}

static nst_options small_options(void)
{
    return short_options(model, 48, 4, 3);
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

static nst_style_cache *new_cache(void)
{
    nst_style_cache *cache = NULL;
    assert_int_equal(nst_style_cache_create(&cache, NULL), NST_OK);
    return cache;
}

/* All that a style's matrices depend on, in turn and again, with one cache for all. */
static void test_results_are_the_same_with_it(void **state)
{
    (void)state;
    nst_image photos[2] = {picture(50, 37, 0.2), picture(31, 48, 0.4)};
    nst_image styles[2] = {picture(40, 45, 1.1), picture(64, 30, 0.7)};
    nst_style_cache *cache = new_cache();
    for (int again = 0; again < 2; again++)
        for (int variant = 0; variant < 6; variant++)
            for (int p = 0; p < 2; p++) {
                nst_options options = small_options();
                nst_inputs without = {.content = &photos[p], .styles = styles, .style_count = 2};
                options.size = variant == 1 ? 40 : options.size;
                options.style_stat = variant == 2 ? NST_STYLE_STAT_COVARIANCE : NST_STYLE_STAT_GRAM;
                options.pooling = variant == 3 ? NST_POOLING_AVG : NST_POOLING_MAX;
                options.style_layer_count = variant == 4 ? 2 : options.style_layer_count;
                options.color = variant == 5 ? NST_COLOR_MATCH : NST_COLOR_STYLE;
                nst_inputs with = without;
                with.cache = cache;
                assert_true(agree(&options, &without, &with));
            }
    nst_style_cache_destroy(cache);
    for (int i = 0; i < 2; i++) {
        nst_image_destroy(&photos[i]);
        nst_image_destroy(&styles[i]);
    }
}

/* What the cache holds of a style at a size, at the shallowest layer. */
static float *kept_matrix(nst_style_cache *cache, const nst_image *style, int width, int height)
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
    nst_style_fingerprint(style, key.style);
    return nst_style_cache_find(cache, &key, statistics) ? statistics[shallowest].regions[0].current
                                                         : NULL;
}

/* What was measured is used again, and only for these pixels, at this size. */
static void test_a_style_is_looked_at_once(void **state)
{
    (void)state;
    nst_options options = small_options();
    nst_image photo = picture(50, 37, 0.2), before = picture(40, 45, 1.1);
    nst_image style = picture(40, 45, 1.1), other = picture(40, 45, 0.3);
    nst_style_cache *cache = new_cache();
    const nst_inputs plain = {.content = &photo, .styles = &before, .style_count = 1};
    const nst_inputs kept = {.content = &photo, .styles = &style, .style_count = 1, .cache = cache};
    assert_true(agree(&options, &plain, &kept));
    float *matrix = kept_matrix(cache, &style, 43, 48), as_it_was;
    assert_non_null(matrix);
    assert_null(kept_matrix(cache, &style, 44, 48));
    assert_null(kept_matrix(cache, &other, 43, 48));
    as_it_was = matrix[0];
    matrix[0] *= 2.0f;
    assert_false(agree(&options, &plain, &kept));
    options.size = 49; /* not looked at before */
    assert_true(agree(&options, &plain, &kept));
    options.size = 48;
    options.color = NST_COLOR_MATCH; /* another style for every photo: not kept */
    assert_true(agree(&options, &plain, &kept));
    options.color = NST_COLOR_STYLE;
    memcpy(style.rgb, other.rgb, 3u * 40 * 45 * sizeof(float)); /* another style */
    memcpy(before.rgb, other.rgb, 3u * 40 * 45 * sizeof(float));
    assert_true(agree(&options, &plain, &kept));
    matrix[0] = as_it_was;
    nst_style_cache_destroy(cache);
    nst_image_destroy(&photo);
    nst_image_destroy(&before);
    nst_image_destroy(&style);
    nst_image_destroy(&other);
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
    nst_image photo = picture(50, 37, 0.2), style = picture(40, 45, 1.1);
    nst_style_cache *cache = new_cache();
    nst_inputs in = {.content = &photo, .styles = &style, .style_count = 1, .cache = cache};
    nst_inputs without = {.content = &photo, .styles = &style, .style_count = 1};
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
    nst_style_cache_destroy(cache);
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
        cmocka_unit_test(test_a_style_is_looked_at_once),
        cmocka_unit_test(test_many_runs_share_one),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
