package io.basedisk.crash;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.testing.HomeInvariants;
import io.basedisk.oci.artifact.ArtifactStore;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An open home with the standard adapters, and a second connection to its store. */
final class OpenHome implements AutoCloseable {

  /** Longer than another process takes to settle an operation, even on a busy machine. */
  private static final Duration SETTLING_TIMEOUT = Duration.ofMinutes(20);

  /** Opening a home is refused if other processes write to its store for half a minute. */
  private static final int ATTEMPTS = 20;

  final BaseDisks disks;
  final BaseDiskStore store;
  final Guests guests;

  private OpenHome(BaseDisks disks, BaseDiskStore store, Guests guests) {
    this.disks = disks;
    this.store = store;
    this.guests = guests;
  }

  static OpenHome open(Path home) {
    return open(home, Guests::new);
  }

  /** Opens a home with other guests than the default ones. */
  static OpenHome open(Path home, Function<HomeLayout, Guests> guests) {
    BaseDisks disks = openPatiently(home);
    return new OpenHome(
        disks, SqliteBaseDiskStore.open(database(home)), guests.apply(disks.home()));
  }

  private static BaseDisks openPatiently(Path home) {
    for (int attempt = 1; ; attempt++) {
      try {
        return BaseDisks.open(home);
      } catch (RefusedException storeIsBusy) {
        if (attempt == ATTEMPTS) {
          throw storeIsBusy;
        }
      }
    }
  }

  static Path database(Path home) {
    return home.resolve("db/basedisk.db");
  }

  /** Returns the invariants of this home, which hold while no operation is running. */
  HomeInvariants invariants() {
    return new HomeInvariants(
        disks.home(), store, new LocalDiskFiles(OperatingSystem.current()), new Qcow2DiskImages());
  }

  Path disk(String box) {
    return disks.home().disksDirectory(BoxId.of(box)).resolve(DiskSlot.CONTAINER.fileName());
  }

  boolean hasBox(String box) {
    return store.read(view -> view.boxes().find(BoxId.of(box))).isPresent();
  }

  /**
   * Finds out whether the open step of a model has happened, and records the result. The operation
   * must not be running any more.
   */
  void resolve(Model model) {
    model.openStep().ifPresent(step -> resolve(model, step));
  }

  private void resolve(Model model, Step step) {
    if (step.leavesContentAlone()) {
      model.fail();
      return;
    }
    awaitSettled(step);
    boolean happened =
        switch (step.kind()) {
          case CREATE, CLONE, CLONE_SNAPSHOT, CLONE_FOREIGN, IMPORT, IMPORT_ARTIFACT ->
              allOrNone(step.newBoxes());
          case EXPORT -> isPublished(step.argument(1));
          case SNAPSHOT, COPY -> findSnapshot(step.argument(0), step.argument(1)).isPresent();
          case REMOVE_SNAPSHOT -> findSnapshot(step.argument(0), step.argument(1)).isEmpty();
          case RESTORE -> isRestored(model, step);
          case REMOVE, REMOVE_WITH_SNAPSHOTS -> !hasBox(step.argument(0));
          case WRITE -> isWritten(step);
          case FORK, FORK_FOREIGN, COMPACT, COLLECT -> false;
        };
    if (!happened) {
      model.fail();
      return;
    }
    if (step.kind() == Step.Kind.CLONE_FOREIGN) {
      step.newBoxes().forEach(box -> model.adopt(box, guests.read(disk(box))));
    } else if (step.kind() == Step.Kind.IMPORT_ARTIFACT) {
      model.inherit(step.argument(1), step.argument(0), snapshotsOf(step.argument(1)));
    }
    model.end();
  }

  /** If the disk was not written to since the snapshot, both answers are right. */
  private boolean isRestored(Model model, Step restore) {
    String box = restore.argument(0);
    return guests.read(disk(box)).equals(model.snapshotsOf(box).get(restore.argument(1)));
  }

  private boolean isWritten(Step write) {
    long stamp = guests.read(disk(write.argument(0))).stamps()[Integer.parseInt(write.argument(1))];
    return stamp == Long.parseLong(write.argument(2));
  }

  Optional<Path> findSnapshot(String box, String name) {
    return store
        .read(view -> view.bases().findByName(BoxId.of(box), new SnapshotName(name)))
        .map(base -> base.diskInfo().basePath());
  }

  private ImmutableList<String> snapshotsOf(String box) {
    return disks.snapshots().list(BoxId.of(box)).stream()
        .map(snapshot -> snapshot.base().snapshotName().orElseThrow().value())
        .collect(toImmutableList());
  }

  private boolean isPublished(String artifact) {
    try (LayerStore place = place(artifact)) {
      return place.list().contains(artifact);
    } catch (NotFoundException noLayout) {
      // The first export of the actor did not get as far.
      return false;
    }
  }

  /**
   * Opens the place of an artifact: a layout beside the home, for all artifacts of its actor.
   *
   * @param artifact name of the artifact, which begins with that of its actor
   */
  LayerStore place(String artifact) {
    String actor = artifact.substring(0, artifact.lastIndexOf('-'));
    Path directory = disks.home().home().resolveSibling("artifacts").resolve(actor);
    try {
      Path temporaries = Files.createDirectories(directory.resolveSibling(actor + ".tmp"));
      Files.createDirectories(directory);
      return ArtifactStore.of(
          new LayoutBlobs(directory), directory + ":" + artifact, artifact, temporaries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean allOrNone(List<String> boxes) {
    long made = boxes.stream().filter(this::hasBox).count();
    if (made != 0 && made != boxes.size()) {
      throw new VerifyException("only " + made + " of the boxes " + boxes + " were made");
    }
    return made != 0;
  }

  /** Waits while another process settles an operation of this one's predecessor. */
  private void awaitSettled(Step step) {
    List<Intent> standing =
        store.read(view -> view.intents().list()).stream()
            .filter(
                intent ->
                    intent.boxes().stream()
                        .anyMatch(claim -> step.arguments().contains(claim.box().value())))
            .collect(toImmutableList());
    Instant deadline = Instant.now().plus(SETTLING_TIMEOUT);
    for (Intent intent : standing) {
      while (store.read(view -> view.intents().find(intent.id())).isPresent()) {
        if (Instant.now().isAfter(deadline)) {
          throw new VerifyException("before " + step + ", no process settles " + intent);
        }
        Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(10));
      }
    }
  }

  @Override
  public void close() {
    try (disks) {
      store.close();
    }
  }
}
