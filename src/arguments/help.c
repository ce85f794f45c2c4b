/* --help: examples first, then the option table by groups, at most 80 columns wide. */
#include "arguments/help.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "options/value.h"

enum { TEXT_COLUMN = 29, LAST_COLUMN = 79 };

static const char *const group_titles[NST_GROUP_COUNT] = {
    [NST_GROUP_PICTURES] = "Pictures", [NST_GROUP_RESULT] = "Result", [NST_GROUP_LOOK] = "Look",
    [NST_GROUP_METHOD] = "Method",     [NST_GROUP_RUN] = "Running",
};

void nst_help_usage(FILE *out)
{
    fputs(
        "Usage: nst PHOTO PAINTING [RESULT] [options], or -c PHOTO... -s PAINTING -o RESULT\n"
        "Paint a photo in the style of a painting, e.g. nst cat.jpg waves.jpg, or nst cat.jpg oil\n"
        "Try 'nst --help' for the options.\n",
        out);
}

/* Text from TEXT_COLUMN on, broken between words; the cursor stands at `column`. */
static void print_wrapped(FILE *out, const char *text, int column)
{
    fprintf(out, "%*s", TEXT_COLUMN - column, "");
    column = TEXT_COLUMN;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column > TEXT_COLUMN && column + 1 + length > LAST_COLUMN) {
            fprintf(out, "\n%*s", TEXT_COLUMN, "");
            column = TEXT_COLUMN;
        }
        if (column > TEXT_COLUMN) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", length, text);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void nst_help_entry(FILE *out, char letter, const char *name, const char *value, const char *text)
{
    int column = fprintf(out, "  %c%c%c --%s%s%s", letter ? '-' : ' ', letter ? letter : ' ',
                         letter ? ',' : ' ', name, value ? " " : "", value ? value : "");
    print_wrapped(out, text, column);
}

static void print_option(FILE *out, const nst_option *o, const nst_args *defaults)
{
    char text[1024], buffer[NST_VALUE_TEXT_MAX];
    const char *standard =
        o->place == NST_PLACE_OPTIONS ? nst_value_text(o, defaults, buffer) : NULL;
    const nst_option_info *info = nst_option_of_library(o);
    if (info && info->kind == NST_OPTION_PRESET)
        standard = info->standard;
    if (standard)
        snprintf(text, sizeof text, "%s (default %s)", nst_option_help(o), standard);
    else
        snprintf(text, sizeof text, "%s", nst_option_help(o));
    nst_help_entry(out, o->letter, o->name, nst_option_value(o), text);
}

nst_status nst_help_finish(nst_error *error)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return nst_fail(error, NST_ERR_IO, "standard output: %s", strerror(errno));
    return NST_OK;
}

nst_status nst_help_print(const nst_command *commands, nst_error *error)
{
    nst_args defaults;
    nst_status status = nst_args_default(&defaults, error);
    if (status != NST_OK)
        return status;
    fputs("Usage: nst -c PHOTO... -s PAINTING -o RESULT [options]\n"
          "       nst PHOTO PAINTING [RESULT] [options]\n"
          "Paint a photo in the style of a painting.\n\n"
          "Examples:\n"
          "  nst cat.jpg oil\n"
          "  nst -c cat.jpg -s waves.jpg -o out.png\n"
          "  nst -c *.jpg -s oil -o 'out/{photo}-{style}.jpg'\n"
          "  nst -c cat.jpg -s waves.jpg -o out.jpg -S 1024 -p high\n"
          "  nst -c cat.jpg -s waves.jpg -o out.png --style-scale 0.5 --record out.json\n"
          "  nst --job out.json -o again.png\n",
          stdout);
    puts("\nOther commands, each with a --help of its own:");
    for (const nst_command *c = commands; c->name; c++)
        printf("  nst %-10s %s\n", c->name, c->summary);
    for (int i = 0; i < nst_option_count; i++) {
        const nst_option *o = &nst_option_table[i];
        if (i == 0 || o->group != o[-1].group)
            printf("\n%s:\n", group_titles[o->group]);
        print_option(stdout, o, &defaults);
    }
    fputs("\nExit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted (the\n"
          "picture so far is written; a second Ctrl-C stops at once). More in nst(1).\n",
          stdout);
    nst_args_destroy(&defaults);
    return nst_help_finish(error);
}

nst_status nst_help_version(nst_error *error)
{
    puts("nst " NST_VERSION);
    for (int i = 1; i <= NST_FORMATS; i++) {
        nst_format format = (nst_format)i;
        const char *library = nst_format_library(format);
        if (library)
            printf("%-6s %-16s %s\n", nst_format_name(format),
                   nst_format_has_encoder(format) ? "read and written" : "read", library);
        else
            printf("%-6s %-16s %s brings it\n", nst_format_name(format), "left out",
                   nst_format_package(format));
    }
    printf("%-6s %-16s %s\n", "colors", nst_color_library() ? "converted" : "left out",
           nst_color_library() ? nst_color_library() : "liblcms2-dev brings it");
    return nst_help_finish(error);
}
