/* Files that are passed over, counted by kind: for a line that says so. */
#ifndef NST_LIST_KINDS_H
#define NST_LIST_KINDS_H

enum { NST_KINDS_MAX = 12, NST_KIND_NAME_MAX = 24, NST_KINDS_TEXT_MAX = 480 };

typedef struct nst_kind_count {
    char name[NST_KIND_NAME_MAX];
    int count;
} nst_kind_count;

typedef struct nst_kinds {
    nst_kind_count list[NST_KINDS_MAX]; /* the last one takes what the others have no room for */
    int count, total;
} nst_kinds;

/* Count a file, whose kind is what its extension says. */
void nst_kinds_add(nst_kinds *kinds, const char *file);
void nst_kinds_add_all(nst_kinds *kinds, const nst_kinds *more);

/* "2 files passed over: 1 WebP, 1 text"; empty when there is none. Returns text. */
const char *nst_kinds_text(const nst_kinds *kinds, char text[NST_KINDS_TEXT_MAX]);

#endif
