package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.reflect.Reflection;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryOperationLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creation, opening and closing of a home, and replacement of each port. */
class BaseDisksTest {

  private static final BoxId WEB = BoxId.of("web-1");
  private static final ByteSize SIZE = ByteSize.parse("1M");

  /** A process that opens a home. */
  static final class OpeningProcess {

    private OpeningProcess() {}

    public static void main(String[] args) {
      BaseDisks.open(Path.of(args[0])).close();
    }
  }

  @TempDir private Path temporary;
  private Path directory;
  private Path home;

  @BeforeEach
  void resolve_the_directory() throws IOException {
    directory = temporary.toRealPath();
    home = directory.resolve("not/yet/there");
  }

  @Test
  void a_home_is_made_on_first_use() throws IOException {
    BaseDisks.open(home).close();

    assertEquals("rwx--x--x", mode(home));
    assertEquals("rwx--x--x", mode(home.resolve("bases")));
    assertEquals("rwx--x--x", mode(home.resolve("boxes")));
    assertEquals("rwx------", mode(home.resolve("db")));
  }

  @Test
  void modes_do_not_depend_on_the_mask_of_the_process() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 077; exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                OpeningProcess.class.getName(),
                home.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> "see " + directory.resolve("output"));

    assertEquals("rwx--x--x", mode(home));
    assertEquals("rwx--x--x", mode(home.resolve("bases")));
  }

  @Test
  void an_existing_directory_keeps_its_mode_as_a_home() throws IOException {
    Files.createDirectories(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

    BaseDisks.open(home).close();

    assertEquals("rwx------", mode(home));
  }

  @Test
  void a_home_reached_through_a_link_is_the_one_that_it_leads_to() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    try (BaseDisks disks = BaseDisks.open(link)) {
      assertEquals(real, disks.home().home());
    }
  }

  @Test
  void a_home_that_a_crash_left_half_made_is_completed() throws IOException {
    Files.createDirectories(home.resolve("bases"));

    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.boxes().create(WEB, SIZE);
    }
  }

  @Test
  void a_home_that_can_not_be_completed_leaves_nothing() {
    DiskFiles failing =
        DiskFilesProxy.of(
            (step, path) -> {
              if (step.equals("createDirectory") && path.endsWith("boxes")) {
                throw new StorageException("no space left on device");
              }
            });

    assertThrows(
        StorageException.class, () -> BaseDisks.builder().home(home).files(failing).open());

    assertFalse(Files.exists(directory.resolve("not")));
  }

  @Test
  void the_names_of_new_directories_are_made_durable() {
    List<String> steps = new ArrayList<>();
    DiskFiles recording =
        DiskFilesProxy.of(
            (step, path) -> {
              if (step.equals("createDirectory") || step.equals("sync")) {
                steps.add(step + " " + directory.relativize(path));
              }
            });

    BaseDisks.builder().home(home).files(recording).store(new InMemoryBaseDiskStore()).open();

    assertEquals(
        List.of(
            "createDirectory not",
            "sync ",
            "createDirectory not/yet",
            "sync not",
            "createDirectory not/yet/there",
            "sync not/yet",
            "createDirectory not/yet/there/bases",
            "createDirectory not/yet/there/boxes",
            "createDirectory not/yet/there/db",
            "sync not/yet/there",
            // The name of the home.
            "sync not/yet/there/home.json",
            "sync not/yet/there"),
        steps.stream().map(step -> step.replaceAll("\\.home\\.json\\..*", "home.json")).toList());
  }

  @Test
  void what_one_object_did_the_next_one_finds() {
    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.boxes().create(WEB, SIZE);
    }

    try (BaseDisks disks = BaseDisks.open(home)) {
      assertEquals(WEB, disks.boxes().get(WEB).box().id());
    }
  }

  @Test
  void many_threads_make_one_home() throws Exception {
    int count = 8;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        BoxId box = BoxId.of("box-" + i);
        tasks.add(
            () -> {
              try (BaseDisks disks = BaseDisks.open(home)) {
                disks.boxes().create(box, SIZE);
                return true;
              }
            });
      }
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        assertTrue(result.get());
      }
    } finally {
      threads.shutdown();
    }

    try (BaseDisks disks = BaseDisks.open(home)) {
      assertEquals(count, disks.boxes().list().size());
    }
  }

  @Test
  void a_store_that_can_not_be_opened_fails_and_stays_as_it_is() throws IOException {
    BaseDisks.open(home).close();
    Path database = home.resolve("db/basedisk.db");
    Files.writeString(database, "This is no database.");

    assertThrows(StorageException.class, () -> BaseDisks.open(home));

    assertEquals("This is no database.", Files.readString(database));
  }

  @Test
  void to_close_twice_has_no_effect() {
    BaseDisks disks = BaseDisks.open(home);

    disks.close();
    disks.close();
  }

  @Test
  void a_home_must_be_named() {
    assertThrows(IllegalStateException.class, () -> BaseDisks.builder().open());
  }

  // Replacements.

  @Test
  void a_replaced_store_is_used_and_no_database_is_made() {
    BaseDiskStore store = new InMemoryBaseDiskStore();

    try (BaseDisks disks = BaseDisks.builder().home(home).store(store).open()) {
      disks.boxes().create(WEB, SIZE);
    }

    assertTrue(store.read(view -> view.boxes().find(WEB)).isPresent(), "and it is still open");
    assertFalse(Files.exists(home.resolve("db/basedisk.db")));
  }

  @Test
  void replaced_locks_are_used_and_no_lock_file_is_made() {
    try (BaseDisks disks =
        BaseDisks.builder().home(home).locks(new InMemoryOperationLocks()).open()) {
      disks.boxes().create(WEB, SIZE);
    }

    assertFalse(Files.exists(home.resolve("db/operations.lock")));
  }

  @Test
  void replaced_image_tools_are_used() {
    Path image = directory.resolve("disk.raw");
    RawImageInfo info = new RawImageInfo(image, 512, 0);
    ImageTools tools = Reflection.newProxy(ImageTools.class, (proxy, method, arguments) -> info);

    try (BaseDisks disks = BaseDisks.builder().home(home).imageTools(tools).open()) {
      assertSame(info, disks.images().rawInfo(image));
    }
  }

  @Test
  void a_listener_is_told_what_happens() {
    List<Event> events = new ArrayList<>();

    try (BaseDisks disks = BaseDisks.builder().home(home).listener(events::add).open()) {
      disks.boxes().create(WEB, SIZE);
    }

    Event.Performed performed = assertInstanceOf(Event.Performed.class, events.get(1));
    assertEquals(new Event.BoxCreated(performed.operationId(), WEB), events.get(0));
    assertEquals(2, events.size(), events::toString);
  }

  @Test
  void all_listeners_hear_of_an_event_though_one_of_them_throws() {
    List<Event> events = new ArrayList<>();
    EventListener deaf =
        event -> {
          throw new IllegalStateException("deaf");
        };

    try (BaseDisks disks =
        BaseDisks.builder().home(home).listener(deaf).listener(events::add).open()) {
      disks.boxes().create(WEB, SIZE);
      assertEquals(WEB, disks.boxes().get(WEB).box().id());
    }

    assertTrue(
        events.stream().anyMatch(e -> e instanceof Event.BoxCreated made && made.box().equals(WEB)),
        events::toString);
  }

  @Test
  void a_replaced_clock_says_when_things_were_made() {
    Instant time = Instant.ofEpochSecond(1_700_000_000);

    try (BaseDisks disks = BaseDisks.builder().home(home).clock(() -> time).open()) {
      assertEquals(time, disks.boxes().create(WEB, SIZE).box().createdAt());
    }
  }

  @Test
  void a_replaced_source_of_ids_makes_them() {
    assertEquals(forkWithSeed(7, "a"), forkWithSeed(7, "b"));
  }

  @Test
  void what_was_decided_for_a_home_is_not_changed_by_another_of_its_users() {
    decide(UnknownUsePolicy.TRUST_CALLER).close();
    decide(UnknownUsePolicy.TRUST_CALLER).close();
    BaseDisks.open(home).close();

    assertThrows(RefusedException.class, () -> decide(UnknownUsePolicy.KEEP).close());
  }

  private BaseDisks decide(UnknownUsePolicy decision) {
    return BaseDisks.builder().home(home).unknownUsePolicy(decision).open();
  }

  private BaseDiskId forkWithSeed(int seed, String name) {
    try (BaseDisks disks =
        BaseDisks.builder().home(directory.resolve(name)).random(new Random(seed)).open()) {
      disks.boxes().create(WEB, SIZE);
      return disks.bases().create(WEB, BaseDiskKind.CLONE_BASE, null).id();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
