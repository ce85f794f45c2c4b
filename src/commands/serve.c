/* nst serve: a page and an interface over HTTP to paint with. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "serve/serve.h"
#include "util/exit_status.h"
#include "util/interrupt.h"

#ifdef NST_HAVE_SERVE
enum { TOKEN_MIN = 16, TOKEN_MAX = 512 };

/* The first line of the file. */
static nst_status read_token(const char *path, char token[TOKEN_MAX], nst_error *error)
{
    FILE *file = fopen(path, "re");
    nst_status status = NST_OK;
    if (!file)
        return nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
    if (!fgets(token, TOKEN_MAX, file))
        token[0] = '\0';
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    if (strlen(token) < TOKEN_MIN || strlen(token) == TOKEN_MAX - 1 ||
        token[strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")])
        status = nst_fail(error, NST_ERR_FORMAT,
                          "%s: expected a line of %d to %d letters, digits and -._~", path,
                          TOKEN_MIN, TOKEN_MAX - 2);
    return status;
}

static nst_status serve(nst_serve_options *options, const char *token_file, nst_error *error)
{
    char token[TOKEN_MAX];
    if (token_file) {
        nst_status status = read_token(token_file, token, error);
        if (status != NST_OK)
            return status;
        options->token = token;
    }
    return nst_serve(options, error);
}
#endif

int nst_command_serve(int argc, char **argv)
{
    nst_serve_options options = {
        .port = 8188, .max_pixels = 100, .max_upload = 64, .max_minutes = 60};
    const char *token_file = NULL;
    bool help = false, quiet = false;
    const nst_flag flags[] = {
        {"port", 'p', "N", "port to listen at; 0 is any that is free (default 8188)", NST_FLAG_INT,
         &options.port, 0, 65535},
        {"listen", 0, "ADDRESS", "another address than 127.0.0.1; needs a token", NST_FLAG_TEXT,
         &options.listen, 0, 0},
        {"token-file", 0, "FILE", "requests must show the token in its first line", NST_FLAG_TEXT,
         &token_file, 0, 0},
        {"folder", 0, "FOLDER",
         "keep pictures and results there (default: a private folder, removed at the end)",
         NST_FLAG_TEXT, &options.folder, 0, 0},
        {"weights", 'w', "NAME|FILE", "the network, as for nst (default what nst uses)",
         NST_FLAG_TEXT, &options.weights, 0, 0},
        {"threads", 'j', "N", "threads of a run; 0 takes all cores (default 0)", NST_FLAG_INT,
         &options.threads, 0, NST_THREADS_MAX},
        {"max-memory", 0, "SIZE", "memory for runs and pictures (default 80 % of the free memory)",
         NST_FLAG_BYTES, &options.max_memory, 0, 0},
        {"max-pixels", 0, "N", "largest picture taken, in megapixels (default 100)", NST_FLAG_INT,
         &options.max_pixels, 1, 500},
        {"max-upload", 0, "N", "largest request, in MiB (default 64)", NST_FLAG_INT,
         &options.max_upload, 1, 1024},
        {"max-minutes", 0, "N",
         "stop a run after so many minutes, keep its picture; 0 is never (default 60)",
         NST_FLAG_INT, &options.max_minutes, 0, 100000},
        {"quiet", 'q', NULL, "only errors", NST_FLAG_ON, &quiet, 0, 0},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &help, 0, 0},
        {0},
    };
    const nst_usage usage = {
        "serve", "[options]",
        "A page to paint on in the browser, and an interface over HTTP for programs.\n"
        "Other machines are let in only by --listen and a --token-file.\n",
        flags};
    char **operands;
    int count;
    nst_error error = {0};
    if (nst_usage_read(&usage, argc, argv, &operands, &count, &error) != NST_OK)
        return nst_usage_wrong(&usage, &error);
    if (help) {
        nst_usage_print(&usage, &error);
        return nst_usage_done(&usage, &error);
    }
    if (count > 0) {
        nst_fail(&error, NST_ERR_ARGUMENT, "%s: not expected here", operands[0]);
        return nst_usage_wrong(&usage, &error);
    }
    options.verbosity = quiet ? -1 : 0;
#ifdef NST_HAVE_SERVE
    nst_interrupt_install();
    if (serve(&options, token_file, &error) == NST_ERR_ARGUMENT)
        return nst_usage_wrong(&usage, &error);
#else
    nst_fail(&error, NST_ERR_ARGUMENT,
             "this nst was built without a server: build it with libmicrohttpd-dev installed");
#endif
    return nst_usage_done(&usage, &error);
}
