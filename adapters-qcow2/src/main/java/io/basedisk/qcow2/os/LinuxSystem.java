package io.basedisk.qcow2.os;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Linux on 64-bit x86 and ARM, through its C library. */
final class LinuxSystem implements OperatingSystem {

  /** The flag of open(2) whose value depends on the architecture. */
  static final int O_NOFOLLOW = Platform.isARM() ? 0100000 : 0400000;

  private static final Path PROC = Path.of("/proc");

  private static final int COPY_BUFFER_BYTES = 1 << 20;

  /** Where a link is refused with EPERM because there is no such thing. */
  private static final ImmutableSet<Long> WITHOUT_LINKS =
      ImmutableSet.of(LibC.MSDOS_SUPER_MAGIC, LibC.EXFAT_SUPER_MAGIC);

  /**
   * Where syncfs(2) is known to write out and report everything. It does nothing on some others
   * (FUSE), and what it does on the rest was not looked into.
   */
  private static final ImmutableSet<Long> WITH_SYNCFS =
      ImmutableSet.of(LibC.EXT_SUPER_MAGIC, LibC.XFS_SUPER_MAGIC, LibC.BTRFS_SUPER_MAGIC);

  /** Why a file may be without an attribute: none of these is an error of its device. */
  private static final ImmutableSet<Integer> WITHOUT_ATTRIBUTE =
      ImmutableSet.of(
          LibC.EOPNOTSUPP, LibC.EPERM, LibC.EACCES, LibC.ENOSPC, LibC.EDQUOT, LibC.E2BIG);

  private static final String USER = "user.";

  private final SystemCalls calls;
  private final boolean syncfsReportsErrors;

  private LinuxSystem(SystemCalls calls, boolean syncfsReportsErrors) {
    this.calls = calls;
    this.syncfsReportsErrors = syncfsReportsErrors;
  }

  /** Returns the system's calls, or empty if this is another system or they can't be had. */
  static Optional<LinuxSystem> load() {
    return Loaded.SYSTEM;
  }

  /** The calls as they were loaded first: to load them takes longer than to make most of them. */
  private static final class Loaded {
    static final Optional<LinuxSystem> SYSTEM = loadCalls();
  }

  private static Optional<LinuxSystem> loadCalls() {
    if (!Platform.isLinux() || !Platform.is64Bit() || !(Platform.isIntel() || Platform.isARM())) {
      return Optional.empty();
    }
    try {
      LinuxSystem system = on(Native.load(LibC.class));
      // A sandbox may refuse statx(2), and an old C library lack it.
      return system.status(Path.of("/")).isPresent() ? Optional.of(system) : Optional.empty();
    } catch (LinkageError | IOException e) {
      return Optional.empty();
    }
  }

  static LinuxSystem on(LibC libc) {
    return new LinuxSystem(
        new SystemCalls(libc), reportsErrorsOfSyncfs(System.getProperty("os.version", "")));
  }

  /** Returns whether a kernel is Linux 5.8 or later: before, syncfs(2) lost most errors. */
  static boolean reportsErrorsOfSyncfs(String release) {
    Matcher version = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*").matcher(release);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(version.group(2)) >= 8);
  }

  private Descriptor open(Path path, Access access) throws IOException {
    return Descriptor.open(calls, path, access);
  }

  @Override
  public Optional<FileStatus> status(Path path) throws IOException {
    return Statx.find(calls, path).map(Statx::status);
  }

  @Override
  public boolean link(Path existing, Path added) throws IOException {
    byte[] from = SystemCalls.bytesOf(existing);
    byte[] to = SystemCalls.bytesOf(added);
    try {
      calls.make(added, libc -> libc.link(from, to));
      return true;
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case LibC.EXDEV, LibC.EOPNOTSUPP, LibC.EMLINK -> false;
        case LibC.EPERM -> refusedForWantOfLinks(existing, e);
        case LibC.EEXIST -> throw new FileAlreadyExistsException(added.toString());
        default -> throw e;
      };
    }
  }

  /**
   * Returns false if a file system without links is why a link was refused.
   *
   * <p>The same error stands for a file that is immutable, append-only, or another user's and
   * protected by {@code fs.protected_hardlinks}: a copy would get around what somebody decided, so
   * those are errors. Only the type of the file system tells them apart.
   */
  private boolean refusedForWantOfLinks(Path existing, SystemCallException refusal)
      throws IOException {
    try (Descriptor file = open(existing, Access.READ)) {
      if (WITHOUT_LINKS.contains(file.fileSystemType())) {
        return false;
      }
    }
    throw refusal;
  }

  @Override
  public boolean renameToNew(Path existing, Path added) throws IOException {
    byte[] from = SystemCalls.bytesOf(existing);
    byte[] to = SystemCalls.bytesOf(added);
    try {
      calls.make(
          added,
          libc -> libc.renameat2(LibC.AT_FDCWD, from, LibC.AT_FDCWD, to, LibC.RENAME_NOREPLACE));
      return true;
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case LibC.EEXIST -> throw new FileAlreadyExistsException(added.toString());
        // The file system, or a kernel before 3.15, does not know the flag.
        case LibC.EINVAL, LibC.ENOSYS -> false;
        default -> throw e;
      };
    } catch (UnsatisfiedLinkError e) {
      return false; // A C library before 2.28.
    }
  }

  @Override
  public byte[] readStart(Path file, int most) throws IOException {
    try (Descriptor descriptor = openRegular(file, Access.READ)) {
      return descriptor.readStart(most);
    }
  }

  @Override
  public void overwriteStart(Path file, byte[] bytes) throws IOException {
    try (Descriptor descriptor = open(file, Access.WRITE_OR_CREATE)) {
      descriptor.write(bytes, 0);
    }
  }

  @Override
  public boolean patch(Path file, long inode, long position, byte[] bytes) throws IOException {
    return new LinuxPatch(file, inode, access -> openExisting(file, access)).write(position, bytes);
  }

  @Override
  public Optional<byte[]> userAttribute(Path file, String name) throws IOException {
    try (Descriptor descriptor = openRegular(file, Access.READ)) {
      return descriptor.attribute(USER + name);
    }
  }

  @Override
  public boolean setUserAttribute(Path file, String name, byte[] value) throws IOException {
    try (Descriptor descriptor = openRegular(file, Access.READ)) {
      descriptor.setAttribute(USER + name, value);
      return true;
    } catch (SystemCallException e) {
      if (WITHOUT_ATTRIBUTE.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void seal(Path file, int owner) throws IOException {
    try (Descriptor descriptor = openRegular(file, Access.READ)) {
      new LinuxSeal(descriptor).apply(owner);
    }
  }

  @Override
  public void setMode(Path path, int mode) throws IOException {
    try (Descriptor file = open(path, Access.READ)) {
      file.setMode(mode);
    }
  }

  @Override
  public void copyContent(Path source, Path target) throws IOException {
    try (Descriptor from = open(source, Access.READ);
        Descriptor to = open(target, Access.WRITE)) {
      if (!to.cloneFrom(from)) {
        // What a clone that failed half-way left behind would show where the source has holes.
        to.setLength(0);
        copyData(source, from, to);
      }
    }
  }

  private static void copyData(Path source, Descriptor from, Descriptor to) throws IOException {
    long length = from.length();
    try (Memory buffer = new Memory(COPY_BUFFER_BYTES)) {
      OptionalLong data = from.dataFrom(0);
      while (data.isPresent() && data.getAsLong() < length) {
        long end = Math.min(from.holeFrom(data.getAsLong()), length);
        copyRange(source, from, to, buffer, data.getAsLong(), end);
        data = end < length ? from.dataFrom(end) : OptionalLong.empty();
      }
    }
    to.setLength(length);
  }

  private static void copyRange(
      Path source, Descriptor from, Descriptor to, Memory buffer, long start, long end)
      throws IOException {
    long position = start;
    while (position < end) {
      long read = from.read(buffer, Math.min(end - position, buffer.size()), position);
      if (read == 0) {
        throw new FileSystemException(source.toString(), null, "it shrank while it was copied");
      }
      to.write(buffer, read, position);
      position += read;
    }
  }

  @Override
  public void copyAttributes(Path source, Path target) throws IOException {
    try (Descriptor from = open(source, Access.READ);
        Descriptor to = open(target, Access.READ)) {
      FileStatus status = from.status();
      // A new owner takes set-id bits and capabilities away, and an access list changes the
      // group's bits: so the owner comes first, and the mode last.
      to.setOwner(status.owner(), status.group());
      copyExtendedAttributes(from, to);
      to.setMode(status.mode());
    }
  }

  private static void copyExtendedAttributes(Descriptor from, Descriptor to) throws IOException {
    ImmutableSet<String> wanted =
        from.attributeNames().stream()
            .filter(name -> !name.startsWith(USER))
            .collect(toImmutableSet());
    for (String name : to.attributeNames()) {
      if (!wanted.contains(name) && !isOfTheSystem(name)) {
        to.removeAttribute(name);
      }
    }
    for (String name : wanted) {
      Optional<byte[]> value = from.attribute(name);
      // A security label that is the same already may be one that nobody may set.
      if (value.isPresent() && !hasAttribute(to, name, value.get())) {
        to.setAttribute(name, value.get());
      }
    }
  }

  private static boolean hasAttribute(Descriptor file, String name, byte[] value)
      throws IOException {
    Optional<byte[]> present = file.attribute(name);
    return present.isPresent() && Arrays.equals(present.get(), value);
  }

  /**
   * Returns whether an attribute is one that the system gives each file of its own accord. An
   * access list is not: one inherited from the directory would let in whom the source keeps out.
   */
  private static boolean isOfTheSystem(String name) {
    return !name.startsWith(USER)
        && !name.startsWith("trusted.")
        && !name.equals(AccessList.ATTRIBUTE);
  }

  @Override
  public void sync(Path path) throws IOException {
    try (Descriptor file = open(path, Access.READ)) {
      file.sync();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>What syncfs(2) reports is kept once for the file system, and told to whoever asks first: if
   * another process's call came between the failed write and ours, ours is told nothing. Therefore
   * each file is asked for its own failed writes as well, which costs no disk access. And it
   * returns 0 on a file system that an error has made read-only, and before Linux 5.17 when the
   * journal's commit failed; fsync(2) of one of its files fails then.
   */
  @Override
  public boolean syncTogether(ImmutableList<Path> paths) throws IOException {
    if (!syncfsReportsErrors) {
      return false;
    }
    try (Descriptor any = open(paths.get(0), Access.READ)) {
      if (!WITH_SYNCFS.contains(any.fileSystemType())) {
        return false;
      }
      any.syncFileSystem();
      any.sync();
    }
    for (Path path : paths) {
      try (Descriptor file = open(path, Access.READ)) {
        file.awaitWrittenBack();
      }
    }
    return true;
  }

  @Override
  public Optional<Closeable> tryLock(Path file, long position) throws IOException {
    return tryLock(file, descriptor -> descriptor.tryLock(position));
  }

  @Override
  public Optional<Closeable> tryLockAll(Path file) throws IOException {
    return tryLock(file, Descriptor::tryLockAll);
  }

  /** Takes a lock of a file through a descriptor of its own. */
  @FunctionalInterface
  private interface Locking {
    boolean tryOn(Descriptor descriptor) throws IOException;
  }

  private Optional<Closeable> tryLock(Path file, Locking locking) throws IOException {
    // One description each: locks of the same description do not exclude one another.
    Descriptor descriptor = open(file, Access.READ_WRITE);
    boolean locked = false;
    try {
      locked = locking.tryOn(descriptor);
    } finally {
      if (!locked) {
        descriptor.close();
      }
    }
    return locked ? Optional.of(descriptor) : Optional.empty();
  }

  @Override
  public FileProbe probe(Path file) throws IOException {
    Descriptor descriptor = openExisting(file, Access.READ);
    return new LinuxProbe(
        descriptor,
        statusOfRegularFile(file, descriptor).identity(),
        new ProcessTable(calls, PROC));
  }

  @Override
  public PinnedFile pin(Path path) throws IOException {
    Descriptor descriptor = openExisting(path, Access.NONE);
    if (Files.isSymbolicLink(LinuxPinnedFile.link(descriptor))) {
      return LinuxPinnedFile.of(descriptor);
    }
    // Without /proc, what a descriptor leads to can be neither told nor opened.
    descriptor.close();
    return OperatingSystem.portable().pin(path);
  }

  @Override
  public SparseFile sparse(Path file) throws IOException {
    Descriptor descriptor = openExisting(file, Access.READ);
    return new LinuxSparseFile(descriptor, statusOfRegularFile(file, descriptor));
  }

  @Override
  public Optional<BlockSharing> sharing(Path source, Path target) throws IOException {
    Descriptor from = openExisting(source, Access.READ);
    try {
      FileIdentity identity = statusOfRegularFile(source, from).identity();
      Descriptor to = openExisting(target, Access.WRITE);
      return Optional.of(new LinuxBlockSharing(from, identity, to));
    } catch (IOException e) {
      from.close();
      throw e;
    }
  }

  private Descriptor openRegular(Path path, Access access) throws IOException {
    Descriptor descriptor = openExisting(path, access);
    statusOfRegularFile(path, descriptor);
    return descriptor;
  }

  private Descriptor openExisting(Path path, Access access) throws IOException {
    try {
      return open(path, access);
    } catch (SystemCallException e) {
      throw e.errno() == LibC.ENOENT ? new NoSuchFileException(path.toString()) : e;
    }
  }

  /** Returns what a file is, once it is seen to be a regular one; otherwise closes it. */
  private static FileStatus statusOfRegularFile(Path file, Descriptor descriptor)
      throws IOException {
    boolean regular = false;
    try {
      FileStatus status = descriptor.status();
      regular = status.isRegularFile();
      if (!regular) {
        throw new FileSystemException(file.toString(), null, "not a regular file");
      }
      return status;
    } finally {
      if (!regular) {
        descriptor.close();
      }
    }
  }
}
