/* nst_srgb_profile: an ICC profile as ICC.1:2010 lays it out, with the least that a display profile
 * needs. Written here because what Little CMS writes holds the date, and not every build has it. */
#include <math.h>
#include <string.h>

#include "imageio/color/color.h"
#include "imageio/view.h"

enum { HEADER = 128, TAGS = 9, TABLE = 4 + 12 * TAGS };

typedef struct {
    unsigned char *bytes;
    size_t size;
    int tags;
} profile;

static void fixed(unsigned char *out, double value) /* s15Fixed16Number */
{
    nst_put_big32(out, (uint32_t)(int32_t)lround(value * 65536.0));
}

static void tag(profile *p, const char *name, size_t offset, size_t size)
{
    unsigned char *entry = p->bytes + HEADER + 4 + 12 * p->tags++;
    memcpy(entry, name, 4);
    nst_put_big32(entry + 4, (uint32_t)offset);
    nst_put_big32(entry + 8, (uint32_t)size);
}

/* Room for an element of this type at the end, where its tag points. */
static unsigned char *element(profile *p, const char *name, const char *type, size_t size)
{
    unsigned char *out = p->bytes + p->size;
    tag(p, name, p->size, size);
    memcpy(out, type, 4);
    p->size += (size + 3) / 4 * 4;
    return out;
}

static void text(profile *p, const char *name, const char *words) /* multiLocalizedUnicodeType */
{
    size_t length = strlen(words);
    unsigned char *out = element(p, name, "mluc", 28 + 2 * length);
    nst_put_big32(out + 8, 1);
    nst_put_big32(out + 12, 12);
    memcpy(out + 16, "enUS", 4);
    nst_put_big32(out + 20, (uint32_t)(2 * length));
    nst_put_big32(out + 24, 28);
    for (size_t i = 0; i < length; i++)
        out[28 + 2 * i + 1] = (unsigned char)words[i];
}

static void xyz(profile *p, const char *name, double x, double y, double z)
{
    unsigned char *out = element(p, name, "XYZ ", 20);
    fixed(out + 8, x);
    fixed(out + 12, y);
    fixed(out + 16, z);
}

size_t nst_srgb_profile(unsigned char out[NST_SRGB_PROFILE_MAX])
{
    profile p = {out, HEADER + TABLE, 0};
    memset(out, 0, NST_SRGB_PROFILE_MAX);
    text(&p, "desc", "sRGB");
    text(&p, "cprt", "No copyright, use freely");
    /* IEC 61966-2-1's primaries, adapted to the D50 of profiles by the Bradford transform. */
    xyz(&p, "wtpt", 0.9642, 1.0, 0.8249);
    xyz(&p, "rXYZ", 0.436041, 0.222485, 0.013920);
    xyz(&p, "gXYZ", 0.385113, 0.716905, 0.097067);
    xyz(&p, "bXYZ", 0.143046, 0.060610, 0.713913);
    size_t curve = p.size;
    unsigned char *para = element(&p, "rTRC", "para", 32);
    nst_put_big16(para + 8, 3); /* (a x + b)^g from d on, c x below */
    static const double parameters[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    for (size_t i = 0; i < 5; i++)
        fixed(para + 12 + 4 * i, parameters[i]);
    tag(&p, "gTRC", curve, 32);
    tag(&p, "bTRC", curve, 32);

    nst_put_big32(out, (uint32_t)p.size);
    nst_put_big32(out + 8, 0x04200000); /* version 4.2 */
    memcpy(out + 12, "mntrRGB XYZ ", 12);
    nst_put_big16(out + 24, 2020); /* made on 1 January 2020, for a date must be there */
    nst_put_big16(out + 26, 1);
    nst_put_big16(out + 28, 1);
    memcpy(out + 36, "acsp", 4);
    fixed(out + 68, 0.9642);
    fixed(out + 72, 1.0);
    fixed(out + 76, 0.8249);
    nst_put_big32(out + HEADER, TAGS);
    return p.size;
}
