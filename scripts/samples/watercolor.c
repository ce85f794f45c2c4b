/* Watercolor: poppies in wet, transparent washes. */
#include "canvas.h"

#include <math.h>

/* A transparent wash in an oval with a frayed edge: pigment settles at its rim and in the paper.
 * Negative strength lifts color off again with a clean wet brush. */
static void wash(canvas *c, float cx, float cy, float rx, float ry, float turn, color pigment,
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
            color *ink = &c->ink[py][px];
            if (strength < 0) {
                *ink =
                    mix(*ink, (color){0.99f, 0.97f, 0.93f}, -strength * step_between(0, 2, deep));
                continue;
            }
            load *= strength * (0.82f + 0.4f * (1 - c->relief[py][px]));
            ink->r *= powf(pigment.r, load);
            ink->g *= powf(pigment.g, load);
            ink->b *= powf(pigment.b, load);
        }
    }
}

static void flower(canvas *c, float x, float y, float r)
{
    static const color petal[][3] = {
        {{0.93f, 0.20f, 0.10f}, {0.95f, 0.42f, 0.12f}, {0.80f, 0.10f, 0.22f}},
        {{0.95f, 0.50f, 0.58f}, {0.86f, 0.30f, 0.50f}, {0.97f, 0.66f, 0.55f}},
        {{0.98f, 0.72f, 0.18f}, {0.96f, 0.50f, 0.12f}, {0.99f, 0.84f, 0.35f}},
        {{0.60f, 0.34f, 0.74f}, {0.40f, 0.36f, 0.80f}, {0.80f, 0.45f, 0.72f}}};
    const color *kind = petal[(int)chance(c, 0, 3.99f) * (chance(c, 0, 1) < 0.75f)];
    float lean = chance(c, 0, 6.3f), flat = chance(c, 0.55f, 0.95f);
    float stem = 2.2f * r + 0.03f;
    wash(c, x + chance(c, -0.01f, 0.01f), y + stem, stem, 0.003f + 0.03f * r,
         PI / 2 + chance(c, -0.12f, 0.12f), (color){0.30f, 0.52f, 0.22f}, 1.0f);
    wash(c, x, y, r * 1.05f, r * flat * 1.05f, 0, (color){1, 1, 1}, -0.85f);
    for (int i = 0; i < 6; i++) {
        float a = lean + (float)i * 1.05f + chance(c, -0.2f, 0.2f);
        wash(c, x + 0.5f * r * cosf(a), y + flat * 0.5f * r * sinf(a), r * 0.62f, r * 0.5f,
             atan2f(flat * sinf(a), cosf(a)), ramp(kind, 3, chance(c, 0, 1)),
             chance(c, 0.5f, 1.0f));
    }
    wash(c, x, y, r * 0.24f, r * 0.2f, lean, (color){0.12f, 0.08f, 0.22f}, 1.1f);
    for (int i = 0; i < 14; i++) {
        float a = chance(c, 0, 6.3f), d = r * chance(c, 0.22f, 0.36f);
        wash(c, x + d * cosf(a), y + flat * d * sinf(a), 0.004f, 0.003f, a,
             (color){0.10f, 0.07f, 0.16f}, 1.2f);
    }
}

void watercolor(canvas *c)
{
    static const color air[] = {
        {0.30f, 0.50f, 0.85f}, {0.52f, 0.48f, 0.84f}, {0.45f, 0.80f, 0.86f}, {0.98f, 0.80f, 0.52f}};
    static const color leaf[] = {
        {0.20f, 0.52f, 0.28f}, {0.58f, 0.74f, 0.20f}, {0.12f, 0.40f, 0.44f}, {0.36f, 0.32f, 0.62f}};
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            float tooth = cloud((float)x * 0.23f, (float)y * 0.23f, 91);
            c->relief[y][x] = step_between(0.25f, 0.75f, tooth);
            c->ink[y][x] = times((color){0.99f, 0.975f, 0.94f}, 0.97f + 0.04f * tooth);
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
             -PI / 2 + chance(c, -0.35f, 0.35f), ramp(leaf, 4, chance(c, 0, 1)),
             chance(c, 0.6f, 1.1f));
    }
    float bloom[30][2];
    for (int n = 0, tries = 0; n < 30 && tries < 5000; tries++) { /* far and small first */
        float y = 0.2f + 0.75f * (float)n / 30, r = 0.03f + 0.075f * y * chance(c, 0.7f, 1.25f);
        int free = 1;
        bloom[n][0] = chance(c, 0.02f, 0.98f);
        bloom[n][1] = y + chance(c, -0.05f, 0.05f);
        for (int i = 0; i < n && free; i++)
            free = hypotf(bloom[n][0] - bloom[i][0], bloom[n][1] - bloom[i][1]) > 1.35f * r;
        if (free) {
            flower(c, bloom[n][0], bloom[n][1], r);
            n++;
        }
    }
    for (int i = 0; i < 160; i++) { /* spatter */
        float r = 0.002f + 0.006f * powf(chance(c, 0, 1), 4);
        wash(c, chance(c, 0, 1), chance(c, 0, 1), r, r, 0,
             i % 3 ? ramp(air, 4, chance(c, 0, 1)) : (color){0.90f, 0.25f, 0.15f}, 0.9f);
    }
    light(c, 0.12f, 0);
}
