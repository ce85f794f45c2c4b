#include "pictures/style_sheet.h"

#include "pictures/drawing.h"

enum { COLUMNS = 3, GAP = 10, SCALE = 2 };
static const float GROUND[3] = {0.97f, 0.96f, 0.94f};
static const float INK[3] = {0.15f, 0.15f, 0.15f};

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
        char path[PATH_MAX];
        if ((status = nst_styles_path(&styles[i], path, error)) == NST_OK)
            status = nst_draw_file(&sheet, x, y, tile, path, threads, error);
        nst_draw_text(&sheet, x + indent, y + tile + 4 * SCALE, SCALE, styles[i].name, INK);
    }
    if (status == NST_OK)
        *out = sheet;
    else
        nst_image_destroy(&sheet);
    return status;
}
