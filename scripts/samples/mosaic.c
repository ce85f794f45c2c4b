/* Mosaic: medallions of rings, laid in small stones. */
#include "canvas.h"

#include <math.h>

enum { DISCS = 34 };

static const color fire[] = {{0.97f, 0.85f, 0.48f},
                             {0.92f, 0.64f, 0.16f},
                             {0.80f, 0.31f, 0.10f},
                             {0.48f, 0.09f, 0.10f},
                             {0.95f, 0.90f, 0.76f}};
static const color water[] = {{0.07f, 0.18f, 0.34f},
                              {0.09f, 0.40f, 0.50f},
                              {0.34f, 0.66f, 0.64f},
                              {0.94f, 0.89f, 0.72f},
                              {0.90f, 0.60f, 0.18f}};
static const color clay[] = {{0.28f, 0.12f, 0.12f},
                             {0.82f, 0.52f, 0.16f},
                             {0.95f, 0.82f, 0.50f},
                             {0.62f, 0.20f, 0.12f},
                             {0.14f, 0.34f, 0.36f}};
static const color *const glaze[] = {fire, water, clay};

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

void mosaic(canvas *c)
{
    const float width = 0.0165f; /* of a row of stones */
    const color grout = {0.20f, 0.16f, 0.14f};
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
                    : roundf(2 * PI * (row + 0.5f) * (0.75f + 0.4f * hash((uint32_t)row, own, 83)));
            float turn = atan2f(y - disc[own][1], x - disc[own][0]) / (2 * PI) + 0.5f;
            float place = turn * count + 0.3f * (noise(turn * count, row, 84) - 0.5f);
            float at = floorf(place), u = place - at;
            uint32_t id = (uint32_t)(int32_t)(at < 0 ? at + count : at) * 131 +
                          (uint32_t)row * 7919 + own * 104729;
            /* Distance to the joint, in rows; corners are rounded. */
            float du = (u < 0.5f ? u : 1 - u) * (row < 1 ? 9 : 2 * PI * (row + 0.5f) / count);
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
            const color *set = glaze[own % 3];
            float band = fmodf(floorf(row * 0.5f) * 0.25f + 0.25f * (float)(own % 4), 1.01f);
            float stray = 0.34f * (hash(id, 1, 87) - 0.5f) + (hash(id, 2, 87) > 0.92f ? 0.3f : 0);
            color paint = times(ramp(set, 5, band + stray), 0.80f + 0.34f * hash(id, 3, 87));
            paint = times(paint, 0.88f + 0.24f * grain);
            c->ink[py][px] = paint;
            float tiltx = hash(id, 4, 87) - 0.5f, tilty = hash(id, 5, 87) - 0.5f;
            c->relief[py][px] = 2.6f * step_between(0, 0.14f, joint) + 0.25f * grain +
                                3.0f * (tiltx * (u - 0.5f) + tilty * (v - 0.5f));
        }
    }
    light(c, 0.9f, 0.35f);
}
