/* Pastel: a valley in the evening, soft chalk on dark paper whose tooth shows through. */
#include "canvas.h"

#include <math.h>

/* The color of a place and the way of the chalk there. */
static color motif(float x, float y, float whim, float *turn)
{
    static const color evening[] = {{0.20f, 0.22f, 0.52f},
                                    {0.46f, 0.34f, 0.66f},
                                    {0.86f, 0.44f, 0.56f},
                                    {0.98f, 0.62f, 0.40f},
                                    {1.00f, 0.84f, 0.52f}};
    static const color far[] = {
        {0.34f, 0.30f, 0.60f}, {0.56f, 0.44f, 0.72f}, {0.80f, 0.56f, 0.70f}};
    static const color near_hill[] = {
        {0.14f, 0.20f, 0.38f}, {0.20f, 0.36f, 0.46f}, {0.42f, 0.54f, 0.48f}, {0.86f, 0.66f, 0.40f}};
    static const color meadow[] = {
        {0.10f, 0.26f, 0.28f}, {0.20f, 0.46f, 0.30f}, {0.52f, 0.64f, 0.28f}, {0.94f, 0.80f, 0.38f}};
    static const color water[] = {
        {0.28f, 0.28f, 0.60f}, {0.92f, 0.58f, 0.50f}, {1.00f, 0.84f, 0.60f}};
    static const color leaf[] = {
        {0.08f, 0.14f, 0.24f}, {0.12f, 0.28f, 0.28f}, {0.44f, 0.36f, 0.30f}, {0.98f, 0.58f, 0.28f}};
    static const float tree[][3] = {{0.13f, 0.56f, 0.12f},
                                    {0.24f, 0.64f, 0.075f},
                                    {0.88f, 0.62f, 0.10f},
                                    {0.78f, 0.585f, 0.05f}};
    for (int i = 0; i < 4; i++) {
        float u = (x - tree[i][0]) / tree[i][2], v = (y - tree[i][1]) / tree[i][2];
        float crown = hypotf(u, v * 0.62f) - 1 - 0.6f * (cloud(x * 18, y * 18, 5) - 0.5f);
        if (crown < 0) {
            *turn = -0.9f + 1.8f * noise(x * 14, y * 14, 6);
            float lit = clamp(0.28f - 0.42f * u * (tree[i][0] < 0.55f ? -1.0f : 1.0f) - 0.3f * v +
                              0.7f * (whim - 0.5f));
            return ramp(leaf, 4, lit);
        }
        if (fabsf(u) < 0.10f && v > 0 && v < 2.1f) {
            *turn = PI / 2;
            return mix(leaf[0], (color){0.60f, 0.36f, 0.34f}, whim * 0.8f);
        }
    }
    float sx = x - 0.56f, sy = y - 0.365f, sun = hypotf(sx, sy);
    float blue = 0.44f - 0.11f * noise(x * 3.1f, 0, 7) - 0.03f * noise(x * 10, 0, 8);
    float hill = 0.53f - 0.07f * sinf(x * 5.2f + 0.5f) - 0.02f * noise(x * 13, 0, 9);
    float shore = 0.66f + 0.03f * sinf(x * 6);
    float bend = 0.56f + 0.17f * sinf((y - 0.56f) * 9) * (0.3f + y),
          width = 0.015f + 0.30f * (y - 0.58f);
    if (y > 0.585f && fabsf(x - bend) < width) {
        *turn = 0.05f * sinf(x * 40);
        float glow = expf(-fabsf(x - bend) / width * 1.4f);
        return ramp(water, 3, 0.2f + 0.7f * glow * (1.3f - y * 0.7f) + 0.55f * (whim - 0.5f));
    }
    if (y > shore) {
        *turn = 0.5f * (x - 0.5f) - 0.35f + 1.1f * (noise(x * 8, y * 14, 10) - 0.5f);
        float tuft = cloud(x * 9, y * 16, 11);
        if (tuft > 0.66f && whim > 0.35f)
            return mix((color){0.92f, 0.36f, 0.48f}, (color){0.98f, 0.90f, 0.72f}, whim);
        return ramp(meadow, 4, tuft * 1.25f - 0.2f + 0.5f * (whim - 0.5f));
    }
    if (y > hill) {
        *turn = 0.45f * cosf(x * 5.2f + 0.5f) + 0.4f * (noise(x * 9, y * 9, 12) - 0.5f);
        return ramp(near_hill, 4,
                    0.55f * cloud(x * 7, y * 13, 13) + 0.5f * step_between(0.08f, 0, y - hill) +
                        0.5f * (whim - 0.5f));
    }
    if (y > blue) {
        *turn = -0.5f + 0.7f * noise(x * 6, y * 6, 14);
        return ramp(far, 3, 0.9f * step_between(0.0f, 0.12f, y - blue) + 0.5f * (whim - 0.4f));
    }
    if (sun < 0.065f) {
        *turn = atan2f(sx, -sy);
        return mix((color){1, 0.96f, 0.76f}, (color){1, 0.84f, 0.48f}, whim);
    }
    float band = cloud(x * 2.2f, y * 7.5f, 15);
    *turn = sun < 0.2f ? atan2f(sx, -sy) : -0.12f + 0.7f * (noise(x * 3, y * 6, 16) - 0.5f);
    color air = ramp(evening, 5, y * 2.1f + 0.30f * (whim - 0.5f) + 0.25f * expf(-sun * 5));
    float lit = step_between(0.52f, 0.64f, band);
    return mix(air,
               mix((color){0.62f, 0.36f, 0.60f}, (color){1.0f, 0.74f, 0.58f},
                   y * 2 + 0.5f * (whim - 0.5f)),
               0.85f * lit);
}

/* The side of a chalk pulled over the paper: it covers what stands up. */
static void chalk(canvas *c, float x, float y, float radius, float length, float press)
{
    uint32_t key = c->chance;
    float turn, unused, whim = chance(c, 0, 1);
    color paint = motif(x / SIZE, y / SIZE, whim, &turn);
    turn += chance(c, -0.18f, 0.18f);
    float bend = chance(c, -0.0015f, 0.0015f);
    int step = 0;
    for (float s = 0; s < length; s += 0.7f) {
        if (step++ % 12 == 0) { /* another thing begins here */
            color here = motif(x / SIZE, y / SIZE, whim, &unused);
            if (fabsf(here.r - paint.r) + fabsf(here.g - paint.g) + fabsf(here.b - paint.b) > 0.45f)
                return;
        }
        float t = s / length, ends = sqrtf(clamp(t * 8)) * sqrtf(clamp((1 - t) * 5));
        for (float off = -radius; off <= radius; off += 0.7f) {
            int px = (int)(x - sinf(turn) * off), py = (int)(y + cosf(turn) * off);
            if (px < 0 || py < 0 || px >= SIZE || py >= SIZE)
                continue;
            float soft = 1 - powf(fabsf(off) / radius, 3);
            float lump = noise(off * 0.20f + 40, s * 0.008f, key) - 0.5f;
            float cover = press * ends * soft + 0.5f * lump;
            float stays = step_between(0.95f - cover, 1.12f - cover, c->relief[py][px]);
            c->ink[py][px] =
                mix(c->ink[py][px],
                    times(paint, 0.96f + 0.10f * noise((float)px * 0.4f, (float)py * 0.4f, 17)),
                    0.80f * stays);
        }
        turn += bend;
        x += 0.7f * cosf(turn);
        y += 0.7f * sinf(turn);
    }
}

void pastel(canvas *c)
{
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            float u = (float)px / SIZE, v = (float)py / SIZE, turn;
            float laid = 0.5f + 0.5f * sinf((float)px * 0.42f + 2 * noise(u * 40, v * 40, 18));
            float tooth = 0.92f * cloud((float)px * 0.19f, (float)py * 0.19f, 19) + 0.08f * laid;
            c->relief[py][px] = step_between(0.25f, 0.75f, tooth);
            color smudge = motif(u, v, 0.4f, &turn);
            c->ink[py][px] =
                times(mix((color){0.13f, 0.13f, 0.17f}, smudge, 0.62f), 0.9f + 0.15f * tooth);
        }
    for (int pass = 0; pass < 3; pass++) {
        static const float size[][4] = {
            {24, 190, 0.58f, 2.6f}, {13, 130, 0.68f, 2.6f}, {7, 85, 0.86f, 1.8f}};
        int n = (int)(size[pass][3] * SIZE * SIZE / (2 * size[pass][0] * size[pass][1]));
        for (int i = 0; i < n; i++) {
            float x = chance(c, -40, SIZE + 40), y = chance(c, -40, SIZE + 40);
            chalk(c, x, y, size[pass][0] * chance(c, 0.7f, 1.3f),
                  size[pass][1] * chance(c, 0.6f, 1.3f), size[pass][2] * chance(c, 0.75f, 1.25f));
        }
    }
}
