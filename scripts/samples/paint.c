/* Paints the style samples of nst: paint oil|woodcut|mosaic|watercolour > picture.ppm
 *
 * Every picture is a function of its name alone: noise and chance come from one integer hash.
 * Painting happens at twice the size of the result in both directions, with hard edges; writing
 * averages 2x2 pixels. Coordinates: x to the right, y down, the picture is [0, 1] x [0, 1];
 * colours are sRGB in [0, 1]. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULT = 768, SIZE = 2 * RESULT };

static const float pi = 3.14159265f;

typedef struct {
    float r, g, b;
} colour;

typedef struct {
    colour ink[SIZE][SIZE];
    float relief[SIZE][SIZE]; /* height of the paint, about 0 to 1 */
    uint32_t chance;          /* how often chance() was asked */
} canvas;

/* ---- numbers ------------------------------------------------------------------------------ */

static float hash(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t h = a * 0x9E3779B1u ^ b * 0x85EBCA77u ^ c * 0xC2B2AE3Du;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    h ^= h >> 15;
    return (float)(h >> 8) / 16777216.0f;
}

static float chance(canvas *c, float from, float to)
{
    return from + (to - from) * hash(c->chance++, 77, 5);
}

static float clamp(float x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static float step_between(float low, float high, float x)
{
    float t = clamp((x - low) / (high - low));
    return t * t * (3 - 2 * t);
}

static float lerp(float a, float b, float t)
{
    return a + (b - a) * t;
}

/* Smooth noise in [0, 1], one lump per unit. */
static float noise(float x, float y, uint32_t seed)
{
    float fx = floorf(x), fy = floorf(y);
    uint32_t ix = (uint32_t)(int32_t)fx, iy = (uint32_t)(int32_t)fy;
    float u = step_between(0, 1, x - fx), v = step_between(0, 1, y - fy);
    return lerp(lerp(hash(ix, iy, seed), hash(ix + 1, iy, seed), u),
                lerp(hash(ix, iy + 1, seed), hash(ix + 1, iy + 1, seed), u), v);
}

/* Five octaves of it, still in [0, 1]. */
static float cloud(float x, float y, uint32_t seed)
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

/* ---- colours and the canvas --------------------------------------------------------------- */

static colour mix(colour a, colour b, float t)
{
    return (colour){lerp(a.r, b.r, t), lerp(a.g, b.g, t), lerp(a.b, b.b, t)};
}

static colour times(colour a, float k)
{
    return (colour){a.r * k, a.g * k, a.b * k};
}

/* A palette of n colours read at t in [0, 1]. */
static colour ramp(const colour *palette, int n, float t)
{
    float at = clamp(t) * (float)(n - 1);
    int i = at >= (float)(n - 1) ? n - 2 : (int)at;
    return mix(palette[i], palette[i + 1], at - (float)i);
}

/* Lights the relief from the upper left; strength 1 is thick paint in raking light. */
static void light(canvas *c, float strength, float shine)
{
    for (int y = SIZE - 2; y > 0; y--) {
        for (int x = SIZE - 2; x > 0; x--) {
            float dx = c->relief[y][x + 1] - c->relief[y][x - 1];
            float dy = c->relief[y + 1][x] - c->relief[y - 1][x];
            float slope = strength * (dx * 0.6f + dy * 0.8f); /* positive faces the light */
            float lit = 1 + 0.9f * tanhf(slope);
            float glint = shine * step_between(0.25f, 1.0f, slope);
            c->ink[y][x] = mix(times(c->ink[y][x], lit), (colour){1, 0.98f, 0.92f}, glint);
        }
    }
}

static int byte(float a, float b, float c, float d)
{
    return (int)(clamp((clamp(a) + clamp(b) + clamp(c) + clamp(d)) / 4) * 255 + 0.5f);
}

static int write_ppm(canvas *c, FILE *out)
{
    fprintf(out, "P6\n%d %d\n255\n", RESULT, RESULT);
    for (int y = 0; y < SIZE; y += 2) {
        for (int x = 0; x < SIZE; x += 2) {
            const colour *p = &c->ink[y][x], *q = &c->ink[y + 1][x];
            putc(byte(p[0].r, p[1].r, q[0].r, q[1].r), out);
            putc(byte(p[0].g, p[1].g, q[0].g, q[1].g), out);
            putc(byte(p[0].b, p[1].b, q[0].b, q[1].b), out);
        }
    }
    return fflush(out) == 0 && !ferror(out);
}

/* ---- oil: a wheat field under a turning sky ------------------------------------------------ */

static const colour sky[] = {{0.04f, 0.07f, 0.24f}, {0.06f, 0.16f, 0.45f}, {0.10f, 0.30f, 0.62f},
                             {0.20f, 0.48f, 0.74f}, {0.47f, 0.70f, 0.80f}, {0.86f, 0.88f, 0.70f}};
static const colour sun[] = {{0.98f, 0.92f, 0.55f}, {0.99f, 0.80f, 0.22f}, {0.95f, 0.60f, 0.10f},
                             {0.98f, 0.86f, 0.42f}, {0.66f, 0.78f, 0.62f}, {0.20f, 0.45f, 0.68f}};
static const colour hill[] = {{0.05f, 0.09f, 0.25f},
                              {0.10f, 0.22f, 0.42f},
                              {0.14f, 0.38f, 0.44f},
                              {0.26f, 0.50f, 0.36f},
                              {0.50f, 0.62f, 0.36f}};
static const colour wheat[] = {{0.42f, 0.24f, 0.06f}, {0.70f, 0.44f, 0.08f}, {0.88f, 0.64f, 0.12f},
                               {0.96f, 0.80f, 0.28f}, {0.99f, 0.93f, 0.60f}, {0.45f, 0.50f, 0.20f}};
static const colour tree[] = {
    {0.03f, 0.07f, 0.08f}, {0.06f, 0.16f, 0.12f}, {0.12f, 0.26f, 0.14f}, {0.38f, 0.30f, 0.08f}};

/* The sky's stream function: its level lines are the flow, its value chooses the colour. */
static float stream(float x, float y)
{
    static const float whirl[][4] = {{0.56f, 0.27f, 0.13f, 0.17f}, /* x, y, reach, strength */
                                     {0.33f, 0.46f, 0.08f, -0.09f},
                                     {0.80f, 0.49f, 0.09f, 0.11f},
                                     {0.19f, 0.18f, 0.11f, -0.13f}};
    float psi = y * 0.62f + 0.10f * cloud(x * 2.5f, y * 3.2f, 3);
    for (int i = 0; i < 4; i++) {
        float dx = x - whirl[i][0], dy = y - whirl[i][1];
        psi += whirl[i][3] * expf(-(dx * dx + dy * dy) / (whirl[i][2] * whirl[i][2]));
    }
    return psi;
}

/* The colour wanted at a place and the direction of the brush there. */
static colour motif(float x, float y, float whim, float *angle)
{
    static const float star[][3] = {{0.19f, 0.18f, 0.16f},
                                    {0.49f, 0.07f, 0.05f},
                                    {0.68f, 0.14f, 0.04f},
                                    {0.07f, 0.44f, 0.045f},
                                    {0.95f, 0.20f, 0.05f}};
    float ridge = 0.60f + 0.09f * noise(x * 2.6f, 0, 8) - 0.05f * noise(x * 6, 1, 9);
    float field = 0.74f + 0.05f * sinf(x * 4 + 0.6f) + 0.02f * noise(x * 8, 2, 9);
    float flame =
        0.075f * sqrtf(clamp((y - 0.10f) / 0.5f)) + 0.03f * (noise(x * 9, y * 11, 12) - 0.5f);
    float lean = 0.85f + 0.02f * sinf(y * 14);
    if (y > 0.10f && fabsf(x - lean) < flame) {
        *angle = -pi / 2 + 1.3f * (noise(x * 12, y * 7, 21) - 0.5f) + (lean - x) * 6;
        return ramp(tree, 4, 0.75f * cloud(x * 30, y * 9, 4) + 0.5f * (whim - 0.4f));
    }
    if (y > field) {
        float depth = (y - field) / 0.25f;
        *angle = -pi / 2 + 0.5f * sinf(x * 7 + y * 3) + 1.2f * (noise(x * 9, y * 6, 31) - 0.5f);
        if (depth < 0.05f)
            *angle = 0.1f;
        return ramp(wheat, 6, 0.92f * cloud(x * 14, y * 5, 5) + 0.55f * (whim - 0.45f));
    }
    if (y > ridge) {
        *angle = 0.5f * sinf(x * 9) + 2.4f * (noise(x * 5, y * 9, 33) - 0.5f);
        return ramp(hill, 5, 0.9f * noise(x * 7, y * 24, 6) + 0.5f * (whim - 0.5f));
    }
    float e = 0.004f, here = stream(x, y);
    *angle = atan2f(here - stream(x + e, y), stream(x, y + e) - here);
    for (int i = 0; i < 5; i++) {
        float dx = x - star[i][0], dy = y - star[i][1], far = sqrtf(dx * dx + dy * dy) / star[i][2];
        if (far < 1) {
            *angle = atan2f(dx, -dy);
            return ramp(sun, 6, far + 0.3f * (whim - 0.5f));
        }
    }
    float band = 0.5f + 0.5f * sinf(here * 46 + 3 * noise(x * 5, y * 5, 2));
    return ramp(sky, 6,
                0.75f * band + 0.62f * (whim - 0.38f) - 0.1f + 0.1f * step_between(0.3f, 0.6f, y));
}

/* One loaded brush pulled along the flow; it runs dry towards the end. Pixels of the canvas. */
static void stroke(canvas *c, float x, float y, float radius, float length)
{
    float angle, turn;
    uint32_t key = c->chance;
    colour paint = motif(x / SIZE, y / SIZE, chance(c, 0, 1), &angle);
    colour other = motif(x / SIZE, y / SIZE, chance(c, 0, 1), &angle);
    for (float s = 0; s < length; s += 0.6f) {
        if (fmodf(s, 6) < 0.6f) {
            motif(x / SIZE, y / SIZE, 0, &turn);
            turn -= angle;
            turn -= 2 * pi * roundf(turn / (2 * pi));
            if (fabsf(turn) > 1.2f && s > radius) /* the edge of something else */
                return;
            angle += turn;
        }
        float along = s / length;
        float r = radius * sqrtf(clamp(along * 9)) * sqrtf(clamp((1 - along) * 4));
        for (float t = -r; t < r; t += 0.6f) {
            float hair = noise(t * 0.55f + 50, s * 0.012f, key);
            if (hair < along * 0.75f - 0.22f)
                continue; /* dry */
            int px = (int)(x - sinf(angle) * t), py = (int)(y + cosf(angle) * t);
            if (px < 0 || py < 0 || px >= SIZE || py >= SIZE)
                continue;
            float streak = step_between(0.50f, 0.85f, noise(t * 0.35f + 9, s * 0.006f, key + 1));
            c->ink[py][px] = times(mix(paint, other, streak), 0.86f + 0.28f * hair);
            float rim = step_between(0.72f, 1, fabsf(t) / (r + 0.1f));
            c->relief[py][px] = 0.55f * hair + 0.35f * rim + 0.5f * step_between(0.8f, 1, along);
        }
        x += 0.6f * cosf(angle);
        y += 0.6f * sinf(angle);
    }
}

static void oil(canvas *c)
{
    static const float brush[][3] = {{32, 240, 6}, {17, 170, 2.6f}, {10, 120, 1.7f}, {6, 80, 0.8f}};
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            float u = (float)x / SIZE, v = (float)y / SIZE, angle;
            c->ink[y][x] = times(motif(u, v, cloud(u * 40, v * 40, 41), &angle), 0.8f);
        }
    }
    for (int pass = 0; pass < 4; pass++) {
        float r = brush[pass][0], length = brush[pass][1];
        int n = (int)(brush[pass][2] * SIZE * SIZE / (2 * r * length));
        for (int i = 0; i < n; i++) {
            float x = chance(c, -length / 2, SIZE + length / 2),
                  y = chance(c, -length / 2, SIZE + length / 2);
            stroke(c, x, y, r * chance(c, 0.7f, 1.2f), length * chance(c, 0.6f, 1.3f));
        }
    }
    light(c, 0.8f, 0.25f);
}

/* ---- woodcut: a mountain over the sea, one black block and flat colours --------------------- */

static const colour paper = {0.94f, 0.88f, 0.75f}, black = {0.09f, 0.08f, 0.10f};

/* Whether a line is black at a phase: one line per unit, swelling and breaking along its way. */
static int carved(float phase, float width, float along)
{
    float row = floorf(phase), off = fabsf(phase - row - 0.5f) * 2;
    float swell = 0.7f * (noise(along, row * 3.7f, 51) - 0.5f);
    return off < width + swell * width * 1.4f && width > 0.04f;
}

/* The flat colour of a place and, in *key, whether the black block prints there. */
static colour block(float x, float y, int *key)
{
    x += 0.003f * (noise(x * 60, y * 60, 52) - 0.5f); /* the knife's hand */
    y += 0.003f * (noise(x * 60, y * 60, 53) - 0.5f);
    const colour deep = {0.10f, 0.25f, 0.42f}, pale = {0.50f, 0.66f, 0.68f},
                 foam = {0.96f, 0.93f, 0.84f};
    const colour red = {0.82f, 0.25f, 0.13f}, ochre = {0.90f, 0.62f, 0.28f},
                 moss = {0.33f, 0.42f, 0.27f};
    for (int i = 6; i >= 0; i--) { /* waves, the nearest first */
        float near = (float)i / 6, tall = 0.018f + 0.15f * near * near;
        float u = x * (7.5f - 5.3f * near) + 0.37f * (float)(i * i) + 0.1f + y * 0.7f * near;
        float heap = 1 - fabsf(sinf(pi * u + 0.7f * sinf(2 * pi * u + 0.8f)));
        float finger = fabsf(sinf(u * 34 + 5 * noise(u * 3, (float)i, 54)));
        float crest = 0.66f + 0.29f * near - tall * heap - tall * 0.10f * finger * heap;
        if (y < crest)
            continue;
        float depth = (y - crest) / (tall + 0.02f);
        float lip = 0.10f + 0.5f * heap * (0.4f + 0.6f * noise(u * 9, depth * 3 + (float)i, 55)) +
                    0.16f * finger * heap;
        *key = depth < 0.012f / (tall + 0.02f) * 0.35f + 0.03f || fabsf(depth - lip) < 0.035f;
        if (depth < lip) {
            *key |= carved(u * 30 + depth * 2, 0.16f * step_between(0, lip, depth), depth * 9);
            return foam;
        }
        float lines = depth * 4.2f + 1.6f * noise(u * 2.5f, depth, 56);
        *key |= carved(lines * (1 + near), 0.30f + 0.30f * noise(u * 3, depth * 2, 57), u * 6);
        return sinf(lines * pi * 0.66f) > -0.2f ? deep : pale;
    }
    float ridge = 0.645f - 0.10f * noise(x * 4 + 2, 0, 58) - 0.03f * noise(x * 22, 0, 59);
    if (y > ridge) {
        float below = (y - ridge) / 0.1f;
        *key = below < 0.05f || carved(x * 62 + below * 5 + 6 * noise(x * 6, y * 9, 60),
                                       0.55f - 0.4f * below, below * 5);
        return moss;
    }
    float dx = x - 0.34f,
          slope = 0.17f + 0.62f * powf(fabsf(dx), 0.82f) + 0.02f * noise(x * 16, 0, 61);
    if (y > slope + 0.05f) {
        float below = y - slope - 0.05f, fan = dx / (y - 0.10f);
        float snow = 0.07f + 0.11f * fabsf(sinf(fan * 17 + 2 * noise(fan * 9, 0, 62)));
        float shade = dx > 0.01f * sinf(y * 60) ? 0.55f : 0.2f;
        *key = below < 0.005f || fabsf(below - snow) < 0.0025f;
        *key |= carved(fan * 46 + 1.5f * noise(x * 9, y * 9, 63),
                       below < snow ? shade - 0.28f : shade, y * 22);
        return below < snow
                   ? foam
                   : mix((colour){0.30f, 0.40f, 0.55f}, ochre, step_between(0.40f, 0.62f, y));
    }
    float sx = x - 0.70f, sy = y - 0.27f, far = sqrtf(sx * sx + sy * sy);
    float drift = cloud(x * 2.1f + 3.1f, y * 8.5f, 64) + 0.10f * sinf(x * 5 + 1) - 0.06f;
    if (drift > 0.56f) {
        *key = drift < 0.566f || carved(drift * 85, 0.62f - 5.5f * (drift - 0.56f), x * 14);
        return foam;
    }
    if (far < 0.145f) {
        *key = far > 0.141f || carved(y * 75, 0.25f * step_between(-0.05f, 0.15f, sy), x * 12);
        return red;
    }
    float rays = 44 * exp2f(floorf(log2f(far / 0.145f)));
    *key = carved(atan2f(sy, sx) / (2 * pi) * rays + 0.25f,
                  0.22f + 0.35f * step_between(0.3f, 0, y), far * 24);
    return mix(
        ramp((const colour[]){{0.16f, 0.33f, 0.50f}, {0.62f, 0.72f, 0.68f}, {0.93f, 0.80f, 0.56f}},
             3, y * 2.1f),
        ochre, step_between(0.30f, 0.15f, far) * 0.8f);
}

static void woodcut(canvas *c)
{
    for (int py = 0; py < SIZE; py++) {
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE;
            int key, unused;
            colour flat =
                block(x + 0.003f, y - 0.002f, &unused); /* printed a little out of register */
            block(x, y, &key);
            float grain = noise(x * 9 + 2 * noise(x * 3, y * 5, 66),
                                y * 230 + 9 * noise(x * 4, y * 7, 67), 68);
            float fibre = cloud(x * 160, y * 160, 69);
            colour sheet = times(paper, 0.94f + 0.10f * fibre);
            float cover = 0.97f - 0.34f * step_between(0.55f, 0.95f, grain) -
                          0.5f * step_between(0.68f, 0.8f, fibre);
            colour print = mix(sheet, flat, cover);
            float bite =
                1 - 0.75f * step_between(0.64f, 0.76f, cloud(x * 220, y * 260, 70)) - 0.10f * grain;
            c->ink[py][px] = key ? mix(print, black, bite) : print;
        }
    }
}

/* ---- mosaic: medallions of rings, laid in small stones --------------------------------------- */

enum { DISCS = 34 };

static const colour fire[] = {{0.97f, 0.85f, 0.48f},
                              {0.92f, 0.64f, 0.16f},
                              {0.80f, 0.31f, 0.10f},
                              {0.48f, 0.09f, 0.10f},
                              {0.95f, 0.90f, 0.76f}};
static const colour water[] = {{0.07f, 0.18f, 0.34f},
                               {0.09f, 0.40f, 0.50f},
                               {0.34f, 0.66f, 0.64f},
                               {0.94f, 0.89f, 0.72f},
                               {0.90f, 0.60f, 0.18f}};
static const colour clay[] = {{0.28f, 0.12f, 0.12f},
                              {0.82f, 0.52f, 0.16f},
                              {0.95f, 0.82f, 0.50f},
                              {0.62f, 0.20f, 0.12f},
                              {0.14f, 0.34f, 0.36f}};
static const colour *const glaze[] = {fire, water, clay};

/* Discs thrown from large to small, each where it still fits: x, y, radius. */
static void throw_discs(canvas *c, float disc[DISCS][3])
{
    int n = 0;
    for (int i = 0; n < DISCS && i < 200000; i++) {
        float r = 0.19f * powf(0.93f, (float)n), x = chance(c, -0.05f, 1.05f),
              y = chance(c, -0.05f, 1.05f);
        int fits = 1;
        for (int j = 0; j < n && fits; j++)
            fits = hypotf(x - disc[j][0], y - disc[j][1]) > 0.93f * (r + disc[j][2]);
        if (fits) {
            disc[n][0] = x;
            disc[n][1] = y;
            disc[n++][2] = r;
        }
    }
}

static void mosaic(canvas *c)
{
    const float width = 0.0165f; /* of a row of stones */
    const colour grout = {0.20f, 0.16f, 0.14f};
    float disc[DISCS][3];
    throw_discs(c, disc);
    for (int py = 0; py < SIZE; py++) {
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE, first = 1e9f, second = 1e9f;
            x += 0.006f * (noise(x * 40, y * 40, 81) - 0.5f); /* laid by hand */
            y += 0.006f * (noise(x * 40, y * 40, 82) - 0.5f);
            uint32_t own = 0;
            for (uint32_t i = 0; i < DISCS; i++) {
                float d = hypotf(x - disc[i][0], y - disc[i][1]) - disc[i][2];
                second = d < first ? first : d < second ? d : second;
                own = d < first ? i : own;
                first = d < first ? d : first;
            }
            /* Where in its ring (row), and where in its stone (u along, v across). */
            float rows = (first + disc[own][2]) / width, row = floorf(rows), v = rows - row;
            float count =
                row < 1
                    ? 1
                    : roundf(2 * pi * (row + 0.5f) * (0.75f + 0.4f * hash((uint32_t)row, own, 83)));
            float turn = atan2f(y - disc[own][1], x - disc[own][0]) / (2 * pi) + 0.5f;
            float place = turn * count + 0.3f * (noise(turn * count, row, 84) - 0.5f);
            float at = floorf(place), u = place - at;
            uint32_t id = (uint32_t)(int32_t)(at < 0 ? at + count : at) * 131 +
                          (uint32_t)row * 7919 + own * 104729;
            /* Distance to the joint, in rows; corners are rounded. */
            float du = (u < 0.5f ? u : 1 - u) * (row < 1 ? 9 : 2 * pi * (row + 0.5f) / count);
            float dv = row < 1    ? 1 - v
                       : v < 0.5f ? v
                                  : 1 - v,
                  border = (second - first) / width * 0.6f;
            dv = border < dv ? border : dv;
            float joint = du < dv ? du : dv;
            float corner = hypotf(fmaxf(0, 0.25f - du), fmaxf(0, 0.25f - dv));
            joint = fminf(joint, 0.25f - corner);
            joint -= 0.07f + 0.05f * noise(x * 190, y * 190, 85);
            float grain = cloud(x * 130, y * 130, 86);
            if (joint < 0) {
                c->ink[py][px] = times(grout, 0.6f + 0.8f * grain);
                c->relief[py][px] = 0.6f * grain;
                continue;
            }
            /* Rings of one glaze, some stones of the next; gold leaf here and there. */
            const colour *set = glaze[own % 3];
            float band = fmodf(floorf(row * 0.5f) * 0.25f + 0.25f * (float)(own % 4), 1.01f);
            float stray = 0.34f * (hash(id, 1, 87) - 0.5f) + (hash(id, 2, 87) > 0.92f ? 0.3f : 0);
            colour paint = times(ramp(set, 5, band + stray), 0.80f + 0.34f * hash(id, 3, 87));
            paint = times(paint, 0.88f + 0.24f * grain);
            c->ink[py][px] = paint;
            float tiltx = hash(id, 4, 87) - 0.5f, tilty = hash(id, 5, 87) - 0.5f;
            c->relief[py][px] = 2.6f * step_between(0, 0.14f, joint) + 0.25f * grain +
                                3.0f * (tiltx * (u - 0.5f) + tilty * (v - 0.5f));
        }
    }
    light(c, 0.9f, 0.35f);
}

/* ---- watercolour: poppies in wet washes ------------------------------------------------------ */

/* A transparent wash in an oval with a frayed edge: pigment settles at its rim and in the paper. */
static void wash(canvas *c, float cx, float cy, float rx, float ry, float turn, colour pigment,
                 float strength)
{
    uint32_t key = c->chance++;
    float reach = 1.5f * fmaxf(rx, ry), cs = cosf(turn), sn = sinf(turn);
    int top = (int)((cy - reach) * SIZE), left = (int)((cx - reach) * SIZE);
    int bottom = (int)((cy + reach) * SIZE), right = (int)((cx + reach) * SIZE);
    for (int py = top < 0 ? 0 : top; py < bottom && py < SIZE; py++) {
        for (int px = left < 0 ? 0 : left; px < right && px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE;
            float u = ((x - cx) * cs + (y - cy) * sn) / rx,
                  v = ((y - cy) * cs - (x - cx) * sn) / ry;
            float size = fminf(rx, ry), lump = 0.6f / (0.25f * (rx + ry) + 0.02f);
            float inside = 1 - sqrtf(u * u + v * v) +
                           0.75f * (cloud(x * lump, y * lump, key) - 0.5f) +
                           0.10f * (noise(x * 70, y * 70, key + 1) - 0.5f);
            if (inside <= 0)
                continue;
            float deep = inside * size * 110; /* distance from the rim, in its own width */
            float bloom = cloud(x * lump * 1.3f + 9, y * lump * 1.3f, key + 2);
            float load = step_between(0, 0.35f, deep) * (0.55f + 0.75f * expf(-deep * 0.8f)) *
                         (0.45f + 1.1f * bloom);
            load *= strength * (0.72f + 0.6f * (1 - c->relief[py][px]));
            colour *ink = &c->ink[py][px];
            ink->r *= powf(pigment.r, load);
            ink->g *= powf(pigment.g, load);
            ink->b *= powf(pigment.b, load);
        }
    }
}

static void flower(canvas *c, float x, float y, float r)
{
    static const colour reds[] = {
        {0.93f, 0.20f, 0.10f}, {0.95f, 0.42f, 0.12f}, {0.80f, 0.10f, 0.22f}, {0.93f, 0.36f, 0.42f}};
    float lean = chance(c, 0, 6.3f), flat = chance(c, 0.55f, 0.95f);
    for (int i = 0; i < 6; i++) {
        float a = lean + (float)i * 1.05f + chance(c, -0.2f, 0.2f);
        wash(c, x + 0.5f * r * cosf(a), y + flat * 0.5f * r * sinf(a), r * 0.62f, r * 0.5f,
             atan2f(flat * sinf(a), cosf(a)), ramp(reds, 4, chance(c, 0, 1)),
             chance(c, 0.5f, 1.0f));
    }
    wash(c, x, y, r * 0.24f, r * 0.2f, lean, (colour){0.12f, 0.08f, 0.22f}, 1.1f);
    for (int i = 0; i < 14; i++) {
        float a = chance(c, 0, 6.3f), d = r * chance(c, 0.22f, 0.36f);
        wash(c, x + d * cosf(a), y + flat * d * sinf(a), 0.004f, 0.003f, a,
             (colour){0.10f, 0.07f, 0.16f}, 1.2f);
    }
}

static void watercolour(canvas *c)
{
    static const colour air[] = {
        {0.30f, 0.50f, 0.85f}, {0.52f, 0.48f, 0.84f}, {0.45f, 0.80f, 0.86f}, {0.98f, 0.80f, 0.52f}};
    static const colour leaf[] = {
        {0.20f, 0.52f, 0.28f}, {0.58f, 0.74f, 0.20f}, {0.12f, 0.40f, 0.44f}, {0.36f, 0.32f, 0.62f}};
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            float tooth = cloud((float)x * 0.11f, (float)y * 0.11f, 91);
            c->relief[y][x] = step_between(0.25f, 0.75f, tooth);
            c->ink[y][x] = times((colour){0.99f, 0.975f, 0.94f}, 0.97f + 0.04f * tooth);
        }
    }
    for (int i = 0; i < 26; i++)
        wash(c, chance(c, 0, 1), chance(c, -0.1f, 0.6f), chance(c, 0.15f, 0.4f),
             chance(c, 0.08f, 0.2f), chance(c, -0.4f, 0.4f), ramp(air, 4, chance(c, 0, 1)),
             chance(c, 0.25f, 0.6f));
    for (int i = 0; i < 40; i++)
        wash(c, chance(c, 0, 1), chance(c, 0.5f, 1.1f), chance(c, 0.08f, 0.25f),
             chance(c, 0.05f, 0.14f), chance(c, -0.9f, 0.9f), ramp(leaf, 4, chance(c, 0, 1)),
             chance(c, 0.3f, 0.7f));
    for (int i = 0; i < 110; i++) { /* blades and stems */
        float y = chance(c, 0.45f, 1.05f);
        wash(c, chance(c, 0, 1), y, chance(c, 0.06f, 0.16f), chance(c, 0.003f, 0.010f),
             -pi / 2 + chance(c, -0.35f, 0.35f), ramp(leaf, 4, chance(c, 0, 1)),
             chance(c, 0.6f, 1.1f));
    }
    for (int i = 0; i < 26; i++) {
        float y = 0.22f + 0.7f * (float)i / 26;
        flower(c, chance(c, 0.02f, 0.98f), y + chance(c, -0.05f, 0.05f),
               0.035f + 0.075f * y * chance(c, 0.6f, 1.3f));
    }
    for (int i = 0; i < 160; i++) { /* spatter */
        float r = 0.002f + 0.006f * powf(chance(c, 0, 1), 4);
        wash(c, chance(c, 0, 1), chance(c, 0, 1), r, r, 0,
             i % 3 ? ramp(air, 4, chance(c, 0, 1)) : (colour){0.90f, 0.25f, 0.15f}, 0.9f);
    }
    light(c, 0.12f, 0);
}

/* ---- the front door ------------------------------------------------------------------------ */

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*paint)(canvas *);
    } styles[] = {
        {"oil", oil}, {"woodcut", woodcut}, {"mosaic", mosaic}, {"watercolour", watercolour}};
    for (size_t i = 0; argc == 2 && i < sizeof styles / sizeof *styles; i++) {
        if (strcmp(argv[1], styles[i].name) == 0) {
            canvas *c = calloc(1, sizeof *c);
            if (c == NULL) {
                fputs("paint: no memory\n", stderr);
                return 1;
            }
            styles[i].paint(c);
            int done = write_ppm(c, stdout);
            free(c);
            return done ? 0 : 1;
        }
    }
    fputs("usage: paint oil|woodcut|mosaic|watercolour > picture.ppm\n", stderr);
    return 2;
}
