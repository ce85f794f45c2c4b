/* The weights file that is built into the library. */
#ifndef NST_MODEL_BUNDLED_H
#define NST_MODEL_BUNDLED_H

#include <stddef.h>

/* Its bytes, a safetensors file, for the life of the program. */
const void *nst_bundled_data(size_t *size);

#endif
