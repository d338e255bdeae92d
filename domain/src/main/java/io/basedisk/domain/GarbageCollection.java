package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.gc.CollectionPlan;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The collection of everything that nothing needs, after a look at every header. Safe for many
 * threads.
 */
public final class GarbageCollection {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final Operations operations;
  private final Collector collector;

  GarbageCollection(Ports ports, BackingChains chains, Operations operations, Collector collector) {
    this.store = ports.store();
    this.files = ports.files();
    this.chains = chains;
    this.operations = operations;
    this.collector = collector;
  }

  /**
   * Collects every base that nothing needs.
   *
   * @return what went, and of each base that stays why
   */
  public CollectionReport collect() {
    operations.recover();
    HeaderEvidence evidence = readEveryHeader();
    CollectionPlan plan = store.read(view -> CollectionPlan.of(view, evidence));
    store.<Boolean>write(
        tx -> {
          plan.collectable().stream()
              .filter(id -> tx.findBase(id).isPresent())
              .forEach(tx::insertCollectPending);
          return true;
        });
    CollectionReport done = collector.collectPending(evidence);
    Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>(plan.kept());
    kept.putAll(done.kept());
    kept.keySet().removeAll(done.collected());
    return new CollectionReport(done.collected(), done.freedBytes(), ImmutableMap.copyOf(kept));
  }

  /** Returns what {@link #collect} would do now, and changes nothing. */
  public CollectionReport plan() {
    HeaderEvidence evidence = readEveryHeader();
    CollectionPlan plan = store.read(view -> CollectionPlan.of(view, evidence));
    long bytes =
        store.read(
            view ->
                plan.collectable().stream()
                    .flatMap(id -> view.findBase(id).stream())
                    .flatMap(base -> files.status(base.diskInfo().basePath()).stream())
                    .mapToLong(FileStatus::allocatedBytes)
                    .sum());
    return new CollectionReport(plan.collectable(), bytes, plan.kept());
  }

  private HeaderEvidence readEveryHeader() {
    return HeaderEvidence.read(chains, store.read(this::everyImage));
  }

  private ImmutableList<Path> everyImage(StoreView view) {
    ImmutableList.Builder<Path> all = ImmutableList.builder();
    for (BaseDisk base : view.listBases(BaseFilter.ALL)) {
      all.add(base.diskInfo().basePath());
    }
    for (Box box : view.listBoxes()) {
      for (DiskSlot slot : DiskSlot.values()) {
        all.add(box.disk(slot));
      }
    }
    return all.build();
  }
}
