package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Lists;
import io.basedisk.app.BaseDisks;
import io.basedisk.crash.Faults.Fault;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each changing step of each operation fails, in each way that a step can fail. */
@Tag("exploration")
class FailingStepsTest {

  @TempDir private Path directory;

  static List<Object[]> cases() {
    return Lists.transform(
        Lists.cartesianProduct(List.of(Operation.values()), List.of(Fault.values())),
        List::toArray);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void a_failing_step_costs_nothing_and_leaves_nothing(Operation operation, Fault fault)
      throws IOException {
    Path home = directory.toRealPath().resolve("home");
    boolean hit = true;
    int steps = 0;
    while (hit) {
      Sample sample;
      try (OpenHome open = OpenHome.open(home)) {
        sample = Sample.make(open, "box-" + steps);
        operation.prepare(open, sample.box());
      }
      hit = attempt(home, sample, operation, fault, steps);
      try (OpenHome open = OpenHome.open(home)) {
        sample.check(open, operation);
        Audit.checkWhole(open);
        removeAll(open);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("with the fault after " + steps + " steps", failure);
      }
      steps++;
    }
    assertTrue(steps > 1, "no step failed");
  }

  /** Returns whether the operation got as far as the fault. */
  private static boolean attempt(
      Path home, Sample sample, Operation operation, Fault fault, int steps) {
    Faults faults = new Faults();
    try (BaseDiskStore store = SqliteBaseDiskStore.open(OpenHome.database(home));
        BaseDisks disks =
            BaseDisks.builder()
                .home(home)
                .files(faults.files(new LocalDiskFiles(OperatingSystem.current())))
                .images(faults.images(new Qcow2DiskImages()))
                .store(faults.store(store))
                .open()) {
      faults.arm(fault, steps);
      try {
        operation.perform(disks, sample.box());
      } catch (BaseDiskException expected) {
        // A failure is one of the two right results.
      }
      boolean hit = faults.disarm();
      boolean wasInterrupted = Thread.interrupted();
      assertTrue(!hit || fault != Fault.INTERRUPT || wasInterrupted, "the interrupt was swallowed");
      if (!fault.lasts()) {
        checkUsable(disks, store, sample);
      }
      return hit;
    }
  }

  /** Checks that the box is usable without a restart of the process. */
  private static void checkUsable(BaseDisks disks, BaseDiskStore store, Sample sample) {
    BoxId box = BoxId.of(sample.box());
    if (store.read(view -> view.boxes().find(box)).isPresent()) {
      disks.bases().create(box, BaseDiskKind.CLONE_BASE, null);
    }
  }

  private static void removeAll(OpenHome open) {
    open.disks
        .boxes()
        .list()
        .forEach(box -> open.disks.boxes().remove(box.box().id(), SnapshotsOnRemoval.REMOVE));
    open.disks.rootfs().prune(0);
  }
}
