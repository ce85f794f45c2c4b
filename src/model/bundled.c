/* The weights file that is built into the library. */
#include "nst.h"

/* The assembler copies the file: no C array of a million numbers to compile. */
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        ".globl nst_bundled_begin\n"
        ".hidden nst_bundled_begin\n"
        "nst_bundled_begin:\n"
        ".incbin \"" NST_WEIGHTS_FILE "\"\n"
        ".globl nst_bundled_end\n"
        ".hidden nst_bundled_end\n"
        "nst_bundled_end:\n"
        ".byte 0\n"
        ".popsection\n");

extern const unsigned char nst_bundled_begin[], nst_bundled_end[];

const void *nst_bundled_data(size_t *size)
{
    *size = (size_t)(nst_bundled_end - nst_bundled_begin);
    return nst_bundled_begin;
}
