/* Loss curves as SVG: one chart for each loss, over all iterations, a line for each scale. */
#include <math.h>

#include "report/parts.h"

/* The drawing's own units; the page stretches it. */
enum { WIDTH = 300, HEIGHT = 104, TOP = 8, BOTTOM = 88, LABEL_WIDTH = 44 };

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
    return a->last > 1 ? (double)WIDTH * (iteration - 1) / (a->last - 1) : 0.5 * WIDTH;
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
        double right = i < curve->count ? x_of(a, curve->points[i].iterations_done) : WIDTH;
        if (left > 0.0)
            fprintf(page, "<path class=\"mark\" d=\"M%.1f %dV%d\"/>", left, TOP, BOTTOM);
        if (right - left >= LABEL_WIDTH)
            fprintf(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d&#215;%d</text>",
                    0.5 * (left + right), HEIGHT - 4, first->width, first->height);
    }
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
            "%.3g</title><path class=\"axis\" d=\"M0 %dH%d\"/>",
            losses[which].name, losses[which].title, end,
            a.logarithmic ? " <i>logarithmic</i>" : "", WIDTH, HEIGHT, losses[which].title,
            value_of(&curve->points[0], which), end, BOTTOM, WIDTH);
    print_scales(page, curve, &a);
    print_line(page, curve, &a, which);
    fprintf(page,
            "<text x=\"0\" y=\"%d\">%.2g</text><text x=\"0\" y=\"%d\">%.2g</text></svg></figure>\n",
            TOP, a.high, BOTTOM - 3, a.low);
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
