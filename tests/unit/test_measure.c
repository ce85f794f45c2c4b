/* nst_measure and nst_features_create against the reference network (tests/torch/make_measure.py),
 * and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "fixture.h"

static void assert_ok(nst_status status, const nst_error *error)
{
    if (status != NST_OK)
        fail_msg("status %d: %s", (int)status, error->message);
}

static void assert_near(const char *what, double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-4 * fabs(expected)))
        fail_msg("%s: expected %.9g, got %.9g", what, expected, got);
}

static FILE *open_fixture(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/fixtures/%s.golden", NST_TESTS_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

/* The model of the next line "weights ..."; NULL at the end of the file. */
static nst_model *next_model(FILE *file)
{
    fixture f = {0};
    char line[256], folder[] = "/tmp/nst-test-XXXXXX";
    nst_model *model = NULL;
    nst_error error = {0};
    if (!fgets(line, sizeof line, file))
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(strncmp(line, "weights ", 8), 0);
    assert_true(fixture_weights_line(&f, line + 8));
    assert_non_null(mkdtemp(folder));
    nst_status status = fixture_model(&f, folder, nst_conv_best(), &model, &error);
    rmdir(folder);
    assert_ok(status, &error);
    return model;
}

static nst_image image_of(unsigned seed, int width, int height)
{
    nst_image image = {0};
    assert_int_equal(seeded_image(seed, width, height, &image, NULL), NST_OK);
    return image;
}

/* ---- measuring ------------------------------------------------------------------------------- */

static void distances_match_pytorch(void **state)
{
    (void)state;
    FILE *file = open_fixture("measure");
    nst_model *model;
    int models = 0;
    for (; (model = next_model(file)); models++) {
        unsigned content_seed, picture_seed, style_seed, layers = 0;
        int width, height, style_width, style_height, count;
        double tv;
        nst_measurement expected = {0}, got;
        nst_error error = {0};
        assert_int_equal(fscanf(file, "images %u %u %d %d style %u %d %d tv %lf %d\n",
                                &content_seed, &picture_seed, &width, &height, &style_seed,
                                &style_width, &style_height, &tv, &count),
                         9);
        for (int i = 0; i < count; i++) {
            char name[16];
            double content, style;
            assert_int_equal(fscanf(file, "%15s %lf %lf\n", name, &content, &style), 3);
            int layer = nst_layer_find(name);
            layers |= 1u << layer;
            expected.content[layer] = content;
            expected.style[layer] = style;
        }
        nst_image content = image_of(content_seed, width, height);
        nst_image picture = image_of(picture_seed, width, height);
        nst_image style = image_of(style_seed, style_width, style_height);
        assert_ok(nst_measure(model, &picture, &content, &style, layers, 2, &got, &error), &error);
        assert_near("total variation", got.tv, tv);
        for (int i = 0; i < NST_LAYER_MAX; i++) {
            assert_near(nst_layer_name(i), got.content[i], expected.content[i]);
            assert_near(nst_layer_name(i), got.style[i], expected.style[i]);
        }
        nst_image_destroy(&content);
        nst_image_destroy(&picture);
        nst_image_destroy(&style);
        nst_model_close(model);
    }
    assert_int_equal(models, 2);
    fclose(file);
}

static void a_picture_is_at_no_distance_from_itself(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_measurement m, other_threads;
    nst_error error = {0};
    nst_image picture = image_of(1, 40, 33), style = image_of(2, 30, 50);
    const unsigned layers = 1u << nst_layer_find("relu1_2") | 1u << nst_layer_find("relu5_1");
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_ok(nst_measure(model, &picture, &picture, &picture, layers, 1, &m, &error), &error);
    for (int i = 0; i < NST_LAYER_MAX; i++)
        assert_true(m.content[i] == 0.0 && m.style[i] == 0.0);
    assert_ok(nst_measure(model, &picture, &picture, &style, layers, 1, &m, &error), &error);
    assert_ok(nst_measure(model, &picture, &picture, &style, layers, 3, &other_threads, &error),
              &error);
    assert_memory_equal(&m, &other_threads, sizeof m);
    nst_image_destroy(&picture);
    nst_image_destroy(&style);
    nst_model_close(model);
}

static void flat_and_black_pictures_give_finite_distances(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_measurement m;
    nst_error error = {0};
    nst_image black = {0}, white = {0};
    assert_ok(nst_image_create(32, 32, 0, &black, &error), &error);
    assert_ok(nst_image_create(32, 32, 0, &white, &error), &error);
    for (int i = 0; i < 3 * 32 * 32; i++)
        white.rgb[i] = 1.0f;
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_ok(nst_measure(model, &white, &black, &black, 1u, 1, &m, &error), &error);
    assert_true(isfinite(m.content[0]) && isfinite(m.style[0]) && m.tv == 0.0);
    nst_image_destroy(&black);
    nst_image_destroy(&white);
    nst_model_close(model);
}

static void what_cannot_be_measured_is_an_error(void **state)
{
    (void)state;
    const unsigned deep = 1u << nst_layer_find("relu5_1");
    nst_model *model = NULL;
    nst_measurement m;
    nst_error error = {0};
    nst_image picture = image_of(1, 40, 33), small = image_of(2, 50, 15);
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_int_equal(nst_measure(model, &picture, &picture, &small, deep, 1, &m, &error),
                     NST_ERR_ARGUMENT);
    assert_string_equal(error.message,
                        "a style of 50x15 pixels: too small for relu5_1, which needs 16 each way");
    error = (nst_error){0};
    assert_int_equal(nst_measure(model, &picture, &small, &picture, 1u, 1, &m, &error),
                     NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, "a content of 50x15 pixels and a picture of 40x33"));
    error = (nst_error){0};
    assert_int_equal(nst_measure(model, &picture, &picture, &picture, 0, 1, &m, &error),
                     NST_ERR_ARGUMENT);
    error = (nst_error){0};
    assert_int_equal(nst_measure(model, &picture, &picture, &picture, 1u << 16, 1, &m, &error),
                     NST_ERR_ARGUMENT);
    error = (nst_error){0};
    picture.rgb[77] = NAN;
    assert_int_equal(nst_measure(model, &picture, &picture, &picture, 1u, 1, &m, &error),
                     NST_ERR_ARGUMENT);
    assert_string_equal(error.message, "the picture: the value nan at 37,1: expected 0 to 1");
    nst_image_destroy(&picture);
    nst_image_destroy(&small);
    nst_model_close(model);
}

/* ---- features -------------------------------------------------------------------------------- */

/* Relative L2 distance of rows of numbers in the file from those in `got`. */
static void assert_rows(FILE *file, const nst_features *got)
{
    double distance[2] = {0.0}, norm[2] = {0.0};
    int plane = got->width * got->height;
    for (int c = 0; c < got->channels; c++)
        for (int i = 0; i < got->channels + plane; i++) {
            double expected;
            int is_map = i >= got->channels;
            assert_int_equal(fscanf(file, "%lf ", &expected), 1);
            double value = is_map ? (double)got->maps[c * plane + i - got->channels]
                                  : (double)got->gram[c * got->channels + i];
            distance[is_map] += (value - expected) * (value - expected);
            norm[is_map] += expected * expected;
        }
    assert_true(sqrt(distance[0] / norm[0]) < 2e-5);
    assert_true(sqrt(distance[1] / norm[1]) < 2e-5);
}

static void features_and_gram_matrix_match_pytorch(void **state)
{
    (void)state;
    FILE *file = open_fixture("features");
    nst_model *model;
    int models = 0;
    for (; (model = next_model(file)); models++) {
        unsigned seed;
        int width, height, channels, map_height, map_width;
        char name[16];
        nst_features features = {0};
        nst_error error = {0};
        assert_int_equal(fscanf(file, "image %u %d %d %15s %d %d %d\n", &seed, &width, &height,
                                name, &channels, &map_height, &map_width),
                         7);
        nst_image image = image_of(seed, width, height);
        assert_ok(nst_features_create(model, &image, nst_layer_find(name), 2, &features, &error),
                  &error);
        assert_int_equal(features.channels, channels);
        assert_int_equal(features.width, map_width);
        assert_int_equal(features.height, map_height);
        assert_rows(file, &features);
        nst_features_destroy(&features);
        assert_null(features.maps);
        nst_image_destroy(&image);
        nst_model_close(model);
    }
    assert_int_equal(models, 2);
    fclose(file);
}

static void memory_of_looking_is_known_before(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_error error = {0};
    const unsigned first = 1u, deep = 1u << nst_layer_find("relu5_1");
    const uint64_t map = (uint64_t)64 * 512 * 384 * sizeof(float); /* relu1_1, its wide tap */
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    uint64_t one = nst_look_bytes(model, 512, 384, first, 1);
    assert_true(one >= map && one < 2 * map);
    assert_true(nst_look_bytes(model, 512, 384, first | deep, 1) > one);
    assert_true(nst_look_bytes(model, 512, 384, first, 4) > one);
    assert_true(nst_look_model_bytes(model, deep) > nst_look_model_bytes(model, first));
    /* What nst_measure refuses. */
    assert_true(nst_look_bytes(model, 15, 384, deep, 1) == 0);
    assert_true(nst_look_bytes(model, 512, 384, 0, 1) == 0);
    assert_true(nst_look_bytes(NULL, 512, 384, first, 1) == 0);
    nst_model_close(model);
}

static void features_of_no_layer_are_an_error(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_features features = {0};
    nst_error error = {0};
    nst_image image = image_of(1, 20, 7);
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_int_equal(nst_features_create(model, &image, -1, 1, &features, &error),
                     NST_ERR_ARGUMENT);
    assert_int_equal(nst_features_create(model, &image, 16, 1, &features, NULL), NST_ERR_ARGUMENT);
    error = (nst_error){0};
    assert_int_equal(nst_features_create(model, &image, 12, 1, &features, &error),
                     NST_ERR_ARGUMENT);
    assert_non_null(strstr(error.message, "too small for relu5_1"));
    assert_null(features.maps);
    nst_image_destroy(&image);
    nst_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_match_pytorch),
        cmocka_unit_test(a_picture_is_at_no_distance_from_itself),
        cmocka_unit_test(flat_and_black_pictures_give_finite_distances),
        cmocka_unit_test(what_cannot_be_measured_is_an_error),
        cmocka_unit_test(features_and_gram_matrix_match_pytorch),
        cmocka_unit_test(memory_of_looking_is_known_before),
        cmocka_unit_test(features_of_no_layer_are_an_error),
    };
    return cmocka_run_group_tests_name("measuring and features", tests, NULL, NULL);
}
