/* Woodcut: a mountain over the sea, one black block printed over flat colors. */
#include "canvas.h"

#include <math.h>

static const color paper = {0.94f, 0.88f, 0.75f}, black = {0.09f, 0.08f, 0.10f};

/* Whether a line is black at a phase: one line per unit, swelling and breaking along its way. */
static int carved(float phase, float width, float along)
{
    float row = floorf(phase), off = fabsf(phase - row - 0.5f) * 2;
    float swell = 0.7f * (noise(along, row * 3.7f, 51) - 0.5f);
    return off < width + swell * width * 1.4f && width > 0.04f;
}

/* The flat color of a place and, in *key, whether the black block prints there. */
static color block(float x, float y, int *key)
{
    x += 0.003f * (noise(x * 60, y * 60, 52) - 0.5f); /* the knife's hand */
    y += 0.003f * (noise(x * 60, y * 60, 53) - 0.5f);
    const color deep = {0.10f, 0.25f, 0.42f}, pale = {0.50f, 0.66f, 0.68f},
                foam = {0.96f, 0.93f, 0.84f};
    const color red = {0.82f, 0.25f, 0.13f}, ochre = {0.90f, 0.62f, 0.28f},
                moss = {0.33f, 0.42f, 0.27f};
    for (int i = 6; i >= 0; i--) { /* waves, the nearest first */
        float near = (float)i / 6, tall = 0.014f + 0.17f * near * near;
        float u = x * (7.5f - 5.2f * near) + 0.37f * (float)(i * i) + 0.1f + y * 0.7f * near;
        u += 0.5f * noise(u * 0.8f, (float)i, 50);
        float heap = 1 - fabsf(sinf(PI * u + 0.7f * sinf(2 * PI * u + 0.8f)));
        heap *= 0.45f + 0.8f * noise(u * 0.9f + 3, (float)i * 5, 49);
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
        return sinf(lines * PI * 0.66f) > -0.2f ? deep : pale;
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
                   : mix((color){0.30f, 0.40f, 0.55f}, ochre, step_between(0.40f, 0.62f, y));
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
    float rays = 44 * exp2f(floorf(log2f(far / 0.145f) + 0.5f * noise(atan2f(sy, sx) * 9, 0, 65)));
    *key = carved(atan2f(sy, sx) / (2 * PI) * rays + 0.25f,
                  0.22f + 0.35f * step_between(0.3f, 0, y), far * 24);
    return mix(
        ramp((const color[]){{0.16f, 0.33f, 0.50f}, {0.62f, 0.72f, 0.68f}, {0.93f, 0.80f, 0.56f}},
             3, y * 2.1f),
        ochre, step_between(0.30f, 0.15f, far) * 0.8f);
}

void woodcut(canvas *c)
{
    for (int py = 0; py < SIZE; py++) {
        for (int px = 0; px < SIZE; px++) {
            float x = (float)px / SIZE, y = (float)py / SIZE;
            int key, unused;
            color flat =
                block(x + 0.003f, y - 0.002f, &unused); /* printed a little out of register */
            block(x, y, &key);
            float grain = noise(x * 9 + 2 * noise(x * 3, y * 5, 66),
                                y * 230 + 9 * noise(x * 4, y * 7, 67), 68);
            float fibre = cloud(x * 160, y * 160, 69);
            color sheet = times(paper, 0.94f + 0.10f * fibre);
            float cover = 0.97f - 0.34f * step_between(0.55f, 0.95f, grain) -
                          0.5f * step_between(0.68f, 0.8f, fibre);
            color print = mix(sheet, flat, cover);
            float bite =
                1 - 0.75f * step_between(0.64f, 0.76f, cloud(x * 220, y * 260, 70)) - 0.10f * grain;
            c->ink[py][px] = key ? mix(print, black, bite) : print;
        }
    }
}
