/* Fuzzing the reading of weights: any bytes are tensors that lie within them or an error of one
 * line. mutate.c says how to run it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/safetensors.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_tensor(const nst_safetensors *file, const nst_tensor_info *tensor, size_t size)
{
    size_t count = 1;
    for (int i = 0; i < tensor->dims; i++)
        count *= tensor->shape[i];
    require(count == tensor->count);
    require(nst_safetensors_find(file, tensor->name) == tensor);
    require(tensor->offset <= size && count <= size - tensor->offset);
    float *values = malloc((count ? count : 1) * sizeof *values);
    require(values != NULL);
    if (nst_safetensors_read(file, tensor, values, NULL) == NST_OK)
        for (size_t i = 0; i < count; i++)
            require(isfinite(values[i]));
    free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    nst_safetensors *file = NULL;
    nst_error error = {0};
    nst_status status = nst_safetensors_open_memory(data, size, "weights", &file, &error);
    if (status != NST_OK) {
        require(!file && error.status == status && strncmp(error.message, "weights: ", 9) == 0);
        return 0;
    }
    for (int i = 0; i < nst_safetensors_count(file); i++)
        check_tensor(file, nst_safetensors_at(file, i), size);
    nst_safetensors_metadata(file, "source");
    nst_safetensors_close(file);
    return 0;
}

size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    static const struct {
        const char *header;
        size_t data;
    } seeds[] = {
        {"{}", 0},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}", 24},
        {"{\"__metadata__\":{\"source\":\"x\\u00e9\",\"license\":\"y\"},"
         "\"conv.weight\":{\"dtype\":\"F16\",\"shape\":[2,1,3,3],\"data_offsets\":[4,40]},"
         "\"conv.bias\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}   ",
         40},
        {"{\"s\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]},"
         "\"e\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[1,1]},"
         "\"t\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[1,9]}}",
         9},
    };
    if (number >= (int)(sizeof seeds / sizeof seeds[0]))
        return 0;
    size_t length = strlen(seeds[number].header);
    memset(out, 0, 8);
    out[0] = (uint8_t)length;
    out[1] = (uint8_t)(length >> 8);
    memcpy(out + 8, seeds[number].header, length);
    for (size_t i = 0; i < seeds[number].data; i++)
        out[8 + length + i] = (uint8_t)(37 * i);
    return 8 + length + seeds[number].data;
}
