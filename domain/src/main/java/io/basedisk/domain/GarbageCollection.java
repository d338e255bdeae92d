package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.FileSizes;
import io.basedisk.domain.gc.CollectionPlan;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.Sweep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The collection of everything that nothing needs, after a look at every header. Safe for many
 * threads.
 */
public final class GarbageCollection {

  /** As many bases are noted in one transaction: others wait for it to end. */
  private static final int BATCH = 1_000;

  private final BaseDiskStore store;
  private final EventListener listener;
  private final FileSizes fileSizes;
  private final ImageLocks imageLocks;
  private final Operations operations;
  private final Collector collector;
  private final HomeLayout home;
  private final HeaderSurvey survey;
  private final Sweep sweep;

  GarbageCollection(Ports ports, BackingChains chains, Operations operations, Collector collector) {
    this.store = ports.store();
    this.listener = ports.listener();
    this.fileSizes = new FileSizes(ports);
    this.imageLocks = ports.imageLocks();
    this.operations = operations;
    this.collector = collector;
    this.home = ports.home();
    this.survey = new HeaderSurvey(ports, chains);
    this.sweep = new Sweep(ports);
  }

  /**
   * What a collection of the whole home did, or would do.
   *
   * @param bases the bases that went, and of each that stays why
   * @param swept the files that were nobody's
   */
  public record Report(CollectionReport bases, ImmutableList<Path> swept) {}

  /**
   * Collects every base that nothing needs, and sweeps the home's files.
   *
   * @param orphanGrace how long a base's file without a record must have been as it is to be swept
   */
  public Report collect(Duration orphanGrace) {
    operations.recover();
    HeaderEvidence evidence = readHeaders();
    ImmutableList<Path> swept = sweep.run(orphanGrace, evidence);
    CollectionPlan plan = plan(evidence);
    Lists.partition(plan.collectable(), BATCH).forEach(this::noteAsPending);
    CollectionReport done = collector.collectPending(() -> evidence);
    Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>(plan.kept());
    kept.putAll(done.kept());
    kept.keySet().removeAll(done.collected());
    return new Report(
        new CollectionReport(done.collected(), done.freedBytes(), ImmutableMap.copyOf(kept)),
        swept);
  }

  /** Returns what {@link #collect} would do now, and changes nothing. */
  public Report plan(Duration orphanGrace) {
    HeaderEvidence evidence = readHeaders();
    ImmutableList<Path> toSweep = sweep.find(orphanGrace, evidence);
    toSweep.forEach(evidence::forget);
    ImmutableList<DeletingBase> going = store.read(StoreView::listDeleting);
    going.forEach(base -> evidence.forget(base.path()));
    CollectionPlan plan = plan(evidence);
    ImmutableList<BaseDiskId> all =
        Stream.concat(going.stream().map(DeletingBase::id), plan.collectable().stream())
            .collect(ImmutableList.toImmutableList());
    return new Report(new CollectionReport(all, bytesOf(all), plan.kept()), toSweep);
  }

  private HeaderEvidence readHeaders() {
    HeaderEvidence evidence = survey.run();
    evidence.tellOfUnread(listener);
    return evidence;
  }

  private void noteAsPending(List<BaseDiskId> bases) {
    store.<Boolean>write(
        tx -> {
          bases.stream()
              .filter(id -> tx.findBase(id).isPresent())
              .forEach(tx::insertCollectPending);
          return true;
        });
  }

  private CollectionPlan plan(HeaderEvidence evidence) {
    return store.read(view -> CollectionPlan.of(view, evidence, imageLocks::openedBy));
  }

  private long bytesOf(ImmutableList<BaseDiskId> bases) {
    return bases.stream().map(home::baseFile).mapToLong(fileSizes::allocatedBytes).sum();
  }
}
