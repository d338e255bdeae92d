package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The sweep of the home's files: what is named as a base, or as a temporary of an operation, and is
 * known to nobody.
 *
 * <p>The files are listed first; then, within one write transaction, the store is asked and they
 * are removed: an operation commits its intent before it makes a file, so what was listed and is
 * unknown afterwards is nobody's. Anything of another name is never touched.
 */
public final class Sweep {

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
    files.sync(
        swept.stream()
            .map(Path::getParent)
            .filter(Objects::nonNull)
            .distinct()
            .collect(ImmutableList.toImmutableList()));
    freed.forEach((file, bytes) -> listener.on(new Event.Swept(file, bytes)));
    return swept;
  }

  private ImmutableList<Path> listCandidates() {
    ImmutableList.Builder<Path> candidates = ImmutableList.builder();
    files.list(home.bases()).stream()
        .filter(file -> home.baseIdOf(file).isPresent() || isTemporary(file))
        .forEach(candidates::add);
    for (Path box : files.list(home.boxes())) {
      Path disks = box.resolve("disks");
      if (files.status(disks).filter(status -> !status.isRegularFile()).isPresent()) {
        files.list(disks).stream().filter(Sweep::isTemporary).forEach(candidates::add);
      }
    }
    return candidates.build();
  }

  private static boolean isTemporary(Path file) {
    return Temporaries.operationOf(file).isPresent();
  }

  /** Chooses from the candidates, children before the parents that they back onto. */
  private ImmutableList<Path> choose(
      StoreView view, ImmutableList<Path> candidates, Duration grace, HeaderEvidence evidence) {
    ImmutableList<Intent> intents = view.listIntents();
    List<Path> unknown = new ArrayList<>(candidates);
    unknown.removeIf(file -> !isUnknown(view, intents, file, grace));
    ImmutableList.Builder<Path> chosen = ImmutableList.builder();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Path file : List.copyOf(unknown)) {
        Optional<BaseDiskId> id = home.baseIdOf(file);
        if (id.isEmpty() || evidence.filesBackingOnto(id.get()).isEmpty()) {
          chosen.add(file);
          evidence.forget(file);
          unknown.remove(file);
          progress = true;
        }
      }
    }
    return chosen.build();
  }

  private boolean isUnknown(
      StoreView view, ImmutableList<Intent> intents, Path file, Duration grace) {
    Optional<OperationId> operation = Temporaries.operationOf(file);
    if (operation.isPresent()) {
      return view.findIntent(operation.get()).isEmpty();
    }
    BaseDiskId id = home.baseIdOf(file).orElseThrow();
    return view.findBase(id).isEmpty()
        && intents.stream().noneMatch(intent -> intent.files().contains(file))
        && isOlderThan(grace, file)
        && imageLocks.openedBy(file).isEmpty();
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
