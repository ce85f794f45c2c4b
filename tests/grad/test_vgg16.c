/* VGG16 against VGG19: a convolution that copies each channel changes nothing after a ReLU, so a
 * VGG19 whose fourth convolutions of a block copy has the features of the VGG16 without them. */
#include "grad/golden.h"

/* Like VGG's, a layer that VGG16 lacks is as wide as the one before it. */
static const int widths[NST_LAYER_MAX] = {5,  12, 17, 9,  20, 33, 16, 16,
                                          30, 23, 18, 18, 19, 29, 25, 25};

static void write_bytes(FILE *file, const void *bytes, size_t size)
{
    assert_int_equal(fwrite(bytes, 1, size, file), size);
}

static void write_copying(FILE *file, int width)
{
    for (int out = 0; out < width; out++)
        for (int in = 0; in < width; in++)
            for (int tap = 0; tap < 9; tap++) {
                float value = out == in && tap == 4 ? 1.0f : 0.0f;
                write_bytes(file, &value, sizeof value);
            }
    for (int out = 0; out < width; out++)
        write_bytes(file, &(float){0.0f}, sizeof(float));
}

/* The network with `layers` rows of the table of layers. */
static nst_status open_network(nst_network network, int layers, nst_model **out, nst_error *error)
{
    char path[] = "/tmp/nst-vgg-XXXXXX", header[8192] = "{";
    size_t offset = 0, used = 1;
    int fd = mkstemp(path), in_c = 3;
    FILE *file = fdopen(fd, "wb");
    assert_non_null(file);
    for (int i = 0; i < layers; i++) {
        const char *tensor = nst_layers[i].tensor[network];
        if (!tensor)
            continue;
        size_t weights = 36 * (size_t)in_c * (size_t)widths[i], bias = 4 * (size_t)widths[i];
        used += (size_t)snprintf(
            header + used, sizeof header - used,
            "%s\"%s.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d,3,3],\"data_offsets\":[%zu,%zu]},"
            "\"%s.bias\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%zu,%zu]}",
            i ? "," : "", tensor, widths[i], in_c, offset, offset + weights, tensor, widths[i],
            offset + weights, offset + weights + bias);
        offset += weights + bias;
        in_c = widths[i];
    }
    used += (size_t)snprintf(header + used, sizeof header - used, "}");
    uint64_t length = used;
    write_bytes(file, &length, sizeof length);
    write_bytes(file, header, used);
    in_c = 3;
    for (int i = 0; i < layers; i++) {
        uint64_t counter = 0;
        uint64_t weights = 9 * (uint64_t)in_c * (uint64_t)widths[i];
        if (!nst_layers[i].tensor[NST_NETWORK_VGG16]) {
            if (nst_layers[i].tensor[network])
                write_copying(file, widths[i]);
            continue;
        }
        assert_true(seeded_write_floats(file, 40 + (uint64_t)i, &counter, weights,
                                        (float)sqrt(6.0 / (9.0 * in_c))));
        assert_true(
            seeded_write_floats(file, 40 + (uint64_t)i, &counter, (uint64_t)widths[i], 0.1f));
        in_c = widths[i];
    }
    assert_int_equal(fclose(file), 0);
    nst_status status = nst_model_open(path, out, error);
    remove(path);
    return status;
}

static void list_layers(nst_layer_weight *list, int *count, const char *const *names)
{
    for (*count = 0; names[*count]; ++*count)
        list[*count] = (nst_layer_weight){nst_layer_find(names[*count]), 1.0f};
}

static void compare_networks(const char *const *content, const char *const *style)
{
    enum { W = 47, H = 33, COUNT = 3 * W * H };
    nst_image image[3] = {{0}};
    nst_options options;
    nst_error error = {0};
    nst_losses losses[2];
    float *gradient[2] = {floats(COUNT), floats(COUNT)};
    for (int i = 0; i < 3; i++)
        assert_ok(seeded_image(21 + (uint64_t)i, W, H, &image[i], &error), &error);
    nst_options_default(&options);
    list_layers(options.content_layers, &options.content_layer_count, content);
    list_layers(options.style_layers, &options.style_layer_count, style);

    for (int n = 0; n < NST_NETWORK_COUNT; n++) {
        nst_model *model = NULL;
        nst_objective *objective = NULL;
        assert_ok(open_network((nst_network)n, NST_LAYER_MAX, &model, &error), &error);
        assert_ok(nst_options_check(&options, model, &error), &error);
        const nst_scene_style painting = {&image[1], 1.0, 1, NULL, 0, 0, NULL, NULL};
        const nst_scene scene = {
            .content = &image[0], .region_count = 1, .styles = &painting, .style_count = 1};
        assert_ok(nst_objective_create(model, &options, &scene, 2, &objective, &error), &error);
        losses[n] = evaluate(objective, image[2].rgb, gradient[n]);
        nst_objective_destroy(objective);
        nst_model_close(model);
    }
    assert_loss("content", losses[NST_NETWORK_VGG16].content, losses[NST_NETWORK_VGG19].content);
    assert_loss("style", losses[NST_NETWORK_VGG16].style, losses[NST_NETWORK_VGG19].style);
    double off = relative_distance(gradient[NST_NETWORK_VGG16], gradient[NST_NETWORK_VGG19], COUNT);
    print_message("gradient off by %.1e\n", off);
    assert_true(off < 1e-4);
    for (int i = 0; i < 3; i++)
        nst_image_destroy(&image[i]);
    free(gradient[0]);
    free(gradient[1]);
}

static void vgg16_has_the_features_of_a_vgg19_that_copies(void **state)
{
    (void)state;
    /* The default layers; then every layer that a pooling follows, which both networks store next
     * to its pooled form; then the deepest there is. */
    compare_networks((const char *[]){"relu4_2", NULL},
                     (const char *[]){"relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", NULL});
    compare_networks((const char *[]){"relu3_3", "relu5_2", NULL},
                     (const char *[]){"relu1_2", "relu2_2", "relu3_3", "relu4_3", NULL});
    compare_networks((const char *[]){"relu5_3", NULL}, (const char *[]){"relu1_1", NULL});
}

static void layers_that_vgg16_lacks_are_refused(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_model_info info;
    nst_options options;
    nst_error error = {0};
    assert_ok(open_network(NST_NETWORK_VGG16, NST_LAYER_MAX, &model, &error), &error);
    nst_model_describe(model, &info, sizeof info);
    assert_string_equal(info.network, "VGG16");
    assert_int_equal(info.layers, 15);
    assert_int_equal(info.widths[7], 0);
    assert_int_equal(info.widths[8], 30);
    nst_options_default(&options);
    options.content_layers[0] = (nst_layer_weight){nst_layer_find("relu3_4"), 1.0f};
    options.content_layer_count = 1;
    assert_int_equal(nst_options_check(&options, model, &error), NST_ERR_ARGUMENT);
    assert_string_equal(error.message, "content-layers: relu3_4 is not in the model, a VGG16 whose "
                                       "deepest layer is relu5_3");
    nst_model_close(model);
}

/* Up to the third block nothing tells them apart, and nothing has to. */
static void a_short_file_serves(void **state)
{
    (void)state;
    nst_model *model = NULL;
    nst_model_info info;
    nst_error error = {0};
    assert_ok(open_network(NST_NETWORK_VGG16, 7, &model, &error), &error);
    nst_model_describe(model, &info, sizeof info);
    assert_int_equal(info.layers, 7);
    nst_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vgg16_has_the_features_of_a_vgg19_that_copies),
        cmocka_unit_test(layers_that_vgg16_lacks_are_refused),
        cmocka_unit_test(a_short_file_serves),
    };
    return cmocka_run_group_tests_name("VGG16", tests, NULL, NULL);
}
