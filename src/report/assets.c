/* Style sheet and script of the report, copied into the program by the assembler. */
#include "report/parts.h"

#define BUILT_IN(name, file)                                                                       \
    __asm__(".pushsection .rodata\n"                                                               \
            ".globl " #name "_begin\n"                                                             \
            ".hidden " #name "_begin\n" #name "_begin:\n"                                          \
            ".incbin \"" file "\"\n"                                                               \
            ".globl " #name "_end\n"                                                               \
            ".hidden " #name "_end\n" #name "_end:\n"                                              \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char name##_begin[], name##_end[]

BUILT_IN(nst_report_css_text, NST_REPORT_CSS);
BUILT_IN(nst_report_js_text, NST_REPORT_JS);

nst_report_asset nst_report_css(void)
{
    return (nst_report_asset){nst_report_css_text_begin,
                              (size_t)(nst_report_css_text_end - nst_report_css_text_begin)};
}

nst_report_asset nst_report_js(void)
{
    return (nst_report_asset){nst_report_js_text_begin,
                              (size_t)(nst_report_js_text_end - nst_report_js_text_begin)};
}
