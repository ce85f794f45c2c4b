/* Points: a river bank on a summer afternoon, in dots of unmixed colors. */
#include "canvas.h"

#include <math.h>

/* An upright figure with a parasol: 0 outside, 1 dress, 2 skin and hat, 3 parasol. */
static int figure(float x, float y, float cx, float foot, float size)
{
    float u = (x - cx) / size, v = (foot - y) / size;
    float bustle = 0.07f * expf(-(v - 0.36f) * (v - 0.36f) * 60); /* behind */
    float wide = v < 0.42f ? 0.19f - 0.22f * v : 0.098f + 0.05f * sinf((v - 0.42f) * 15);
    if (v > 0 && v < 0.63f && u > -wide - bustle && u < wide)
        return 1;
    if (hypotf(u, (v - 0.705f) * 0.85f) < 0.078f)
        return 2;
    float dome = hypotf(u - 0.05f, (v - 0.80f) * 1.25f);
    return dome < 0.27f && v > 0.80f + 0.025f * fabsf(sinf(u * 22)) ? 3 : 0;
}

static float hill(float x, float y, float at, float reach)
{
    return step_between(reach, reach * 0.3f, hypotf(x - at, y * 1.3f));
}

/* The color that the dots come to, seen from afar. */
static color motif(float x, float y)
{
    static const color air[] = {
        {0.45f, 0.62f, 0.88f}, {0.66f, 0.79f, 0.92f}, {0.97f, 0.90f, 0.74f}};
    static const color river[] = {
        {0.92f, 0.86f, 0.70f}, {0.50f, 0.68f, 0.86f}, {0.24f, 0.44f, 0.72f}};
    static const color lawn[] = {
        {0.80f, 0.80f, 0.28f}, {0.50f, 0.68f, 0.24f}, {0.30f, 0.52f, 0.24f}};
    const color shade = {0.14f, 0.28f, 0.34f};
    static const float people[][3] = {{0.60f, 0.95f, 0.36f}, {0.74f, 0.92f, 0.33f},
                                      {0.30f, 0.83f, 0.19f}, {0.47f, 0.755f, 0.12f},
                                      {0.94f, 0.82f, 0.17f}, {0.40f, 0.85f, 0.20f}};
    static const color dress[] = {{0.20f, 0.18f, 0.48f}, {0.86f, 0.36f, 0.22f},
                                  {0.92f, 0.88f, 0.82f}, {0.75f, 0.20f, 0.30f},
                                  {0.30f, 0.26f, 0.56f}, {0.95f, 0.70f, 0.30f}};
    for (int i = 0; i < 6; i++) {
        int part = figure(x, y, people[i][0], people[i][1], people[i][2]);
        float lit = step_between(-0.1f, 0.1f, (people[i][0] - x) / people[i][2] + 0.02f);
        if (part == 1)
            return mix(times(dress[i], 0.55f), dress[i], lit);
        if (part == 2)
            return mix((color){0.55f, 0.30f, 0.28f}, (color){0.96f, 0.74f, 0.58f}, lit);
        if (part == 3)
            return mix(times(dress[(i + 3) % 6], 0.6f), dress[(i + 3) % 6], lit);
    }
    float crown = cloud(x * 6, y * 6, 21);
    static const float trunk[][2] = {{0.09f, 0.030f}, {0.82f, 0.022f}}; /* trees near by */
    for (int i = 0; i < 2; i++) {
        float leaf =
            hypotf((x - trunk[i][0]) * 1.1f, (y - 0.20f) * 1.25f) - 0.21f + 0.34f * (crown - 0.5f);
        if (leaf < 0)
            return mix(mix(shade, (color){0.16f, 0.42f, 0.22f}, crown * 1.2f),
                       (color){0.80f, 0.80f, 0.26f},
                       step_between(0.50f, 0.72f, cloud(x * 11, y * 11, 22)) *
                           step_between(0.3f, -0.1f, x - trunk[i][0]));
        float lean = trunk[i][0] + 0.02f * sinf(y * 9 + (float)i);
        if (y > 0.3f && y < 0.86f && fabsf(x - lean) < trunk[i][1] * (0.7f + 0.6f * y))
            return mix((color){0.28f, 0.16f, 0.30f}, (color){0.82f, 0.48f, 0.26f},
                       step_between(0.3f, -0.6f, (x - lean) / trunk[i][1]));
    }
    float bank = 0.66f + 0.14f * x + 0.02f * sinf(x * 9);
    if (y > bank) { /* the lawn with the shadows of the trees */
        float dark = fmaxf(hill(x, (y - 0.86f) * 2.6f, 0.16f, 0.30f),
                           hill(x, (y - 0.90f) * 3.0f, 0.93f, 0.26f));
        for (int i = 0; i < 6; i++)
            dark = fmaxf(dark, hill(x, (y - people[i][1]) * 6, people[i][0] + 0.25f * people[i][2],
                                    people[i][2] * 0.4f));
        color grass = ramp(lawn, 3, cloud(x * 5, y * 12, 23) * 1.3f - 0.2f);
        return mix(grass, (color){0.16f, 0.32f, 0.36f}, 0.85f * dark);
    }
    if (y > 0.44f) { /* the river, with sails and what it mirrors */
        static const float sail[][3] = {
            {0.40f, 0.53f, 0.10f}, {0.60f, 0.485f, 0.05f}, {0.27f, 0.48f, 0.04f}};
        for (int i = 0; i < 3; i++) {
            float u = (x - sail[i][0]) / sail[i][2], v = (sail[i][1] - y) / sail[i][2];
            if (v > 0.06f && v < 1.25f && u > -0.02f && u < 0.45f * (1.25f - v))
                return mix((color){0.98f, 0.95f, 0.86f}, (color){0.80f, 0.78f, 0.90f}, u * 2);
            if (v > -0.10f && v <= 0.06f && fabsf(u - 0.05f) < 0.45f)
                return (color){0.42f, 0.16f, 0.20f};
            if (v < -0.1f && v > -1.1f &&
                fabsf(u - 0.1f + 0.1f * sinf(v * 30)) < 0.25f * (1.1f + v))
                return (color){0.90f, 0.86f, 0.80f};
        }
        float glint = 0.5f + 0.5f * sinf(y * 160 + 5 * noise(x * 7, y * 20, 24));
        color water = ramp(river, 3, (y - 0.44f) * 3.2f + 0.4f * (glint - 0.5f));
        float far = step_between(0.52f, 0.45f, y + 0.03f * glint);
        return mix(water, (color){0.30f, 0.46f, 0.42f}, 0.75f * far);
    }
    float grove = 0.40f - 0.06f * cloud(x * 7, 1, 25) - 0.03f * noise(x * 30, 2, 26);
    if (y > grove)
        return mix(ramp(lawn, 3, 0.5f + 0.7f * noise(x * 26, y * 26, 27)),
                   (color){0.34f, 0.42f, 0.56f}, 0.35f + 0.3f * step_between(0.37f, 0.44f, y));
    color sky = ramp(air, 3, y * 2.4f);
    return mix(sky, (color){0.99f, 0.96f, 0.92f},
               0.8f * step_between(0.50f, 0.68f, cloud(x * 3, y * 7, 28)));
}

/* What a dot adds to the color of its place: pure hues, which cancel out over many dots; more of
 * blue and violet in the shade, of orange and yellow in the light. */
static color divided(canvas *c, color wanted)
{
    static const color push[] = {{0.30f, 0.10f, -0.30f}, {-0.30f, -0.05f, 0.32f},
                                 {0.28f, -0.18f, 0.02f}, {-0.20f, 0.18f, -0.06f},
                                 {0.22f, 0.22f, -0.22f}, {-0.08f, -0.20f, 0.24f}};
    float luma = 0.3f * wanted.r + 0.6f * wanted.g + 0.1f * wanted.b;
    int cold = chance(c, 0, 1) < 0.62f - 0.35f * luma;
    const color *p = &push[cold ? 1 + 4 * (chance(c, 0, 1) < 0.4f) : (int)chance(c, 0, 5.99f)];
    float k = chance(c, 0.3f, 1.0f) * 0.85f, pale = chance(c, -0.08f, 0.10f);
    return (color){clamp(wanted.r + k * p->r + pale), clamp(wanted.g + k * p->g + pale),
                   clamp(wanted.b + k * p->b + pale)};
}

static void dot(canvas *c, float x, float y, float r)
{
    color paint = divided(c, motif(x / SIZE, y / SIZE));
    float stretch = chance(c, 0.85f, 1.3f), turn = chance(c, 0, PI), cs = cosf(turn),
          sn = sinf(turn);
    uint32_t key = c->chance;
    for (int py = (int)(y - 1.4f * r); py <= (int)(y + 1.4f * r); py++)
        for (int px = (int)(x - 1.4f * r); px <= (int)(x + 1.4f * r); px++) {
            if (px < 0 || py < 0 || px >= SIZE || py >= SIZE)
                continue;
            float u = ((float)px - x) * cs + ((float)py - y) * sn,
                  v = ((float)py - y) * cs - ((float)px - x) * sn;
            float d = hypotf(u / stretch, v * stretch) / r +
                      0.25f * (noise((float)px * 0.2f, (float)py * 0.2f, key) - 0.5f);
            if (d > 1)
                continue;
            c->ink[py][px] =
                times(paint, 0.96f + 0.06f * noise((float)px * 0.3f, (float)py * 0.3f, 31));
            c->relief[py][px] = 0.35f + 0.4f * sqrtf(1 - d * d);
        }
}

void points(canvas *c)
{
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE,
                  weave = sinf((float)px * 0.9f) * sinf((float)py * 0.9f);
            c->ink[py][px] =
                times(mix(motif(x, y), (color){0.93f, 0.88f, 0.76f}, 0.45f), 0.97f + 0.03f * weave);
            c->relief[py][px] = 0.05f * weave;
        }
    for (int pass = 0; pass < 3; pass++) {
        static const float size[] = {11, 8.5f, 6.5f}, cover[] = {0.75f, 0.75f, 0.65f};
        float r = size[pass], step = r * 1.75f / sqrtf(cover[pass]);
        for (float y = 0; y < SIZE + step; y += step)
            for (float x = 0; x < SIZE + step; x += step)
                dot(c, x + chance(c, -0.6f, 0.6f) * step, y + chance(c, -0.6f, 0.6f) * step,
                    r * chance(c, 0.75f, 1.15f));
    }
    light(c, 0.35f, 0.05f);
}
