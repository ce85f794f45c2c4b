#include "hub/download.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "util/interrupt.h"
#include "util/progress.h"

enum { ATTEMPTS_MAX = 100, POLL_MS = 250, PAUSE_MS = 200, BYTES_MAX = 2000000000 };

/* How an attempt ended. */
typedef struct {
    bool done;
    bool too_large;
    int exit_status;   /* of the tool */
    char message[256]; /* the last line it wrote */
} attempt;

/* ---- tools ----------------------------------------------------------------------------------- */

enum { ARGUMENTS_MAX = 24, CURL_CANNOT_WRITE = 23, CURL_CANNOT_RESUME = 33 };

static void curl_arguments(const nst_download *d, const char *arguments[ARGUMENTS_MAX])
{
    const char *const all[] = {"curl",
                               "--silent",
                               "--show-error",
                               "--fail",
                               "--location",
                               "--max-redirs",
                               "10",
                               "--globoff",
                               "--proto",
                               "=http,https",
                               "--connect-timeout",
                               "30",
                               "--speed-time",
                               "60",
                               "--speed-limit",
                               "1",
                               "--continue-at",
                               "-",
                               "--output",
                               d->path,
                               "--url",
                               d->url,
                               NULL};
    memcpy(arguments, all, sizeof all);
}

static void wget_arguments(const nst_download *d, const char *arguments[ARGUMENTS_MAX])
{
    const char *const all[] = {"wget",       "--no-verbose",
                               "--tries=1",  "--timeout=60",
                               "--continue", "--output-document",
                               d->path,      "--",
                               d->url,       NULL};
    memcpy(arguments, all, sizeof all);
}

static void (*const tools[])(const nst_download *, const char *[ARGUMENTS_MAX]) = {curl_arguments,
                                                                                   wget_arguments};

/* Start the first tool there is, its standard error going to `errors`; 0 or an errno. */
static int start(const nst_download *d, int errors, pid_t *child)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t ordinary;
    int reason = ENOENT;
    sigemptyset(&ordinary);
    sigaddset(&ordinary, SIGPIPE); /* which we ignore */
    if (posix_spawnattr_init(&attributes) != 0)
        return ENOMEM;
    if (posix_spawn_file_actions_init(&files) != 0) {
        posix_spawnattr_destroy(&attributes);
        return ENOMEM;
    }
    if (posix_spawnattr_setsigdefault(&attributes, &ordinary) == 0 &&
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) == 0 &&
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO) == 0)
        for (size_t i = 0; i < sizeof tools / sizeof *tools && reason == ENOENT; i++) {
            const char *arguments[ARGUMENTS_MAX];
            tools[i](d, arguments);
            /* The arguments are only read, though posix_spawnp wants them without const. */
            reason = posix_spawnp(child, arguments[0], &files, &attributes,
                                  (char *const *)(uintptr_t)arguments, environ);
        }
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return reason;
}

/* ---- watching -------------------------------------------------------------------------------- */

static off_t size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? info.st_size : 0;
}

static void draw(const nst_download *d, off_t bytes)
{
    fprintf(stderr, "\r%s: %ld", d->label, (long)(bytes / 1000000));
    if (d->megabytes > 0)
        fprintf(stderr, " of %d", d->megabytes);
    fputs(" MB\033[K", stderr);
    fflush(stderr);
}

/* Keep the last line of what the tool says. */
static void note(attempt *a, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t used = strlen(a->message);
        if (used > 0 && a->message[used - 1] == '\n')
            used = 0;
        if (text[i] == '\n' && used == 0)
            continue;
        if (used + 1 < sizeof a->message) {
            a->message[used] = text[i];
            a->message[used + 1] = '\0';
        }
    }
}

static void watch(const nst_download *d, pid_t child, int errors, attempt *a)
{
    bool line = !d->quiet && nst_progress_has_line();
    bool stopping = false;
    for (;;) {
        struct pollfd wait = {.fd = errors, .events = POLLIN};
        char text[512];
        int ready = poll(&wait, 1, POLL_MS);
        off_t bytes = size_of(d->path);
        if (ready > 0) {
            ssize_t n = read(errors, text, sizeof text);
            if (n <= 0)
                break;
            note(a, text, (size_t)n);
        }
        a->too_large = a->too_large || bytes > BYTES_MAX;
        if (!stopping && (nst_interrupt_requested() || a->too_large)) {
            kill(child, SIGTERM);
            stopping = true;
        }
        if (line)
            draw(d, bytes);
    }
    if (line)
        fputs("\r\033[K", stderr);
}

static nst_status try_once(const nst_download *d, attempt *a, nst_error *error)
{
    int ends[2], state = 0;
    pid_t child;
    *a = (attempt){0};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return nst_fail(error, NST_ERR_IO, "%s: %s", d->url, strerror(errno));
    int reason = start(d, ends[1], &child);
    close(ends[1]);
    if (reason == 0) {
        watch(d, child, ends[0], a);
        while (waitpid(child, &state, 0) < 0 && errno == EINTR)
            continue;
        a->exit_status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
        a->done = a->exit_status == 0;
        a->message[strcspn(a->message, "\n")] = '\0';
    }
    close(ends[0]);
    if (reason == ENOENT)
        return nst_fail(error, NST_ERR_IO, "%s: expected curl or wget to be installed", d->url);
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", d->url, strerror(reason));
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* The server cannot, or what is there is longer than what it has. */
static bool cannot_resume(const attempt *a)
{
    return a->exit_status == CURL_CANNOT_RESUME || strstr(a->message, "416") != NULL;
}

nst_status nst_download_run(const nst_download *download, nst_error *error)
{
    const nst_download *d = download;
    bool restarted = false;
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        attempt a;
        off_t before = size_of(d->path);
        nst_status status = try_once(d, &a, error);
        if (status != NST_OK)
            return status;
        if (nst_interrupt_requested())
            return nst_fail(error, NST_STOPPED,
                            "interrupted; the same command goes on where this stopped");
        if (a.too_large)
            return nst_fail(error, NST_ERR_FORMAT, "%s: more than %d MB: not a model", d->url,
                            BYTES_MAX / 1000000);
        if (a.done)
            return NST_OK;
        bool further = size_of(d->path) > before;
        if (!further && before > 0 && !restarted && cannot_resume(&a)) {
            if (truncate(d->path, 0) != 0)
                return nst_fail(error, NST_ERR_IO, "%s: %s", d->path, strerror(errno));
            restarted = true;
        } else if (!further) {
            return nst_fail(error, NST_ERR_IO, "%s: %s",
                            a.exit_status == CURL_CANNOT_WRITE ? d->path : d->url,
                            a.message[0] ? a.message : "the download failed");
        }
        poll(NULL, 0, PAUSE_MS);
    }
    return nst_fail(error, NST_ERR_IO, "%s: the connection broke %d times", d->url, ATTEMPTS_MAX);
}
