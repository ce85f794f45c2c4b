#include "kernels/isa.h"

#include <stdlib.h>
#include <string.h>

const nst_isa *nst_isa_best(void)
{
#if defined(__x86_64__)
    const char *asked = getenv("NST_ISA");
    if (!asked)
        asked = "avx512";
    bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx512 && strcmp(asked, "avx512") == 0)
        return &nst_isa_avx512;
    if (avx2 && strcmp(asked, "base") != 0)
        return &nst_isa_avx2;
#endif
    return &nst_isa_base;
}
