package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether files outside the home that images back onto may become foreign bases, and
 * records them. Thread-safe.
 */
final class ForeignFiles {

  private static final int SECTOR = 512;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final Readers readers;
  private final Ports ports;

  ForeignFiles(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.readers = new Readers(files);
    this.ports = ports;
  }

  /**
   * Returns why the files below an image may not be recorded, as a clause for people; empty if they
   * may.
   *
   * @param status the status of the image
   * @param layers its chain, the image first
   */
  Optional<String> refusal(Path image, FileStatus status, ImmutableList<Layer> layers) {
    return store.read(view -> refusal(view, status, unrecorded(view, layers)));
  }

  /** Returns the layers between an image and the nearest base below it, recorded or not. */
  private ImmutableList<Layer> unrecorded(StoreView view, ImmutableList<Layer> layers) {
    return layers.stream()
        .skip(1)
        .takeWhile(layer -> baseAt(view, layer).isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  private Optional<BaseDiskId> baseAt(StoreView view, Layer layer) {
    return home.baseIdOf(layer.realPath())
        .or(() -> view.bases().findByPath(layer.realPath()).map(BaseDisk::id));
  }

  private Optional<String> refusal(
      StoreView view, FileStatus image, ImmutableList<Layer> unrecorded) {
    for (Layer layer : unrecorded) {
      Path file = layer.realPath();
      Optional<FileStatus> status = files.status(file);
      if (status.filter(FileStatus::isRegularFile).isEmpty()) {
        return Optional.of(file + " is not a regular file");
      }
      if (file.startsWith(home.home()) || view.boxes().findByDisk(file).isPresent()) {
        return Optional.of(
            file
                + " is "
                + view.boxes()
                    .findByDisk(file)
                    .map(box -> "the disk of box " + box.id())
                    .orElse("in this home and is not a base"));
      }
      if (!readers.mayRead(image, file)) {
        return Optional.of(
            file
                + " belongs to user "
                + status.get().owner()
                + ", and user "
                + image.owner()
                + ", who owns the image, can't read it");
      }
    }
    return Optional.empty();
  }

  /**
   * Records the files below an image, the lowest first.
   *
   * @return false if they may not be recorded, or if the files below them can't be recorded
   */
  boolean record(StoreTransaction tx, FileStatus image, ImmutableList<Layer> layers) {
    ImmutableList<Layer> unrecorded = unrecorded(tx, layers);
    if (unrecorded.isEmpty() || refusal(tx, image, unrecorded).isPresent()) {
      return false;
    }
    @Nullable BaseDiskId parent = null;
    if (unrecorded.size() + 1 < layers.size()) {
      parent = baseAt(tx, layers.get(unrecorded.size() + 1)).orElse(null);
      if (parent == null || tx.bases().find(parent).isEmpty()) {
        return false;
      }
    }
    for (Layer layer : Lists.reverse(unrecorded)) {
      parent = record(tx, layer, parent);
    }
    return true;
  }

  private BaseDiskId record(StoreTransaction tx, Layer layer, @Nullable BaseDiskId parent) {
    FileStatus status = files.status(layer.realPath()).orElseThrow();
    BaseDiskId id = freeId(tx);
    tx.bases()
        .insert(
            new BaseDisk(
                id,
                BoxId.GLOBAL,
                null,
                BaseDiskKind.CLONE_BASE,
                new DiskInfo(
                    layer.realPath(),
                    layer.format(),
                    true,
                    virtualSize(layer, status),
                    status.length()),
                parent,
                ports.now()));
    tx.bases().putFingerprint(id, new BaseFingerprint(status.modifiedAt(), null));
    return id;
  }

  private long virtualSize(Layer layer, FileStatus status) {
    return layer.format() == ImageFormat.QCOW2
        ? images.readHeader(layer.realPath()).virtualSize()
        : (status.length() + SECTOR - 1) / SECTOR * SECTOR;
  }

  private BaseDiskId freeId(StoreTransaction tx) {
    BaseDiskId id;
    do {
      id = BaseDiskId.mint(ports.random());
    } while (tx.bases().find(id).isPresent() || isDeleting(tx, id));
    return id;
  }

  private static boolean isDeleting(StoreTransaction tx, BaseDiskId id) {
    return tx.pendingDeletes().list().stream().anyMatch(base -> base.id().equals(id));
  }
}
