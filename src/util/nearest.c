/* What was meant by a misspelt word. */
#include "util/nearest.h"

#include <stdint.h>
#include <string.h>

/* Insertions, deletions and replacements between two words (Levenshtein); long words count as
 * far away. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32], la = strlen(a), lb = strlen(b);
    if (la >= sizeof row / sizeof *row || lb >= sizeof row / sizeof *row)
        return SIZE_MAX;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (best > row[j] + 1)
                best = row[j] + 1;
            if (best > row[j - 1] + 1)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[lb];
}

const char *nst_nearest(const char *word, const char *const names[], int count)
{
    const char *nearest = NULL;
    size_t least = strlen(word) / 3 + 1;
    for (int i = 0; i < count; i++) {
        size_t d = distance(word, names[i]);
        if (d < least || (d == least && !nearest)) {
            nearest = names[i];
            least = d;
        }
    }
    return nearest;
}
