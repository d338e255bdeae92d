/*
 * The limit of a fork and of clones: the same system calls in C, and nothing else.
 *
 * A fork's two commits are those of a WAL-like file: frames of 4096 bytes behind headers of 24, appended
 * with a pwrite each as SQLite does, then one fsync. How many frames, is what strace shows of basedisk's.
 *
 *   limit fork DIR COUNT      forks COUNT disks in turn
 *   limit overlays DIR COUNT  creates and fsyncs COUNT overlays in turn, as clones one by one would
 *
 * Prints the seconds that one takes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES_OF_INTENT = 9, FRAMES_OF_RECORD = 19, PAGE = 4096, FRAME_HEADER = 24, LONGEST_PATH = 4096 };

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

static void sync_path(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  check(file >= 0, path);
  check(fsync(file) == 0, "fsync");
  close(file);
}

static void commit(int log, off_t *end, int frames) {
  static char page[PAGE], header[FRAME_HEADER];
  for (int i = 0; i < frames; i++) {
    write_at(log, header, sizeof header, *end);
    write_at(log, page, sizeof page, *end + FRAME_HEADER);
    *end += FRAME_HEADER + PAGE;
  }
  check(fsync(log) == 0, "fsync");
}

/* The writes of an overlay of 64 KiB clusters: refcount block and table, the end of the L1 table, header. */
static void write_overlay(const char *path) {
  static char header[256] = "QFI\373";
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  check(file >= 0, path);
  write_at(file, "\0\1\0\1\0\1\0\1", 8, 131072);
  write_at(file, "\0\0\0\0\0\2\0\0", 8, 65536);
  write_at(file, "\0\0\0\0\0\0\0\0", 8, 196608);
  write_at(file, header, sizeof header, 0);
  close(file);
}

static void fork_disks(const char *dir, int count) {
  char disks[LONGEST_PATH], bases[LONGEST_PATH], disk[LONGEST_PATH], base[LONGEST_PATH];
  char temporary[LONGEST_PATH], path[LONGEST_PATH];
  off_t end = 0;
  name(disks, "%s/disks", dir);
  name(bases, "%s/bases", dir);
  check(mkdir(disks, 0700) == 0 && mkdir(bases, 0700) == 0, dir);
  name(path, "%s/log", dir);
  int log = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  check(log >= 0, path);
  for (int i = 0; i < count; i++) {
    name(disk, "%s/%d", disks, i);
    check(mkdir(disk, 0700) == 0, disk);
    name(disk, "%s/%d/disk.qcow2", disks, i);
    write_overlay(disk);
    sync_path(disk);
  }
  sync_path(disks);
  double start = now();
  for (int i = 0; i < count; i++) {
    name(path, "%s/%d", disks, i);
    name(disk, "%s/disk.qcow2", path);
    name(temporary, "%s/.disk.tmp", path);
    name(base, "%s/%d.qcow2", bases, i);
    commit(log, &end, FRAMES_OF_INTENT);
    check(link(disk, base) == 0, "link");
    sync_path(bases);
    write_overlay(temporary);
    sync_path(temporary);
    check(rename(temporary, disk) == 0, "rename");
    sync_path(path);
    check(chmod(base, 0400) == 0, "chmod");
    sync_path(base);
    commit(log, &end, FRAMES_OF_RECORD);
  }
  printf("%.9f\n", (now() - start) / count);
}

/* Each with directories of its own, as a box has them, and durable with its names. */
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
