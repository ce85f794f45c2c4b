/* What HTML asks of text, pictures and paths, whatever bytes a file name holds. All print to a
 * stream whose state is the caller's to look at. */
#ifndef NST_REPORT_HTML_H
#define NST_REPORT_HTML_H

#include <stdio.h>

#include "report/thumbnail.h"

/* Text or the value of an attribute between double quotes. Markup is escaped, what is not UTF-8
 * and control characters become U+FFFD. */
void nst_html_text(FILE *page, const char *text);

void nst_html_base64(FILE *page, const unsigned char *bytes, size_t size);

/* <img> with the JPEG in it; alt is "what: name". Nothing when there is no JPEG. */
void nst_html_picture(FILE *page, const nst_thumbnail *picture, const char *what, const char *name);

/* <a> to a file, relative to the page that lies at `from`, around a name; the name alone where
 * there is no such file. */
void nst_html_link(FILE *page, const char *from, const char *to, const char *name);

/* The source of a Content-Security-Policy that lets this text of ours through, and no other:
 * 'sha256-...'. */
void nst_html_policy(FILE *page, const char *text, size_t size);

#endif
