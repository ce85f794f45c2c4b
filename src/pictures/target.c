#include "pictures/target.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "files/file.h"
#include "files/output.h"
#include "files/path.h"

nst_status nst_target_parse(nst_target *target, nst_error *error)
{
    target->format =
        nst_path_is_standard(target->path) ? NST_FORMAT_PNG : nst_format_from_path(target->path);
    if (!nst_format_is_for_results(target->format))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--%s %s: expected a name that ends in " NST_FORMAT_ENDINGS, target->option,
                        target->path);
    if (!nst_format_is_written(target->format))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--%s %s: %s cannot be written here: %s brings that", target->option,
                        target->path, nst_format_name(target->format),
                        nst_format_package(target->format));
    return NST_OK;
}

nst_status nst_target_check(const nst_target *target, const char *const *inputs, nst_error *error)
{
    if (nst_path_is_standard(target->path))
        return isatty(STDOUT_FILENO)
                   ? nst_fail(error, NST_ERR_IO,
                              "standard output: expected a file or a pipe, not a terminal")
                   : NST_OK;
    for (; *inputs; inputs++)
        if (nst_file_same(target->path, *inputs))
            return nst_fail(error, NST_ERR_ARGUMENT, "%s: would overwrite the input %s",
                            target->path, *inputs);
    return nst_output_check(target->path, error);
}

nst_status nst_target_write(const nst_target *target, const nst_image *image, nst_error *error)
{
    const nst_write_options options = {.format = target->format, .quality = 92};
    return nst_image_write(target->path, &options, image, error);
}
