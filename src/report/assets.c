/* Style sheet and script of the report, copied into the program by the assembler. */
#include "report/parts.h"
#include "util/embed.h"

NST_EMBED(nst_report_css_text, NST_REPORT_CSS);
NST_EMBED(nst_report_js_text, NST_REPORT_JS);

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
