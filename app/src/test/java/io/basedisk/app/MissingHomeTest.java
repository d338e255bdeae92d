package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors for an embedder if a home is missing, or exists although it must be new. */
class MissingHomeTest {

  private static final BoxId WEB = BoxId.of("web-1");

  @TempDir private Path temporary;
  private Path home;

  @BeforeEach
  void name_a_home() throws IOException {
    home = temporary.toRealPath().resolve("home");
  }

  private BaseDisks.Builder builder() {
    return BaseDisks.builder().home(home);
  }

  @Test
  void no_home_is_made_where_none_is_to_be_made() {
    List<String> changes = new ArrayList<>();
    BaseDisks.Builder builder =
        builder()
            .createIfMissing(false)
            .files(
                DiskFilesProxy.of(
                    (step, path) -> {
                      if (!step.equals("status") && !step.equals("realPath")) {
                        changes.add(step + " " + path);
                      }
                    }));

    NoHomeException none = assertThrows(NoHomeException.class, builder::open);

    assertEquals(home, none.home());
    assertEquals(List.of(), changes);
  }

  @Test
  void a_home_that_is_there_is_opened() {
    BaseDisks.open(home).close();

    builder().createIfMissing(false).open().close();
  }

  @Test
  void a_home_with_a_replaced_store_needs_no_database() throws IOException {
    InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();
    builder().store(store).open().close();

    builder().store(store).createIfMissing(false).open().close();

    Files.move(home.resolve("db"), home.resolveSibling("away"));
    assertThrows(NoHomeException.class, () -> builder().store(store).createIfMissing(false).open());
  }

  @Test
  void the_last_word_on_making_counts() {
    builder().createIfMissing(false).createIfMissing(true).open().close();
    builder().requireNew().createIfMissing(false).open().close();
    assertThrows(
        AlreadyExistsException.class, () -> builder().createIfMissing(false).requireNew().open());
  }

  @Test
  void a_new_home_is_made_once() {
    builder().requireNew().open().close();

    assertThrows(AlreadyExistsException.class, () -> builder().requireNew().open());

    BaseDisks.open(home).close();
  }

  @Test
  void a_home_whose_store_is_away_gets_no_empty_one() throws IOException {
    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.boxes().create(WEB, ByteSize.parse("1M"));
      disks.bases().create(WEB, BaseDiskKind.CLONE_BASE, null);
    }
    Path away = Files.move(home.resolve("db"), home.resolveSibling("away"));

    HomeUnusableException lost =
        assertThrows(HomeUnusableException.class, () -> BaseDisks.open(home));
    assertEquals(Problem.LOST_STORE, lost.problem());
    assertThrows(HomeUnusableException.class, () -> builder().requireNew().open());
    assertFalse(Files.exists(home.resolve("db")));

    Files.move(away, home.resolve("db"));
    try (BaseDisks disks = BaseDisks.open(home)) {
      assertEquals(1, disks.boxes().list().size());
    }
  }

  @Test
  void a_home_of_the_standard_store_is_not_begun_on_one_of_another_store() {
    try (BaseDisks disks = builder().store(new InMemoryBaseDiskStore()).open()) {
      disks.boxes().create(WEB, ByteSize.parse("1M"));
    }

    assertThrows(HomeUnusableException.class, () -> BaseDisks.open(home));
    assertTrue(Files.notExists(home.resolve("db/basedisk.db")));
  }

  @Test
  void a_path_that_no_database_can_have_is_refused_before_anything_is_made() {
    Path tooLong = LongPath.below(home, 475);

    assertThrows(InvalidArgumentException.class, () -> BaseDisks.open(tooLong));

    assertFalse(Files.exists(home));
    BaseDisks.open(LongPath.below(home, 474)).close();
  }

  @Test
  void a_replaced_store_leaves_room_for_all_that_a_qcow2_header_can_name() {
    Path longest = LongPath.below(home, 1002);
    try (BaseDisks disks =
        BaseDisks.builder().home(longest).store(new InMemoryBaseDiskStore()).open()) {
      disks.boxes().create(WEB, ByteSize.parse("1M"));
      BaseDisk base = disks.bases().create(WEB, BaseDiskKind.CLONE_BASE, null);
      assertTrue(Files.exists(disks.home().baseFile(base.id())));
    }

    Path tooLong = LongPath.below(home, 1003);
    assertThrows(
        InvalidArgumentException.class,
        () -> BaseDisks.builder().home(tooLong).store(new InMemoryBaseDiskStore()).open());
  }
}
