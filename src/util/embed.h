/* Files that are built into the program, copied by the assembler. */
#ifndef NST_UTIL_EMBED_H
#define NST_UTIL_EMBED_H

/* Declares and defines NAME_begin and NAME_end, between which the bytes of the file lie; a 0 comes
 * after them. At the top level of one source file. */
#define NST_EMBED(name, file)                                                                      \
    __asm__(".pushsection .rodata\n"                                                               \
            ".globl " #name "_begin\n"                                                             \
            ".hidden " #name "_begin\n" #name "_begin:\n"                                          \
            ".incbin \"" file "\"\n"                                                               \
            ".globl " #name "_end\n"                                                               \
            ".hidden " #name "_end\n" #name "_end:\n"                                              \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char name##_begin[], name##_end[]

#endif
