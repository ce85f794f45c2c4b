/* Pictures in the style of another, from C: paint STYLE [NAME=VALUE...] -- PHOTO OUTPUT ...
 *
 * Pictures are binary PPM files. They are painted in one session, the style is measured once, and
 * Ctrl-C ends with what was reached. Names and values are those of nst_options_set. */
#include <nst.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nst_cancel *cancel;
static nst_error error;

static void on_interrupt(int signal)
{
    (void)signal;
    nst_cancel_request(cancel);
}

static int on_phase(void *user, const nst_phase_info *info)
{
    fprintf(stderr, "%s: %s\n", (const char *)user, nst_phase_name(info->phase));
    return 0;
}

static int on_progress(void *user, const nst_progress *p)
{
    fprintf(stderr, "%s: %3.0f%%\n", (const char *)user, 100.0 * p->fraction);
    return 0;
}

static int read_picture(const char *path, nst_image *out)
{
    int width, height, read = 0;
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = NULL;
    if (file && fscanf(file, "P6 %d %d 255", &width, &height) == 2 && fgetc(file) != EOF &&
        width > 0 && height > 0 && (bytes = malloc((size_t)width * (size_t)height * 3)) != NULL &&
        fread(bytes, (size_t)width * 3, (size_t)height, file) == (size_t)height) {
        nst_pixels pixels = nst_pixels_interleaved(bytes, width, height, 3, NST_PIXEL_U8);
        read = nst_image_from_pixels(&pixels, out, &error) == NST_OK;
    } else {
        fprintf(stderr, "%s: expected a binary PPM file of 8 bits\n", path);
    }
    free(bytes);
    if (file)
        fclose(file);
    return read;
}

static int write_picture(const char *path, const nst_image *image)
{
    size_t row = 3 * (size_t)image->width, rows = (size_t)image->height;
    unsigned char *bytes = malloc(row * rows);
    FILE *file = fopen(path, "wb");
    int written = 0;
    if (bytes && file) {
        nst_pixels pixels =
            nst_pixels_interleaved(bytes, image->width, image->height, 3, NST_PIXEL_U8);
        written = nst_image_to_pixels(image, &pixels, &error) == NST_OK &&
                  fprintf(file, "P6 %d %d 255\n", image->width, image->height) > 0 &&
                  fwrite(bytes, row, rows, file) == rows;
    }
    if (file && fclose(file) != 0)
        written = 0;
    free(bytes);
    return written;
}

static int paint(nst_session *session, nst_style *style, const nst_options *options, char *photo,
                 const char *output)
{
    nst_image content = {0}, result = {0};
    int painted = read_picture(photo, &content);
    if (painted) {
        nst_inputs in = {.struct_size = sizeof in,
                         .content = &content,
                         .style_handles = &style,
                         .style_count = 1,
                         .cancel = cancel,
                         .on_phase = on_phase,
                         .phase_user = photo};
        nst_status status =
            nst_session_stylize(session, &in, options, on_progress, photo, &result, NULL, &error);
        painted = (status == NST_OK || (status == NST_STOPPED && result.rgb)) &&
                  write_picture(output, &result);
    }
    nst_image_destroy(&content);
    nst_image_destroy(&result);
    return painted;
}

int main(int argc, char **argv)
{
    nst_model *model = NULL;
    nst_session *session = NULL;
    nst_style *style = NULL;
    nst_image painting = {0};
    nst_options options;
    int i = 2, good = argc > 1 && read_picture(argv[1], &painting);
    nst_options_default(&options);
    for (; good && i < argc && strcmp(argv[i], "--") != 0; i++) {
        char *value = strchr(argv[i], '=');
        if (value)
            *value++ = '\0';
        good = nst_options_set(&options, argv[i], value ? value : "", &error) == NST_OK;
    }
    good = good && nst_cancel_create(&cancel, &error) == NST_OK &&
           nst_model_open(NULL, &model, &error) == NST_OK &&
           nst_session_create(model, &session, &error) == NST_OK &&
           nst_style_create(&painting, NULL, &style, &error) == NST_OK;
    signal(SIGINT, on_interrupt);
    for (i++; good && i + 1 < argc; i += 2)
        good = paint(session, style, &options, argv[i], argv[i + 1]);
    if (error.message[0])
        fprintf(stderr, "%s\n", error.message);
    nst_style_destroy(style);
    nst_session_destroy(session);
    nst_model_close(model);
    signal(SIGINT, SIG_DFL);
    nst_cancel_destroy(cancel);
    nst_image_destroy(&painting);
    return good ? 0 : 1;
}
