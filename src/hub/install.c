#include "hub/install.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "files/output.h"
#include "files/path.h"
#include "imageio/imageio.h"
#include "util/interrupt.h"

/* ---- the folder ------------------------------------------------------------------------------ */

nst_status nst_install_make_folder(const char *folder, nst_error *error)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", folder);
    for (char *slash = part + 1;; slash++) {
        slash += strcspn(slash, "/");
        bool last = *slash == '\0';
        *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return nst_fail(error, NST_ERR_IO, "%s: %s", part, strerror(errno));
        if (last)
            return NST_OK;
        *slash = '/';
    }
}

nst_status nst_install_check(const nst_install_options *options, char path[PATH_MAX],
                             nst_error *error)
{
    char folder[PATH_MAX];
    nst_status status;
    if ((status = nst_models_folder(folder, error)) != NST_OK ||
        (status = nst_models_path(options->name, path, error)) != NST_OK)
        return status;
    if (!options->replace && access(path, F_OK) == 0)
        return nst_fail(error, NST_ERR_IO, "%s: is installed already; --force replaces it",
                        options->name);
    if ((status = nst_install_make_folder(folder, error)) != NST_OK)
        return status;
    return nst_output_check(path, error);
}

/* ---- checksums ------------------------------------------------------------------------------- */

static nst_status digest_path(const char *file, char path[PATH_MAX], nst_error *error)
{
    return snprintf(path, PATH_MAX, "%s.sha256", file) < PATH_MAX
               ? NST_OK
               : nst_fail(error, NST_ERR_IO, "%.60s...: name too long", file);
}

/* The model, then its checksum. Killed in between, there is a model without one, and never one with
 * that of another. */
static nst_status write_both(const char *file, const void *bytes, size_t size, nst_error *error)
{
    char path[PATH_MAX], digest[65], line[PATH_MAX + 80];
    nst_status status = digest_path(file, path, error);
    if (status != NST_OK)
        return status;
    if (unlink(path) != 0 && errno != ENOENT)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    nst_bytes_sha256(bytes, size, digest);
    snprintf(line, sizeof line, "%s  %s\n", digest, nst_path_base(file));
    status = nst_output_write(file, bytes, size, error);
    return status == NST_OK ? nst_output_write(path, line, strlen(line), error) : status;
}

nst_status nst_install_digest(const char *file, char out[65], nst_error *error)
{
    char path[PATH_MAX], line[66] = "";
    nst_status status = digest_path(file, path, error);
    out[0] = '\0';
    if (status != NST_OK)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (fd < 0)
        return errno == ENOENT ? NST_OK
                               : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    ssize_t length = read(fd, line, sizeof line - 1);
    close(fd);
    size_t digits = strspn(line, "0123456789abcdefABCDEF");
    if (length < 65 || digits != 64 || !isspace((unsigned char)line[64]))
        return nst_fail(error, NST_ERR_FORMAT, "%s: expected a SHA-256 of 64 digits", path);
    snprintf(out, 65, "%.64s", line);
    return NST_OK;
}

/* ---- the model ------------------------------------------------------------------------------- */

static nst_status encode(const char *file, const char *digest, nst_dtype precision,
                         unsigned char **bytes, size_t *size, nst_error *error)
{
    nst_model *model = NULL;
    nst_model_info info;
    nst_error cause = {0};
    nst_status status = nst_model_open(file, &model, error);
    if (status != NST_OK)
        return status;
    nst_model_describe(model, &info, sizeof info);
    const nst_known_model *known = nst_known_model_of_sha256(digest);
    nst_encode_options options = {
        .deepest = nst_layer_find("relu5_1"),
        .half = precision == NST_DTYPE_F16 ||
                (precision == NST_DTYPE_KEEP && strcmp(info.dtype, "F16") == 0),
        .source = known ? known->source : NULL,
        .license = known ? known->license : NULL,
    };
    status = nst_model_encode(model, &options, bytes, size, &cause);
    nst_model_close(model);
    return status == NST_OK ? NST_OK : nst_fail(error, status, "%s: %s", file, cause.message);
}

nst_status nst_install(const char *file, const char *digest, const nst_install_options *options,
                       char path[PATH_MAX], nst_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    nst_status status;
    if ((status = nst_install_check(options, path, error)) != NST_OK ||
        (status = encode(file, digest, options->precision, &bytes, &size, error)) != NST_OK)
        return status;
    nst_interrupt_hold();
    status = write_both(path, bytes, size, error);
    nst_interrupt_release();
    free(bytes);
    return status;
}
