package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.HomeListing;
import io.basedisk.app.RelocatableHome;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes that were copied with {@code cp -a}, moved with {@code mv}, or mounted a second time. */
class HomeRelocateTest {

  @TempDir private Path temporary;
  private Path directory;
  private Path original;
  private Path elsewhere;
  private Cli home;
  private Cli there;

  @BeforeEach
  void make_a_home() throws IOException {
    directory = temporary.toRealPath();
    original = directory.resolve("home1");
    elsewhere = directory.resolve("away/home2");
    Files.createDirectory(elsewhere.getParent());
    home = new Cli(original);
    there = new Cli(elsewhere);
    byte[] content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    Path image = Files.write(directory.resolve("golden.raw"), content);
    home.json("box", "create", "golden", "--image", image.toString(), "--format", "raw");
    home.json("snapshot", "create", "golden", "s1");
    home.json("clone", "golden@s1", "web-1");
    home.json("snapshot", "create", "web-1", "s2");
  }

  private void copyOfGolden(Path disk) {
    Cli.Result converted =
        home.run("image", "convert", disk(original, "golden").toString(), disk.toString());
    assertEquals(0, converted.code(), converted.err());
  }

  private static Path disk(Path home, String box) {
    return home.resolve("boxes/" + box + "/disks/disk.qcow2");
  }

  /** Checks that each box in a home has the golden box's content, and that doctor finds nothing. */
  private void checkReads(Cli at, String... boxes) throws IOException {
    for (String box : boxes) {
      Path flat = directory.resolve("flat.raw");
      Files.deleteIfExists(flat);
      Cli.Result converted =
          at.run("image", "convert", disk(at.home(), box).toString(), flat.toString(), "-O", "raw");
      assertEquals(0, converted.code(), converted.err());
      assertEquals(-1, Files.mismatch(directory.resolve("golden.raw"), flat), box);
    }
    assertEquals(0, at.run("doctor").code(), () -> at.run("doctor").out());
  }

  // The accidents.

  @Test
  void a_copy_that_was_relocated_never_touches_the_original() throws IOException {
    Tool.run("cp", "-a", original, elsewhere);
    home.json("clone", "golden@s1", "web-3");
    Map<String, String> before = HomeListing.of(original);
    Map<String, Object> relocated = there.json("home", "relocate", "--yes");
    assertEquals(original.toString(), relocated.get("from"));
    assertEquals(elsewhere.toString(), relocated.get("to"));
    assertEquals(true, relocated.get("copy"));
    assertEquals(List.of(), relocated.get("left_out"));
    checkReads(there, "golden", "web-1");
    there.json("box", "rm", "golden", "--with-snapshots");
    assertEquals(before, HomeListing.of(original));
    checkReads(home, "golden", "web-1", "web-3");
    checkReads(there, "web-1");
  }

  @Test
  void the_same_home_mounted_at_another_path_is_not_relocated() throws IOException {
    Files.createDirectory(elsewhere);
    ScratchMount.run("mount", "--bind", original.toString(), elsewhere.toString());
    try {
      Cli.Result refused = there.run("home", "relocate", "--yes");
      refused.assertError(3);
      assertTrue(refused.err().contains("the same home as " + original), refused.err());
    } finally {
      Tool.run("umount", elsewhere);
    }
    checkReads(home, "golden", "web-1");
  }

  @Test
  void a_home_that_was_moved_and_relocated_is_as_it_was() throws IOException {
    Tool.run("mv", original, elsewhere);
    Map<String, Object> relocated = there.json("home", "relocate", "--yes");
    assertEquals(false, relocated.get("copy"));
    checkReads(there, "golden", "web-1");
    Cli.Result removed = there.run("box", "rm", "golden", "--with-snapshots");
    assertEquals(0, removed.code(), removed.err());
    checkReads(there, "web-1");
    there.json("home", "relocate");
  }

  @Test
  void a_copy_leaves_a_box_outside_to_the_original() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("vm"));
    copyOfGolden(outside.resolve("disk.qcow2"));
    home.json("base", "create", "vm", "--kind", "clone_base", "--disks-dir", outside.toString());
    Tool.run("cp", "-a", original, elsewhere);
    byte[] before = Files.readAllBytes(outside.resolve("disk.qcow2"));
    assertEquals(List.of("vm"), there.json("home", "relocate", "--yes").get("left_out"));
    assertEquals(0, there.run("gc").code());
    assertTrue(Arrays.equals(before, Files.readAllBytes(outside.resolve("disk.qcow2"))));
    assertEquals(0, there.run("doctor").code());
    assertEquals(0, home.run("doctor").code());
  }

  @Test
  void a_disk_outside_goes_with_the_home_that_was_moved() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("vm"));
    Path image = directory.resolve("golden.raw");
    copyOfGolden(outside.resolve("disk.qcow2"));
    home.json("base", "create", "vm", "--kind", "clone_base", "--disks-dir", outside.toString());
    Tool.run("mv", original, elsewhere);
    Object rewritten = there.json("home", "relocate", "--yes").get("rewritten");
    assertTrue(String.valueOf(rewritten).contains(outside + "/disk.qcow2"), () -> "" + rewritten);
    Path flat = directory.resolve("outside.raw");
    assertEquals(
        0,
        there
            .run("image", "convert", outside + "/disk.qcow2", flat.toString(), "-O", "raw")
            .code());
    assertEquals(-1, Files.mismatch(image, flat));
    assertEquals(0, there.run("doctor").code());
  }

  // The command.

  @Test
  void a_dry_run_lists_everything_and_changes_nothing() throws IOException {
    Tool.run("mv", original, elsewhere);
    Map<String, String> before = HomeListing.of(elsewhere);
    String text = there.run("home", "relocate", "--dry-run").out();
    assertTrue(text.startsWith("would relocate " + original + " to " + elsewhere), text);
    assertTrue(text.contains("would rewrite " + disk(elsewhere, "web-1")), text);
    assertEquals(before, HomeListing.of(elsewhere));
  }

  @Test
  void without_a_terminal_it_needs_yes() throws IOException {
    Tool.run("mv", original, elsewhere);
    Map<String, String> before = HomeListing.of(elsewhere);
    Cli.Result refused = there.run("home", "relocate");
    refused.assertError(2);
    assertTrue(refused.err().contains("--yes"), refused.err());
    assertEquals(before, HomeListing.of(elsewhere));
  }

  @Test
  void on_a_terminal_it_asks() throws IOException {
    Tool.run("mv", original, elsewhere);
    assertEquals(3, answering("n\n"));
    assertEquals(3, answering(""));
    assertEquals(0, answering("y\n"));
    checkReads(there, "golden", "web-1");
  }

  private int answering(String answer) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayOutputStream(),
            err,
            Map.of(),
            true,
            new ByteArrayInputStream(answer.getBytes(UTF_8)));
    int code = new Program(console).run("--home", elsewhere.toString(), "home", "relocate");
    assertTrue(err.toString(UTF_8).contains("[y/N]"), err::toString);
    return code;
  }

  @Test
  void moved_and_copy_exclude_each_other() {
    home.run("home", "relocate", "--moved", "--copy").assertError(2);
  }

  @Test
  void where_the_old_path_cant_be_seen_the_options_that_say_so_are_named() throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    Tool.run("mv", original, gone.resolve("home1"));
    Cli moved = new Cli(gone.resolve("home1"));
    moved.json("home", "relocate", "--yes");
    Tool.run("cp", "-a", gone.resolve("home1"), elsewhere);
    Tool.run("rm", "-r", gone);
    Cli.Result refused = there.run("home", "relocate", "--yes");
    refused.assertError(3);
    assertTrue(refused.err().contains("--moved"), refused.err());
    assertEquals(true, there.json("home", "relocate", "--copy", "--yes").get("copy"));
    checkReads(there, "golden", "web-1");
  }

  @Test
  void a_base_that_is_missing_is_refused_and_nothing_is_changed() throws IOException {
    Tool.run("mv", original, elsewhere);
    Tool.run("mv", elsewhere.resolve("bases"), directory.resolve("bases-away"));
    Files.createDirectory(elsewhere.resolve("bases"));
    Map<String, String> before = HomeListing.of(elsewhere);
    Cli.Result refused = there.run("home", "relocate", "--yes");
    refused.assertError(3);
    assertTrue(refused.err().contains("missing"), refused.err());
    assertEquals(before, HomeListing.of(elsewhere));
  }

  @Test
  void a_file_that_a_process_has_open_is_refused_and_nothing_is_changed() throws IOException {
    Tool.run("mv", original, elsewhere);
    Map<String, String> before = HomeListing.of(elsewhere);
    try (InputStream open = Files.newInputStream(disk(elsewhere, "web-1"))) {
      assertTrue(open.read() >= 0);
      Cli.Result refused = there.run("home", "relocate", "--yes");
      refused.assertError(3);
      assertTrue(refused.err().contains(disk(elsewhere, "web-1") + ": "), refused.err());
    }
    assertEquals(before, HomeListing.of(elsewhere));
    there.json("home", "relocate", "--yes");
    checkReads(there, "golden", "web-1");
  }

  @Test
  void a_home_that_was_moved_to_another_file_system_is_as_it_was() throws IOException {
    try (ScratchMount memory = ScratchMount.ofMemory(directory, 64 << 10)) {
      Cli moved = new Cli(memory.directory().resolve("home"));
      Tool.run("mv", original, moved.home());
      assertEquals(false, moved.json("home", "relocate", "--yes").get("copy"));
      checkReads(moved, "golden", "web-1");
    }
  }

  // Stopped at each step.

  @Test
  void a_relocation_that_is_stopped_at_any_step_is_completed_by_the_next() throws IOException {
    List<String> steps = new ArrayList<>();
    Path copy = directory.resolve("copy");
    Tool.run("cp", "-a", original, copy);
    relocate(copy, steps, step -> false);
    assertTrue(steps.size() > 8, steps::toString);
    for (int i = 0; i < steps.size(); i++) {
      int stop = i;
      Path stopped = directory.resolve("copy-" + i);
      Tool.run("cp", "-a", original, stopped);
      try {
        relocate(stopped, new ArrayList<>(), step -> step >= stop);
        throw new AssertionError("not stopped at " + steps.get(stop));
      } catch (Stopped expected) {
        // Simulates the end of the process.
      }
      Cli at = new Cli(stopped);
      assertEquals(true, at.json("home", "relocate", "--yes").get("copy"), steps.get(stop));
      checkReads(at, "golden", "web-1");
    }
    checkReads(home, "golden", "web-1");
  }

  private static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Relocates a copy on real files. After a stopped step, no later step runs. */
  private static void relocate(Path copy, List<String> steps, IntPredicate isStopped) {
    DiskFiles files =
        stepped(DiskFiles.class, new LocalDiskFiles(OperatingSystem.current()), steps, isStopped);
    DiskImages images = stepped(DiskImages.class, new Qcow2DiskImages(), steps, isStopped);
    try (RelocatableHome open =
        BaseDisks.builder().home(copy).files(files).images(images).openRelocatable()) {
      open.relocation().relocate(Declared.NOTHING);
    }
  }

  private static <T> T stepped(Class<T> port, T real, List<String> steps, IntPredicate isStopped) {
    List<String> changes =
        List.of("write", "rename", "remove", "sync", "describe", "patchHeader", "setModifiedAt");
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              if (changes.contains(method.getName())) {
                if (isStopped.test(steps.size())) {
                  throw new Stopped();
                }
                steps.add(method.getName() + " " + arguments[0]);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
