/* Taking properties out of a packet of XMP, which is RDF in XML (ISO 16684-1). A property is an
 * attribute or an element; its name's prefix is bound to a namespace somewhere before. The packet
 * is edited as text, so that what nobody here knows of stays as it is. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "imageio/metadata/metadata.h"

enum { PREFIX_MAX = 64, NAME_MAX_LENGTH = 128 };

static void cut(nst_buffer *text, size_t from, size_t to)
{
    memmove(text->bytes + from, text->bytes + to, text->size - to);
    text->size -= to - from;
}

static const unsigned char *find(const nst_buffer *text, size_t from, const char *words)
{
    size_t length = strlen(words);
    return from < text->size ? memmem(text->bytes + from, text->size - from, words, length) : NULL;
}

static bool ends_name(unsigned char c)
{
    return isspace(c) || c == '=' || c == '>' || c == '/';
}

/* Behind the end of the quoted value that begins at or after at; 0 when there is none. */
static size_t skip_value(const nst_buffer *text, size_t at)
{
    const unsigned char *bytes = text->bytes;
    while (at < text->size && (isspace(bytes[at]) || bytes[at] == '='))
        at++;
    if (at >= text->size || (bytes[at] != '"' && bytes[at] != '\''))
        return 0;
    const unsigned char *end = memchr(bytes + at + 1, bytes[at], text->size - at - 1);
    return end ? (size_t)(end - bytes) + 1 : 0;
}

/* Behind the '>' of the tag that begins before at; *closed is set when it ends in "/>". */
static size_t skip_tag(const nst_buffer *text, size_t at, bool *closed)
{
    unsigned char quote = 0;
    for (; at < text->size; at++) {
        unsigned char c = text->bytes[at];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>') {
            *closed = text->bytes[at - 1] == '/';
            return at + 1;
        }
    }
    return 0;
}

/* Remove the property whose name stands at name (to its end); false when it is none. */
static bool remove_at(nst_buffer *text, size_t name, size_t end)
{
    unsigned char before = name > 0 ? text->bytes[name - 1] : 0;
    if (isspace(before)) {
        size_t behind = skip_value(text, end);
        if (behind)
            cut(text, name - 1, behind);
        return behind > 0;
    }
    if (before != '<')
        return false;
    bool closed;
    char closing[NAME_MAX_LENGTH + 4];
    size_t behind = skip_tag(text, end, &closed);
    if (!behind || end - name > NAME_MAX_LENGTH)
        return false;
    if (!closed) {
        snprintf(closing, sizeof closing, "</%.*s", (int)(end - name),
                 (const char *)text->bytes + name);
        const unsigned char *last = find(text, behind, closing);
        behind = last ? skip_tag(text, (size_t)(last - text->bytes) + 2, &closed) : 0;
    }
    if (behind)
        cut(text, name - 1, behind);
    return behind > 0;
}

/* Remove every property prefix:local, or all whose name begins so. */
static void remove_named(nst_buffer *text, const char *prefix, const char *local, bool begins)
{
    char name[PREFIX_MAX + NAME_MAX_LENGTH];
    size_t at = 0;
    snprintf(name, sizeof name, "%s:%s", prefix, local);
    for (const unsigned char *found; (found = find(text, at, name));) {
        size_t start = (size_t)(found - text->bytes), end = start + strlen(name);
        while (begins && end < text->size && !ends_name(text->bytes[end]))
            end++;
        bool whole = end < text->size && ends_name(text->bytes[end]);
        at = whole && remove_at(text, start, end) ? start - 1 : end;
    }
}

/* The prefix that is bound to a namespace, from xmlns:PREFIX="..."; false when none is. */
static bool prefix_of(const nst_buffer *text, const char *space, char out[PREFIX_MAX])
{
    const unsigned char *at = find(text, 0, space);
    if (!at || at < text->bytes + 2)
        return false;
    const unsigned char *end = at - 1, *start; /* at the quote before it */
    while (end > text->bytes && (end[-1] == '=' || isspace(end[-1])))
        end--;
    for (start = end; start > text->bytes && start[-1] != ':' && end - start < PREFIX_MAX; start--)
        ;
    if (start == end || end - start >= PREFIX_MAX || start == text->bytes)
        return false;
    memcpy(out, start, (size_t)(end - start));
    out[end - start] = '\0';
    return true;
}

/* Blanks before the end of a packet are room for editing in place. */
static void remove_padding(nst_buffer *text)
{
    const unsigned char *end = find(text, 0, "<?xpacket end");
    size_t to = end ? (size_t)(end - text->bytes) : text->size, from = to;
    while (from > 0 && isspace(text->bytes[from - 1]))
        from--;
    if (to - from > 1)
        cut(text, from + 1, to);
}

void nst_xmp_settle(nst_buffer *xmp, bool keep_gps)
{
    static const struct {
        const char *space, *local;
        bool begins, is_place;
    } wrong[] = {
        {"http://ns.adobe.com/tiff/1.0/\"", "Orientation", false, false},
        {"http://ns.adobe.com/tiff/1.0/\"", "ImageWidth", false, false},
        {"http://ns.adobe.com/tiff/1.0/\"", "ImageLength", false, false},
        {"http://ns.adobe.com/exif/1.0/\"", "PixelXDimension", false, false},
        {"http://ns.adobe.com/exif/1.0/\"", "PixelYDimension", false, false},
        {"http://ns.adobe.com/exif/1.0/\"", "ColorSpace", false, false},
        {"http://ns.adobe.com/photoshop/1.0/\"", "ICCProfile", false, false},
        {"http://ns.adobe.com/xap/1.0/\"", "Thumbnails", false, false},
        {"http://ns.adobe.com/xmp/note/\"", "HasExtendedXMP", false, false},
        {"http://ns.adobe.com/exif/1.0/\"", "GPS", true, true},
    };
    char prefix[PREFIX_MAX], space[64];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(space, sizeof space, "%s", wrong[i].space);
        bool bound = prefix_of(xmp, space, prefix);
        space[strlen(space) - 1] = '\''; /* the other quote */
        bound = bound || prefix_of(xmp, space, prefix);
        if (bound && !(wrong[i].is_place && keep_gps))
            remove_named(xmp, prefix, wrong[i].local, wrong[i].begins);
    }
    remove_padding(xmp);
}
