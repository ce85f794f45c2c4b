/* In place of what libFuzzer does at each comparison of strings, where only the number of inputs
 * counts (NST_FUZZER_COMPARES=OFF): the linker puts these functions before its own. */
#include <stddef.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): libFuzzer's names */
#define WITHOUT(name)                                                                              \
    void __wrap___sanitizer_weak_hook_##name(void *caller, const void *a, const void *b, size_t n, \
                                             int result);                                          \
    void __wrap___sanitizer_weak_hook_##name(void *caller, const void *a, const void *b, size_t n, \
                                             int result)                                           \
    {                                                                                              \
        (void)caller, (void)a, (void)b, (void)n, (void)result;                                     \
    }
WITHOUT(memcmp)
WITHOUT(strncmp)
WITHOUT(strncasecmp)
WITHOUT(strcmp)     /* has no n, and ignoring one more is harmless */
WITHOUT(strcasecmp) /* likewise */
WITHOUT(strstr)
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
