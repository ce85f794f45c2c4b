/* nst compare: how much two pictures differ, and whether that is too much. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arguments/help.h"
#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "files/path.h"
#include "pictures/similarity.h"
#include "pictures/target.h"
#include "results/json.h"
#include "util/exit_status.h"
#include "util/say.h"

typedef struct {
    const char *a, *b;
    double max_diff, min_psnr, min_ssim; /* NAN: not asked for */
    nst_target diff;                     /* path NULL: none */
    bool json, quiet, help;
} request;

static const char *const channel_names[] = {"red", "green", "blue", "alpha"};

/* ---- thresholds ------------------------------------------------------------------------------ */

/* Whether a threshold is missed, which is said. Comparisons with NAN are false. */
static bool is_above(const request *r, const char *what, double value, double bound,
                     const char *option)
{
    if (value > bound)
        nst_say("nst compare: %s: %s %.9g is above %s %g", r->b, what, value, option, bound);
    return value > bound;
}

static bool is_below(const request *r, const char *what, double value, double bound,
                     const char *option)
{
    if (value < bound)
        nst_say("nst compare: %s: %s %.9g is below %s %g", r->b, what, value, option, bound);
    return value < bound;
}

static bool passes(const request *r, const nst_similarity *s)
{
    bool missed = is_above(r, "largest difference", s->largest, r->max_diff, "--max-diff");
    missed |= is_below(r, "PSNR", s->psnr, r->min_psnr, "--min-psnr");
    missed |= is_below(r, "SSIM", s->ssim, r->min_ssim, "--min-ssim");
    return !missed;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void print_table(const nst_similarity *s)
{
    if (isinf(s->psnr))
        puts("PSNR                infinite, the pictures are the same");
    else
        printf("PSNR                %.4f dB\n", s->psnr);
    printf("SSIM                %.6f\n", s->ssim);
    printf("largest difference  %.6g of 255", s->largest);
    if (s->largest > 0.0)
        printf(" (%s at %d,%d)", channel_names[s->channel], s->x, s->y);
    printf("\nmean difference     %.6g of 255\n", s->mean);
}

/* An infinite PSNR is null: JSON knows no infinity. */
static nst_status print_json(const request *r, const nst_similarity *s, bool passed,
                             nst_error *error)
{
    cJSON *json = cJSON_CreateObject();
    bool ok = json && cJSON_AddStringToObject(json, "a", r->a) &&
              cJSON_AddStringToObject(json, "b", r->b) &&
              cJSON_AddNumberToObject(json, "psnr", s->psnr) &&
              cJSON_AddNumberToObject(json, "ssim", s->ssim) &&
              cJSON_AddNumberToObject(json, "largest-difference", s->largest) &&
              cJSON_AddNumberToObject(json, "mean-difference", s->mean) &&
              cJSON_AddBoolToObject(json, "passed", passed);
    return nst_json_print(json, ok, error);
}

static nst_status write_diff(const request *r, const nst_image *a, const nst_image *b,
                             const nst_similarity *s, nst_error *error)
{
    nst_image picture = {0};
    double gain = s->largest > 0.0 ? 255.0 / s->largest : 1.0;
    nst_status status = nst_similarity_picture(a, b, gain, &picture, error);
    if (status == NST_OK)
        status = nst_target_write(&r->diff, &picture, error);
    nst_image_destroy(&picture);
    if (status == NST_OK && !r->json && !r->quiet)
        printf("%s: differences, enlarged %.4g times\n", r->diff.path, gain);
    return status;
}

static nst_status compare(const request *r, bool *passed, nst_error *error)
{
    nst_image a = {0}, b = {0};
    nst_similarity s;
    nst_error cause = {0};
    nst_status status;
    const char *const inputs[] = {r->a, r->b, NULL};
    if ((r->diff.path && (status = nst_target_check(&r->diff, inputs, error)) != NST_OK) ||
        (status = nst_image_read(r->a, &a, NULL, error)) != NST_OK ||
        (status = nst_image_read(r->b, &b, NULL, error)) != NST_OK)
        goto cleanup;
    if ((status = nst_similarity_measure(&a, &b, &s, &cause)) != NST_OK) {
        nst_fail(error, status, "%s: %s as %s has", r->b, cause.message, r->a);
        goto cleanup;
    }
    *passed = passes(r, &s);
    if (r->json)
        status = print_json(r, &s, *passed, error);
    else if (!r->quiet)
        print_table(&s);
    if (status == NST_OK && r->diff.path)
        status = write_diff(r, &a, &b, &s, error);
    if (status == NST_OK)
        status = nst_help_finish(error);
cleanup:
    nst_image_destroy(&a);
    nst_image_destroy(&b);
    return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static nst_status check(request *r, char **operands, int count, nst_error *error)
{
    if (r->help)
        return NST_OK;
    if (count != 2)
        return nst_fail(error, NST_ERR_ARGUMENT, "expected two pictures, got %d", count);
    r->a = operands[0];
    r->b = operands[1];
    if (nst_path_is_standard(r->a) && nst_path_is_standard(r->b))
        return nst_fail(error, NST_ERR_ARGUMENT, "standard input (-) can be only one picture");
    if (!r->diff.path)
        return NST_OK;
    if (nst_path_is_standard(r->diff.path))
        return nst_fail(error, NST_ERR_ARGUMENT, "--diff -: expected the name of a file");
    return nst_target_parse(&r->diff, error);
}

int nst_command_compare(int argc, char **argv)
{
    request r = {.max_diff = NAN, .min_psnr = NAN, .min_ssim = NAN, .diff = {.option = "diff"}};
    const nst_flag flags[] = {
        {"max-diff", 0, "N", "fail when any value differs by more than this, of 255", NST_FLAG_REAL,
         &r.max_diff, 0, 255},
        {"min-psnr", 0, "DB", "fail when PSNR is below this", NST_FLAG_REAL, &r.min_psnr, 0, 1000},
        {"min-ssim", 0, "F", "fail when SSIM is below this, at most 1", NST_FLAG_REAL, &r.min_ssim,
         -1, 1},
        {"diff", 0, "FILE", "write a picture of the differences, the largest being white",
         NST_FLAG_TEXT, &r.diff.path, 0, 0},
        {"json", 0, NULL, "print the numbers as a JSON object", NST_FLAG_ON, &r.json, 0, 0},
        {"quiet", 'q', NULL, "print no table, only what fails", NST_FLAG_ON, &r.quiet, 0, 0},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &r.help, 0, 0},
        {0},
    };
    const nst_usage usage = {"compare", "A B [options]",
                             "Say how much two pictures of the same size differ: PSNR, SSIM, the "
                             "largest and\nthe mean difference.\n\n"
                             "Example, for a golden test:\n"
                             "  nst compare golden.png out.png --min-psnr 40 --min-ssim 0.99\n\n"
                             "Exit status: 0 within all thresholds, 1 past one or failed, 2 wrong "
                             "command\nline.\n",
                             flags};
    nst_error error = {0};
    bool passed = true;
    char **operands;
    int count;
    if (nst_usage_read(&usage, argc, argv, &operands, &count, &error) != NST_OK ||
        check(&r, operands, count, &error) != NST_OK)
        return nst_usage_wrong(&usage, &error);
    if (r.help)
        nst_usage_print(&usage, &error);
    else
        compare(&r, &passed, &error);
    int exit_status = nst_usage_done(&usage, &error);
    return exit_status == NST_EXIT_DONE && !passed ? NST_EXIT_FAILED : exit_status;
}
