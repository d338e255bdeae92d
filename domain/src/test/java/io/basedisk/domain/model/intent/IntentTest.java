package io.basedisk.domain.model.intent;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.basedisk.domain.testing.Records.base;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.testing.Intents;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Intents: properties that all types share, and invalid values that they refuse. */
final class IntentTest {

  @Test
  void each_operation_has_a_type_of_its_own() {
    assertEquals(
        ImmutableSet.copyOf(typesBelow(Intent.class).toList()),
        Intents.ofEveryType().stream().map(Intent::getClass).collect(toImmutableSet()));
    assertEquals(
        ImmutableSet.copyOf(Operation.values()),
        Intents.ofEveryType().stream().map(Intent::operation).collect(toImmutableSet()));
    assertEquals(Operation.values().length, typesBelow(Intent.class).distinct().count());
  }

  private static Stream<Class<?>> typesBelow(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(IntentTest::typesBelow)
        : Stream.of(type);
  }

  @Test
  void an_intent_keeps_the_parent_of_its_planned_base() {
    Intent fork = Intents.fork(7, "web", base("plan0001").on("base0001").build());

    assertEquals(ImmutableSet.of(new BaseDiskId("base0001")), fork.bases());
  }

  @Test
  void a_restore_claims_the_disks_that_it_drops() {
    DiskClaim rootfs = Intents.disk(DiskSlot.GUEST_ROOTFS, Path.of("/vms/rootfs"), 1, 8);
    RestoreIntent restore = Intents.restore(7, "web", "base0001", rootfs);

    assertEquals(ImmutableList.of(restore.disk(), rootfs), restore.disks());
  }

  @Test
  void created_directories_come_before_their_files() {
    ImportBoxIntent intent = Intents.importBox(7, "web");
    NewBox box = intent.newBox();

    assertEquals(
        ImmutableList.of(box.directory(), box.disksDir(), intent.temporary(), box.disk()),
        intent.createdFiles());
  }

  @Test
  void a_temporary_is_in_the_directory_of_the_file_that_it_becomes() {
    AddRootfsIntent valid = Intents.addRootfs(7, "plan0001", "debian");

    assertThrows(
        IllegalArgumentException.class,
        () ->
            new AddRootfsIntent(
                valid.id(),
                valid.baseId(),
                valid.file(),
                valid.key(),
                Path.of("/elsewhere/temporary"),
                valid.startedAt()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new AddRootfsIntent(
                valid.id(),
                valid.baseId(),
                valid.file(),
                valid.key(),
                valid.file(),
                valid.startedAt()));
  }

  @Test
  void a_creation_has_at_least_one_box() {
    assertThrows(IllegalArgumentException.class, () -> Intents.createBoxes(7, new NewBox[0]));
  }

  @Test
  void a_slot_has_at_most_one_disk() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Intents.removeBox(
                7, "web", Intents.containerDisk("web", 1, 7), Intents.containerDisk("db", 1, 8)));
  }

  @Test
  void a_new_boxs_disk_is_in_its_disks_directory_and_that_in_the_boxs_directory() {
    BoxId box = BoxId.of("web");

    assertThrows(
        IllegalArgumentException.class,
        () -> new NewBox(box, Path.of("/b"), Path.of("/b/disks"), Path.of("/b/disk")));
    assertThrows(
        IllegalArgumentException.class,
        () -> new NewBox(box, Path.of("/b"), Path.of("/c/disks"), Path.of("/c/disks/disk")));
  }
}
