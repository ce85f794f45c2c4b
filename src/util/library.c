#include "util/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "base/error.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* dlerror begins with the file for some causes. */
static nst_status fail_library(const nst_library *library, nst_error *error)
{
    const char *why = dlerror();
    size_t length = strlen(library->file);
    if (why && strncmp(why, library->file, length) == 0 && strncmp(why + length, ": ", 2) == 0)
        why += length + 2;
    return nst_fail(error, NST_ERR_IO, "%s cannot be loaded: %s", library->file,
                    why ? why : "unknown error");
}

static nst_status load(nst_library *library, nst_error *error)
{
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return fail_library(library, error);
    for (size_t i = 0; i < library->count; i++) {
        void *function = dlsym(handle, library->names[i]);
        if (!function) {
            nst_status status = fail_library(library, error);
            dlclose(handle);
            return status;
        }
        /* POSIX has pointers to functions fit into those to data. */
        memcpy((char *)library->functions + i * sizeof function, &function, sizeof function);
    }
    library->handle = handle;
    return NST_OK;
}

nst_status nst_library_load(nst_library *library, nst_error *error)
{
    nst_status status = NST_OK;
    if (!library->file)
        return NST_OK;
    pthread_mutex_lock(&lock);
    if (!library->handle)
        status = load(library, error);
    pthread_mutex_unlock(&lock);
    return status;
}
