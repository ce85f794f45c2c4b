#include "pictures/statistics.h"
#include "base/image.h"

#include <math.h>

enum { LEVELS = 9 };

typedef struct {
    double share[LEVELS][LEVELS][LEVELS]; /* sum 1 */
} histogram;

static void count_colors(const nst_image *image, histogram *h)
{
    size_t pixels = nst_pixel_count(image);
    *h = (histogram){0};
    for (size_t i = 0; i < pixels; i++) {
        int cell[3];
        double above[3];
        for (size_t c = 0; c < 3; c++) {
            double value = fmin(fmax((double)image->rgb[c * pixels + i], 0.0), 1.0);
            double place = value * (LEVELS - 1);
            cell[c] = place >= LEVELS - 1 ? LEVELS - 2 : (int)place;
            above[c] = place - cell[c];
        }
        for (int corner = 0; corner < 8; corner++) {
            int r = corner >> 2, g = corner >> 1 & 1, b = corner & 1;
            h->share[cell[0] + r][cell[1] + g][cell[2] + b] +=
                (r ? above[0] : 1.0 - above[0]) * (g ? above[1] : 1.0 - above[1]) *
                (b ? above[2] : 1.0 - above[2]) / (double)pixels;
        }
    }
}

double nst_color_distance(const nst_image *a, const nst_image *b)
{
    histogram ha, hb;
    double sum = 0.0;
    count_colors(a, &ha);
    count_colors(b, &hb);
    for (int red = 0; red < LEVELS; red++)
        for (int green = 0; green < LEVELS; green++)
            for (int blue = 0; blue < LEVELS; blue++)
                sum += fabs(ha.share[red][green][blue] - hb.share[red][green][blue]);
    return 0.5 * sum;
}

static double luma(const nst_image *image, size_t i)
{
    size_t pixels = nst_pixel_count(image);
    return 0.2126 * (double)image->rgb[i] + 0.7152 * (double)image->rgb[pixels + i] +
           0.0722 * (double)image->rgb[2 * pixels + i];
}

double nst_fine_detail(const nst_image *image)
{
    size_t w = (size_t)image->width, h = (size_t)image->height;
    double sum = 0.0;
    if (w < 3 || h < 3)
        return 0.0;
    for (size_t y = 1; y + 1 < h; y++)
        for (size_t x = 1; x + 1 < w; x++) {
            size_t i = y * w + x;
            double laplacian = 4.0 * luma(image, i) - luma(image, i - 1) - luma(image, i + 1) -
                               luma(image, i - w) - luma(image, i + w);
            sum += laplacian * laplacian;
        }
    return sum / ((double)(w - 2) * (double)(h - 2));
}
