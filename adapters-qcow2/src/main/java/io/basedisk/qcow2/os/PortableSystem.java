package io.basedisk.qcow2.os;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * Any Unix, in pure Java: for macOS, and if the C library can't be loaded.
 *
 * <p>Weaker than {@link LinuxSystem}. It does not know the space that a file occupies, nor the
 * processes that use it. It recognizes one reason why a hard link is impossible: two file systems.
 * It sees only extended attributes in the name space {@code user.}, and no access lists. Its locks
 * need {@link PortableLocks}.
 */
final class PortableSystem implements OperatingSystem {

  private static final int OWNER_WRITES = 0200;
  private static final int OWNER_READS = 0400;
  private static final int GROUP_AND_OTHERS_READ = 0044;
  private static final int ALL_WRITE = 0222;

  @Override
  public Optional<FileStatus> status(Path path) throws IOException {
    return UnixView.find(path);
  }

  @Override
  public void requireUnshared(Path path) throws IOException {
    UnsharedPaths.require(path);
  }

  @Override
  public Optional<FileStatus> directStatus(Path path) throws IOException {
    UnsharedPaths.requireDirect(path);
    return UnixView.find(path);
  }

  @Override
  public ImmutableList<Path> list(Path directory) throws IOException {
    UnsharedPaths.requireDirect(directory);
    if (!UnixView.require(directory).isDirectory()) {
      throw new FileSystemException(directory.toString(), null, "not a directory");
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
      return ImmutableList.copyOf(names);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean link(Path existing, Path added) throws IOException {
    return PortableNames.link(existing, added);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    PortableNames.rename(from, to);
  }

  @Override
  public Optional<FileStatus> remove(Path path) throws IOException {
    return PortableNames.remove(path);
  }

  @Override
  public void createDirectory(Path directory, int mode) throws IOException {
    PortableNames.createDirectory(directory, mode);
  }

  @Override
  public HeldFile create(Path file) throws IOException {
    UnsharedPaths.requireDirect(file);
    Files.createFile(file, PortableContent.OWNER_ALONE);
    return new HeldFile() {
      @Override
      public Path openable() {
        return file;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public boolean renameToNew(Path existing, Path added) {
    return false;
  }

  @Override
  public Optional<BlockSharing> sharing(Path source, Path target) {
    return Optional.empty();
  }

  @Override
  public byte[] readStart(Path file, int limit) throws IOException {
    UnsharedPaths.requireDirect(file);
    UnixView.requireRegular(file);
    // Unlike a channel, a stream ignores interrupts.
    try (InputStream content = Files.newInputStream(file, NOFOLLOW_LINKS)) {
      return content.readNBytes(limit);
    }
  }

  @Override
  public void overwriteStart(Path file, byte[] bytes) throws IOException {
    requireUnshared(file);
    PortableContent.overwriteStart(file, bytes);
  }

  @Override
  public boolean patch(Path file, long inode, long position, byte[] bytes) throws IOException {
    requireUnshared(file);
    FileStatus status = UnixView.require(file);
    if (!status.isRegularFile() || status.identity().inode() != inode) {
      return false;
    }
    try {
      PortableContent.write(file, position, bytes);
    } catch (AccessDeniedException e) {
      setMode(file, status.mode() | OWNER_WRITES);
      try {
        PortableContent.write(file, position, bytes);
      } finally {
        setMode(file, status.mode());
      }
    }
    Files.getFileAttributeView(file, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(FileTime.from(status.modifiedAt()), null, null);
    return true;
  }

  @Override
  public Optional<byte[]> userAttribute(Path file, String name) throws IOException {
    UnsharedPaths.requireDirect(file);
    UnixView.requireRegular(file);
    return UserAttributes.find(file, name);
  }

  @Override
  public boolean setUserAttribute(Path file, String name, byte[] value) throws IOException {
    requireUnshared(file);
    UnixView.requireRegular(file);
    return UserAttributes.set(file, name, value);
  }

  @Override
  public void seal(Path file, int owner) throws IOException {
    requireUnshared(file);
    FileStatus status = UnixView.requireRegular(file);
    // Java has no access lists. If the owner could read only through such a list, the owner stays.
    boolean canRead =
        (status.mode() & OWNER_READS) == 0
            || (status.mode() & GROUP_AND_OTHERS_READ) == GROUP_AND_OTHERS_READ;
    if (status.owner() != owner && canRead) {
      try {
        UnixView.setOwner(file, owner);
      } catch (FileSystemException e) {
        // This process may not change the file's owner.
      }
    }
    FileStatus given = UnixView.requireRegular(file);
    if ((given.mode() & ALL_WRITE) != 0) {
      setMode(file, given.mode() & ~ALL_WRITE);
    }
  }

  @Override
  public void setOwner(Path file, int owner, int group) throws IOException {
    requireUnshared(file);
    UnixView.requireRegular(file);
    UnixView.setGroup(file, group);
    UnixView.setOwner(file, owner);
  }

  @Override
  public void limitMode(Path path, int allowed) throws IOException {
    setMode(path, UnixView.requireFileOrDirectory(path).mode() & allowed);
  }

  @Override
  public void setModifiedAt(Path file, Instant time) throws IOException {
    requireUnshared(file);
    UnixView.requireRegular(file);
    Files.getFileAttributeView(file, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(FileTime.from(time), null, null);
  }

  @Override
  public void copy(Path source, Path target, Progress progress) throws IOException {
    requireUnshared(source);
    requireUnshared(target);
    UnixView.requireRegular(source);
    Files.createFile(target, PortableContent.OWNER_ALONE);
    try {
      copyContent(source, target, progress);
      copyAttributes(source, target);
    } catch (Throwable failure) {
      try {
        Files.deleteIfExists(target);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }

  @Override
  public void setMode(Path path, int mode) throws IOException {
    requireUnshared(path);
    UnixView.setMode(path, mode);
  }

  @Override
  public void copyContent(Path source, Path target, Progress progress) throws IOException {
    PortableContent.copy(source, target, progress);
  }

  @Override
  public void copyAttributes(Path source, Path target) throws IOException {
    requireUnshared(source);
    requireUnshared(target);
    FileStatus wanted = UnixView.requireFileOrDirectory(source);
    FileStatus present = UnixView.requireFileOrDirectory(target);
    // Only if different: a process that may not change the owner can still copy.
    if (wanted.owner() != present.owner()) {
      UnixView.setOwner(target, wanted.owner());
    }
    if (wanted.group() != present.group()) {
      UnixView.setGroup(target, wanted.group());
    }
    UserAttributes.removeAll(target);
    // Last, because a change of owner clears the set-id bits.
    setMode(target, wanted.mode());
  }

  @Override
  public void sync(Path path) throws IOException {
    UnsharedPaths.requireDirect(path);
    UnixView.requireFileOrDirectory(path); // Opening a pipe would wait for its other end.
    PortableContent.sync(path);
  }

  @Override
  public boolean syncTogether(ImmutableList<Path> paths) {
    return false;
  }

  @Override
  public Optional<Closeable> tryLock(Path file, long position) throws IOException {
    FileIdentity identity = UnixView.require(file).identity();
    return PortableLocks.tryLock(file, identity, position);
  }

  @Override
  public Optional<Closeable> tryLockAll(Path file) throws IOException {
    FileIdentity identity = UnixView.require(file).identity();
    return PortableLocks.tryLockAll(file, identity);
  }

  @Override
  public FileProbe probe(Path file) throws IOException {
    UnsharedPaths.requireDirect(file);
    return new PortableProbe(file, UnixView.requireRegular(file).identity());
  }

  @Override
  public PinnedFile pin(Path path) throws IOException {
    UnsharedPaths.requireDirect(path);
    Path real = path.toAbsolutePath().normalize();
    FileStatus status =
        UnixView.find(real).orElseThrow(() -> new NoSuchFileException(path.toString()));
    if (status.isBlockDevice()) {
      throw withoutDevices(path);
    }
    return new PortablePinnedFile(real, status);
  }

  @Override
  public ClaimedDevice claim(Path device) throws IOException {
    throw withoutDevices(device);
  }

  private static IOException withoutDevices(Path device) {
    return new FileSystemException(
        device.toString(), null, "is a block device, and those can be used on Linux only");
  }

  @Override
  public ImmutableSet<FileIdentity> devicesBelow(FileIdentity device) {
    return ImmutableSet.of(device);
  }

  @Override
  public SparseFile sparse(Path file) throws IOException {
    return new PortableSparseFile(UnixView.require(file));
  }
}
