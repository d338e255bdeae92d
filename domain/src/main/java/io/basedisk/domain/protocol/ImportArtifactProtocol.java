package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.ArtifactLayers.Missing;
import io.basedisk.domain.protocol.ArtifactLayers.Reused;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Imports the layers of an artifact as bases, and creates a box on them, with crash safety.
 *
 * <p>Each missing layer, base first, is received under a temporary name, checked, put onto the base
 * below, sealed, made durable and renamed. One transaction records it as a clone base and lets the
 * intent keep it. Then the disk of the box and the overlays for snapshots of layers that were here
 * are made durable.
 *
 * <p>The last transaction creates the box, names its snapshots and drops the intent. It is the
 * commit point, so an interrupted import is always rolled back. The recorded layers stay, each with
 * a hold that the next collection of the whole home releases: a repeated import finds them.
 */
public final class ImportArtifactProtocol implements Protocol<ImportArtifactIntent> {

  private final HomeLayout home;
  private final NewBoxDirectories directories;
  private final NewBoxDisks newDisks;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ReceivedBases received;
  private final BaseSeal seal;
  private final EventListener listener;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  ImportArtifactProtocol(
      HomeLayout home,
      NewBoxDirectories directories,
      NewBoxDisks newDisks,
      BaseDiskStore store,
      DiskFiles files,
      ReceivedBases received,
      BaseSeal seal,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    this.home = home;
    this.directories = directories;
    this.newDisks = newDisks;
    this.store = store;
    this.files = files;
    this.received = received;
    this.seal = seal;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<ImportArtifactIntent> intentType() {
    return ImportArtifactIntent.class;
  }

  /**
   * Plans an import.
   *
   * @param box the new box
   * @param layers its layers, at least one
   * @param ids makes the ids of new bases
   * @return the intent
   */
  public ImportArtifactIntent plan(BoxId box, ArtifactLayers layers, Supplier<BaseDiskId> ids) {
    OperationId id = OperationId.mint(random);
    Set<BaseDiskId> unused = new LinkedHashSet<>();
    while (unused.size() < layers.newBases()) {
      unused.add(ids.get());
    }
    return new ImportArtifactIntent(
        id,
        directories.choose(ImmutableList.of(box)).get(0),
        unused.stream().map(base -> fileOf(id, base)).collect(ImmutableList.toImmutableList()),
        layers.reused().isEmpty()
            ? ImmutableSet.of()
            : ImmutableSet.of(layers.reused().get(layers.reused().size() - 1).base().id()),
        RecordTimes.now(clock));
  }

  private NewBaseFile fileOf(OperationId operation, BaseDiskId base) {
    Path file = home.baseFile(base);
    return new NewBaseFile(base, file, Temporaries.of(operation, file));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param layers as for {@link #plan}
   * @param receive sends the content of a layer
   * @throws InvalidImageException if what was received is not the layer, or can't be a base
   * @throws InterruptedOperationException if the thread is interrupted before the box is made
   */
  public void run(
      ImportArtifactIntent intent,
      ArtifactLayers layers,
      BiConsumer<PackedLayer, LayerSink> receive) {
    Iterator<NewBaseFile> newBases = intent.newBases().iterator();
    List<BaseDisk> chain = new ArrayList<>();
    layers.reused().forEach(layer -> chain.add(layer.base()));
    for (Missing layer : layers.missing()) {
      throwIfInterrupted();
      @Nullable BaseDisk below = Iterables.getLast(chain, null);
      chain.add(
          received.receive(
              intent, layer, newBases.next(), below, sink -> receive.accept(layer.packed(), sink)));
    }
    List<ReceivedBases.Overlay> overlays = new ArrayList<>();
    for (Reused layer : layers.reusedSnapshots()) {
      overlays.add(received.overlay(intent, layer, newBases.next()));
    }
    throwIfInterrupted();
    createBox(intent, layers, ImmutableList.copyOf(chain), overlays);
  }

  private static void throwIfInterrupted() {
    InterruptedOperationException.throwIfInterrupted(() -> "the import was interrupted");
  }

  private void createBox(
      ImportArtifactIntent intent,
      ArtifactLayers layers,
      ImmutableList<BaseDisk> chain,
      List<ReceivedBases.Overlay> overlays) {
    NewBox box = intent.newBox();
    BaseDisk top = chain.get(chain.size() - 1);
    newDisks.create(box, new NewDisks(top, layers.virtualSize(), null, null));
    files.sync(
        ImmutableList.<Path>builder().addAll(NewBoxDisks.filesOf(box)).add(home.boxes()).build());
    Map<BaseDiskId, Missing> snapshots = new HashMap<>();
    for (int i = 0; i < layers.missing().size(); i++) {
      snapshots.put(chain.get(layers.reused().size() + i).id(), layers.missing().get(i));
    }
    store.change(
        tx -> {
          tx.boxes().insert(new Box(box.box(), box.disksDir(), intent.startedAt()));
          tx.references().put(new Reference(top.id(), box.box(), DiskSlot.CONTAINER));
          snapshots.forEach(
              (base, layer) ->
                  layer.layer().snapshot().ifPresent(name -> promote(tx, intent, base, name)));
          for (ReceivedBases.Overlay overlay : overlays) {
            tx.bases().insert(overlay.base());
            tx.bases().putFingerprint(overlay.base().id(), overlay.fingerprint());
            log.append(tx, intent, LoggedChange.of(LogEvent.SNAPSHOT_IMPORTED, overlay.base()));
          }
          log.append(tx, intent, LoggedChange.of(LogEvent.BOX_IMPORTED).onBase(top.id()));
          tx.intents().delete(intent.id());
        });
    listener.on(new Event.BoxImported(intent.id(), box.box(), top.id()));
  }

  /** Makes a received layer the snapshot that it was of the exported box. */
  private void promote(
      StoreTransaction tx, ImportArtifactIntent intent, BaseDiskId base, SnapshotName name) {
    tx.bases().promoteToSnapshot(base, intent.newBox().box(), name);
    log.append(
        tx,
        intent,
        LoggedChange.of(LogEvent.SNAPSHOT_IMPORTED)
            .onBase(base)
            .named(name)
            .detailed(BaseDiskKind.SNAPSHOT.label()));
  }

  @Override
  public Settlement settle(ImportArtifactIntent intent) {
    Optional<String> doubt = doubtOf(intent);
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    ImmutableSet<Path> kept =
        intent.newBases().stream()
            .filter(base -> intent.bases().contains(base.id()))
            .map(NewBaseFile::file)
            .collect(ImmutableSet.toImmutableSet());
    for (Path file : intent.createdFiles().reverse()) {
      if (!kept.contains(file)) {
        files.remove(file);
      }
    }
    files.sync(ImmutableList.of(home.boxes(), home.bases()));
    store.change(
        tx -> {
          for (BaseDiskId base : intent.bases()) {
            if (isNew(intent, base)) {
              tx.holds().insert(new Hold(base, Hold.Reason.IMPORTED, null));
            } else {
              // The base may be collect-pending, kept only by this intent.
              tx.pendingDeletes().insertCollectPending(base);
            }
          }
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }

  /** {@return why the files of an import must stay; empty if they may be removed} */
  private Optional<String> doubtOf(ImportArtifactIntent intent) {
    Path disk = intent.newBox().disk();
    if (newDisks.isWritten(disk)) {
      return Optional.of(disk + " holds data that the import did not write");
    }
    return intent.newBases().stream()
        .filter(base -> !intent.bases().contains(base.id()))
        .flatMap(base -> seal.reasonToStay(base.id(), base.file()).stream())
        .findFirst();
  }

  private static boolean isNew(ImportArtifactIntent intent, BaseDiskId base) {
    return intent.newBases().stream().anyMatch(file -> file.id().equals(base));
  }
}
