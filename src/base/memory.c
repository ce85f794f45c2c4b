#include "base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The digits that text begins with; false when there are none, or too many. */
static bool number_in(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoumax(text, &end, 10);
    return end != text && errno == 0;
}

static bool read_number(const char *path, uint64_t *out)
{
    char line[64];
    FILE *file = fopen(path, "r");
    bool ok = file && fgets(line, sizeof line, file) && number_in(line, out); /* it may say "max" */
    if (file)
        fclose(file);
    return ok;
}

static uint64_t of_machine(void)
{
    static const char label[] = "MemAvailable:";
    char line[128];
    uint64_t kilobytes, bytes = UINT64_MAX;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, label, strlen(label)) == 0 && number_in(line + strlen(label), &kilobytes))
            bytes = kilobytes * 1024;
    if (file)
        fclose(file);
    return bytes;
}

/* Of the control group that a container sees as the root; version 2, then 1. */
static uint64_t of_group(void)
{
    static const char *const files[][2] = {
        {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
        {"/sys/fs/cgroup/memory/memory.limit_in_bytes",
         "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
    };
    for (int i = 0; i < 2; i++) {
        uint64_t limit, used;
        if (read_number(files[i][0], &limit) && read_number(files[i][1], &used))
            return limit > used ? limit - used : 0;
    }
    return UINT64_MAX;
}

uint64_t nst_memory_available(void)
{
    uint64_t machine = of_machine(), group = of_group();
    return machine < group ? machine : group;
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
