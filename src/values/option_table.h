/* The one table of the library's options: names, ranges, defaults and help. */
#ifndef NST_VALUES_OPTION_TABLE_H
#define NST_VALUES_OPTION_TABLE_H

#include <stddef.h>

#include "nst.h"

typedef struct nst_option_row {
    nst_option_info info;
    size_t offset, count_offset; /* of the field in nst_options; of a list's length */
} nst_option_row;

extern const nst_option_row nst_option_rows[];
extern const int nst_option_row_count;

/* Bytes of nst_options as of its first version: no caller has fewer. */
enum { NST_OPTIONS_FIRST_SIZE = offsetof(nst_options, max_memory) + sizeof(uint64_t) };

/* The options of a caller that may know an earlier version of the struct: what it lacks has its
 * default. NST_ERR_ARGUMENT when it is none. */
nst_status nst_options_read(const nst_options *in, nst_options *out, nst_error *error);

#endif
