#include "pictures/style_sheet.h"

#include <string.h>

#include "imageio/imageio.h"
#include "pictures/drawing.h"

enum { COLUMNS = 3, GAP = 10, SCALE = 2 };
static const float GROUND[3] = {0.97f, 0.96f, 0.94f};
static const float INK[3] = {0.15f, 0.15f, 0.15f};

static void copy(const nst_image *from, nst_image *to, int x, int y)
{
    size_t w = (size_t)from->width, wide = (size_t)to->width;
    for (size_t c = 0; c < 3; c++)
        for (size_t row = 0; row < (size_t)from->height; row++)
            memcpy(to->rgb + (c * (size_t)to->height + (size_t)y + row) * wide + (size_t)x,
                   from->rgb + (c * (size_t)from->height + row) * w, w * sizeof(float));
}

/* With the longest side as long as the tile, in the middle of its place at x, y. */
static nst_status draw_tile(const nst_known_style *style, int tile, int threads, nst_image *sheet,
                            int x, int y, nst_error *error)
{
    char path[PATH_MAX];
    nst_image file = {0}, small = {0};
    nst_options fit;
    int width, height;
    nst_status status;
    nst_options_default(&fit);
    fit.size = tile;
    if ((status = nst_styles_path(style, path, error)) != NST_OK ||
        (status = nst_image_read(path, &file, NULL, error)) != NST_OK)
        return status;
    nst_result_size(&fit, file.width, file.height, &width, &height);
    status = nst_image_resize(&file, width, height, threads, &small, error);
    if (status == NST_OK)
        copy(&small, sheet, x + (tile - width) / 2, y + (tile - height) / 2);
    nst_image_destroy(&file);
    nst_image_destroy(&small);
    return status;
}

nst_status nst_style_sheet_draw(const nst_known_style *styles, int tile, int threads,
                                nst_image *out, nst_error *error)
{
    int count = 0, step = tile + GAP, label = (NST_DIGIT_HEIGHT + 6) * SCALE;
    nst_image sheet = {0};
    while (styles[count].name)
        count++;
    int rows = (count + COLUMNS - 1) / COLUMNS;
    nst_status status =
        nst_image_create(COLUMNS * step + GAP, rows * (step + label) + GAP, 0, &sheet, error);
    if (status != NST_OK)
        return status;
    nst_draw_rectangle(&sheet, 0, 0, sheet.width, sheet.height, GROUND);
    for (int i = 0; i < count && status == NST_OK; i++) {
        int x = GAP + i % COLUMNS * step, y = GAP + i / COLUMNS * (step + label);
        int indent = (tile - nst_text_width(SCALE, styles[i].name)) / 2;
        status = draw_tile(&styles[i], tile, threads, &sheet, x, y, error);
        nst_draw_text(&sheet, x + indent, y + tile + 4 * SCALE, SCALE, styles[i].name, INK);
    }
    if (status == NST_OK)
        *out = sheet;
    else
        nst_image_destroy(&sheet);
    return status;
}
