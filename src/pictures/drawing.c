#include "pictures/drawing.h"

#include <stdio.h>

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

static void draw_digit(nst_image *image, int x, int y, int scale, int digit, const float rgb[3])
{
    for (int row = 0; row < NST_DIGIT_HEIGHT; row++)
        for (int column = 0; column < NST_DIGIT_WIDTH; column++)
            if (digits[digit][row][column] == '#')
                nst_draw_rectangle(image, x + column * scale, y + row * scale, scale, scale, rgb);
}

void nst_draw_number(nst_image *image, int x, int y, int scale, int number, const float rgb[3])
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    for (int i = 0; text[i]; i++)
        draw_digit(image, x + i * NST_DIGIT_STEP * scale, y, scale, text[i] - '0', rgb);
}

int nst_number_width(int scale, int number)
{
    return (snprintf(NULL, 0, "%d", number) * NST_DIGIT_STEP - 1) * scale;
}
