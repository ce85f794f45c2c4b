/* Fuzzing job files: any bytes are settings within their ranges or an error of one line. mutate.c
 * says how to run it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arguments/job_file.h"
#include "fuzz.h"
#include "options/check.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_error(nst_status status, const nst_error *error)
{
    require(error->status == status && error->message[0] && !strchr(error->message, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    char path[64];
    nst_args args;
    nst_error error = {0};
    if (file < 0)
        file = memfd_create("job", MFD_CLOEXEC);
    require(file >= 0 && ftruncate(file, (off_t)size) == 0 &&
            pwrite(file, data, size, 0) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    nst_status status = nst_args_default(&args, &error);
    require(status == NST_OK);
    status = nst_job_load(path, &args, &error);
    if (status == NST_OK)
        status = nst_settings_check(&args, false, &error);
    if (status != NST_OK)
        check_error(status, &error);
    nst_args_destroy(&args);
    return 0;
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
    if (number >= (int)(sizeof seeds / sizeof *seeds))
        return 0;
    memcpy(out, seeds[number], strlen(seeds[number]));
    return strlen(seeds[number]);
}
