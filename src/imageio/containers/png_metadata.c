/* Metadata in the chunks of a PNG. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imageio/codecs/stb.h"
#include "imageio/containers/png_parts.h"
#include "imageio/metadata/metadata.h"

#define RAW_KEYWORD "Raw profile type "

enum { TEXT_MAX = 1 << 22 }; /* of one that is compressed */

/* A text: its keyword, and what it says, which is to be freed. */
typedef struct {
    char keyword[80];
    char *text; /* ends in zero as well */
    size_t size;
} note;

static char *inflated(const unsigned char *data, size_t size, size_t *out_size)
{
    char *out = size <= TEXT_MAX ? malloc(TEXT_MAX + 1) : NULL;
    int got = out ? stbi_zlib_decode_buffer(out, TEXT_MAX, (const char *)data, (int)size) : -1;
    if (got < 0) {
        free(out);
        return NULL;
    }
    out[got] = '\0';
    *out_size = (size_t)got;
    return out;
}

static char *copied(const unsigned char *data, size_t size, size_t *out_size)
{
    char *out = malloc(size + 1);
    if (!out)
        return NULL;
    memcpy(out, data, size);
    out[size] = '\0';
    *out_size = size;
    return out;
}

/* tEXt: keyword, text. zTXt: keyword, method, compressed text. iTXt: keyword, whether compressed,
 * method, language, keyword in it, text. All but the last end in zero. */
static bool read_note(const unsigned char *data, const nst_png_part *part, note *out)
{
    size_t size = (size_t)part->size;
    const unsigned char *end = memchr(data, 0, size < 80 ? size : 80);
    size_t at = end ? (size_t)(end - data) + 1 : size;
    bool compressed = part->type == NST_PNG_TYPE('z', 'T', 'X', 't');
    *out = (note){0};
    if (!end)
        return false;
    memcpy(out->keyword, data, at);
    if (part->type == NST_PNG_TYPE('i', 'T', 'X', 't')) {
        compressed = at < size && data[at] == 1;
        at += 2;
        for (int i = 0; i < 2 && at < size; i++) {
            end = memchr(data + at, 0, size - at);
            at = end ? (size_t)(end - data) + 1 : size;
        }
    } else if (compressed) {
        at += 1;
    }
    if (at > size)
        return false;
    out->text = compressed ? inflated(data + at, size - at, &out->size)
                           : copied(data + at, size - at, &out->size);
    return out->text != NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* ImageMagick's way: a name, a length, and the bytes in hexadecimal. */
static void read_raw(const note *n, nst_buffer *out)
{
    char *at = n->text;
    while (*at == '\n')
        at++;
    at = strchr(at, '\n'); /* behind the name */
    size_t left = at ? strtoul(at, &at, 10) : 0;
    for (unsigned value; at && left > 0; left--) {
        at += strspn(at, "\n ");
        if (sscanf(at, "%2x", &value) != 1)
            return;
        nst_buffer_add(out, &(unsigned char){(unsigned char)value}, 1);
        at += 2;
    }
}

static void read_profile(const note *n, nst_metadata *out)
{
    const char *kind = n->keyword + strlen(RAW_KEYWORD);
    static const char xmp_prefix[] = NST_XMP_PREFIX;
    nst_buffer raw = {0};
    read_raw(n, &raw);
    bool is_exif = raw.size > 6 && memcmp(raw.bytes, "Exif\0", 5) == 0;
    bool is_xmp =
        raw.size > sizeof xmp_prefix && memcmp(raw.bytes, xmp_prefix, sizeof xmp_prefix) == 0;
    if ((strcmp(kind, "exif") == 0 || strcmp(kind, "APP1") == 0) && is_exif && out->exif.size == 0)
        nst_buffer_add(&out->exif, raw.bytes + 6, raw.size - 6);
    if (strcmp(kind, "APP1") == 0 && is_xmp && out->xmp.size == 0)
        nst_buffer_add(&out->xmp, raw.bytes + sizeof xmp_prefix, raw.size - sizeof xmp_prefix);
    if (strcmp(kind, "xmp") == 0 && out->xmp.size == 0)
        nst_buffer_add(&out->xmp, raw.bytes, raw.size);
    if (strcmp(kind, "iptc") == 0 || strcmp(kind, "8bim") == 0)
        nst_iptc_from_photoshop(raw.bytes, raw.size, &out->iptc);
    nst_buffer_destroy(&raw);
}

/* What a person wrote, by the specification's keywords. */
static bool is_kept(const char *keyword)
{
    static const char *const keywords[] = {"Title",      "Author",  "Description",
                                           "Copyright",  "Comment", "Creation Time",
                                           "Disclaimer", "Warning", "Source"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (strcmp(keyword, keywords[i]) == 0)
            return true;
    return false;
}

static void take(char **to, note *n)
{
    free(*to);
    *to = n->text;
    n->text = NULL;
}

void nst_png_read_metadata(const nst_encoded *file, nst_metadata *out)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_png_part part;
    uint64_t offset = 0;
    char *description = NULL, *artist = NULL, *copyright = NULL;
    while (nst_png_next(&view, &offset, &part)) {
        const unsigned char *data = file->bytes + part.offset;
        bool prefixed = part.size > 6 && memcmp(data, "Exif\0", 5) == 0;
        note n;
        if (part.type == NST_PNG_TYPE('e', 'X', 'I', 'f') && out->exif.size == 0)
            nst_buffer_add(&out->exif, data + (prefixed ? 6 : 0),
                           (size_t)part.size - (prefixed ? 6 : 0));
        if ((part.type != NST_PNG_TYPE('t', 'E', 'X', 't') &&
             part.type != NST_PNG_TYPE('z', 'T', 'X', 't') &&
             part.type != NST_PNG_TYPE('i', 'T', 'X', 't')) ||
            !read_note(data, &part, &n))
            continue;
        if (strcmp(n.keyword, NST_PNG_XMP_KEYWORD) == 0 && out->xmp.size == 0)
            nst_buffer_add(&out->xmp, n.text, n.size);
        if (strncmp(n.keyword, RAW_KEYWORD, strlen(RAW_KEYWORD)) == 0)
            read_profile(&n, out);
        if (is_kept(n.keyword))
            nst_buffer_add(&out->texts, data - 8, (size_t)part.size + 12);
        if (strcmp(n.keyword, "Description") == 0)
            take(&description, &n);
        else if (strcmp(n.keyword, "Author") == 0)
            take(&artist, &n);
        else if (strcmp(n.keyword, "Copyright") == 0)
            take(&copyright, &n);
        free(n.text);
    }
    if (out->exif.size == 0) /* for formats that have no such texts */
        nst_exif_from_texts(description, artist, copyright, &out->exif);
    free(description);
    free(artist);
    free(copyright);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void add_chunk(nst_buffer *out, const char *type, const nst_buffer *data)
{
    if (data->size == 0 || data->failed || data->size > 0x7fffffff)
        return;
    nst_buffer_add_big32(out, (unsigned)data->size);
    size_t start = out->size;
    nst_buffer_add(out, type, 4);
    nst_buffer_add(out, data->bytes, data->size);
    if (!out->failed)
        nst_buffer_add_big32(out, nst_png_crc(out->bytes + start, out->size - start));
}

static void add_xmp(nst_buffer *out, const nst_buffer *xmp)
{
    static const char head[] =
        NST_PNG_XMP_KEYWORD "\0\0\0\0"; /* not compressed, no language; and its end */
    nst_buffer data = {0};
    if (xmp->size == 0)
        return;
    nst_buffer_add(&data, head, sizeof head);
    nst_buffer_add(&data, xmp->bytes, xmp->size);
    add_chunk(out, "iTXt", &data);
    nst_buffer_destroy(&data);
}

static void add_iptc(nst_buffer *out, const nst_buffer *iptc)
{
    nst_buffer photoshop = {0}, data = {0};
    char text[32];
    if (iptc->size == 0)
        return;
    nst_iptc_to_photoshop(iptc, &photoshop);
    nst_buffer_add(&data, RAW_KEYWORD "iptc", sizeof RAW_KEYWORD "iptc");
    snprintf(text, sizeof text, "\niptc\n%8zu", photoshop.size);
    nst_buffer_add(&data, text, strlen(text));
    for (size_t i = 0; i < photoshop.size; i++) {
        snprintf(text, sizeof text, "%s%02x", i % 36 ? "" : "\n", photoshop.bytes[i]);
        nst_buffer_add(&data, text, strlen(text));
    }
    nst_buffer_add(&data, "\n", 1);
    add_chunk(out, "tEXt", &data);
    nst_buffer_destroy(&photoshop);
    nst_buffer_destroy(&data);
}

void nst_png_embed(const nst_metadata *metadata, nst_buffer *file)
{
    nst_view view = nst_view_of_memory(file->bytes, file->size);
    nst_buffer out = {0};
    nst_png_part part = {0};
    uint64_t offset = 0;
    if (file->failed || !metadata)
        return;
    while (part.type != NST_PNG_DATA && nst_png_next(&view, &offset, &part))
        ;
    size_t head = (size_t)part.offset - 8; /* in front of the pixels */
    nst_buffer_add(&out, file->bytes, head);
    add_chunk(&out, "eXIf", &metadata->exif);
    add_xmp(&out, &metadata->xmp);
    add_iptc(&out, &metadata->iptc);
    nst_buffer_add(&out, metadata->texts.bytes, metadata->texts.size);
    nst_buffer_add(&out, file->bytes + head, file->size - head);
    nst_buffer_destroy(file);
    *file = out;
}
