package io.basedisk.domain.rebuild;

import static io.basedisk.domain.rebuild.RebuiltHome.ID;
import static io.basedisk.domain.rebuild.RebuiltHome.bases;
import static io.basedisk.domain.rebuild.RebuiltHome.boxes;
import static io.basedisk.domain.rebuild.RebuiltHome.contents;
import static io.basedisk.domain.rebuild.RebuiltHome.describeAll;
import static io.basedisk.domain.rebuild.RebuiltHome.description;
import static io.basedisk.domain.rebuild.RebuiltHome.filled;
import static io.basedisk.domain.rebuild.RebuiltHome.plan;
import static io.basedisk.domain.rebuild.RebuiltHome.rebuild;
import static io.basedisk.domain.rebuild.RebuiltHome.rebuilt;
import static io.basedisk.domain.rebuild.RebuiltHome.references;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A store rebuilt from the files of its home has the records of the lost one. */
final class StoreRebuildTest {

  private final Fleet fleet = new Fleet();

  /** Snapshots, forks, clones, chains, a shared rootfs and a second disk. */
  private void liveALife() {
    fleet.create("golden");
    fleet.write("golden", 1, "installed");
    fleet.snapshot("golden", "clean");
    fleet.later(10).write("golden", 2, "configured");
    fleet.snapshot("golden", "ready");
    fleet.later(10).cloneBox("golden", "web-1", "web-2", "web-3");
    fleet.write("web-1", 3, "one");
    fleet.later(10).fork("web-1");
    fleet.write("web-1", 4, "more");
    fleet.copy("web-2", "kept");
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "a system"));
    fleet.createOnRootfs("sandbox", "debian");
    fleet.attachGuestRootfs("web-3", fleet.addRootfs("guest", fleet.image("guest.qcow2", "guest")));
    fleet.restore("golden", "clean");
  }

  @Test
  void a_home_whose_bases_describe_themselves_gets_every_record_back() {
    liveALife();
    describeAll(fleet);
    Map<String, BaseDisk> before = bases(fleet);
    Map<Path, ImmutableSortedMap<Long, String>> contents = contents(fleet);

    Fleet rebuilt = rebuilt(fleet);

    assertEquals(before, bases(rebuilt));
    assertEquals(boxes(fleet), boxes(rebuilt));
    assertEquals(references(fleet), references(rebuilt));
    assertEquals(contents, contents(rebuilt));
    rebuilt.check();
    assertEquals(ImmutableList.of(), rebuilt.useCases.doctor().examine(Depth.METADATA).findings());
  }

  @Test
  void a_collection_after_a_rebuild_leaves_everything_that_is_needed() {
    liveALife();
    describeAll(fleet);
    Map<Path, ImmutableSortedMap<Long, String>> contents = contents(fleet);
    Map<String, BaseDisk> before = bases(fleet);

    Fleet rebuilt = rebuilt(fleet);
    rebuilt.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);

    assertEquals(before.keySet(), bases(rebuilt).keySet());
    assertEquals(contents, contents(rebuilt));
  }

  @Test
  void without_descriptions_only_names_and_kinds_are_lost() {
    liveALife();
    Map<String, BaseDisk> before = bases(fleet);
    before.values().forEach(base -> fleet.disks.forgetDescription(base.diskInfo().basePath()));

    RebuildPlan plan = plan(fleet.disks);
    Fleet rebuilt = new Fleet(fleet.disks, filled(fleet.disks, plan));

    assertEquals(before.keySet(), bases(rebuilt).keySet());
    for (BaseDisk base : bases(rebuilt).values()) {
      BaseDisk old = before.get(base.id().value());
      assertEquals(old.parentId(), base.parentId());
      assertEquals(old.diskInfo(), base.diskInfo());
      assertEquals(BaseDiskKind.CLONE_BASE, base.kind());
      assertEquals(null, base.name());
      assertTrue(plan.unknownNames().contains(base.id()), () -> "known: " + base);
    }
    assertEquals(references(fleet), references(rebuilt));
    assertEquals(contents(fleet), contents(rebuilt));
  }

  @Test
  void a_rebuild_changes_no_file() {
    liveALife();
    describeAll(fleet);
    ImmutableList<Path> names = fleet.disks.list();
    fleet.disks.beforeEachStep(
        step -> {
          throw new AssertionError(step);
        });

    filled(fleet.disks, plan(fleet.disks));

    assertEquals(names, fleet.disks.list());
  }

  @Test
  void a_fill_that_fails_leaves_the_store_empty_and_can_be_repeated() {
    liveALife();
    RebuildPlan plan = plan(fleet.disks);
    InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();
    BaseDiskStore dying = new DyingStore(store);

    assertThrows(DyingStore.Death.class, () -> rebuild(fleet.disks).fill(dying, plan, 1));

    assertEquals(ImmutableList.of(), store.read(view -> view.bases().list(BaseFilter.ALL)));
    assertEquals(Optional.empty(), store.read(view -> view.home().findIdentity()));
    rebuild(fleet.disks).fill(store, plan, 1);
    assertEquals(references(fleet), references(new Fleet(fleet.disks, store)));
  }

  @Test
  void a_store_with_records_is_not_filled() {
    liveALife();
    RebuildPlan plan = plan(fleet.disks);

    assertThrows(
        IllegalArgumentException.class, () -> rebuild(fleet.disks).fill(fleet.store, plan, 1));
  }

  @Test
  void the_new_store_says_which_home_it_is_of_and_goes_on_counting() {
    fleet.create("web");
    RebuildPlan plan = plan(fleet.disks);
    InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();

    rebuild(fleet.disks).fill(store, plan, 42);

    assertEquals(42, store.<Long>read(view -> view.home().writeNumber()));
    assertEquals(Optional.of(plan.identity()), store.read(view -> view.home().findIdentity()));
    assertEquals(HOME.home(), plan.identity().path());
  }

  // The id of the home.

  @Test
  void the_id_is_that_of_the_identity_file() {
    fleet.create("web");
    fleet.fork("web");
    describeAll(fleet);
    HomeId id = new HomeId("f".repeat(32));
    new IdentityFile(HOME, fleet.disks).write(id);

    assertEquals(id, plan(fleet.disks).identity().id());
  }

  @Test
  void without_an_identity_file_the_id_is_what_most_bases_say() {
    fleet.create("web");
    BaseDisk lying = fleet.fork("web");
    fleet.fork("web");
    fleet.fork("web");
    describeAll(fleet);
    describe(lying, new HomeId("0".repeat(32)), "x");

    assertEquals(ID, plan(fleet.disks).identity().id());
  }

  // Names.

  @Test
  void of_equal_names_the_newest_keeps_it_and_the_others_are_called_by_their_ids() {
    fleet.create("web");
    BaseDisk old = fleet.snapshot("web", "one");
    fleet.later(100);
    BaseDisk newest = fleet.snapshot("web", "two");
    describeAll(fleet);
    describe(old, ID, "two");

    RebuildPlan plan = plan(fleet.disks);

    assertEquals("two", nameOf(plan, newest));
    assertEquals("recovered-" + old.id(), nameOf(plan, old));
    assertEquals(ImmutableList.of(old.id()), plan.unknownNames());
  }

  @Test
  void a_made_up_name_never_takes_the_name_that_a_base_has() {
    fleet.create("web");
    BaseDisk nameless = fleet.snapshot("web", "one");
    BaseDisk named = fleet.snapshot("web", "two");
    describeAll(fleet);
    describe(nameless, ID, null);
    describe(named, ID, "recovered-" + nameless.id());

    RebuildPlan plan = plan(fleet.disks);

    assertEquals("recovered-" + nameless.id(), nameOf(plan, named));
    assertEquals("recovered-" + nameless.id() + "-2", nameOf(plan, nameless));
    filled(fleet.disks, plan);
  }

  @Test
  void a_snapshot_that_does_not_say_its_name_stays_a_snapshot() {
    fleet.create("web");
    BaseDisk nameless = fleet.snapshot("web", "one");
    describeAll(fleet);
    describe(nameless, ID, null);

    BaseDisk record = recordOf(plan(fleet.disks), nameless);

    assertEquals(BaseDiskKind.SNAPSHOT, record.kind());
    assertEquals(new SnapshotName("recovered-" + nameless.id()), record.name());
  }

  // Forged descriptions.

  @Test
  void what_is_said_of_another_home_or_another_base_counts_for_nothing() {
    fleet.create("web");
    BaseDisk ofOtherHome = fleet.snapshot("web", "one");
    BaseDisk ofOtherBase = fleet.snapshot("web", "two");
    BaseDisk own = fleet.snapshot("web", "three");
    fleet.snapshot("web", "four");
    describeAll(fleet);
    describe(ofOtherHome, new HomeId("0".repeat(32)), "one");
    fleet.disks.describe(ofOtherBase.diskInfo().basePath(), description(ID, own));

    RebuildPlan plan = plan(fleet.disks);

    assertEquals(null, recordOf(plan, ofOtherHome).name());
    assertEquals(null, recordOf(plan, ofOtherBase).name());
    assertEquals("three", nameOf(plan, own));
  }

  @Test
  void a_description_may_name_a_box_that_does_not_exist_and_any_time() {
    fleet.create("web");
    BaseDisk base = fleet.snapshot("web", "one");
    fleet.disks.describe(
        base.diskInfo().basePath(),
        new BaseDescription(
            ID,
            base.id(),
            BaseDiskKind.SNAPSHOT,
            new SnapshotName("nightly"),
            BoxId.of("of-another-tenant"),
            base.id(),
            Instant.MAX,
            ImageFormat.QCOW2));

    RebuildPlan plan = plan(fleet.disks);

    assertEquals(BoxId.of("of-another-tenant"), recordOf(plan, base).sourceBoxId());
    assertEquals(RebuiltHome.NOW, recordOf(plan, base).createdAt());
    assertTrue(isHeld(plan, base), "the box may be elsewhere");
    filled(fleet.disks, plan);
  }

  @Test
  void a_snapshot_of_no_box_and_a_rootfs_of_a_box_are_kept() {
    fleet.create("web");
    BaseDisk snapshot = fleet.snapshot("web", "one");
    BaseDisk rootfs = fleet.snapshot("web", "two");
    describe(snapshot, BaseDiskKind.SNAPSHOT, BoxId.GLOBAL);
    describe(rootfs, BaseDiskKind.ROOTFS, BoxId.of("web"));

    RebuildPlan plan = plan(fleet.disks);

    assertTrue(isHeld(plan, snapshot));
    assertEquals(BaseDiskKind.ROOTFS, recordOf(plan, rootfs).kind());
    filled(fleet.disks, plan);
  }

  @Test
  void a_snapshot_of_no_box_does_not_get_the_name_of_a_rootfs_key() {
    fleet.create("web");
    fleet.create("db");
    BaseDisk snapshot = fleet.snapshot("web", "one");
    BaseDisk rootfs = fleet.snapshot("db", "one");
    describe(snapshot, BaseDiskKind.SNAPSHOT, BoxId.GLOBAL);
    describe(rootfs, BaseDiskKind.ROOTFS, BoxId.GLOBAL);

    RebuildPlan plan = plan(fleet.disks);

    assertNotEquals(nameOf(plan, snapshot), nameOf(plan, rootfs));
    filled(fleet.disks, plan);
  }

  // Holds.

  @Test
  void a_base_without_a_dependent_is_held_and_others_are_not() {
    fleet.create("web");
    BaseDisk lower = fleet.fork("web");
    BaseDisk upper = fleet.fork("web");
    BaseDisk alone = fleet.copy("web", "alone");
    describeAll(fleet);

    RebuildPlan plan = plan(fleet.disks);

    assertFalse(isHeld(plan, lower));
    assertFalse(isHeld(plan, upper));
    assertEquals(ImmutableList.of(new Hold(alone.id(), Hold.Reason.REBUILT, null)), plan.holds());
  }

  @Test
  void the_base_of_a_temporary_is_held_for_it_may_be_the_only_good_copy() {
    fleet.create("web");
    BaseDisk base = fleet.fork("web");
    describeAll(fleet);
    Path temporary = disk("web").resolveSibling(".disk.qcow2.123.tmp");
    fleet.disks.createOverlay(
        temporary, base.diskInfo().basePath(), ImageFormat.QCOW2, new ByteSize(1 << 20));

    RebuildPlan plan = plan(fleet.disks);

    assertTrue(isHeld(plan, base));
    assertEquals(ImmutableList.of(temporary), filesLeftOut(plan));
  }

  @Test
  void every_base_is_held_where_a_disk_cant_be_read() {
    fleet.create("web", "broken");
    BaseDisk needed = fleet.fork("web");
    describeAll(fleet);
    fleet.disks.writeBytes(disk("broken"), new byte[512]);

    RebuildPlan plan = plan(fleet.disks);

    assertTrue(isHeld(plan, needed));
    assertEquals(1, plan.boxes().size());
    assertEquals(disk("broken"), plan.leftOut().get(0).file());
  }

  // Interrupted operations.

  @Test
  void a_base_that_is_a_disk_too_is_left_out_and_the_disk_is_recorded() {
    fleet.create("web");
    fleet.write("web", 1, "data");
    Path base = HOME.baseFile(new BaseDiskId("AAAAAAAA"));
    assertTrue(fleet.disks.link(disk("web"), base));

    RebuildPlan plan = plan(fleet.disks);

    assertEquals(ImmutableList.of(), plan.bases());
    assertEquals(ImmutableList.of(base), filesLeftOut(plan));
    assertEquals(1, plan.boxes().size());
  }

  // Helpers.

  private void describe(BaseDisk base, HomeId home, @Nullable String name) {
    fleet.disks.describe(
        base.diskInfo().basePath(),
        new BaseDescription(
            home,
            base.id(),
            base.kind(),
            name == null ? null : new SnapshotName(name),
            base.sourceBoxId(),
            base.parentId(),
            base.createdAt(),
            ImageFormat.QCOW2));
  }

  private void describe(BaseDisk base, BaseDiskKind kind, BoxId source) {
    BaseName name = BaseName.of(kind, base.name().value());
    fleet.disks.describe(
        base.diskInfo().basePath(),
        new BaseDescription(
            ID, base.id(), kind, name, source, null, base.createdAt(), ImageFormat.QCOW2));
  }

  private static BaseDisk recordOf(RebuildPlan plan, BaseDisk base) {
    return plan.bases().stream()
        .filter(record -> record.id().equals(base.id()))
        .findFirst()
        .orElseThrow();
  }

  private static String nameOf(RebuildPlan plan, BaseDisk base) {
    return String.valueOf(recordOf(plan, base).name());
  }

  private static boolean isHeld(RebuildPlan plan, BaseDisk base) {
    return plan.holds().stream().anyMatch(hold -> hold.base().equals(base.id()));
  }

  private static ImmutableList<Path> filesLeftOut(RebuildPlan plan) {
    return plan.leftOut().stream().map(LeftOut::file).collect(ImmutableList.toImmutableList());
  }
}
