/* Records what a process does to the files under one folder, in one global order, and lets the n-th call fail.

   LD_PRELOAD it with RECORDER_ROOT=folder and, to record, RECORDER_LOG=file outside of it. A record is

       op (1 byte), inode (8), offset or size (8), length of a (4), length of b (4), a, b    (little-endian)

   C create path a            T size of a file set        W bytes a written at an offset
   R rename a to b            U unlink a                  M mkdir a          D rmdir a
   L link a to b              S fsync                     X shared writable mapping of path a

   Files are told by inode, so that a rename does not matter to what was written. recorder_arm(first, count, error)
   makes the calls number first, first + 1, ... first + count - 1 from now on fail; recorder_calls() tells how many
   calls there were since. An error of 0 only counts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static size_t root_length;
static int log_file = -1;
static long calls, first_failing, failing;
static int failing_error;
static pthread_mutex_t order = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("RECORDER_ROOT"), *log = getenv("RECORDER_LOG");
    if (!folder || strlen(folder) >= sizeof root) return;
    strcpy(root, folder);
    root_length = strlen(root);
    if (log) log_file = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int under_root(const char *path) {
    return root_length && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return under_root(path);
}

/* The absolute path of a name in a folder; whether it is under the root. */
static int resolved(int folder, const char *name, char *path) {
    char place[PATH_MAX] = "";
    if (!root_length || !name) return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else {
        if (folder == AT_FDCWD) {
            if (!getcwd(place, sizeof place)) return 0;
        } else if (!path_of(folder, place)) {
            return 0;
        }
        if (snprintf(path, PATH_MAX, "%s/%s", place, name) >= PATH_MAX) return 0;
    }
    return under_root(path);
}

static uint64_t inode_of(int file) {
    struct stat told;
    return fstat(file, &told) ? 0 : told.st_ino;
}

static void put(const void *bytes, size_t length) {
    const char *next = bytes;
    while (length) {
        ssize_t done = REAL(write)(log_file, next, length);
        if (done < 0) abort();
        next += done;
        length -= (size_t)done;
    }
}

static void record(char op, uint64_t inode, uint64_t number, const void *a, uint32_t a_length, const char *b) {
    if (log_file < 0) return;
    int before = errno;
    uint32_t b_length = b ? (uint32_t)strlen(b) : 0;
    char head[25];
    head[0] = op;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &number, 8);
    memcpy(head + 17, &a_length, 4);
    memcpy(head + 21, &b_length, 4);
    put(head, sizeof head);
    if (a_length) put(a, a_length);
    if (b_length) put(b, b_length);
    errno = before;
}

static void record_paths(char op, uint64_t inode, const char *a, const char *b) {
    record(op, inode, 0, a, (uint32_t)strlen(a), b);
}

void recorder_arm(long first, long count, int error) {
    pthread_mutex_lock(&order);
    calls = 0;
    first_failing = first;
    failing = count;
    failing_error = error;
    pthread_mutex_unlock(&order);
}

long recorder_calls(void) { return calls; }

static int fails(void) {
    long now = calls++;
    if (!failing_error || now < first_failing || now >= first_failing + failing) return 0;
    errno = failing_error;
    return 1;
}

#define IN_ORDER(type, expression)       \
    pthread_mutex_lock(&order);          \
    type result = (expression);          \
    pthread_mutex_unlock(&order);        \
    return result

/* --- opening ----------------------------------------------------------------------------------------------- */

static int opened(int folder, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    struct stat before;
    int changes = flags & (O_CREAT | O_TRUNC) && resolved(folder, name, path);
    if (!changes) return REAL(openat)(folder, name, flags, mode);
    int existed = !stat(path, &before);
    if (fails()) return -1;
    int file = REAL(openat)(folder, name, flags, mode);
    if (file < 0) return file;
    if (!existed)
        record_paths('C', inode_of(file), path, NULL);
    else if (flags & O_TRUNC)
        record('T', inode_of(file), 0, NULL, 0, NULL);
    return file;
}

static int opening(int folder, const char *name, int flags, va_list rest) {
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    IN_ORDER(int, opened(folder, name, flags, mode));
}

#define OPEN(name)                                          \
    int name(const char *path, int flags, ...) {            \
        va_list rest;                                       \
        va_start(rest, flags);                              \
        int file = opening(AT_FDCWD, path, flags, rest);    \
        va_end(rest);                                       \
        return file;                                        \
    }
#define OPENAT(name)                                        \
    int name(int folder, const char *path, int flags, ...) { \
        va_list rest;                                       \
        va_start(rest, flags);                              \
        int file = opening(folder, path, flags, rest);      \
        va_end(rest);                                       \
        return file;                                        \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* --- writing ----------------------------------------------------------------------------------------------- */

static ssize_t written(int file, const void *bytes, size_t length, off_t offset, int at_place) {
    char path[PATH_MAX];
    int ours = path_of(file, path);
    if (ours && fails()) return -1;
    ssize_t done = at_place ? REAL(pwrite)(file, bytes, length, offset) : REAL(write)(file, bytes, length);
    if (done > 0 && ours) {
        off_t start = at_place ? offset : lseek(file, 0, SEEK_CUR) - done;
        record('W', inode_of(file), (uint64_t)start, bytes, (uint32_t)done, NULL);
    }
    return done;
}

ssize_t write(int file, const void *bytes, size_t length) {
    if (file == log_file || !root_length) return REAL(write)(file, bytes, length);
    char path[PATH_MAX];
    if (!path_of(file, path)) return REAL(write)(file, bytes, length); /* a pipe may block: not in order */
    IN_ORDER(ssize_t, written(file, bytes, length, 0, 0));
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    IN_ORDER(ssize_t, written(file, bytes, length, offset, 1));
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t offset) {
    IN_ORDER(ssize_t, written(file, bytes, length, offset, 1));
}

/* Each part by itself: a vector may be written in part as well. */
static ssize_t written_parts(int file, const struct iovec *parts, int count, off_t offset, int at_place) {
    ssize_t total = 0;
    for (int each = 0; each < count; each++) {
        ssize_t done = written(file, parts[each].iov_base, parts[each].iov_len, offset + total, at_place);
        if (done < 0) return total ? total : -1;
        total += done;
        if ((size_t)done < parts[each].iov_len) break;
    }
    return total;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    if (!root_length || !path_of(file, path)) return REAL(writev)(file, parts, count);
    IN_ORDER(ssize_t, written_parts(file, parts, count, 0, 0));
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    IN_ORDER(ssize_t, written_parts(file, parts, count, offset, 1));
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
    IN_ORDER(ssize_t, written_parts(file, parts, count, offset, 1));
}

static int cut(int file, off_t size) {
    char path[PATH_MAX];
    int ours = path_of(file, path);
    if (ours && fails()) return -1;
    int failed = REAL(ftruncate)(file, size);
    if (!failed && ours) record('T', inode_of(file), (uint64_t)size, NULL, 0, NULL);
    return failed;
}

int ftruncate(int file, off_t size) { IN_ORDER(int, cut(file, size)); }
int ftruncate64(int file, off_t size) { IN_ORDER(int, cut(file, size)); }

static int synced(int file, int (*sync)(int)) {
    char path[PATH_MAX];
    int ours = path_of(file, path);
    if (ours && fails()) return -1;
    int failed = sync(file);
    if (!failed && ours) record('S', inode_of(file), 0, NULL, 0, NULL);
    return failed;
}

int fsync(int file) { IN_ORDER(int, synced(file, REAL(fsync))); }
int fdatasync(int file) { IN_ORDER(int, synced(file, REAL(fdatasync))); }

void *mmap(void *where, size_t length, int protection, int flags, int file, off_t offset) {
    char path[PATH_MAX];
    void *place = REAL(mmap)(where, length, protection, flags, file, offset);
    if (file >= 0 && flags & MAP_SHARED && protection & PROT_WRITE && place != MAP_FAILED && path_of(file, path)) {
        pthread_mutex_lock(&order);
        record_paths('X', inode_of(file), path, NULL);
        pthread_mutex_unlock(&order);
    }
    return place;
}

/* --- names ------------------------------------------------------------------------------------------------- */

static int renamed(int old_folder, const char *old, int folder, const char *name, unsigned flags) {
    char from[PATH_MAX], to[PATH_MAX];
    int ours = resolved(old_folder, old, from) & resolved(folder, name, to);
    if (ours && fails()) return -1;
    int failed = REAL(renameat2)(old_folder, old, folder, name, flags);
    if (!failed && ours) record_paths('R', 0, from, to);
    return failed;
}

int rename(const char *old, const char *name) { IN_ORDER(int, renamed(AT_FDCWD, old, AT_FDCWD, name, 0)); }
int renameat(int from, const char *old, int to, const char *name) { IN_ORDER(int, renamed(from, old, to, name, 0)); }
int renameat2(int from, const char *old, int to, const char *name, unsigned flags) {
    IN_ORDER(int, renamed(from, old, to, name, flags));
}

static int linked(int old_folder, const char *old, int folder, const char *name, int flags) {
    char from[PATH_MAX], to[PATH_MAX];
    int ours = resolved(old_folder, old, from) & resolved(folder, name, to);
    if (ours && fails()) return -1;
    int failed = REAL(linkat)(old_folder, old, folder, name, flags);
    if (!failed && ours) record_paths('L', 0, from, to);
    return failed;
}

int link(const char *old, const char *name) { IN_ORDER(int, linked(AT_FDCWD, old, AT_FDCWD, name, 0)); }
int linkat(int from, const char *old, int to, const char *name, int flags) {
    IN_ORDER(int, linked(from, old, to, name, flags));
}

static int unlinked(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    int ours = resolved(folder, name, path);
    if (ours && fails()) return -1;
    int failed = REAL(unlinkat)(folder, name, flags);
    if (!failed && ours) record_paths(flags & AT_REMOVEDIR ? 'D' : 'U', 0, path, NULL);
    return failed;
}

int unlink(const char *name) { IN_ORDER(int, unlinked(AT_FDCWD, name, 0)); }
int unlinkat(int folder, const char *name, int flags) { IN_ORDER(int, unlinked(folder, name, flags)); }
int rmdir(const char *name) { IN_ORDER(int, unlinked(AT_FDCWD, name, AT_REMOVEDIR)); }

static int made(int folder, const char *name, mode_t mode) {
    char path[PATH_MAX];
    struct stat told;
    int ours = resolved(folder, name, path);
    if (ours && stat(path, &told) && fails()) return -1;
    int failed = REAL(mkdirat)(folder, name, mode);
    if (!failed && ours && !stat(path, &told)) record_paths('M', told.st_ino, path, NULL);
    return failed;
}

int mkdir(const char *name, mode_t mode) { IN_ORDER(int, made(AT_FDCWD, name, mode)); }
int mkdirat(int folder, const char *name, mode_t mode) { IN_ORDER(int, made(folder, name, mode)); }
