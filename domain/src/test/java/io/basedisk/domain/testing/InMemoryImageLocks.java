package io.basedisk.domain.testing;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Optional;

/** Who has the files of an {@link InMemoryDisks} open: VMs that tests start and stop. */
public final class InMemoryImageLocks implements ImageLocks {

  private static final String VM = "open in process 42 (a VM)";
  private static final String WRITING_VM = "open for writing in process 42 (a VM)";

  private final InMemoryDisks disks;

  @GuardedBy("this")
  private final Multiset<FileIdentity> writers = HashMultiset.create();

  @GuardedBy("this")
  private final Multiset<FileIdentity> readers = HashMultiset.create();

  @GuardedBy("this")
  private final Multiset<FileIdentity> loneReaders = HashMultiset.create();

  @GuardedBy("this")
  private final Multiset<FileIdentity> guards = HashMultiset.create();

  @GuardedBy("this")
  private final Multiset<FileIdentity> shares = HashMultiset.create();

  public InMemoryImageLocks(InMemoryDisks disks) {
    this.disks = disks;
  }

  // What tests do: VMs.

  /** Something that a VM holds until it ends. */
  public interface Open extends AutoCloseable {
    @Override
    void close();
  }

  /** Opens a file for writing as a VM does that has no use for locks. */
  public synchronized Open openForWriting(Path disk) {
    return open(writers, disk);
  }

  /** Opens a disk for writing as a VM does that keeps to the locks, which must let it. */
  public Open startVm(Path disk) {
    return tryStartVm(disk)
        .orElseThrow(() -> new IllegalStateException("Failed to get \"write\" lock of " + disk));
  }

  /** Opens a disk for writing as a VM does that keeps to the locks; empty if they keep it out. */
  synchronized Optional<Open> tryStartVm(Path disk) {
    return guards.contains(identity(disk)) ? Optional.empty() : Optional.of(open(writers, disk));
  }

  /** Opens a file for reading and forbids others to read it; empty if the locks keep it out. */
  public synchronized Optional<Open> tryOpenAlone(Path file) {
    FileIdentity identity = identity(file);
    return guards.contains(identity) || shares.contains(identity)
        ? Optional.empty()
        : Optional.of(open(loneReaders, file));
  }

  /** Opens a file for reading. */
  public synchronized Open openForReading(Path file) {
    return open(readers, file);
  }

  private synchronized Open open(Multiset<FileIdentity> as, Path file) {
    FileIdentity identity = identity(file);
    as.add(identity);
    return () -> {
      synchronized (this) {
        as.remove(identity);
      }
    };
  }

  // ImageLocks.

  @Override
  public synchronized Guard guard(Path disk) {
    FileIdentity identity = identity(disk);
    checkNoWriter(identity, disk);
    checkNoLoneReader(identity, disk);
    guards.add(identity);
    return new InMemoryGuard(identity, disk);
  }

  @Override
  public synchronized Share share(Path disk) {
    FileIdentity identity = identity(disk);
    checkNoLoneReader(identity, disk);
    shares.add(identity);
    boolean[] closed = {false};
    return () -> {
      synchronized (this) {
        if (!closed[0]) {
          closed[0] = true;
          shares.remove(identity);
        }
      }
    };
  }

  private synchronized void checkNoLoneReader(FileIdentity file, Path name) {
    if (loneReaders.contains(file)) {
      throw new RefusedException(name + ": " + VM + ", which lets no other process read it");
    }
  }

  @Override
  public synchronized Optional<String> openedBy(Path image) {
    if (isNoFile(disks.status(image))) {
      return Optional.of("may be open: not a regular file");
    }
    return find(image)
        .filter(
            file -> writers.contains(file) || readers.contains(file) || loneReaders.contains(file))
        .map(file -> VM);
  }

  @Override
  public synchronized Optional<String> writtenBy(Path disk) {
    if (isNoFile(disks.status(disk))) {
      return Optional.of("may be open for writing: not a regular file");
    }
    return find(disk).filter(writers::contains).map(file -> WRITING_VM);
  }

  private synchronized void checkNoWriter(FileIdentity file, Path name) {
    if (writers.contains(file)) {
      throw new RefusedException(name + ": " + WRITING_VM);
    }
  }

  private Optional<FileIdentity> find(Path file) {
    return disks.status(file).map(FileStatus::identity);
  }

  private static boolean isNoFile(Optional<FileStatus> status) {
    return status.filter(s -> !s.isRegularFile()).isPresent();
  }

  private FileIdentity identity(Path file) {
    Optional<FileStatus> status = disks.status(file);
    if (isNoFile(status)) {
      throw new StorageException(file + ": not a regular file");
    }
    return status
        .map(FileStatus::identity)
        .orElseThrow(() -> new NotFoundException(file + ": no such file"));
  }

  private final class InMemoryGuard implements Guard {

    private final FileIdentity file;
    private final Path name;
    private boolean closed;

    InMemoryGuard(FileIdentity file, Path name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void checkNoWriter() {
      InMemoryImageLocks.this.checkNoWriter(file, name);
    }

    @Override
    public void close() {
      synchronized (InMemoryImageLocks.this) {
        if (!closed) {
          closed = true;
          guards.remove(file);
        }
      }
    }
  }
}
