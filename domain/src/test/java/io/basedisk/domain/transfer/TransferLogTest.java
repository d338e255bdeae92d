package io.basedisk.domain.transfer;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.collect.MoreCollectors;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.Imported;
import org.junit.jupiter.api.Test;

/** What the logs of both homes have of exports and imports. */
final class TransferLogTest {

  private final Travel travel = new Travel();
  private final Fleet target = new Fleet();

  private static ImmutableList<LoggedChange> changes(Fleet fleet) {
    return fleet.useCases.log().list(LogFilter.ALL).stream()
        .map(LogEntry::change)
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<LogEvent> events(Fleet fleet) {
    return changes(fleet).stream()
        .map(LoggedChange::event)
        .collect(ImmutableList.toImmutableList());
  }

  private static LoggedChange only(Fleet fleet, LogEvent event) {
    return changes(fleet).stream()
        .filter(change -> change.event() == event)
        .collect(MoreCollectors.onlyElement());
  }

  private static void assertMadeBy(Operation operation, LoggedChange change) {
    Cause cause = change.cause();
    assertTrue(cause != null && cause.operation() == operation, change::toString);
  }

  private void failAtStep(String start) {
    travel.place.beforeEachStep(
        step -> {
          if (step.startsWith(start)) {
            throw new StorageException("the connection is lost");
          }
        });
  }

  @Test
  void an_export_has_its_box_and_its_top_base() {
    Exported exported = travel.export();

    LoggedChange change = only(travel.source, LogEvent.EXPORTED);

    assertEquals(3, exported.layers().size());
    assertMadeBy(Operation.EXPORT, change);
    assertEquals(ImmutableList.of(box("web")), change.boxes());
    assertEquals(
        Iterables.getLast(
                changes(travel.source).stream()
                    .filter(entry -> entry.event() == LogEvent.FORKED)
                    .toList())
            .base(),
        change.base());
  }

  @Test
  void an_export_of_a_snapshot_has_its_name() {
    Travel.export(travel.source, "web", "one", Mode.FORK, travel.place.open("one"));

    assertEquals("one", only(travel.source, LogEvent.EXPORTED).name());
  }

  @Test
  void a_failed_export_is_rolled_back() {
    failAtStep("publish");
    assertThrows(StorageException.class, travel::export);

    assertMadeBy(Operation.EXPORT, only(travel.source, LogEvent.ROLLED_BACK));
  }

  @Test
  void an_import_has_each_layer_then_the_snapshots_then_the_box() {
    travel.export();
    Imported imported = travel.importTo(target, "copy");

    assertEquals(
        ImmutableList.of(
            LogEvent.LAYER_IMPORTED,
            LogEvent.LAYER_IMPORTED,
            LogEvent.LAYER_IMPORTED,
            LogEvent.SNAPSHOT_IMPORTED,
            LogEvent.SNAPSHOT_IMPORTED,
            LogEvent.BOX_IMPORTED),
        events(target));
    ImmutableList<BaseDiskId> bases =
        imported.layers().stream()
            .map(layer -> layer.base())
            .collect(ImmutableList.toImmutableList());
    ImmutableList<LoggedChange> changes = changes(target);
    assertEquals(
        bases, changes.subList(0, 3).stream().map(LoggedChange::base).toList(), changes::toString);
    assertEquals(
        ImmutableList.of("one", "two"),
        changes.subList(3, 5).stream().map(LoggedChange::name).sorted().toList());
    assertEquals(bases.get(2), changes.get(5).base());
    for (LoggedChange change : changes) {
      assertMadeBy(Operation.IMPORT_ARTIFACT, change);
      assertEquals(ImmutableList.of(box("copy")), change.boxes());
    }
  }

  @Test
  void an_import_of_layers_that_are_here_has_its_snapshots_and_its_box() {
    travel.export();
    travel.importTo(target, "first");
    long before = target.useCases.log().list(LogFilter.ALL).size();
    travel.importTo(target, "second");

    assertEquals(
        ImmutableList.of(
            LogEvent.SNAPSHOT_IMPORTED, LogEvent.SNAPSHOT_IMPORTED, LogEvent.BOX_IMPORTED),
        events(target).subList((int) before, events(target).size()));
  }

  @Test
  void a_failed_import_is_rolled_back_after_the_layers_that_stay() {
    travel.export();
    int chunks = 2;
    int[] steps = {0};
    travel.place.beforeEachStep(
        step -> {
          if (steps[0]++ == chunks) {
            throw new StorageException("the connection is lost");
          }
        });
    assertThrows(StorageException.class, () -> travel.importTo(target, "copy"));

    assertEquals(LogEvent.ROLLED_BACK, Iterables.getLast(events(target)));
    LoggedChange end = only(target, LogEvent.ROLLED_BACK);
    assertMadeBy(Operation.IMPORT_ARTIFACT, end);
    assertEquals(ImmutableList.of(box("copy")), end.boxes());
    assertTrue(events(target).contains(LogEvent.LAYER_IMPORTED));
    target.check();
  }
}
