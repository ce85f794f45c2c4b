/* Reading safetensors: what a file may be, and everything it may not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/safetensors.h"
#include "nst.h"

/* A file of this header and that many bytes of data; the caller frees it. */
static unsigned char *build(const char *header, size_t data, size_t *size)
{
    size_t length = strlen(header);
    unsigned char *file = calloc(8 + length + data, 1);
    assert_non_null(file);
    for (int i = 0; i < 8; i++)
        file[i] = (unsigned char)(length >> (8 * i));
    memcpy(file + 8, header, length);
    for (size_t i = 0; i < data; i++)
        file[8 + length + i] = (unsigned char)(i % 64); /* finite in any type */
    *size = 8 + length + data;
    return file;
}

static void accept(const char *header, size_t data, int count)
{
    size_t size;
    unsigned char *bytes = build(header, data, &size);
    nst_safetensors *file = NULL;
    nst_error error = {0};
    if (nst_safetensors_open_memory(bytes, size, "m", &file, &error) != NST_OK)
        fail_msg("%s: %s", header, error.message);
    assert_int_equal(nst_safetensors_count(file), count);
    nst_safetensors_close(file);
    free(bytes);
}

static void refuse_bytes(const void *bytes, size_t size, const char *text)
{
    nst_safetensors *file = NULL;
    nst_error error = {0};
    /* In a block of exactly this size, so that a sanitizer sees a read past it. */
    void *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    assert_int_equal(nst_safetensors_open_memory(copy, size, "m", &file, &error), NST_ERR_FORMAT);
    assert_null(file);
    if (!strstr(error.message, text))
        fail_msg("expected '%s' in '%s'", text, error.message);
    free(copy);
}

static void refuse(const char *header, size_t data, const char *text)
{
    size_t size;
    unsigned char *bytes = build(header, data, &size);
    refuse_bytes(bytes, size, text);
    free(bytes);
}

#define TENSOR(dtype, shape, offsets)                                                              \
    "{\"a\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define TWO(a_offsets, b_offsets)                                                                  \
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" a_offsets                           \
    "},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" b_offsets "}}"

static void test_what_is_allowed(void **state)
{
    (void)state;
    accept("{}", 0, 0);
    accept("{}      ", 0, 0);
    accept(TENSOR("F32", "[2,3]", "[0,24]"), 24, 1);
    accept(TENSOR("F16", "[]", "[0,2]"), 2, 1);    /* a scalar */
    accept(TENSOR("F32", "[0,7]", "[0,0]"), 0, 1); /* nothing at all */
    accept(TWO("[0,4]", "[4,8]"), 8, 2);
    accept(TWO("[4,8]", "[0,4]"), 8, 2); /* any order in the header */
    accept("{\"__metadata__\":{\"k\":\"v\"}}", 0, 0);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    refuse(TENSOR("F32", "[2,3]", "[0,24]"), 23, "data_offsets do not lie within");
    refuse(TENSOR("F32", "[2,3]", "[0,24]"), 25, "1 bytes after the last tensor");
    refuse(TENSOR("F32", "[2,3]", "[0,20]"), 20, "6 values of F32 do not fill the 20 bytes");
    refuse(TENSOR("F33", "[2]", "[0,8]"), 8, "unknown dtype \"F33\"");
    refuse(TENSOR("F32", "[-2]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F32", "[1.5]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F32", "[\"2\"]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F32", "[4294967296,4294967296,2]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F32", "[4611686018427387906]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F64", "[2305843009213693952]", "[0,8]"), 8, "whole numbers");
    refuse(TENSOR("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, "more than 8 dimensions");
    refuse(TENSOR("F32", "2", "[0,8]"), 8, "expected an object of dtype, shape and data_offsets");
    refuse(TENSOR("F32", "[2]", "[8,0]"), 8, "data_offsets");
    refuse(TENSOR("F32", "[2]", "[0,8,8]"), 8, "data_offsets");
    refuse(TENSOR("F32", "[2]", "[0]"), 8, "data_offsets");
    refuse(TENSOR("F32", "[2]", "[0,1e30]"), 8, "data_offsets");
    refuse(TENSOR("F32", "[1]", "[4,8]"), 8, "leave a gap");
    refuse(TWO("[0,4]", "[2,6]"), 8, "overlap");
    refuse(TWO("[0,4]", "[0,4]"), 4, "overlap");
    refuse(TWO("[0,4]", "[5,9]"), 9, "leave a gap");
    refuse("{\"a\":3}", 0, "expected an object");
    refuse("{\"a\":{\"dtype\":\"F32\"}}", 0, "expected an object");
    refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
           "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
           0, "a appears twice");
    refuse("{\"__metadata__\":3}", 0, "__metadata__: expected an object");
    refuse("{\"__metadata__\":{\"k\":3}}", 0, "k: expected a string");
    refuse("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0, "k appears twice");
    refuse("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice");
    refuse("{\"a\"", 0, "not JSON");
    refuse("{} {}", 0, "something follows");
    refuse("[]", 0, "no header");
}

static void test_other_files_are_named(void **state)
{
    (void)state;
    refuse_bytes("", 0, "no header");
    refuse_bytes("abc", 3, "no header");
    refuse_bytes("PK\003\004 and so on", 14, "PyTorch");
    refuse_bytes("\x80\x02\x8a\x0alF\xfc\x9c\x46\xf9", 11, "PyTorch");
    refuse_bytes("\x89HDF\r\n\x1a\n\0\0\0\0", 12, "HDF5");
    refuse_bytes("version https://git-lfs.github.com/spec/v1\n", 43, "git-lfs pointer");
    refuse_bytes("<!DOCTYPE html><html>", 21, "a web page");
    refuse_bytes("\x10\0\0\0\0\0\0\0{", 9, "truncated");
    refuse_bytes("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10, "no header");
    const unsigned char zero[] = {3, 0, 0, 0, 0, 0, 0, 0, '{', 0, '}'};
    refuse_bytes(zero, sizeof zero, "zero byte");
}

static void test_missing_and_unreadable_files(void **state)
{
    (void)state;
    nst_safetensors *file = NULL;
    nst_error error = {0};
    assert_int_equal(nst_safetensors_open("/nonexistent/w", &file, &error), NST_ERR_IO);
    assert_non_null(strstr(error.message, "/nonexistent/w: No such file"));
    error = (nst_error){0};
    assert_int_equal(nst_safetensors_open("/", &file, &error), NST_ERR_IO);
    assert_non_null(strstr(error.message, "a folder"));
    error = (nst_error){0};
    assert_int_equal(nst_safetensors_open("/dev/null", &file, &error), NST_ERR_IO);
    assert_non_null(strstr(error.message, "not a regular file"));
    char path[] = "/tmp/nst-empty-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    error = (nst_error){0};
    assert_int_equal(nst_safetensors_open(path, &file, &error), NST_ERR_FORMAT);
    assert_non_null(strstr(error.message, "empty"));
    unlink(path);
}

static int create(char *path, const unsigned char *bytes, size_t size)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    return fd;
}

static void test_a_file_that_shrinks_while_open(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = build(TENSOR("F32", "[20000]", "[0,80000]"), 80000, &size);
    char path[] = "/tmp/nst-shrinks-XXXXXX";
    int fd = create(path, bytes, size);
    nst_safetensors *file = NULL;
    nst_error error = {0};
    float *values = calloc(20000, sizeof *values);
    assert_non_null(values);
    assert_int_equal(nst_safetensors_open(path, &file, &error), NST_OK);
    const nst_tensor_info *tensor = nst_safetensors_at(file, 0);
    assert_int_equal(nst_safetensors_read(file, tensor, values, &error), NST_OK);
    assert_true(values[19999] != 0.0f); /* past the first chunk */
    assert_int_equal(ftruncate(fd, 70000), 0);
    assert_int_equal(nst_safetensors_read(file, tensor, values, &error), NST_ERR_IO);
    assert_non_null(strstr(error.message, "became shorter"));
    nst_safetensors_close(file);
    close(fd);
    unlink(path);
    free(values);
    free(bytes);
}

/* A header of `count` metadata, or of as many brackets. */
static char *long_header(int count, int brackets)
{
    char *text = malloc((size_t)count * 16 + 64), *at = text;
    assert_non_null(text);
    at += sprintf(at, brackets ? "{\"a\":[" : "{\"__metadata__\":{\"k\":\"\"");
    for (int i = 0; i < count; i++)
        at += brackets ? sprintf(at, "[") : sprintf(at, ",\"%x\":\"\"", i);
    sprintf(at, brackets ? "]}" : "}}");
    return text;
}

/* Neither long nor much work: these would take minutes, or gigabytes. */
static void test_headers_of_hostile_length(void **state)
{
    (void)state;
    char *text = long_header(200000, 0);
    accept(text, 0, 0);
    free(text);
    text = long_header(3000000, 1);
    refuse(text, 0, "more than 2000000 values");
    free(text);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = build(TWO("[0,4]", "[4,8]"), 8, &size);
    for (size_t cut = 0; cut < size; cut++)
        refuse_bytes(bytes, cut, "m: ");
    free(bytes);
}

/* Whatever a flipped byte makes of it, opening and reading end in order. */
static void test_damaged_anywhere(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes =
        build("{\"__metadata__\":{\"scale\":\"1\"},\"a\":{\"dtype\":\"F16\",\"shape\":"
              "[2,2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
              "\"data_offsets\":[8,12]}}",
              12, &size);
    unsigned random = 1;
    int opened = 0;
    for (int round = 0; round < 20000; round++) {
        unsigned char *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, bytes, size);
        for (int flips = 0; flips < 1 + round % 3; flips++) {
            random = random * 1664525u + 1013904223u;
            copy[random / 65536 % size] ^= (unsigned char)(1u << (random >> 13 & 7));
        }
        nst_safetensors *file = NULL;
        nst_error error = {0};
        if (nst_safetensors_open_memory(copy, size, "m", &file, &error) == NST_OK) {
            opened++;
            for (int i = 0; i < nst_safetensors_count(file); i++) {
                float values[16];
                const nst_tensor_info *tensor = nst_safetensors_at(file, i);
                if (tensor->count <= 16)
                    nst_safetensors_read(file, tensor, values, NULL);
            }
            nst_safetensors_close(file);
        } else {
            assert_true(error.message[0] != '\0');
        }
        free(copy);
    }
    assert_true(opened > 0 && opened < 20000);
    free(bytes);
}

/* ---- values ---------------------------------------------------------------------------------- */

static double half_by_definition(unsigned bits, int exponent_bits, int mantissa_bits)
{
    int bias = (1 << (exponent_bits - 1)) - 1;
    int exponent = (int)(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
    int mantissa = (int)bits & ((1 << mantissa_bits) - 1);
    double sign = bits >> 15 ? -1.0 : 1.0;
    if (exponent == (1 << exponent_bits) - 1)
        return mantissa ? (double)NAN : sign * (double)INFINITY;
    if (exponent == 0)
        return sign * ldexp(mantissa, 1 - bias - mantissa_bits);
    return sign * ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

static void all_patterns(const char *header, int exponent_bits, int mantissa_bits)
{
    size_t size;
    unsigned char *bytes = build(header, 2, &size);
    for (unsigned bits = 0; bits < 65536; bits++) {
        nst_safetensors *file = NULL;
        bytes[size - 2] = (unsigned char)bits;
        bytes[size - 1] = (unsigned char)(bits >> 8);
        assert_int_equal(nst_safetensors_open_memory(bytes, size, "m", &file, NULL), NST_OK);
        double want = half_by_definition(bits, exponent_bits, mantissa_bits);
        float got = -1.0f;
        nst_status status = nst_safetensors_read(file, nst_safetensors_find(file, "a"), &got, NULL);
        if (isfinite(want)) {
            assert_int_equal(status, NST_OK);
            assert_true((double)got == want && !signbit(got) == !signbit(want));
        } else {
            assert_int_equal(status, NST_ERR_FORMAT);
        }
        nst_safetensors_close(file);
    }
    free(bytes);
}

static void test_every_half(void **state)
{
    (void)state;
    all_patterns(TENSOR("F16", "[1]", "[0,2]"), 5, 10);
    all_patterns(TENSOR("BF16", "[1]", "[0,2]"), 8, 7);
}

static void test_other_types_are_not_weights(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = build(TENSOR("I32", "[1]", "[0,4]"), 4, &size);
    nst_safetensors *file = NULL;
    nst_error error = {0};
    float value;
    assert_int_equal(nst_safetensors_open_memory(bytes, size, "m", &file, NULL), NST_OK);
    assert_int_equal(nst_safetensors_read(file, nst_safetensors_at(file, 0), &value, &error),
                     NST_ERR_FORMAT);
    assert_string_equal(error.message, "m: a: expected F32, F16 or BF16, got I32");
    nst_safetensors_close(file);
    free(bytes);
}

/* ---- the model in it
 * ----------------------------------------------------------------------------- */

static void test_the_bundled_model(void **state)
{
    (void)state;
    size_t size;
    const void *data = nst_bundled_data(&size);
    nst_safetensors *file = NULL;
    assert_int_equal(nst_safetensors_open_memory(data, size, "bundled", &file, NULL), NST_OK);
    const nst_tensor_info *tensor = nst_safetensors_find(file, "features.0.weight");
    assert_non_null(tensor);
    assert_int_equal(tensor->dims, 4);
    assert_string_equal(tensor->dtype_name, "F16");
    assert_string_equal(nst_safetensors_metadata(file, "color_order"), "RGB");
    assert_null(nst_safetensors_metadata(file, "nothing"));
    assert_null(nst_safetensors_find(file, "nothing"));
    nst_safetensors_close(file);

    nst_model *model = NULL;
    nst_model_info info;
    assert_int_equal(nst_model_open(NULL, &model, NULL), NST_OK);
    nst_model_describe(model, &info, sizeof info);
    assert_true(info.layers >= 13 && info.has_transform);
    nst_model_close(model);
}

static void refuse_model(const char *header, size_t data, const char *text)
{
    size_t size;
    unsigned char *bytes = build(header, data, &size);
    char path[] = "/tmp/nst-model-XXXXXX";
    close(create(path, bytes, size));
    nst_model *model = NULL;
    nst_error error = {0};
    nst_status status = nst_model_open(path, &model, &error);
    unlink(path);
    free(bytes);
    assert_int_equal(status, NST_ERR_FORMAT);
    if (!strstr(error.message, text))
        fail_msg("expected '%s' in '%s'", text, error.message);
}

#define F16(name, shape, begin, end)                                                               \
    "\"" name "\":{\"dtype\":\"F16\",\"shape\":" shape ",\"data_offsets\":[" begin "," end "]}"
#define FIRST(out)                                                                                 \
    "\"features.0.weight\":{\"dtype\":\"F16\",\"shape\":[" out ",3,3,3],\"data_offsets\":[0,108]}"

static void test_files_that_are_no_vgg(void **state)
{
    (void)state;
    refuse_model("{}", 0, "no tensor features.0.weight");
    refuse_model("{" FIRST("2") "}", 108, "features.0.bias is missing");
    refuse_model("{" FIRST("2") ",\"features.0.bias\":{\"dtype\":\"F16\",\"shape\":[3],"
                                "\"data_offsets\":[108,114]}}",
                 114, "features.0.bias: expected [2], got [3]");
    refuse_model("{\"features.0.weight\":{\"dtype\":\"F16\",\"shape\":[2,4,3,3],\"data_offsets\":"
                 "[0,144]}}",
                 144, "features.0.weight: expected [1..1024,3,3,3], got [2,4,3,3]");
    refuse_model("{\"__metadata__\":{\"mean\":\"1,2\"}," FIRST("2") "}", 108,
                 "metadata mean: expected three numbers");
    refuse_model("{\"__metadata__\":{\"color_order\":\"GRB\"}," FIRST("2") "}", 108,
                 "metadata color_order: expected RGB or BGR");
    refuse_model("{\"__metadata__\":{\"scale\":\"255\"}," FIRST("2") "}", 108, "has no \"mean\"");
    refuse_model("{\"__metadata__\":{\"mean\":\"0,0,0\",\"std\":\"0,1,1\"}," FIRST("2") "}", 108,
                 "must be positive");
    refuse_model("{\"__metadata__\":{\"pooling\":\"median\"}," FIRST("2") "}", 108, "max or avg");

    /* Other networks of the family, by the names of their tensors. */
    const char *first = "{" F16("features.0.weight", "[1,3,3,3]", "0",
                                "54") "," F16("features.0.bias", "[1]", "54", "56");
    char header[512];
    snprintf(header, sizeof header, "%s,%s}", first, F16("features.5.weight", "[1]", "56", "58"));
    refuse_model(header, 58, "features.5.weight but no features.2.weight");
    snprintf(header, sizeof header, "%s,%s}", first, F16("features.17.weight", "[1]", "56", "58"));
    refuse_model(header, 58, "no features.2.weight: expected the plain VGG16");
    snprintf(header, sizeof header, "%s,%s}", first,
             F16("features.1.running_mean", "[1]", "56", "58"));
    refuse_model(header, 58, "has batch normalization");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_allowed),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_other_files_are_named),
        cmocka_unit_test(test_missing_and_unreadable_files),
        cmocka_unit_test(test_a_file_that_shrinks_while_open),
        cmocka_unit_test(test_headers_of_hostile_length),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_damaged_anywhere),
        cmocka_unit_test(test_every_half),
        cmocka_unit_test(test_other_types_are_not_weights),
        cmocka_unit_test(test_the_bundled_model),
        cmocka_unit_test(test_files_that_are_no_vgg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
