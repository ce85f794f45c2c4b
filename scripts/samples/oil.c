/* Oil: a wheat field under a turning sky, in strokes along a flow. */
#include "canvas.h"

#include <math.h>

static const color sky[] = {{0.04f, 0.07f, 0.24f}, {0.06f, 0.16f, 0.45f}, {0.10f, 0.30f, 0.62f},
                            {0.20f, 0.48f, 0.74f}, {0.47f, 0.70f, 0.80f}, {0.86f, 0.88f, 0.70f}};
static const color sun[] = {{0.98f, 0.92f, 0.55f}, {0.99f, 0.80f, 0.22f}, {0.95f, 0.60f, 0.10f},
                            {0.98f, 0.86f, 0.42f}, {0.66f, 0.78f, 0.62f}, {0.20f, 0.45f, 0.68f}};
static const color hill[] = {{0.05f, 0.09f, 0.25f},
                             {0.10f, 0.22f, 0.42f},
                             {0.14f, 0.38f, 0.44f},
                             {0.26f, 0.50f, 0.36f},
                             {0.50f, 0.62f, 0.36f}};
static const color wheat[] = {{0.42f, 0.24f, 0.06f}, {0.70f, 0.44f, 0.08f}, {0.88f, 0.64f, 0.12f},
                              {0.96f, 0.80f, 0.28f}, {0.99f, 0.93f, 0.60f}, {0.45f, 0.50f, 0.20f}};
static const color tree[] = {
    {0.03f, 0.07f, 0.08f}, {0.06f, 0.16f, 0.12f}, {0.12f, 0.26f, 0.14f}, {0.38f, 0.30f, 0.08f}};

/* The sky's stream function: its level lines are the flow, its value chooses the color. */
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

/* The color wanted at a place and the direction of the brush there. */
static color motif(float x, float y, float whim, float *angle)
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
        *angle = -PI / 2 + 1.3f * (noise(x * 12, y * 7, 21) - 0.5f) + (lean - x) * 6;
        return ramp(tree, 4, 0.75f * cloud(x * 30, y * 9, 4) + 0.5f * (whim - 0.4f));
    }
    if (y > field) {
        float depth = (y - field) / 0.25f;
        *angle = -PI / 2 + 0.5f * sinf(x * 7 + y * 3) + 1.2f * (noise(x * 9, y * 6, 31) - 0.5f);
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
    float angle, turn = 0;
    uint32_t key = c->chance;
    color paint = motif(x / SIZE, y / SIZE, chance(c, 0, 1), &angle);
    color other = motif(x / SIZE, y / SIZE, chance(c, 0, 1), &angle);
    int step = 0;
    for (float s = 0; s < length; s += 0.6f) {
        if (step++ % 10 == 0) {
            motif(x / SIZE, y / SIZE, 0, &turn);
            turn -= angle;
            turn -= 2 * PI * roundf(turn / (2 * PI));
            if (fabsf(turn) >
                5 / radius) /* tighter than the brush, or the edge of something else */
                return;
            turn /= 10; /* per step */
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
        angle += turn;
        x += 0.6f * cosf(angle);
        y += 0.6f * sinf(angle);
    }
}

void oil(canvas *c)
{
    static const float brush[][3] = {{32, 240, 6}, {17, 170, 2.6f}, {10, 120, 1.7f}, {6, 80, 1.2f}};
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
