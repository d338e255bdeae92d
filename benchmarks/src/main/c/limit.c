/*
 * The limit of a fork and of clones: the same system calls and commits in C, and nothing else.
 *
 * A fork has two commits of SQLite. Each writes one row to its own table, and as many pages as strace shows for
 * basedisk. Locks, leases and reads of headers are those of basedisk. Its queries of the store and the file system
 * are left out: a program that is alone needs none.
 *
 *   limit fork DIR COUNT      forks COUNT disks in turn, after a warm-up in which SQLite's log wraps around
 *   limit overlays DIR COUNT  creates and fsyncs COUNT overlays in turn, like clones one by one
 *
 * Prints the seconds for each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { PAGES_OF_INTENT = 11, PAGES_OF_RECORD = 19, WARMUPS = 100, LONGEST_PATH = 4096, STAMP_LENGTH = 39, DESCRIPTION_LENGTH = 162 };

static void check(int ok, const char *what) {
  if (!ok) {
    fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
    exit(1);
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void name(char *path, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(path, LONGEST_PATH, format, arguments);
  va_end(arguments);
  errno = ENAMETOOLONG;
  check(length < LONGEST_PATH, path);
}

static void write_at(int file, const void *bytes, size_t count, off_t at) {
  check(pwrite(file, bytes, count, at) == (ssize_t)count, "pwrite");
}

/* Opens a path without following symbolic links. */
static int open_direct(const char *path, int flags) {
  struct open_how how = {.flags = (unsigned)flags | O_NOFOLLOW | O_CLOEXEC,
                         .mode = (flags & O_CREAT) != 0 ? 0600 : 0,
                         .resolve = RESOLVE_NO_SYMLINKS};
  int file = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  check(file >= 0, path);
  return file;
}

static void sync_path(const char *path) {
  int file = open_direct(path, O_RDONLY);
  check(fsync(file) == 0, "fsync");
  close(file);
}

static void read_header(const char *path) {
  static char header[4096];
  int file = open_direct(path, O_RDONLY);
  check(pread(file, header, sizeof header, 0) > 0, path);
  close(file);
}

/* The commits. */

/* The SQLite in basedisk's driver calls fsync. The system's SQLite may call fdatasync, which does less. */
int fdatasync(int file) {
  return fsync(file);
}

static struct {
  sqlite3 *database;
  sqlite3_stmt *begin, *commit, *change[PAGES_OF_RECORD];
} store;

static void check_store(int result) {
  if (result != SQLITE_OK && result != SQLITE_DONE) {
    fprintf(stderr, "limit: %s\n", sqlite3_errmsg(store.database));
    exit(1);
  }
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  check_store(sqlite3_prepare_v2(store.database, sql, -1, &statement, NULL));
  return statement;
}

static void run(sqlite3_stmt *statement) {
  check_store(sqlite3_step(statement));
  check_store(sqlite3_reset(statement));
}

static void open_store(const char *path) {
  char sql[128];
  check_store(sqlite3_open(path, &store.database));
  check_store(sqlite3_exec(store.database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL));
  for (int i = 0; i < PAGES_OF_RECORD; i++) {
    snprintf(sql, sizeof sql, "CREATE TABLE t%d (v INTEGER); INSERT INTO t%d VALUES (0)", i, i);
    check_store(sqlite3_exec(store.database, sql, NULL, NULL, NULL));
    snprintf(sql, sizeof sql, "UPDATE t%d SET v = v + 1", i);
    store.change[i] = prepare(sql);
  }
  store.begin = prepare("BEGIN IMMEDIATE");
  store.commit = prepare("COMMIT");
}

/* The stamp: read within the transaction, and written before and after the commit. */

static void read_stamp(const char *path) {
  static char stamp[STAMP_LENGTH];
  int file = open_direct(path, O_RDONLY);
  check(pread(file, stamp, sizeof stamp, 0) >= 0, path);
  close(file);
}

static void write_stamp(const char *path) {
  static const char stamp[STAMP_LENGTH] = "committed 0000000000000000000 00000000";
  int file = open_direct(path, O_WRONLY | O_CREAT);
  write_at(file, stamp, sizeof stamp, 0);
  close(file);
}

static void commit(int pages, const char *stamp) {
  run(store.begin);
  read_stamp(stamp);
  for (int i = 0; i < pages; i++) {
    run(store.change[i]);
  }
  write_stamp(stamp);
  run(store.commit);
  write_stamp(stamp);
}

/* Checks by QEMU's locks and by a lease that no process writes to the disk. */

static void lock(int file, int command, short type, off_t at) {
  struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
  check(fcntl(file, command, &range) == 0, "fcntl");
}

static void check_no_writer(int file) {
  static const off_t writers[] = {200, 101, 103};
  for (int i = 0; i < 3; i++) {
    lock(file, F_OFD_GETLK, F_WRLCK, writers[i]);
  }
  check(fcntl(file, F_SETSIG, SIGURG) == 0, "F_SETSIG");
  check(fcntl(file, F_SETLEASE, F_RDLCK) == 0 && fcntl(file, F_SETLEASE, F_UNLCK) == 0, "F_SETLEASE");
}

static int guard(const char *disk) {
  static const off_t shared[] = {100, 201, 203};
  int file = open_direct(disk, O_RDONLY | O_NONBLOCK);
  for (int i = 0; i < 3; i++) {
    lock(file, F_OFD_SETLK, F_RDLCK, shared[i]);
  }
  check_no_writer(file);
  return file;
}

static void copy_attributes(const char *from, const char *to) {
  struct stat status;
  int source = open_direct(from, O_RDONLY), target = open_direct(to, O_RDONLY);
  check(fstat(source, &status) == 0, from);
  check(fchown(target, status.st_uid, status.st_gid) == 0, "fchown");
  check(flistxattr(source, NULL, 0) >= 0 && flistxattr(target, NULL, 0) >= 0, "flistxattr");
  check(fchmod(target, 0600) == 0, "fchmod");
  close(source);
  close(target);
}

/* The writes of an overlay of 64 KiB clusters: refcount block and table, the end of the L1 table, header. */
static void write_overlay(const char *path) {
  static char header[256] = "QFI\373";
  int file = open_direct(path, O_WRONLY | O_CREAT | O_EXCL);
  write_at(file, "\0\1\0\1\0\1\0\1", 8, 131072);
  write_at(file, "\0\0\0\0\0\2\0\0", 8, 65536);
  write_at(file, "\0\0\0\0\0\0\0\0", 8, 196608);
  write_at(file, header, sizeof header, 0);
  close(file);
}

/* Makes a file a base: sets its description and removes its write permissions. */
static void seal(const char *base) {
  static const char description[DESCRIPTION_LENGTH] = "{}";
  int file = open_direct(base, O_RDONLY);
  check(fsetxattr(file, "user.basedisk", description, sizeof description, 0) == 0, "fsetxattr");
  close(file);
  file = open_direct(base, O_RDONLY);
  check(fchmod(file, 0400) == 0, "fchmod");
  close(file);
}

static void fork_disks(const char *dir, int count) {
  int all = WARMUPS + count;
  char disks[LONGEST_PATH], bases[LONGEST_PATH], disk[LONGEST_PATH], base[LONGEST_PATH];
  char temporary[LONGEST_PATH], path[LONGEST_PATH], operations[LONGEST_PATH];
  char stamp[LONGEST_PATH];
  name(disks, "%s/disks", dir);
  name(bases, "%s/bases", dir);
  check(mkdir(disks, 0700) == 0 && mkdir(bases, 0700) == 0, dir);
  name(path, "%s/store", dir);
  open_store(path);
  name(stamp, "%s/stamp", dir);
  write_stamp(stamp);
  name(operations, "%s/operations.lock", dir);
  close(open(operations, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  for (int i = 0; i < all; i++) {
    name(disk, "%s/%d", disks, i);
    check(mkdir(disk, 0700) == 0, disk);
    name(disk, "%s/%d/disk.qcow2", disks, i);
    write_overlay(disk);
    sync_path(disk);
  }
  sync_path(disks);
  double start = 0;
  for (int i = 0; i < all; i++) {
    if (i == WARMUPS) {
      start = now();
    }
    name(path, "%s/%d", disks, i);
    name(disk, "%s/disk.qcow2", path);
    name(temporary, "%s/.disk.tmp", path);
    name(base, "%s/%d.qcow2", bases, i);
    int guarded = guard(disk);
    read_header(disk);
    read_header(disk);
    int operation = open_direct(operations, O_RDWR);
    lock(operation, F_OFD_SETLK, F_WRLCK, i);
    commit(PAGES_OF_INTENT, stamp);
    check(link(disk, base) == 0, "link");
    sync_path(bases);
    write_overlay(temporary);
    copy_attributes(disk, temporary);
    sync_path(temporary);
    check(rename(temporary, disk) == 0, "rename");
    check_no_writer(guarded);
    sync_path(path);
    seal(base);
    check_no_writer(guarded);
    read_header(base);
    sync_path(base);
    commit(PAGES_OF_RECORD, stamp);
    close(operation);
    close(guarded);
  }
  printf("%.9f\n", (now() - start) / count);
}

/* Creates overlays, each in directories of its own like those of a box, durable with their names. */
static void create_overlays(const char *dir, int count) {
  char box[LONGEST_PATH], disks[LONGEST_PATH], disk[LONGEST_PATH];
  double start = now();
  for (int i = 0; i < count; i++) {
    name(box, "%s/%d", dir, i);
    name(disks, "%s/disks", box);
    name(disk, "%s/disk.qcow2", disks);
    check(mkdir(box, 0711) == 0 && mkdir(disks, 0711) == 0, disks);
    write_overlay(disk);
    sync_path(disk);
    sync_path(disks);
    sync_path(box);
    sync_path(dir);
  }
  printf("%.9f\n", (now() - start) / count);
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "fork") == 0) {
    fork_disks(argv[2], atoi(argv[3]));
  } else if (argc == 4 && strcmp(argv[1], "overlays") == 0) {
    create_overlays(argv[2], atoi(argv[3]));
  } else {
    fprintf(stderr, "usage: limit fork|overlays DIR COUNT\n");
    return 2;
  }
  return 0;
}
