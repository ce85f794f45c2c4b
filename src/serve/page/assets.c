/* Copied into the program by the assembler. */
#include "serve/page/assets.h"

#include <string.h>

#include "util/embed.h"

NST_EMBED(nst_serve_html, NST_SERVE_FOLDER "/page.html");
NST_EMBED(nst_serve_css, NST_SERVE_FOLDER "/page.css");
NST_EMBED(nst_serve_js, NST_SERVE_FOLDER "/page.js");
NST_EMBED(nst_serve_openapi, NST_SERVE_FOLDER "/openapi.json");

static const nst_serve_asset assets[] = {
    {"/", "text/html; charset=utf-8", nst_serve_html_begin, nst_serve_html_end},
    {"/page.css", "text/css; charset=utf-8", nst_serve_css_begin, nst_serve_css_end},
    {"/page.js", "text/javascript; charset=utf-8", nst_serve_js_begin, nst_serve_js_end},
    {"/api/openapi.json", "application/json", nst_serve_openapi_begin, nst_serve_openapi_end},
};

const nst_serve_asset *nst_serve_asset_find(const char *path)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(assets[i].path, path) == 0)
            return &assets[i];
    return NULL;
}
