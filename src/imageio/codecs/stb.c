/* stb_image and stb_image_write, compiled here and nowhere else, with only the formats we read. */
#include <stdlib.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wcast-qual"

/* Memory begins as zeros: of what a file leaves out, a Huffman table for example, stb uses what it
 * finds there. For variables CMakeLists.txt says the same to the compiler. */
#define STBI_MALLOC(size)         calloc(1, size)
#define STBI_REALLOC(block, size) realloc(block, size)
#define STBI_FREE(block)          free(block)
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include "imageio/codecs/stb.h"

#pragma GCC diagnostic pop

#include "imageio/buffer.h"

void nst_stb_append(void *buffer, void *bytes, int count)
{
    if (count > 0)
        nst_buffer_add(buffer, bytes, (size_t)count);
}
