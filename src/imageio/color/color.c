#include "imageio/color/color.h"

#include <math.h>
#include <string.h>

static const double srgb[8] = {0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06};

bool nst_color_primaries(int code, double xy[8])
{
    static const struct {
        int code;
        double red_to_blue[6];
    } known[] = {
        {1, {0.64, 0.33, 0.3, 0.6, 0.15, 0.06}},        /* BT.709, sRGB */
        {5, {0.64, 0.33, 0.29, 0.6, 0.15, 0.06}},       /* BT.601 of 625 lines */
        {6, {0.63, 0.34, 0.31, 0.595, 0.155, 0.07}},    /* BT.601 of 525 lines */
        {7, {0.63, 0.34, 0.31, 0.595, 0.155, 0.07}},    /* SMPTE 240M, the same */
        {9, {0.708, 0.292, 0.17, 0.797, 0.131, 0.046}}, /* BT.2020 */
        {12, {0.68, 0.32, 0.265, 0.69, 0.15, 0.06}},    /* Display P3 */
        {22, {0.63, 0.34, 0.295, 0.605, 0.155, 0.077}}, /* EBU Tech. 3213 */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == code) {
            memcpy(xy, srgb, 2 * sizeof *xy);
            memcpy(xy + 2, known[i].red_to_blue, sizeof known[i].red_to_blue);
            return true;
        }
    return false;
}

static double srgb_light(double value)
{
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* SMPTE ST 2084: candela per square metre, as a part of the white of diffuse surfaces. */
static double pq_light(double value)
{
    static const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096,
                        c2 = 2413.0 / 128, c3 = 2392.0 / 128;
    double power = pow(value, 1 / m2), top = fmax(power - c1, 0.0);
    return 10000.0 * pow(top / (c2 - c3 * power), 1 / m1) / 203.0;
}

/* ARIB STD-B67: the inverse of its curve; diffuse white is at 75 % of the signal. */
static double hlg_scene(double value)
{
    static const double a = 0.17883277, b = 0.28466892, c = 0.55991073;
    return value <= 0.5 ? value * value / 3.0 : (exp((value - c) / a) + b) / 12.0;
}

double nst_color_light(int transfer, double value)
{
    switch (transfer) {
    case 1:
    case 6:
    case 13:
    case 14:
    case 15:
        return srgb_light(value);
    case 4:
        return pow(value, 2.2);
    case 5:
        return pow(value, 2.8);
    case 8:
        return value;
    case 16:
        return fmin(pq_light(value), 1.0);
    case 18:
        return fmin(hlg_scene(value) / hlg_scene(0.75), 1.0);
    default:
        return NAN;
    }
}

bool nst_color_gamma_is_srgb(double gamma)
{
    return fabs(gamma / 2.2 - 1.0) < 0.05;
}

bool nst_color_primaries_are_srgb(const double xy[8])
{
    for (int i = 0; i < 8; i++)
        if (fabs(xy[i] - srgb[i]) > 0.002)
            return false;
    return true;
}
