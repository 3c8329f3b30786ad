/* Counts the calls by which a process changes files, and at one of them kills it or lets the call fail.
 *
 * Preloaded into the program under test. Environment:
 *   IXD_FAULT_AT    the number of the call, from 1; 0 or absent: only count
 *   IXD_FAULT_MODE  kill  SIGKILL instead of the call (a write is cut in half first)
 *                   fail  this one call fails
 *                   full  from this call on, every call that needs room on the disk fails
 *   IXD_FAULT_ERRNO ENOSPC (default), EACCES or EIO
 *   IXD_FAULT_LOG   a file that gets one line for each call: its number and its name
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long count;
static long at;
static char mode;
static int error_number = ENOSPC;
static int log_fd = -1;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
    const char *value = getenv("IXD_FAULT_AT");
    at = value ? atol(value) : 0;
    value = getenv("IXD_FAULT_MODE");
    mode = value ? value[1] : 'i'; /* k-i-ll, f-a-il, f-u-ll */
    value = getenv("IXD_FAULT_ERRNO");
    if (value && !strcmp(value, "EACCES")) error_number = EACCES;
    if (value && !strcmp(value, "EIO")) error_number = EIO;
    value = getenv("IXD_FAULT_LOG");
    unsetenv("LD_PRELOAD");
    if (value) {
        __typeof__(&open) real_open = (__typeof__(&open))dlsym(RTLD_NEXT, "open");
        log_fd = real_open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

/* What to do about this call: 0 go on, 1 fail. */
static int fault(const char *name, int needs_room, int fd, const void *bytes, size_t length) {
    long number = atomic_fetch_add(&count, 1) + 1;
    if (log_fd >= 0) dprintf(log_fd, "%ld %s\n", number, name);
    if (at <= 0 || number < at) return 0;
    if (mode == 'i') {
        if (number > at) return 0;
        if (bytes && length > 1) {
            __typeof__(&write) real_write = (__typeof__(&write))dlsym(RTLD_NEXT, "write");
            if (real_write(fd, bytes, length / 2) < 0) { /* it is killed anyway */ }
        }
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (mode == 'u' ? needs_room : number == at) {
        errno = mode == 'u' ? ENOSPC : error_number;
        return 1;
    }
    return 0;
}

static int is_file(int fd) {
    struct stat status;
    return fd != log_fd && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        mode_t bits = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); bits = va_arg(list, mode_t); va_end(list); } \
        REAL(name); \
        int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); \
        if (writes && strncmp(path, "/dev/", 5) && fault(#name, flags & O_CREAT, -1, 0, 0)) return -1; \
        return real(path, flags, bits); \
    }
#define OPENAT(name) \
    int name(int dir, const char *path, int flags, ...) { \
        mode_t bits = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); bits = va_arg(list, mode_t); va_end(list); } \
        REAL(name); \
        int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); \
        if (writes && fault(#name, flags & O_CREAT, -1, 0, 0)) return -1; \
        return real(dir, path, flags, bits); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t bits) {
    REAL(creat);
    return fault("creat", 1, -1, 0, 0) ? -1 : real(path, bits);
}
ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    return is_file(fd) && fault("write", 1, fd, bytes, length) ? -1 : real(fd, bytes, length);
}
ssize_t writev(int fd, const struct iovec *parts, int number) {
    REAL(writev);
    return is_file(fd) && fault("writev", 1, fd, 0, 0) ? -1 : real(fd, parts, number);
}

#define CALL(type, name, room, parameters, arguments) \
    type name parameters { \
        REAL(name); \
        return fault(#name, room, -1, 0, 0) ? -1 : real arguments; \
    }
CALL(ssize_t, pwrite, 1, (int fd, const void *bytes, size_t length, off_t offset), (fd, bytes, length, offset))
CALL(ssize_t, pwrite64, 1, (int fd, const void *bytes, size_t length, off64_t offset), (fd, bytes, length, offset))
CALL(ssize_t, copy_file_range, 1, (int from, off64_t *start_from, int to, off64_t *start_to, size_t length, unsigned flags), (from, start_from, to, start_to, length, flags))
CALL(int, rename, 0, (const char *from, const char *to), (from, to))
CALL(int, renameat, 0, (int dir, const char *from, int other, const char *to), (dir, from, other, to))
CALL(int, renameat2, 0, (int dir, const char *from, int other, const char *to, unsigned flags), (dir, from, other, to, flags))
CALL(int, unlink, 0, (const char *path), (path))
CALL(int, unlinkat, 0, (int dir, const char *path, int flags), (dir, path, flags))
CALL(int, rmdir, 0, (const char *path), (path))
CALL(int, link, 1, (const char *from, const char *to), (from, to))
CALL(int, linkat, 1, (int dir, const char *from, int other, const char *to, int flags), (dir, from, other, to, flags))
CALL(int, symlink, 1, (const char *target, const char *path), (target, path))
CALL(int, symlinkat, 1, (const char *target, int dir, const char *path), (target, dir, path))
CALL(int, mkdir, 1, (const char *path, mode_t bits), (path, bits))
CALL(int, mkdirat, 1, (int dir, const char *path, mode_t bits), (dir, path, bits))
CALL(int, fsync, 0, (int fd), (fd))
CALL(int, fdatasync, 0, (int fd), (fd))
CALL(int, ftruncate, 0, (int fd, off_t length), (fd, length))
CALL(int, ftruncate64, 0, (int fd, off64_t length), (fd, length))
CALL(int, chmod, 0, (const char *path, mode_t bits), (path, bits))
CALL(int, fchmod, 0, (int fd, mode_t bits), (fd, bits))
CALL(int, fchmodat, 0, (int dir, const char *path, mode_t bits, int flags), (dir, path, bits, flags))
CALL(int, chown, 0, (const char *path, uid_t user, gid_t group), (path, user, group))
CALL(int, lchown, 0, (const char *path, uid_t user, gid_t group), (path, user, group))
CALL(int, fchown, 0, (int fd, uid_t user, gid_t group), (fd, user, group))
CALL(int, futimens, 0, (int fd, const struct timespec times[2]), (fd, times))
CALL(int, utimensat, 0, (int dir, const char *path, const struct timespec times[2], int flags), (dir, path, times, flags))
