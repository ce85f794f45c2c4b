/* make_timm FILE: a VGG19 of the full width in the layout of timm's vgg19.tv_in1k, tensor by
 * tensor: the classifier's are there too, in the order in which safetensors' own writer puts them.
 * The convolutions are seeded; the classifier is zeros, which take no room on the disk. */
#include <stdlib.h>
#include <unistd.h>

#include "seeded.h"

typedef struct {
    const char *name;
    int dims, shape[4];
} tensor;

static const int widths[] = {64,  64,  128, 128, 256, 256, 256, 256,
                             512, 512, 512, 512, 512, 512, 512, 512};
static const int numbers[] = {0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34};
enum { CONVOLUTIONS = 16, TENSORS = 2 * CONVOLUTIONS + 6 };

static const tensor classifier[] = {
    {"head.fc.bias", 1, {1000}},        {"head.fc.weight", 2, {1000, 4096}},
    {"pre_logits.fc1.bias", 1, {4096}}, {"pre_logits.fc1.weight", 4, {4096, 512, 7, 7}},
    {"pre_logits.fc2.bias", 1, {4096}}, {"pre_logits.fc2.weight", 4, {4096, 4096, 1, 1}},
};

static size_t count_of(const tensor *t)
{
    size_t count = 1;
    for (int i = 0; i < t->dims; i++)
        count *= (size_t)t->shape[i];
    return count;
}

static int by_name(const void *a, const void *b)
{
    const tensor *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void list(tensor tensors[TENSORS], char names[TENSORS][32])
{
    for (int i = 0, in = 3; i < CONVOLUTIONS; in = widths[i++]) {
        snprintf(names[2 * i], 32, "features.%d.weight", numbers[i]);
        snprintf(names[2 * i + 1], 32, "features.%d.bias", numbers[i]);
        tensors[2 * i] = (tensor){names[2 * i], 4, {widths[i], in, 3, 3}};
        tensors[2 * i + 1] = (tensor){names[2 * i + 1], 1, {widths[i]}};
    }
    memcpy(tensors + 2 * CONVOLUTIONS, classifier, sizeof classifier);
    qsort(tensors, TENSORS, sizeof *tensors, by_name);
}

static size_t write_header(FILE *file, const tensor tensors[TENSORS])
{
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "{\"__metadata__\":{\"format\":\"pt\"}");
    size_t offset = 0;
    for (int i = 0; i < TENSORS; i++) {
        const tensor *t = &tensors[i];
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 ",\"%s\":{\"dtype\":\"F32\",\"shape\":[", t->name);
        for (int d = 0; d < t->dims; d++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", d ? "," : "",
                                     t->shape[d]);
        used += (size_t)snprintf(text + used, sizeof text - used, "],\"data_offsets\":[%zu,%zu]}",
                                 offset, offset + 4 * count_of(t));
        offset += 4 * count_of(t);
    }
    used += (size_t)snprintf(text + used, sizeof text - used, "}");
    while (used % 8)
        text[used++] = ' ';
    uint64_t length = used;
    fwrite(&length, 8, 1, file);
    fwrite(text, 1, used, file);
    return 8 + used + offset;
}

int main(int argc, char **argv)
{
    tensor tensors[TENSORS];
    char names[TENSORS][32];
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (!file)
        return 1;
    list(tensors, names);
    size_t size = write_header(file, tensors);
    for (int i = 0; i < 2 * CONVOLUTIONS; i++) {
        const tensor *t = &tensors[i];
        uint64_t counter = 0;
        float limit = t->dims == 4 ? (float)sqrt(6.0 / (9.0 * t->shape[1])) : 0.1f;
        if (!seeded_write_floats(file, 60 + (uint64_t)i, &counter, count_of(t), limit))
            return 1;
    }
    if (fflush(file) != 0 || ftruncate(fileno(file), (off_t)size) != 0 || fclose(file) != 0)
        return 1;
    return 0;
}
