package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.disk.ForeignImage;
import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether files outside the home that images back onto may become foreign bases, and
 * records them. Thread-safe.
 */
final class ForeignFiles {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final Readers readers;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final LogWriter log;

  @Inject
  ForeignFiles(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      Readers readers,
      InstantSource clock,
      RandomGenerator random,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.readers = readers;
    this.clock = clock;
    this.random = random;
    this.log = log;
  }

  /**
   * {@return why the files below an image may not be recorded, as a clause for people; empty if
   * they may}
   *
   * @param status the status of the image
   * @param layers its chain, the image first
   */
  Optional<String> refusal(Path image, FileStatus status, ImmutableList<Layer> layers) {
    return store.read(view -> refusal(view, status, unrecorded(view, layers)));
  }

  /** {@return the layers between an image and the nearest base below it, recorded or not} */
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
    ForeignImage image = ForeignImage.of(layer.realPath(), layer.format(), status, images);
    BaseDiskId id =
        BaseDiskId.mintUnused(
            random, taken -> tx.bases().find(taken).isPresent() || isDeleting(tx, taken));
    BaseDisk base = image.toBase(id, parent, RecordTimes.now(clock));
    tx.bases().insert(base);
    log.append(
        tx, LoggedChange.of(LogEvent.BASE_RECORDED, base).detailed(layer.realPath().toString()));
    tx.bases().putFingerprint(id, image.fingerprint());
    return id;
  }

  private static boolean isDeleting(StoreTransaction tx, BaseDiskId id) {
    return tx.pendingDeletes().list().stream().anyMatch(base -> base.id().equals(id));
  }
}
