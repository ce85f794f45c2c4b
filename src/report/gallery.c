/* The pictures of a job, for reports. */
#include "report/gallery.h"

#include <limits.h>
#include <unistd.h>

#include "files/path.h"
#include "list/output_names.h"

/* Shown about a hundred points high. */
static int small_side(const nst_gallery *gallery)
{
    enum { LEAST = 96 };
    int side = gallery->side / 4;
    return side > LEAST ? side : LEAST;
}

static void add_styles(nst_gallery *gallery, const nst_style_set *styles)
{
    for (int i = 0; i < styles->count; i++)
        nst_thumbnail_make(&styles->images[i], small_side(gallery), &gallery->styles[i]);
}

void nst_gallery_add_inputs(nst_gallery *gallery, const nst_input_set *inputs)
{
    if (gallery->side == 0)
        return;
    nst_thumbnail_make(&inputs->content.image, gallery->side, &gallery->content);
    add_styles(gallery, inputs->styles);
}

void nst_gallery_add_result(nst_gallery *gallery, const nst_image *result)
{
    if (gallery->side > 0)
        nst_thumbnail_make(result, gallery->side, &gallery->result);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static bool is_kept(const nst_gallery *gallery, int iteration, int save_every)
{
    return iteration / save_every % gallery->frame_stride == 0;
}

/* Keep every second. */
static void thin(nst_gallery *gallery, int save_every)
{
    int all = gallery->frame_count;
    gallery->frame_count = 0;
    gallery->frame_stride *= 2;
    for (int i = 0; i < all; i++) {
        nst_frame *frame = &gallery->frames[i];
        if (is_kept(gallery, frame->iterations_done, save_every))
            gallery->frames[gallery->frame_count++] = *frame;
        else
            nst_thumbnail_destroy(&frame->picture);
    }
}

/* Whether a frame is to be kept; then there is room for it. */
static bool make_room(nst_gallery *gallery, int iteration, int save_every)
{
    if (gallery->frame_stride == 0)
        gallery->frame_stride = 1;
    if (is_kept(gallery, iteration, save_every) && gallery->frame_count == NST_FRAMES_MAX)
        thin(gallery, save_every);
    return is_kept(gallery, iteration, save_every);
}

static void add_frame(nst_gallery *gallery, const nst_image *image, int iteration)
{
    nst_frame *frame = &gallery->frames[gallery->frame_count++];
    *frame = (nst_frame){.iterations_done = iteration};
    if (gallery->side > 0 && image->rgb)
        nst_thumbnail_make(image, small_side(gallery), &frame->picture);
}

void nst_gallery_add_frame(nst_gallery *gallery, const nst_progress *progress, int save_every)
{
    /* The image is only read, though nst_image has no const pointers. */
    const nst_image image = {progress->width, progress->height, (float *)progress->rgb, NULL};
    if (make_room(gallery, progress->iterations_done, save_every))
        add_frame(gallery, &image, progress->iterations_done);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool read_one(const char *path, nst_image *out)
{
    return !nst_path_is_standard(path) && nst_image_read(path, out, NULL, NULL) == NST_OK;
}

static void read_pictures(nst_gallery *gallery, const nst_job *job, nst_shared *shared)
{
    const nst_style_set *styles = NULL;
    nst_image image = {0};
    if (read_one(job->content, &image))
        nst_thumbnail_make(&image, gallery->side, &gallery->content);
    nst_image_destroy(&image);
    if (nst_style_sets_borrow(nst_shared_styles(shared), job, 0, &styles, NULL) == NST_OK)
        add_styles(gallery, styles);
    nst_style_sets_return(nst_shared_styles(shared), styles);
    if (read_one(job->output, &image))
        nst_gallery_add_result(gallery, &image);
    nst_image_destroy(&image);
}

/* Which of them to keep is known beforehand, so none is read in vain. */
static void read_frames(nst_gallery *gallery, const nst_job *job, int iterations)
{
    int every = job->save_every;
    char name[PATH_MAX];
    gallery->frame_stride = 1;
    while (iterations / every / gallery->frame_stride > NST_FRAMES_MAX)
        gallery->frame_stride *= 2;
    int step = every * gallery->frame_stride;
    for (int i = 1; i <= iterations / step; i++) {
        nst_image image = {0};
        if (nst_snapshot_name(job->output, i * step, name, sizeof name, NULL) != NST_OK ||
            access(name, R_OK) != 0)
            continue;
        if (gallery->side == 0 || read_one(name, &image))
            add_frame(gallery, &image, i * step);
        nst_image_destroy(&image);
    }
}

void nst_gallery_read(nst_gallery *gallery, const nst_job *job, int iterations, nst_shared *shared)
{
    if (gallery->side > 0)
        read_pictures(gallery, job, shared);
    if (job->save_every > 0)
        read_frames(gallery, job, iterations);
}

void nst_gallery_destroy(nst_gallery *gallery)
{
    nst_thumbnail_destroy(&gallery->content);
    nst_thumbnail_destroy(&gallery->result);
    for (int i = 0; i < NST_STYLES_MAX; i++)
        nst_thumbnail_destroy(&gallery->styles[i]);
    for (int i = 0; i < gallery->frame_count; i++)
        nst_thumbnail_destroy(&gallery->frames[i].picture);
    *gallery = (nst_gallery){0};
}
