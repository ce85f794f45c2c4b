#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/checked.h"

static uint64_t of_machine(void)
{
    char line[128];
    uint64_t kilobytes, bytes = UINT64_MAX;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %" SCNu64, &kilobytes) == 1)
            bytes = kilobytes * 1024;
    if (file)
        fclose(file);
    return bytes;
}

static uint64_t of_group(void)
{
    nst_cgroup_limits limits;
    nst_cgroup_read("", &limits);
    return limits.memory;
}

static uint64_t left_of(int resource, uint64_t used)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

/* What the process's own limits leave: ulimit -v and ulimit -d. */
static uint64_t of_process(void)
{
    uint64_t size = 0, data = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
    FILE *file = fopen("/proc/self/statm", "re");
    if (file) {
        /* size resident shared text lib data dirty */
        if (fscanf(file, "%" SCNu64 " %*u %*u %*u %*u %" SCNu64, &size, &data) != 2)
            size = data = 0;
        fclose(file);
    }
    uint64_t space = left_of(RLIMIT_AS, size * page), written = left_of(RLIMIT_DATA, data * page);
    return space < written ? space : written;
}

uint64_t nst_memory_resident(void)
{
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file) {
        if (fscanf(file, "%*u %" SCNu64, &pages) != 1)
            pages = 0;
        fclose(file);
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t nst_memory_share(uint64_t available)
{
    return available == UINT64_MAX ? available : available / 100 * 80;
}

uint64_t nst_memory_available(void)
{
    const uint64_t all[] = {of_machine(), of_group(), of_process()};
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        least = all[i] < least ? all[i] : least;
    return least;
}

bool nst_memory_counts_mappings(void)
{
    int strict = 0;
    FILE *file = fopen("/proc/sys/vm/overcommit_memory", "re");
    if (file) {
        if (fscanf(file, "%d", &strict) != 1)
            strict = 0;
        fclose(file);
    }
    return strict == 2 || left_of(RLIMIT_AS, 0) != UINT64_MAX ||
           left_of(RLIMIT_DATA, 0) != UINT64_MAX;
}

bool nst_memory_has_room(size_t mib)
{
    size_t size;
    if (!nst_mul_size(mib, (size_t)1 << 20, &size))
        return false;
    void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room != MAP_FAILED && munmap(room, size) == 0;
}

const char *nst_memory_text(double bytes, char text[NST_MEMORY_TEXT_MAX])
{
    if (bytes < 1e6)
        snprintf(text, NST_MEMORY_TEXT_MAX, "%.0f kB", bytes / 1e3);
    else if (bytes < 1e9)
        snprintf(text, NST_MEMORY_TEXT_MAX, "%.0f MB", bytes / 1e6);
    else
        snprintf(text, NST_MEMORY_TEXT_MAX, "%.2f GB", bytes / 1e9);
    return text;
}
