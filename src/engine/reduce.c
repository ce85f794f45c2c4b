#include "engine/reduce.h"

/* A side below this is rounded too coarsely for the proportions of masks to be compared. */
enum { SIDE_MIN = 32 };

/* A run may also start from a style, which then is looked at in the size of the result too. */
static bool is_whole(const nst_options *options, nst_picture_use use)
{
    return options->size == 0 || use == NST_USE_MASK ||
           (use == NST_USE_STYLE && options->init == NST_INIT_STYLE);
}

/* The size at which a run looks at a picture of this size. */
static void size_of_use(const nst_options *options, nst_picture_use use, int width, int height,
                        int *out_width, int *out_height)
{
    *out_width = width;
    *out_height = height;
    if (is_whole(options, use))
        return;
    if (use == NST_USE_CONTENT)
        nst_result_size(options, width, height, out_width, out_height);
    else
        nst_style_size(options, options->size, width, height, out_width, out_height);
}

static int longest(int width, int height)
{
    return width > height ? width : height;
}

/* The longest side at which a picture will be looked at, for nst_read_options; 0: whole. */
static int side_of_use(const nst_options *options, nst_picture_use use, const nst_file_info *file)
{
    int width, height;
    if (is_whole(options, use) || file->width < 1)
        return 0;
    size_of_use(options, use, file->width, file->height, &width, &height);
    return longest(width, height);
}

void nst_reduce_size(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                     int *width, int *height)
{
    int used_width, used_height;
    int side = side_of_use(options, use, file);
    nst_image_read_size(file, side, width, height);
    if (*width == file->width) /* a caller of the library gives it the same picture */
        return;
    size_of_use(options, use, file->width, file->height, &used_width, &used_height);
    if (used_width < *width && used_height < *height && used_width >= SIDE_MIN &&
        used_height >= SIDE_MIN) {
        *width = used_width;
        *height = used_height;
    }
}

static nst_status reduce(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                         nst_image *image, nst_error *error)
{
    nst_image smaller = {0};
    int width, height;
    nst_reduce_size(options, use, file, &width, &height);
    if (width >= image->width && height >= image->height)
        return NST_OK;
    nst_status status = nst_image_resize(image, width, height, options->threads, &smaller, error);
    if (status != NST_OK)
        return status;
    nst_image_destroy(image);
    *image = smaller;
    return NST_OK;
}

typedef struct {
    const nst_options *options;
    nst_picture_use use;
} purpose;

static int side_by_header(const nst_file_info *header, const void *user)
{
    const purpose *p = user;
    return side_of_use(p->options, p->use, header);
}

nst_status nst_reduce_read(const char *path, const nst_options *options, nst_picture_use use,
                           uint64_t max_bytes, nst_metadata **metadata, nst_image *out,
                           nst_file_info *info, nst_error *error)
{
    nst_file_info file;
    nst_image image = {0};
    const purpose what = {options, use};
    const nst_read_options read = {
        .side_of = side_by_header, .user = &what, .max_bytes = max_bytes, .metadata = metadata};
    nst_status status = nst_image_read_with(path, &read, &image, &file, error);
    if (status != NST_OK)
        return status;
    if ((status = reduce(options, use, &file, &image, error)) != NST_OK) {
        nst_image_destroy(&image);
        return status;
    }
    *out = image;
    if (info)
        *info = file;
    return NST_OK;
}

static uint64_t planes(int count, int width, int height)
{
    return (uint64_t)count * sizeof(float) * (uint64_t)width * (uint64_t)height;
}

void nst_reduce_bytes(const nst_options *options, nst_picture_use use, const nst_file_info *file,
                      uint64_t *peak, uint64_t *left)
{
    int read_width, read_height, width, height, channels = file->has_alpha ? 4 : 3;
    int side = side_of_use(options, use, file);
    nst_image_read_size(file, side, &read_width, &read_height);
    nst_reduce_size(options, use, file, &width, &height);
    *peak = nst_image_read_bytes(file, side);
    *left = planes(channels, width, height);
    if (width < read_width) { /* both, and a plane that is reduced in one direction */
        uint64_t both =
            planes(channels, read_width, read_height) + *left + planes(1, width, read_height);
        *peak = both > *peak ? both : *peak;
    }
}
