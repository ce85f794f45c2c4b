/* The journal of an output folder. */
#include "results/journal.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "results/json.h"
#include "util/utf8.h"

/* Locks from this offset on belong to jobs, one byte each. The bytes before it are locked as a
 * whole while a line is appended. */
#define CLAIMS_BEGIN ((off_t)1 << 61)

/* A line of the file. Only where it is stays in memory, because a list may be long. */
typedef struct {
    uint64_t hash; /* of the name */
    off_t begin;
    unsigned length;
    int before; /* the line before it whose name has the same hash, or NONE */
} row;

enum { NONE = -1, CHUNK = 1 << 20, LINE_MAX_BYTES = 1 << 16 };

struct nst_journal {
    pthread_mutex_t lock; /* of everything below */
    char *path;
    int fd;
    off_t old;     /* its size when it was opened */
    off_t read_to; /* what lies before is in rows */
    row *rows;
    int count, room;
    int *slots; /* the last row of each hash, or NONE; a table twice as large as room */
};

/* FNV-1a. */
static uint64_t hash_of(const char *name, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    return hash;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int *slot_of(const nst_journal *j, uint64_t hash)
{
    size_t size = 2 * (size_t)j->room, i = (size_t)(hash % size);
    while (j->slots[i] != NONE && j->rows[j->slots[i]].hash != hash)
        i = (i + 1) % size;
    return &j->slots[i];
}

static bool grow(nst_journal *j)
{
    int room = j->room > 0 ? 2 * j->room : 256;
    row *rows = j->room < INT_MAX / 4 ? realloc(j->rows, (size_t)room * sizeof *rows) : NULL;
    if (rows)
        j->rows = rows;
    int *slots = rows ? malloc(2 * (size_t)room * sizeof *slots) : NULL;
    if (!slots)
        return false;
    free(j->slots);
    j->slots = slots;
    j->room = room;
    for (int i = 0; i < 2 * room; i++)
        slots[i] = NONE;
    for (int i = 0; i < j->count; i++)
        *slot_of(j, rows[i].hash) = i;
    return true;
}

/* Without memory the line is dropped, and its job is done again. */
static void keep(nst_journal *j, uint64_t hash, off_t begin, size_t length)
{
    if (j->count == j->room && !grow(j))
        return;
    int *slot = slot_of(j, hash);
    j->rows[j->count] = (row){hash, begin, (unsigned)length, *slot};
    *slot = j->count++;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool read_text(const cJSON *json, const char *key, char *out, size_t size)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
    if (!text || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool read_digest(const cJSON *json, const char *key, char out[65])
{
    return read_text(json, key, out, 65) && strlen(out) == 64;
}

static double read_number(const cJSON *json, const char *key, double low, double high)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0.0;
    return value >= low && value <= high ? value : 0.0;
}

/* What a line says. NULL when it is not one of ours: torn, or written by a later version. Else its
 * name, which is the caller's to free. */
static char *parse_line(const char *line, size_t length, nst_journal_entry *out)
{
    char *copy = NULL, *bytes = strndup(line, length);
    cJSON *json =
        bytes ? cJSON_ParseWithLength(bytes, nst_utf8_unescape(bytes, strlen(bytes))) : NULL;
    free(bytes);
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "name"));
    *out = (nst_journal_entry){0};
    if (name && read_digest(json, "key", out->key) && read_digest(json, "result", out->result)) {
        out->width = (int)read_number(json, "width", 0, 1e9);
        out->height = (int)read_number(json, "height", 0, 1e9);
        out->iterations = (int)read_number(json, "iterations", 0, 2e9);
        out->losses.content = read_number(json, "content-loss", -1e300, 1e300);
        out->losses.style = read_number(json, "style-loss", -1e300, 1e300);
        out->losses.tv = read_number(json, "tv-loss", -1e300, 1e300);
        out->losses.total = read_number(json, "total-loss", -1e300, 1e300);
        out->seconds = read_number(json, "seconds", 0, 1e12);
        (void)read_text(json, "result-stamp", out->result_stamp, sizeof out->result_stamp);
        if (!read_digest(json, "content", out->content) ||
            !read_text(json, "content-stamp", out->content_stamp, sizeof out->content_stamp))
            out->content[0] = out->content_stamp[0] = '\0';
        copy = strdup(name);
    }
    cJSON_Delete(json);
    return copy;
}

/* The name in a line as print_line writes it, if that holds nothing that JSON escapes; else NULL.
 * What follows is looked at when the line is wanted. */
static const char *plain_name(const char *line, size_t length, size_t *name_length)
{
    static const char before[] = "{\"name\":\"", behind[] = "\",\"key\":\"";
    const size_t skip = sizeof before - 1;
    if (length < skip || memcmp(line, before, skip) != 0 || line[length - 1] != '}')
        return NULL;
    const char *name = line + skip, *end = memchr(name, '"', length - skip);
    if (!end || memchr(name, '\\', (size_t)(end - name)) ||
        (size_t)(line + length - end) < sizeof behind ||
        memcmp(end, behind, sizeof behind - 1) != 0)
        return NULL;
    *name_length = (size_t)(end - name);
    return name;
}

static void take_line(nst_journal *j, const char *line, size_t length, off_t begin)
{
    size_t name_length;
    const char *plain = length < LINE_MAX_BYTES ? plain_name(line, length, &name_length) : NULL;
    if (plain) {
        keep(j, hash_of(plain, name_length), begin, length);
        return;
    }
    nst_journal_entry entry;
    char *name = length < LINE_MAX_BYTES ? parse_line(line, length, &entry) : NULL;
    if (name)
        keep(j, hash_of(name, strlen(name)), begin, length);
    free(name);
}

/* ---- reading --------------------------------------------------------------------------------- */

static size_t read_at(const nst_journal *j, char *to, size_t size, off_t from)
{
    size_t used = 0;
    while (used < size) {
        ssize_t got = pread(j->fd, to + used, size - used, from + (off_t)used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return used;
}

/* Take in what was added since, up to the last end of line. */
static void refresh(nst_journal *j)
{
    struct stat info;
    if (fstat(j->fd, &info) != 0 || info.st_size <= j->read_to)
        return;
    size_t left = (size_t)(info.st_size - j->read_to), size = left < CHUNK ? left : CHUNK;
    char *text = malloc(size);
    while (text && left > 0) {
        size_t used = read_at(j, text, size < left ? size : left, j->read_to), at = 0;
        const char *end;
        while ((end = memchr(text + at, '\n', used - at))) {
            size_t length = (size_t)(end - text) - at;
            take_line(j, text + at, length, j->read_to + (off_t)at);
            at += length + 1;
        }
        if (at == 0 && used == CHUNK)
            at = used; /* a line of that length is none of ours, and what is left of it no line */
        if (at == 0)
            break;
        j->read_to += (off_t)at;
        left -= at;
    }
    free(text);
}

/* The line of a row, if its name is this one. */
static bool read_row(const nst_journal *j, const row *r, const char *name, nst_journal_entry *out)
{
    char *line = malloc(r->length + 1u), *found = NULL;
    if (line && read_at(j, line, r->length, r->begin) == r->length)
        found = parse_line(line, r->length, out);
    bool same = found && strcmp(found, name) == 0;
    out->fresh = r->begin >= j->old;
    free(found);
    free(line);
    return same;
}

/* The last row of a name's hash. */
static int last_row(nst_journal *j, const char *name)
{
    refresh(j);
    return j->room > 0 ? *slot_of(j, hash_of(name, strlen(name))) : NONE;
}

bool nst_journal_find(nst_journal *journal, const char *name, nst_journal_entry *out)
{
    nst_journal_entry entry;
    bool found = false;
    pthread_mutex_lock(&journal->lock);
    for (int i = last_row(journal, name); i != NONE && !found; i = journal->rows[i].before)
        found = read_row(journal, &journal->rows[i], name, &entry);
    pthread_mutex_unlock(&journal->lock);
    if (found)
        *out = entry;
    return found;
}

bool nst_journal_knows(nst_journal *journal, const char *name, const char *digest)
{
    nst_journal_entry entry;
    bool found = false;
    pthread_mutex_lock(&journal->lock);
    for (int i = last_row(journal, name); i != NONE && !found; i = journal->rows[i].before)
        found =
            read_row(journal, &journal->rows[i], name, &entry) && strcmp(entry.result, digest) == 0;
    pthread_mutex_unlock(&journal->lock);
    return found;
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

/* The byte of a name. Two names with the same byte only wait for each other. */
static off_t claim_of(const char *name)
{
    return CLAIMS_BEGIN + (off_t)(hash_of(name, strlen(name)) >> 4);
}

bool nst_journal_claim(nst_journal *journal, const char *name)
{
    int reason = set_lock(journal, F_SETLK, F_WRLCK, claim_of(name), 1);
    /* On a file system without locks the job goes on: one process alone needs none. */
    return reason != EAGAIN && reason != EACCES;
}

void nst_journal_release(nst_journal *journal, const char *name)
{
    (void)set_lock(journal, F_SETLK, F_UNLCK, claim_of(name), 1);
}

/* ---- appending ------------------------------------------------------------------------------- */

/* Nothing when it is empty. */
static bool add_text(cJSON *json, const char *key, const char *text)
{
    return text[0] == '\0' || cJSON_AddStringToObject(json, key, text);
}

static char *print_line(const char *name, const nst_journal_entry *e)
{
    cJSON *json = cJSON_CreateObject();
    bool complete =
        json && cJSON_AddStringToObject(json, "name", name) &&
        cJSON_AddStringToObject(json, "key", e->key) &&
        cJSON_AddStringToObject(json, "result", e->result) &&
        add_text(json, "result-stamp", e->result_stamp) && add_text(json, "content", e->content) &&
        add_text(json, "content-stamp", e->content_stamp) &&
        cJSON_AddStringToObject(json, "nst", NST_VERSION) &&
        cJSON_AddNumberToObject(json, "width", e->width) &&
        cJSON_AddNumberToObject(json, "height", e->height) &&
        cJSON_AddNumberToObject(json, "iterations", e->iterations) &&
        nst_json_add_losses(json, &e->losses) && nst_json_add_seconds(json, "seconds", e->seconds);
    return nst_json_text(json, complete, false);
}

/* 0 or errno. A line that could not be written whole is removed again. */
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
    if (reason == 0)
        reason = nst_file_sync(j->fd);
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
        return nst_fail_memory_in(error, j->path);
    pthread_mutex_lock(&j->lock);
    (void)set_lock(j, F_SETLKW, F_WRLCK, 0, CLAIMS_BEGIN);
    int reason = append(j, line);
    (void)set_lock(j, F_SETLK, F_UNLCK, 0, CLAIMS_BEGIN);
    pthread_mutex_unlock(&j->lock);
    free(line);
    return reason == 0 ? NST_OK : nst_fail(error, NST_ERR_IO, "%s: %s", j->path, strerror(reason));
}

/* ---- open and close -------------------------------------------------------------------------- */

/* path becomes the journal's. */
static nst_status open_file(int file, char *path, nst_journal **out, nst_error *error)
{
    struct stat info;
    nst_journal *j = calloc(1, sizeof *j);
    if (!j) {
        close(file);
        free(path);
        return nst_fail_memory(error);
    }
    j->path = path;
    j->fd = file;
    pthread_mutex_init(&j->lock, NULL);
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        nst_status status = nst_fail(error, NST_ERR_FORMAT, "%s: expected a file", path);
        nst_journal_close(j);
        return status;
    }
    j->old = info.st_size;
    *out = j;
    return NST_OK;
}

nst_status nst_journal_open(const char *folder, nst_journal **out, nst_error *error)
{
    char *path;
    if (asprintf(&path, "%s/" NST_JOURNAL_NAME, folder) < 0)
        return nst_fail_memory(error);
    int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (file < 0) {
        nst_status status = nst_fail(error, NST_ERR_IO, "%s: %s", path, strerror(errno));
        free(path);
        return status;
    }
    nst_status status = open_file(file, path, out, error);
    if (status == NST_OK && (*out)->old == 0)
        (void)nst_file_sync_folder(path); /* the name of a new journal */
    return status;
}

nst_status nst_journal_open_file(int file, const char *path, nst_journal **out, nst_error *error)
{
    char *copy = strdup(path);
    if (copy)
        return open_file(file, copy, out, error);
    close(file);
    return nst_fail_memory(error);
}

void nst_journal_close(nst_journal *journal)
{
    if (!journal)
        return;
    close(journal->fd);
    free(journal->rows);
    free(journal->slots);
    pthread_mutex_destroy(&journal->lock);
    free(journal->path);
    free(journal);
}
