/* Small picture files made byte by byte, so that their content is known without the code under
 * test. */
#ifndef NST_TESTS_PICTURES_H
#define NST_TESTS_PICTURES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/format.h"

typedef struct blob {
    size_t size;
    unsigned char bytes[16384];
} blob;

static inline void blob_add(blob *b, const void *bytes, size_t size)
{
    if (size > sizeof b->bytes - b->size)
        abort(); /* a test that asks for too much */
    if (size > 0)
        memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
}

static inline void blob_text(blob *b, const char *text)
{
    blob_add(b, text, strlen(text));
}

static inline void blob_little(blob *b, uint32_t value, int count)
{
    for (int i = 0; i < count; i++)
        blob_add(b, &(unsigned char){(unsigned char)((uint64_t)value >> 8 * i)}, 1);
}

static inline void blob_big(blob *b, uint32_t value, int count)
{
    for (int i = count - 1; i >= 0; i--)
        blob_add(b, &(unsigned char){(unsigned char)((uint64_t)value >> 8 * i)}, 1);
}

/* ---- PNG: begin, any chunks, end ------------------------------------------------------------- */

static inline void png_chunk(blob *b, const char *type, const void *data, size_t size)
{
    uint32_t crc = 0xffffffffu;
    blob_big(b, (uint32_t)size, 4);
    size_t start = b->size;
    blob_add(b, type, 4);
    blob_add(b, data, size);
    for (size_t i = start; i < b->size; i++) {
        crc ^= b->bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    blob_big(b, ~crc, 4);
}

/* zlib data of a single stored block. */
static inline void zlib_stored(blob *b, const void *data, size_t size)
{
    uint32_t low = 1, high = 0;
    blob_add(b, "\x78\x01\x01", 3);
    blob_little(b, (uint32_t)size, 2);
    blob_little(b, ~(uint32_t)size, 2);
    blob_add(b, data, size);
    for (size_t i = 0; i < size; i++) {
        low = (low + ((const unsigned char *)data)[i]) % 65521;
        high = (high + low) % 65521;
    }
    blob_big(b, high << 16 | low, 4);
}

enum { PNG_GREY = 0, PNG_RGB = 2, PNG_PALETTE = 3, PNG_GREY_ALPHA = 4, PNG_RGB_ALPHA = 6 };

static inline void png_begin(blob *b, uint32_t width, uint32_t height, int depth, int color)
{
    blob header = {0};
    blob_big(&header, width, 4);
    blob_big(&header, height, 4);
    blob_big(&header, (uint32_t)depth, 1);
    blob_big(&header, (uint32_t)color, 1);
    blob_big(&header, 0, 3); /* deflate, the usual filters, not interlaced */
    b->size = 0;
    blob_add(b, "\x89PNG\r\n\x1a\n", 8);
    png_chunk(b, "IHDR", header.bytes, header.size);
}

/* rows begin with the number of their filter each. */
static inline void png_end(blob *b, const void *rows, size_t size)
{
    blob data = {0};
    zlib_stored(&data, rows, size);
    png_chunk(b, "IDAT", data.bytes, data.size);
    png_chunk(b, "IEND", NULL, 0);
}

/* ---- BMP and TGA ----------------------------------------------------------------------------- */

/* height below zero: rows from the top. rows are filled to 4 bytes each. */
static inline void bmp(blob *b, int32_t width, int32_t height, int depth, const void *rows,
                       size_t size)
{
    b->size = 0;
    blob_text(b, "BM");
    blob_little(b, (uint32_t)(54 + size), 4);
    blob_little(b, 0, 4);
    blob_little(b, 54, 4);
    blob_little(b, 40, 4);
    blob_little(b, (uint32_t)width, 4);
    blob_little(b, (uint32_t)height, 4);
    blob_little(b, 1, 2);
    blob_little(b, (uint32_t)depth, 2);
    for (int i = 0; i < 6; i++)
        blob_little(b, 0, 4);
    blob_add(b, rows, size);
}

enum { TGA_RGB = 2, TGA_GREY = 3, TGA_RGB_RUNS = 10, TGA_FROM_TOP = 0x20 };

static inline void tga(blob *b, int type, int width, int height, int depth, int descriptor,
                       const void *data, size_t size)
{
    b->size = 0;
    blob_little(b, (uint32_t)type << 16, 3);
    blob_little(b, 0, 4); /* no color map */
    blob_little(b, 0, 1);
    blob_little(b, 0, 4); /* origin */
    blob_little(b, (uint32_t)width, 2);
    blob_little(b, (uint32_t)height, 2);
    blob_little(b, (uint32_t)depth, 1);
    blob_little(b, (uint32_t)descriptor, 1);
    blob_add(b, data, size);
}

/* ---- JPEG ------------------------------------------------------------------------------------ */

/* Encoded by the project: there is no small way to write one here. */
static inline void jpeg(blob *b, const nst_image *image, int quality)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    const nst_write_options options = {.format = NST_FORMAT_JPEG, .quality = quality};
    if (nst_encode(&options, image, &bytes, &size, NULL) != NST_OK)
        abort();
    b->size = 0;
    /* Without its profile, so that a test can give it another one. */
    for (size_t i = 0; i + 3 < size; i++)
        if (bytes[i] == 0xff && bytes[i + 1] == 0xe2) {
            size_t length = 2 + ((size_t)bytes[i + 2] << 8 | bytes[i + 3]);
            memmove(bytes + i, bytes + i + length, size - i - length);
            size -= length;
            break;
        }
    blob_add(b, bytes, size);
    free(bytes);
}

/* A segment in front of what is there after the first two bytes. */
static inline void jpeg_insert(blob *b, int marker, const void *data, size_t size)
{
    blob rest = {0};
    blob_add(&rest, b->bytes + 2, b->size - 2);
    b->size = 2;
    blob_big(b, 0xff00u | (uint32_t)marker, 2);
    blob_big(b, (uint32_t)size + 2, 2);
    blob_add(b, data, size);
    blob_add(b, rest.bytes, rest.size);
}

/* EXIF that holds an orientation and nothing else; PNG has it without the prefix "Exif\0\0". */
static inline void exif(blob *b, int is_big_endian, int orientation)
{
    void (*number)(blob *, uint32_t, int) = is_big_endian ? blob_big : blob_little;
    blob_text(b, is_big_endian ? "MM" : "II");
    number(b, 42, 2);
    number(b, 8, 4);
    number(b, 1, 2);      /* one entry: */
    number(b, 0x0112, 2); /*   orientation, */
    number(b, 3, 2);      /*   a short, */
    number(b, 1, 4);      /*   one of them */
    number(b, (uint32_t)orientation, 2);
    number(b, 0, 2);
    number(b, 0, 4); /* no more */
}

/* ---- image ----------------------------------------------------------------------------------- */

/* From interleaved values 0..255; alpha may be NULL. */
static inline nst_image image_of(int width, int height, const unsigned char *rgb,
                                 const unsigned char *alpha)
{
    nst_image image = {0};
    if (nst_image_create(width, height, alpha != NULL, &image, NULL) != NST_OK)
        abort();
    size_t plane = (size_t)width * (size_t)height;
    for (size_t i = 0; i < plane; i++) {
        for (size_t c = 0; c < 3; c++)
            image.rgb[c * plane + i] = (float)rgb[3 * i + c] / 255.0f;
        if (alpha)
            image.alpha[i] = (float)alpha[i] / 255.0f;
    }
    return image;
}

#endif
