package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.Intent;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

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
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final InstantSource clock;

  @Inject
  Orphans(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      ImageLocks imageLocks,
      EventListener listener,
      InstantSource clock) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.clock = clock;
  }

  /** {@return the orphans: files, and directories of boxes} */
  public ImmutableList<Path> find() {
    ImmutableList<Path> candidates = listCandidates();
    return store.read(
        view -> {
          Known known = Known.in(view, home);
          return candidates.stream()
              .filter(file -> !known.explains(file))
              // The operation or box that had the file may have ended after the listing.
              .filter(file -> isRegularFile(file) || isDirectoryOfBox(file))
              .collect(ImmutableList.toImmutableList());
        });
  }

  /**
   * {@return those of {@link #find} that {@link #discard} would delete}
   *
   * @param grace the minimum time since an orphan last changed
   * @param evidence every header of the home, including those of orphans
   */
  public ImmutableList<Path> findDiscardable(Duration grace, HeaderEvidence evidence) {
    return choose(find(), grace, evidence.copy());
  }

  /**
   * Deletes the orphans that {@link #findDiscardable} returns, durably, and returns them.
   *
   * @param grace as for {@link #findDiscardable}
   * @param evidence as for {@link #findDiscardable}
   * @return the paths of the deleted orphans
   */
  public ImmutableList<Path> discard(Duration grace, HeaderEvidence evidence) {
    ImmutableList<Path> candidates = findDiscardable(grace, evidence);
    if (candidates.isEmpty()) {
      return candidates;
    }
    Map<Path, Long> freed = new LinkedHashMap<>();
    ImmutableList<Path> discarded =
        store.write(
            tx -> {
              Known known = Known.in(tx, home);
              ImmutableList<Path> chosen =
                  choose(
                      candidates.stream()
                          .filter(file -> !known.explains(file))
                          .collect(ImmutableList.toImmutableList()),
                      grace,
                      evidence);
              chosen.forEach(file -> freed.put(file, delete(file)));
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

  // Candidates.

  private ImmutableList<Path> listCandidates() {
    ImmutableList.Builder<Path> candidates = ImmutableList.builder();
    ImmutableList<Path> inBases =
        files.list(home.bases()).stream()
            .filter(file -> home.baseIdOf(file).isPresent() || isTemporary(file))
            .collect(ImmutableList.toImmutableList());
    for (List<Path> part : Lists.partition(inBases, BaseDiskStore.BATCH)) {
      // Skips recorded files: most files are recorded.
      candidates.addAll(
          store.<List<Path>>read(
              view -> part.stream().filter(file -> !isRecordedBase(view, file)).toList()));
    }
    for (List<Path> part : Lists.partition(files.list(home.boxes()), BaseDiskStore.BATCH)) {
      part.forEach(box -> filesOf(box).filter(Orphans::isTemporary).forEach(candidates::add));
      candidates.addAll(
          store
              .<List<Path>>read(
                  view ->
                      part.stream()
                          .filter(box -> boxOf(box).isPresent() && !isRecordedBox(view, box))
                          .toList())
              .stream()
              .filter(this::isDirectory)
              .iterator());
    }
    ImmutableList<Box> boxes = boxesAfter(null);
    while (!boxes.isEmpty()) {
      boxes.stream()
          .filter(box -> !box.disksDir().startsWith(home.boxes()))
          .flatMap(this::temporariesOf)
          .forEach(candidates::add);
      boxes = boxesAfter(boxes.get(boxes.size() - 1).id());
    }
    return candidates.build();
  }

  /**
   * {@return the temporary files beside the disks of a box outside the home} Other programs may
   * have files there.
   */
  private Stream<Path> temporariesOf(Box box) {
    return filesIn(box.disksDir())
        .filter(Orphans::isTemporary)
        .filter(
            file ->
                Stream.of(DiskSlot.values())
                    .map(box::disk)
                    .anyMatch(
                        disk ->
                            String.valueOf(file.getFileName())
                                .startsWith("." + disk.getFileName() + ".")));
  }

  private ImmutableList<Box> boxesAfter(@Nullable BoxId last) {
    return store.read(view -> view.boxes().listAfter(last, BaseDiskStore.BATCH));
  }

  private static boolean isRecordedBox(StoreView view, Path directory) {
    return boxOf(directory).flatMap(view.boxes()::find).isPresent()
        || view.boxes().findByDisksDir(directory.resolve(HomeLayout.DISKS)).isPresent();
  }

  private boolean isRecordedBase(StoreView view, Path file) {
    return home.baseIdOf(file).flatMap(view.bases()::find).isPresent();
  }

  private static boolean isTemporary(Path file) {
    return Temporaries.operationOf(file).isPresent();
  }

  /**
   * {@return whether the path is a directory} Does not follow a link, whose target is not the
   * home's.
   */
  private boolean isDirectory(Path path) {
    try {
      return files.status(path).filter(FileStatus::isDirectory).isPresent();
    } catch (StorageException outOfReach) {
      reportUnlessGone(path, outOfReach);
      return false;
    }
  }

  /**
   * {@return whether an operation may have made it: operations make no directories of such names}
   */
  private boolean isRegularFile(Path file) {
    try {
      return files.status(file).filter(FileStatus::isRegularFile).isPresent();
    } catch (StorageException outOfReach) {
      reportUnlessGone(file, outOfReach);
      return false;
    }
  }

  private void reportUnlessGone(Path path, StorageException failure) {
    boolean isGone;
    try {
      isGone = files.status(path).isEmpty();
    } catch (StorageException outOfReach) {
      isGone = false;
    }
    if (!isGone) {
      listener.on(new Event.NotRead(path, String.valueOf(failure.getMessage())));
    }
  }

  private boolean isDirectoryOfBox(Path path) {
    return home.boxes().equals(path.getParent()) && isDirectory(path);
  }

  private static Optional<BoxId> boxOf(Path directory) {
    return BoxId.find(String.valueOf(directory.getFileName()));
  }

  /** {@return the files in a box's disks directory, which a concurrent removal may delete} */
  private Stream<Path> filesOf(Path box) {
    return filesIn(box.resolve(HomeLayout.DISKS));
  }

  private Stream<Path> filesIn(Path disks) {
    try {
      return isDirectory(disks) ? files.list(disks).stream() : Stream.empty();
    } catch (StorageException goneOrUnreadable) {
      reportUnlessGone(disks, goneOrUnreadable);
      return Stream.empty();
    }
  }

  /**
   * What records and intents name, in one state of the store.
   *
   * @param view the store
   * @param home the home
   * @param claimed the paths that intents claim
   */
  private record Known(StoreView view, HomeLayout home, ImmutableSet<Path> claimed) {

    static Known in(StoreView view, HomeLayout home) {
      ImmutableSet.Builder<Path> claimed = ImmutableSet.builder();
      for (Intent intent : view.intents().list()) {
        claimed.addAll(intent.createdFiles());
        intent.disks().forEach(disk -> claimed.add(disk.path()));
        intent.boxes().forEach(box -> claimed.add(home.boxDirectory(box.box())));
      }
      view.pendingDeletes().list().forEach(base -> claimed.add(base.path()));
      return new Known(view, home, claimed.build());
    }

    boolean explains(Path file) {
      if (claimed.contains(file) || home.baseIdOf(file).flatMap(view.bases()::find).isPresent()) {
        return true;
      }
      if (isTemporary(file)) {
        return Temporaries.operationOf(file).flatMap(view.intents()::find).isPresent();
      }
      return home.boxes().equals(file.getParent()) && isRecordedBox(view, file);
    }
  }

  // Which orphans are deleted.

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
    return home.boxes().equals(orphan.getParent())
        ? filesOf(orphan).filter(Orphans::isDiskOrTemporary)
        : Stream.of(orphan);
  }

  private static boolean isDiskOrTemporary(Path file) {
    return isTemporary(file)
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
    if (home.boxes().equals(orphan.getParent())) {
      removeIfEmpty(orphan.resolve(HomeLayout.DISKS));
      removeIfEmpty(orphan);
    }
    return freed;
  }

  private void removeIfEmpty(Path directory) {
    if (isDirectory(directory) && files.list(directory).isEmpty()) {
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
