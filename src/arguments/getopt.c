/* getopt_long over a table of names. */
#include "arguments/getopt.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "util/nearest.h"

enum { LONG_ONLY = 256 }; /* what getopt_long returns for a long name: LONG_ONLY + row */

void nst_getopt_begin(nst_getopt *g, const nst_getopt_name *names, int count, bool in_order,
                      int argc, char **argv)
{
    char *letter = g->letters;
    *g = (nst_getopt){.names = names, .count = count, .argc = argc, .argv = argv};
    if (in_order)
        *letter++ = '-';
    *letter++ = ':'; /* tell a missing value from an unknown option */
    for (int i = 0; i < count; i++) {
        g->longs[i] = (struct option){
            names[i].name, names[i].value ? required_argument : no_argument, NULL, LONG_ONLY + i};
        if (names[i].letter) {
            *letter++ = names[i].letter;
            if (names[i].value)
                *letter++ = ':';
        }
    }
    optind = 0; /* glibc: forget an earlier argv */
    opterr = 0;
}

/* The row of what getopt_long returned or complains of; -1 when there is none. */
static int row_of(const nst_getopt *g, int result)
{
    if (result >= LONG_ONLY)
        return result - LONG_ONLY;
    for (int i = 0; i < g->count; i++)
        if (result != 0 && g->names[i].letter == result)
            return i;
    return -1;
}

/* A long option that getopt did not take: unknown, or short for several. */
static nst_status fail_long(const nst_getopt *g, const char *word, nst_error *error)
{
    const char *names[NST_GETOPT_NAMES_MAX];
    char name[64], all[512] = "";
    int matches = 0;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    for (int i = 0; i < g->count; i++) {
        size_t used = strlen(all);
        names[i] = g->names[i].name;
        if (strncmp(names[i], name, strlen(name)) == 0)
            snprintf(all + used, sizeof all - used, "%s--%s", matches++ ? ", " : "", names[i]);
    }
    if (matches >= 2)
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: could be any of %s", name, all);

    const char *near = nst_nearest(name, names, g->count);
    return near ? nst_fail(error, NST_ERR_ARGUMENT, "--%s: unknown option (did you mean --%s?)",
                           name, near)
                : nst_fail(error, NST_ERR_ARGUMENT, "--%s: unknown option", name);
}

static nst_status fail(const nst_getopt *g, int result, nst_error *error)
{
    if (optopt == 0)
        return fail_long(g, g->argv[optind - 1], error);
    int row = row_of(g, optopt);
    if (row < 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "-%c: unknown option", optopt);
    const nst_getopt_name *n = &g->names[row];
    if (result == ':')
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: expected a value, %s", n->name, n->value);
    return nst_fail(error, NST_ERR_ARGUMENT, "--%s: takes no value", n->name);
}

nst_status nst_getopt_next(nst_getopt *g, int *row, const char **text, nst_error *error)
{
    int result = getopt_long(g->argc, g->argv, g->letters, g->longs, NULL);
    *row = -1;
    if (result == -1)
        return NST_OK;
    if (result == '?' || result == ':')
        return fail(g, result, error);
    if (result == 1) { /* of a word, in order */
        *row = NST_GETOPT_WORD;
        *text = optarg;
        return NST_OK;
    }
    *row = row_of(g, result);
    *text = g->names[*row].value ? optarg : NULL;
    return NST_OK;
}

char **nst_getopt_operands(const nst_getopt *g, int *count)
{
    *count = g->argc - optind;
    return g->argv + optind;
}
