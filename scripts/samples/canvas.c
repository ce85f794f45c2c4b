/* Numbers, colors and the canvas of the style samples. */
#include "canvas.h"

#include <math.h>

float hash(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t h = a * 0x9E3779B1u ^ b * 0x85EBCA77u ^ c * 0xC2B2AE3Du;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    h ^= h >> 15;
    return (float)(h >> 8) / 16777216.0f;
}

float chance(canvas *c, float from, float to)
{
    return from + (to - from) * hash(c->chance++, 77, 5);
}

float clamp(float x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

float step_between(float low, float high, float x)
{
    float t = clamp((x - low) / (high - low));
    return t * t * (3 - 2 * t);
}

float lerp(float a, float b, float t)
{
    return a + (b - a) * t;
}

float noise(float x, float y, uint32_t seed)
{
    float fx = floorf(x), fy = floorf(y);
    uint32_t ix = (uint32_t)(int32_t)fx, iy = (uint32_t)(int32_t)fy;
    float u = step_between(0, 1, x - fx), v = step_between(0, 1, y - fy);
    return lerp(lerp(hash(ix, iy, seed), hash(ix + 1, iy, seed), u),
                lerp(hash(ix, iy + 1, seed), hash(ix + 1, iy + 1, seed), u), v);
}

float cloud(float x, float y, uint32_t seed)
{
    float sum = 0, weight = 0.516f;
    for (uint32_t i = 0; i < 5; i++) {
        sum += weight * noise(x, y, seed + i);
        x = x * 2.03f + 5.1f;
        y = y * 2.03f + 1.7f;
        weight *= 0.5f;
    }
    return sum;
}

color mix(color a, color b, float t)
{
    return (color){lerp(a.r, b.r, t), lerp(a.g, b.g, t), lerp(a.b, b.b, t)};
}

color times(color a, float k)
{
    return (color){a.r * k, a.g * k, a.b * k};
}

color ramp(const color *palette, int n, float t)
{
    float at = clamp(t) * (float)(n - 1);
    int i = at >= (float)(n - 1) ? n - 2 : (int)at;
    return mix(palette[i], palette[i + 1], at - (float)i);
}

void light(canvas *c, float strength, float shine)
{
    for (int y = SIZE - 2; y > 0; y--) {
        for (int x = SIZE - 2; x > 0; x--) {
            float dx = c->relief[y][x + 1] - c->relief[y][x - 1];
            float dy = c->relief[y + 1][x] - c->relief[y - 1][x];
            float slope = strength * (dx * 0.6f + dy * 0.8f); /* positive faces the light */
            float lit = 1 + 0.9f * tanhf(slope);
            float glint = shine * step_between(0.25f, 1.0f, slope);
            c->ink[y][x] = mix(times(c->ink[y][x], lit), (color){1, 0.98f, 0.92f}, glint);
        }
    }
}

static int byte(float a, float b, float c, float d)
{
    return (int)(clamp((clamp(a) + clamp(b) + clamp(c) + clamp(d)) / 4) * 255 + 0.5f);
}

int write_ppm(canvas *c, FILE *out)
{
    fprintf(out, "P6\n%d %d\n255\n", RESULT, RESULT);
    for (int y = 0; y < SIZE; y += 2) {
        for (int x = 0; x < SIZE; x += 2) {
            const color *p = &c->ink[y][x], *q = &c->ink[y + 1][x];
            putc(byte(p[0].r, p[1].r, q[0].r, q[1].r), out);
            putc(byte(p[0].g, p[1].g, q[0].g, q[1].g), out);
            putc(byte(p[0].b, p[1].b, q[0].b, q[1].b), out);
        }
    }
    return fflush(out) == 0 && !ferror(out);
}
