/* Loaded before a program (LD_PRELOAD), makes one of its calls fail: NST_FAIL=KIND:N the N-th call
 * of that kind after the shared libraries have started up, NST_FAIL=KIND:N+ that one and all later
 * ones. Kinds: memory (ENOMEM), file (EIO or ENOSPC), thread (EAGAIN). Where a call was made to
 * fail, the file that NST_FAIL_NOTE names is created. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { NOTHING, MEMORY, FILES, THREAD };

static enum kind wanted; /* NOTHING until it is armed */
static long first;
static bool for_ever;
static const char *note;
static atomic_long count;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): glibc's names */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* The address sanitizer's, where it is there. */
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t items, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *old, size_t size);
__attribute__((weak)) void *__interceptor_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static bool fails(enum kind kind)
{
    if (kind != wanted)
        return false;
    long n = atomic_fetch_add(&count, 1) + 1;
    if (n != first && !(for_ever && n > first))
        return false;
    if (n == first && note) {
        long fd = syscall(SYS_openat, AT_FDCWD, note, O_CREAT | O_WRONLY, 0666);
        if (fd >= 0)
            syscall(SYS_close, fd);
    }
    return true;
}

#define FAIL(kind, code, value)                                                                    \
    do {                                                                                           \
        if (fails(kind)) {                                                                         \
            errno = code;                                                                          \
            return value;                                                                          \
        }                                                                                          \
    } while (0)

/* ---- memory ---------------------------------------------------------------------------------- */

#define HEAP(name, ...)                                                                            \
    (__interceptor_##name ? __interceptor_##name(__VA_ARGS__) : __libc_##name(__VA_ARGS__))

void *malloc(size_t size)
{
    FAIL(MEMORY, ENOMEM, NULL);
    return HEAP(malloc, size);
}

void *calloc(size_t items, size_t size)
{
    FAIL(MEMORY, ENOMEM, NULL);
    return HEAP(calloc, items, size);
}

void *realloc(void *old, size_t size)
{
    FAIL(MEMORY, ENOMEM, NULL);
    return HEAP(realloc, old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    FAIL(MEMORY, ENOMEM, NULL);
    return HEAP(memalign, alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (fails(MEMORY))
        return ENOMEM;
    *out = HEAP(memalign, alignment, size);
    return *out ? 0 : ENOMEM;
}

/* OpenBLAS tries for ever when it gets no buffer, so nst asks for the room before (kernels/gemm.c).
 */
static bool is_openblas(const void *caller)
{
    Dl_info info;
    return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "openblas");
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (wanted == MEMORY && !is_openblas(__builtin_return_address(0)))
        FAIL(MEMORY, ENOMEM, MAP_FAILED);
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Libraries call before it is armed. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int open_flags(int at, const char *path, int flags, va_list rest)
{
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    FAIL(FILES, EIO, -1);
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        int fd = open_flags(AT_FDCWD, path, flags, rest);                                          \
        va_end(rest);                                                                              \
        return fd;                                                                                 \
    }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = open_flags(at, path, flags, rest);
    va_end(rest);
    return fd;
}

FILE *fopen(const char *path, const char *mode)
{
    FAIL(FILES, EIO, NULL);
    return REAL(fopen)(path, mode);
}

int fclose(FILE *file)
{
    bool failing = fails(FILES);
    int status = REAL(fclose)(file);
    if (!failing)
        return status;
    errno = ENOSPC;
    return EOF;
}

/* As ferror tells; there is no other way to set it. */
static void set_error(FILE *file)
{
    enum { ERR_SEEN = 0x20 }; /* glibc's _IO_ERR_SEEN */
    if (file)
        file->_flags |= ERR_SEEN;
}

int fflush(FILE *file)
{
    if (fails(FILES)) {
        set_error(file);
        errno = ENOSPC;
        return EOF;
    }
    return REAL(fflush)(file);
}

size_t fwrite(const void *data, size_t size, size_t items, FILE *file)
{
    if (file != stderr && fails(FILES)) { /* what it says has to be seen */
        set_error(file);
        errno = ENOSPC;
        return 0;
    }
    return REAL(fwrite)(data, size, items, file);
}

ssize_t read(int fd, void *data, size_t size)
{
    FAIL(FILES, EIO, -1);
    return syscall(SYS_read, fd, data, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    FAIL(FILES, EIO, -1);
    return syscall(SYS_pread64, fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    if (fd != STDERR_FILENO)
        FAIL(FILES, ENOSPC, -1);
    return syscall(SYS_write, fd, data, size);
}

#define CALL(declaration, code, ...)                                                               \
    int declaration                                                                                \
    {                                                                                              \
        FAIL(FILES, code, -1);                                                                     \
        return (int)syscall(__VA_ARGS__);                                                          \
    }
CALL(fsync(int fd), EIO, SYS_fsync, fd)
CALL(fdatasync(int fd), EIO, SYS_fdatasync, fd)
CALL(ftruncate(int fd, off_t size), EIO, SYS_ftruncate, fd, size)
CALL(rename(const char *from, const char *to), ENOSPC, SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to,
     0)
CALL(link(const char *from, const char *to), ENOSPC, SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)
CALL(linkat(int from_at, const char *from, int to_at, const char *to, int flags), ENOSPC,
     SYS_linkat, from_at, from, to_at, to, flags)
CALL(renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags), ENOSPC,
     SYS_renameat2, from_at, from, to_at, to, flags)
CALL(mkdir(const char *path, mode_t mode), ENOSPC, SYS_mkdirat, AT_FDCWD, path, mode)
CALL(mkdirat(int at, const char *path, mode_t mode), ENOSPC, SYS_mkdirat, at, path, mode)

/* ---- threads --------------------------------------------------------------------------------- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *user)
{
    return fails(THREAD) ? EAGAIN : REAL(pthread_create)(thread, attributes, start, user);
}

/* ---- arming ---------------------------------------------------------------------------------- */

/* Runs after the constructors of all other libraries, because this one was loaded first. */
__attribute__((constructor)) static void arm(void)
{
    const char *text = getenv("NST_FAIL"), *colon = text ? strchr(text, ':') : NULL;
    char *end;
    if (!colon)
        return;
    first = strtol(colon + 1, &end, 10);
    for_ever = *end == '+';
    note = getenv("NST_FAIL_NOTE");
    wanted = strncmp(text, "memory", 6) == 0 ? MEMORY
             : strncmp(text, "file", 4) == 0 ? FILES
                                             : THREAD;
}
