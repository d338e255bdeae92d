package io.basedisk.domain.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Interruptible;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A transfer that a test interrupts. An import differs by the layers that are here. */
enum InterruptedTransfer {
  ALL_MISSING,
  LOWER_HERE,
  ALL_HERE,
  EXPORT_BY_FORK,
  EXPORT_BY_COPY,
  EXPORT_OF_AN_IMAGE;

  private static final Map<Long, String> CONTENT = Map.of(1L, "a", 2L, "b", 3L, "c");
  private static final Path IMAGE = Path.of("/images/web.qcow2");

  boolean isImport() {
    return compareTo(ALL_HERE) <= 0;
  }

  /** Returns the operation over a new exporting home and a new place. */
  Interruptible interruptible() {
    Travel travel = travel();
    return new Interruptible() {
      @Override
      public Fleet home() {
        return InterruptedTransfer.this.home(travel);
      }

      @Override
      public void perform(Fleet home) {
        InterruptedTransfer.this.perform(travel, home);
      }

      @Override
      public boolean check(Fleet home) {
        return InterruptedTransfer.this.check(travel, home);
      }

      @Override
      public void beforeEachStep(Fleet home, Consumer<String> action) {
        home.beforeEachStep(action);
        travel.place.beforeEachStep(action);
      }
    };
  }

  /** Makes the exporting home and the place. */
  Travel travel() {
    Travel travel = new Travel();
    if (isImport()) {
      travel.export();
    }
    travel.source.disks.withDirectory(IMAGE.getParent());
    return travel;
  }

  /** Makes the home whose operation is interrupted. */
  Fleet home(Travel travel) {
    if (!isImport()) {
      return travel.source;
    }
    Fleet target = new Fleet();
    if (this == LOWER_HERE) {
      Travel.export(travel.source, "web", "one", Mode.FORK, travel.place.open("low"));
      target
          .useCases
          .transfers()
          .importBox(Fleet.box("low"), travel.place.open("low"), null, Progress.NONE);
    } else if (this == ALL_HERE) {
      travel.importTo(target, "before");
    }
    return target;
  }

  /** Performs the operation. */
  void perform(Travel travel, Fleet home) {
    switch (this) {
      case ALL_MISSING, LOWER_HERE, ALL_HERE -> travel.importTo(home, "copy");
      case EXPORT_BY_FORK -> Travel.export(home, "web", null, Mode.FORK, travel.place.open("web"));
      case EXPORT_BY_COPY -> Travel.export(home, "web", null, Mode.COPY, travel.place.open("web"));
      case EXPORT_OF_AN_IMAGE -> exportImage(home);
    }
  }

  /** Checks that the operation is complete or can be repeated, and returns which. */
  boolean check(Travel travel, Fleet home) {
    home.check();
    return isImport() ? checkImported(travel, home) : checkExported(this, home);
  }

  private static void exportImage(Fleet home) {
    home.useCases
        .transfers()
        .exportImage(
            new ExportRequest(
                Fleet.box("web"),
                null,
                Mode.COPY,
                InternalSnapshots.REFUSE,
                new Platform("amd64", "linux")),
            IMAGE,
            NewImageFormat.Qcow2.DEFAULT,
            Progress.NONE);
  }

  private static boolean checkImported(Travel travel, Fleet fleet) {
    boolean isThere =
        fleet.store.read(view -> view.boxes().list()).stream()
            .map(Box::id)
            .anyMatch(Fleet.box("copy")::equals);
    if (!isThere) {
      travel.importTo(fleet, "copy");
    }
    assertEquals(CONTENT, fleet.read("copy"));
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(fleet, "copy"));
    fleet.check();
    fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertTrue(fleet.store.read(view -> view.holds().list()).isEmpty());
    for (Box box : fleet.store.read(view -> view.boxes().list())) {
      assertEquals(
          box.id().equals(Fleet.box("low")) ? Map.of(1L, "a") : CONTENT,
          fleet.read(box.id().value()));
    }
    fleet.check();
    return isThere;
  }

  /** An export changes nothing that a crash could lose: it is complete whenever it ends. */
  private static boolean checkExported(InterruptedTransfer way, Fleet fleet) {
    assertEquals(CONTENT, fleet.read("web"));
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(fleet, "web"));
    if (fleet.disks.status(IMAGE).isPresent()) {
      assertEquals(CONTENT, fleet.disks.guestReads(IMAGE));
      fleet.disks.remove(IMAGE);
    }
    Travel again = new Travel();
    Mode mode = way == InterruptedTransfer.EXPORT_BY_FORK ? Mode.FORK : Mode.COPY;
    Travel.export(fleet, "web", null, mode, again.place.open("web"));
    Fleet target = new Fleet();
    again.importTo(target, "copy");
    assertEquals(CONTENT, target.read("copy"));
    fleet.check();
    assertEquals(
        mode == Mode.FORK ? 3 : 2,
        fleet.store.read(view -> view.bases().list(BaseFilter.ALL)).size(),
        "the bases: nothing keeps a copy");
    return true;
  }
}
