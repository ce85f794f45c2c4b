/* nst styles: the paintings that come with the program. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arguments/help.h"
#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "hub/styles.h"
#include "pictures/style_sheet.h"
#include "pictures/target.h"

enum { TILE_MIN = 16, TILE_MAX = 2048 };

typedef struct {
    nst_target sheet;
    int tile, threads;
    bool paths, help;
} request;

static nst_status print_list(const request *r, nst_error *error)
{
    int width = 0;
    for (const nst_known_style *style = nst_known_styles; style->name; style++)
        if ((int)strlen(style->name) > width)
            width = (int)strlen(style->name);
    for (const nst_known_style *style = nst_known_styles; style->name; style++) {
        char path[PATH_MAX];
        nst_status status = nst_styles_path(style, path, error);
        if (status != NST_OK)
            return status;
        printf("%-*s  %s\n", width, style->name, r->paths ? path : style->what);
    }
    return nst_help_finish(error);
}

static nst_status draw_sheet(const request *r, nst_error *error)
{
    const char *const inputs[] = {NULL};
    nst_image sheet = {0};
    nst_status status = nst_target_check(&r->sheet, inputs, error);
    if (status == NST_OK)
        status = nst_style_sheet_draw(nst_known_styles, r->tile, r->threads, &sheet, error);
    if (status == NST_OK)
        status = nst_target_write(&r->sheet, &sheet, error);
    nst_image_destroy(&sheet);
    return status;
}

int nst_command_styles(int argc, char **argv)
{
    request r = {.sheet = {.option = "output"}, .tile = 256};
    const nst_flag flags[] = {
        {"output", 'o', "FILE", "draw them on a sheet instead; - is standard output", NST_FLAG_TEXT,
         &r.sheet.path, 0, 0},
        {"tile", 0, "N", "longest side of each on the sheet in pixels (default 256)", NST_FLAG_INT,
         &r.tile, TILE_MIN, TILE_MAX},
        {"paths", 0, NULL, "say where the files are", NST_FLAG_ON, &r.paths, 0, 0},
        {"threads", 'j', "N", "threads; 0 takes all cores (default 0)", NST_FLAG_INT, &r.threads, 0,
         NST_THREADS_MAX},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &r.help, 0, 0},
        {0},
    };
    const nst_usage usage = {"styles", "[options]",
                             "List the paintings that come with nst. Their names serve as styles\n"
                             "where there is no file of that name.\n\n"
                             "Examples:\n"
                             "  nst styles -o styles.png\n"
                             "  nst -c cat.jpg -s oil -o out.png\n",
                             flags};
    nst_error error = {0};
    char **operands;
    int count;
    if (nst_usage_read(&usage, argc, argv, &operands, &count, &error) != NST_OK ||
        (count > 0 && !r.help &&
         nst_fail(&error, NST_ERR_ARGUMENT, "%s: expected no file", operands[0]) != NST_OK) ||
        (r.sheet.path && nst_target_parse(&r.sheet, &error) != NST_OK))
        return nst_usage_wrong(&usage, &error);
    if (r.help)
        nst_usage_print(&usage, &error);
    else if (r.sheet.path)
        draw_sheet(&r, &error);
    else
        print_list(&r, &error);
    return nst_usage_done(&usage, &error);
}
