package io.basedisk.domain.transfer;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.base.UnwrittenDisks;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.ExportProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.snapshot.Snapshots;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.inject.Inject;

/**
 * The base of an exported box or snapshot, and those below it: kept while they are read.
 * Thread-safe.
 */
final class ExportedBases {

  private final BaseDiskStore store;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BackingChains chains;
  private final UnwrittenDisks unwritten;
  private final MakeBase makeBase;
  private final BaseInspection inspection;
  private final Operations operations;
  private final ExportProtocol protocol;
  private final Collector collector;
  private final EventListener listener;

  @Inject
  ExportedBases(
      BaseDiskStore store,
      DiskImages images,
      ImageLocks imageLocks,
      BackingChains chains,
      UnwrittenDisks unwritten,
      MakeBase makeBase,
      BaseInspection inspection,
      Operations operations,
      ExportProtocol protocol,
      Collector collector,
      EventListener listener) {
    this.store = store;
    this.images = images;
    this.imageLocks = imageLocks;
    this.chains = chains;
    this.unwritten = unwritten;
    this.makeBase = makeBase;
    this.inspection = inspection;
    this.operations = operations;
    this.protocol = protocol;
    this.collector = collector;
    this.listener = listener;
  }

  /**
   * The top base of an export.
   *
   * @param base the base
   * @param virtualSize virtual size of the disk
   */
  record Top(BaseDisk base, ByteSize virtualSize) {}

  /**
   * Makes a base of a box's present state, unless there is one, or finds that of its snapshot.
   * Keeps the base while it is read, and collects it afterwards if nothing else needs it.
   *
   * @param request what to export
   * @param copying receives the bytes of the disk, if it is copied
   * @param read reads the base and those below it, whose files and headers are as recorded
   * @return what {@code read} returned
   * @throws RefusedException if a program writes to one of the files
   * @throws InterruptedOperationException if the thread is interrupted before anything is changed
   */
  <T> T read(ExportRequest request, Progress copying, Function<Top, T> read) {
    InterruptedOperationException.throwIfInterrupted(() -> "the export was interrupted");
    Box box = store.read(view -> RegisteredBoxes.require(view, request.box()));
    while (true) {
      Top top = topOf(box, request, copying);
      AtomicBoolean isKept = new AtomicBoolean();
      try {
        return keepWhile(box, request, top, isKept, read);
      } catch (NotFoundException e) {
        // Another operation removed the base before the export's intent could keep it. The box has
        // another base now, or none: try again.
        if (isKept.get() || store.read(view -> view.bases().find(top.base().id())).isPresent()) {
          throw e;
        }
      }
    }
  }

  private Top topOf(Box box, ExportRequest request, Progress copying) {
    SnapshotName snapshot = request.snapshot();
    if (snapshot != null) {
      BaseDisk base = store.read(view -> Snapshots.require(view, box.id(), snapshot));
      return new Top(base, new ByteSize(base.diskInfo().containerDiskBytes()));
    }
    BaseDisk base = unwritten.baseOf(box).orElseGet(() -> makeBase(request, copying));
    long virtualSize = images.readHeader(box.disk(DiskSlot.CONTAINER)).virtualSize();
    return new Top(base, new ByteSize(virtualSize));
  }

  private BaseDisk makeBase(ExportRequest request, Progress copying) {
    return switch (request.mode()) {
      case FORK ->
          makeBase.fork(
              request.box(),
              BaseDiskKind.CLONE_BASE,
              null,
              request.internals(),
              ImmutableSet.of(),
              copying);
      case COPY -> makeBase.copyForNow(request.box(), request.internals(), copying);
    };
  }

  private <T> T keepWhile(
      Box box, ExportRequest request, Top top, AtomicBoolean isKept, Function<Top, T> read) {
    ExportIntent intent = protocol.plan(top.base().id());
    AtomicReference<T> result = new AtomicReference<>();
    try {
      operations.perform(
          intent,
          tx -> {},
          () -> {
            isKept.set(true);
            result.set(readGuarded(top, read));
            protocol.finish(intent, box.id(), request.snapshot());
          });
    } catch (RuntimeException failure) {
      collectAfter(failure, intent, box);
      throw failure;
    }
    listener.on(new Event.Exported(intent.id(), box.id(), top.base().id()));
    collect(intent, box);
    return checkNotNull(result.get());
  }

  private <T> T readGuarded(Top top, Function<Top, T> read) {
    // A foreign base may be open in a program that writes to it.
    ImmutableList<Path> chain = store.read(view -> Ancestry.filesFrom(view, top.base().id()));
    try (Guards guards = Guards.of(imageLocks, chain)) {
      inspection.requireIntact(top.base().id());
      return read.apply(top);
    }
  }

  /** Collects the copy of a failed export: it may be large, and nothing needs it. */
  private void collectAfter(RuntimeException failure, ExportIntent intent, Box box) {
    // An interrupt that failed the export must not fail the collection too.
    boolean interrupted = Thread.interrupted();
    try {
      collect(intent, box);
    } catch (RuntimeException later) {
      // It is collect-pending, so that a later operation collects it.
      failure.addSuppressed(later);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void collect(ExportIntent intent, Box box) {
    collector.collectAfter(
        LogWriter.causeOf(intent),
        () -> HeaderEvidence.read(chains, ImmutableList.of(box.disk(DiskSlot.CONTAINER))));
  }
}
