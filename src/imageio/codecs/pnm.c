/* Netpbm's formats: P1 to P6, PAM (P7), and PFM (Pf, PF). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imageio/codecs/codecs.h"

/* What a header may take; comments may be long. */
enum { HEADER_MAX = 16384 };

typedef enum { BITS, WHOLE, REAL } sample_kind;

typedef struct {
    uint32_t width, height, maximum; /* maximum: the sample that means white, 1..65535 */
    uint32_t channels;               /* 1 or 3, and alpha */
    sample_kind samples;
    bool is_text, is_big_endian;
    size_t start; /* offset of the first sample */
} picture;

/* ---- header ---------------------------------------------------------------------------------- */

static bool is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blank(nst_stream *t)
{
    while (nst_stream_more(t) && (is_space(t->bytes[t->at]) || t->bytes[t->at] == '#')) {
        if (t->bytes[t->at] == '#')
            while (nst_stream_more(t) && t->bytes[t->at] != '\n' && t->bytes[t->at] != '\r')
                t->at++;
        else
            t->at++;
    }
}

/* A decimal number after white space and comments. */
static bool read_number(nst_stream *t, uint32_t *out)
{
    uint32_t value = 0;
    skip_blank(t);
    if (!nst_stream_more(t) || t->bytes[t->at] < '0' || t->bytes[t->at] > '9')
        return false;
    for (; nst_stream_more(t) && t->bytes[t->at] >= '0' && t->bytes[t->at] <= '9'; t->at++) {
        if (value > (UINT32_MAX - 9) / 10)
            return false;
        value = value * 10 + (uint32_t)(t->bytes[t->at] - '0');
    }
    *out = value;
    return true;
}

/* One white space, which ends the header; CR and LF are one. */
static bool end_header(nst_stream *t, picture *out)
{
    if (!nst_stream_more(t) || !is_space(t->bytes[t->at]))
        return false;
    t->at++;
    out->start = t->at;
    return true;
}

static bool read_word(nst_stream *t, char out[32])
{
    size_t length = 0;
    skip_blank(t);
    while (nst_stream_more(t) && !is_space(t->bytes[t->at]) && length < 31)
        out[length++] = (char)t->bytes[t->at++];
    out[length] = '\0';
    return length > 0;
}

static bool read_pam(nst_stream *t, picture *out)
{
    char word[32];
    uint32_t depth = 0;
    while (read_word(t, word)) {
        uint32_t *number = strcmp(word, "WIDTH") == 0    ? &out->width
                           : strcmp(word, "HEIGHT") == 0 ? &out->height
                           : strcmp(word, "MAXVAL") == 0 ? &out->maximum
                           : strcmp(word, "DEPTH") == 0  ? &depth
                                                         : NULL;
        if (strcmp(word, "ENDHDR") == 0) {
            while (nst_stream_more(t) && t->bytes[t->at] != '\n')
                t->at++;
            out->channels = depth;
            return depth >= 1 && depth <= 4 && end_header(t, out);
        }
        if (number ? !read_number(t, number) : strcmp(word, "TUPLTYPE") != 0)
            return false;
        while (!number && nst_stream_more(t) && t->bytes[t->at] != '\n')
            t->at++; /* the name of the kind, which the depth says as well */
    }
    return false;
}

static bool read_real(nst_stream *t, picture *out)
{
    char word[32], *end;
    if (!read_number(t, &out->width) || !read_number(t, &out->height) || !read_word(t, word))
        return false;
    double scale = strtod(word, &end); /* below zero: little endian; else of no use here */
    out->is_big_endian = scale > 0.0;
    out->samples = REAL;
    out->maximum = 65535;
    return end != word && isfinite(scale) && scale != 0.0 && end_header(t, out);
}

static bool read_picture(const unsigned char *bytes, size_t size, picture *out)
{
    nst_stream t = nst_stream_of_memory(bytes, size);
    if (size < 3 || bytes[0] != 'P')
        return false;
    t.at = 2;
    char kind = (char)bytes[1];
    *out = (picture){.channels = kind == '3' || kind == '6' || kind == 'F' ? 3 : 1,
                     .samples = kind == '1' || kind == '4' ? BITS : WHOLE,
                     .is_text = kind >= '1' && kind <= '3',
                     .maximum = 1};
    if (kind == '7')
        return read_pam(&t, out) && out->maximum >= 1 && out->maximum <= 65535;
    if (kind == 'f' || kind == 'F')
        return read_real(&t, out);
    return read_number(&t, &out->width) && read_number(&t, &out->height) &&
           (out->samples == BITS || read_number(&t, &out->maximum)) && out->maximum >= 1 &&
           out->maximum <= 65535 && end_header(&t, out);
}

/* Bytes of a row, or the fewest of it in text. */
static uint64_t row_bytes(const picture *p)
{
    uint64_t samples = (uint64_t)p->width * p->channels;
    if (p->samples == BITS)
        return p->is_text ? samples : (samples + 7) / 8;
    if (p->is_text)
        return 2 * samples; /* a digit and a space */
    return samples * (p->samples == REAL ? 4 : p->maximum < 256 ? 1 : 2);
}

static nst_status header(const char *name, nst_view *view, nst_header *out, nst_error *error)
{
    unsigned char *bytes = malloc(HEADER_MAX);
    picture p = {0};
    if (!bytes)
        return nst_fail_memory_in(error, name);
    bool read = read_picture(bytes, nst_view_read_some(view, 0, bytes, HEADER_MAX), &p);
    free(bytes);
    if (!read)
        return nst_fail_damaged(name, "PNM", "its header makes no sense", error);
    nst_status status = nst_header_size(name, p.width, p.height, out, error);
    out->bits = p.maximum < 256 ? 8 : 16;
    out->has_alpha = p.channels % 2 == 0;
    out->orientation = 1;
    out->in_order = true;
    out->workspace = (uint64_t)p.width * p.channels * 2 + row_bytes(&p);
    return status;
}

/* ---- samples --------------------------------------------------------------------------------- */

static uint16_t scale(uint32_t value, uint32_t maximum)
{
    if (value > maximum)
        value = maximum;
    return (uint16_t)((value * 65535u + maximum / 2) / maximum);
}

static bool read_text_row(nst_stream *t, const picture *p, uint16_t *out)
{
    for (size_t i = 0; i < (size_t)p->width * p->channels; i++) {
        uint32_t value;
        if (p->samples == BITS) {
            skip_blank(t);
            if (!nst_stream_more(t) || (t->bytes[t->at] != '0' && t->bytes[t->at] != '1'))
                return false;
            out[i] = t->bytes[t->at++] == '1' ? 0 : 65535; /* 1 is black */
        } else {
            if (!read_number(t, &value))
                return false;
            out[i] = scale(value, p->maximum);
        }
    }
    return true;
}

static uint16_t real(const unsigned char *at, bool is_big_endian)
{
    uint32_t bits = is_big_endian ? nst_big32(at) : nst_little32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return !(value > 0.0f) ? 0 : value >= 1.0f ? 65535 : (uint16_t)(value * 65535.0f + 0.5f);
}

static void read_row(const unsigned char *at, const picture *p, uint16_t *out)
{
    for (size_t i = 0; i < (size_t)p->width * p->channels; i++)
        if (p->samples == BITS)
            out[i] = at[i / 8] >> (7 - i % 8) & 1 ? 0 : 65535;
        else if (p->samples == REAL)
            out[i] = real(at + 4 * i, p->is_big_endian);
        else
            out[i] = scale(p->maximum < 256 ? at[i] : nst_big16(at + 2 * i), p->maximum);
}

/* bytes: room for a row of the file. */
static nst_status put_rows(const nst_encoded *file, const picture *p, unsigned char *bytes,
                           uint16_t *samples, nst_rows *rows, nst_error *error)
{
    size_t row = (size_t)row_bytes(p);
    for (size_t y = 0; y < p->height; y++) {
        if (p->is_text && !read_text_row(file->stream, p, samples))
            return nst_fail_damaged(file->name, "PNM", "expected more numbers", error);
        if (!p->is_text) {
            if (!nst_stream_read(file->stream, bytes, row))
                return nst_fail_truncated(file->name, "PNM", error);
            read_row(bytes, p, samples);
        }
        /* PFM begins at the bottom. */
        nst_rows_put(rows, (int)(p->samples == REAL ? p->height - 1 - y : y), samples);
    }
    return NST_OK;
}

static nst_status decode(const nst_encoded *file, nst_rows *rows, nst_error *error)
{
    picture p;
    nst_stream *stream = file->stream;
    /* The first block of a stream is longer than a header may be. */
    if (!nst_stream_more(stream) ||
        !read_picture(stream->bytes, stream->size < HEADER_MAX ? stream->size : HEADER_MAX, &p))
        return nst_fail_damaged(file->name, "PNM", "its header makes no sense", error);
    if (p.width != (uint32_t)file->header.width || p.height != (uint32_t)file->header.height)
        return nst_fail_damaged(file->name, "PNM", "its header was changed meanwhile", error);
    stream->at = p.start;
    /* The last number of a text needs no space. */
    if (row_bytes(&p) * p.height > file->size - p.start + (p.is_text ? 1 : 0))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: truncated: %ux%u PNM pixels need more than %zu bytes", file->name,
                        p.width, p.height, file->size);
    const nst_layout layout = {.width = (int)p.width,
                               .height = (int)p.height,
                               .kind = p.channels < 3 ? NST_COLOR_GREY : NST_COLOR_RGB,
                               .bits = 16,
                               .has_alpha = p.channels % 2 == 0};
    uint16_t *samples = malloc((size_t)p.width * p.channels * sizeof *samples);
    unsigned char *bytes = p.is_text ? NULL : malloc((size_t)row_bytes(&p));
    nst_status status = samples && (bytes || p.is_text)
                            ? nst_rows_begin(rows, &layout, NULL, error)
                            : nst_fail_codec_memory(file->name, &file->header, error);
    if (status == NST_OK)
        status = put_rows(file, &p, bytes, samples, rows, error);
    free(bytes);
    free(samples);
    return status;
}

const nst_codec nst_codec_pnm = {.library = "own reader", .header = header, .decode = decode};
