/* Loss curves as SVG: one chart for each loss, over all iterations, a line for each scale. */
#include <math.h>

#include "report/parts.h"

/* The drawing's own units; the page stretches it. Scales are named above the curves, values stand
 * left of them, iterations below. */
enum {
    WIDTH = 300,
    HEIGHT = 150,
    LEFT = 44,
    RIGHT = 292,
    TOP = 18,
    BOTTOM = 118,
    LABEL_WIDTH = 52
};

/* Ranges wider than this are drawn by logarithm. */
#define WIDE 20.0

typedef enum { CONTENT, STYLE, TV, LOSSES } loss;

static const struct {
    const char *title, *name;
} losses[LOSSES] = {{"Content", "content"}, {"Style", "style"}, {"Total variation", "tv"}};

static double value_of(const nst_curve_point *point, loss which)
{
    const nst_losses *l = &point->losses;
    return which == CONTENT ? l->content : which == STYLE ? l->style : l->tv;
}

typedef struct {
    double low, high;
    bool logarithmic;
    int last; /* iteration */
} axes;

static axes find_axes(const nst_curve *curve, loss which)
{
    axes a = {INFINITY, -INFINITY, false, curve->points[curve->count - 1].iterations_done};
    for (int i = 0; i < curve->count; i++) {
        double value = value_of(&curve->points[i], which);
        if (!isfinite(value))
            continue;
        a.low = fmin(a.low, value);
        a.high = fmax(a.high, value);
    }
    a.logarithmic = a.low > 0.0 && a.high > WIDE * a.low;
    if (!a.logarithmic && a.low > 0.0 && a.low < 0.5 * a.high)
        a.low = 0.0;
    return a;
}

static double x_of(const axes *a, int iteration)
{
    return a->last > 1 ? LEFT + (double)(RIGHT - LEFT) * (iteration - 1) / (a->last - 1)
                       : 0.5 * (LEFT + RIGHT);
}

static double y_of(const axes *a, double value)
{
    double share = 0.5;
    if (a->logarithmic)
        share = log(value / a->low) / log(a->high / a->low);
    else if (a->high > a->low)
        share = (value - a->low) / (a->high - a->low);
    return BOTTOM - share * (BOTTOM - TOP);
}

/* A mark where a scale begins, with its size where there is room. */
static void print_scales(FILE *page, const nst_curve *curve, const axes *a)
{
    for (int i = 0; i < curve->count;) {
        const nst_curve_point *first = &curve->points[i];
        while (i < curve->count && curve->points[i].scale == first->scale)
            i++;
        double left = x_of(a, first->iterations_done);
        double right = i < curve->count ? x_of(a, curve->points[i].iterations_done) : RIGHT;
        if (left > LEFT)
            fprintf(page, "<path class=\"mark\" d=\"M%.1f %dV%d\"/>", left, TOP, BOTTOM);
        if (right - left >= LABEL_WIDTH)
            fprintf(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d&#215;%d</text>",
                    0.5 * (left + right), TOP - 6, first->width, first->height);
    }
}

/* 1, 2 or 5 times a power of ten: the smallest that cuts `range` into at most `most` steps. */
static double step_of(double range, int most)
{
    double power = pow(10.0, floor(log10(range / most)));
    for (int i = 0; i < 3; i++) {
        double step = power * (double[]){1.0, 2.0, 5.0}[i];
        if (range <= step * most * (1.0 + 1e-9))
            return step;
    }
    return 10.0 * power;
}

static void print_value(FILE *page, const axes *a, double value)
{
    double y = y_of(a, value);
    fprintf(page,
            "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"value\" x=\"%d\" y=\"%.1f\" "
            "text-anchor=\"end\">%.3g</text>",
            LEFT, y, RIGHT, LEFT - 5, y + 4.0, value);
}

/* Lines at round values: powers of ten and what lies between them, or even steps. */
static void print_values(FILE *page, const axes *a)
{
    enum { LINES = 4 };
    const double slack = 1e-9 * (a->high - a->low);
    if (a->logarithmic) {
        /* As many of 1, 2, 5 per decade as there is room for. */
        double decades = log10(a->high / a->low);
        int every = (int)ceil(decades / LINES), count = decades > 2.0 ? 1 : 3;
        for (double e = floor(log10(a->low)); e <= log10(a->high); e += every)
            for (int i = 0; i < count; i++) {
                double value = pow(10.0, e) * (double[]){1.0, 2.0, 5.0}[i];
                if (value >= a->low && value <= a->high)
                    print_value(page, a, value);
            }
    } else if (a->high > a->low) {
        double step = step_of(a->high - a->low, LINES);
        for (double k = ceil((a->low - slack) / step); k * step <= a->high + slack; k++)
            print_value(page, a, k * step + 0.0); /* never -0 */
    } else {
        print_value(page, a, a->low);
    }
}

static void print_iterations(FILE *page, const axes *a)
{
    enum { LINES = 5 };
    double step = a->last > LINES ? step_of(a->last - 1, LINES) : 1.0;
    for (double i = 0.0; i <= a->last; i += step) {
        int iteration = i < 1.0 ? 1 : (int)i;
        fprintf(page,
                "<path class=\"axis\" d=\"M%.1f %dv4\"/><text x=\"%.1f\" y=\"%d\" "
                "text-anchor=\"middle\">%d</text>",
                x_of(a, iteration), BOTTOM, x_of(a, iteration), BOTTOM + 16, iteration);
        if (a->last <= LINES && i < 1.0)
            i = 1.0;
    }
    fprintf(page, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">iteration</text>", RIGHT,
            HEIGHT - 2);
}

static void print_line(FILE *page, const nst_curve *curve, const axes *a, loss which)
{
    int scale = -1;
    fputs("<path class=\"line\" d=\"", page);
    for (int i = 0; i < curve->count; i++) {
        const nst_curve_point *p = &curve->points[i];
        double value = value_of(p, which);
        if (!isfinite(value))
            continue;
        fprintf(page, "%c%.1f %.1f", p->scale == scale ? 'L' : 'M', x_of(a, p->iterations_done),
                y_of(a, value));
        scale = p->scale;
    }
    fputs("\"/>", page);
}

static void print_chart(FILE *page, const nst_curve *curve, loss which)
{
    axes a = find_axes(curve, which);
    double end = value_of(&curve->points[curve->count - 1], which);
    if (a.low > a.high)
        return;
    fprintf(page,
            "<figure class=\"chart %s\"><figcaption>%s <b>%.3g</b>%s</figcaption>"
            "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>%s by iteration, from %.3g to "
            "%.3g</title>",
            losses[which].name, losses[which].title, end,
            a.logarithmic ? " <i>logarithmic</i>" : "", WIDTH, HEIGHT, losses[which].title,
            value_of(&curve->points[0], which), end);
    print_values(page, &a);
    print_scales(page, curve, &a);
    fprintf(page, "<path class=\"axis\" d=\"M%d %dH%d\"/>", LEFT, BOTTOM, RIGHT);
    print_iterations(page, &a);
    print_line(page, curve, &a, which);
    fputs("</svg></figure>\n", page);
}

/* Where each scale ended, for those who read figures. */
static void print_table(FILE *page, const nst_curve *curve)
{
    fputs("<div class=\"wide\"><table><thead><tr><th scope=\"col\">Scale</th><th scope=\"col\">"
          "Iterations</th><th scope=\"col\">Content</th><th scope=\"col\">Style</th>"
          "<th scope=\"col\">Total variation</th></tr></thead><tbody>\n",
          page);
    for (int i = 0; i < curve->count; i++) {
        const nst_curve_point *p = &curve->points[i];
        if (i + 1 == curve->count || p[1].scale != p->scale)
            fprintf(page,
                    "<tr><th scope=\"row\">%d&#215;%d</th><td>%d</td><td>%.3g</td><td>%.3g</td>"
                    "<td>%.3g</td></tr>\n",
                    p->width, p->height, p->iteration, p->losses.content, p->losses.style,
                    p->losses.tv);
    }
    fputs("</tbody></table></div>\n", page);
}

void nst_report_charts(FILE *page, const nst_curve *curve)
{
    if (curve->count == 0)
        return;
    fputs("<h4>Losses</h4><div class=\"charts\">\n", page);
    for (loss which = CONTENT; which < LOSSES; which++)
        print_chart(page, curve, which);
    fputs("</div>\n", page);
    print_table(page, curve);
}
