#include "style/pyramid.h"

#include <math.h>

#include "model/pass.h"
#include "style/sources.h"
#include "values/option_table.h"

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

int nst_result_levels(const nst_options *options, const nst_model *model, int content_width,
                      int content_height, nst_level levels[NST_SCALES_MAX])
{
    nst_options full;
    int width, height;
    if (nst_options_read(options, &full, NULL) != NST_OK)
        return 0;
    nst_options_resolve(&full, model);
    nst_result_size(&full, content_width, content_height, &width, &height);
    return nst_pyramid_levels(&full, width, height, nst_pass_side_min(nst_sources_deepest(&full)),
                              levels);
}
