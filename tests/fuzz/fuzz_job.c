/* Fuzzing job files: any bytes are settings within their ranges or an error of one line. mutate.c
 * says how to run it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/job_file.h"
#include "fuzz.h"
#include "options/check.h"
#include "options/value.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_error(nst_status status, const nst_error *error)
{
    require(error->status == status && error->message[0] && !strchr(error->message, '\n'));
}

/* What holds before the file is read. It is made once, because that takes longer than most files.
 */
static const nst_args *start(void)
{
    static nst_args defaults;
    if (!defaults.job.weights)
        require(nst_args_default(&defaults, NULL) == NST_OK);
    return &defaults;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    nst_args args = *start();
    nst_error error = {0};
    char *text = malloc(size + 1);
    require(text != NULL && nst_job_copy(&start()->job, &args.job) == NST_OK);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    nst_status status = nst_job_load_text(text, size, "job.json", &args, &error);
    free(text);
    if (status == NST_OK)
        status = nst_settings_check(&args, false, &error);
    if (status != NST_OK)
        check_error(status, &error);
    nst_args_destroy(&args);
    return 0;
}

/* An option's default as JSON, with its name. */
static size_t print_option(const nst_option *o, char *out, size_t room)
{
    char buffer[NST_VALUE_TEXT_MAX];
    const char *text = nst_value_text(o, start(), buffer), *quote = "\"";
    nst_form form = nst_value_form(o);
    if (form == NST_FORM_TRUE)
        text = "true";
    if (!text)
        text = form == NST_FORM_TEXT ? "" : "1";
    if (form == NST_FORM_TRUE || form == NST_FORM_NUMBER ||
        (form == NST_FORM_NUMBER_OR_FULL && *text <= '9'))
        quote = "";
    return (size_t)snprintf(out, room, "\"%s\":%s%s%s,", o->name, quote, text, quote);
}

/* Some options of the table; 0 after the last. */
static size_t options_seed(int number, char out[FUZZ_SEED_MAX])
{
    enum { EACH = 6 };
    static const char begin[] = "{\"content\":\"a\",\"style\":\"b\",\"options\":{";
    size_t size = sizeof begin - 1;
    int count = 0;
    memcpy(out, begin, size);
    for (int i = 0; i < nst_option_count; i++)
        if (nst_option_table[i].place == NST_PLACE_OPTIONS && count++ / EACH == number)
            size += print_option(&nst_option_table[i], out + size, FUZZ_SEED_MAX - size);
    if (count <= number * EACH)
        return 0;
    memcpy(out + size - 1, "}}", 2); /* in place of the last comma */
    return size + 1;
}

size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    static const char *const seeds[] = {
        "{\"content\": \"photo.jpg\", \"style\": \"starry.jpg\", \"output\": \"out.png\",\n"
        " \"options\": {\"size\": 384, \"style-scale\": 0.5, \"seed\": \"7\"}}",
        "{\"style\": [{\"path\": \"a.jpg\", \"weight\": 0.5, \"region\": 2, \"mask\": \"m.png\"}, "
        "\"b.jpg\"], \"content-mask\": \"mask.png\", \"init\": \"c.png\",\n \"weights\": \"vgg19\","
        " \"sha256\": {\"content\": \"00\"}, \"options\": {\"color\": \"luma\", \"scales\": 3,"
        " \"content-layers\": \"relu4_2\", \"style-layers\": \"relu1_1,relu2_1=0.5\"}}",
        "{\"options\": {\"iterations\": 2, \"preset\": \"draft\", \"max-memory\": \"2G\"},\n"
        " \"jobs\": [{\"content\": \"1.jpg\", \"style\": \"s.jpg\", \"output\": \"1.png\"},\n"
        " {\"content\": \"2\\u00e9.jpg\", \"style\": \"oil\", \"output\": \"2.png\","
        " \"options\": {\"optimizer\": \"adam\", \"style-weight\": 1e3}}]}",
    };
    const int count = (int)(sizeof seeds / sizeof *seeds);
    if (number >= count)
        return options_seed(number - count, (char *)out);
    memcpy(out, seeds[number], strlen(seeds[number]));
    return strlen(seeds[number]);
}
