/* Images and weights made by formula, bit for bit as tests/torch/problem.py makes them, so that
 * golden fixtures hold results only. */
#ifndef NST_TESTS_SEEDED_H
#define NST_TESTS_SEEDED_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/layers.h"
#include "nst.h"

/* splitmix64 (Steele, Lea and Flood 2014) as a function of a counter: 64 random bits for each
 * index. */
static inline uint64_t seeded_bits(uint64_t seed, uint64_t index)
{
    uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Uniform in [-1, 1), exact in float. */
static inline float seeded_unit(uint64_t seed, uint64_t index)
{
    return (float)(seeded_bits(seed, index) >> 40) * 0x1p-23f - 1.0f;
}

/* ---- images -------------------------------------------------------------------------- */

static inline int seeded_lattice(uint64_t seed, int plane, int row, int column)
{
    uint64_t index = ((uint64_t)plane * 65536 + (uint64_t)row) * 65536 + (uint64_t)column;
    return (int)(seeded_bits(seed, index) >> 56);
}

/* A value 0..255: random on a lattice, bilinear between, in integers. */
static inline int seeded_noise(uint64_t seed, int plane, int cell, int y, int x)
{
    int row = y / cell, column = x / cell, fy = y % cell, fx = x % cell;
    int top = (cell - fx) * seeded_lattice(seed, plane, row, column) +
              fx * seeded_lattice(seed, plane, row, column + 1);
    int bottom = (cell - fx) * seeded_lattice(seed, plane, row + 1, column) +
                 fx * seeded_lattice(seed, plane, row + 1, column + 1);
    return ((cell - fy) * top + fy * bottom) / (cell * cell);
}

/* An image with values k/255: noise on lattices of 32, 8 and 1 pixels, summed. */
static inline nst_status seeded_image(uint64_t seed, int width, int height, nst_image *out,
                                      nst_error *error)
{
    nst_status status = nst_image_create(width, height, 0, out, error);
    if (status != NST_OK)
        return status;
    float *pixel = out->rgb;
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int sum = 4 * seeded_noise(seed, c, 32, y, x) +
                          3 * seeded_noise(seed, 3 + c, 8, y, x) +
                          1 * seeded_noise(seed, 6 + c, 1, y, x);
                int level = sum / 8;
                *pixel++ = (float)level / 255.0f;
            }
    return NST_OK;
}

/* Shares of regions, [regions][height][width], 1 in all at each pixel: noise on a lattice of 32
 * pixels cut into as many ranges, with a soft edge between two that are neighbors. */
static inline void seeded_shares(uint64_t seed, int regions, int width, int height, float *out)
{
    size_t plane = (size_t)width * (size_t)height;
    memset(out, 0, (size_t)regions * plane * sizeof *out);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double at = seeded_noise(seed, 0, 32, y, x) * regions / 256.0 - 0.5;
            int lower = (int)floor(at), upper = lower + 1 < regions ? lower + 1 : regions - 1;
            double part = fmin(fmax(4.0 * (at - lower - 0.5) + 0.5, 0.0), 1.0);
            size_t i = (size_t)y * (size_t)width + (size_t)x;
            out[(size_t)(lower < 0 ? 0 : lower) * plane + i] += 1.0f - (float)part;
            out[(size_t)upper * plane + i] += (float)part;
        }
}

/* ---- weights ------------------------------------------------------------------------- */

/* The __metadata__ of a seeded weights file: "none", "caffe" or "caffe-avg"; NULL for others. */
static inline const char *seeded_metadata(const char *transform)
{
    static const char *const known[][2] = {
        {"none", ""},
        {"caffe", "\"__metadata__\":{\"color_order\":\"BGR\",\"scale\":\"255\","
                  "\"mean\":\"103.939,116.779,123.68\"},"},
        {"caffe-avg", "\"__metadata__\":{\"color_order\":\"BGR\",\"scale\":\"255\","
                      "\"mean\":\"103.939,116.779,123.68\",\"pooling\":\"avg\"},"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(transform, known[i][0]) == 0)
            return known[i][1];
    return NULL;
}

static inline bool seeded_write_floats(FILE *file, uint64_t seed, uint64_t *used, uint64_t count,
                                       float limit)
{
    for (uint64_t i = 0; i < count; i++) {
        float value = seeded_unit(seed, (*used)++) * limit;
        if (fwrite(&value, sizeof value, 1, file) != 1)
            return false;
    }
    return true;
}

/* A safetensors file of F32 named as in torchvision: weights uniform in +-sqrt(6 / fan-in) (He et
 * al. 2015), biases in +-0.1, from one counter that runs through the tensors in file order. wide:
 * channels of wide taps, 0 for none, or NULL. */
static inline bool seeded_weights_write(const char *path, uint64_t seed, const int *widths,
                                        int layers, const int *wide, const char *transform)
{
    static const int indices[NST_LAYER_MAX] = {0,  2,  5,  7,  10, 12, 14, 16,
                                               19, 21, 23, 25, 28, 30, 32, 34};
    struct {
        char name[32];
        int out, in, side;
    } c[2 * NST_LAYER_MAX];
    int count = 0;
    char header[16384];
    size_t offset = 0, used = 0;
    uint64_t length, counter = 0;
    FILE *file = fopen(path, "wb");
    const char *metadata = seeded_metadata(transform);
    bool ok = file != NULL && metadata != NULL;
    if (!ok)
        goto cleanup;

    for (int i = 0; i < layers; i++, count++) {
        snprintf(c[count].name, sizeof c[count].name, "features.%d", indices[i]);
        c[count].out = widths[i], c[count].in = i ? widths[i - 1] : 3, c[count].side = 3;
    }
    for (int i = 0; wide && i < layers; i++)
        if (wide[i] > 0) {
            snprintf(c[count].name, sizeof c[count].name, "taps.%s", nst_layers[i].name);
            c[count].out = wide[i], c[count].in = widths[i], c[count].side = 1;
            count++;
        }
    used += (size_t)snprintf(header, sizeof header, "{%s", metadata);
    for (int i = 0; i < count; i++) {
        size_t bias = 4 * (size_t)c[i].out;
        size_t weights = bias * (size_t)(c[i].side * c[i].side * c[i].in);
        used += (size_t)snprintf(
            header + used, sizeof header - used,
            "%s\"%s.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d,%d,%d],\"data_offsets\":"
            "[%zu,%zu]},\"%s.bias\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":"
            "[%zu,%zu]}",
            i ? "," : "", c[i].name, c[i].out, c[i].in, c[i].side, c[i].side, offset,
            offset + weights, c[i].name, c[i].out, offset + weights, offset + weights + bias);
        offset += weights + bias;
    }
    used += (size_t)snprintf(header + used, sizeof header - used, "}");
    length = used;
    ok = fwrite(&length, 8, 1, file) == 1 && fwrite(header, 1, used, file) == used;
    for (int i = 0; ok && i < count; i++) {
        int fan_in = c[i].side * c[i].side * c[i].in;
        uint64_t out = (uint64_t)c[i].out;
        ok = seeded_write_floats(file, seed, &counter, out * (uint64_t)fan_in,
                                 (float)sqrt(6.0 / fan_in)) &&
             seeded_write_floats(file, seed, &counter, out, 0.1f);
    }
cleanup:
    if (file && fclose(file) != 0)
        ok = false;
    return ok;
}

#endif
