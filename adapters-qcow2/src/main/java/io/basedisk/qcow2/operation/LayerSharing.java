package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.BlockSharing;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Block sharing between the layers of a disk and a new file. Each layer is tried, and given up
 * after its first failure.
 */
final class LayerSharing implements AutoCloseable {

  private final DiskImage disk;
  private final Path target;
  private final OperatingSystem system;
  private final Map<Integer, Optional<BlockSharing>> layers = new HashMap<>();

  LayerSharing(DiskImage disk, Path target, OperatingSystem system) {
    this.disk = disk;
    this.target = target;
    this.system = system;
  }

  /** {@return the sharing with a layer, unless it was given up} */
  Optional<BlockSharing> of(int layer) {
    return layers.computeIfAbsent(layer, this::open);
  }

  private Optional<BlockSharing> open(int layer) {
    Optional<FileIdentity> identity = disk.identity(layer);
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<BlockSharing> sharing = system.sharing(disk.layers().get(layer).path(), target);
      if (sharing.isPresent() && !sharing.get().source().equals(identity.get())) {
        // The path names another file by now.
        close(sharing.get());
        return Optional.empty();
      }
      return sharing;
    } catch (IOException e) {
      return Optional.empty(); // If the error persists, the copy reports it.
    }
  }

  /** Gives up sharing with a layer. */
  void giveUp(int layer) {
    layers.put(layer, Optional.empty()).ifPresent(this::close);
  }

  @Override
  public void close() {
    layers.values().forEach(sharing -> sharing.ifPresent(this::close));
    layers.clear();
  }

  private void close(BlockSharing sharing) {
    try {
      sharing.close();
    } catch (IOException e) {
      throw new StorageException(target + ": " + e.getMessage(), e);
    }
  }
}
