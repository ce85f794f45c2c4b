/* The command line. */
#ifndef NST_ARGUMENTS_PARSE_H
#define NST_ARGUMENTS_PARSE_H

#include "options/settings.h"

/* Fill args from the command line and the job file it names. Returns NST_ERR_ARGUMENT when the
 * command line is wrong, NST_ERR_IO or NST_ERR_FORMAT when the job file is. args is to be given
 * to nst_args_destroy in any case. */
nst_status nst_args_parse(int argc, char **argv, nst_args *args, nst_error *error);

#endif
