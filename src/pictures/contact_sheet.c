#include "pictures/contact_sheet.h"

#include <stdio.h>
#include <stdlib.h>

#include "files/path.h"
#include "options/variants.h"
#include "pictures/drawing.h"

enum {
    GAP = 10,
    SCALE = 2,
    LINE = (NST_DIGIT_HEIGHT + 3) * SCALE,
    TILE_MAX = 256,
    TILE_MIN = 96,
    PIXELS_MAX = 12000000
};
static const float GROUND[3] = {0.97f, 0.96f, 0.94f};
static const float EMPTY[3] = {0.88f, 0.87f, 0.85f};
static const float INK[3] = {0.15f, 0.15f, 0.15f};

/* Where things lie, in pixels. */
typedef struct {
    const nst_job_list *jobs;
    int group;         /* results of a photo in a style */
    int columns, rows; /* of a group */
    int groups, tile;
} layout;

static int heading_height(const layout *l)
{
    return l->jobs->count > l->group ? LINE + GAP : 0;
}

static int row_height(const layout *l)
{
    return l->tile + GAP + LINE * l->jobs->args->variants.count;
}

static int group_height(const layout *l)
{
    return heading_height(l) + l->rows * (row_height(l) + GAP);
}

static int width_of(const layout *l)
{
    return GAP + l->columns * (l->tile + GAP);
}

/* The largest tiles with which all groups have room, else as many groups as have. */
static layout lay_out(const nst_job_list *jobs)
{
    const nst_variants *v = &jobs->args->variants;
    layout l = {.jobs = jobs, .group = nst_variants_count(v), .tile = TILE_MAX};
    l.columns = v->count > 0 ? v->axes[v->count - 1].count : 1;
    l.rows = l.group / l.columns;
    l.groups = jobs->count / l.group;
    while (l.tile > TILE_MIN && (double)width_of(&l) * group_height(&l) * l.groups > PIXELS_MAX)
        l.tile -= 16;
    while (l.groups > 1 && (double)width_of(&l) * group_height(&l) * l.groups > PIXELS_MAX)
        l.groups--;
    return l;
}

int nst_contact_sheet_room(const nst_job_list *jobs)
{
    layout l = lay_out(jobs);
    return l.groups * l.group;
}

static void draw_heading(const layout *l, int job, nst_image *sheet, int y)
{
    nst_args args;
    char text[200];
    if (heading_height(l) == 0 || nst_jobs_get(l->jobs, job, &args, NULL) != NST_OK)
        return;
    const char *photo = nst_path_base(args.job.content);
    const char *style = nst_path_base(args.job.styles[0].path);
    snprintf(text, sizeof text, "%.*s  %.*s", (int)(nst_path_extension(photo) - photo), photo,
             (int)(nst_path_extension(style) - style), style);
    nst_draw_text(sheet, GAP, y + GAP, SCALE, text, INK);
    nst_job_destroy(&args.job);
}

static void draw_labels(const layout *l, int variant, nst_image *sheet, int x, int y)
{
    const nst_variants *v = &l->jobs->args->variants;
    for (int i = 0; i < v->count; i++) {
        char text[80];
        snprintf(text, sizeof text, "%s %s", v->axes[i].name,
                 nst_variants_value(v, variant, v->axes[i].name));
        int scale = nst_text_width(SCALE, text) <= l->tile ? SCALE : 1;
        nst_draw_text(sheet, x, y + i * LINE, scale, text, INK);
    }
}

/* A result that cannot be read is a gap: the run has said why. */
static nst_status draw_result(const layout *l, int job, nst_image *sheet, int x, int y, int threads,
                              nst_error *error)
{
    char *path = nst_jobs_output(l->jobs, job);
    nst_error cause = {0};
    if (!path || nst_draw_file(sheet, x, y, l->tile, path, threads, &cause) != NST_OK)
        nst_draw_rectangle(sheet, x, y, l->tile, l->tile, EMPTY);
    free(path);
    if (cause.status == NST_ERR_MEMORY) {
        *error = cause;
        return NST_ERR_MEMORY;
    }
    draw_labels(l, l->jobs->rows[job].variant, sheet, x, y + l->tile + GAP / 2);
    return NST_OK;
}

nst_status nst_contact_sheet_draw(const nst_job_list *jobs, int threads, nst_image *out,
                                  nst_error *error)
{
    const layout l = lay_out(jobs);
    nst_image sheet = {0};
    nst_status status =
        nst_image_create(width_of(&l), GAP + l.groups * group_height(&l), 0, &sheet, error);
    if (status != NST_OK)
        return status;
    nst_draw_rectangle(&sheet, 0, 0, sheet.width, sheet.height, GROUND);
    for (int i = 0; i < l.groups * l.group && status == NST_OK; i++) {
        int group = i / l.group, place = i % l.group, top = GAP + group * group_height(&l);
        if (place == 0)
            draw_heading(&l, i, &sheet, top - GAP);
        status = draw_result(&l, i, &sheet, GAP + place % l.columns * (l.tile + GAP),
                             top + heading_height(&l) + place / l.columns * (row_height(&l) + GAP),
                             threads, error);
    }
    if (status == NST_OK)
        *out = sheet;
    else
        nst_image_destroy(&sheet);
    return status;
}
