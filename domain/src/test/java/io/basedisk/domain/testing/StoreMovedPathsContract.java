package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does when a home has another path: every recorded path below it changes. */
abstract class StoreMovedPathsContract extends StoreContractPart {

  private static final Path TO = Path.of("/new/ü");

  @ParameterizedTest
  @ValueSource(strings = {"/home", "/srv/home", "/ho me", "/ü", "/ho_e", "/h%", "/a'b", "/x*?[y]"})
  void every_path_below_is_moved(String home) {
    write(tx -> insertRecords(tx, home));

    write(tx -> tx.home().movePaths(Path.of(home), TO));

    assertEquals(recordsOf(TO.toString()), read(StoreMovedPathsContract::paths));
  }

  @ParameterizedTest
  @CsvSource({
    "/home, /home2", // begins with the same text
    "/home, /Home", // other letters
    "/home/a, /home", // above it
    "/ho_e, /home", // what is a wildcard in LIKE
    "/h%, /home",
    "/h*, /home", // and in GLOB
    "/home, /srv/home", // has the text in the middle
  })
  void every_other_path_stays(String moved, String home) {
    write(tx -> insertRecords(tx, home));
    ImmutableList<Object> before = read(StoreContractPart::everything);

    write(tx -> tx.home().movePaths(Path.of(moved), TO));

    assertEquals(before, read(StoreContractPart::everything));
  }

  @Test
  void paths_outside_of_what_moves_stay_beside_paths_that_do_not() {
    write(
        tx -> {
          tx.boxes().insert(box("box-1").in(Path.of("/home/boxes/box-1")).build());
          tx.boxes().insert(box("box-2").in(Path.of("/home2/boxes/box-2")).build());
          tx.boxes().insert(box("box-3").in(Path.of("/home")).build());
        });

    write(tx -> tx.home().movePaths(Path.of("/home"), TO));

    assertEquals(
        ImmutableList.of(
            box("box-3").in(TO).build(),
            box("box-2").in(Path.of("/home2/boxes/box-2")).build(),
            box("box-1").in(TO.resolve("boxes/box-1")).build()),
        read(view -> view.boxes().list()));
  }

  @ParameterizedTest
  @CsvSource({"/, /new", "/home, /"})
  void the_root_directory_is_a_path_like_any_other(Path from, Path to) {
    write(tx -> tx.bases().insert(base("base0001").at(from.resolve("bases/x.qcow2")).build()));

    write(tx -> tx.home().movePaths(from, to));

    assertEquals(
        Optional.of(id("base0001")),
        read(view -> view.bases().findByPath(to.resolve("bases/x.qcow2"))).map(base -> base.id()));
  }

  /** As when a home was moved into a directory of its own old name. */
  @Test
  void a_path_may_move_to_where_another_one_is_that_moves_too() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").at(Path.of("/home/x")).build());
          tx.bases().insert(base("base0002").at(Path.of("/home/home/x")).build());
          tx.bases().insert(base("base0003").at(Path.of("/home/home/home/x")).build());
        });

    write(tx -> tx.home().movePaths(Path.of("/home"), Path.of("/home/home")));

    assertEquals(
        ImmutableList.of(
            Path.of("/home/home/home/home/x"),
            Path.of("/home/home/home/x"),
            Path.of("/home/home/x")),
        read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .map(base -> base.diskInfo().basePath())
            .toList());
  }

  @Test
  void a_path_does_not_move_to_where_another_one_stays() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").at(Path.of("/home/x")).build());
          tx.bases().insert(base("base0002").at(Path.of("/new/x")).build());
        });
    ImmutableList<Object> before = read(StoreContractPart::everything);

    refused(
        AlreadyExistsException.class, tx -> tx.home().movePaths(Path.of("/home"), Path.of("/new")));

    assertEquals(before, read(StoreContractPart::everything));
  }

  @Test
  void the_identity_of_the_home_and_the_relocation_stay() {
    write(
        tx -> {
          tx.home().putIdentity(homeIdentity(1));
          tx.home().insertRelocation(relocation());
        });

    write(tx -> tx.home().movePaths(homeIdentity(1).path(), TO));
    write(tx -> tx.home().movePaths(homeIdentity(2).path(), TO));

    assertEquals(Optional.of(homeIdentity(1)), read(view -> view.home().findIdentity()));
    assertEquals(Optional.of(relocation()), read(view -> view.home().findRelocation()));
  }

  /** A path below {@code home} in every place that a record has for one. */
  private static void insertRecords(StoreTransaction tx, String home) {
    Path dir = Path.of(home + "/boxes/box-1");
    tx.bases().insert(base("base0001").at(Path.of(home + "/bases/1")).build());
    tx.bases().insert(base("base0002").foreign(Path.of(home + "/2"), ImageFormat.RAW).build());
    tx.pendingDeletes()
        .insert(new DeletingBase(id("gone0001"), Path.of(home + "/bases/gone"), null));
    tx.boxes().insert(box("box-1").in(dir).disks("a.qcow2", "b.qcow2").build());
    tx.holds().insert(new Hold(id("base0001"), Reason.REBUILT, null));
    tx.holds().insert(new Hold(id("base0001"), Reason.FORGOTTEN_BOX, Path.of(home + "/old/disk")));
    tx.intents()
        .insert(
            Intents.fork(
                7,
                new BoxClaim(BoxId.of("box-1"), dir),
                Intents.disk(DiskSlot.CONTAINER, dir.resolve("a.qcow2"), 1, 2),
                base("plan0001").at(Path.of(home + "/bases/plan")).build()));
    // A path that is all of the replaced one.
    tx.intents().insert(Intents.createBoxes(8, Intents.newBox("box-2", Path.of(home, "disks"))));
  }

  /** The paths of those records, as {@link #paths} lists them. */
  private static ImmutableList<Path> recordsOf(String home) {
    Path dir = Path.of(home + "/boxes/box-1");
    return ImmutableList.of(
        Path.of(home + "/2"),
        Path.of(home + "/bases/1"),
        Path.of(home + "/bases/gone"),
        dir,
        dir.resolve("a.qcow2"),
        dir.resolve("b.qcow2"),
        Path.of(home + "/old/disk"),
        dir,
        dir.resolve("a.qcow2"),
        Path.of(home + "/bases/plan"),
        Path.of(home + "/bases/plan"),
        Path.of(home + "/bases/.plan.7.tmp"),
        dir.resolve(".a.qcow2.7.tmp"),
        dir.resolve(".a.qcow2.7.old"),
        Path.of(home + "/disks"),
        Path.of(home),
        Path.of(home + "/disks"),
        Path.of(home + "/disks/disk.qcow2"));
  }

  private static ImmutableList<Path> paths(StoreView view) {
    ImmutableList.Builder<Path> paths = ImmutableList.builder();
    view.bases().list(BaseFilter.ALL).forEach(base -> paths.add(base.diskInfo().basePath()));
    view.pendingDeletes().list().forEach(base -> paths.add(base.path()));
    view.boxes()
        .list()
        .forEach(
            box ->
                paths
                    .add(box.disksDir())
                    .add(box.disk(DiskSlot.CONTAINER), box.disk(DiskSlot.GUEST_ROOTFS)));
    view.holds().list().forEach(hold -> Optional.ofNullable(hold.path()).ifPresent(paths::add));
    view.intents()
        .list()
        .forEach(
            intent -> {
              intent.boxes().forEach(box -> paths.add(box.disksDir()));
              intent.disks().forEach(disk -> paths.add(disk.path()));
              intent.plannedBase().ifPresent(base -> paths.add(base.path()));
              paths.addAll(intent.createdFiles());
            });
    return paths.build();
  }
}
