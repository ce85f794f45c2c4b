/* The journal of an output folder: what is done there, and who is at work on what.
 *
 * The file .nst-journal holds a line of JSON per finished job: the result's name within the folder,
 * a key (SHA-256 over all that decides the result, see results/key.h), the SHA-256 of the
 * result and some facts for people. The line is written and synced before the result is put in
 * place, so a job counts as done when its line and a file with that SHA-256 are both there, and a
 * kill at any point leaves no doubt. A line that was torn is no line.
 *
 * Whoever works on a job holds a lock on one byte of the file, far behind its end, chosen by the
 * name. Such locks end with their process, and work on network file systems too. One journal may
 * be used by any number of threads and processes. */
#ifndef NST_RESULTS_JOURNAL_H
#define NST_RESULTS_JOURNAL_H

#include <stdbool.h>

#include "files/file.h"
#include "nst.h"

#define NST_JOURNAL_NAME ".nst-journal"

typedef struct nst_journal nst_journal;

typedef struct nst_journal_entry {
    char key[65], result[65]; /* SHA-256, hexadecimal; a key of NST_JOURNAL_NO_KEY is no job's */
    char result_stamp[NST_STAMP_TEXT_MAX]; /* of the result's file, see files/file.h; or empty */
    char content[65], content_stamp[NST_STAMP_TEXT_MAX]; /* of the photo; either may be empty */
    int width, height, iterations;
    nst_losses losses;
    double seconds;
    bool fresh; /* written since this process opened the journal; only by nst_journal_find */
} nst_journal_entry;

/* The key of what nst wrote and what is no result: an interrupted run's picture, an intermediate
 * one. */
#define NST_JOURNAL_NO_KEY "0000000000000000000000000000000000000000000000000000000000000000"

/* Open the journal of a folder that exists, creating it when there is none. */
nst_status nst_journal_open(const char *folder, nst_journal **out, nst_error *error);
/* For tests: the same in a file that is open for reading and appending. The journal owns it, and
 * path is only its name in messages. */
nst_status nst_journal_open_file(int file, const char *path, nst_journal **out, nst_error *error);
void nst_journal_close(nst_journal *journal); /* NULL is fine; ends all its locks */

/* Take the lock of a job, named by its result within the folder. False: another process has it. */
bool nst_journal_claim(nst_journal *journal, const char *name);
void nst_journal_release(nst_journal *journal, const char *name);

/* The last line about a name, other processes' included; false when there is none. */
bool nst_journal_find(nst_journal *journal, const char *name, nst_journal_entry *out);

/* Whether any line says that nst wrote a file of this name with this SHA-256. */
bool nst_journal_knows(nst_journal *journal, const char *name, const char *digest);

/* Add a line; when this returns NST_OK it is on the disk. */
nst_status nst_journal_append(nst_journal *journal, const char *name,
                              const nst_journal_entry *entry, nst_error *error);

#endif
