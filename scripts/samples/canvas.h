/* What the painters of the style samples share: numbers, chance, colors and the canvas.
 *
 * Every picture is a function of its name alone: noise and chance come from one integer hash.
 * (Where several arguments of a call ask chance(), the compiler chooses the order; the pictures of
 * images/ are those of gcc on x86-64.)
 * Painting happens at twice the size of the result in both directions, with hard edges; writing
 * averages 2x2 pixels. Coordinates: x to the right, y down, the picture is [0, 1] x [0, 1];
 * colors are sRGB in [0, 1]. */
#ifndef SAMPLES_CANVAS_H
#define SAMPLES_CANVAS_H

#include <stdint.h>
#include <stdio.h>

enum { RESULT = 768, SIZE = 2 * RESULT };

#define PI 3.14159265f

typedef struct {
    float r, g, b;
} color;

typedef struct {
    color ink[SIZE][SIZE];
    float relief[SIZE][SIZE]; /* height of the paint, about 0 to 1 */
    uint32_t chance;          /* how often chance() was asked */
} canvas;

/* A number in [0, 1) that depends on the three alone. */
float hash(uint32_t a, uint32_t b, uint32_t c);
/* The next random number in [from, to). */
float chance(canvas *c, float from, float to);

float clamp(float x); /* to [0, 1] */
float lerp(float a, float b, float t);
/* 0 below low, 1 above high, smooth between. */
float step_between(float low, float high, float x);
/* Smooth noise in [0, 1], one lump per unit; cloud is five octaves of it. */
float noise(float x, float y, uint32_t seed);
float cloud(float x, float y, uint32_t seed);

color mix(color a, color b, float t);
color times(color a, float k);
/* A palette of n colors read at t in [0, 1]. */
color ramp(const color *palette, int n, float t);

/* Lights the relief from the upper left; strength 1 is thick paint in raking light. */
void light(canvas *c, float strength, float shine);
/* Binary PPM of RESULT x RESULT pixels; 0 when it could not be written. */
int write_ppm(canvas *c, FILE *out);

void oil(canvas *c);
void woodcut(canvas *c);
void mosaic(canvas *c);
void watercolor(canvas *c);
void ink(canvas *c);
void points(canvas *c);
void glass(canvas *c);
void pencil(canvas *c);
void pastel(canvas *c);

#endif
