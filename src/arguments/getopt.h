/* getopt_long over a table of names, with messages of our own. */
#ifndef NST_ARGUMENTS_GETOPT_H
#define NST_ARGUMENTS_GETOPT_H

#include <getopt.h>

#include "nst.h"

typedef struct nst_getopt_name {
    const char *name;  /* long, without the dashes */
    char letter;       /* short, or 0 */
    const char *value; /* what messages call its value; NULL: it takes none */
} nst_getopt_name;

enum { NST_GETOPT_NAMES_MAX = 64 };

typedef struct nst_getopt {
    const nst_getopt_name *names;
    int count;
    int argc;
    char **argv;
    struct option longs[NST_GETOPT_NAMES_MAX + 1];
    char letters[2 * NST_GETOPT_NAMES_MAX + 2];
} nst_getopt;

/* names: at most NST_GETOPT_NAMES_MAX, in use until the end. One reader at a time. */
void nst_getopt_begin(nst_getopt *getopt, const nst_getopt_name *names, int count, int argc,
                      char **argv);

/* The next option: its row in the table and the text of its value, NULL where it takes none.
 * *row is -1 behind the last. The error is always NST_ERR_ARGUMENT. */
nst_status nst_getopt_next(nst_getopt *getopt, int *row, const char **text, nst_error *error);

/* What is no option, in argv; behind the last option. */
char **nst_getopt_operands(const nst_getopt *getopt, int *count);

#endif
