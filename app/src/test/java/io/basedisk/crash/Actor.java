package io.basedisk.crash;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.transfer.ExportRequest;
import java.util.Collection;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Performs random operations without end. Each actor has its own boxes; only this actor writes to
 * them and removes them. It also forks and clones boxes of other actors.
 */
final class Actor {

  private static final int BOXES = 6;
  private static final int DEPTH = 8;

  private final OpenHome home;
  private final String name;
  private final Model model;
  private final Random random;
  private final boolean meetsOthers;

  /**
   * @param name prefix of the names of its boxes, unique among actors
   */
  Actor(OpenHome home, String name, Model model, Random random, boolean meetsOthers) {
    this.home = home;
    this.name = name;
    this.model = model;
    this.random = random;
    this.meetsOthers = meetsOthers;
  }

  /** Performs the next step. A refusal is a normal result. */
  void step() {
    home.resolve(model);
    Step step = choose();
    model.begin(step);
    try {
      perform(step);
    } catch (RefusedException refused) {
      // The step may have happened nevertheless, if only the collection after it was refused.
      home.resolve(model);
      return;
    } catch (NotFoundException | AlreadyExistsException e) {
      if (step.kind() != Step.Kind.CLONE_FOREIGN && step.kind() != Step.Kind.FORK_FOREIGN) {
        throw e;
      }
      home.resolve(model);
      return;
    }
    if (step.kind() == Step.Kind.CLONE_FOREIGN || step.kind() == Step.Kind.IMPORT_ARTIFACT) {
      home.resolve(model);
    } else {
      model.end();
    }
  }

  // Choice of the next step.

  private Step choose() {
    Collection<String> boxes = model.boxes().keySet();
    if (boxes.size() < 2) {
      return Step.of(Step.Kind.CREATE, newName());
    }
    String box = any(boxes);
    if (boxes.size() >= BOXES || home.guests.depth(home.disk(box)) > DEPTH) {
      return Step.of(removal(box), box);
    }
    int dice = random.nextInt(100);
    if (dice < 30) {
      return write(box);
    } else if (dice < 40) {
      return Step.of(Step.Kind.CREATE, newName());
    } else if (dice < 50) {
      return Step.of(random.nextInt(3) == 0 ? Step.Kind.COPY : Step.Kind.SNAPSHOT, box, newName());
    } else if (dice < 58) {
      return Step.of(Step.Kind.FORK, box);
    } else if (dice < 62) {
      return Step.of(Step.Kind.COMPACT, box, Integer.toString(1 + random.nextInt(3)));
    } else if (dice < 70) {
      return withNewBoxes(Step.Kind.CLONE, box);
    } else if (dice < 72) {
      return Step.of(Step.Kind.IMPORT, box, newName());
    } else if (dice < 78) {
      return travel(box);
    } else if (dice < 87) {
      return ofSnapshot(box);
    } else if (dice < 93) {
      return Step.of(removal(box), box);
    } else if (dice < 95) {
      return Step.of(Step.Kind.COLLECT);
    }
    return foreign();
  }

  private Step write(String box) {
    return Step.of(
        Step.Kind.WRITE,
        box,
        Integer.toString(random.nextInt(Content.BLOCKS)),
        Long.toString(random.nextLong()));
  }

  /** Exports a box, or imports what was exported earlier: its layers may be gone by now. */
  private Step travel(String box) {
    return model.artifacts().isEmpty() || random.nextInt(3) == 0
        ? Step.of(Step.Kind.EXPORT, box, newName())
        : Step.of(Step.Kind.IMPORT_ARTIFACT, any(model.artifacts().keySet()), newName());
  }

  private Step ofSnapshot(String box) {
    if (model.snapshotsOf(box).isEmpty()) {
      return write(box);
    }
    String snapshot = any(model.snapshotsOf(box).keySet());
    return switch (random.nextInt(3)) {
      case 0 -> Step.of(Step.Kind.RESTORE, box, snapshot);
      case 1 -> Step.of(Step.Kind.REMOVE_SNAPSHOT, box, snapshot);
      default -> withNewBoxes(Step.Kind.CLONE_SNAPSHOT, box, snapshot);
    };
  }

  private Step.Kind removal(String box) {
    return model.snapshotsOf(box).isEmpty() ? Step.Kind.REMOVE : Step.Kind.REMOVE_WITH_SNAPSHOTS;
  }

  private Step foreign() {
    ImmutableList<String> others =
        home.store.read(view -> view.boxes().list()).stream()
            .map(box -> box.id().value())
            .filter(box -> !box.startsWith(name + "-"))
            .collect(toImmutableList());
    if (!meetsOthers || others.isEmpty()) {
      return Step.of(Step.Kind.COLLECT);
    }
    return random.nextBoolean()
        ? withNewBoxes(Step.Kind.CLONE_FOREIGN, any(others))
        : Step.of(Step.Kind.FORK_FOREIGN, any(others));
  }

  private Step withNewBoxes(Step.Kind kind, String... arguments) {
    return new Step(
        kind,
        ImmutableList.<String>builder()
            .add(arguments)
            .addAll(IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(i -> newName()).iterator())
            .build());
  }

  private String newName() {
    return name + "-" + Integer.toHexString(random.nextInt());
  }

  private String any(Collection<String> names) {
    return Iterables.get(names, random.nextInt(names.size()));
  }

  // Execution of a step.

  private void perform(Step step) {
    String first = step.arguments().isEmpty() ? "" : step.argument(0);
    ImmutableList<BoxId> newBoxes =
        step.newBoxes().stream().map(BoxId::of).collect(toImmutableList());
    switch (step.kind()) {
      case CREATE -> home.disks.boxes().create(BoxId.of(first), Content.VIRTUAL_SIZE);
      case WRITE ->
          home.guests.write(
              home.disk(first),
              Integer.parseInt(step.argument(1)),
              Long.parseLong(step.argument(2)));
      case SNAPSHOT ->
          home.disks.snapshots().create(BoxId.of(first), new SnapshotName(step.argument(1)));
      case COPY ->
          home.disks
              .snapshots()
              .create(
                  BoxId.of(first),
                  new SnapshotName(step.argument(1)),
                  Snapshots.Mode.COPY,
                  InternalSnapshots.REFUSE);
      case RESTORE ->
          home.disks.snapshots().restore(BoxId.of(first), new SnapshotName(step.argument(1)), null);
      case REMOVE_SNAPSHOT ->
          home.disks.snapshots().remove(BoxId.of(first), new SnapshotName(step.argument(1)));
      case FORK, FORK_FOREIGN ->
          home.disks.bases().create(BoxId.of(first), BaseDiskKind.CLONE_BASE, null);
      case CLONE, CLONE_FOREIGN -> home.disks.clones().cloneBox(BoxId.of(first), newBoxes);
      case IMPORT ->
          home.disks
              .boxes()
              .createFromImage(
                  newBoxes.get(0), ImageSource.qcow2(home.disk(first)), null, Progress.NONE);
      case EXPORT -> export(first, step.argument(1));
      case IMPORT_ARTIFACT -> {
        try (LayerStore place = home.place(first)) {
          home.disks.transfers().importBox(newBoxes.get(0), place, null, Progress.NONE);
        }
      }
      case CLONE_SNAPSHOT ->
          home.disks
              .clones()
              .cloneSnapshot(BoxId.of(first), new SnapshotName(step.argument(1)), newBoxes);
      case REMOVE -> home.disks.boxes().remove(BoxId.of(first), SnapshotsOnRemoval.REFUSE);
      case REMOVE_WITH_SNAPSHOTS ->
          home.disks.boxes().remove(BoxId.of(first), SnapshotsOnRemoval.REMOVE);
      case COMPACT ->
          home.disks
              .compactions()
              .compact(BoxId.of(first), MaxDepth.parse(step.argument(1)), Progress.NONE);
      case COLLECT -> home.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    }
  }

  private void export(String box, String artifact) {
    try (LayerStore place = home.place(artifact)) {
      home.disks
          .transfers()
          .exportBox(
              new ExportRequest(
                  BoxId.of(box),
                  null,
                  Snapshots.Mode.FORK,
                  InternalSnapshots.REFUSE,
                  new Platform("amd64", "linux")),
              place,
              Progress.NONE);
    }
  }
}
