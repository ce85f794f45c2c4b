/* The one table that knows the options: what each is called, what it takes, and where its value
 * goes. The command line, job files, records and --help are all read off it. */
#ifndef NST_OPTIONS_OPTION_H
#define NST_OPTIONS_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "nst.h"

typedef enum nst_kind {
    NST_KIND_FLAG,    /* int, becomes .low when given; takes no value */
    NST_KIND_LIBRARY, /* of nst_options, by the name that the library knows it by */
    NST_KIND_TEXT,    /* char *, owned: a path */
    NST_KIND_INT,     /* int within low..high */
    NST_KIND_BYTES,   /* uint64_t */
    NST_KIND_SHARD,   /* nst_shard */
    NST_KIND_CHOICE,  /* int, the one of .values whose name stands in .choices */
    NST_KIND_STYLES,  /* nst_style_source[NST_STYLES_MAX], its length at .count_offset */
    NST_KIND_MASKS,   /* char *[NST_STYLES_MAX], owned, NULL for "none"; likewise */
    NST_KIND_INIT     /* one of .choices in .offset, or a path in .count_offset */
} nst_kind;

/* Where an option may stand beside the command line. */
typedef enum nst_place {
    NST_PLACE_COMMAND, /* nowhere else */
    NST_PLACE_JOB,     /* key of a job file */
    NST_PLACE_OPTIONS  /* key of the "options" object of a job file */
} nst_place;

typedef enum nst_group {
    NST_GROUP_PICTURES,
    NST_GROUP_RESULT,
    NST_GROUP_LOOK,
    NST_GROUP_METHOD,
    NST_GROUP_RUN,
    NST_GROUP_COUNT
} nst_group;

typedef struct nst_option {
    nst_group group;   /* of --help */
    const char *name;  /* long name, without the dashes */
    char letter;       /* short name, or 0 */
    const char *value; /* what --help calls the value; NULL for a flag, and of the library's */
    const char *help;  /* NULL of the library's */
    nst_kind kind;
    nst_place place;
    const char *const *choices; /* NULL ends them */
    const int *values;
    size_t offset, count_offset; /* in nst_args */
    double low, high;
    bool in_config; /* may stand in arguments/config.h, as all of NST_PLACE_OPTIONS may */
} nst_option;

/* In the order in which they are applied and listed. */
enum { NST_OPTIONS_MAX = 64 };
extern const nst_option nst_option_table[];
extern const int nst_option_count;

/* What the library says of an option; NULL when it is the program's own. */
const nst_option_info *nst_option_of_library(const nst_option *option);
const char *nst_option_value(const nst_option *option);
const char *nst_option_help(const nst_option *option);

/* Row of a name, or -1. */
int nst_option_find(const char *name);
int nst_option_find_letter(int letter);

/* The name nearest to a misspelt one among the options of a place (any place for
 * NST_PLACE_COMMAND), or NULL when none is near. */
const char *nst_option_nearest(const char *name, nst_place place);

#endif
