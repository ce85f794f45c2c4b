/* The balance of losses that a weights file asks for, and what the strength makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "nst.h"
#include "seeded.h"

enum { LENGTH = 8, LAYERS = 5 };

static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);
    assert_true(file && bytes);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* Open a small model, up to relu3_1, with this text put at the beginning of its metadata. */
static nst_status open_with(const char *metadata, nst_model **out, nst_error *error)
{
    static const int widths[LAYERS] = {5, 12, 17, 9, 20};
    static const char before[] = "\"__metadata__\":{";
    char path[] = "/tmp/nst-balance-XXXXXX";
    size_t size, added = strlen(metadata);
    uint64_t length;
    close(mkstemp(path));
    assert_true(seeded_weights_write(path, 3, widths, LAYERS, NULL, "caffe"));
    char *bytes = read_all(path, &size);
    char *at = memmem(bytes, size, before, sizeof before - 1);
    assert_non_null(at);
    size_t head = (size_t)(at - bytes) + sizeof before - 1;
    memcpy(&length, bytes, LENGTH);
    length += added;
    memcpy(bytes, &length, LENGTH);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fwrite(bytes, 1, head, file) == head && fwrite(metadata, 1, added, file) == added &&
                fwrite(bytes + head, 1, size - head, file) == size - head);
    assert_int_equal(fclose(file), 0);
    free(bytes);
    nst_status status = nst_model_open(path, out, error);
    unlink(path);
    return status;
}

static const char all[] = "\"nst.content_weight\":\"0.25\",\"nst.tv_weight\":\"2e-1\","
                          "\"nst.content_layers\":\"relu2_2\","
                          "\"nst.style_layers\":\"relu1_1:0.3,relu3_1\",";

static void assert_is_all(const nst_model *model)
{
    nst_model_info info;
    nst_model_describe(model, &info, sizeof info);
    const nst_balance *b = &info.balance;
    assert_true(info.has_balance);
    assert_true(b->content_weight == 0.25f && b->tv_weight == 0.2f);
    assert_int_equal(b->content_layer_count, 1);
    assert_int_equal(b->content_layers[0].layer, nst_layer_find("relu2_2"));
    assert_int_equal(b->style_layer_count, 2);
    assert_int_equal(b->style_layers[0].layer, 0);
    assert_int_equal(b->style_layers[1].layer, nst_layer_find("relu3_1"));
    assert_true(b->style_layers[0].weight == 0.3f && b->style_layers[1].weight == 1.0f);
}

static void test_a_file_says_its_own_and_passes_it_on(void **state)
{
    (void)state;
    nst_model *model = NULL, *copy = NULL;
    nst_error error = {0};
    unsigned char *bytes = NULL;
    size_t size;
    char path[] = "/tmp/nst-balance-XXXXXX";
    if (open_with(all, &model, &error) != NST_OK)
        fail_msg("%s", error.message);
    assert_is_all(model);
    const nst_encode_options options = {.deepest = NST_LAYER_MAX - 1};
    assert_int_equal(nst_model_encode(model, &options, &bytes, &size, NULL), NST_OK);
    int fd = mkstemp(path);
    assert_true(write(fd, bytes, size) == (ssize_t)size);
    close(fd);
    assert_int_equal(nst_model_open(path, &copy, NULL), NST_OK);
    unlink(path);
    assert_is_all(copy);
    free(bytes);
    nst_model_close(copy);
    nst_model_close(model);
}

static void test_what_a_file_leaves_out_is_ours(void **state)
{
    (void)state;
    nst_model *none = NULL, *some = NULL;
    nst_model_info without, with;
    assert_int_equal(open_with("", &none, NULL), NST_OK);
    assert_int_equal(open_with("\"nst.tv_weight\":\"7\",", &some, NULL), NST_OK);
    nst_model_describe(none, &without, sizeof without);
    nst_model_describe(some, &with, sizeof with);
    assert_false(without.has_balance);
    assert_true(with.has_balance);
    assert_true(with.balance.tv_weight == 7.0f);
    assert_true(with.balance.content_weight == without.balance.content_weight);
    assert_true(without.balance.style_layer_count > 0 && without.balance.content_layer_count > 0);
    nst_model_close(none);
    nst_model_close(some);
}

static void test_what_is_no_balance_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *says;
    } cases[] = {
        {"nst.content_weight", "much", "expected a number of 0 or more, got \"much\""},
        {"nst.content_weight", "", "expected a number"},
        {"nst.content_weight", "-1", "expected a number"},
        {"nst.content_weight", "nan", "expected a number"},
        {"nst.tv_weight", "1e99", "expected a number"},
        {"nst.tv_weight", "1 2", "expected a number"},
        {"nst.style_layers", "", "expected layers like relu1_1:0.5,relu4_1"},
        {"nst.style_layers", "relu1_1,", "expected layers"},
        {"nst.style_layers", "relu9_9", "expected layers"},
        {"nst.style_layers", "relu1_1:x", "expected layers"},
        {"nst.style_layers", "relu1_1:-1", "expected layers"},
        {"nst.style_layers", "relu1_1,relu1_1", "each once"},
        {"nst.style_layers", "relu1_1:0", "at least one layer with a weight"},
        {"nst.content_layers", "relu4_2", "relu4_2 is not in the model"},
        {"nst.content_layers", "relu2_1;relu2_2_and_a_very_long_word", "expected layers"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char metadata[256];
        nst_model *model = NULL;
        nst_error error = {0};
        snprintf(metadata, sizeof metadata, "\"%s\":\"%s\",", cases[i].key, cases[i].value);
        assert_int_equal(open_with(metadata, &model, &error), NST_ERR_FORMAT);
        if (!strstr(error.message, cases[i].key) || !strstr(error.message, cases[i].says))
            fail_msg("expected '%s' in '%s'", cases[i].says, error.message);
        assert_null(model);
    }
}

static void test_strength(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_options o;
    float before = 0.0f;
    assert_int_equal(open_with(all, &model, NULL), NST_OK);
    for (int strength = 100; strength >= 0; strength--) {
        nst_options_default(&o);
        o.strength = (float)strength;
        nst_options_resolve(&o, model);
        assert_true(o.content_weight > before);
        assert_true(o.style_weight == 1.0f && o.tv_weight == 0.2f);
        assert_int_equal(nst_options_check(&o, model, NULL), NST_OK);
        assert_true(strength != 50 || o.content_weight == 0.25f);
        before = o.content_weight;
    }
    assert_int_equal(o.style_layer_count, 2);
    assert_int_equal(o.content_layers[0].layer, nst_layer_find("relu2_2"));
    nst_model_close(model);
}

static void test_what_is_asked_for_wins(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_options o, again;
    assert_int_equal(open_with(all, &model, NULL), NST_OK);
    nst_options_default(&o);
    o.strength = 0.0f;
    o.content_weight = 0.5f;
    o.tv_weight = 0.0f;
    o.style_layers[0] = (nst_layer_weight){2, 7.0f};
    o.style_layer_count = 1;
    nst_options_resolve(&o, model);
    assert_true(o.content_weight == 0.5f && o.tv_weight == 0.0f);
    assert_int_equal(o.style_layer_count, 1);
    assert_int_equal(o.style_layers[0].layer, 2);
    again = o;
    nst_options_resolve(&again, model);
    assert_memory_equal(&again, &o, sizeof o);
    nst_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_says_its_own_and_passes_it_on),
        cmocka_unit_test(test_what_a_file_leaves_out_is_ours),
        cmocka_unit_test(test_what_is_no_balance_is_refused),
        cmocka_unit_test(test_strength),
        cmocka_unit_test(test_what_is_asked_for_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
