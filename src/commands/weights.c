/* nst weights: which models there are, what is in them, getting more. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "arguments/help.h"
#include "arguments/usage.h"
#include "base/error.h"
#include "commands/command.h"
#include "files/file.h"
#include "files/path.h"
#include "hub/chosen.h"
#include "hub/fetch.h"
#include "hub/inspect.h"
#include "util/exit_status.h"
#include "util/interrupt.h"
#include "util/say.h"

typedef struct {
    char **operands; /* after the verb */
    int count;
    const char *dtype, *url, *sha256; /* NULL when not given */
    bool force, quiet, help;
    nst_dtype precision;
} request;

/* ---- what there is --------------------------------------------------------------------------- */

static nst_status list(const request *r, nst_error *error)
{
    (void)r;
    return nst_inspect_list(error);
}

static nst_status info(const request *r, nst_error *error)
{
    nst_status status = NST_OK;
    if (r->count == 0)
        return nst_inspect_info("bundled", error);
    for (int i = 0; i < r->count && status == NST_OK; i++)
        status = nst_inspect_info(r->operands[i], error);
    return status;
}

static nst_status verify(const request *r, nst_error *error)
{
    return nst_inspect_verify(r->operands, r->count, error);
}

/* ---- import, fetch --------------------------------------------------------------------------- */

/* The name of a file without its folder and extension. */
static nst_status name_of_file(const char *file, char name[NAME_MAX], nst_error *error)
{
    const char *base = nst_path_base(file);
    snprintf(name, NAME_MAX, "%.*s", (int)strcspn(base, "."), base);
    return nst_models_name_is_valid(name)
               ? NST_OK
               : nst_fail(error, NST_ERR_IO, "%s: does not make a name; say one after the file",
                          file);
}

static nst_status import(const request *r, nst_error *error)
{
    const char *file = r->operands[0];
    char name[NAME_MAX], path[PATH_MAX], digest[65];
    nst_status status = NST_OK;
    if (r->count == 2)
        snprintf(name, sizeof name, "%s", r->operands[1]);
    else
        status = name_of_file(file, name, error);
    const nst_install_options options = {name, r->precision, r->force};
    if (status != NST_OK || (status = nst_file_sha256(file, digest, error)) != NST_OK)
        return status;
    if (r->sha256 && strcasecmp(r->sha256, digest) != 0)
        return nst_fail(error, NST_ERR_FORMAT,
                        "%s: not the file expected: its SHA-256 is %.12s..., not %.12s...", file,
                        digest, r->sha256);
    status = nst_install(file, digest, &options, path, error);
    if (status == NST_OK && !r->quiet)
        nst_inspect_say(name, path);
    return status;
}

static nst_status fetch(const request *r, nst_error *error)
{
    const char *name = r->count > 0 ? r->operands[0] : nst_known_models[0].name;
    const nst_known_model *known = nst_known_model_find(name);
    char path[PATH_MAX];
    nst_fetch_options options = {
        .install = {name, r->precision, r->force},
        .source = r->url ? r->url : known->url,
        .sha256 = r->sha256 ? r->sha256 : known->sha256,
        .megabytes = known && !r->sha256 ? known->megabytes : 0,
        .quiet = r->quiet,
    };
    nst_status status = nst_models_path(name, path, error);
    if (status != NST_OK)
        return status;
    if (!r->force && access(path, F_OK) == 0) {
        if (!r->quiet)
            nst_say("%s: is installed already; --force fetches it again", name);
        return NST_OK;
    }
    status = nst_fetch(&options, path, error);
    if (status == NST_OK && !r->quiet)
        nst_inspect_say(name, path);
    return status;
}

/* ---- use ------------------------------------------------------------------------------------- */

static nst_status use(const request *r, nst_error *error)
{
    const char *name = r->operands[0];
    nst_status status = nst_chosen_set(name, error);
    if (status == NST_OK && !r->quiet)
        nst_say("%s: is what nst uses from now on where -w names no other", name);
    return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static const struct verb {
    const char *name;
    nst_status (*run)(const request *r, nst_error *error);
    int least, most; /* operands */
    bool installs;   /* takes --dtype, --sha256, --force */
    bool downloads;  /* takes --url */
    const char *expected;
} verbs[] = {
    {"list", list, 0, 0, false, false, "nothing more"},
    {"info", info, 0, INT_MAX, false, false, ""},
    {"verify", verify, 0, INT_MAX, false, false, ""},
    {"import", import, 1, 2, true, false, "a file, and a name perhaps"},
    {"fetch", fetch, 0, 1, true, true, "at most a name"},
    {"use", use, 1, 1, false, false, "a name"},
};

static nst_status check_fetch(const request *r, nst_error *error)
{
    const char *name = r->count > 0 ? r->operands[0] : nst_known_models[0].name;
    if (!nst_known_model_find(name) && (!r->url || !r->sha256))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: not known here; say where it is by --url and what it is by --sha256",
                        name);
    const char *scheme = r->url ? strstr(r->url, "://") : NULL;
    size_t length = scheme ? (size_t)(scheme - r->url) : 0;
    if (scheme && !(length == 4 && strncasecmp(r->url, "http", 4) == 0) &&
        !(length == 5 && strncasecmp(r->url, "https", 5) == 0))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--url %s: expected http://..., https://... or a file", r->url);
    return NST_OK;
}

static nst_status check_values(request *r, nst_error *error)
{
    if (r->dtype && strcmp(r->dtype, "f16") != 0 && strcmp(r->dtype, "f32") != 0)
        return nst_fail(error, NST_ERR_ARGUMENT, "--dtype %s: expected f16 or f32", r->dtype);
    if (r->dtype)
        r->precision = r->dtype[1] == '1' ? NST_DTYPE_F16 : NST_DTYPE_F32;
    if (r->sha256 && (strlen(r->sha256) != 64 || strspn(r->sha256, "0123456789abcdefABCDEF") != 64))
        return nst_fail(error, NST_ERR_ARGUMENT, "--sha256 %.70s: expected 64 hexadecimal digits",
                        r->sha256);
    return NST_OK;
}

static nst_status check(request *r, const struct verb **out, nst_error *error)
{
    const char *word = r->count > 0 ? r->operands[0] : "list";
    const struct verb *v = verbs, *end = verbs + sizeof verbs / sizeof *verbs;
    nst_status status;
    while (v < end && strcmp(v->name, word) != 0)
        v++;
    if (v == end)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%s: expected list, info, verify, import, fetch or use", word);
    if (r->count > 0) {
        r->operands++;
        r->count--;
    }
    if (r->count < v->least || r->count > v->most)
        return nst_fail(error, NST_ERR_ARGUMENT, "%s: expected %s", v->name, v->expected);
    if (!v->installs && (r->dtype || r->sha256 || r->force))
        return nst_fail(error, NST_ERR_ARGUMENT, "--%s: is for import and fetch",
                        r->dtype    ? "dtype"
                        : r->sha256 ? "sha256"
                                    : "force");
    if (!v->downloads && r->url)
        return nst_fail(error, NST_ERR_ARGUMENT, "--url: is for fetch");
    const char *name = v->downloads && r->count == 1                             ? r->operands[0]
                       : v->run == use && strcmp(r->operands[0], "bundled") != 0 ? r->operands[0]
                       : v->installs && !v->downloads && r->count == 2           ? r->operands[1]
                                                                                 : NULL;
    if (name && !nst_models_name_is_valid(name))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "%.70s: expected a name of letters, digits, '.', '_' and '-', not bundled",
                        name);
    if ((status = check_values(r, error)) != NST_OK ||
        (v->downloads && (status = check_fetch(r, error)) != NST_OK))
        return status;
    *out = v;
    return NST_OK;
}

int nst_command_weights(int argc, char **argv)
{
    request r = {0};
    const nst_flag flags[] = {
        {"dtype", 0, "NAME", "f32 or f16, half as large; import, fetch (default as in the file)",
         NST_FLAG_TEXT, &r.dtype, 0, 0},
        {"sha256", 0, "HEX", "checksum that the file must have; import, fetch", NST_FLAG_TEXT,
         &r.sha256, 0, 0},
        {"url", 0, "URL", "fetch from there: a mirror or a local file", NST_FLAG_TEXT, &r.url, 0,
         0},
        {"force", 0, NULL, "replace what is installed; import, fetch", NST_FLAG_ON, &r.force, 0, 0},
        {"quiet", 'q', NULL, "only errors", NST_FLAG_ON, &r.quiet, 0, 0},
        {"help", 'h', NULL, "print this", NST_FLAG_ON, &r.help, 0, 0},
        {0},
    };
    const nst_usage usage = {
        "weights", "[list | info | verify | import | fetch | use] ... [options]",
        "List, inspect and download models. nst -w NAME uses one of them.\n\n"
        "  nst weights list                  the models here, and those to download\n"
        "  nst weights info NAME|FILE...     layers, input, checksum, license\n"
        "  nst weights verify [NAME|FILE...] read the whole file, compare its checksum\n"
        "  nst weights fetch [vgg19]         download the full VGG19 and install it\n"
        "  nst weights import FILE [NAME]    install a safetensors file\n"
        "  nst weights use NAME|bundled      choose the model that nst takes without -w\n",
        flags};
    const struct verb *verb = NULL;
    nst_error error = {0};
    if (nst_usage_read(&usage, argc, argv, &r.operands, &r.count, &error) != NST_OK ||
        (!r.help && check(&r, &verb, &error) != NST_OK))
        return nst_usage_wrong(&usage, &error);
    if (verb && (verb->installs || verb->run == use)) /* else it only prints */
        nst_interrupt_install();
    if (r.help)
        nst_usage_print(&usage, &error);
    else if (verb->run(&r, &error) == NST_OK)
        nst_help_finish(&error);
    int exit_status = nst_usage_done(&usage, &error);
    return error.status == NST_STOPPED ? NST_EXIT_INTERRUPTED : exit_status;
}
