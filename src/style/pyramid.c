#include "style/pyramid.h"

#include <math.h>

static int part(int pixels, int halvings)
{
    long side = lround(ldexp((double)pixels, -halvings));
    return side < 1 ? 1 : (int)side;
}

int nst_pyramid_levels(const nst_options *options, int width, int height, int side_min,
                       nst_level levels[NST_SCALES_MAX])
{
    int longest = width > height ? width : height, shortest = width + height - longest;
    int most = options->scales ? options->scales : NST_SCALES_MAX;
    int count = 1;
    while (count < most && part(shortest, count) >= side_min &&
           (options->scales || part(longest, count) >= options->min_size))
        count++;
    for (int i = 0; i < count; i++)
        levels[i] = (nst_level){
            .width = part(width, count - 1 - i),
            .height = part(height, count - 1 - i),
            .iterations = i == count - 1 ? options->iterations : options->coarse_iterations,
        };
    return count;
}
