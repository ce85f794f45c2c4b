/* JPEG by libjpeg-turbo. */
#include <setjmp.h>
#include <stdio.h> /* which the next forgets */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h> /* knows by the one before what there is */

#include "base/error.h"
#include "imageio/codecs/codecs.h"
#include "imageio/containers/jpeg_parts.h"
#include "imageio/pack.h"

/* Where the library jumps to when it gives up, and what it had to say. */
typedef struct {
    struct jpeg_error_mgr library;
    jmp_buf escape;
    char message[JMSG_LENGTH_MAX];
} escape;

/* Warnings for pixels that were made up; of others, stray bytes for example, nothing is lost. */
static bool is_damage(int warning)
{
    switch (warning) {
    case JWRN_HIT_MARKER:
    case JWRN_JPEG_EOF:
    case JWRN_HUFF_BAD_CODE:
#ifdef D_ARITH_CODING_SUPPORTED
    case JWRN_ARITH_BAD_CODE:
#endif
    case JWRN_MUST_RESYNC:
        return true;
    default:
        return false;
    }
}

_Noreturn static void give_up(j_common_ptr library)
{
    escape *e = (escape *)library->err;
    e->library.format_message(library, e->message);
    longjmp(e->escape, 1);
}

static void hear(j_common_ptr library, int level)
{
    if (level < 0 && is_damage(library->err->msg_code))
        give_up(library);
}

static void say_nothing(j_common_ptr library)
{
    (void)library;
}

static struct jpeg_error_mgr *prepare(escape *e)
{
    jpeg_std_error(&e->library);
    e->library.error_exit = give_up;
    e->library.emit_message = hear;
    e->library.output_message = say_nothing;
    return &e->library;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* Photoshop's CMYK files say how much ink is not there. */
static void invert(unsigned char *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        samples[i] = (unsigned char)(255 - samples[i]);
}

static nst_status begin(const nst_encoded *file, struct jpeg_decompress_struct *jpeg,
                        nst_rows *rows, nst_error *error)
{
    nst_color_kind kind = jpeg->num_components == 1   ? NST_COLOR_GREY
                          : jpeg->num_components == 4 ? NST_COLOR_CMYK
                                                      : NST_COLOR_RGB;
    const nst_layout layout = {
        .width = file->header.width, .height = file->header.height, .kind = kind, .bits = 8};
    unsigned char *icc;
    nst_colorimetry color = {0};
    nst_jpeg_icc(file, &icc, &color.icc_size);
    color.icc = icc;
    nst_status status = nst_rows_begin(rows, &layout, &color, error);
    free(icc);
    jpeg->out_color_space = kind == NST_COLOR_GREY  ? JCS_GRAYSCALE
                            : kind == NST_COLOR_RGB ? JCS_RGB
                                                    : JCS_CMYK;
    jpeg->dct_method = JDCT_ISLOW; /* the same bytes by every instruction set */
    return status;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    struct jpeg_decompress_struct jpeg = {0};
    escape e;
    unsigned char *volatile row = NULL;
    volatile nst_status status = nst_jpeg_check(file, error);
    if (status != NST_OK)
        return status;
    jpeg.err = prepare(&e);
    if (setjmp(e.escape)) {
        status = nst_fail_damaged(file->name, "JPEG", e.message, error);
        goto cleanup;
    }
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file->bytes, file->size);
    jpeg_read_header(&jpeg, TRUE);
    if ((status = begin(file, &jpeg, rows, error)) != NST_OK)
        goto cleanup;
    jpeg_start_decompress(&jpeg);
    size_t count = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    if ((int)jpeg.output_width != file->header.width ||
        (int)jpeg.output_height != file->header.height) {
        status = nst_fail_damaged(file->name, "JPEG", "it says two sizes", error);
        goto cleanup;
    }
    if (!(row = malloc(count))) {
        status = nst_fail_codec_memory(file->name, &file->header, error);
        goto cleanup;
    }
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW line = row;
        int y = (int)jpeg.output_scanline;
        jpeg_read_scanlines(&jpeg, &line, 1);
        if (jpeg.out_color_space == JCS_CMYK && jpeg.saw_Adobe_marker)
            invert(line, count);
        nst_rows_put(rows, y, line);
    }
    jpeg_finish_decompress(&jpeg);
cleanup:
    jpeg_destroy_decompress(&jpeg);
    free(row);
    return status;
}

/* ---- encoding -------------------------------------------------------------------------------- */

/* Where the encoded bytes go. */
typedef struct {
    struct jpeg_destination_mgr library;
    nst_buffer *out;
    unsigned char block[16384];
} destination;

static void open_destination(j_compress_ptr jpeg)
{
    destination *to = (destination *)jpeg->dest;
    to->library.next_output_byte = to->block;
    to->library.free_in_buffer = sizeof to->block;
}

static boolean empty_destination(j_compress_ptr jpeg)
{
    destination *to = (destination *)jpeg->dest;
    nst_buffer_add(to->out, to->block, sizeof to->block);
    open_destination(jpeg);
    return TRUE;
}

static void close_destination(j_compress_ptr jpeg)
{
    destination *to = (destination *)jpeg->dest;
    nst_buffer_add(to->out, to->block, sizeof to->block - to->library.free_in_buffer);
}

static void configure(struct jpeg_compress_struct *jpeg, const nst_image *image, int quality)
{
    enum { FULL_COLOR = 91 }; /* from this quality on color is not halved */
    jpeg->image_width = (JDIMENSION)image->width;
    jpeg->image_height = (JDIMENSION)image->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->optimize_coding = TRUE;
    jpeg->comp_info[0].h_samp_factor = jpeg->comp_info[0].v_samp_factor =
        quality >= FULL_COLOR ? 1 : 2;
}

static nst_status encode(const nst_write_options *options, const nst_image *image, nst_buffer *out,
                         nst_error *error)
{
    struct jpeg_compress_struct jpeg = {0};
    destination to = {.out = out};
    escape e;
    unsigned char *volatile row = malloc(3 * (size_t)image->width);
    volatile nst_status status = row ? NST_OK : nst_fail_memory_for(error, "a row");
    if (status != NST_OK)
        return status;
    jpeg.err = prepare(&e);
    if (setjmp(e.escape)) {
        status = nst_fail(error, NST_ERR_MEMORY, "%s", e.message);
        goto cleanup;
    }
    jpeg_create_compress(&jpeg);
    to.library.init_destination = open_destination;
    to.library.empty_output_buffer = empty_destination;
    to.library.term_destination = close_destination;
    jpeg.dest = &to.library;
    configure(&jpeg, image, options->quality);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW line = row;
        nst_pack_row(image, (int)jpeg.next_scanline, false, 8, line);
        jpeg_write_scanlines(&jpeg, &line, 1);
    }
    jpeg_finish_compress(&jpeg);
cleanup:
    jpeg_destroy_compress(&jpeg);
    free(row);
    if (status == NST_OK)
        nst_jpeg_embed(options->metadata, out);
    return status;
}

const nst_codec nst_codec_jpeg = {.library = "libjpeg-turbo " NST_JPEG_VERSION,
                                  .header = nst_jpeg_header,
                                  .decode = decode,
                                  .encode = encode,
                                  .read_metadata = nst_jpeg_read_metadata};
