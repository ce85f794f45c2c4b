/* The command line: argv to one struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arguments/parse.h"
#include "options/settings.h"
#include "options/style_spec.h"
#include "options/template.h"

#define PICTURES "-c", "photo.jpg", "-s", "painting.jpg", "-o", "out.png"

/* Parse "nst" and these words; args to be destroyed. */
#define PARSE(...) parse(&args, &error, (const char *const[]){"nst", __VA_ARGS__, NULL})

static nst_status parse(nst_args *args, nst_error *error, const char *const *words)
{
    char *argv[64];
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = (char *)words[argc];
    argv[argc] = NULL;
    *error = (nst_error){0};
    return nst_args_parse(argc, argv, args, error);
}

static void refused(nst_args *args, const nst_error *error, nst_status status, const char *text)
{
    nst_args_destroy(args);
    assert_int_equal(status, NST_ERR_ARGUMENT);
    if (!strstr(error->message, text))
        fail_msg("expected '%s' in '%s'", text, error->message);
}

#define REFUSED(text, ...) refused(&args, &error, PARSE(__VA_ARGS__), text)

static void test_three_options_are_enough(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    nst_options defaults;
    nst_options_default(&defaults);
    assert_int_equal(PARSE(PICTURES), NST_OK);
    assert_string_equal(args.job.content, "photo.jpg");
    assert_string_equal(args.job.styles[0].path, "painting.jpg");
    assert_string_equal(args.job.output, "out.png");
    assert_string_equal(args.job.weights, "bundled");
    assert_int_equal(args.job.output_format, NST_FORMAT_PNG);
    assert_int_equal(args.job.quality, 92);
    assert_int_equal(args.job.save_every, 0);
    assert_int_equal(args.verbosity, 0);
    assert_int_equal(args.job.options.iterations, defaults.iterations);
    assert_int_equal(args.job.options.style_layer_count, defaults.style_layer_count);
    assert_null(args.record);
    assert_null(args.job_file);
    nst_args_destroy(&args);
}

static void test_every_option_arrives(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(PARSE(PICTURES, "-S", "full", "-n", "7", "--coarse-iterations=8",
                           "--content-weight", "0.5", "--style-weight=2", "--tv-weight=0.25",
                           "--content-layers=relu3_1", "--style-layers", "relu1_1:2,relu2_2:0.5",
                           "--style-scale=0.5", "--optimizer", "adam", "--learning-rate=0.125",
                           "--history=9", "--scales=3", "--min-size=64", "--init=start.png",
                           "--seed=18446744073709551615", "--pooling=avg", "-w", "vgg.safetensors",
                           "-j3", "-f", "jpeg", "--quality=80", "--save-every=50",
                           "--record=r.json", "-v"),
                     NST_OK);
    const nst_options *o = &args.job.options;
    assert_int_equal(o->size, 0);
    assert_int_equal(o->iterations, 7);
    assert_int_equal(o->coarse_iterations, 8);
    assert_true(o->content_weight == 0.5f && o->style_weight == 2.0f && o->tv_weight == 0.25f);
    assert_int_equal(o->content_layer_count, 1);
    assert_int_equal(o->content_layers[0].layer, nst_layer_find("relu3_1"));
    assert_int_equal(o->style_layer_count, 2);
    assert_int_equal(o->style_layers[1].layer, nst_layer_find("relu2_2"));
    assert_true(o->style_layers[0].weight == 2.0f && o->style_layers[1].weight == 0.5f);
    assert_true(o->style_scale == 0.5f && o->learning_rate == 0.125f);
    assert_int_equal(o->optimizer, NST_OPTIMIZER_ADAM);
    assert_int_equal(o->history, 9);
    assert_int_equal(o->scales, 3);
    assert_int_equal(o->min_size, 64);
    assert_int_equal(o->init, NST_INIT_IMAGE);
    assert_string_equal(args.job.init, "start.png");
    assert_true(o->seed == UINT64_MAX);
    assert_int_equal(o->pooling, NST_POOLING_AVG);
    assert_string_equal(args.job.weights, "vgg.safetensors");
    assert_int_equal(o->threads, 3);
    assert_int_equal(args.job.output_format, NST_FORMAT_JPEG);
    assert_int_equal(args.job.quality, 80);
    assert_int_equal(args.job.save_every, 50);
    assert_string_equal(args.record, "r.json");
    assert_int_equal(args.verbosity, 1);
    nst_args_destroy(&args);
}

static void test_presets_yield_wherever_they_stand(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    nst_options high;
    nst_options_default(&high);
    nst_options_preset(&high, NST_PRESET_HIGH);
    assert_int_equal(PARSE(PICTURES, "-n", "7", "-p", "high"), NST_OK);
    assert_int_equal(args.job.options.iterations, 7);
    assert_int_equal(args.job.options.coarse_iterations, high.coarse_iterations);
    nst_args_destroy(&args);
    assert_int_equal(PARSE(PICTURES, "-p", "high", "--coarse-iterations=7"), NST_OK);
    assert_int_equal(args.job.options.iterations, high.iterations);
    assert_int_equal(args.job.options.coarse_iterations, 7);
    nst_args_destroy(&args);
}

static void test_the_last_one_counts(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(
        PARSE(PICTURES, "-S", "64", "-S", "128", "-q", "-v", "--init=a.png", "--init=noise"),
        NST_OK);
    assert_int_equal(args.job.options.size, 128);
    assert_int_equal(args.verbosity, 1);
    assert_int_equal(args.job.options.init, NST_INIT_NOISE);
    nst_args_destroy(&args);
    assert_int_equal(PARSE(PICTURES, "-v", "-q"), NST_OK);
    assert_int_equal(args.verbosity, -1);
    nst_args_destroy(&args);
    REFUSED("--output: given twice", PICTURES, "-o", "second.jpg");
}

static void test_styles_take_weights_and_regions(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path;
        float weight;
        int region;
    } cases[] = {{"a.jpg", "a.jpg", 1.0f, 0},
                 {"a.jpg:3", "a.jpg", 3.0f, 0},
                 {"a.jpg@2", "a.jpg", 1.0f, 2},
                 {"a.jpg:0.5@8", "a.jpg", 0.5f, 8},
                 {"a.jpg@1:1e3", "a.jpg", 1e3f, 1},
                 {"d:2/a@3/b", "d:2/a@3/b", 1.0f, 0},
                 {"me@home.jpg", "me@home.jpg", 1.0f, 0},
                 {"a:b:2", "a:b", 2.0f, 0},
                 {"a:1:2", "a:1", 2.0f, 0},
                 {"-:2", "-", 2.0f, 0}};
    nst_args args;
    nst_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(PARSE("-c", "photo.jpg", "-o", "out.png", "-s", "first.jpg:0.25", "-s",
                               cases[i].text, "--content-mask=m.png", "--style-mask=none",
                               "--style-mask", "n.png"),
                         NST_OK);
        const nst_style_source *style = &args.job.styles[1];
        assert_int_equal(args.job.style_count, 2);
        assert_true(args.job.styles[0].weight == 0.25f);
        assert_string_equal(style->path, cases[i].path);
        assert_true(style->weight == cases[i].weight);
        assert_int_equal(style->region, cases[i].region);
        char *text = nst_style_print(style);
        nst_style_source again = {0};
        assert_int_equal(nst_style_parse("", text, &again, NULL), NST_OK);
        assert_true(strcmp(again.path, style->path) == 0 && again.weight == style->weight &&
                    again.region == style->region);
        free(text);
        free(again.path);
        assert_string_equal(args.job.content_mask, "m.png");
        assert_int_equal(args.job.style_mask_count, 2);
        assert_null(args.job.style_masks[0]);
        assert_string_equal(args.job.style_masks[1], "n.png");
        nst_args_destroy(&args);
    }
}

static void test_names_choose_formats(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        nst_format format;
    } cases[] = {{"a.png", NST_FORMAT_PNG}, {"a.JPG", NST_FORMAT_JPEG}, {"a.jpeg", NST_FORMAT_JPEG},
                 {"a.bmp", NST_FORMAT_BMP}, {"a.Tga", NST_FORMAT_TGA},  {"-", NST_FORMAT_PNG}};
    nst_args args;
    nst_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(PARSE("-c", "a", "-s", "b", "-o", cases[i].name), NST_OK);
        assert_int_equal(args.job.output_format, cases[i].format);
        nst_args_destroy(&args);
        assert_int_equal(PARSE("-c", "a", "-s", "b", "-f", "bmp", "-o", cases[i].name), NST_OK);
        assert_int_equal(args.job.output_format, NST_FORMAT_BMP);
        nst_args_destroy(&args);
    }
    REFUSED("--output a.gif: expected a name that ends in", "-c", "a", "-s", "b", "-o", "a.gif");
    REFUSED("--output png: expected a name that ends in", "-c", "a", "-s", "b", "-o", "png");
    REFUSED("--output a.ppm: expected a name that ends in", "-c", "a", "-s", "b", "-o", "a.ppm");
}

static void test_messages_name_the_option(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    REFUSED("--size 12: expected 16 to 32768, or full", PICTURES, "--size", "12");
    REFUSED("--size 12: expected 16 to 32768, or full", PICTURES, "-S", "12");
    REFUSED("--sise: unknown option (did you mean --size?)", "--sise=3");
    REFUSED("-x: unknown option", "-x");
    REFUSED("--size: expected a value", "--size");
    REFUSED("--verbose: takes no value", "--verbose=1");
    REFUSED("b.jpg: not expected here", PICTURES, "b.jpg");
    REFUSED("-v: not expected here", PICTURES, "--", "-v");
    REFUSED("no photo given", "-s", "a", "-o", "b.png");
    REFUSED("no painting given", "-c", "a", "-o", "b.png");
    REFUSED("no output given", "-c", "-", "-s", "b");
    REFUSED("--seed 1x: expected", PICTURES, "--seed", "0,1x");
    REFUSED("standard input", "-c", "-", "-s", "-", "-o", "b.png");
    REFUSED("--style-layers: expected at least one layer", PICTURES, "--style-layers=relu1_1:0");
}

static void test_words_are_pictures(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(PARSE("photo.jpg", "-S", "64", "painting.jpg", "never-there.png"), NST_OK);
    assert_string_equal(args.job.content, "photo.jpg");
    assert_string_equal(args.job.styles[0].path, "painting.jpg");
    assert_string_equal(args.job.output, "never-there.png");
    assert_true(args.job.keep_existing && args.photos.count == 0);
    nst_args_destroy(&args);
    assert_int_equal(PARSE("-c", "a", "b", "-s", "c", "-o", "out/", "-c", "d", "--", "-e"), NST_OK);
    assert_int_equal(args.photos.count, 4);
    assert_string_equal(args.photos.list[1], "b");
    assert_string_equal(args.photos.list[3], "-e");
    assert_string_equal(args.job.content, "a");
    nst_args_destroy(&args);
    assert_int_equal(PARSE("-s", "c", "a", "b"), NST_OK);
    assert_int_equal(args.photos.count, 2);
    assert_null(args.job.output);
    nst_args_destroy(&args);
}

/* Every combination once, the last option's values changing fastest. */
static void test_several_values(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    char text[NST_VARIANT_TEXT_MAX];
    assert_int_equal(
        PARSE("-c", "a", "-s", "b", "-o", "out", "--style-scale=0.50,2", "--strength", "0,50,100"),
        NST_OK);
    assert_int_equal(nst_variants_count(&args.variants), 6);
    for (int i = 0; i < 6; i++) {
        nst_options o = args.job.options;
        assert_int_equal(nst_variants_apply(&args.variants, i, &o, NULL), NST_OK);
        assert_true(o.strength == (float)(i / 2 * 50) && o.style_scale == (i % 2 ? 2.0f : 0.5f));
    }
    assert_string_equal(nst_variants_text(&args.variants, 4, "_", "-", text),
                        "_strength-100_style-scale-0.5");
    assert_null(nst_variants_value(&args.variants, 0, "seed"));
    nst_args_destroy(&args);
}

static char *in_capitals(void *user, const char *name)
{
    (void)user;
    return strdup(strcmp(name, "photo") == 0 ? "PHOTO" : strcmp(name, "style") == 0 ? ".." : "");
}

static void test_templates(void **state)
{
    (void)state;
    static const struct {
        const char *text, *filled, *folder;
    } cases[] = {
        {"{photo}.png", "PHOTO.png", "."},
        {"a/b{{/{photo}{photo}}}", "a/b{/PHOTOPHOTO}", "a/b{"},
        {"/{folder}/{photo}", "/PHOTO", "/"},
        {"out/{style}/x.png", "out/_/x.png", "out"},
        {"out/x-{style}.png", "out/x-_.png", "out"},
    };
    static const char *const bad[] = {"{",
                                      "}",
                                      "a{photo",
                                      "{{{photo}}",
                                      "{photo}}",
                                      "{Photo}",
                                      "{}",
                                      "{photo{style}}",
                                      "{a-name-far-longer-than-that-of-any-field}"};
    bool fields;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(nst_template_check("-o", cases[i].text, &fields, NULL), NST_OK);
        assert_true(fields);
        char *filled = nst_template_fill(cases[i].text, in_capitals, NULL);
        char *folder = nst_template_folder(cases[i].text);
        assert_string_equal(filled, cases[i].filled);
        assert_string_equal(folder, cases[i].folder);
        free(filled);
        free(folder);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (nst_template_check("-o", bad[i], &fields, NULL) != NST_ERR_ARGUMENT)
            fail_msg("'%s' was taken for a template", bad[i]);
    char *quoted = nst_template_quote("a{b}}c");
    assert_string_equal(quoted, "a{{b}}}}c");
    assert_int_equal(nst_template_check("-o", quoted, &fields, NULL), NST_OK);
    assert_false(fields);
    char *back = nst_template_fill(quoted, in_capitals, NULL);
    assert_string_equal(back, "a{b}}c");
    free(quoted);
    free(back);
}

static void test_layers_without_weight_may_be_nothing(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(PARSE(PICTURES, "--content-weight=0", "--content-layers=relu1_1:0"), NST_OK);
    nst_args_destroy(&args);
}

static void test_help_ends_the_reading(void **state)
{
    (void)state;
    nst_args args;
    nst_error error;
    assert_int_equal(PARSE("-h", "--bogus"), NST_OK);
    assert_int_equal(args.action, NST_ACTION_HELP);
    nst_args_destroy(&args);
    assert_int_equal(PARSE("--version"), NST_OK);
    assert_int_equal(args.action, NST_ACTION_VERSION);
    nst_args_destroy(&args);
    REFUSED("--bogus: unknown option", "--bogus", "-h");
}

/* The man page has a table of the presets by hand. */
static void test_man_page_knows_the_presets(void **state)
{
    (void)state;
    static const char *const names[] = {"draft", "normal", "high"};
    char page[65536];
    FILE *file = fopen(NST_PROJECT_DIR "/src/door/nst.1", "rb");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    for (int i = 0; i < 3; i++) {
        nst_options o;
        char line[128];
        nst_options_default(&o);
        nst_options_preset(&o, (nst_preset)i);
        snprintf(line, sizeof line,
                 "\n.B %s\nmakes %d iterations at the finest scale and %d at each coarser one",
                 names[i], o.iterations, o.coarse_iterations);
        if (!strstr(page, line))
            fail_msg("nst.1 lacks:%s", line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_options_are_enough),
        cmocka_unit_test(test_every_option_arrives),
        cmocka_unit_test(test_presets_yield_wherever_they_stand),
        cmocka_unit_test(test_the_last_one_counts),
        cmocka_unit_test(test_styles_take_weights_and_regions),
        cmocka_unit_test(test_names_choose_formats),
        cmocka_unit_test(test_messages_name_the_option),
        cmocka_unit_test(test_words_are_pictures),
        cmocka_unit_test(test_several_values),
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_layers_without_weight_may_be_nothing),
        cmocka_unit_test(test_help_ends_the_reading),
        cmocka_unit_test(test_man_page_knows_the_presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
