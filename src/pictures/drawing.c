#include "pictures/drawing.h"

#include <stdio.h>
#include <string.h>

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
        int at = x + i * NST_DIGIT_STEP * scale;
        if (text[i] >= '0' && text[i] <= '9')
            draw_dots(image, at, y, scale, digits[text[i] - '0'], rgb);
        else if (text[i] >= 'a' && text[i] <= 'z')
            draw_dots(image, at, y, scale, letters[text[i] - 'a'], rgb);
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
