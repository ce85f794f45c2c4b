/* Format of the files: cgroups(7), proc(5), and the kernel's Documentation/admin-guide/cgroup-v2
 * and cgroup-v1/memory. */
#include "base/cgroup.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- files ----------------------------------------------------------------------------------- */

/* The first line of folder/name without its end; false when there is none. */
static bool read_line(const char *folder, const char *name, char *line, int size)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "re");
    bool ok = file && fgets(line, size, file);
    if (file)
        fclose(file);
    if (ok)
        line[strcspn(line, "\n")] = '\0';
    return ok;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoumax(text, &end, 10);
    return end != text && errno == 0 && *text != '-';
}

/* A file that holds a number. Version 2 says "max" and version 1 -1 where there is no limit. */
static bool read_number(const char *folder, const char *name, uint64_t *out)
{
    char line[64];
    return read_line(folder, name, line, sizeof line) && parse_number(line, out);
}

/* The value of a line "key value" in folder/name; 0 when there is none. */
static uint64_t read_value(const char *folder, const char *name, const char *key)
{
    char path[PATH_MAX], line[256];
    uint64_t value = 0;
    size_t length = strlen(key);
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, length) == 0 && line[length] == ' ' &&
            parse_number(line + length + 1, &value))
            break;
    if (file)
        fclose(file);
    return value;
}

/* ---- one group ------------------------------------------------------------------------------- */

typedef struct {
    const char *limit, *used; /* files */
    const char *prefix;       /* of the keys of memory.stat that include the groups inside */
} memory_files;

static const memory_files version_2 = {"memory.max", "memory.current", ""};
static const memory_files version_2_high = {"memory.high", "memory.current", ""};
static const memory_files version_1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_"};

/* Pages of files count as used, and are given back when memory is wanted. */
static uint64_t cached_files(const char *folder, const char *prefix)
{
    char active[32], inactive[32];
    snprintf(active, sizeof active, "%sactive_file", prefix);
    snprintf(inactive, sizeof inactive, "%sinactive_file", prefix);
    return read_value(folder, "memory.stat", active) + read_value(folder, "memory.stat", inactive);
}

static void limit_memory(const char *folder, const memory_files *files, nst_cgroup_limits *out)
{
    uint64_t limit, used;
    if (!read_number(folder, files->limit, &limit) || !read_number(folder, files->used, &used))
        return;
    uint64_t cached = cached_files(folder, files->prefix);
    used -= cached < used ? cached : used;
    uint64_t left = limit > used ? limit - used : 0;
    out->memory = left < out->memory ? left : out->memory;
}

static void limit_cores(uint64_t quota, uint64_t period, nst_cgroup_limits *out)
{
    double cores = period > 0 ? (double)quota / (double)period : 0.0;
    if (cores > 0.0 && (out->cores == 0.0 || cores < out->cores))
        out->cores = cores;
}

static void apply_group(const char *folder, nst_cgroup_limits *out)
{
    char line[64], *second;
    uint64_t quota, period;
    limit_memory(folder, &version_2, out);
    limit_memory(folder, &version_2_high, out);
    limit_memory(folder, &version_1, out);
    if (read_line(folder, "cpu.max", line, sizeof line) && (second = strchr(line, ' ')) &&
        parse_number(line, &quota) && parse_number(second + 1, &period))
        limit_cores(quota, period, out);
    if (read_number(folder, "cpu.cfs_quota_us", &quota) &&
        read_number(folder, "cpu.cfs_period_us", &period))
        limit_cores(quota, period, out);
}

/* The group at mount point + inside, and those above it up to the mount point. Groups of version 1
 * that are not hierarchical bind nothing below them, and usage says so: it then leaves out what is
 * below. */
static void apply_groups_upwards(const char *mount, const char *inside, nst_cgroup_limits *out)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s%s", mount, inside) >= (int)sizeof folder)
        return;
    for (;;) {
        apply_group(folder, out);
        char *slash = strrchr(folder, '/');
        if (!slash || (size_t)(slash - folder) < strlen(mount))
            return;
        *slash = '\0';
    }
}

/* ---- where they are -------------------------------------------------------------------------- */

/* A mount of a hierarchy, by /proc/self/mountinfo. */
typedef struct {
    char point[PATH_MAX]; /* where, root included */
    char top[PATH_MAX];   /* the group that stands there */
} mount;

/* The kernel writes blanks as \040. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (from[0] == '\\' && from[1] && from[2] && from[3]) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ',') &&
            (at[length] == '\0' || at[length] == ',' || at[length] == '\n'))
            return true;
    return false;
}

/* One line: "31 23 0:28 TOP POINT options ... - TYPE source OPTIONS". */
static bool parse_mount(char *line, const char *root, const char *controller, mount *out)
{
    char top[PATH_MAX], point[PATH_MAX], type[32], options[512] = "";
    char *rest = strstr(line, " - ");
    if (!rest || sscanf(line, "%*s %*s %*s %4095s %4095s", top, point) != 2 ||
        sscanf(rest, " - %31s %*s %511s", type, options) < 1)
        return false;
    bool wanted = controller ? strcmp(type, "cgroup") == 0 && has_word(options, controller)
                             : strcmp(type, "cgroup2") == 0;
    if (!wanted)
        return false;
    unescape(top);
    unescape(point);
    memcpy(out->top, top, sizeof top);
    return snprintf(out->point, sizeof out->point, "%s%s", root, point) < (int)sizeof out->point;
}

/* The mount of a controller of version 1 or, with NULL, of version 2. The last one covers those
 * before it. */
static bool find_mount(const char *root, const char *controller, mount *out)
{
    char path[PATH_MAX], line[2 * PATH_MAX + 1024];
    bool found = false;
    if (snprintf(path, sizeof path, "%s/proc/self/mountinfo", root) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        found = parse_mount(line, root, controller, out) || found;
    if (file)
        fclose(file);
    return found;
}

/* A group's path below the mount: what stands above the mount's top is out of sight. A path that
 * does not lie below is one of another name space; then the mount point itself is looked at. */
static const char *inside_of(const mount *m, const char *group)
{
    size_t length = strcmp(m->top, "/") == 0 ? 0 : strlen(m->top);
    if (strstr(group, "/..") || strncmp(group, m->top, length) != 0 ||
        (group[length] != '/' && group[length] != '\0'))
        return "";
    return strcmp(group + length, "/") == 0 ? "" : group + length;
}

/* A line of /proc/self/cgroup: "4:memory:/a/b", "5:cpu,cpuacct:/a", or "0::/a/b" of version 2. */
static void apply_line(const char *root, char *line, nst_cgroup_limits *out)
{
    static const char *const controllers[] = {"memory", "cpu"};
    mount m;
    char *list = strchr(line, ':'), *group = list ? strchr(list + 1, ':') : NULL;
    if (!group)
        return;
    *group++ = '\0';
    list++;
    group[strcspn(group, "\n")] = '\0';
    if (*list == '\0') {
        if (find_mount(root, NULL, &m))
            apply_groups_upwards(m.point, inside_of(&m, group), out);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (has_word(list, controllers[i]) && find_mount(root, controllers[i], &m))
            apply_groups_upwards(m.point, inside_of(&m, group), out);
}

void nst_cgroup_read(const char *root, nst_cgroup_limits *out)
{
    char path[PATH_MAX], line[PATH_MAX + 256];
    *out = (nst_cgroup_limits){UINT64_MAX, 0.0};
    if (snprintf(path, sizeof path, "%s/proc/self/cgroup", root) >= (int)sizeof path)
        return;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        apply_line(root, line, out);
    if (file)
        fclose(file);
}
