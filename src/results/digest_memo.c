/* Checksums of files. */
#include "results/digest_memo.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/file.h"

typedef struct {
    dev_t device;
    ino_t file;
    off_t size;
    struct timespec changed;
    char digest[65]; /* empty: nothing is here */
} memo_row;

struct nst_digest_memo {
    pthread_mutex_t lock;
    memo_row *rows; /* a table, half of it empty at least */
    size_t room, count;
    char bundled[65]; /* of the model in the program */
};

nst_digest_memo *nst_digest_memo_create(void)
{
    nst_digest_memo *memo = calloc(1, sizeof *memo);
    if (memo)
        pthread_mutex_init(&memo->lock, NULL);
    return memo;
}

void nst_digest_memo_destroy(nst_digest_memo *memo)
{
    if (!memo)
        return;
    pthread_mutex_destroy(&memo->lock);
    free(memo->rows);
    free(memo);
}

static bool is_same(const memo_row *a, const memo_row *b)
{
    return a->device == b->device && a->file == b->file && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* The row of this file, or the empty one where it belongs. */
static memo_row *find(const nst_digest_memo *memo, const memo_row *wanted)
{
    uint64_t hash =
        ((uint64_t)wanted->file ^ (uint64_t)wanted->device << 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(hash >> 16) % memo->room;
    while (memo->rows[i].digest[0] && !is_same(&memo->rows[i], wanted))
        i = (i + 1) % memo->room;
    return &memo->rows[i];
}

/* Without memory nothing is remembered. */
static void remember(nst_digest_memo *memo, const memo_row *row)
{
    if (2 * (memo->count + 1) > memo->room) {
        nst_digest_memo larger = {.room = memo->room > 0 ? 2 * memo->room : 64};
        larger.rows = calloc(larger.room, sizeof *larger.rows);
        if (!larger.rows)
            return;
        for (size_t i = 0; i < memo->room; i++)
            if (memo->rows[i].digest[0])
                *find(&larger, &memo->rows[i]) = memo->rows[i];
        free(memo->rows);
        memo->rows = larger.rows;
        memo->room = larger.room;
    }
    memo_row *place = find(memo, row);
    memo->count += place->digest[0] == '\0';
    *place = *row;
}

static bool identify(const char *path, memo_row *out)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    *out = (memo_row){info.st_dev, info.st_ino, info.st_size, info.st_mtim, ""};
    return true;
}

static bool recall(nst_digest_memo *memo, const memo_row *row, char digest[65])
{
    bool known = false;
    pthread_mutex_lock(&memo->lock);
    if (memo->room > 0) {
        const memo_row *found = find(memo, row);
        known = found->digest[0] != '\0';
        memcpy(digest, found->digest, known ? 65 : 0);
    }
    pthread_mutex_unlock(&memo->lock);
    return known;
}

bool nst_digest_memo_find(nst_digest_memo *memo, const char *path, char digest[65])
{
    memo_row row;
    return identify(path, &row) && recall(memo, &row, digest);
}

nst_status nst_digest_memo_get(nst_digest_memo *memo, const char *path, char digest[65],
                               nst_error *error)
{
    memo_row row, after;
    bool there = identify(path, &row);
    if (there && recall(memo, &row, digest))
        return NST_OK;
    nst_status status = nst_file_sha256(path, digest, error);
    if (status == NST_OK && there && identify(path, &after) && is_same(&row, &after)) {
        memcpy(row.digest, digest, sizeof row.digest);
        pthread_mutex_lock(&memo->lock);
        remember(memo, &row);
        pthread_mutex_unlock(&memo->lock);
    }
    return status;
}

void nst_digest_memo_bundled(nst_digest_memo *memo, char digest[65])
{
    size_t size;
    pthread_mutex_lock(&memo->lock);
    if (!memo->bundled[0]) {
        const void *data = nst_bundled_data(&size);
        nst_bytes_sha256(data, size, memo->bundled);
    }
    memcpy(digest, memo->bundled, sizeof memo->bundled);
    pthread_mutex_unlock(&memo->lock);
}
