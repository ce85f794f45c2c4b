/* getopt_long over a table of names, with messages of our own. */
#ifndef NST_ARGUMENTS_GETOPT_H
#define NST_ARGUMENTS_GETOPT_H

#include <getopt.h>
#include <stdbool.h>

#include "nst.h"

typedef struct nst_getopt_name {
    const char *name;  /* long, without the dashes */
    char letter;       /* short, or 0 */
    const char *value; /* what messages call its value; NULL: it takes none */
} nst_getopt_name;

enum { NST_GETOPT_NAMES_MAX = 64 };

/* In place of a row: a word that is no option, where it stands. */
enum { NST_GETOPT_WORD = -2 };

typedef struct nst_getopt {
    const nst_getopt_name *names;
    int count;
    int argc;
    char **argv;
    struct option longs[NST_GETOPT_NAMES_MAX + 1];
    char letters[2 * NST_GETOPT_NAMES_MAX + 3];
} nst_getopt;

/* names: at most NST_GETOPT_NAMES_MAX, in use until the end. in_order: words that are no options
 * are told between the options that they stand between. One reader at a time. */
void nst_getopt_begin(nst_getopt *getopt, const nst_getopt_name *names, int count, bool in_order,
                      int argc, char **argv);

/* The next option: its row in the table and the text of its value, NULL where it takes none.
 * *row is -1 behind the last, and NST_GETOPT_WORD for a word, whose text it is. The error is always
 * NST_ERR_ARGUMENT. */
nst_status nst_getopt_next(nst_getopt *getopt, int *row, const char **text, nst_error *error);

/* What is no option, in argv; behind the last option. In order: only what follows a "--". */
char **nst_getopt_operands(const nst_getopt *getopt, int *count);

#endif
