/* Fuzzing masks: any pixels are regions that share every pixel or an error of one line. mutate.c
 * says how to run it. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "image/check.h"
#include "image/regions.h"

enum { SIDE_MAX = 16, WIDTH = 7, HEIGHT = 5 };

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_error(nst_status status, const nst_error *error)
{
    require(error->status == status && error->message[0] && !strchr(error->message, '\n'));
}

/* The public function: the same regions as in the labels. */
static void check_regions(const nst_image *mask, const nst_labels *labels, nst_status expected)
{
    nst_region regions[NST_REGIONS_MAX];
    int count = NST_REGIONS_MAX;
    nst_error error = {0};
    nst_status status = nst_regions_find(mask, regions, &count, &error);
    require(status == expected);
    if (status != NST_OK)
        check_error(status, &error);
    else
        require(count == labels->count);
}

static void check_labels(const nst_image *mask, bool regions_too)
{
    nst_labels labels = {0};
    float shares[WIDTH * HEIGHT], sums[WIDTH * HEIGHT] = {0};
    nst_error error = {0};
    nst_status status = nst_check_image("a mask", mask, &error);
    if (status == NST_OK)
        status = nst_labels_read(mask, &labels, &error);
    if (regions_too)
        check_regions(mask, &labels, status);
    if (status != NST_OK) {
        check_error(status, &error);
        return;
    }
    int count = labels.count;
    require(count >= 2 && count <= NST_REGIONS_MAX);
    require(nst_labels_match(&labels, &labels) == (1u << count) - 1);
    for (int r = 0; r < count; r++) {
        require(nst_labels_share(&labels, r, WIDTH, HEIGHT, 1, shares, &error) == NST_OK);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            require(shares[i] >= 0.0f && shares[i] <= 1.0f);
            sums[i] += shares[i];
        }
    }
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        require(sums[i] > 0.5f && sums[i] < 2.0f); /* a cubic overshoots, and is cut off */
    nst_labels_destroy(&labels);
}

enum { FLOATS = 1, REGIONS_TOO = 2 }; /* bits of the kind */

/* A byte each for width, height and kind, then samples: bytes, or floats as they come. They are
 * taken again from the beginning where they are too few. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    nst_image mask;
    if (size < 4)
        return 0;
    int width = data[0] % SIDE_MAX + 1, height = data[1] % SIDE_MAX + 1;
    unsigned kind = data[2];
    data += 3;
    size -= 3;
    require(nst_image_create(width, height, false, &mask, NULL) == NST_OK);
    bool floats = kind & FLOATS && size >= sizeof(float);
    size_t plane = (size_t)width * (size_t)height, step = floats ? sizeof(float) : 1;
    for (size_t i = 0, at = 0; i < plane; i++)
        for (size_t c = 0; c < 3; c++, at = at + 2 * step <= size ? at + step : 0)
            if (floats)
                memcpy(&mask.rgb[c * plane + i], data + at, sizeof(float));
            else
                mask.rgb[c * plane + i] = (float)data[at] / 255.0f;
    check_labels(&mask, kind & REGIONS_TOO);
    nst_image_destroy(&mask);
    return 0;
}

size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    if (number > 3)
        return 0;
    int width = 12 + number, height = 10;
    out[0] = (uint8_t)(width - 1);
    out[1] = (uint8_t)(height - 1);
    out[2] = number == 3 ? FLOATS : number == 1 ? REGIONS_TOO : 0;
    size_t size = 3;
    for (int i = 0; i < width * height; i++)
        for (int c = 0; c < 3; c++, size++) { /* stripes of number + 2 colors, slightly noisy */
            int region = i % width * (number + 2) / width;
            out[size] = (uint8_t)((region >> c & 1 ? 250 : 5) + (number == 2 ? i % 3 : 0));
        }
    return size;
}
