#include "model/safetensors.h"

#include <cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/error.h"

enum { LENGTH_BYTES = 8, HEADER_MAX = 100000000, TENSORS_MAX = 65536 };

struct nst_safetensors {
    char *name;
    const unsigned char *bytes;
    size_t size;
    bool mapped; /* bytes are a mapping of ours */
    cJSON *header;
    nst_tensor_info *tensors; /* in the order of their data */
    int count;
};

/* ---- what else it may be -------------------------------------------------------------------- */

/* People pass what they downloaded; say what that is. */
static const char *foreign_format(const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *what;
    } known[] = {
        {"PK\003\004", 4, "a PyTorch .pth file (a zip archive), for convert_weights.py"},
        {"\x80\x02", 2, "a PyTorch .pth file (a pickle), for convert_weights.py"},
        {"\x89HDF", 4, "an HDF5 file, for convert_weights.py"},
        {"\x1f\x8b", 2, "a gzip file"},
        {"GGUF", 4, "a GGUF file"},
        {"MATLAB", 6, "a MATLAB file, for convert_weights.py"},
        {"version https://git-lfs", 23, "a git-lfs pointer: the file itself was not downloaded"},
        {"<!DOCTYPE", 9, "a web page"},
        {"<html", 5, "a web page"},
        {"{\"", 2, "JSON"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (size >= known[i].length && memcmp(bytes, known[i].magic, known[i].length) == 0)
            return known[i].what;
    return NULL;
}

/* ---- header -----------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    size_t size;
    nst_dtype dtype;
} dtypes[] = {
    {"F64", 8, NST_DTYPE_OTHER},  {"F32", 4, NST_DTYPE_F32},       {"F16", 2, NST_DTYPE_F16},
    {"BF16", 2, NST_DTYPE_BF16},  {"I64", 8, NST_DTYPE_OTHER},     {"I32", 4, NST_DTYPE_OTHER},
    {"I16", 2, NST_DTYPE_OTHER},  {"I8", 1, NST_DTYPE_OTHER},      {"U64", 8, NST_DTYPE_OTHER},
    {"U32", 4, NST_DTYPE_OTHER},  {"U16", 2, NST_DTYPE_OTHER},     {"U8", 1, NST_DTYPE_OTHER},
    {"BOOL", 1, NST_DTYPE_OTHER}, {"F8_E4M3", 1, NST_DTYPE_OTHER}, {"F8_E5M2", 1, NST_DTYPE_OTHER},
};

/* A whole number that a double holds exactly. */
static bool read_size(const cJSON *item, size_t *out)
{
    if (!cJSON_IsNumber(item))
        return false;
    double value = item->valuedouble;
    if (!(value >= 0.0 && value <= 9007199254740992.0) || value != floor(value))
        return false;
    *out = (size_t)value;
    return true;
}

static nst_status read_entry(const nst_safetensors *file, const cJSON *entry, size_t data_size,
                             nst_tensor_info *out, size_t *begin, size_t *end, nst_error *error)
{
    const char *path = file->name, *name = entry->string;
    const cJSON *dtype = cJSON_GetObjectItemCaseSensitive(entry, "dtype");
    const cJSON *shape = cJSON_GetObjectItemCaseSensitive(entry, "shape");
    const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(entry, "data_offsets");
    if (!cJSON_IsObject(entry) || !cJSON_IsString(dtype) || !cJSON_IsArray(shape) ||
        !cJSON_IsArray(offsets) || cJSON_GetArraySize(entry) != 3)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %.80s: expected an object of dtype, shape and data_offsets", path,
                        name);

    size_t kind = 0, kinds = sizeof dtypes / sizeof dtypes[0];
    while (kind < kinds && strcmp(dtype->valuestring, dtypes[kind].name) != 0)
        kind++;
    if (kind == kinds)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: unknown dtype \"%.20s\"", path, name,
                        dtype->valuestring);

    *out = (nst_tensor_info){
        .name = name, .dtype_name = dtypes[kind].name, .dtype = dtypes[kind].dtype, .count = 1};
    const cJSON *side;
    cJSON_ArrayForEach(side, shape)
    {
        size_t n;
        if (out->dims == NST_TENSOR_DIMS_MAX)
            return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: more than %d dimensions", path, name,
                            NST_TENSOR_DIMS_MAX);
        if (!read_size(side, &n) || !nst_mul_size(out->count, n, &out->count))
            return nst_fail(error, NST_ERR_FORMAT,
                            "%s: %.80s: a shape is not made of whole numbers"
                            " that fit",
                            path, name);
        out->shape[out->dims++] = n;
    }
    size_t bytes;
    if (cJSON_GetArraySize(offsets) != 2 || !read_size(offsets->child, begin) ||
        !read_size(offsets->child->next, end) || *begin > *end || *end > data_size)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %.80s: data_offsets do not lie within the %zu bytes of data", path,
                        name, data_size);
    if (!nst_mul_size(out->count, dtypes[kind].size, &bytes) || bytes != *end - *begin)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %.80s: %zu values of %s do not fill the %zu bytes its offsets cover",
                        path, name, out->count, dtypes[kind].name, *end - *begin);
    out->data = file->bytes + (file->size - data_size) + *begin;
    return NST_OK;
}

static int by_data(const void *a, const void *b)
{
    const nst_tensor_info *x = a, *y = b;
    if (x->data != y->data)
        return x->data < y->data ? -1 : 1;
    return x->count < y->count ? -1 : x->count > y->count; /* empty ones first */
}

static int by_name(const void *a, const void *b)
{
    const nst_tensor_info *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static nst_status check_duplicates(const nst_safetensors *file, nst_error *error)
{
    if (file->count == 0)
        return NST_OK;
    const nst_tensor_info **names = malloc((size_t)file->count * sizeof *names);
    nst_status status = NST_OK;
    if (!names)
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory", file->name);
    for (int i = 0; i < file->count; i++)
        names[i] = &file->tensors[i];
    qsort(names, (size_t)file->count, sizeof *names, by_name);
    for (int i = 1; i < file->count && status == NST_OK; i++)
        if (strcmp(names[i - 1]->name, names[i]->name) == 0)
            status = nst_fail(error, NST_ERR_FORMAT, "%s: %.80s stands there twice", file->name,
                              names[i]->name);
    free(names);
    return status;
}

static size_t bytes_of(const nst_tensor_info *tensor)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        if (dtypes[i].name == tensor->dtype_name)
            return tensor->count * dtypes[i].size; /* checked in read_entry */
    return 0;
}

/* The tensors in the order of their data fill the data exactly. */
static nst_status check_cover(nst_safetensors *file, size_t data_size, nst_error *error)
{
    const unsigned char *at = file->bytes + (file->size - data_size);
    if (file->count > 0)
        qsort(file->tensors, (size_t)file->count, sizeof *file->tensors, by_data);
    for (int i = 0; i < file->count; i++) {
        const nst_tensor_info *tensor = &file->tensors[i];
        if (tensor->data != at)
            return nst_fail(
                error, NST_ERR_FORMAT, "%s: %.80s: its data %s", file->name, tensor->name,
                tensor->data < at ? "overlap another tensor's" : "leave a gap before them");
        at += bytes_of(tensor);
    }
    if (at != file->bytes + file->size)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %zu bytes after the last tensor: the file is longer"
                        " than its header says",
                        file->name, (size_t)(file->bytes + file->size - at));
    return NST_OK;
}

static nst_status check_metadata(const nst_safetensors *file, const cJSON *metadata,
                                 nst_error *error)
{
    if (!cJSON_IsObject(metadata))
        return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__: expected an object", file->name);
    for (const cJSON *item = metadata->child; item; item = item->next) {
        if (!cJSON_IsString(item))
            return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__: %.60s: expected a string",
                            file->name, item->string);
        for (const cJSON *other = metadata->child; other != item; other = other->next)
            if (strcmp(other->string, item->string) == 0)
                return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__: %.60s stands there twice",
                                file->name, item->string);
    }
    return NST_OK;
}

static nst_status read_header(nst_safetensors *file, nst_error *error)
{
    const char *path = file->name;
    uint64_t length = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0 && file->size >= LENGTH_BYTES; i--)
        length = length << 8 | file->bytes[i];
    /* A header may be as long as some other format's first bytes read as a number: so ask for the
     * other formats only when this is none. */
    if (file->size <= LENGTH_BYTES || length < 2 || length > HEADER_MAX ||
        file->bytes[LENGTH_BYTES] != '{') {
        const char *foreign = foreign_format(file->bytes, file->size);
        if (foreign)
            return nst_fail(error, NST_ERR_FORMAT, "%s: expected a safetensors file; this is %s",
                            path, foreign);
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: expected a safetensors file: no header at its beginning", path);
    }
    if (length > file->size - LENGTH_BYTES)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: truncated: the header alone takes %llu bytes, the"
                        " file has %zu",
                        path, (unsigned long long)length, file->size);

    const char *text = (const char *)file->bytes + LENGTH_BYTES, *end = NULL;
    size_t data_size = file->size - LENGTH_BYTES - (size_t)length;
    if (memchr(text, '\0', (size_t)length))
        return nst_fail(error, NST_ERR_FORMAT, "%s: the header has a zero byte", path);
    file->header = cJSON_ParseWithLengthOpts(text, (size_t)length, &end, 0);
    if (!file->header)
        return nst_fail(error, NST_ERR_FORMAT, "%s: the header is not JSON (at byte %zu)", path,
                        end ? (size_t)(end - text) : 0);
    for (; end < text + length; end++)
        if (*end != ' ')
            return nst_fail(error, NST_ERR_FORMAT, "%s: something follows the JSON of the header",
                            path);

    int entries = cJSON_GetArraySize(file->header);
    if (entries > TENSORS_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %d tensors: expected at most %d", path, entries,
                        TENSORS_MAX);
    file->tensors = calloc((size_t)entries + 1, sizeof *file->tensors);
    if (!file->tensors)
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory", path);
    bool metadata_seen = false;
    const cJSON *entry;
    cJSON_ArrayForEach(entry, file->header)
    {
        size_t begin_at, end_at;
        bool is_metadata = strcmp(entry->string, "__metadata__") == 0;
        if (is_metadata && metadata_seen)
            return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__ stands there twice", path);
        metadata_seen = metadata_seen || is_metadata;
        nst_status status = is_metadata
                                ? check_metadata(file, entry, error)
                                : read_entry(file, entry, data_size, &file->tensors[file->count],
                                             &begin_at, &end_at, error);
        if (status != NST_OK)
            return status;
        file->count += !is_metadata;
    }
    nst_status status = check_duplicates(file, error);
    return status == NST_OK ? check_cover(file, data_size, error) : status;
}

/* ---- opening ------------------------------------------------------------------------------------
 */

static nst_status map_file(nst_safetensors *file, nst_error *error)
{
    nst_status status = NST_OK;
    struct stat info;
    int fd = open(file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", file->name, strerror(errno));
    if (fstat(fd, &info) != 0)
        status = nst_fail(error, NST_ERR_IO, "%s: %s", file->name, strerror(errno));
    else if (!S_ISREG(info.st_mode))
        status = nst_fail(error, NST_ERR_IO, "%s: expected a file of weights; this is %s",
                          file->name, S_ISDIR(info.st_mode) ? "a folder" : "not a regular file");
    else if (info.st_size == 0)
        status = nst_fail(error, NST_ERR_FORMAT, "%s: the file is empty", file->name);
    if (status == NST_OK) {
        void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED) {
            status = nst_fail(error, NST_ERR_IO, "%s: %s", file->name, strerror(errno));
        } else {
            file->bytes = bytes;
            file->size = (size_t)info.st_size;
            file->mapped = true;
        }
    }
    close(fd);
    return status;
}

static nst_status open_any(const char *name, const void *data, size_t size, nst_safetensors **out,
                           nst_error *error)
{
    nst_safetensors *file = calloc(1, sizeof *file);
    nst_status status = NST_OK;
    if (file)
        file->name = strdup(name);
    if (!file || !file->name) {
        free(file);
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory", name);
    }
    if (data) {
        file->bytes = data;
        file->size = size;
    } else {
        status = map_file(file, error);
    }
    if (status == NST_OK)
        status = read_header(file, error);
    if (status != NST_OK) {
        nst_safetensors_close(file);
        return status;
    }
    *out = file;
    return NST_OK;
}

nst_status nst_safetensors_open(const char *path, nst_safetensors **out, nst_error *error)
{
    return open_any(path, NULL, 0, out, error);
}

nst_status nst_safetensors_open_memory(const void *data, size_t size, const char *name,
                                       nst_safetensors **out, nst_error *error)
{
    return open_any(name, data, size, out, error);
}

void nst_safetensors_close(nst_safetensors *file)
{
    if (!file)
        return;
    if (file->mapped)
        munmap((void *)(uintptr_t)file->bytes, file->size);
    cJSON_Delete(file->header);
    free(file->tensors);
    free(file->name);
    free(file);
}

/* ---- looking ------------------------------------------------------------------------------------
 */

const char *nst_safetensors_name(const nst_safetensors *file)
{
    return file->name;
}

int nst_safetensors_count(const nst_safetensors *file)
{
    return file->count;
}

const nst_tensor_info *nst_safetensors_at(const nst_safetensors *file, int index)
{
    return &file->tensors[index];
}

const nst_tensor_info *nst_safetensors_find(const nst_safetensors *file, const char *name)
{
    for (int i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}

const char *nst_safetensors_metadata(const nst_safetensors *file, const char *key)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(file->header, "__metadata__");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(metadata, key);
    return item ? item->valuestring : NULL;
}

/* ---- values
 * -------------------------------------------------------------------------------------- */

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE binary16 to binary32; every value is exact. */
static float from_half(uint32_t h)
{
    uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31, mantissa = h & 0x3ffu;
    if (exponent == 31)
        return from_bits(sign | 0x7f800000u | mantissa << 13);
    if (exponent == 0) /* subnormal: mantissa times 2^-24 */
        return from_bits(sign | 0) + (sign ? -1.0f : 1.0f) * (float)mantissa * 0x1p-24f;
    return from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
}

nst_status nst_safetensors_read(const nst_safetensors *file, const nst_tensor_info *tensor,
                                float *out, nst_error *error)
{
    const unsigned char *p = tensor->data;
    if (tensor->dtype == NST_DTYPE_OTHER)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: expected F32, F16 or BF16, got %s",
                        file->name, tensor->name, tensor->dtype_name);
    for (size_t i = 0; i < tensor->count; i++) {
        float value;
        if (tensor->dtype == NST_DTYPE_F32) {
            value = from_bits((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                              (uint32_t)p[3] << 24);
            p += 4;
        } else {
            uint32_t half = (uint32_t)p[0] | (uint32_t)p[1] << 8;
            value = tensor->dtype == NST_DTYPE_BF16 ? from_bits(half << 16) : from_half(half);
            p += 2;
        }
        if (!isfinite(value))
            return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: value %zu is not finite", file->name,
                            tensor->name, i);
        out[i] = value;
    }
    return NST_OK;
}
