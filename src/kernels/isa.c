#include "kernels/isa.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

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

bool nst_isa_has_bf16(void)
{
#if defined(__x86_64__) && defined(__linux__)
    /* The numbers are from asm/prctl.h and Intel's manual. Linux lets a process use the tile
     * registers, which are large, only after it has asked for them. */
    enum {
        REQUEST = 0x1023,
        TILE_DATA = 18,
        AMX_BF16 = 1 << 22,
        AMX_TILE = 1 << 24,
        BF16 = 1 << 5
    };
    unsigned a, b, c, d;
    if (nst_isa_best() != &nst_isa_avx512 || !__get_cpuid_count(7, 0, &a, &b, &c, &d) ||
        (d & AMX_BF16) == 0 || (d & AMX_TILE) == 0 || !__get_cpuid_count(7, 1, &a, &b, &c, &d) ||
        (a & BF16) == 0)
        return false;
    return syscall(SYS_arch_prctl, REQUEST, TILE_DATA) == 0;
#else
    return false;
#endif
}
