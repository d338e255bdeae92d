package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.BoxClaim;
import io.basedisk.domain.model.Intent.DiskClaim;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Ports;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The removal of a box, step by step: the transaction that commits the intent takes the box out of
 * the store; then its disks go.
 *
 * <p>That transaction is the commit point, so settling only ever goes forward. The intent names the
 * bases that the disks stood on until the disks are durably gone, so that nobody collects them
 * before.
 */
public final class RemoveBoxProtocol implements Protocol {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final EventListener listener;

  public RemoveBoxProtocol(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.listener = ports.listener();
  }

  @Override
  public Operation operation() {
    return Operation.REMOVE_BOX;
  }

  /** Takes the steps from the committed intent to its end; they can be repeated from the start. */
  public void run(Intent intent) {
    BoxClaim claim = intent.onlyBox();
    ImmutableSet.Builder<Path> changed = ImmutableSet.builder();
    for (DiskClaim disk : intent.disks()) {
      if (isStill(disk)) {
        files.remove(disk.path());
      }
      changed.add(checkNotNull(disk.path().getParent()));
    }
    if (claim.disksDir().equals(home.disksDirectory(claim.box()))) {
      removeIfEmpty(claim.disksDir());
      removeIfEmpty(home.boxDirectory(claim.box()));
      changed.add(home.boxDirectory(claim.box()), home.boxes());
    }
    files.sync(
        changed.build().stream()
            .filter(directory -> files.status(directory).isPresent())
            .collect(ImmutableList.toImmutableList()));
    store.<Boolean>write(
        tx -> {
          tx.removeIntent(intent.id());
          return true;
        });
    listener.on(new Event.BoxRemoved(claim.box()));
  }

  @Override
  public Settlement settle(Intent intent) {
    BoxClaim claim = intent.onlyBox();
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
    if (claim.disksDir().startsWith(home.boxes()) || isStill(disk)) {
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
   * Whether the disk's path still names the file that was to be removed, not one made since. The
   * inode number tells: some file systems have another device number after each mount.
   */
  private boolean isStill(DiskClaim disk) {
    return files
        .status(disk.path())
        .filter(status -> status.identity().inode() == disk.identity().inode())
        .isPresent();
  }

  /** What somebody else keeps in the directories of a box is not ours to remove. */
  private void removeIfEmpty(Path directory) {
    if (files.status(directory).isPresent() && files.list(directory).isEmpty()) {
      files.remove(directory);
    }
  }
}
