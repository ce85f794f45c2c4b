/* Checksums of files that many jobs share. */
#include "results/digest_memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "files/file.h"

enum { MEMO_ROWS = 64 };

typedef struct {
    char *path;
    char digest[65];
} memo_row;

struct nst_digest_memo {
    pthread_mutex_t lock;
    memo_row rows[MEMO_ROWS]; /* the oldest gives way */
    int next;
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
    for (int i = 0; i < MEMO_ROWS; i++)
        free(memo->rows[i].path);
    pthread_mutex_destroy(&memo->lock);
    free(memo);
}

/* The lock is held while hashing: others would only hash the same file. */
nst_status nst_digest_memo_get(nst_digest_memo *memo, const char *path, char digest[65],
                               nst_error *error)
{
    nst_status status = NST_OK;
    pthread_mutex_lock(&memo->lock);
    memo_row *row = NULL;
    for (int i = 0; i < MEMO_ROWS && !row; i++)
        if (memo->rows[i].path && strcmp(memo->rows[i].path, path) == 0)
            row = &memo->rows[i];
    if (row) {
        memcpy(digest, row->digest, 65);
    } else if ((status = nst_file_sha256(path, digest, error)) == NST_OK) {
        row = &memo->rows[memo->next];
        memo->next = (memo->next + 1) % MEMO_ROWS;
        free(row->path);
        row->path = strdup(path);
        memcpy(row->digest, digest, 65);
    }
    pthread_mutex_unlock(&memo->lock);
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
