package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Removes a box, with crash safety: the transaction that commits the intent removes the box's
 * records; then its disks are deleted.
 *
 * <p>That transaction is the commit point, so an interrupted operation is always rolled forward.
 * The intent names the bases of the disks, so that no process collects them before the disks are
 * durably gone.
 */
public final class RemoveBoxProtocol implements Protocol<RemoveBoxIntent> {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final EventListener listener;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  RemoveBoxProtocol(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<RemoveBoxIntent> intentType() {
    return RemoveBoxIntent.class;
  }

  /**
   * Plans the removal of a box.
   *
   * @param box the box
   * @param disks the disks that exist
   * @param bases the bases that the box has references to
   * @return the intent
   */
  public RemoveBoxIntent plan(
      BoxClaim box, ImmutableList<DiskClaim> disks, ImmutableSet<BaseDiskId> bases) {
    return new RemoveBoxIntent(OperationId.mint(random), box, disks, bases, RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed. Repeatable from the start.
   *
   * <p>The box's records are gone already, so changes that the owner makes to its directories must
   * not stop this. A file that can't be removed by its name stays, and an event reports it.
   *
   * @param intent the committed intent
   */
  public void run(RemoveBoxIntent intent) {
    BoxClaim claim = intent.box();
    List<Event> told = new ArrayList<>();
    Set<Path> changed = new LinkedHashSet<>();
    Optional<Path> link = disks.linkOnTheWayTo(claim.disksDir());
    if (link.isPresent()) {
      told.add(new Event.LeftInPlace(intent.id(), claim.box(), link.get(), "is a symbolic link"));
    } else {
      for (DiskClaim disk : intent.disks()) {
        removeByName(intent.id(), claim, disk, told);
        changed.add(Temporaries.directoryOf(disk.path()));
      }
    }
    Optional<Path> directory = home.boxDirectoryOf(claim.disksDir());
    if (directory.isPresent()) {
      if (link.isEmpty()) {
        removeIfEmpty(claim.disksDir());
        removeIfEmpty(directory.get());
      }
      changed.add(directory.get());
      changed.add(home.boxes());
    }
    files.sync(changed.stream().filter(this::isDirectory).collect(ImmutableList.toImmutableList()));
    store.change(tx -> tx.intents().delete(intent.id()));
    told.forEach(listener::on);
    listener.on(new Event.BoxRemoved(intent.id(), claim.box()));
  }

  /**
   * Removes a disk, or another file at its path: never the target of a link, nor the content of a
   * directory.
   */
  private void removeByName(OperationId id, BoxClaim claim, DiskClaim disk, List<Event> told) {
    Path path = disk.path();
    Optional<FileStatus> there = find(disk);
    if (there.isEmpty()) {
      return;
    }
    if (there.get().isDirectory()) {
      if (!removeIfEmpty(path)) {
        told.add(new Event.LeftInPlace(id, claim.box(), path, "is a directory that is not empty"));
        return;
      }
    } else {
      files.remove(path);
    }
    RegisteredDisks.oddityOf(there.get())
        .ifPresent(oddity -> told.add(new Event.RemovedByName(id, claim.box(), path, oddity)));
  }

  @Override
  public Settlement settle(RemoveBoxIntent intent) {
    BoxClaim claim = intent.box();
    for (DiskClaim disk : intent.disks()) {
      if (!isMounted(claim, disk)) {
        return new Settlement.Undecided(
            disk.path() + ": the file system that held the disk is not mounted");
      }
    }
    run(intent);
    return new Settlement.RolledForward();
  }

  /** {@return whether the disk's file system is mounted, so that a missing disk was removed} */
  private boolean isMounted(BoxClaim claim, DiskClaim disk) {
    Path directory = Temporaries.directoryOf(disk.path());
    if (claim.disksDir().startsWith(home.boxes()) || find(disk).isPresent()) {
      return true;
    }
    Optional<Long> device = deviceOf(directory);
    return device.isPresent()
        && (device.get() == disk.identity().device() || device.equals(deviceOf(home.bases())));
  }

  private Optional<Long> deviceOf(Path path) {
    return files.status(path).map(status -> status.identity().device());
  }

  /**
   * {@return the status of the file at a disk's path, if it is still the claimed file and no newer
   * one} Compares inode numbers, because some file systems get another device number at each mount.
   */
  private Optional<FileStatus> find(DiskClaim disk) {
    return files
        .status(disk.path())
        .filter(status -> status.identity().inode() == disk.identity().inode());
  }

  private boolean isDirectory(Path path) {
    return files.status(path).filter(FileStatus::isDirectory).isPresent();
  }

  /**
   * Removes a directory if it is empty: other files in it are not the home's.
   *
   * @return whether it is gone
   */
  @CanIgnoreReturnValue
  private boolean removeIfEmpty(Path directory) {
    try {
      return removeOnceIfEmpty(directory);
    } catch (StorageException mayNotLast) {
      // Retries once: a transient error must not leave the directory for good.
      return removeAgainIfEmpty(directory);
    }
  }

  private boolean removeOnceIfEmpty(Path directory) {
    boolean isEmpty = isDirectory(directory) && files.list(directory).isEmpty();
    if (isEmpty) {
      files.remove(directory);
    }
    return isEmpty;
  }

  private boolean removeAgainIfEmpty(Path directory) {
    try {
      return removeOnceIfEmpty(directory);
    } catch (StorageException stays) {
      // The directory can't be read, is a mount point, or just got a new file: it stays.
      return false;
    }
  }
}
