#include "pictures/drawing.h"

#include <stdio.h>
#include <string.h>

#include "imageio/imageio.h"

static const char *const digits[10][NST_DIGIT_HEIGHT] = {
    {" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "},
    {"  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "},
    {" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"},
    {" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "},
    {"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "},
    {"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "},
    {"  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "},
    {"#####", "    #", "   # ", "  #  ", " #   ", " #   ", " #   "},
    {" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "},
    {" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "},
};

static const char *const letters[26][NST_DIGIT_HEIGHT] = {
    {"     ", "     ", " ### ", "    #", " ####", "#   #", " ####"},
    {"#    ", "#    ", "# ## ", "##  #", "#   #", "##  #", "# ## "},
    {"     ", "     ", " ####", "#    ", "#    ", "#    ", " ####"},
    {"    #", "    #", " ## #", "#  ##", "#   #", "#  ##", " ## #"},
    {"     ", "     ", " ### ", "#   #", "#####", "#    ", " ####"},
    {"  ## ", " #  #", " #   ", "###  ", " #   ", " #   ", " #   "},
    {"     ", "     ", " ####", "#   #", " ####", "    #", "#### "},
    {"#    ", "#    ", "# ## ", "##  #", "#   #", "#   #", "#   #"},
    {"  #  ", "     ", " ##  ", "  #  ", "  #  ", "  #  ", " ### "},
    {"   # ", "     ", "  ## ", "   # ", "   # ", "#  # ", " ##  "},
    {"#    ", "#    ", "#  # ", "# #  ", "##   ", "# #  ", "#  # "},
    {" ##  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "},
    {"     ", "     ", "## # ", "# # #", "# # #", "# # #", "# # #"},
    {"     ", "     ", "# ## ", "##  #", "#   #", "#   #", "#   #"},
    {"     ", "     ", " ### ", "#   #", "#   #", "#   #", " ### "},
    {"     ", "     ", "# ## ", "##  #", "##  #", "# ## ", "#    "},
    {"     ", "     ", " ## #", "#  ##", "#  ##", " ## #", "    #"},
    {"     ", "     ", "# ## ", "##  #", "#    ", "#    ", "#    "},
    {"     ", "     ", " ####", "#    ", " ### ", "    #", "#### "},
    {" #   ", " #   ", "###  ", " #   ", " #   ", " #  #", "  ## "},
    {"     ", "     ", "#   #", "#   #", "#   #", "#  ##", " ## #"},
    {"     ", "     ", "#   #", "#   #", "#   #", " # # ", "  #  "},
    {"     ", "     ", "#   #", "# # #", "# # #", "# # #", " # # "},
    {"     ", "     ", "#   #", " # # ", "  #  ", " # # ", "#   #"},
    {"     ", "     ", "#   #", "#   #", " ####", "    #", "#### "},
    {"     ", "     ", "#####", "   # ", "  #  ", " #   ", "#####"},
};

static const char *const signs[4][NST_DIGIT_HEIGHT] = {
    {"     ", "     ", "     ", " ### ", "     ", "     ", "     "},
    {"     ", "     ", "     ", "     ", "     ", " ##  ", " ##  "},
    {"     ", "     ", "  #  ", "#####", "  #  ", "     ", "     "},
    {"     ", "     ", "     ", "     ", "     ", "     ", "#####"},
};

/* NULL for a character that has none. */
static const char *const *dots_of(char c)
{
    const char *const known = "-.+_", *sign = c ? strchr(known, c) : NULL;
    if (c >= '0' && c <= '9')
        return digits[c - '0'];
    if (c >= 'a' && c <= 'z')
        return letters[c - 'a'];
    if (c >= 'A' && c <= 'Z')
        return letters[c - 'A'];
    return sign ? signs[sign - known] : NULL;
}

static int clip(int value, int limit)
{
    return value < 0 ? 0 : value > limit ? limit : value;
}

void nst_draw_rectangle(nst_image *image, int x, int y, int width, int height, const float rgb[3])
{
    int left = clip(x, image->width), right = clip(x + width, image->width);
    int top = clip(y, image->height), bottom = clip(y + height, image->height);
    size_t w = (size_t)image->width, plane = w * (size_t)image->height;
    for (size_t c = 0; c < 3; c++)
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
                image->rgb[c * plane + (size_t)row * w + (size_t)column] = rgb[c];
}

static void draw_dots(nst_image *image, int x, int y, int scale,
                      const char *const rows[NST_DIGIT_HEIGHT], const float rgb[3])
{
    for (int row = 0; row < NST_DIGIT_HEIGHT; row++)
        for (int column = 0; column < NST_DIGIT_WIDTH; column++)
            if (rows[row][column] == '#')
                nst_draw_rectangle(image, x + column * scale, y + row * scale, scale, scale, rgb);
}

void nst_draw_text(nst_image *image, int x, int y, int scale, const char *text, const float rgb[3])
{
    for (int i = 0; text[i]; i++) {
        const char *const *dots = dots_of(text[i]);
        if (dots)
            draw_dots(image, x + i * NST_DIGIT_STEP * scale, y, scale, dots, rgb);
    }
}

int nst_text_width(int scale, const char *text)
{
    return ((int)strlen(text) * NST_DIGIT_STEP - 1) * scale;
}

void nst_draw_number(nst_image *image, int x, int y, int scale, int number, const float rgb[3])
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    nst_draw_text(image, x, y, scale, text, rgb);
}

int nst_number_width(int scale, int number)
{
    return (snprintf(NULL, 0, "%d", number) * NST_DIGIT_STEP - 1) * scale;
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void copy(const nst_image *from, nst_image *to, int x, int y)
{
    size_t w = (size_t)from->width, wide = (size_t)to->width;
    for (size_t c = 0; c < 3; c++)
        for (size_t row = 0; row < (size_t)from->height; row++)
            memcpy(to->rgb + (c * (size_t)to->height + (size_t)y + row) * wide + (size_t)x,
                   from->rgb + (c * (size_t)from->height + row) * w, w * sizeof(float));
}

nst_status nst_draw_file(nst_image *image, int x, int y, int tile, const char *path, int threads,
                         nst_error *error)
{
    nst_image file = {0}, small = {0};
    nst_options fit;
    int width, height;
    nst_options_default(&fit);
    fit.size = tile;
    nst_status status = nst_image_read(path, &file, NULL, error);
    if (status != NST_OK)
        return status;
    nst_result_size(&fit, file.width, file.height, &width, &height);
    status = nst_image_resize(&file, width, height, threads, &small, error);
    if (status == NST_OK)
        copy(&small, image, x + (tile - width) / 2, y + (tile - height) / 2);
    nst_image_destroy(&file);
    nst_image_destroy(&small);
    return status;
}
