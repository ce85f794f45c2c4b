/* nst_paint: a run for callers who do not know the structs of nst.h. Nothing but nst.h is used. */
#include "base/error.h"

typedef struct {
    nst_paint_fn hook;
    void *user;
} listener;

static int on_progress(void *user, const nst_progress *progress)
{
    const listener *l = user;
    return l->hook(l->user, progress->fraction, progress->seconds_left);
}

static nst_status read_picture(const char *what, const unsigned char *bytes, int width, int height,
                               nst_image *out, nst_error *error)
{
    nst_error cause = {0};
    nst_status status = nst_check_given(what, bytes, error);
    if (status != NST_OK)
        return status;
    /* The bytes are only read, though nst_pixels has no const pointer. */
    const nst_pixels pixels = nst_pixels_interleaved((void *)bytes, width, height, 3, NST_PIXEL_U8);
    status = nst_image_from_pixels(&pixels, out, &cause);
    return status == NST_OK ? NST_OK : nst_fail(error, status, "%s: %s", what, cause.message);
}

nst_status nst_paint(const nst_model *model, const nst_options *options,
                     const unsigned char *content, int content_width, int content_height,
                     const unsigned char *style, int style_width, int style_height,
                     unsigned char *result, nst_paint_fn hook, void *user, const nst_cancel *cancel,
                     nst_error *error)
{
    nst_image photo = {0}, painting = {0}, picture = {0};
    nst_status status, written;
    listener l = {hook, user};
    if ((status = nst_check_given("a place for the result", result, error)) != NST_OK ||
        (status = read_picture("the content", content, content_width, content_height, &photo,
                               error)) != NST_OK ||
        (status = read_picture("the style", style, style_width, style_height, &painting, error)) !=
            NST_OK)
        goto cleanup;
    const nst_inputs inputs = {.struct_size = sizeof inputs,
                               .content = &photo,
                               .styles = &painting,
                               .style_count = 1,
                               .cancel = cancel};
    status =
        nst_stylize(model, &inputs, options, hook ? on_progress : NULL, &l, &picture, NULL, error);
    if (picture.rgb) {
        const nst_pixels pixels =
            nst_pixels_interleaved(result, picture.width, picture.height, 3, NST_PIXEL_U8);
        written = nst_image_to_pixels(&picture, &pixels, error);
        status = written == NST_OK ? status : written;
    }
cleanup:
    nst_image_destroy(&photo);
    nst_image_destroy(&painting);
    nst_image_destroy(&picture);
    return status;
}
