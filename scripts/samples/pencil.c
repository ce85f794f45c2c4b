/* Pencil: houses on a hill, hatched in graphite. */
#include "canvas.h"

#include <math.h>

/* What is seen at a place: how dark it is, which way it is hatched, and a number for the surface,
 * whose change is an edge. */
typedef struct {
    float tone, turn;
    int surface;
} seen;

static const float house[][5] = {/* x, foot, width, height of the wall, height of the roof */
                                 {0.30f, 0.70f, 0.16f, 0.13f, 0.10f},
                                 {0.55f, 0.60f, 0.13f, 0.14f, 0.09f},
                                 {0.74f, 0.70f, 0.17f, 0.11f, 0.11f},
                                 {0.43f, 0.82f, 0.20f, 0.15f, 0.13f},
                                 {0.12f, 0.80f, 0.15f, 0.14f, 0.11f},
                                 {0.88f, 0.86f, 0.18f, 0.16f, 0.12f},
                                 {0.64f, 0.90f, 0.17f, 0.13f, 0.12f}};

static int on_house(int i, float x, float y, seen *out)
{
    const float *h = house[i];
    float u = (x - h[0]) / h[2], v = h[1] - y, corner = 0.16f;
    if (fabsf(u) > 0.56f || v < 0 || v > h[3] + h[4])
        return 0;
    if (v < h[3] && fabsf(u) < 0.5f) {
        int front = u < corner;
        float wx = fmodf((u + 0.5f) * (front ? 4.2f : 5.5f) + 0.1f, 1),
              wy = fmodf(v / h[3] * 2.1f, 1);
        int window = wx > 0.3f && wx < 0.72f && wy > 0.35f && wy < 0.8f;
        out->surface = 10 * i + (window ? 3 : front ? 1 : 2);
        out->tone = window  ? 0.92f
                    : front ? 0.13f + 0.1f * (v < 0.02f)
                            : 0.50f + 0.1f * (1 - v / h[3]);
        out->turn = window ? 0.3f : front ? 1.35f : -0.75f;
        return 1;
    }
    float slope = (v - h[3]) / h[4];
    float left = -0.56f + 0.30f * slope, right = 0.56f - 0.12f * slope,
          gable = corner + 0.04f + 0.24f * slope;
    if (v >= h[3] && u > left && u < right) {
        int dark = u > gable;
        float tile = fmodf(slope * 7, 1);
        out->surface = 10 * i + (dark ? 5 : 4);
        out->tone = (dark ? 0.78f : 0.40f) + 0.12f * (tile < 0.25f);
        out->turn = dark ? -1.1f : 1.05f;
        return 1;
    }
    float chimney = u + 0.2f;
    if (fabsf(chimney) < 0.05f && v > h[3] && v < h[3] + h[4] * 1.25f) {
        out->surface = 10 * i + 6;
        out->tone = chimney > 0 ? 0.75f : 0.3f;
        out->turn = 1.5f;
        return 1;
    }
    return 0;
}

static seen look(float x, float y)
{
    seen s = {0, 0.78f, 0};
    static const int order[] = {5, 6, 3, 4, 2, 0, 1};
    for (int k = 0; k < 7; k++)
        if (on_house(order[k], x, y, &s))
            return s;
    static const float tree[][3] = {{0.20f, 0.63f, 0.055f}, {0.64f, 0.55f, 0.045f},
                                    {0.96f, 0.64f, 0.07f},  {0.27f, 0.86f, 0.06f},
                                    {0.77f, 0.84f, 0.05f},  {0.03f, 0.66f, 0.06f},
                                    {0.45f, 0.55f, 0.04f}};
    for (int i = 0; i < 7; i++) {
        float u = (x - tree[i][0]) / tree[i][2], v = (y - tree[i][1]) / tree[i][2];
        float leaf = hypotf(u, v * 0.8f) - 1 - 0.5f * (cloud(x * 26, y * 26, 5) - 0.5f);
        if (leaf < 0) {
            float shade =
                clamp(0.5f + 0.35f * u + 0.3f * v + 0.6f * (noise(x * 40, y * 40, 6) - 0.5f));
            return (seen){0.25f + 0.65f * shade, 0.5f + 1.8f * noise(x * 30, y * 30, 7), 100 + i};
        }
        if (fabsf(u) < 0.12f && v > 0 && v < 2)
            return (seen){0.85f, 1.4f, 120 + i};
    }
    float hill = 0.62f - 0.16f * expf(-(x - 0.5f) * (x - 0.5f) * 9) + 0.02f * sinf(x * 17);
    if (y > hill) {
        float path =
            fabsf(x - 0.5f - 0.16f * sinf((y - 0.55f) * 11)) / (0.02f + 0.12f * (y - 0.5f));
        if (path < 1)
            return (seen){0.06f, 0, 130};
        float patch = cloud(x * 4, y * 7, 8);
        return (seen){0.16f + 0.55f * patch * step_between(0.2f, 0.8f, patch),
                      0.15f + 0.9f * (x - 0.5f) + 0.5f * (patch - 0.5f), 131};
    }
    float ridge = 0.44f - 0.10f * noise(x * 3, 0, 9) - 0.03f * noise(x * 11, 0, 10);
    if (y > ridge)
        return (seen){0.30f + 0.12f * noise(x * 9, y * 9, 11), -0.6f, 132};
    float puff = cloud(x * 2.4f, y * 4.5f, 12);
    return (seen){0.46f * step_between(0.50f, 0.34f, puff) + 0.12f * (1 - y) +
                      0.22f * step_between(0.60f, 0.72f, puff),
                  0.62f, puff > 0.5f ? 134 : 133};
}

/* A pull of the pencil: graphite stays on the tooth of the paper. */
static void line(canvas *c, float x, float y, float turn, float length, float width, float press)
{
    uint32_t key = c->chance++;
    float bend = chance(c, -0.0009f, 0.0009f);
    for (float s = 0; s < length; s += 0.7f) {
        float t = s / length, fade = press * (0.55f + 0.45f * sinf(PI * clamp(t * 1.15f))) *
                                     (0.85f + 0.3f * noise(s * 0.03f, 0, key));
        for (float off = -width; off <= width; off += 0.7f) {
            int px = (int)(x - sinf(turn) * off), py = (int)(y + cosf(turn) * off);
            if (px < 0 || py < 0 || px >= SIZE || py >= SIZE)
                continue;
            float tooth = c->relief[py][px], soft = 1 - 0.5f * fabsf(off) / width;
            float grip =
                0.25f + 0.75f * step_between(0.50f - 0.6f * fade, 0.90f - 0.6f * fade, tooth);
            float mark = 0.46f * fade * grip * soft;
            color *at = &c->ink[py][px];
            *at = mix(*at, (color){0.17f, 0.17f, 0.19f}, clamp(mark));
        }
        turn += bend;
        x += 0.7f * cosf(turn);
        y += 0.7f * sinf(turn);
    }
}

/* Hatching one way; a line ends where the surface does. Cross-hatching is a later pass that only
 * the darker places get. */
static void hatch(canvas *c, float spacing, float extra, float from, float weight)
{
    for (float gy = -20; gy < SIZE + 20; gy += spacing)
        for (float gx = -20; gx < SIZE + 20; gx += spacing * 5.5f) {
            float x = gx + chance(c, -3, 3) * spacing, y = gy + chance(c, -0.5f, 0.5f) * spacing;
            seen s = look(x / SIZE, y / SIZE);
            if (s.tone < from + chance(c, -0.06f, 0.06f))
                continue;
            float turn = s.turn + extra + chance(c, -0.05f, 0.05f), length = 0,
                  most = chance(c, 70, 150);
            while (length < most && look((x + (length + 8) * cosf(turn)) / SIZE,
                                         (y + (length + 8) * sinf(turn)) / SIZE)
                                            .surface == s.surface)
                length += 8;
            if (length > 6)
                line(c, x, y, turn, length, 2.3f, clamp(0.36f + weight * (s.tone - from)));
        }
}

/* Short lines along every edge, twice, not quite in the same place. */
static void outline(canvas *c)
{
    for (int py = 6; py < SIZE - 6; py += 5)
        for (int px = 6; px < SIZE - 6; px += 5) {
            float x = (float)px / SIZE, y = (float)py / SIZE, e = 3.0f / SIZE;
            int here = look(x, y).surface, right = look(x + 2 * e, y).surface,
                below = look(x, y + 2 * e).surface;
            if (here > 132 || (here == right && here == below))
                continue;
            float gx = 0, gy = 0; /* across the edge, from the surfaces around */
            for (int k = 0; k < 16; k++) {
                float a = (float)k * PI / 8;
                if (look(x + 4 * e * cosf(a), y + 4 * e * sinf(a)).surface != here) {
                    gx += cosf(a);
                    gy += sinf(a);
                }
            }
            float turn = atan2f(gx, -gy), length = chance(c, 24, 60);
            line(c, (float)px - cosf(turn) * length / 2 + chance(c, -2, 2),
                 (float)py - sinf(turn) * length / 2 + chance(c, -2, 2), turn, length, 1.8f,
                 chance(c, 0.6f, 1.0f));
        }
}

void pencil(canvas *c)
{
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            float tooth = cloud((float)px * 0.16f, (float)py * 0.16f, 1);
            c->relief[py][px] = step_between(0.28f, 0.72f, tooth);
            c->ink[py][px] = times((color){0.965f, 0.955f, 0.93f}, 0.975f + 0.025f * tooth);
        }
    hatch(c, 8.5f, 0, 0.09f, 0.95f);
    hatch(c, 8.5f, 0.10f, 0.22f, 1.1f);
    hatch(c, 9, 0.80f, 0.38f, 1.3f);
    hatch(c, 9, -0.12f, 0.48f, 1.5f);
    hatch(c, 9, -0.75f, 0.60f, 1.9f);
    hatch(c, 8, 0.3f, 0.74f, 2.6f);
    outline(c);
}
