package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
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
 * The removal of a box, step by step: the transaction that commits the intent takes the box out of
 * the store; then its disks go.
 *
 * <p>That transaction is the commit point, so settling only ever goes forward. The intent names the
 * bases that the disks stood on until the disks are durably gone, so that nobody collects them
 * before.
 */
public final class RemoveBoxProtocol implements Protocol<Intent.RemoveBox> {

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
  public Class<Intent.RemoveBox> intentType() {
    return Intent.RemoveBox.class;
  }

  /**
   * Plans the removal of a box.
   *
   * @param disks the disks that are there
   * @param bases the bases that the box has references to
   */
  public Intent.RemoveBox plan(
      BoxClaim box, ImmutableList<DiskClaim> disks, ImmutableSet<BaseDiskId> bases) {
    return new Intent.RemoveBox(
        OperationId.mint(random), box, disks, bases, RecordTimes.now(clock));
  }

  /**
   * Takes the steps from the committed intent to its end; they can be repeated from the start.
   *
   * <p>The box is gone already, so nothing that its owner does to its directories may stop this:
   * what can't be removed by its name stays, and the listener is told.
   */
  public void run(Intent.RemoveBox intent) {
    BoxClaim claim = intent.box();
    List<Event> told = new ArrayList<>();
    Set<Path> changed = new LinkedHashSet<>();
    Optional<Path> link = disks.linkOnTheWayTo(claim.disksDir());
    if (link.isPresent()) {
      told.add(new Event.LeftInPlace(intent.id(), claim.box(), link.get(), "is a symbolic link"));
    } else {
      for (DiskClaim disk : intent.disks()) {
        removeByName(intent.id(), claim, disk, told);
        changed.add(checkNotNull(disk.path().getParent()));
      }
    }
    if (claim.disksDir().equals(home.disksDirectory(claim.box()))) {
      if (link.isEmpty()) {
        removeIfEmpty(claim.disksDir());
        removeIfEmpty(home.boxDirectory(claim.box()));
      }
      changed.add(home.boxDirectory(claim.box()));
      changed.add(home.boxes());
    }
    files.sync(changed.stream().filter(this::isDirectory).collect(ImmutableList.toImmutableList()));
    store.change(tx -> tx.intents().delete(intent.id()));
    told.forEach(listener::on);
    listener.on(new Event.BoxRemoved(intent.id(), claim.box()));
  }

  /** Removes a disk, or what is in its place: never what it leads to, nor what it contains. */
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
  public Settlement settle(Intent.RemoveBox intent) {
    BoxClaim claim = intent.box();
    for (DiskClaim disk : intent.disks()) {
      if (!isMounted(claim, disk)) {
        return new Settlement.Undecided(
            disk.path() + ": the file system that held the disk is not there");
      }
    }
    run(intent);
    return new Settlement.Forward();
  }

  /** Whether a disk that is not there has been removed, rather than being out of sight. */
  private boolean isMounted(BoxClaim claim, DiskClaim disk) {
    Path directory = checkNotNull(disk.path().getParent());
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
   * Returns the status of what has a disk's path, if that is still the file that was to be removed,
   * not one made since. The inode number tells: some file systems have another device number after
   * each mount.
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
   * Removes a directory unless something is in it, which is not ours to remove.
   *
   * @return whether it is gone
   */
  @CanIgnoreReturnValue
  private boolean removeIfEmpty(Path directory) {
    try {
      return removeOnceIfEmpty(directory);
    } catch (StorageException mayNotLast) {
      // Tried again: an error that does not last must not leave the directory for good.
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
      // It must not be read, something is mounted on it, or something was put into it just now.
      return false;
    }
  }
}
