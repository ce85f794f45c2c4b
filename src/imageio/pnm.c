#include "imageio/pnm.h"

static bool is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A decimal number after white space and comments. */
static bool read_number(const unsigned char *bytes, size_t size, size_t *offset, uint32_t *out)
{
    size_t at = *offset;
    uint32_t value = 0;
    while (at < size && (is_space(bytes[at]) || bytes[at] == '#')) {
        if (bytes[at] == '#')
            while (at < size && bytes[at] != '\n' && bytes[at] != '\r')
                at++;
        else
            at++;
    }
    if (at == size || bytes[at] < '0' || bytes[at] > '9')
        return false;
    for (; at < size && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
        if (value > (UINT32_MAX - 9) / 10)
            return false;
        value = value * 10 + (uint32_t)(bytes[at] - '0');
    }
    *offset = at;
    *out = value;
    return true;
}

bool nst_pnm_header(const unsigned char *bytes, size_t size, nst_pnm *out)
{
    size_t at = 2;
    if (size < 2 || bytes[0] != 'P')
        return false;
    if (bytes[1] != '2' && bytes[1] != '3' && bytes[1] != '5' && bytes[1] != '6')
        return false;
    *out = (nst_pnm){.channels = bytes[1] == '3' || bytes[1] == '6' ? 3 : 1,
                     .is_text = bytes[1] < '5'};
    if (!read_number(bytes, size, &at, &out->width) ||
        !read_number(bytes, size, &at, &out->height) ||
        !read_number(bytes, size, &at, &out->maximum))
        return false;
    if (out->maximum < 1 || out->maximum > 65535 || at == size || !is_space(bytes[at]))
        return false;
    out->start = at + 1;
    return true;
}

bool nst_pnm_is_whole(const nst_pnm *pnm, size_t size)
{
    uint64_t samples = (uint64_t)pnm->width * pnm->height; /* below 2^64 */
    /* In text a sample takes a digit and, but for the last, a space. */
    uint64_t bytes_each = !pnm->is_text && pnm->maximum < 256 ? 1 : 2;
    uint64_t left = (uint64_t)(size - pnm->start) + (pnm->is_text ? 1 : 0);
    return samples <= left / bytes_each / (uint64_t)pnm->channels;
}

bool nst_pnm_decode(const nst_pnm *pnm, const unsigned char *bytes, size_t size, uint16_t *out)
{
    size_t count = (size_t)pnm->width * pnm->height * (size_t)pnm->channels, at = pnm->start;
    for (size_t i = 0; i < count; i++) {
        uint32_t value;
        if (pnm->is_text) {
            if (!read_number(bytes, size, &at, &value))
                return false;
        } else {
            size_t width = pnm->maximum < 256 ? 1 : 2;
            if (size - at < width)
                return false;
            value = width == 1 ? bytes[at] : (uint32_t)bytes[at] << 8 | bytes[at + 1];
            at += width;
        }
        if (value > pnm->maximum)
            value = pnm->maximum;
        out[i] = (uint16_t)((value * 65535u + pnm->maximum / 2) / pnm->maximum);
    }
    return true;
}
