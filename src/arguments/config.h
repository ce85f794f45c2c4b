/* The user's own defaults: $XDG_CONFIG_HOME/nst/config, or ~/.config/nst/config.
 *
 *     # how I like it
 *     size = 1024
 *     preset = high
 *     preserve-times
 *
 * A line is the long name of an option and its value, or the name alone where it takes none. Lines
 * that begin with # are remarks. What names pictures, results or what is to be done this once has
 * no place there. */
#ifndef NST_ARGUMENTS_CONFIG_H
#define NST_ARGUMENTS_CONFIG_H

#include "options/settings.h"

/* Apply the file, if there is one, to args: to args->job, and to flags that are not set yet. Sets
 * args->config to its path and what it says, for -v. Errors are NST_ERR_IO or NST_ERR_FORMAT and
 * name file and line. */
nst_status nst_config_load(nst_args *args, nst_error *error);

#endif
