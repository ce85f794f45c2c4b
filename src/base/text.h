/* Text that may be missing or hostile. */
#ifndef NST_BASE_TEXT_H
#define NST_BASE_TEXT_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Whether two texts are equal; NULL equals only NULL. */
bool nst_text_same(const char *a, const char *b);

/* Bytes of the well-formed UTF-8 character that text begins with, or 0. */
size_t nst_utf8_length(const char *text);

/* Length in bytes of the control character that begins at s, 0 when there is none: C0 and DEL, C1
 * as UTF-8, and C1 as a single byte that belongs to no UTF-8 character. */
size_t nst_text_control(const char *s);

/* Replace each control character by '?', in place. */
void nst_text_clean(char *text);

/* Print the text with each control character replaced by '?'. Returns the bytes printed. */
size_t nst_text_print(FILE *out, const char *text);

/* The calling thread reads and prints numbers with a decimal point, whatever locale the application
 * has set, until it leaves again. */
typedef struct nst_plain_locale {
    locale_t plain, before;
} nst_plain_locale;

nst_plain_locale nst_plain_locale_enter(void);
void nst_plain_locale_leave(nst_plain_locale locale);

/* strtod with a decimal point in any locale. */
double nst_text_number(const char *text, char **end);

/* The shortest decimal of 6 to 9 digits that reads back as the same float, with a decimal point in
 * any locale. */
void nst_text_float(float value, char *text, size_t size);

#endif
