package io.basedisk.domain.log;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.collect.MoreCollectors;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Records;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log of a home has of each operation. */
final class HomeLogTest {

  private final Fleet fleet = new Fleet();
  private long before;

  @BeforeEach
  void make_a_box_with_a_snapshot() {
    fleet.create("web");
    fleet.write("web", 1, "installed");
    fleet.snapshot("web", "v1");
    before = last().number();
  }

  private ImmutableList<LogEntry> all() {
    return fleet.useCases.log().list(LogFilter.ALL);
  }

  private LogEntry last() {
    return Iterables.getLast(all());
  }

  /** Returns the entries since the beginning of the test. */
  private ImmutableList<LoggedChange> changes() {
    return fleet.useCases.log().list(LogFilter.ALL.after(before)).stream()
        .map(LogEntry::change)
        .collect(ImmutableList.toImmutableList());
  }

  private LoggedChange only(LogEvent event) {
    return changes().stream()
        .filter(change -> change.event() == event)
        .collect(MoreCollectors.onlyElement());
  }

  private ImmutableList<LogEvent> events() {
    return changes().stream().map(LoggedChange::event).collect(ImmutableList.toImmutableList());
  }

  private Cause cause(Operation operation) {
    return new Cause(operation, fleet.lastOperation());
  }

  private BaseDisk snapshot(String name) {
    return fleet.store.read(
        view -> view.bases().findByName(box("web"), new SnapshotName(name)).orElseThrow());
  }

  @Test
  void a_snapshot_has_its_box_base_and_name_and_its_operation() {
    BaseDisk base = fleet.later(60).snapshot("web", "v2");

    assertEquals(
        ImmutableList.of(
            new LoggedChange(
                LogEvent.FORKED,
                cause(Operation.FORK),
                ImmutableList.of(box("web")),
                base.id(),
                "v2",
                "snapshot")),
        changes());
    assertEquals(Instant.ofEpochSecond(1_700_000_060), last().at());
  }

  @Test
  void a_copy_is_an_entry() {
    BaseDisk base = fleet.copy("web", "copied");

    LoggedChange change = only(LogEvent.COPIED);

    assertEquals(cause(Operation.COPY), change.cause());
    assertEquals(base.id(), change.base());
  }

  @Test
  void the_base_that_a_removal_frees_has_the_removal_as_its_cause() {
    BaseDisk base = snapshot("v1");
    fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE);
    Cause cause = cause(Operation.REMOVE_BOX);

    assertEquals(
        ImmutableList.of(LogEvent.SNAPSHOT_REMOVED, LogEvent.BOX_REMOVED, LogEvent.COLLECTED),
        events());
    assertTrue(
        changes().stream().allMatch(change -> cause.equals(change.cause())), changes()::toString);
    assertEquals(base.id(), only(LogEvent.COLLECTED).base());
    assertEquals(ImmutableList.of(box("web")), only(LogEvent.BOX_REMOVED).boxes());
    assertEquals("v1", only(LogEvent.SNAPSHOT_REMOVED).name());
  }

  @Test
  void a_removed_and_a_renamed_snapshot_have_no_operation() {
    BaseDisk base = snapshot("v1");
    fleet.useCases.snapshots().rename(box("web"), new SnapshotName("v1"), new SnapshotName("x"));
    fleet.removeSnapshot("web", "x");

    assertEquals(
        ImmutableList.of(
            new LoggedChange(
                LogEvent.SNAPSHOT_RENAMED,
                null,
                ImmutableList.of(box("web")),
                base.id(),
                "x",
                "was v1"),
            new LoggedChange(
                LogEvent.SNAPSHOT_REMOVED,
                null,
                ImmutableList.of(box("web")),
                base.id(),
                "x",
                "snapshot")),
        changes());
  }

  @Test
  void a_restore_names_its_snapshot() {
    BaseDisk base = snapshot("v1");
    fleet.restore("web", "v1");

    assertEquals(
        LoggedChange.of(LogEvent.RESTORED)
            .causedBy(cause(Operation.RESTORE))
            .on(box("web"))
            .onBase(base.id())
            .named(new SnapshotName("v1")),
        only(LogEvent.RESTORED));
  }

  @Test
  void a_compaction_and_the_bases_that_it_frees_are_entries() {
    fleet.create("deep");
    fleet.fork("deep");
    fleet.fork("deep");
    fleet.compact("deep", 1);

    assertEquals(cause(Operation.COMPACT), only(LogEvent.COMPACTED).cause());
    assertEquals(cause(Operation.COMPACT), only(LogEvent.COLLECTED).cause());
  }

  @Test
  void a_resize_is_an_entry() {
    fleet.useCases.boxes().resize(box("web"), SizeChange.parse("2G"));

    assertEquals("to 2147483648 bytes", only(LogEvent.RESIZED).detail());
  }

  @Test
  void a_rename_is_found_by_both_names() {
    fleet.useCases.boxes().rename(box("web"), box("api"));

    for (String name : List.of("web", "api")) {
      assertEquals(
          LoggedChange.of(LogEvent.BOX_RENAMED).on(box("web"), box("api")),
          Iterables.getLast(fleet.useCases.log().list(LogFilter.ALL.on(box(name)))).change());
    }
  }

  @Test
  void a_forgotten_box_its_snapshots_and_the_release_of_its_hold_are_entries() {
    BaseDisk base = snapshot("v1");
    fleet.useCases.boxes().forget(box("web"), SnapshotsOnRemoval.REMOVE);
    fleet.useCases.garbageCollection().collect(new GarbageCollection.Scope(true, null));

    assertEquals(
        ImmutableList.of(LogEvent.SNAPSHOT_REMOVED, LogEvent.BOX_FORGOTTEN, LogEvent.HOLD_RELEASED),
        events());
    assertEquals(base.id(), only(LogEvent.HOLD_RELEASED).base());
  }

  @Test
  void a_base_that_a_user_removes_is_told_from_one_that_is_collected() {
    fleet.create("maker");
    fleet.fork("maker");
    BaseDisk base = fleet.addRootfs("debian", fleet.image("a.qcow2", "old"));
    fleet.useCases.rootfs().remove(new RootfsKey("debian"));

    LoggedChange change = only(LogEvent.BASE_REMOVED);

    assertEquals(base.id(), change.base());
    assertEquals("debian", change.name());
    assertEquals(ImmutableList.of(), change.boxes());
    assertEquals(cause(Operation.ADD_ROOTFS), only(LogEvent.ROOTFS_ADDED).cause());
  }

  @Test
  void a_batch_has_an_entry_for_each_hundred_boxes_and_is_found_by_each() {
    ImmutableList<String> names =
        IntStream.range(0, 250).mapToObj(i -> "c" + i).collect(ImmutableList.toImmutableList());
    BaseDisk base = fleet.cloneBox("web", names.toArray(String[]::new));

    ImmutableList<LoggedChange> batch = changes();

    assertEquals(
        ImmutableList.of(100, 100, 50), batch.stream().map(part -> part.boxes().size()).toList());
    assertTrue(batch.stream().allMatch(part -> base.id().equals(part.base())), batch::toString);
    for (String name : List.of("c0", "c99", "c100", "c249")) {
      assertEquals(1, fleet.useCases.log().list(LogFilter.ALL.on(box(name))).size(), name);
    }
  }

  @Test
  void a_failed_operation_is_an_entry_with_what_it_would_have_made() {
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename")) {
            fleet.beforeEachStep(later -> {});
            throw new StorageException("no rename");
          }
        });
    assertThrows(RuntimeException.class, () -> fleet.snapshot("web", "v2"));

    LoggedChange change = only(LogEvent.ROLLED_BACK);

    assertEquals(Operation.FORK, change.cause().operation());
    assertEquals(ImmutableList.of(box("web")), change.boxes());
    assertEquals("v2", change.name());
    assertEquals(1, changes().size());
  }

  @Test
  void a_box_that_is_gone_is_known_and_one_that_never_was_is_not() {
    fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE);

    assertEquals(
        LogEvent.BOX_CREATED,
        fleet.useCases.log().list(LogFilter.ALL.on(box("web"))).get(0).change().event());
    LogFilter unknown = LogFilter.ALL.on(box("wbe"));
    NotFoundException error =
        assertThrows(NotFoundException.class, () -> fleet.useCases.log().list(unknown));
    assertEquals("no box wbe", error.getMessage());
    assertTrue(error.remedy().isPresent());
  }

  @Test
  void a_box_without_an_entry_is_known_and_a_follower_is_never_told_that_it_is_unknown() {
    fleet.store.change(tx -> tx.boxes().insert(Records.box("silent").build()));

    assertEquals(
        ImmutableList.of(), fleet.useCases.log().list(LogFilter.ALL.on(BoxId.of("silent"))));
    assertEquals(
        ImmutableList.of(),
        fleet.useCases.log().list(LogFilter.ALL.on(BoxId.of("none")).after(before)));
  }
}
