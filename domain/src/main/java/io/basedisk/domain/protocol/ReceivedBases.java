package io.basedisk.domain.protocol;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.NewLayer;
import io.basedisk.domain.protocol.ArtifactLayers.Missing;
import io.basedisk.domain.protocol.ArtifactLayers.Reused;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Makes the bases of an import: of received layers, and of layers that were here. Thread-safe. */
final class ReceivedBases {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final BaseSeal seal;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  ReceivedBases(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      BackingChains chains,
      BaseSeal seal,
      EventListener listener,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.chains = chains;
    this.seal = seal;
    this.listener = listener;
    this.log = log;
  }

  /**
   * Receives a layer and records it as a clone base, which the intent keeps from then on.
   *
   * @param intent the committed intent
   * @param layer the layer
   * @param file the file of the new base
   * @param below the base below; null for none
   * @param receive sends the content of the layer
   * @return the base
   * @throws InvalidImageException if what was received is not the layer, or can't be a base
   */
  BaseDisk receive(
      ImportArtifactIntent intent,
      Missing layer,
      NewBaseFile file,
      @Nullable BaseDisk below,
      Consumer<LayerSink> receive) {
    Path temporary = file.temporary();
    try (NewLayer made = images.createLayer(temporary)) {
      VerifyingSink sink = new VerifyingSink(layer.layer(), made);
      receive.accept(sink);
      sink.checkComplete();
      made.complete();
    }
    images.checkLayer(temporary, layer.layer(), below == null);
    if (below != null) {
      putOnto(temporary, below);
    }
    Instant createdAt = createdAt(intent, layer.layer());
    place(intent, layer.layer(), file, below, createdAt, layer.layer().format());
    BaseDisk base = record(intent, layer, file, below, createdAt);
    listener.on(new Event.LayerImported(intent.id(), base));
    return base;
  }

  /** Names the base below in a layer's header. */
  private void putOnto(Path image, BaseDisk below) {
    HeaderPatch patch = images.planBackingName(image, below.diskInfo().basePath());
    images.patchHeader(image, files.getStatus(image).identity().inode(), patch);
    ImageHeader header = images.readHeader(image);
    BackingFile backing = header.backing();
    // Without a format in the header, QEMU guesses it from content: qcow2 is checked, but the
    // content of a raw file is a guest's.
    boolean isFormatSafe =
        below.diskInfo().format() == ImageFormat.QCOW2
            || (backing != null && backing.format() != null);
    if (!isFormatSafe || !chains.standsOnRecorded(image, header, below)) {
      throw new InvalidImageException(
          image
              + ": its header does not say that the layer below is "
              + below.diskInfo().format().label());
    }
  }

  /** Seals a complete file and gives it its name, durably. */
  private void place(
      ImportArtifactIntent intent,
      Layer layer,
      NewBaseFile file,
      @Nullable BaseDisk below,
      Instant createdAt,
      ImageFormat format) {
    SnapshotName name = layer.snapshotName();
    // What the base becomes when the import is complete.
    PlannedBase planned =
        new PlannedBase(
            file.id(),
            file.file(),
            name == null ? BoxId.GLOBAL : intent.newBox().box(),
            name,
            name == null ? BaseDiskKind.CLONE_BASE : BaseDiskKind.SNAPSHOT,
            below == null ? null : below.id());
    seal.seal(planned, file.temporary(), planned.parentId(), createdAt, format);
    files.sync(file.temporary());
    files.rename(file.temporary(), file.file());
    files.sync(Temporaries.directoryOf(file.file()));
  }

  private BaseDisk record(
      ImportArtifactIntent intent,
      Missing missing,
      NewBaseFile file,
      @Nullable BaseDisk below,
      Instant createdAt) {
    Layer layer = missing.layer();
    FileStatus status = files.getStatus(file.file());
    BaseDisk base =
        new BaseDisk(
            file.id(),
            BoxId.GLOBAL,
            null,
            BaseDiskKind.CLONE_BASE,
            new DiskInfo(file.file(), layer.format(), false, layer.virtualSize(), status.length()),
            below == null ? null : below.id(),
            createdAt);
    store.change(
        tx -> {
          tx.bases().insert(base);
          tx.bases()
              .putFingerprint(
                  base.id(), new BaseFingerprint(status.modifiedAt(), layer.digest().hex()));
          tx.layers().putChainId(base.id(), missing.chain());
          tx.layers().putChunks(base.id(), missing.packed().chunks());
          tx.intents().keepBase(intent.id(), base.id());
          log.append(tx, intent, LoggedChange.of(LogEvent.LAYER_IMPORTED, base));
        });
    return base;
  }

  /**
   * A snapshot of the new box, made but not recorded.
   *
   * @param base the record
   * @param fingerprint the fingerprint of its file
   */
  record Overlay(BaseDisk base, BaseFingerprint fingerprint) {}

  /**
   * Makes an empty overlay of a layer that was here, as a snapshot of the new box: the layer may be
   * a snapshot of another box.
   */
  Overlay overlay(ImportArtifactIntent intent, Reused reused, NewBaseFile file) {
    BaseDisk below = reused.base();
    ByteSize size =
        new ByteSize(below.diskInfo().containerDiskBytes()).roundedUpTo(ByteSize.SECTOR);
    images.createOverlay(
        file.temporary(), below.diskInfo().basePath(), below.diskInfo().format(), size);
    Instant createdAt = createdAt(intent, reused.layer());
    place(intent, reused.layer(), file, below, createdAt, ImageFormat.QCOW2);
    FileStatus status = files.getStatus(file.file());
    BaseDisk base =
        new BaseDisk(
            file.id(),
            intent.newBox().box(),
            reused.layer().snapshotName(),
            BaseDiskKind.SNAPSHOT,
            new DiskInfo(file.file(), size.bytes(), status.length()),
            below.id(),
            createdAt);
    return new Overlay(base, new BaseFingerprint(status.modifiedAt(), null));
  }

  /** {@return when a layer was made; not after the import began, whatever an artifact says} */
  private static Instant createdAt(ImportArtifactIntent intent, Layer layer) {
    return layer.createdAt().isAfter(intent.startedAt()) ? intent.startedAt() : layer.createdAt();
  }
}
