package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;

/**
 * Finds and discards the orphans of a home: bases, temporary files and box directories that no
 * record and no intent names. They are discarded only if the user asks: the store may be older than
 * the files, so an orphan may be the only good copy of a disk.
 *
 * <p>The files are listed before the store is read. An operation commits its intent before it makes
 * a file, so a file that was listed first and is not in the store is an orphan. Files with other
 * names are never touched. Thread-safe.
 */
public final class Orphans {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BestEffortFiles bestEffort;
  private final OrphanCandidates candidates;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  Orphans(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BestEffortFiles bestEffort,
      OrphanCandidates candidates,
      ImageLocks imageLocks,
      EventListener listener,
      InstantSource clock,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.bestEffort = bestEffort;
    this.candidates = candidates;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.clock = clock;
    this.log = log;
  }

  /** {@return the orphans: files, and directories of boxes} */
  public ImmutableList<Path> find() {
    ImmutableList<Path> possible = candidates.list();
    return store.read(
        view -> {
          ExplainedFiles known = ExplainedFiles.in(view, home);
          return possible.stream()
              .filter(file -> !known.explains(file))
              // The operation or box that had the file may have ended after the listing.
              .filter(file -> bestEffort.isRegularFile(file) || isDirectoryOfBox(file))
              .collect(ImmutableList.toImmutableList());
        });
  }

  private boolean isDirectoryOfBox(Path path) {
    return isInBoxes(path) && bestEffort.isDirectory(path);
  }

  /**
   * {@return those of {@link #find} that {@link #discard} would delete} The disks of a forgotten
   * box stay as long as a hold names them.
   *
   * @param grace the minimum time since an orphan last changed
   * @param evidence every header of the home, including those of orphans
   */
  public ImmutableList<Path> findDiscardable(Duration grace, HeaderEvidence evidence) {
    ImmutableList<Path> orphans = find();
    return choose(store.read(view -> withoutForgotten(view, orphans)), grace, evidence.copy());
  }

  /**
   * Deletes the orphans that {@link #findDiscardable} returns, durably, and returns them.
   *
   * @param grace as for {@link #findDiscardable}
   * @param evidence as for {@link #findDiscardable}
   * @return the paths of the deleted orphans
   */
  public ImmutableList<Path> discard(Duration grace, HeaderEvidence evidence) {
    ImmutableList<Path> discardable = findDiscardable(grace, evidence);
    if (discardable.isEmpty()) {
      return discardable;
    }
    Map<Path, Long> freed = new LinkedHashMap<>();
    ImmutableList<Path> discarded =
        store.write(
            tx -> {
              ExplainedFiles known = ExplainedFiles.in(tx, home);
              ImmutableList<Path> chosen =
                  choose(
                      discardable.stream()
                          .filter(file -> !known.explains(file))
                          .filter(file -> !isForgotten(tx, file))
                          .collect(ImmutableList.toImmutableList()),
                      grace,
                      evidence);
              chosen.forEach(file -> freed.put(file, delete(file)));
              log.append(tx, chosen.stream().map(Orphans::swept).toList());
              return chosen;
            });
    discarded.stream()
        .map(Path::getParent)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(this::syncUnlessGone);
    freed.forEach((file, bytes) -> listener.on(new Event.Swept(file, bytes)));
    return discarded;
  }

  private static LoggedChange swept(Path orphan) {
    return LoggedChange.of(LogEvent.SWEPT).detailed(orphan.toString());
  }

  private ImmutableList<Path> withoutForgotten(StoreView view, ImmutableList<Path> orphans) {
    return orphans.stream()
        .filter(orphan -> !isForgotten(view, orphan))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return whether a hold says that a directory is that of a forgotten box, whose disks were left
   * to the user}
   */
  private boolean isForgotten(StoreView view, Path orphan) {
    return isInBoxes(orphan)
        && view.holds().list().stream()
            .map(Hold::path)
            .anyMatch(disk -> disk != null && disk.startsWith(orphan));
  }

  private boolean isInBoxes(Path orphan) {
    return home.boxes().equals(orphan.getParent());
  }

  /** Chooses the orphans to delete, overlays before the bases that they back onto. */
  private ImmutableList<Path> choose(
      ImmutableList<Path> orphans, Duration grace, HeaderEvidence evidence) {
    Set<Path> unknown =
        orphans.stream()
            .filter(file -> contentOf(file).allMatch(f -> isUnused(f, grace)))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<Path> chosen = new LinkedHashSet<>();
    for (Path orphan : unknown) {
      if (isFree(orphan, evidence) && chosen.add(orphan)) {
        contentOf(orphan)
            .flatMap(file -> evidence.forget(file).stream())
            .forEach(base -> chooseWithParents(home.baseFile(base), unknown, evidence, chosen));
      }
    }
    return ImmutableList.copyOf(chosen);
  }

  private void chooseWithParents(
      Path first, Set<Path> unknown, HeaderEvidence evidence, Set<Path> chosen) {
    Optional<Path> free = Optional.of(first);
    while (free.isPresent()
        && unknown.contains(free.get())
        && isFree(free.get(), evidence)
        && chosen.add(free.get())) {
      free = evidence.forget(free.get()).map(home::baseFile);
    }
  }

  private boolean isFree(Path file, HeaderEvidence evidence) {
    return home.baseIdOf(file).filter(id -> evidence.isBackedOnto(id)).isEmpty();
  }

  /**
   * {@return the files that are deleted with an orphan: itself, or the disks of a box directory}
   */
  private Stream<Path> contentOf(Path orphan) {
    return isInBoxes(orphan)
        ? bestEffort.list(orphan.resolve(HomeLayout.DISKS)).filter(Orphans::isDiskOrTemporary)
        : Stream.of(orphan);
  }

  private static boolean isDiskOrTemporary(Path file) {
    return Temporaries.isTemporary(file)
        || Stream.of(DiskSlot.values()).anyMatch(slot -> file.endsWith(slot.fileName()));
  }

  private boolean isUnused(Path file, Duration grace) {
    return isOlderThan(grace, file) && imageLocks.openedBy(file).isEmpty();
  }

  /**
   * {@return whether the file last changed before the grace period} By ctime: a hard link of a disk
   * has the disk's mtime.
   */
  private boolean isOlderThan(Duration grace, Path file) {
    return files
        .status(file)
        .filter(FileStatus::isRegularFile)
        .filter(status -> !status.changedAt().isAfter(clock.instant().minus(grace)))
        .isPresent();
  }

  /**
   * Deletes an orphan. The user's own files in a box directory stay.
   *
   * @return the bytes freed
   */
  private long delete(Path orphan) {
    long freed = contentOf(orphan).mapToLong(files::remove).sum();
    if (isInBoxes(orphan)) {
      removeIfEmpty(orphan.resolve(HomeLayout.DISKS));
      removeIfEmpty(orphan);
    }
    return freed;
  }

  private void removeIfEmpty(Path directory) {
    if (bestEffort.isDirectory(directory) && files.list(directory).isEmpty()) {
      files.remove(directory);
    }
  }

  /** Syncs a directory, unless a concurrent removal of its box has deleted it. */
  private void syncUnlessGone(Path directory) {
    try {
      files.sync(directory);
    } catch (StorageException e) {
      if (files.status(directory).isPresent()) {
        throw e;
      }
    }
  }
}
