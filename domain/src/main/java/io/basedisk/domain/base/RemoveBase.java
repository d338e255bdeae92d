package io.basedisk.domain.base;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionPolicy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.Holders;
import io.basedisk.domain.gc.Verdict;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.inject.Inject;

/**
 * Removes unneeded bases that a user names, of any kind. A foreign base is given back: its record
 * is removed, and its file stays. Thread-safe.
 */
public final class RemoveBase {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final Collector collector;

  @Inject
  RemoveBase(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BackingChains chains,
      ImageLocks imageLocks,
      Collector collector) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.imageLocks = imageLocks;
    this.collector = collector;
  }

  /**
   * Removes a base and its holds, and collects what that frees.
   *
   * @param id the base
   * @return what was collected
   * @throws NotFoundException if there is no such base
   * @throws RefusedException if the base is needed, also by the disk of a forgotten box in the home
   */
  public CollectionReport run(BaseDiskId id) {
    return collector.remove(id, headersOfForgotten(ImmutableList.of(id)));
  }

  /**
   * {@return bases in an order in which they can be removed: before each base, the bases on it}
   *
   * @param ids the bases
   * @throws NotFoundException if one of them does not exist
   * @throws RefusedException if one of them is needed by anything but another of them
   */
  public ImmutableList<BaseDiskId> order(Collection<BaseDiskId> ids) {
    ImmutableSet<BaseDiskId> doomed = ImmutableSet.copyOf(ids);
    HeaderEvidence evidence = headersOfForgotten(doomed);
    return store.read(
        view -> {
          doomed.forEach(id -> check(view, id, doomed, evidence));
          return doomed.stream()
              .sorted(
                  Comparator.comparingInt((BaseDiskId id) -> Ancestry.from(view, id).size())
                      .reversed())
              .collect(ImmutableList.toImmutableList());
        });
  }

  private void check(
      StoreView view, BaseDiskId id, ImmutableSet<BaseDiskId> doomed, HeaderEvidence evidence) {
    BaseDisk base = view.bases().find(id).orElseThrow(() -> new NotFoundException("no base " + id));
    Holders holders =
        Holders.besides(id, doomed, view, evidence)
            .andOpenedBy(
                base.diskInfo().isForeign()
                    ? null
                    : imageLocks.openedBy(base.diskInfo().basePath()).orElse(null));
    if (CollectionPolicy.verdictOnRemoval(base, holders, home) instanceof Verdict.Keep keep) {
      throw new RefusedException("base " + id + " stays: " + keep.reason().describe());
    }
  }

  /**
   * Reads the headers of the disks of forgotten boxes for which the bases are held. Only those in
   * the home count: they are still the home's files. A user who removes a base by its id gives up
   * the disks elsewhere.
   */
  private HeaderEvidence headersOfForgotten(Collection<BaseDiskId> ids) {
    ImmutableList<Path> disks =
        store.read(
            view ->
                ids.stream()
                    .flatMap(id -> view.holds().listOn(id).stream())
                    .map(Hold::path)
                    .flatMap(Stream::ofNullable)
                    .collect(ImmutableList.toImmutableList()));
    return HeaderEvidence.read(
        chains,
        disks.stream()
            .filter(disk -> disk.startsWith(home.boxes()))
            .filter(disk -> files.status(disk).filter(s -> s.isRegularFile()).isPresent())
            .collect(ImmutableList.toImmutableList()));
  }
}
