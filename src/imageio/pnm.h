/* PNM: P2, P3 (plain text), P5 and P6 (binary), up to 16 bits. stb_image's own reader is left out:
 * its 16-bit samples come byte-swapped, values are not scaled to the file's maximum, and a file
 * that stops early is read as if it did not. */
#ifndef NST_IMAGEIO_PNM_H
#define NST_IMAGEIO_PNM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nst_pnm {
    uint32_t width, height, maximum; /* maximum: the sample that means white, 1..65535 */
    int channels;                    /* 1 or 3 */
    bool is_text;
    size_t start; /* offset of the first sample */
} nst_pnm;

/* Read the header; false when it is not one. Sizes may be zero. */
bool nst_pnm_header(const unsigned char *bytes, size_t size, nst_pnm *out);

/* Whether the file is long enough for its samples. Checked before memory is asked for, so that a
 * small file cannot ask for much. */
bool nst_pnm_is_whole(const nst_pnm *pnm, size_t size);

/* Samples of the whole picture, 16 bits each, scaled so that white is 65535; out has
 * width * height * channels of them. False when the file stops early or text is no number. */
bool nst_pnm_decode(const nst_pnm *pnm, const unsigned char *bytes, size_t size, uint16_t *out);

#endif
