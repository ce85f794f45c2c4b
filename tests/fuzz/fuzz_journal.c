/* Fuzzing journals: whatever bytes stand there, a line that is added is found again, and what is
 * found is within its ranges. mutate.c says how to run it. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "results/journal.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* One file in memory, written in place and, like a journal, at its end. */
static int file = -1, appended = -1;

static void put(const void *bytes, size_t size)
{
    char path[64];
    if (file < 0) {
        file = memfd_create("journal", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        appended = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
        require(file >= 0 && appended >= 0);
    }
    require(pwrite(file, bytes, size, 0) == (ssize_t)size && ftruncate(file, (off_t)size) == 0);
}

static nst_journal *open_journal(void)
{
    nst_journal *journal = NULL;
    nst_error error = {0};
    int own = dup(appended);
    require(own >= 0 && nst_journal_open_file(own, "journal", &journal, &error) == NST_OK);
    return journal;
}

static void check_entry(const nst_journal_entry *entry)
{
    require(strlen(entry->key) == 64 && strlen(entry->result) == 64);
    require(memchr(entry->result_stamp, '\0', sizeof entry->result_stamp) != NULL);
    require(memchr(entry->content_stamp, '\0', sizeof entry->content_stamp) != NULL);
    require(entry->width >= 0 && entry->height >= 0 && entry->iterations >= 0);
    require(isfinite(entry->seconds));
}

/* A line is added, and found by this process and by the next. */
static nst_journal *add_line(nst_journal *journal)
{
    nst_journal_entry entry, added = {.width = 3, .height = 2, .iterations = 5, .seconds = 1.5};
    memset(added.key, 'a', 64);
    memset(added.result, 'b', 64);
    require(nst_journal_claim(journal, "a.png"));
    require(nst_journal_append(journal, "a.png", &added, NULL) == NST_OK);
    nst_journal_release(journal, "a.png");
    require(nst_journal_find(journal, "a.png", &entry) && entry.fresh);
    nst_journal_close(journal);
    journal = open_journal();
    require(nst_journal_find(journal, "a.png", &entry) && strcmp(entry.key, added.key) == 0);
    require(nst_journal_knows(journal, "a.png", added.result));
    return journal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char result[] = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
    nst_journal_entry entry;
    put(data, size);
    nst_journal *journal = open_journal();
    if (nst_journal_find(journal, "a.png", &entry))
        check_entry(&entry);
    nst_journal_knows(journal, "b/c.png", result);
    if (size % 4 == 0) /* adding takes three times as long as reading */
        journal = add_line(journal);
    nst_journal_close(journal);
    return 0;
}

/* A journal as nst writes it, and ones that are torn or by others. */
size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    static const char *const others[] = {
        "", "{}\nnull\n[1,2]\n{\"output\":", "\n\n\xff\xfe{\"a\":1}\n"};
    nst_journal_entry entry = {.width = 640, .height = 480, .iterations = 100, .seconds = 2.25};
    size_t size = 0;
    if (number > 3)
        return 0;
    if (number > 0) {
        size = strlen(others[number - 1]);
        memcpy(out, others[number - 1], size);
        return size ? size : (size_t)snprintf((char *)out, FUZZ_SEED_MAX, "\n");
    }
    put("", 0);
    memset(entry.key, '0', 64);
    memset(entry.result, 'c', 64);
    memset(entry.content, 'd', 64);
    strcpy(entry.content_stamp, "1-2-3");
    nst_journal *journal = open_journal();
    require(nst_journal_append(journal, "a.png", &entry, NULL) == NST_OK);
    require(nst_journal_append(journal, "b/c.png", &entry, NULL) == NST_OK);
    nst_journal_close(journal);
    ssize_t got = pread(file, out, FUZZ_SEED_MAX, 0);
    require(got > 0);
    return (size_t)got;
}
