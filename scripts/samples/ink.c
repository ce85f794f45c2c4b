/* Ink: bamboo before mountains in mist, a wet brush on rice paper and a red seal. */
#include "canvas.h"

#include <math.h>

/* How much ink lies on the paper, in c->relief; what was there before the brush now at work came.
 */
static float before[SIZE][SIZE];
static uint32_t owner[SIZE][SIZE];

/* A brush lays no more ink on a place by passing it twice in one stroke. */
static void lay(canvas *c, int px, int py, uint32_t key, float amount)
{
    if (px < 0 || py < 0 || px >= SIZE || py >= SIZE)
        return;
    if (owner[py][px] != key) {
        owner[py][px] = key;
        before[py][px] = c->relief[py][px];
    }
    c->relief[py][px] = fmaxf(c->relief[py][px], before[py][px] + amount);
}

/* From a to b over a bend, all in pixels; the width swells with press[0] at the start, press[1] in
 * the middle, press[2] at the end. A dry brush leaves streaks. */
static void stroke(canvas *c, float ax, float ay, float bx, float by, float bend, float width,
                   const float press[3], float load, float dry)
{
    uint32_t key = ++c->chance + 1000000;
    float dx = bx - ax, dy = by - ay, length = hypotf(dx, dy);
    float mx = (ax + bx) / 2 - dy * bend, my = (ay + by) / 2 + dx * bend;
    for (float s = 0; s <= length; s += 0.5f) {
        float t = s / length, u = 1 - t;
        float x = u * u * ax + 2 * u * t * mx + t * t * bx;
        float y = u * u * ay + 2 * u * t * my + t * t * by;
        float tx = 2 * u * (mx - ax) + 2 * t * (bx - mx),
              ty = 2 * u * (my - ay) + 2 * t * (by - my);
        float size = hypotf(tx, ty) + 1e-6f, nx = -ty / size, ny = tx / size;
        float p = u * u * press[0] + 2 * u * t * press[1] + t * t * press[2];
        float r = width * p * (0.94f + 0.12f * noise(s * 0.02f, 0, key));
        for (float off = -r; off <= r; off += 0.5f) {
            float across = off / (r + 0.01f);
            float hair = noise(across * width * 0.35f + 30, s * 0.006f, key + 1);
            float gone = dry * (0.35f + 0.9f * t);
            if (hair < gone - 0.15f)
                continue;
            float wet =
                0.72f + 0.28f * fabsf(across) + 0.3f * (noise(x * 0.02f, y * 0.02f, key) - 0.5f);
            float edge = step_between(1.02f, 0.9f, fabsf(across));
            lay(c, (int)(x + nx * off), (int)(y + ny * off), key, load * wet * edge);
        }
    }
}

/* A ridge: dark where it meets the sky, dissolving in mist below. */
static void mountain(canvas *c, float base, float tall, float rough, float load, uint32_t seed)
{
    for (int px = 0; px < SIZE; px++) {
        float x = (float)px / SIZE;
        float peak =
            powf(noise(x * 3.4f + (float)seed, 0, seed), 1.5f) + 0.12f * noise(x * 14, 5, seed);
        float top = base - tall * peak - rough * (cloud(x * 9, 3, seed + 1) - 0.5f);
        for (int py = 0; py < SIZE; py++) {
            float y = (float)py / SIZE, deep = y - top;
            if (deep < 0)
                continue;
            float bleed =
                0.004f * (noise(x * 150, y * 150, seed + 2) + noise(x * 40, y * 40, seed + 3));
            float wash = step_between(0, bleed + 0.001f, deep) *
                         expf(-deep * (5 + 4 * noise(x * 3, 1, seed)));
            float cut = noise(x * 30 + y * 24, y * 9 - x * 3, seed + 4); /* folds of the slope */
            float fold = step_between(0.55f, 0.8f, cut) * step_between(0.22f, 0.02f, deep);
            float pool = 0.65f + 0.7f * cloud(x * 5, y * 5, seed + 5);
            c->relief[py][px] += load * wash * pool * (0.75f + 0.8f * fold);
        }
    }
}

static void leaf(canvas *c, float x, float y, float angle, float length, float load)
{
    static const float press[3] = {0.12f, 1.5f, 0.02f};
    stroke(c, x, y, x + length * cosf(angle), y + length * sinf(angle), chance(c, -0.12f, 0.12f),
           length * chance(c, 0.075f, 0.11f), press, load, chance(c, 0.05f, 0.45f));
}

static void spray(canvas *c, float x, float y, float lean, int count, float size, float load)
{
    for (int i = 0; i < count; i++)
        leaf(c, x + chance(c, -10, 10), y + chance(c, -10, 10),
             PI / 2 + lean + ((float)i - (float)(count - 1) / 2) * chance(c, 0.28f, 0.5f),
             size * chance(c, 0.6f, 1.25f), load * chance(c, 0.75f, 1.25f));
}

static void bamboo(canvas *c, float x, float lean, float width, float load)
{
    static const float press[3] = {1.12f, 0.86f, 1.12f}, knot[3] = {0.5f, 1.2f, 0.5f};
    float y = SIZE * 1.03f;
    for (int i = 0; y > -60; i++) {
        float length = SIZE * chance(c, 0.12f, 0.17f), nx = x + lean * length;
        stroke(c, x, y, nx, y - length + 14, chance(c, -0.012f, 0.012f), width, press, load,
               chance(c, 0.3f, 0.62f));
        stroke(c, nx - width * 1.25f, y - length + 5, nx + width * 1.25f, y - length + 5, -0.1f,
               width * 0.16f, knot, load * 1.7f, 0.2f);
        if (i > 0 && chance(c, 0, 1) < 0.75f) {
            static const float twig[3] = {1.1f, 0.8f, 0.5f};
            float side = chance(c, 0, 1) < 0.5f ? -1.0f : 1.0f,
                  far = SIZE * chance(c, 0.06f, 0.16f);
            float ex = nx + side * far, ey = y - length - far * chance(c, 0.0f, 0.5f);
            stroke(c, nx, y - length, ex, ey, 0.08f * side, 3.2f, twig, load * 1.3f, 0.3f);
            spray(c, ex, ey, -side * 0.5f, 3 + (int)chance(c, 0, 3), SIZE * 0.13f, load * 1.25f);
            spray(c, (nx + ex) / 2, (y - length + ey) / 2, -side * 0.2f, 2 + (int)chance(c, 0, 2),
                  SIZE * 0.11f, load * 0.8f);
        }
        x = nx;
        y -= length;
    }
}

/* A seal of crossing strokes, printed unevenly. */
static float seal(float x, float y)
{
    float u = (x - 0.885f) / 0.08f, v = (y - 0.885f) / 0.08f;
    if (fmaxf(fabsf(u - 0.5f), fabsf(v - 0.5f)) > 0.5f + 0.02f * noise(x * 90, y * 90, 7))
        return 0;
    float rim = fmaxf(fabsf(u - 0.5f), fabsf(v - 0.5f));
    float gx = fabsf(fmodf(u * 3 + 0.5f, 1) - 0.5f), gy = fabsf(fmodf(v * 4 + 0.5f, 1) - 0.5f);
    int white = rim < 0.42f &&
                ((gx < 0.13f && hash((uint32_t)(v * 4 + 1), (uint32_t)(u * 3 + 1), 3) < 0.7f) ||
                 (gy < 0.15f && hash((uint32_t)(v * 4 + 1), (uint32_t)(u * 3 + 1), 4) < 0.7f));
    return white ? 0.08f : 0.95f - 0.6f * step_between(0.6f, 0.8f, cloud(x * 90, y * 90, 8));
}

void ink(canvas *c)
{
    mountain(c, 0.36f, 0.34f, 0.06f, 0.30f, 12);
    mountain(c, 0.54f, 0.34f, 0.07f, 0.55f, 27);
    mountain(c, 0.78f, 0.30f, 0.08f, 0.90f, 44);
    bamboo(c, SIZE * 0.80f, 0.03f, 13, 0.55f);
    bamboo(c, SIZE * 0.12f, 0.06f, 21, 1.25f);
    bamboo(c, SIZE * 0.30f, -0.03f, 16, 1.7f);
    for (int i = 0; i < 9; i++) { /* grass and stones at the foot */
        float x = SIZE * chance(c, 0.05f, 0.72f), y = SIZE * chance(c, 0.95f, 1.03f);
        for (int k = 0; k < 9; k++)
            leaf(c, x + chance(c, -30, 30), y, -PI / 2 + chance(c, -0.8f, 0.8f),
                 SIZE * chance(c, 0.03f, 0.09f), chance(c, 0.5f, 1.6f));
    }
    for (int i = 0; i < 60; i++) { /* spatter */
        static const float dot[3] = {1, 1, 1};
        float x = SIZE * chance(c, 0, 1), y = SIZE * chance(c, 0, 1),
              r = 1 + 5 * powf(chance(c, 0, 1), 4);
        stroke(c, x, y, x + r, y, 0, r, dot, chance(c, 0.3f, 1.1f), 0);
    }
    for (int py = 0; py < SIZE; py++)
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE;
            float fibre =
                noise(x * 40 + 6 * noise(x * 9, y * 9, 1), y * 300, 2) * noise(x * 300, y * 30, 3);
            float tooth = cloud(x * 130, y * 130, 4);
            color sheet = times((color){0.955f, 0.925f, 0.855f},
                                0.955f + 0.05f * tooth + 0.05f * step_between(0.45f, 0.8f, fibre));
            float load = c->relief[py][px] * (0.78f + 0.45f * tooth), red = seal(x, y);
            color *at = &c->ink[py][px];
            *at = (color){sheet.r * expf(-1.72f * load), sheet.g * expf(-1.65f * load),
                          sheet.b * expf(-1.48f * load)};
            *at = mix(*at, (color){0.76f, 0.13f, 0.10f}, red);
        }
}
