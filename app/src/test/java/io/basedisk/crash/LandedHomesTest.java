package io.basedisk.crash;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.testing.Content;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A home of an earlier version opens and settles after a kill at any step of any operation. Each
 * disk has its content from before or from after the operation, and no operation stays open.
 */
@Tag("exploration")
class LandedHomesTest {

  private static final String BOX = "box";
  private static final Content DISK = Content.EMPTY.with(0, 1001).with(1, 1003).with(20, 1004);

  /** Findings that are no fault: a guest leaves leaked clusters. */
  private static final ImmutableSet<String> HARMLESS = ImmutableSet.of("IMAGE_LEAKS");

  /** Findings after a killed COLLECT: files without a record, which only a user discards. */
  private static final ImmutableSet<String> UNRECORDED =
      ImmutableSet.of("FILE_WITHOUT_RECORD", "ORPHAN_BASE", "BASE_WITHOUT_RECORD");

  @TempDir private Path directory;

  static ImmutableList<String> names() {
    return LandedHome.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_home_that_an_earlier_version_was_killed_in_opens_and_settles(String name)
      throws Exception {
    Path home = LandedHome.extract(name, directory.toRealPath());

    try (OpenHome open = OpenHome.open(home)) {
      assertEquals(ImmutableList.of(), open.store.read(view -> view.intents().list()), "intents");
      assertEquals(
          ImmutableList.of(),
          open.store.read(view -> view.pendingDeletes().list()),
          "deleting bases");
      checkContent(open, name.substring(0, name.lastIndexOf('-')));
      assertEquals(ImmutableList.of(), findings(open, name), "findings of the doctor");
    }
  }

  private static void checkContent(OpenHome open, String operation) {
    switch (operation) {
      case "ATTACH_ROOTFS" -> new Sample(BOX).check(open, Operation.FORK);
      case "RESTORE_DROPPING_ROOTFS" -> new Sample(BOX).check(open, Operation.RESTORE);
      case "FORK_ELSEWHERE", "SNAPSHOT_ELSEWHERE" -> {
        Path disk =
            open.store
                .read(view -> view.boxes().find(BoxId.of(BOX)))
                .orElseThrow()
                .disk(DiskSlot.CONTAINER);
        assertEquals(DISK, open.guests.read(disk), "the disk");
        assertTrue(open.findSnapshot(BOX, "first").isPresent(), "the snapshot is gone");
      }
      default -> new Sample(BOX).check(open, Operation.valueOf(operation));
    }
  }

  private static ImmutableList<String> findings(OpenHome open, String name) {
    return open.disks.doctor().examine(Doctor.Depth.CONTENT).findings().stream()
        .filter(finding -> !HARMLESS.contains(finding.kind().name()))
        .filter(
            finding -> !(name.startsWith("COLLECT") && UNRECORDED.contains(finding.kind().name())))
        // Forks that were killed earlier used the same directory, and left their bases there.
        .filter(
            finding ->
                !(name.contains("_ELSEWHERE")
                    && finding.kind().name().equals("LEFTOVER_TEMPORARY")))
        .map(finding -> finding.kind() + ": " + finding)
        .collect(toImmutableList());
  }
}
