/* The journal of an output folder. */
#include "results/journal.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* Bytes from here on stand for jobs; those before are the file, locked as a whole to append. */
#define CLAIMS_BEGIN ((off_t)1 << 61)

/* A name and the last line about it. */
typedef struct {
    char *name;
    nst_journal_entry entry;
} row;

struct nst_journal {
    pthread_mutex_t lock; /* of everything below */
    char *path;
    int fd;
    off_t old;     /* its size when it was opened */
    off_t read_to; /* what lies before is in rows */
    void *rows;    /* a tree of tsearch */
};

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const row *)a)->name, ((const row *)b)->name);
}

static void free_row(void *item)
{
    row *r = item;
    free(r->name);
    free(r);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_digest(const cJSON *json, const char *key, char out[65])
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
    if (!text || strlen(text) != 64)
        return false;
    memcpy(out, text, 65);
    return true;
}

static double read_number(const cJSON *json, const char *key, double low, double high)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0.0;
    return value >= low && value <= high ? value : 0.0;
}

static void keep(nst_journal *j, const char *name, const nst_journal_entry *entry)
{
    row *r = malloc(sizeof *r);
    char *copy = strdup(name);
    row **found = NULL;
    if (r && copy) {
        *r = (row){copy, *entry};
        found = tsearch(r, &j->rows, compare_rows);
    }
    if (found && *found == r)
        return;
    if (found)
        (*found)->entry = *entry;
    /* Without memory a line is forgotten: its job is done once more. */
    free(copy);
    free(r);
}

/* A line that is not one of ours is passed over: torn, or written by a later version. */
static void read_line(nst_journal *j, const char *line, size_t length, bool fresh)
{
    nst_journal_entry entry = {.fresh = fresh};
    cJSON *json = cJSON_ParseWithLength(line, length);
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "name"));
    if (name && read_digest(json, "key", entry.key) && read_digest(json, "result", entry.result)) {
        entry.width = (int)read_number(json, "width", 0, 1e9);
        entry.height = (int)read_number(json, "height", 0, 1e9);
        entry.evaluations = (int)read_number(json, "evaluations", 0, 2e9);
        entry.losses.content = read_number(json, "content-loss", -1e300, 1e300);
        entry.losses.style = read_number(json, "style-loss", -1e300, 1e300);
        entry.losses.tv = read_number(json, "tv-loss", -1e300, 1e300);
        entry.losses.total = read_number(json, "total-loss", -1e300, 1e300);
        entry.seconds = read_number(json, "seconds", 0, 1e12);
        keep(j, name, &entry);
    }
    cJSON_Delete(json);
}

/* Take in what was added since, up to the last end of line. */
static void refresh(nst_journal *j)
{
    struct stat info;
    if (fstat(j->fd, &info) != 0 || info.st_size <= j->read_to)
        return;
    size_t size = (size_t)(info.st_size - j->read_to), used = 0;
    char *text = malloc(size);
    while (text && used < size) {
        ssize_t got = pread(j->fd, text + used, size - used, j->read_to + (off_t)used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    const char *line = text, *end;
    while (text && (end = memchr(line, '\n', used - (size_t)(line - text)))) {
        read_line(j, line, (size_t)(end - line), j->read_to + (line - text) >= j->old);
        line = end + 1;
    }
    if (text)
        j->read_to += line - text;
    free(text);
}

bool nst_journal_find(nst_journal *journal, const char *name, nst_journal_entry *out)
{
    const row wanted = {.name = (char *)name};
    pthread_mutex_lock(&journal->lock);
    refresh(journal);
    row *const *found = tfind(&wanted, &journal->rows, compare_rows);
    if (found)
        *out = (*found)->entry;
    pthread_mutex_unlock(&journal->lock);
    return found != NULL;
}

/* ---- locks ----------------------------------------------------------------------------------- */

static int set_lock(const nst_journal *j, int how, short type, off_t start, off_t length)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    int result;
    while ((result = fcntl(j->fd, how, &lock)) != 0 && errno == EINTR)
        ;
    return result == 0 ? 0 : errno;
}

/* A byte for a name (FNV-1a); two names at one byte would only wait for each other. */
static off_t claim_of(const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return CLAIMS_BEGIN + (off_t)(hash >> 4);
}

bool nst_journal_claim(nst_journal *journal, const char *name)
{
    int reason = set_lock(journal, F_SETLK, F_WRLCK, claim_of(name), 1);
    /* A file system without locks cannot be shared, but used alone. */
    return reason != EAGAIN && reason != EACCES;
}

void nst_journal_release(nst_journal *journal, const char *name)
{
    (void)set_lock(journal, F_SETLK, F_UNLCK, claim_of(name), 1);
}

/* ---- appending ------------------------------------------------------------------------------- */

static char *print_line(const char *name, const nst_journal_entry *e)
{
    char seconds[32], *text = NULL, *line = NULL;
    cJSON *json = cJSON_CreateObject();
    snprintf(seconds, sizeof seconds, "%.3f", e->seconds);
    if (json && cJSON_AddStringToObject(json, "name", name) &&
        cJSON_AddStringToObject(json, "key", e->key) &&
        cJSON_AddStringToObject(json, "result", e->result) &&
        cJSON_AddStringToObject(json, "nst", NST_VERSION) &&
        cJSON_AddNumberToObject(json, "width", e->width) &&
        cJSON_AddNumberToObject(json, "height", e->height) &&
        cJSON_AddNumberToObject(json, "evaluations", e->evaluations) &&
        cJSON_AddNumberToObject(json, "content-loss", e->losses.content) &&
        cJSON_AddNumberToObject(json, "style-loss", e->losses.style) &&
        cJSON_AddNumberToObject(json, "tv-loss", e->losses.tv) &&
        cJSON_AddNumberToObject(json, "total-loss", e->losses.total) &&
        cJSON_AddRawToObject(json, "seconds", seconds))
        text = cJSON_PrintUnformatted(json);
    if (text && asprintf(&line, "%s\n", text) < 0)
        line = NULL;
    cJSON_free(text);
    cJSON_Delete(json);
    return line;
}

/* 0 or errno. What could not be written whole is taken back. */
static int append(nst_journal *j, const char *line)
{
    struct stat info;
    char last = '\n';
    size_t length = strlen(line), used = 0;
    int reason = 0;
    if (fstat(j->fd, &info) != 0)
        return errno;
    if (info.st_size > 0 && pread(j->fd, &last, 1, info.st_size - 1) == 1 && last != '\n' &&
        write(j->fd, "\n", 1) != 1) /* behind a torn line */
        return errno;
    while (used < length && reason == 0) {
        ssize_t written = write(j->fd, line + used, length - used);
        if (written >= 0)
            used += (size_t)written;
        else if (errno != EINTR)
            reason = errno;
    }
    if (reason == 0 && fsync(j->fd) != 0)
        reason = errno;
    if (reason != 0 && ftruncate(j->fd, info.st_size) != 0)
        return reason; /* a torn line then */
    return reason;
}

nst_status nst_journal_append(nst_journal *journal, const char *name,
                              const nst_journal_entry *entry, nst_error *error)
{
    nst_journal *j = journal;
    char *line = print_line(name, entry);
    if (!line)
        return nst_fail(error, NST_ERR_MEMORY, "%s: out of memory", j->path);
    pthread_mutex_lock(&j->lock);
    (void)set_lock(j, F_SETLKW, F_WRLCK, 0, CLAIMS_BEGIN);
    int reason = append(j, line);
    (void)set_lock(j, F_SETLK, F_UNLCK, 0, CLAIMS_BEGIN);
    pthread_mutex_unlock(&j->lock);
    free(line);
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", j->path, strerror(reason));
}

/* ---- open and close -------------------------------------------------------------------------- */

nst_status nst_journal_open(const char *folder, nst_journal **out, nst_error *error)
{
    struct stat info;
    nst_journal *j = calloc(1, sizeof *j);
    if (!j || asprintf(&j->path, "%s/" NST_JOURNAL_NAME, folder) < 0) {
        free(j);
        return nst_fail(error, NST_ERR_MEMORY, "out of memory");
    }
    pthread_mutex_init(&j->lock, NULL);
    j->fd = open(j->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (j->fd < 0) {
        nst_status status = nst_fail(error, NST_ERR_IO, "%s: %s", j->path, strerror(errno));
        nst_journal_close(j);
        return status;
    }
    if (fstat(j->fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        nst_status status = nst_fail(error, NST_ERR_FORMAT, "%s: expected a file", j->path);
        nst_journal_close(j);
        return status;
    }
    j->old = info.st_size;
    *out = j;
    return NST_OK;
}

void nst_journal_close(nst_journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    tdestroy(journal->rows, free_row);
    pthread_mutex_destroy(&journal->lock);
    free(journal->path);
    free(journal);
}
