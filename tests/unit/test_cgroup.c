/* What control groups leave, by files laid out as the kernel does. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cgroup.h"

static char root[] = "/tmp/nst-cgroup-XXXXXX";

static int make_root(void **state)
{
    (void)state;
    memcpy(root + strlen(root) - 6, "XXXXXX", 6);
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    char command[sizeof root + 16];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* A file below the root, its folders made. */
static void put(const char *path, const char *text)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0777);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static nst_cgroup_limits limits(void)
{
    nst_cgroup_limits out;
    nst_cgroup_read(root, &out);
    return out;
}

#define V2_MOUNT "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNTS                                                                                  \
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"          \
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"

static void test_nothing_known_is_no_limit(void **state)
{
    (void)state;
    assert_true(limits().memory == UINT64_MAX);
    assert_true(limits().cores == 0.0);
}

static void test_own_group_of_version_2(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/user.slice/job-7.scope\n");
    put("/proc/self/mountinfo", V2_MOUNT);
    put("/sys/fs/cgroup/user.slice/memory.max", "max\n");
    put("/sys/fs/cgroup/user.slice/memory.current", "900000000\n");
    put("/sys/fs/cgroup/user.slice/job-7.scope/memory.max", "1500000000\n");
    put("/sys/fs/cgroup/user.slice/job-7.scope/memory.current", "600000000\n");
    put("/sys/fs/cgroup/user.slice/job-7.scope/cpu.max", "150000 100000\n");
    assert_true(limits().memory == 900000000);
    assert_true(limits().cores == 1.5);
}

static void test_files_in_the_cache_can_be_dropped(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/job\n");
    put("/proc/self/mountinfo", V2_MOUNT);
    put("/sys/fs/cgroup/job/memory.max", "1500000000\n");
    put("/sys/fs/cgroup/job/memory.current", "1499000000\n");
    put("/sys/fs/cgroup/job/memory.stat",
        "anon 99000000\nfile 1400000000\ninactive_file 1000000000\nactive_file 400000000\n");
    assert_true(limits().memory == 1401000000);
}

static void test_a_group_above_limits_too(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/a/b/c\n");
    put("/proc/self/mountinfo", V2_MOUNT);
    put("/sys/fs/cgroup/a/memory.max", "500000000\n");
    put("/sys/fs/cgroup/a/memory.current", "300000000\n");
    put("/sys/fs/cgroup/a/cpu.max", "max 100000\n");
    put("/sys/fs/cgroup/a/b/memory.max", "800000000\n");
    put("/sys/fs/cgroup/a/b/memory.current", "300000000\n");
    put("/sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
    put("/sys/fs/cgroup/a/b/c/memory.max", "max\n");
    put("/sys/fs/cgroup/a/b/c/memory.current", "300000000\n");
    put("/sys/fs/cgroup/a/b/c/cpu.max", "400000 100000\n");
    assert_true(limits().memory == 200000000);
    assert_true(limits().cores == 0.5);
    put("/sys/fs/cgroup/a/b/memory.high", "310000000\n");
    assert_true(limits().memory == 10000000);
}

static void test_version_1_with_its_own_names(void **state)
{
    (void)state;
    put("/proc/self/cgroup",
        "9:name=systemd:/\n4:memory:/slurm/job_9\n1:cpu,cpuacct:/slurm\n0::/\n");
    put("/proc/self/mountinfo", V1_MOUNTS);
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "4000000000\n");
    put("/sys/fs/cgroup/memory/slurm/memory.limit_in_bytes", "2000000000\n");
    put("/sys/fs/cgroup/memory/slurm/memory.usage_in_bytes", "1900000000\n");
    put("/sys/fs/cgroup/memory/slurm/memory.stat",
        "inactive_file 0\nactive_file 0\ntotal_inactive_file 700000000\ntotal_active_file "
        "50000000\n");
    put("/sys/fs/cgroup/memory/slurm/job_9/memory.limit_in_bytes", "1000000000\n");
    put("/sys/fs/cgroup/memory/slurm/job_9/memory.usage_in_bytes", "100000000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_quota_us", "250000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_period_us", "100000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    assert_true(limits().memory == 850000000);
    assert_true(limits().cores == 2.5);
}

/* A container without a name space of groups: /proc/self/cgroup tells the path outside, the mount
 * shows only what is below it. */
static void test_a_mount_of_part_of_the_tree(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "4:memory:/docker/abc/inner\n");
    put("/proc/self/mountinfo",
        "35 31 0:32 /docker/abc /sys/fs/cgroup\\040x rw - cgroup cgroup rw,memory\n");
    put("/sys/fs/cgroup x/memory.limit_in_bytes", "700000000\n");
    put("/sys/fs/cgroup x/memory.usage_in_bytes", "100000000\n");
    put("/sys/fs/cgroup x/inner/memory.limit_in_bytes", "650000000\n");
    put("/sys/fs/cgroup x/inner/memory.usage_in_bytes", "100000000\n");
    assert_true(limits().memory == 550000000);
    put("/proc/self/cgroup", "4:memory:/elsewhere\n"); /* then only the top can be seen */
    assert_true(limits().memory == 600000000);
}

static void test_damaged_files_are_no_limit(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "\n::\n0\n0::\n4:memory\n0::/../x\n");
    put("/proc/self/mountinfo", "- -\n\n1 2 3 - cgroup2\n" V2_MOUNT);
    put("/sys/fs/cgroup/memory.max", "many\n");
    put("/sys/fs/cgroup/memory.current", "\n");
    put("/sys/fs/cgroup/cpu.max", "100000\n");
    assert_true(limits().memory == UINT64_MAX);
    assert_true(limits().cores == 0.0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_known_is_no_limit),         TEST(test_own_group_of_version_2),
        TEST(test_files_in_the_cache_can_be_dropped), TEST(test_a_group_above_limits_too),
        TEST(test_version_1_with_its_own_names),      TEST(test_a_mount_of_part_of_the_tree),
        TEST(test_damaged_files_are_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
