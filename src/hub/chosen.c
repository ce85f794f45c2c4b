#include "hub/chosen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "files/output.h"
#include "hub/install.h"
#include "hub/models.h"

nst_status nst_chosen_get(char name[NST_CHOSEN_MAX], nst_error *error)
{
    char path[PATH_MAX], line[NST_CHOSEN_MAX + 2] = "";
    snprintf(name, NST_CHOSEN_MAX, "bundled");
    if (nst_models_file("default", "", path, NULL) != NST_OK)
        return NST_OK;                                      /* without a home nothing was chosen */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its writer */
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? NST_OK
                   : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    ssize_t length = read(fd, line, sizeof line - 1);
    close(fd);
    line[length > 0 ? strcspn(line, "\n") : 0] = '\0';
    if (!nst_models_name_is_valid(line))
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: expected the name of a model; put right by: nst weights use bundled",
                        path);
    snprintf(name, NST_CHOSEN_MAX, "%.64s", line);
    return NST_OK;
}

nst_status nst_chosen_set(const char *name, nst_error *error)
{
    char path[PATH_MAX], model[PATH_MAX], line[NST_CHOSEN_MAX + 2];
    nst_status status = nst_models_file("default", "", path, error);
    if (status != NST_OK)
        return status;
    if (strcmp(name, "bundled") == 0)
        return unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR
                   ? NST_OK
                   : nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    if ((status = nst_models_path(name, model, error)) != NST_OK)
        return status;
    if (access(model, F_OK) != 0)
        return nst_known_model_find(name)
                   ? nst_fail(error, NST_ERR_IO, "%s: is not installed; run: nst weights fetch %s",
                              name, name)
                   : nst_fail(error, NST_ERR_IO, "%s: is not installed; see: nst weights list",
                              name);
    snprintf(line, sizeof line, "%s\n", name);
    return nst_output_write(path, line, strlen(line), error);
}

bool nst_chosen_offer(void)
{
    char path[PATH_MAX], folder[PATH_MAX], name[NST_CHOSEN_MAX];
    if (nst_chosen_get(name, NULL) != NST_OK || strcmp(name, "bundled") != 0 ||
        nst_models_path(nst_known_models[0].name, path, NULL) != NST_OK ||
        access(path, F_OK) == 0 || nst_models_folder(folder, NULL) != NST_OK ||
        nst_install_make_folder(folder, NULL) != NST_OK ||
        nst_models_file(".offered", "", path, NULL) != NST_OK)
        return false;
    /* Who makes the file says it; where none can be made it would be said each time. */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}
