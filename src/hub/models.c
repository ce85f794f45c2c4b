#include "hub/models.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"

const nst_known_model nst_known_models[] = {
    {"vgg19", "https://huggingface.co/timm/vgg19.tv_in1k/resolve/main/model.safetensors",
     "11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669", 575,
     "torchvision's VGG19 (Simonyan and Zisserman 2014), as published in timm/vgg19.tv_in1k",
     "BSD-3-Clause"},
    {0},
};

const nst_known_model *nst_known_model_find(const char *name)
{
    for (const nst_known_model *m = nst_known_models; m->name; m++)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

const nst_known_model *nst_known_model_of_sha256(const char *digest)
{
    for (const nst_known_model *m = nst_known_models; m->name; m++)
        if (strcasecmp(m->sha256, digest) == 0)
            return m;
    return NULL;
}

bool nst_models_name_is_valid(const char *name)
{
    if (!isalnum((unsigned char)name[0]) || strcmp(name, "bundled") == 0)
        return false;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            return false;
    return strlen(name) <= 64;
}

nst_status nst_models_folder(char folder[PATH_MAX], nst_error *error)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length;
    if (data && data[0] == '/') /* relative ones are to be ignored */
        length = snprintf(folder, PATH_MAX, "%s/nst/weights", data);
    else if (home && home[0] == '/')
        length = snprintf(folder, PATH_MAX, "%s/.local/share/nst/weights", home);
    else
        return nst_fail(error, NST_ERR_IO,
                        "no folder for models: neither XDG_DATA_HOME nor HOME is a full path");
    return length < PATH_MAX ? NST_OK
                             : nst_fail(error, NST_ERR_IO, "%.60s...: name too long", folder);
}

nst_status nst_models_file(const char *base, const char *suffix, char path[PATH_MAX],
                           nst_error *error)
{
    char folder[PATH_MAX];
    nst_status status = nst_models_folder(folder, error);
    if (status == NST_OK && snprintf(path, PATH_MAX, "%s/%s%s", folder, base, suffix) >= PATH_MAX)
        status = nst_fail(error, NST_ERR_IO, "%.60s...: name too long", folder);
    return status;
}

nst_status nst_models_path(const char *name, char path[PATH_MAX], nst_error *error)
{
    return nst_models_file(name, NST_MODELS_SUFFIX, path, error);
}

static bool has_suffix(const char *name)
{
    size_t length = strlen(name), suffix = strlen(NST_MODELS_SUFFIX);
    return length > suffix && strcmp(name + length - suffix, NST_MODELS_SUFFIX) == 0;
}

nst_status nst_models_locate(const char *weights, char **path, nst_error *error)
{
    char installed[PATH_MAX];
    const char *found = weights;
    *path = NULL;
    if (strcmp(weights, "bundled") == 0)
        return NST_OK;
    /* Without a home there are no installed models, and files still serve. */
    if (nst_models_name_is_valid(weights) && !has_suffix(weights)) {
        if (nst_models_path(weights, installed, NULL) == NST_OK && access(installed, F_OK) == 0)
            found = installed;
        else if (access(weights, F_OK) != 0)
            return nst_known_model_find(weights)
                       ? nst_fail(error, NST_ERR_IO,
                                  "%s: is not installed; run: nst weights fetch %s", weights,
                                  weights)
                       : nst_fail(error, NST_ERR_IO,
                                  "%s: no such file, and no model of that name; see: nst weights "
                                  "list",
                                  weights);
    }
    *path = strdup(found);
    return *path ? NST_OK : nst_fail_memory(error);
}

nst_status nst_models_open(const char *weights, nst_model **out, nst_error *error)
{
    char *path;
    nst_status status = nst_models_locate(weights, &path, error);
    if (status == NST_OK)
        status = nst_model_open(path, out, error);
    free(path);
    return status;
}
