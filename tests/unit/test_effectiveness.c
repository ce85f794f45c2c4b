/* nst_measure_effectiveness and the basis it needs, against NumPy in double
 * (tests/torch/make_effectiveness.py), and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "fixture.h"

static char folder[] = "/tmp/nst-test-XXXXXX";

static void assert_ok(nst_status status, const nst_error *error)
{
    if (status != NST_OK)
        fail_msg("status %d: %s", (int)status, error->message);
}

static void assert_refused(nst_status status, nst_status expected, const nst_error *error,
                           const char *part)
{
    assert_int_equal(status, expected);
    if (!strstr(error->message, part))
        fail_msg("expected \"%s\" in \"%s\"", part, error->message);
}

static nst_image next_image(FILE *file)
{
    unsigned seed;
    int width, height;
    nst_image image = {0};
    assert_int_equal(fscanf(file, "%u %d %d\n", &seed, &width, &height), 3);
    assert_int_equal(seeded_image(seed, width, height, &image, NULL), NST_OK);
    return image;
}

static nst_model *seeded_model(char *line)
{
    fixture f = {0};
    nst_model *model = NULL;
    nst_error error = {0};
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(strncmp(line, "weights ", 8), 0);
    assert_true(fixture_weights_line(&f, line + 8));
    assert_ok(fixture_model(&f, folder, nst_conv_best(), &model, &error), &error);
    return model;
}

static const char *in_folder(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* A basis of the bundled model, learned from one image, as bytes. */
static unsigned char *bundled_basis(const nst_model *model, size_t *size)
{
    nst_basis *basis = NULL;
    nst_image photo = {0};
    unsigned char *bytes = NULL;
    nst_error error = {0};
    assert_ok(nst_basis_begin(model, &basis, &error), &error);
    assert_int_equal(seeded_image(4, 400, 380, &photo, NULL), NST_OK);
    assert_ok(nst_basis_add(basis, &photo, 2, &error), &error);
    assert_ok(nst_basis_encode(basis, &bytes, size, &error), &error);
    nst_image_destroy(&photo);
    nst_basis_close(basis);
    return bytes;
}

static void it_matches_numpy(void **state)
{
    (void)state;
    char path[1024], line[256];
    snprintf(path, sizeof path, "%s/fixtures/effectiveness.golden", NST_TESTS_DIR);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    nst_model *model = seeded_model(line);
    nst_basis *learned = NULL, *basis = NULL;
    nst_error error = {0};
    unsigned char *bytes = NULL, *again = NULL;
    size_t size = 0, again_size = 0;
    int photos = 0;
    assert_int_equal(fscanf(file, "%d\n", &photos), 1);
    assert_ok(nst_basis_begin(model, &learned, &error), &error);
    for (int i = 0; i < photos; i++) {
        nst_image photo = next_image(file);
        assert_ok(nst_basis_add(learned, &photo, i, &error), &error);
        nst_image_destroy(&photo);
    }
    assert_ok(nst_basis_encode(learned, &bytes, &size, &error), &error);
    assert_ok(nst_basis_encode(learned, &again, &again_size, &error), &error);
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again, size);
    write_file(in_folder("basis"), bytes, size);
    assert_ok(nst_basis_open(in_folder("basis"), model, &basis, &error), &error);

    nst_image picture = next_image(file), style = next_image(file);
    nst_effectiveness got, other_threads, self;
    double expected;
    assert_ok(nst_measure_effectiveness(basis, &picture, &style, 1, &got, &error), &error);
    for (int i = 0; i <= NST_BASIS_LAYERS; i++) {
        double value = i < NST_BASIS_LAYERS ? got.layers[i] : got.total;
        assert_int_equal(fscanf(file, "%lf", &expected), 1);
        if (!(fabs(value - expected) <= 2e-3 * fabs(expected)))
            fail_msg("value %d: expected %.9g, got %.9g", i, expected, value);
    }
    assert_ok(nst_measure_effectiveness(basis, &picture, &style, 0, &other_threads, &error),
              &error);
    assert_memory_equal(&got, &other_threads, sizeof got);
    assert_ok(nst_measure_effectiveness(basis, &style, &style, 2, &self, &error), &error);
    for (int i = 0; i < NST_BASIS_LAYERS; i++)
        assert_true(self.layers[i] > got.layers[i] + 5.0);

    assert_refused(nst_measure_effectiveness(learned, &picture, &style, 1, &got, &error),
                   NST_ERR_ARGUMENT, &error, "expected an opened one");
    nst_image_destroy(&picture);
    nst_image_destroy(&style);
    nst_basis_close(learned);
    nst_basis_close(basis);
    nst_model_close(model);
    free(bytes);
    free(again);
    fclose(file);
    unlink(in_folder("basis"));
}

static void a_flat_picture_has_none(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_basis *basis = NULL;
    nst_image black = {0}, style = {0};
    nst_effectiveness e;
    nst_error error = {0};
    size_t size;
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    unsigned char *bytes = bundled_basis(model, &size);
    write_file(in_folder("basis"), bytes, size);
    assert_ok(nst_basis_open(in_folder("basis"), model, &basis, &error), &error);
    assert_ok(nst_image_create(64, 64, 0, &black, &error), &error);
    assert_int_equal(seeded_image(2, 64, 64, &style, NULL), NST_OK);
    assert_ok(nst_measure_effectiveness(basis, &black, &style, 1, &e, &error), &error);
    assert_true(isnan(e.total) && isnan(e.layers[0]));
    assert_ok(nst_measure_effectiveness(basis, &style, &black, 1, &e, &error), &error);
    assert_true(isnan(e.total) && isnan(e.layers[0]));
    nst_image_destroy(&black);
    assert_ok(nst_image_create(15, 64, 0, &black, &error), &error);
    assert_refused(nst_measure_effectiveness(basis, &black, &style, 1, &e, &error),
                   NST_ERR_ARGUMENT, &error, "a picture of 15x64 pixels: too small for relu5_1");
    nst_image_destroy(&black);
    nst_image_destroy(&style);
    nst_basis_close(basis);
    nst_model_close(model);
    free(bytes);
    unlink(in_folder("basis"));
}

static void learning_refuses(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_basis *basis = NULL;
    nst_image small = {0};
    unsigned char *bytes = NULL;
    size_t size;
    nst_error none = {0}, narrow = {0}, shallow = {0}, error = {0};
    char line[] = "weights seeded 8 caffe 5 12 17 9 20";
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    assert_ok(nst_basis_begin(model, &basis, &error), &error);
    assert_refused(nst_basis_encode(basis, &bytes, &size, &none), NST_ERR_ARGUMENT, &none,
                   "no photo was added");
    assert_ok(nst_image_create(40, 9, 0, &small, &error), &error);
    assert_refused(nst_basis_add(basis, &small, 1, &narrow), NST_ERR_ARGUMENT, &narrow,
                   "a photo of 40x9 pixels: too small");
    assert_null(bytes);
    nst_image_destroy(&small);
    nst_basis_close(basis);
    nst_model_close(model);
    model = seeded_model(line);
    basis = NULL;
    assert_refused(nst_basis_begin(model, &basis, &shallow), NST_ERR_ARGUMENT, &shallow,
                   "relu4_1 is not in the model");
    assert_null(basis);
    nst_model_close(model);
}

static void opening_refuses(void **state)
{
    (void)state;
    nst_model *model = NULL, *other = NULL;
    nst_basis *basis = NULL;
    size_t size;
    char line[] = "weights seeded 8 caffe 5 12 17 9 20 33 16 21 30 23 18 37 19";
    nst_error error = {0}, missing = {0}, weights = {0}, foreign = {0};
    assert_ok(nst_model_open(NULL, &model, &error), &error);
    other = seeded_model(line);
    unsigned char *bytes = bundled_basis(model, &size);
    write_file(in_folder("basis"), bytes, size);
    assert_refused(nst_basis_open(in_folder("basis"), other, &basis, &foreign), NST_ERR_FORMAT,
                   &foreign, "it was made for another");
    assert_refused(nst_basis_open(NST_PROJECT_DIR "/tests/models/vgg19-slim.safetensors", model,
                                  &basis, &weights),
                   NST_ERR_FORMAT, &weights, "expected a basis, made by");
    assert_refused(nst_basis_open("/nowhere", model, &basis, &missing), NST_ERR_IO, &missing,
                   "/nowhere");
    /* Damaged anywhere in its header, it is refused or still good. */
    for (size_t i = 0; i < 700; i += 3) {
        nst_error damaged = {0};
        bytes[i] ^= 0x11;
        write_file(in_folder("basis"), bytes, size);
        if (nst_basis_open(in_folder("basis"), model, &basis, &damaged) == NST_OK)
            nst_basis_close(basis);
        else
            assert_true(damaged.message[0] != '\0');
        basis = NULL;
        bytes[i] ^= 0x11;
    }
    write_file(in_folder("basis"), bytes, size - 1);
    nst_error truncated = {0};
    assert_refused(nst_basis_open(in_folder("basis"), model, &basis, &truncated), NST_ERR_FORMAT,
                   &truncated, in_folder("basis"));
    assert_null(basis);
    unlink(in_folder("basis"));
    nst_model_close(model);
    nst_model_close(other);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_matches_numpy),
        cmocka_unit_test(a_flat_picture_has_none),
        cmocka_unit_test(learning_refuses),
        cmocka_unit_test(opening_refuses),
    };
    if (!mkdtemp(folder))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
