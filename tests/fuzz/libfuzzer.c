/* In a harness for libFuzzer: --seeds FOLDER writes the seeds there, as mutate.c does. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv); /* libFuzzer calls it before it begins */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    if (*argc == 3 && strcmp((*argv)[1], "--seeds") == 0)
        exit(fuzz_write_seeds((*argv)[2]));
    return 0;
}
