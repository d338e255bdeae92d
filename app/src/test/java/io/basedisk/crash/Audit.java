package io.basedisk.crash;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Opens a home after kills of its processes, and compares it with the models of their actors. */
final class Audit {

  private final Path home;
  private final Path logs;
  private long killsMidOperation;
  private long killsInRecovery;
  private long workFound;
  private ImmutableSet<Object> workLeft = ImmutableSet.of();
  private long stepsDone;
  private long stepsFailed;

  Audit(Path home, Path logs) {
    this.home = home;
    this.logs = logs;
  }

  /** Returns the number of kills during an operation. */
  long killsMidOperation() {
    return killsMidOperation;
  }

  /** Returns whether the kill of the last worker left work for the recovery. */
  boolean isWorkLeft() {
    return !workLeft.isEmpty();
  }

  /** Returns the number of kills of workers that left work for the recovery. */
  long workFound() {
    return workFound;
  }

  /** Returns the number of kills during a recovery that left a part of its work. */
  long killsInRecovery() {
    return killsInRecovery;
  }

  /** Returns the number of steps that all actors have done. */
  long stepsDone() {
    return stepsDone;
  }

  /** Returns the number of steps that were refused, or rolled back after a kill. */
  long stepsFailed() {
    return stepsFailed;
  }

  /** Counts the kill of a worker, by what it was doing. */
  void countKillOfWorker() {
    workLeft = workLeft();
    if (!workLeft.isEmpty()) {
      workFound++;
    }
    List<Model> models = models();
    if (!workLeft.isEmpty() || models.stream().anyMatch(model -> model.openStep().isPresent())) {
      killsMidOperation++;
    }
    models.forEach(Model::close);
  }

  /** Counts the kill of a process that opened the home after the kill of a worker. */
  void countKillOfOpener() {
    if (!Sets.intersection(workLeft, workLeft()).isEmpty()) {
      killsInRecovery++;
    }
  }

  /** Returns the open intents, and the bases that are being deleted. */
  private ImmutableSet<Object> workLeft() {
    if (!Files.exists(OpenHome.database(home))) {
      return ImmutableSet.of();
    }
    try (BaseDiskStore store = SqliteBaseDiskStore.open(OpenHome.database(home))) {
      return store.read(
          view ->
              ImmutableSet.builder()
                  .addAll(view.intents().list())
                  .addAll(view.pendingDeletes().list())
                  .build());
    }
  }

  /** Recovers the home, and fails unless all of it is right. */
  void run() {
    failOnErrors();
    List<Model> models = models();
    try {
      try (OpenHome open = OpenHome.open(home)) {
        models.forEach(open::resolve);
        checkBoxes(open, models);
        checkContent(open, models);
        checkWhole(open);
      }
      stepsDone = models.stream().mapToLong(Model::stepsDone).sum();
      stepsFailed = models.stream().mapToLong(Model::stepsFailed).sum();
    } finally {
      models.forEach(Model::close);
    }
  }

  /** Fails if an actor has logged an unexpected error. */
  void failOnErrors() {
    for (Path error : filesIn(logs)) {
      if (error.toString().endsWith(".error")) {
        fail(error + ":\n" + read(error));
      }
    }
  }

  private List<Model> models() {
    return filesIn(logs).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .map(Model::open)
        .collect(toImmutableList());
  }

  /** Fails unless no operation is open, no file leaks, and store, files and headers agree. */
  static void checkWhole(OpenHome open) {
    open.invariants().check();
    checkDoctor(open);
    checkNothingLeaks(open);
  }

  private static void checkBoxes(OpenHome open, List<Model> models) {
    Set<String> expected = new HashSet<>();
    models.forEach(model -> expected.addAll(model.boxes().keySet()));
    assertEquals(
        expected,
        open.store.read(view -> view.boxes().list()).stream()
            .map(box -> box.id().value())
            .collect(toImmutableSet()),
        "boxes");
  }

  /** Reads every disk and snapshot of the models as a guest, and compares the content. */
  static void checkContent(OpenHome open, List<Model> models) {
    for (Model model : models) {
      model
          .boxes()
          .forEach(
              (box, content) -> {
                assertEquals(content, open.guests.read(open.disk(box)), () -> "box " + box);
                model
                    .snapshotsOf(box)
                    .forEach(
                        (name, then) ->
                            assertEquals(
                                then,
                                open.guests.read(open.findSnapshot(box, name).orElseThrow()),
                                () -> "snapshot " + name + " of box " + box));
              });
    }
  }

  /** Runs the doctor, with a check of the content of bases. */
  private static void checkDoctor(OpenHome open) {
    ImmutableList<Finding> findings =
        open.disks.doctor().examine(Doctor.Depth.CONTENT).findings().stream()
            // A killed guest leaves leaked clusters, which are not the fault of basedisk.
            .filter(finding -> finding.kind() != Finding.Kind.IMAGE_LEAKS)
            .collect(toImmutableList());
    assertEquals(ImmutableList.of(), findings, "findings of the doctor");
  }

  private static void checkNothingLeaks(OpenHome open) {
    // The first one collects the layers of imports that did not complete.
    open.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    GarbageCollection.Report report =
        open.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertEquals(ImmutableList.of(), report.orphans(), "orphans");
    assertTrue(
        report.bases().collected().isEmpty(),
        () -> "bases that nothing needed: " + report.bases().collected());
  }

  static ImmutableList<Path> filesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().collect(toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
