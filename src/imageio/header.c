/* What codecs share: sizes and errors. */
#include <limits.h>

#include "base/error.h"
#include "imageio/codec.h"

nst_status nst_header_size(const char *name, uint64_t width, uint64_t height, nst_header *out,
                           nst_error *error)
{
    if (width == 0 || height == 0)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %llux%llu pixels: expected at least 1x1", name,
                        (unsigned long long)width, (unsigned long long)height);
    if (width > INT_MAX || height > INT_MAX || width > NST_PIXELS_MAX / height)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %llux%llu pixels: expected no more than %llu million", name,
                        (unsigned long long)width, (unsigned long long)height,
                        (unsigned long long)(NST_PIXELS_MAX >> 20));
    out->width = (int)width;
    out->height = (int)height;
    return NST_OK;
}

nst_status nst_header_check(const char *name, const char *format, const nst_header *before,
                            const nst_header *now, nst_error *error)
{
    bool same = before->width == now->width && before->height == now->height &&
                before->bits == now->bits && before->has_alpha == now->has_alpha &&
                before->in_order == now->in_order;
    return same ? NST_OK
                : nst_fail_damaged(name, format, "its header was changed meanwhile", error);
}

nst_status nst_fail_truncated(const char *name, const char *format, nst_error *error)
{
    return nst_fail(error, NST_ERR_FORMAT, "%s: truncated: the %s image does not end", name,
                    format);
}

nst_status nst_fail_damaged(const char *name, const char *format, const char *reason,
                            nst_error *error)
{
    return nst_fail(error, NST_ERR_FORMAT, "%s: damaged %s image (%s)", name, format, reason);
}

nst_status nst_fail_kind(const char *name, const char *format, const char *kind, nst_error *error)
{
    return nst_fail(error, NST_ERR_FORMAT, "%s: a kind of %s that is not read (%s)", name, format,
                    kind);
}

nst_status nst_fail_codec_memory(const char *name, const nst_header *header, nst_error *error)
{
    return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory for %dx%d pixels", name,
                    header->width, header->height);
}
