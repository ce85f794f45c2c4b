/* The command line of a subcommand: a table of options that getopt_long reads and --help prints. */
#ifndef NST_ARGUMENTS_USAGE_H
#define NST_ARGUMENTS_USAGE_H

#include "nst.h"

typedef enum nst_flag_kind {
    NST_FLAG_ON,   /* bool, becomes true */
    NST_FLAG_TEXT, /* const char *, points into argv; not empty */
    NST_FLAG_INT,  /* int within low..high */
    NST_FLAG_SIZE, /* int within low..high, or "full" for 0 */
    NST_FLAG_REAL, /* double within low..high */
    NST_FLAG_BYTES /* uint64_t, from such as 800M */
} nst_flag_kind;

typedef struct nst_flag {
    const char *name;  /* long, without the dashes; NULL ends a table */
    char letter;       /* short, or 0 */
    const char *value; /* what --help calls its value; NULL for NST_FLAG_ON */
    const char *help;
    nst_flag_kind kind;
    void *out; /* stays as it is when the option is not given; the last one given counts */
    double low, high;
} nst_flag;

enum { NST_FLAGS_MAX = 24 };

typedef struct nst_usage {
    const char *command;   /* "compare" */
    const char *arguments; /* "A B [options]" */
    const char *text;      /* what it does, whole lines */
    const nst_flag *flags; /* at most NST_FLAGS_MAX */
} nst_usage;

/* Read argv, whose first is the name of the subcommand. *operands is what is no option, in argv,
 * *count of them. The error is always NST_ERR_ARGUMENT. */
nst_status nst_usage_read(const nst_usage *usage, int argc, char **argv, char ***operands,
                          int *count, nst_error *error);

/* --help, on standard output. */
nst_status nst_usage_print(const nst_usage *usage, nst_error *error);

/* Exit status of a wrong command line, and of the rest; both say what the error holds. */
int nst_usage_wrong(const nst_usage *usage, const nst_error *error);
int nst_usage_done(const nst_usage *usage, const nst_error *error);

#endif
