/* Values of options, from text into the args and back, as the option table describes them. */
#ifndef NST_OPTIONS_VALUE_H
#define NST_OPTIONS_VALUE_H

#include "options/option.h"
#include "options/settings.h"
#include "values/layer_list.h"

/* label names the source of the text in messages: "--size" or "job.json: options.size". */
nst_status nst_value_set(const nst_option *option, const char *label, const char *text,
                         nst_args *args, nst_error *error);

/* The same, but added to a list that is there already: styles and masks. */
nst_status nst_value_add(const nst_option *option, const char *label, const char *text,
                         nst_args *args, nst_error *error);
bool nst_value_is_list(const nst_option *option);

/* How a value is written in JSON. */
typedef enum nst_form {
    NST_FORM_TEXT,
    NST_FORM_TRUE, /* of a flag */
    NST_FORM_NUMBER,
    NST_FORM_NUMBER_OR_FULL, /* the word is a string */
    NST_FORM_DIGITS          /* a string, because JSON numbers end at 2^53 */
} nst_form;

nst_form nst_value_form(const nst_option *option);

/* The text that nst_value_set would turn into the present value; it may stand in buffer or in
 * args. NULL when there is none: a path not given, a format left to the name, a preset, a list. */
enum { NST_VALUE_TEXT_MAX = NST_LAYERS_TEXT_MAX };
const char *nst_value_text(const nst_option *option, const nst_args *args,
                           char buffer[NST_VALUE_TEXT_MAX]);

#endif
