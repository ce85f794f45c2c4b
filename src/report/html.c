/* What HTML asks of text, pictures and paths. */
#include "report/html.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/file.h"
#include "util/base64.h"
#include "util/utf8.h"

void nst_html_text(FILE *page, const char *text)
{
    char *valid = nst_utf8_repair(text);
    for (const char *c = valid ? valid : "?"; *c;) {
        size_t control = nst_text_control(c), length = control ? control : nst_utf8_length(c);
        if (control)
            fputs("&#65533;", page);
        else if (strchr("<>&\"'", *c))
            fprintf(page, "&#%d;", *c);
        else
            fwrite(c, 1, length, page);
        c += length;
    }
    free(valid);
}

void nst_html_base64(FILE *page, const unsigned char *bytes, size_t size)
{
    enum { BLOCK = 3 * 256 };
    char text[BLOCK / 3 * 4];
    for (size_t at = 0; at < size; at += BLOCK) {
        size_t part = size - at < BLOCK ? size - at : BLOCK;
        nst_base64_encode(bytes + at, part, text);
        fwrite(text, 1, nst_base64_size(part), page);
    }
}

void nst_html_picture(FILE *page, const nst_thumbnail *picture, const char *what, const char *name)
{
    if (!picture->jpeg)
        return;
    fprintf(page, "<img width=\"%d\" height=\"%d\" decoding=\"async\" data-what=\"%s\" alt=\"%s: ",
            picture->width, picture->height, what, what);
    nst_html_text(page, name);
    fputs("\" src=\"data:image/jpeg;base64,", page);
    nst_html_base64(page, picture->jpeg, picture->size);
    fputs("\">", page);
}

/* ---- links ----------------------------------------------------------------------------------- */

/* The folder of a file, without links; "" is the root. False when there is none. */
static bool real_folder(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    bool found = folder && realpath(folder, out);
    free(folder);
    if (found && strcmp(out, "/") == 0)
        *out = '\0';
    return found;
}

static void print_encoded(FILE *page, const char *path)
{
    for (; *path; path++) {
        if (isalnum((unsigned char)*path) || strchr("/-._~", *path))
            fputc(*path, page);
        else
            fprintf(page, "%%%02X", (unsigned char)*path);
    }
}

/* From the folder `from` to the file `to`, both real paths. */
static void print_relative(FILE *page, const char *from, const char *to)
{
    size_t shared = 0;
    for (size_t i = 0;; i++) {
        bool ends = (from[i] == '/' || from[i] == '\0') && to[i] == '/';
        if (ends)
            shared = i;
        if (from[i] != to[i] || from[i] == '\0')
            break;
    }
    fputc('.', page);
    for (const char *c = from + shared; *c; c++)
        if (*c == '/')
            fputs("/..", page);
    print_encoded(page, to + shared);
}

void nst_html_link(FILE *page, const char *from, const char *to, const char *name)
{
    char folder[PATH_MAX], target[PATH_MAX];
    bool found = real_folder(from, folder) && realpath(to, target);
    if (found) {
        fputs("<a href=\"", page);
        print_relative(page, folder, target);
        fputs("\">", page);
    }
    fputs("<bdi>", page);
    nst_html_text(page, name);
    fputs(found ? "</bdi></a>" : "</bdi>", page);
}

/* ---- policy ---------------------------------------------------------------------------------- */

void nst_html_policy(FILE *page, const char *text, size_t size)
{
    char hexadecimal[65];
    unsigned char digest[32];
    nst_bytes_sha256(text, size, hexadecimal);
    for (size_t i = 0; i < sizeof digest; i++) {
        char byte[3] = {hexadecimal[2 * i], hexadecimal[2 * i + 1], '\0'};
        digest[i] = (unsigned char)strtoul(byte, NULL, 16);
    }
    fputs("'sha256-", page);
    nst_html_base64(page, digest, sizeof digest);
    fputs("'", page);
}
