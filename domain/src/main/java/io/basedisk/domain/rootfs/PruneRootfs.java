package io.basedisk.domain.rootfs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.disk.FileSizes;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.rootfs.RootfsCache.Entry;
import io.basedisk.domain.rootfs.RootfsCache.Pruned;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.inject.Inject;

/** Evicts entries until their files fit a budget. Thread-safe. */
final class PruneRootfs {

  private final BaseDiskStore store;
  private final FileSizes fileSizes;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final HeaderSurvey survey;
  private final EventListener listener;
  private final RootfsEntries entries;

  @Inject
  PruneRootfs(
      BaseDiskStore store,
      FileSizes fileSizes,
      Collector collector,
      FreeingSpace freeing,
      HeaderSurvey survey,
      EventListener listener,
      RootfsEntries entries) {
    this.store = store;
    this.fileSizes = fileSizes;
    this.collector = collector;
    this.freeing = freeing;
    this.survey = survey;
    this.listener = listener;
    this.entries = entries;
  }

  /** Evicts entries as {@link RootfsCache#prune} does. */
  Pruned run(long maxBytes) {
    if (maxBytes < 0) {
      throw new InvalidArgumentException("invalid budget " + maxBytes + ": it is negative");
    }
    return freeing.run(() -> evictDownTo(maxBytes));
  }

  private Pruned evictDownTo(long maxBytes) {
    HeaderEvidence evidence = survey.runInterruptibly(Progress.NONE);
    evidence.reportUnread(listener);
    Eviction eviction = new Eviction(collector.collectPending(() -> evidence));
    Map<BaseDiskId, Long> sizes = new LinkedHashMap<>();
    store
        .read(RootfsEntries::listBases)
        .forEach(
            base -> sizes.put(base.id(), fileSizes.allocatedBytes(base.diskInfo().basePath())));
    for (Entry entry : leastRecentlyUsedFirst()) {
      InterruptedOperationException.throwIfInterrupted(() -> "the eviction was interrupted");
      if (sizes.values().stream().mapToLong(Long::longValue).sum() <= maxBytes) {
        break;
      }
      eviction.tryEvict(entry.details().base(), evidence);
      sizes.keySet().removeAll(eviction.collected);
    }
    return eviction.result();
  }

  /** One run of the eviction. */
  private final class Eviction {

    private final ImmutableList.Builder<RootfsKey> keys = ImmutableList.builder();
    private final Set<BaseDiskId> collected = new LinkedHashSet<>();
    private final Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>();
    private long freedBytes;

    Eviction(CollectionReport before) {
      add(before);
    }

    void tryEvict(BaseDisk base, HeaderEvidence evidence) {
      CollectionReport report;
      try {
        report = collector.remove(base.id(), evidence);
      } catch (RefusedException | NotFoundException staysOrGone) {
        return;
      }
      keys.add(base.rootfsKey().orElseThrow());
      add(report);
    }

    private void add(CollectionReport report) {
      collected.addAll(report.collected());
      freedBytes += report.freedBytes();
      kept.putAll(report.kept());
      kept.keySet().removeAll(collected);
    }

    Pruned result() {
      return new Pruned(
          keys.build(),
          new CollectionReport(
              ImmutableList.copyOf(collected), freedBytes, ImmutableMap.copyOf(kept)));
    }
  }

  private ImmutableList<Entry> leastRecentlyUsedFirst() {
    // The sort is stable: of equal times, the entry added first is evicted first.
    return entries.list().reverse().stream()
        .sorted(Comparator.comparing(Entry::lastUsedAt))
        .collect(ImmutableList.toImmutableList());
  }
}
