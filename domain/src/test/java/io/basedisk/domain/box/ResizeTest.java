package io.basedisk.domain.box;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import io.basedisk.domain.testing.Records;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Growth of a box's disk. */
final class ResizeTest {

  private static final long MEBIBYTE = 1 << 20;
  private static final OperationId OTHER = new OperationId(7);

  private final Fleet fleet = new Fleet();

  /** Begins a growth to 4 MiB whose process dies at once. */
  private void begin() {
    DiskClaim claim =
        new DiskClaim(
            DiskSlot.CONTAINER,
            disk("web"),
            fleet.disks.status(disk("web")).orElseThrow().identity());
    BoxClaim box = new BoxClaim(box("web"), HOME.disksDirectory(box("web")));
    fleet.store.change(
        tx ->
            tx.intents()
                .insert(
                    new ResizeIntent(OTHER, box, claim, new ByteSize(4 * MEBIBYTE), Records.NOON)));
  }

  private BoxDetails resize(String size) {
    return fleet.useCases.boxes().resize(box("web"), SizeChange.parse(size));
  }

  private void create() {
    fleet.useCases.boxes().create(box("web"), new ByteSize(MEBIBYTE));
  }

  @ParameterizedTest
  @CsvSource({"2M, 2097152", "+1M, 2097152", "+1, 1049088", "1M, 1048576"})
  void a_box_gets_the_new_size_and_keeps_its_content(String size, long bytes) {
    create();
    fleet.write("web", 1, "kept");

    assertEquals(new DiskState.Known(bytes, 0), resize(size).disk());

    assertEquals(Map.of(1L, "kept"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_growth_is_an_event_and_no_growth_is_none() {
    create();
    resize("2M");
    Event grown = new Event.Resized(fleet.lastOperation(), box("web"), new ByteSize(2 * MEBIBYTE));
    assertTrue(fleet.events.contains(grown), fleet.events::toString);
    int events = fleet.events.size();

    resize("2M");

    assertEquals(events, fleet.events.size());
  }

  @Test
  void the_snapshots_of_a_box_keep_their_size() {
    create();
    fleet.snapshot("web", "small");
    resize("2M");

    fleet.restore("web", "small");

    assertEquals(new DiskState.Known(MEBIBYTE, 1), fleet.useCases.boxes().get(box("web")).disk());
    fleet.check();
  }

  @Test
  void a_box_does_not_shrink() {
    create();
    assertThrows(InvalidArgumentException.class, () -> resize("512K"));
    assertEquals(new DiskState.Known(MEBIBYTE, 0), fleet.useCases.boxes().get(box("web")).disk());
  }

  @Test
  void a_box_that_is_not_there_is_not_found() {
    assertThrows(NotFoundException.class, () -> resize("2M"));
  }

  @Test
  void a_disk_that_a_vm_has_open_is_refused() {
    create();
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      assertThrows(RefusedException.class, () -> resize("2M"), vm::toString);
    }
    assertEquals(new DiskState.Known(MEBIBYTE, 0), fleet.useCases.boxes().get(box("web")).disk());
    fleet.check();
  }

  @Test
  void a_box_that_a_live_operation_has_is_busy() {
    create();
    begin();
    try (var held = fleet.locks.tryAcquire(OTHER).orElseThrow()) {
      assertThrows(BusyException.class, () -> resize("2M"), held::toString);
    }
    // Its process is gone now, so that its operation is rolled back first.
    assertEquals(new DiskState.Known(2 * MEBIBYTE, 0), resize("2M").disk());
    fleet.check();
  }

  @Test
  void a_resize_that_finds_another_file_stays_undecided() {
    create();
    begin();
    fleet.disks.remove(disk("web"));
    fleet.useCases.recover();
    fleet.disks.makeDisk(disk("web"), MEBIBYTE);
    fleet.useCases.recover();

    assertThrows(BusyException.class, () -> resize("2M"));
  }
}
