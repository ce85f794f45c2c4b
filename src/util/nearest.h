/* What was meant by a misspelt word. */
#ifndef NST_UTIL_NEAREST_H
#define NST_UTIL_NEAREST_H

/* The name nearest to the word, by insertions, deletions and replacements; of equals the first.
 * NULL when none is near. */
const char *nst_nearest(const char *word, const char *const names[], int count);

#endif
