/* Options that may be given several values, as "20,50,80": every combination of them is a picture
 * of its own. */
#ifndef NST_OPTIONS_VARIANTS_H
#define NST_OPTIONS_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "nst.h"

enum {
    NST_AXES_MAX = 3,
    NST_AXIS_VALUES_MAX = 32,
    NST_AXIS_TEXT_MAX = 32,
    NST_VARIANTS_MAX = 1024,
    NST_VARIANT_TEXT_MAX = 160
};

/* An option and its values, as nst_options_get prints them. */
typedef struct nst_axis {
    const char *name;
    char values[NST_AXIS_VALUES_MAX][NST_AXIS_TEXT_MAX];
    int count;
} nst_axis;

/* The options that were given several values, in the order of the option table; zeroed: none. */
typedef struct nst_variants {
    nst_axis axes[NST_AXES_MAX];
    int count;
} nst_variants;

/* Whether the option of this name may have several values. */
bool nst_variants_allowed(const char *name);

/* Split the text "20,50,80" and add the option. label names it in messages. */
nst_status nst_variants_add(nst_variants *variants, const char *name, const char *label,
                            const char *text, nst_error *error);

/* How many combinations there are; 1 when no option has several values. */
int nst_variants_count(const nst_variants *variants);

/* The value of an option in combination `index`; NULL when it has not several. The values of the
 * last option change fastest. */
const char *nst_variants_value(const nst_variants *variants, int index, const char *name);

nst_status nst_variants_apply(const nst_variants *variants, int index, nst_options *options,
                              nst_error *error);

/* All of a combination: before each name `before`, between name and value `between`. With "_" and
 * "-": "_strength-20_seed-3". Returns text. */
const char *nst_variants_text(const nst_variants *variants, int index, const char *before,
                              const char *between, char text[NST_VARIANT_TEXT_MAX]);

#endif
