/* Fuzzing journals: whatever bytes stand there, a line that is added is found again, and what is
 * found is within its ranges. mutate.c says how to run it. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "results/journal.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static char folder[32], path[64];

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

/* In memory where there is such a place: each line that is added is synced. */
static void make_folder(void)
{
    strcpy(folder, "/dev/shm/nst-fuzz-XXXXXX");
    if (!mkdtemp(folder)) {
        strcpy(folder, "/tmp/nst-fuzz-XXXXXX");
        require(mkdtemp(folder) != NULL);
    }
    snprintf(path, sizeof path, "%s/" NST_JOURNAL_NAME, folder);
    atexit(remove_folder);
}

static void check_entry(const nst_journal_entry *entry)
{
    require(strlen(entry->key) == 64 && strlen(entry->result) == 64);
    require(memchr(entry->result_stamp, '\0', sizeof entry->result_stamp) != NULL);
    require(memchr(entry->content_stamp, '\0', sizeof entry->content_stamp) != NULL);
    require(entry->width >= 0 && entry->height >= 0 && entry->iterations >= 0);
    require(isfinite(entry->seconds));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    nst_journal *journal = NULL;
    nst_journal_entry entry, added = {.width = 3, .height = 2, .iterations = 5, .seconds = 1.5};
    nst_error error = {0};
    if (!folder[0])
        make_folder();
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    require(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
    memset(added.key, 'a', 64);
    memset(added.result, 'b', 64);
    require(nst_journal_open(folder, &journal, &error) == NST_OK);
    if (nst_journal_find(journal, "a.png", &entry))
        check_entry(&entry);
    nst_journal_knows(journal, "b/c.png", added.result);
    require(nst_journal_claim(journal, "a.png"));
    require(nst_journal_append(journal, "a.png", &added, &error) == NST_OK);
    nst_journal_release(journal, "a.png");
    nst_journal_close(journal);
    require(nst_journal_open(folder, &journal, &error) == NST_OK);
    require(nst_journal_find(journal, "a.png", &entry) && strcmp(entry.key, added.key) == 0);
    require(nst_journal_knows(journal, "a.png", added.result));
    nst_journal_close(journal);
    return 0;
}

/* A journal as nst writes it, and ones that are torn or by others. */
size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    static const char *const others[] = {
        "", "{}\nnull\n[1,2]\n{\"output\":", "\n\n\xff\xfe{\"a\":1}\n"};
    nst_journal *journal = NULL;
    nst_journal_entry entry = {.width = 640, .height = 480, .iterations = 100, .seconds = 2.25};
    size_t size = 0;
    if (number > 3)
        return 0;
    if (number > 0) {
        size = strlen(others[number - 1]);
        memcpy(out, others[number - 1], size);
        return size ? size : (size_t)snprintf((char *)out, FUZZ_SEED_MAX, "\n");
    }
    if (!folder[0])
        make_folder();
    unlink(path);
    memset(entry.key, '0', 64);
    memset(entry.result, 'c', 64);
    memset(entry.content, 'd', 64);
    strcpy(entry.content_stamp, "1-2-3");
    require(nst_journal_open(folder, &journal, NULL) == NST_OK);
    require(nst_journal_append(journal, "a.png", &entry, NULL) == NST_OK);
    require(nst_journal_append(journal, "b/c.png", &entry, NULL) == NST_OK);
    nst_journal_close(journal);
    FILE *file = fopen(path, "rb");
    require(file != NULL);
    size = fread(out, 1, FUZZ_SEED_MAX, file);
    fclose(file);
    return size;
}
