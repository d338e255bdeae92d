package io.basedisk.domain.box;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boxes whose disks have the content of an image or of a base. */
final class ImportTest {

  private static final long SIZE = 1L << 30;

  private final Fleet fleet = new Fleet();

  @Test
  void a_box_from_an_image_has_its_content_and_does_not_need_it() {
    ImageSource image = fleet.image("debian.qcow2", "installed");

    BoxDetails created = create("web", image, null);
    fleet.disks.remove(image.file());

    assertEquals(new DiskState.Known(SIZE, 0), created.disk());
    assertEquals("installed", fleet.read("web").get(1L));
    assertEquals(0600, fleet.disks.status(disk("web")).orElseThrow().mode());
    fleet.check();
  }

  @Test
  void a_box_may_be_larger_than_its_image_and_not_smaller() {
    ImageSource image = fleet.image("debian.qcow2", "installed");

    assertEquals(new DiskState.Known(2 * SIZE, 0), create("web", image, 2 * SIZE).disk());
    assertRefused(InvalidArgumentException.class, "small", image, SIZE - 512);
  }

  @Test
  void an_image_that_names_another_file_is_refused_unless_that_is_allowed() {
    ImageSource below = fleet.image("debian.qcow2", "installed");
    Path overlay = Path.of("/images/overlay.qcow2");
    fleet.disks.createOverlay(overlay, below.file(), ImageFormat.QCOW2, new ByteSize(SIZE));
    ImageSource image = ImageSource.qcow2(overlay);

    assertRefused(UnallowedFileException.class, "web", image, null);

    create("web", image.allowing(ImmutableList.of(below.file())), null);

    assertEquals("installed", fleet.read("web").get(1L));
  }

  @Test
  void an_image_that_is_none_is_refused() {
    fleet.disks.writeBytes(Path.of("/garbage"), new byte[1000]);
    fleet.disks.writeBytes(Path.of("/empty"), new byte[0]);

    assertRefused(InvalidImageException.class, "web", ImageSource.qcow2(Path.of("/garbage")), null);
    assertRefused(InvalidImageException.class, "web", ImageSource.raw(Path.of("/empty")), null);
    assertRefused(NotFoundException.class, "web", ImageSource.qcow2(Path.of("/nowhere")), null);
  }

  @Test
  void an_image_open_for_writing_is_refused() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    try (InMemoryImageLocks.Open vm = fleet.imageLocks.startVm(image.file())) {
      assertRefused(RefusedException.class, "web", image, null);
    }
    create("web", image, null);
  }

  @Test
  void no_process_can_start_to_write_to_an_image_while_it_is_copied() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("import")) {
            assertThrows(IllegalStateException.class, () -> fleet.imageLocks.startVm(image.file()));
          }
        });

    create("web", image, null);
  }

  @Test
  void an_image_that_is_another_file_when_it_is_guarded_is_refused() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    Fleet raced =
        fleet.with(ports -> ports.withImageLocks(new ReplacingLocks(ports.imageLocks(), fleet)));

    assertThrows(
        RefusedException.class,
        () -> raced.useCases.boxes().createFromImage(box("web"), image, null, Progress.NONE));
    raced.check();
  }

  @Test
  void a_disk_that_is_just_being_forked_is_refused_as_that() {
    fleet.create("src");
    ImageSource image = ImageSource.qcow2(disk("src"));
    List<RefusedException> met = new ArrayList<>();
    fleet.beforeEachStep(
        step -> {
          // After the rename, before the record.
          if (step.startsWith("seal")) {
            met.add(assertThrows(RefusedException.class, () -> create("web", image, null)));
          }
        });

    fleet.fork("src");

    assertEquals(1, met.size());
    fleet.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "restore", "compact", "snapshot", "remove"})
  void at_each_step_of_an_operation_a_disk_is_taken_in_or_refused(String operation) {
    fleet.create("src");
    fleet.useCases.snapshots().create(box("src"), new SnapshotName("clean"));
    fleet.fork("src");
    fleet.fork("src");
    ImageSource image = ImageSource.qcow2(disk("src"));
    List<String> outcomes = new ArrayList<>();
    AtomicBoolean importing = new AtomicBoolean();
    fleet.beforeEachStep(
        step -> {
          // The import has steps too.
          if (importing.compareAndSet(false, true)) {
            outcomes.add(outcomeOf("web-" + outcomes.size(), image));
            importing.set(false);
          }
        });

    perform(operation);

    assertTrue(outcomes.size() >= 3, outcomes.toString());
    assertTrue(ImmutableSet.of("taken in", "refused").containsAll(outcomes), outcomes.toString());
  }

  private void perform(String operation) {
    switch (operation) {
      case "fork" -> fleet.fork("src");
      case "restore" ->
          fleet.useCases.snapshots().restore(box("src"), new SnapshotName("clean"), null);
      case "compact" ->
          fleet.useCases.compactions().compact(box("src"), MaxDepth.parse("1"), Progress.NONE);
      case "snapshot" -> fleet.useCases.snapshots().create(box("src"), new SnapshotName("second"));
      default -> fleet.useCases.boxes().remove(box("src"), SnapshotsOnRemoval.REMOVE);
    }
  }

  private String outcomeOf(String name, ImageSource image) {
    try {
      create(name, image, null);
      return "taken in";
    } catch (RefusedException | NotFoundException e) {
      return "refused";
    } catch (BaseDiskException e) {
      return e.toString();
    }
  }

  @Test
  void a_disk_whose_operation_has_just_ended_is_inspected_again() {
    fleet.create("src");
    ImageSource image = ImageSource.qcow2(disk("src"));
    DiskImages images = mock(DiskImages.class, delegatesTo(fleet.disks));
    // The state of a fork that renamed the disk and is about to roll back.
    doThrow(new UnallowedFileException(image.file(), Path.of("/home/bases/gone.qcow2")))
        .doAnswer(delegatesTo(fleet.disks))
        .when(images)
        .inspect(any());

    fleet
        .with(ports -> ports.withImages(images))
        .useCases
        .boxes()
        .createFromImage(box("web"), image, null, Progress.NONE);

    verify(images, times(2)).inspect(any());
  }

  /** Renames another file over each path before it is guarded. */
  private record ReplacingLocks(ImageLocks real, Fleet fleet) implements ImageLocks {
    @Override
    public Guard guard(Path disk) {
      fleet.disks.remove(disk);
      fleet.disks.makeDisk(disk, SIZE);
      return real.guard(disk);
    }

    @Override
    public Share share(Path disk) {
      return real.share(disk);
    }

    @Override
    public Optional<String> openedBy(Path image) {
      return real.openedBy(image);
    }

    @Override
    public Optional<String> writtenBy(Path disk) {
      return real.writtenBy(disk);
    }
  }

  @Test
  void a_disk_of_a_box_and_a_base_are_images_with_their_bases_allowed() {
    fleet.create("src");
    fleet.write("src", 1, "below");
    fleet.fork("src");
    fleet.write("src", 2, "above");
    BaseDisk base = fleet.fork("src");
    fleet.write("src", 3, "on top");

    create("of-disk", ImageSource.qcow2(disk("src")), null);
    create("of-base", ImageSource.qcow2(base.diskInfo().basePath()), null);

    assertEquals(fleet.read("src"), fleet.read("of-disk"));
    assertEquals("above", fleet.read("of-base").get(2L));
    assertEquals(null, fleet.read("of-base").get(3L));
    assertEquals(new DiskState.Known(SIZE, 0), fleet.useCases.boxes().get(box("of-disk")).disk());
    fleet.check();
  }

  @Test
  void a_box_that_exists_is_not_imported_again() {
    fleet.create("web");
    fleet.write("web", 1, "mine");
    ImageSource image = fleet.image("debian.qcow2", "installed");

    assertThrows(AlreadyExistsException.class, () -> create("web", image, null));
    assertEquals("mine", fleet.read("web").get(1L));
    fleet.check();
  }

  @Test
  void an_import_that_fails_before_the_disk_has_its_name_leaves_nothing() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename")) {
            throw new StorageException("no space");
          }
        });

    assertThrows(StorageException.class, () -> create("web", image, null));
    assertEquals(ImmutableSet.of(), fleet.files());
    fleet.check();
  }

  @Test
  void an_import_that_dies_after_the_disk_has_its_name_is_completed_with_what_a_guest_wrote() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    Fleet next = killedBehindRename(image);
    next.disks.guestWrites(disk("web"), 2, "by a guest");

    next.useCases.recover();

    assertEquals("installed", next.read("web").get(1L));
    assertEquals("by a guest", next.read("web").get(2L));
    next.check();
  }

  @Test
  void a_file_that_an_import_did_not_make_allows_no_verdict_and_stays() {
    ImageSource image = fleet.image("debian.qcow2", "installed");
    Fleet next = killedBehindRename(image);
    next.disks.writeBytes(disk("web"), new byte[] {1});

    next.useCases.recover();

    assertTrue(next.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertTrue(next.disks.status(disk("web")).isPresent());
    assertThrows(BusyException.class, () -> next.create("web"));
    next.disks.remove(disk("web"));
    next.useCases.recover();
    assertEquals(ImmutableSet.of(), next.files());
  }

  private Fleet killedBehindRename(ImageSource image) {
    boolean[] renamed = {false};
    fleet.beforeEachStep(
        step -> {
          if (renamed[0]) {
            throw new Killed();
          }
          renamed[0] = step.startsWith("rename");
        });
    assertThrows(Killed.class, () -> create("web", image, null));
    return fleet.afterKill();
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  // On a base.

  @Test
  void a_box_on_a_base_reads_as_it_and_keeps_it() {
    fleet.create("src");
    fleet.write("src", 1, "shared");
    BaseDisk base = fleet.fork("src");

    BoxDetails created = fleet.useCases.boxes().createOnBase(box("web"), base.id(), null);
    fleet.remove("src");

    assertEquals(new DiskState.Known(SIZE, 1), created.disk());
    assertEquals(base.id(), created.baseId());
    assertEquals("shared", fleet.read("web").get(1L));
    fleet.check();
    assertEquals(ImmutableList.of(base.id()), fleet.remove("web"));
  }

  @Test
  void a_box_may_be_larger_than_its_base_and_not_smaller() {
    fleet.create("src");
    BaseDisk base = fleet.fork("src");
    ByteSize smaller = new ByteSize(SIZE - 512);

    assertEquals(
        new DiskState.Known(SIZE + 512, 1),
        fleet.useCases.boxes().createOnBase(box("web"), base.id(), new ByteSize(SIZE + 1)).disk());
    assertThrows(
        InvalidArgumentException.class,
        () -> fleet.useCases.boxes().createOnBase(box("small"), base.id(), smaller));
    fleet.check();
  }

  private BoxDetails create(String box, ImageSource image, Long size) {
    return fleet
        .useCases
        .boxes()
        .createFromImage(box(box), image, size == null ? null : new ByteSize(size), Progress.NONE);
  }

  private void assertRefused(
      Class<? extends BaseDiskException> how, String box, ImageSource image, Long size) {
    ImmutableSet<Path> before = fleet.files();
    assertThrows(how, () -> create(box, image, size));
    assertEquals(before, fleet.files());
    fleet.check();
  }
}
