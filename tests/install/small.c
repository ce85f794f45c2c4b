/* A program outside of the house: a picture in the style of another by the public header alone.
 * tests/check_install.sh builds it against the installed library. */
#include <nst.h>
#include <stdio.h>

int main(void)
{
    nst_error error = {NST_OK, ""};
    nst_model *model = NULL;
    nst_options options;
    nst_image photo = {0}, painting = {0}, result = {0};
    nst_inputs in = {.struct_size = sizeof(nst_inputs),
                     .content = &photo,
                     .styles = &painting,
                     .style_count = 1};

    nst_options_default(&options);
    options.size = 32;
    options.iterations = options.scales = 2;
    nst_status status = nst_model_open(NULL, &model, &error);
    if (status == NST_OK)
        status = nst_image_create(48, 36, 0, &photo, &error);
    if (status == NST_OK)
        status = nst_image_create(40, 40, 0, &painting, &error);
    for (int i = 0; status == NST_OK && i < 3 * 40 * 40; i++)
        painting.rgb[i] = (float)(i % 7) / 6.0f;
    if (status == NST_OK)
        status = nst_stylize(model, &in, &options, NULL, NULL, &result, NULL, &error);
    if (status == NST_OK)
        printf("%dx%d\n", result.width, result.height);
    else
        fprintf(stderr, "%s\n", error.message);
    nst_image_destroy(&result);
    nst_image_destroy(&painting);
    nst_image_destroy(&photo);
    nst_model_close(model);
    return status == NST_OK ? 0 : 1;
}
