/* Glass: a rose window, panes of colored glass in lead with the light behind them. */
#include "canvas.h"

#include <math.h>

typedef struct {
    uint32_t id;
    float edge; /* distance to the nearest lead, in the picture's units */
    float u, v; /* place within the pane, for its grain */
    int kind;   /* which part of the window, for its colors */
} pane;

/* A ring of n petals between two radii, whose outer ends are round or pointed. */
static pane petal(float r, float a, float inner, float outer, int n, float phase, int kind)
{
    float sector = a / (2 * PI) * (float)n + phase, i = floorf(sector), t = sector - i - 0.5f;
    float half = PI / (float)n, side = (0.5f - fabsf(t)) * 2 * half * r;
    float arch = outer - (outer - inner) * 0.45f * powf(2 * fabsf(t), 2.2f);
    uint32_t id = (uint32_t)kind * 100 + (uint32_t)((int)i + 4 * n) % (uint32_t)n;
    if (r < arch)
        return (pane){id, fminf(fminf(side, arch - r), r - inner), t, r, kind};
    return (pane){id + 50 + (uint32_t)(t > 0),
                  fminf(r - arch, fminf(outer - r, fmaxf(side, 0.0f) + fabsf(t) * 2 * half * r)), t,
                  r, kind + 1};
}

/* Irregular panes: the cells of points jittered on a lattice. */
static pane field(float x, float y, float scale, uint32_t seed, int kind)
{
    float px = x * scale, py = y * scale, best = 9, second = 9;
    pane found = {0, 0, x, y, kind};
    for (int j = -2; j <= 2; j++)
        for (int i = -2; i <= 2; i++) {
            uint32_t cx = (uint32_t)((int)floorf(px) + i + 100),
                     cy = (uint32_t)((int)floorf(py) + j + 100);
            float dx = (float)cx - 100 + 0.15f + 0.7f * hash(cx, cy, seed) - px;
            float dy = (float)cy - 100 + 0.15f + 0.7f * hash(cx, cy, seed + 1) - py;
            float d = hypotf(dx, dy);
            if (d < best) {
                second = best;
                best = d;
                found.id = 5000 + cx * 131 + cy;
            } else if (d < second) {
                second = d;
            }
        }
    found.edge = (second - best) / (2 * scale);
    return found;
}

static pane window(float x, float y)
{
    float dx = x - 0.5f, dy = y - 0.5f, r = hypotf(dx, dy), a = atan2f(dy, dx) + 2 * PI;
    if (r < 0.055f)
        return (pane){1, 0.055f - r, dx, dy, 0};
    if (r < 0.150f)
        return petal(r, a, 0.055f, 0.150f, 8, 0, 1);
    if (r < 0.285f)
        return petal(r, a, 0.150f, 0.285f, 12, 0.5f, 3);
    if (r < 0.315f) {
        float n = 36, t = a / (2 * PI) * n, f = t - floorf(t);
        return (pane){900 + (uint32_t)t % 36,
                      fminf(fminf(r - 0.285f, 0.315f - r), fminf(f, 1 - f) * 2 * PI * r / n), f, r,
                      5};
    }
    if (r < 0.465f)
        return petal(r, a, 0.315f, 0.465f, 16, 0, 6);
    if (r < 0.485f)
        return (pane){2, -1, 0, 0, 0}; /* stone */
    for (int i = 0; i < 4; i++) {      /* roundels in the corners */
        float cx = i & 1 ? 0.90f : 0.10f, cy = i & 2 ? 0.90f : 0.10f, d = hypotf(x - cx, y - cy);
        if (d < 0.085f) {
            float b = atan2f(y - cy, x - cx) + 2 * PI;
            if (d < 0.03f)
                return (pane){300 + (uint32_t)i, 0.03f - d, x, y, 0};
            return petal(d, b, 0.03f, 0.085f, 6, 0, 3);
        }
        if (d < 0.10f) {
            float n = 14, t = (atan2f(y - cy, x - cx) + 2 * PI) / (2 * PI) * n, f = t - floorf(t);
            return (pane){1200 + (uint32_t)i * 20 + (uint32_t)t % 14,
                          fminf(fminf(d - 0.085f, 0.10f - d), fminf(f, 1 - f) * 0.04f), f, d, 5};
        }
    }
    pane p = field(x, y, 13, 71, 8);
    float ring = fminf(r - 0.485f, 1);
    for (int i = 0; i < 4; i++)
        ring =
            fminf(ring, hypotf(x - (i & 1 ? 0.90f : 0.10f), y - (i & 2 ? 0.90f : 0.10f)) - 0.10f);
    p.edge = fminf(p.edge, ring);
    return p;
}

static color tint(const pane *p)
{
    static const color glass[][4] = {{{0.99f, 0.90f, 0.45f},
                                      {0.98f, 0.78f, 0.25f},
                                      {0.99f, 0.95f, 0.70f},
                                      {0.96f, 0.66f, 0.18f}},
                                     {{0.82f, 0.08f, 0.12f},
                                      {0.93f, 0.20f, 0.12f},
                                      {0.66f, 0.04f, 0.16f},
                                      {0.95f, 0.42f, 0.16f}},
                                     {{0.98f, 0.78f, 0.22f},
                                      {0.96f, 0.62f, 0.12f},
                                      {0.99f, 0.88f, 0.40f},
                                      {0.20f, 0.50f, 0.78f}},
                                     {{0.06f, 0.20f, 0.66f},
                                      {0.10f, 0.36f, 0.80f},
                                      {0.16f, 0.14f, 0.56f},
                                      {0.16f, 0.56f, 0.82f}},
                                     {{0.86f, 0.14f, 0.16f},
                                      {0.70f, 0.08f, 0.30f},
                                      {0.94f, 0.36f, 0.20f},
                                      {0.56f, 0.12f, 0.46f}},
                                     {{0.98f, 0.84f, 0.34f},
                                      {0.96f, 0.94f, 0.76f},
                                      {0.30f, 0.68f, 0.42f},
                                      {0.94f, 0.64f, 0.20f}},
                                     {{0.06f, 0.50f, 0.36f},
                                      {0.98f, 0.72f, 0.16f},
                                      {0.90f, 0.20f, 0.14f},
                                      {0.10f, 0.44f, 0.78f}},
                                     {{0.52f, 0.16f, 0.56f},
                                      {0.72f, 0.26f, 0.58f},
                                      {0.36f, 0.14f, 0.60f},
                                      {0.90f, 0.50f, 0.24f}},
                                     {{0.10f, 0.28f, 0.62f},
                                      {0.16f, 0.44f, 0.74f},
                                      {0.10f, 0.20f, 0.48f},
                                      {0.26f, 0.58f, 0.72f}}};
    if (p->kind == 6) /* the outer petals in turn */
        return mix(glass[6][p->id % 4], glass[6][(p->id + 1) % 4], 0.15f * hash(p->id, 5, 9));
    return ramp(glass[p->kind], 4, hash(p->id, 5, 9));
}

void glass(canvas *c)
{
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE;
            float wx = x + 0.004f * (noise(x * 14, y * 14, 81) - 0.5f),
                  wy = y + 0.004f * (noise(x * 14, y * 14, 82) - 0.5f);
            pane p = window(wx, wy);
            float lead = 0.0042f + 0.0012f * noise(x * 40, y * 40, 83);
            if (p.edge < lead) {
                int stone = p.edge < -0.5f;
                float soot = cloud(x * 90, y * 90, 84);
                c->ink[py][px] =
                    times(stone ? (color){0.16f, 0.14f, 0.15f} : (color){0.10f, 0.10f, 0.12f},
                          0.7f + 0.6f * soot);
                c->relief[py][px] =
                    (stone ? 0.9f : 0.55f * sqrtf(clamp(1 - p.edge * p.edge / (lead * lead)))) +
                    0.12f * soot;
                continue;
            }
            float tilt = 6.28f * hash(p.id, 1, 2), cs = cosf(tilt), sn = sinf(tilt);
            float along = x * cs + y * sn, across = y * cs - x * sn;
            float streak = cloud(along * 14, across * 60, 85 + p.id),
                  seed = noise(x * 120, y * 120, 86);
            float glow =
                1.30f - 0.40f * hypotf(x - 0.45f, y - 0.38f) + 0.34f * (hash(p.id, 7, 7) - 0.5f);
            float rim = 0.70f + 0.30f * step_between(lead, lead + 0.012f, p.edge);
            color body = mix(tint(&p), times(tint(&p), 0.70f), step_between(0.40f, 0.75f, streak));
            body = mix(body, (color){1, 0.97f, 0.88f},
                       0.30f * step_between(0.62f, 0.30f, streak) +
                           0.25f * step_between(0.93f, 1, seed));
            c->ink[py][px] = times(body, glow * rim);
            c->relief[py][px] = 0.10f * streak;
        }
    light(c, 0.9f, 0.20f);
}
