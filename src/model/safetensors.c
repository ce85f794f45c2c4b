#include "model/safetensors.h"

#include <cJSON.h>
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "kernels/isa.h"
#include "model/storage.h"

enum { LENGTH_BYTES = 8, HEADER_MAX = 100000000, TENSORS_MAX = 65536, VALUES_MAX = 2000000 };

struct nst_safetensors {
    char *name;
    nst_storage storage;
    cJSON *header;
    nst_tensor_info *tensors; /* in the order of their data */
    int count;
};

/* ---- other formats --------------------------------------------------------------------------- */

/* What a file of another format is, for the message; NULL when unknown. */
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

/* ---- header ---------------------------------------------------------------------------------- */

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
                             nst_tensor_info *out, nst_error *error)
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
    size_t bytes, begin, end;
    if (cJSON_GetArraySize(offsets) != 2 || !read_size(offsets->child, &begin) ||
        !read_size(offsets->child->next, &end) || begin > end || end > data_size)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %.80s: data_offsets do not lie within the %zu bytes of data", path,
                        name, data_size);
    if (!nst_mul_size(out->count, dtypes[kind].size, &bytes) || bytes != end - begin)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %.80s: %zu values of %s do not fill the %zu bytes its offsets cover",
                        path, name, out->count, dtypes[kind].name, end - begin);
    out->offset = file->storage.size - data_size + begin;
    return NST_OK;
}

static int by_offset(const void *a, const void *b)
{
    const nst_tensor_info *x = a, *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->count < y->count ? -1 : x->count > y->count; /* empty ones first */
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* No two members of an object have the same name. */
static nst_status check_unique(const nst_safetensors *file, const cJSON *object, const char *where,
                               nst_error *error)
{
    const char **names = malloc(((size_t)cJSON_GetArraySize(object) + 1) * sizeof *names);
    nst_status status = NST_OK;
    size_t count = 0;
    if (!names)
        return nst_fail_memory_in(error, file->name);
    for (const cJSON *item = object->child; item; item = item->next)
        names[count++] = item->string;
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 1; i < count && status == NST_OK; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            status = nst_fail(error, NST_ERR_FORMAT, "%s: %s%.80s appears twice", file->name, where,
                              names[i]);
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
    size_t at = file->storage.size - data_size;
    if (file->count > 0)
        qsort(file->tensors, (size_t)file->count, sizeof *file->tensors, by_offset);
    for (int i = 0; i < file->count; i++) {
        const nst_tensor_info *tensor = &file->tensors[i];
        if (tensor->offset != at)
            return nst_fail(
                error, NST_ERR_FORMAT, "%s: %.80s: its data %s", file->name, tensor->name,
                tensor->offset < at ? "overlap another tensor's" : "leave a gap before them");
        at += bytes_of(tensor);
    }
    if (at != file->storage.size)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: %zu bytes after the last tensor: the file is longer"
                        " than its header says",
                        file->name, file->storage.size - at);
    return NST_OK;
}

static nst_status check_metadata(const nst_safetensors *file, const cJSON *metadata,
                                 nst_error *error)
{
    if (!cJSON_IsObject(metadata))
        return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__: expected an object", file->name);
    for (const cJSON *item = metadata->child; item; item = item->next)
        if (!cJSON_IsString(item))
            return nst_fail(error, NST_ERR_FORMAT, "%s: __metadata__: %.60s: expected a string",
                            file->name, item->string);
    return check_unique(file, metadata, "__metadata__: ", error);
}

/* Parsed JSON takes up to a hundred times the memory of its text, so values are counted before. */
static bool has_too_many_values(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == ',' || text[i] == '[' || text[i] == '{';
    return count > VALUES_MAX;
}

static nst_status parse_header(nst_safetensors *file, const char *text, size_t length,
                               nst_error *error)
{
    const char *path = file->name, *end = NULL;
    if (memchr(text, '\0', length))
        return nst_fail(error, NST_ERR_FORMAT, "%s: the header has a zero byte", path);
    if (has_too_many_values(text, length))
        return nst_fail(error, NST_ERR_FORMAT, "%s: the header has more than %d values", path,
                        VALUES_MAX);
    errno = 0; /* cJSON does not say whether memory ran out */
    file->header = cJSON_ParseWithLengthOpts(text, length, &end, 0);
    if (!file->header && errno == ENOMEM)
        return nst_fail_memory(error);
    if (!file->header)
        return nst_fail(error, NST_ERR_FORMAT, "%s: the header is not JSON (at byte %zu)", path,
                        end ? (size_t)(end - text) : 0);
    for (; end < text + length; end++)
        if (*end != ' ')
            return nst_fail(error, NST_ERR_FORMAT, "%s: something follows the JSON of the header",
                            path);
    return NST_OK;
}

/* The length of the header's text, which is not longer than the file. */
static nst_status read_length(const nst_safetensors *file, size_t *out, nst_error *error)
{
    unsigned char head[32] = {0};
    uint64_t length = 0;
    size_t size = file->storage.size < sizeof head ? file->storage.size : sizeof head;
    nst_status status = nst_storage_read(&file->storage, file->name, 0, head, size, error);
    if (status != NST_OK)
        return status;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | head[i];
    /* A header's length may look like the first bytes of another format. So formats are compared
     * only when this is no header. */
    if (size <= LENGTH_BYTES || length < 2 || length > HEADER_MAX || head[LENGTH_BYTES] != '{') {
        const char *foreign = foreign_format(head, size);
        return foreign
                   ? nst_fail(error, NST_ERR_FORMAT, "%s: expected a safetensors file; this is %s",
                              file->name, foreign)
                   : nst_fail(error, NST_ERR_FORMAT,
                              "%s: expected a safetensors file: no header at its beginning",
                              file->name);
    }
    if (length > file->storage.size - LENGTH_BYTES)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: truncated: the header alone takes %llu bytes, the"
                        " file has %zu",
                        file->name, (unsigned long long)length, file->storage.size);
    *out = (size_t)length;
    return NST_OK;
}

static nst_status read_tensors(nst_safetensors *file, size_t data_size, nst_error *error)
{
    int entries = cJSON_GetArraySize(file->header);
    nst_status status = check_unique(file, file->header, "", error);
    if (status != NST_OK)
        return status;
    if (entries > TENSORS_MAX)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %d tensors: expected at most %d", file->name,
                        entries, TENSORS_MAX);
    file->tensors = calloc((size_t)entries + 1, sizeof *file->tensors);
    if (!file->tensors)
        return nst_fail_memory_in(error, file->name);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, file->header)
    {
        bool is_metadata = strcmp(entry->string, "__metadata__") == 0;
        status = is_metadata
                     ? check_metadata(file, entry, error)
                     : read_entry(file, entry, data_size, &file->tensors[file->count], error);
        if (status != NST_OK)
            return status;
        file->count += !is_metadata;
    }
    return check_cover(file, data_size, error);
}

static nst_status read_header(nst_safetensors *file, nst_error *error)
{
    size_t length = 0;
    nst_status status = read_length(file, &length, error);
    if (status != NST_OK)
        return status;
    char *text = malloc(length);
    if (!text)
        return nst_fail_memory_in(error, file->name);
    status = nst_storage_read(&file->storage, file->name, LENGTH_BYTES, text, length, error);
    if (status == NST_OK)
        status = parse_header(file, text, length, error);
    free(text);
    return status == NST_OK ? read_tensors(file, file->storage.size - LENGTH_BYTES - length, error)
                            : status;
}

/* ---- opening --------------------------------------------------------------------------------- */

static nst_status open_any(const char *name, const void *data, size_t size, nst_safetensors **out,
                           nst_error *error)
{
    nst_safetensors *file = calloc(1, sizeof *file);
    nst_status status = NST_OK;
    if (file)
        file->name = strdup(name);
    if (!file || !file->name) {
        free(file);
        return nst_fail_memory_in(error, name);
    }
    if (data)
        file->storage = nst_storage_of_memory(data, size);
    else
        status = nst_storage_open(name, &file->storage, error);
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
    nst_storage_close(&file->storage);
    cJSON_Delete(file->header);
    free(file->tensors);
    free(file->name);
    free(file);
}

/* ---- looking --------------------------------------------------------------------------------- */

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

/* ---- values ---------------------------------------------------------------------------------- */

/* Whether floats, as they lie in a file, are finite; they are in the machine's order after it. */
static bool take_floats(float *values, size_t count)
{
    uint32_t endless = 0, bits;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bits, values + i, sizeof bits);
        bits = le32toh(bits);
        endless |= (bits & 0x7f800000u) == 0x7f800000u;
        memcpy(values + i, &bits, sizeof bits);
    }
    return endless == 0;
}

/* The numbers of a file, of which `pieces` has the bytes, as floats; whether all are finite. */
static bool decode(nst_dtype dtype, uint16_t *pieces, size_t count, float *out)
{
    if (dtype == NST_DTYPE_F32) {
        memcpy(out, pieces, count * sizeof *out);
        return take_floats(out, count);
    }
    for (size_t i = 0; i < count; i++)
        pieces[i] = le16toh(pieces[i]);
    if (dtype == NST_DTYPE_F16)
        return nst_isa_best()->halves(pieces, count, out);
    uint32_t endless = 0;
    for (size_t i = 0; i < count; i++) { /* bfloat16: the upper half of a float */
        uint32_t bits = (uint32_t)pieces[i] << 16;
        endless |= (bits & 0x7f800000u) == 0x7f800000u;
        memcpy(out + i, &bits, sizeof bits);
    }
    return endless == 0;
}

nst_status nst_safetensors_read(const nst_safetensors *file, const nst_tensor_info *tensor,
                                float *out, nst_error *error)
{
    enum { CHUNK = 16384 };
    uint16_t pieces[CHUNK * sizeof(float) / sizeof(uint16_t)];
    size_t width = tensor->dtype == NST_DTYPE_F32 ? 4 : 2, n;
    if (tensor->dtype == NST_DTYPE_OTHER)
        return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: expected F32, F16 or BF16, got %s",
                        file->name, tensor->name, tensor->dtype_name);
    for (size_t at = 0; at < tensor->count; at += n) {
        n = tensor->count - at < CHUNK ? tensor->count - at : CHUNK;
        nst_status status = nst_storage_read(&file->storage, file->name,
                                             tensor->offset + at * width, pieces, n * width, error);
        if (status != NST_OK)
            return status;
        if (decode(tensor->dtype, pieces, n, out + at))
            continue;
        while (isfinite(out[at]))
            at++;
        return nst_fail(error, NST_ERR_FORMAT, "%s: %.80s: value %zu is not finite", file->name,
                        tensor->name, at);
    }
    return NST_OK;
}
