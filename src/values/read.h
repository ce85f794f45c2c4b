/* Values of options from text. label says in messages where the text stood: "--size", "size". What
 * fails leaves *out as it was. */
#ifndef NST_VALUES_READ_H
#define NST_VALUES_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "nst.h"

/* A whole number within low..high; with or_full also the word "full", which is 0. */
nst_status nst_read_int(const char *label, const char *text, double low, double high, bool or_full,
                        int *out, nst_error *error);
nst_status nst_read_real(const char *label, const char *text, double low, double high, float *out,
                         nst_error *error);
nst_status nst_read_seed(const char *label, const char *text, uint64_t *out, nst_error *error);
nst_status nst_read_bytes(const char *label, const char *text, uint64_t *out, nst_error *error);

/* The index of a word in a list that NULL ends, or -1. */
int nst_choice_index(const char *const *choices, const char *text);
nst_status nst_read_choice(const char *label, const char *text, const char *const *choices,
                           int *out, nst_error *error);

#endif
