/* The files that are built into the program: the page and the description of the interface. */
#ifndef NST_SERVE_PAGE_ASSETS_H
#define NST_SERVE_PAGE_ASSETS_H

typedef struct nst_serve_asset {
    const char *path, *type; /* "/page.css", "text/css" */
    const char *begin, *end; /* its bytes */
} nst_serve_asset;

/* NULL when there is none. */
const nst_serve_asset *nst_serve_asset_find(const char *path);

#endif
