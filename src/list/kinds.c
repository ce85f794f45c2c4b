#include "list/kinds.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "files/path.h"

/* The name of the kind for an extension; the extension itself when it is not known. */
static void name_kind(const char *file, char out[NST_KIND_NAME_MAX])
{
    static const struct {
        const char *extension, *name;
    } known[] = {
        {".webp", "WebP"},   {".heic", "HEIC"},     {".heif", "HEIF"},     {".avif", "AVIF"},
        {".tif", "TIFF"},    {".tiff", "TIFF"},     {".gif", "GIF"},       {".svg", "SVG"},
        {".jxl", "JPEG XL"}, {".jp2", "JPEG 2000"}, {".psd", "Photoshop"}, {".xcf", "GIMP"},
        {".exr", "OpenEXR"}, {".dng", "raw"},       {".cr2", "raw"},       {".cr3", "raw"},
        {".nef", "raw"},     {".arw", "raw"},       {".raf", "raw"},       {".orf", "raw"},
        {".rw2", "raw"},     {".mp4", "video"},     {".mov", "video"},     {".avi", "video"},
        {".mkv", "video"},   {".webm", "video"},    {".txt", "text"},      {".md", "text"},
        {".xmp", "XMP"},     {".json", "JSON"},     {".pdf", "PDF"},       {".zip", "ZIP"},
    };
    const char *extension = nst_path_extension(file);
    const char *name = *extension ? extension : "without extension";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(extension, known[i].extension) == 0)
            name = known[i].name;
    snprintf(out, NST_KIND_NAME_MAX, "%s", name);
    for (char *c = out; *c; c++)
        if (iscntrl((unsigned char)*c) || (unsigned char)*c > 126)
            *c = '?';
}

static void add(nst_kinds *kinds, const char *name, int count)
{
    int i = 0;
    while (i < kinds->count && strcmp(kinds->list[i].name, name) != 0)
        i++;
    if (i == kinds->count && kinds->count < NST_KINDS_MAX)
        snprintf(kinds->list[i].name, NST_KIND_NAME_MAX, "%s",
                 ++kinds->count == NST_KINDS_MAX ? "of other kinds" : name);
    if (i == NST_KINDS_MAX)
        i--;
    kinds->list[i].count += count;
    kinds->total += count;
}

void nst_kinds_add(nst_kinds *kinds, const char *file)
{
    char name[NST_KIND_NAME_MAX];
    name_kind(file, name);
    add(kinds, name, 1);
}

void nst_kinds_add_all(nst_kinds *kinds, const nst_kinds *more)
{
    for (int i = 0; i < more->count; i++)
        add(kinds, more->list[i].name, more->list[i].count);
}

const char *nst_kinds_text(const nst_kinds *kinds, char text[NST_KINDS_TEXT_MAX])
{
    size_t used = 0;
    text[0] = '\0';
    if (kinds->total > 0)
        used = (size_t)snprintf(text, NST_KINDS_TEXT_MAX, "%d file%s passed over: ", kinds->total,
                                kinds->total == 1 ? "" : "s");
    for (int i = 0; i < kinds->count; i++)
        used += (size_t)snprintf(text + used, NST_KINDS_TEXT_MAX - used, "%s%d %s", i ? ", " : "",
                                 kinds->list[i].count, kinds->list[i].name);
    return text;
}
