package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
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

/**
 * The sweep of the home's files: what is named as a base, or as a temporary of an operation, and is
 * known to nobody.
 *
 * <p>The files are listed first; then, within one write transaction, the store is asked and they
 * are removed: an operation commits its intent before it makes a file, so what was listed and is
 * unknown afterwards is nobody's. Anything of another name is never touched.
 */
public final class Sweep {

  private static final int PART = 1_000;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final InstantSource clock;

  public Sweep(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.imageLocks = ports.imageLocks();
    this.listener = ports.listener();
    this.clock = ports.clock();
  }

  /**
   * Returns the files that a sweep would remove.
   *
   * @param grace how long a base's file must have been as it is to be removed
   * @param evidence every header, those of unknown files in the bases directory included
   */
  public ImmutableList<Path> find(Duration grace, HeaderEvidence evidence) {
    ImmutableList<Path> candidates = listCandidates();
    return store.read(view -> choose(view, candidates, grace, evidence.copy()));
  }

  /** Removes those files, durably, and returns them. */
  public ImmutableList<Path> run(Duration grace, HeaderEvidence evidence) {
    ImmutableList<Path> candidates = listCandidates();
    if (candidates.isEmpty()) {
      return candidates;
    }
    Map<Path, Long> freed = new LinkedHashMap<>();
    ImmutableList<Path> swept =
        store.write(
            tx -> {
              ImmutableList<Path> chosen = choose(tx, candidates, grace, evidence);
              chosen.forEach(file -> freed.put(file, files.remove(file)));
              return chosen;
            });
    swept.stream()
        .map(Path::getParent)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(directory -> unlessGone(directory, () -> files.sync(directory)));
    freed.forEach((file, bytes) -> listener.on(new Event.Swept(file, bytes)));
    return swept;
  }

  /** Takes a step in the directory of a box, which may be removed with its box at any time. */
  private void unlessGone(Path directory, Runnable step) {
    try {
      step.run();
    } catch (StorageException e) {
      if (files.status(directory).isPresent()) {
        throw e;
      }
    }
  }

  /**
   * Lists what may be nobody's: most of what there is is known, and need not be asked for again.
   */
  private ImmutableList<Path> listCandidates() {
    ImmutableList.Builder<Path> candidates = ImmutableList.builder();
    ImmutableList<Path> inBases =
        files.list(home.bases()).stream()
            .filter(file -> home.baseIdOf(file).isPresent() || isTemporary(file))
            .collect(ImmutableList.toImmutableList());
    for (List<Path> part : Lists.partition(inBases, PART)) {
      List<Path> unknown =
          store.read(view -> part.stream().filter(file -> !isRecorded(view, file)).toList());
      candidates.addAll(unknown);
    }
    files.list(home.boxes()).forEach(box -> candidates.addAll(temporariesOf(box)));
    return candidates.build();
  }

  /** Lists the temporaries of one box. A link is not followed: what it leads to is not ours. */
  private ImmutableList<Path> temporariesOf(Path box) {
    Path disks = box.resolve("disks");
    try {
      return isDirectory(box) && isDirectory(disks)
          ? files.list(disks).stream()
              .filter(Sweep::isTemporary)
              .collect(ImmutableList.toImmutableList())
          : ImmutableList.of();
    } catch (StorageException outOfReach) {
      // The box may have been removed since it was listed.
      tellUnlessGone(box, outOfReach);
      return ImmutableList.of();
    }
  }

  private boolean isDirectory(Path path) {
    return files.status(path).filter(FileStatus::isDirectory).isPresent();
  }

  private void tellUnlessGone(Path path, StorageException failure) {
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

  private static boolean isTemporary(Path file) {
    return Temporaries.operationOf(file).isPresent();
  }

  private boolean isRecorded(StoreView view, Path file) {
    return home.baseIdOf(file).flatMap(view::findBase).isPresent();
  }

  /** Chooses from the candidates, children before the parents that they back onto. */
  private ImmutableList<Path> choose(
      StoreView view, ImmutableList<Path> candidates, Duration grace, HeaderEvidence evidence) {
    ImmutableSet<Path> claimed =
        view.listIntents().stream()
            .flatMap(intent -> intent.files().stream())
            .collect(ImmutableSet.toImmutableSet());
    Set<Path> unknown =
        candidates.stream()
            .filter(file -> isUnknown(view, claimed, file, grace))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<Path> chosen = new LinkedHashSet<>();
    for (Path file : unknown) {
      Optional<Path> free = Optional.of(file).filter(f -> isFree(f, evidence));
      while (free.isPresent() && chosen.add(free.get())) {
        free =
            evidence
                .forget(free.get())
                .map(home::baseFile)
                .filter(unknown::contains)
                .filter(parent -> isFree(parent, evidence));
      }
    }
    return ImmutableList.copyOf(chosen);
  }

  private boolean isFree(Path file, HeaderEvidence evidence) {
    return home.baseIdOf(file).filter(id -> evidence.isBackedOnto(id)).isEmpty();
  }

  private boolean isUnknown(StoreView view, ImmutableSet<Path> claimed, Path file, Duration grace) {
    Optional<OperationId> operation = Temporaries.operationOf(file);
    if (operation.isPresent()) {
      // Its operation may have ended, and removed it, since it was listed.
      return view.findIntent(operation.get()).isEmpty() && isRegularFile(file);
    }
    return !isRecorded(view, file)
        && !claimed.contains(file)
        && isOlderThan(grace, file)
        && imageLocks.openedBy(file).isEmpty();
  }

  /** Returns whether it is what operations make: a directory of such a name is none of theirs. */
  private boolean isRegularFile(Path file) {
    try {
      return files.status(file).filter(FileStatus::isRegularFile).isPresent();
    } catch (StorageException outOfReach) {
      listener.on(new Event.NotRead(file, String.valueOf(outOfReach.getMessage())));
      return false;
    }
  }

  /** By its ctime: the mtime of a file that was linked may be as old as the disk. */
  private boolean isOlderThan(Duration grace, Path file) {
    return files
        .status(file)
        .filter(FileStatus::isRegularFile)
        .filter(status -> !status.changedAt().isAfter(clock.instant().minus(grace)))
        .isPresent();
  }
}
