package io.basedisk.qcow2.os;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the C library on 64-bit Linux, with their own names and arguments. Each returns -1
 * and sets {@code errno} when it fails.
 *
 * <p>Paths are bytes with a zero at the end: JNA would replace characters outside its encoding, and
 * so name another file. After a -1, the caller reads {@code errno} from {@link
 * com.sun.jna.Native#getLastError}; JNA itself would also throw for a value left by a successful
 * call. A variadic function has one method for each set of arguments: on 64-bit Linux, on Intel and
 * ARM, they use the same registers.
 */
interface LibC {

  int AT_FDCWD = -100;
  int AT_SYMLINK_NOFOLLOW = 0x100;
  int AT_REMOVEDIR = 0x200;
  int AT_EMPTY_PATH = 0x1000;
  int AT_STATX_DONT_SYNC = 0x4000;

  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_RDWR = 2;
  int O_CREAT = 0100;
  int O_EXCL = 0200;
  int O_NONBLOCK = 04000;
  int O_CLOEXEC = 02000000;
  int O_PATH = 010000000;

  int EPERM = 1;
  int ENOENT = 2;
  int EINTR = 4;
  int ENXIO = 6;
  int E2BIG = 7;
  int EAGAIN = 11;
  int EACCES = 13;
  int EBUSY = 16;
  int EEXIST = 17;
  int EXDEV = 18;
  int ENOTDIR = 20;
  int EISDIR = 21;
  int EINVAL = 22;
  int ENOSPC = 28;
  int EMLINK = 31;
  int ERANGE = 34;
  int ENOLCK = 37;
  int ENOSYS = 38;
  int ELOOP = 40;
  int ENODATA = 61;
  int EOPNOTSUPP = 95;
  int EDQUOT = 122;

  int FALLOC_FL_KEEP_SIZE = 0x01;
  int FALLOC_FL_PUNCH_HOLE = 0x02;
  int FALLOC_FL_ZERO_RANGE = 0x10;

  int RENAME_NOREPLACE = 1;

  /** Number of openat2(2), for which the C library has no function. */
  long SYS_OPENAT2 = 437;

  long RESOLVE_NO_SYMLINKS = 0x04;

  /** Keeps a file time unchanged. */
  long UTIME_OMIT = (1L << 30) - 2;

  short SEEK_SET = 0;
  int SEEK_END = 2;
  int SEEK_DATA = 3;
  int SEEK_HOLE = 4;

  int F_SETSIG = 10;
  int F_OFD_GETLK = 36;
  int F_OFD_SETLK = 37;
  int F_SETLEASE = 1024;
  short F_RDLCK = 0;
  short F_WRLCK = 1;
  short F_UNLCK = 2;

  int SIGURG = 23;

  /** {@code _IOW(0x94, 9, int)}. */
  long FICLONE = 0x40049409L;

  /** {@code _IOW(0x94, 13, struct file_clone_range)}. */
  long FICLONERANGE = 0x4020940dL;

  int SYNC_FILE_RANGE_WAIT_BEFORE = 1;

  int STATX_BASIC_STATS = 0x7ff;
  int STATX_BLOCKS = 0x400;

  // File system types, from linux/magic.h.
  long EXT_SUPER_MAGIC = 0xEF53;
  long XFS_SUPER_MAGIC = 0x58465342;
  long BTRFS_SUPER_MAGIC = 0x9123683EL;
  long MSDOS_SUPER_MAGIC = 0x4d44;
  long EXFAT_SUPER_MAGIC = 0x2011BAB0;
  long NFS_SUPER_MAGIC = 0x6969;
  long SMB_SUPER_MAGIC = 0x517B;
  long CIFS_SUPER_MAGIC = 0xFF534D42L;
  long SMB2_SUPER_MAGIC = 0xFE534D42L;

  /** Makes a system call with a directory, a path, a structure and its size. */
  long syscall(long number, long directory, byte[] path, byte[] structure, long size);

  int openat(int directory, byte[] path, int flags, int mode);

  int close(int descriptor);

  int statx(int directory, byte[] path, int flags, int mask, byte[] result);

  int fstatfs(int descriptor, byte[] result);

  int linkat(int fromDirectory, byte[] existing, int toDirectory, byte[] added, int flags);

  int renameat(int fromDirectory, byte[] from, int toDirectory, byte[] to);

  int unlinkat(int directory, byte[] path, int flags);

  int mkdirat(int directory, byte[] path, int mode);

  int renameat2(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

  int fchmod(int descriptor, int mode);

  int fchown(int descriptor, int owner, int group);

  /** Takes two {@code struct timespec}: last access and last modification. */
  int futimens(int descriptor, byte[] times);

  int fsync(int descriptor);

  int syncfs(int descriptor);

  int sync_file_range(int descriptor, long offset, long length, int flags);

  int ftruncate(int descriptor, long length);

  int fallocate(int descriptor, int mode, long offset, long length);

  long lseek(int descriptor, long offset, int whence);

  long pread(int descriptor, Pointer buffer, long length, long offset);

  long pwrite(int descriptor, Pointer buffer, long length, long offset);

  int ioctl(int descriptor, long request, int argument);

  int ioctl(int descriptor, long request, Pointer argument);

  int fcntl(int descriptor, int command, int argument);

  int fcntl(int descriptor, int command, Pointer argument);

  long flistxattr(int descriptor, byte @Nullable [] names, long size);

  long fgetxattr(int descriptor, byte[] name, byte @Nullable [] value, long size);

  int fsetxattr(int descriptor, byte[] name, byte[] value, long size, int flags);

  int fremovexattr(int descriptor, byte[] name);

  String strerror(int errno);
}
