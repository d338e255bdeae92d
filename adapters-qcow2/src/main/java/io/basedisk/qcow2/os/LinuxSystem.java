package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.sun.jna.Platform;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Linux on 64-bit x86 and ARM, through its C library. */
final class LinuxSystem implements OperatingSystem {

  private static final Path PROC = Path.of("/proc");

  /** Errors that mean "no attribute possible". None of them is an I/O error. */
  private static final ImmutableSet<Integer> WITHOUT_ATTRIBUTE =
      ImmutableSet.of(
          LibC.EOPNOTSUPP, LibC.EPERM, LibC.EACCES, LibC.ENOSPC, LibC.EDQUOT, LibC.E2BIG);

  private final SystemCalls calls;
  private final LinuxOpener opener;
  private final LinuxNames names;
  private final LinuxSync sync;

  private LinuxSystem(SystemCalls calls) {
    this.calls = calls;
    this.opener = new LinuxOpener(calls);
    this.names = new LinuxNames(calls);
    this.sync = new LinuxSync(calls, System.getProperty("os.version", ""));
  }

  /** {@return the system; empty on another operating system, or if its calls can't be loaded} */
  static Optional<LinuxSystem> load() {
    return Loaded.SYSTEM;
  }

  /** Loads the calls once: loading takes longer than most calls. */
  private static final class Loaded {
    static final Optional<LinuxSystem> SYSTEM = loadCalls();
  }

  private static Optional<LinuxSystem> loadCalls() {
    if (!Platform.isLinux() || !Platform.is64Bit() || !(Platform.isIntel() || Platform.isARM())) {
      return Optional.empty();
    }
    try {
      LinuxSystem system = on(new LinkedLibC());
      // A sandbox may refuse statx(2), and an old C library may lack it.
      return system.status(Path.of("/")).isPresent() ? Optional.of(system) : Optional.empty();
    } catch (LinkageError | IOException e) {
      return Optional.empty();
    }
  }

  static LinuxSystem on(LibC libc) {
    return new LinuxSystem(new SystemCalls(libc));
  }

  @Override
  public Optional<FileStatus> status(Path path) throws IOException {
    return Statx.find(calls, path).map(Statx::status);
  }

  @Override
  public Optional<FileStatus> directStatus(Path path) throws IOException {
    try (Descriptor file = opener.open(path, Access.NONE)) {
      return Optional.of(file.status());
    } catch (SystemCallException e) {
      if (e.errno() == LibC.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public ImmutableList<Path> list(Path directory) throws IOException {
    try (Descriptor opened = opener.openExisting(directory, Access.READ)) {
      if (opened.status().type() != FileType.DIRECTORY) {
        throw new FileSystemException(directory.toString(), null, "not a directory");
      }
      ImmutableList.Builder<Path> paths = ImmutableList.builder();
      try (DirectoryStream<Path> names =
          Files.newDirectoryStream(LinuxHeldFile.openable(opened, directory))) {
        names.forEach(name -> paths.add(directory.resolve(name.getFileName())));
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      return paths.build();
    }
  }

  @Override
  public boolean link(Path existing, Path added) throws IOException {
    return names.link(existing, added);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    names.rename(from, to);
  }

  @Override
  public boolean renameToNew(Path existing, Path added) throws IOException {
    return names.renameToNew(existing, added);
  }

  @Override
  public Optional<FileStatus> remove(Path path) throws IOException {
    return names.remove(path);
  }

  @Override
  public void createDirectory(Path directory, int mode) throws IOException {
    names.createDirectory(directory, mode);
  }

  @Override
  public HeldFile create(Path file) throws IOException {
    Descriptor descriptor = opener.create(file);
    return LinuxHeldFile.of(descriptor, file);
  }

  @Override
  public byte[] readStart(Path file, int limit) throws IOException {
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      return descriptor.readStart(limit);
    }
  }

  @Override
  public void overwriteStart(Path file, byte[] bytes) throws IOException {
    try (Descriptor descriptor = opener.open(file, Access.WRITE_OR_CREATE)) {
      descriptor.write(bytes, 0);
    }
  }

  @Override
  public boolean patch(Path file, long inode, long position, byte[] bytes) throws IOException {
    return new LinuxPatch(file, inode, opener).write(position, bytes);
  }

  @Override
  public Optional<byte[]> userAttribute(Path file, String name) throws IOException {
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      return new ExtendedAttributes(descriptor).find(ExtendedAttributes.USER + name);
    }
  }

  @Override
  public boolean setUserAttribute(Path file, String name, byte[] value) throws IOException {
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      new ExtendedAttributes(descriptor).set(ExtendedAttributes.USER + name, value);
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
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      new LinuxSeal(descriptor).apply(owner);
    }
  }

  @Override
  public void setOwner(Path file, int owner, int group) throws IOException {
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      descriptor.setOwner(owner, group);
    }
  }

  @Override
  public void setMode(Path path, int mode) throws IOException {
    try (Descriptor file = opener.open(path, Access.READ)) {
      file.setMode(mode);
    }
  }

  @Override
  public void limitMode(Path path, int allowed) throws IOException {
    try (Descriptor file = opener.openExisting(path, Access.READ)) {
      FileStatus status = requireFileOrDirectory(path, file.status());
      file.setMode(status.mode() & allowed);
    }
  }

  @Override
  public void setModifiedAt(Path file, Instant time) throws IOException {
    try (Descriptor descriptor = opener.openRegular(file, Access.READ)) {
      descriptor.setModifiedAt(time);
    }
  }

  @Override
  public void copy(Path source, Path target, Progress progress) throws IOException {
    try (Descriptor from = opener.openRegular(source, Access.READ);
        Descriptor to = opener.create(target)) {
      try {
        LinuxCopy copy = new LinuxCopy(source, from, to);
        copy.content(progress);
        copy.attributes(from.status());
      } catch (Throwable failure) {
        try {
          names.remove(target);
        } catch (IOException e) {
          failure.addSuppressed(e);
        }
        throw failure;
      }
    }
  }

  @Override
  public void copyContent(Path source, Path target, Progress progress) throws IOException {
    try (Descriptor from = opener.open(source, Access.READ);
        Descriptor to = opener.open(target, Access.WRITE)) {
      new LinuxCopy(source, from, to).content(progress);
    }
  }

  @Override
  public void copyAttributes(Path source, Path target) throws IOException {
    try (Descriptor from = opener.openExisting(source, Access.READ);
        Descriptor to = opener.openExisting(target, Access.READ)) {
      FileStatus status = requireFileOrDirectory(source, from.status());
      requireFileOrDirectory(target, to.status());
      new LinuxCopy(source, from, to).attributes(status);
    }
  }

  private static FileStatus requireFileOrDirectory(Path path, FileStatus status)
      throws IOException {
    if (status.type() == FileType.OTHER) {
      throw new FileSystemException(path.toString(), null, "neither a file nor a directory");
    }
    return status;
  }

  @Override
  public void sync(Path path) throws IOException {
    sync.one(path);
  }

  @Override
  public boolean syncTogether(ImmutableList<Path> paths) throws IOException {
    return sync.together(paths);
  }

  @Override
  public Optional<Closeable> tryLock(Path file, long position) throws IOException {
    return tryLock(file, locks -> locks.tryLock(position));
  }

  @Override
  public Optional<Closeable> tryLockAll(Path file) throws IOException {
    return tryLock(file, LinuxLocks::tryLockAll);
  }

  /** Takes a lock of a descriptor. */
  @FunctionalInterface
  private interface Locking {
    boolean tryOn(LinuxLocks locks) throws IOException;
  }

  private Optional<Closeable> tryLock(Path file, Locking locking) throws IOException {
    // A description for each lock: locks of the same description do not exclude each other.
    Descriptor descriptor = opener.open(file, Access.READ_WRITE);
    boolean locked = false;
    try {
      locked = locking.tryOn(new LinuxLocks(descriptor));
    } finally {
      if (!locked) {
        descriptor.close();
      }
    }
    return locked ? Optional.of(descriptor) : Optional.empty();
  }

  @Override
  public FileProbe probe(Path file) throws IOException {
    Descriptor descriptor = opener.openExisting(file, Access.READ);
    return new LinuxProbe(
        descriptor,
        LinuxOpener.statusOfFileOrDevice(file, descriptor).identity(),
        new ProcessTable(calls, PROC));
  }

  @Override
  public ClaimedDevice claim(Path device) throws IOException {
    return LinuxDevice.claim(opener, device);
  }

  @Override
  public ImmutableSet<FileIdentity> devicesBelow(FileIdentity device) {
    return BlockDevices.below(device);
  }

  @Override
  public PinnedFile pin(Path path) throws IOException {
    Descriptor descriptor = opener.openExisting(path, Access.NONE);
    try {
      // No link was followed, so this is the real path.
      Path real = path.toAbsolutePath().normalize();
      return new LinuxPinnedFile(LinuxHeldFile.of(descriptor, path), real, descriptor.status());
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  @Override
  public SparseFile sparse(Path file) throws IOException {
    Descriptor descriptor = opener.openExisting(file, Access.READ);
    return new LinuxSparseFile(descriptor, LinuxOpener.statusOfRegularFile(file, descriptor));
  }

  @Override
  public Optional<BlockSharing> sharing(Path source, Path target) throws IOException {
    Descriptor from = opener.openExisting(source, Access.READ);
    try {
      FileIdentity identity = LinuxOpener.statusOfRegularFile(source, from).identity();
      Descriptor to = opener.openExisting(target, Access.WRITE);
      return Optional.of(new LinuxBlockSharing(from, identity, to));
    } catch (IOException e) {
      from.close();
      throw e;
    }
  }
}
