package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that change or show records, as people use them. */
class RecordCommandsTest {

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
    cli.json("box", "create", "web-1", "--size", "1M");
  }

  private Path disk(String directoryOfBox) {
    return home.resolve("boxes").resolve(directoryOfBox).resolve("disks/disk.qcow2");
  }

  private String assertSucceeds(String... args) {
    Cli.Result result = cli.run(args);
    assertEquals(0, result.code(), result.err());
    return result.out();
  }

  private String assertRefused(int code, String... args) {
    Cli.Result result = cli.run(args);
    assertEquals(code, result.code(), result.err());
    return result.err();
  }

  /** Registers a box whose disk is elsewhere, and returns the disk. */
  private Path registerForeign() throws Exception {
    Path disks = Files.createDirectories(home.resolveSibling("vms/vm7"));
    if (!Files.exists(disks.resolve("disk.qcow2"))) {
      assertSucceeds("image", "create", disks.resolve("disk.qcow2").toString(), "1M");
    }
    assertSucceeds("base", "create", "vm7", "--kind", "clone_base", "--disks-dir", disks + "");
    return disks.resolve("disk.qcow2");
  }

  @Test
  void box_path_prints_the_path_and_nothing_else() {
    assertEquals(disk("web-1") + "\n", assertSucceeds("box", "path", "web-1"));
  }

  @Test
  void a_new_box_of_a_renamed_boxs_name_has_a_disk_of_its_own() throws Exception {
    assertSucceeds("box", "rename", "web-1", "api-1");
    assertSucceeds("box", "create", "web-1", "--size", "2M");

    assertEquals(disk("web-1") + "\n", assertSucceeds("box", "path", "api-1"));
    assertEquals(disk("web-1~2") + "\n", assertSucceeds("box", "path", "web-1"));
    assertEquals(0, cli.run("doctor").code());
    assertSucceeds("box", "rm", "web-1");
    assertFalse(Files.exists(home.resolve("boxes/web-1~2")));
    assertTrue(Files.exists(disk("web-1")));
  }

  @Test
  void a_rebuild_names_boxes_after_their_directories() throws Exception {
    assertSucceeds("snapshot", "create", "web-1@s");
    assertSucceeds("box", "rename", "web-1", "api-1");
    assertSucceeds("box", "create", "web-1", "--size", "2M");
    Files.delete(home.resolve("db/basedisk.db"));

    assertSucceeds("doctor", "--rebuild");

    assertEquals(disk("web-1") + "\n", assertSucceeds("box", "path", "web-1"));
    assertEquals(disk("web-1~2") + "\n", assertSucceeds("box", "path", "recovered-1"));
    assertSucceeds("box", "rename", "web-1", "api-1");
    assertTrue(assertSucceeds("snapshot", "ls", "api-1").contains(" s "));
  }

  @Test
  void a_box_with_foreign_disks_is_forgotten_or_its_disks_are_deleted() throws Exception {
    Path disk = registerForeign();

    String refusal = assertRefused(3, "box", "rm", "vm7");
    assertTrue(refusal.contains("--delete-disks"), refusal);
    assertTrue(refusal.contains("basedisk box forget vm7"), refusal);

    String out = assertSucceeds("box", "forget", "vm7");
    assertTrue(out.contains("its disk stays: " + disk), out);
    assertTrue(Files.exists(disk));

    registerForeign();
    assertSucceeds("box", "rm", "vm7", "--delete-disks");
    assertFalse(Files.exists(disk));
    assertEquals(List.of(), cli.jsonList("base", "ls"));
  }

  @Test
  void a_forgotten_box_stays_registered_elsewhere_for_gc() throws Exception {
    registerForeign();
    assertSucceeds("box", "forget", "vm7");

    assertSucceeds("gc");

    String base = (String) ((Map<?, ?>) cli.jsonList("base", "ls").get(0)).get("id");
    assertEquals(0, cli.run("doctor").code());
    assertSucceeds("base", "rm", base);
  }

  @Test
  void if_a_removal_fails_the_earlier_ones_are_printed_with_its_exit_code() throws Exception {
    cli.json("box", "create", "web-2", "--size", "1M");
    cli.json("box", "create", "web-3", "--size", "1M");
    Path backup = home.resolveSibling("backup.qcow2");
    Files.copy(disk("web-3"), backup);
    KilledOperation.run(
        home,
        "rename",
        disks -> disks.bases().create(BoxId.of("web-3"), BaseDiskKind.CLONE_BASE, null));
    Files.delete(disk("web-3"));
    Files.copy(backup, disk("web-3"));

    Cli.Result result = cli.run("--json", "box", "rm", "web-2", "web-3", "web-1");

    assertEquals(3, result.code(), result.err());
    assertEquals(List.of("web-2"), JSON.std.mapFrom(result.out()).get("removed"));
    assertTrue(result.err().startsWith("{\"error\":{\"code\":3,"), result.err());
    assertFalse(Files.exists(disk("web-2")));
    assertTrue(Files.exists(disk("web-3")));
    assertTrue(Files.exists(disk("web-1")), "the removal stops at the failure");
  }

  @Test
  void several_boxes_are_checked_before_one_is_removed() throws Exception {
    cli.json("box", "create", "web-2", "--size", "1M");
    try (FileChannel vm = FileChannel.open(disk("web-2"), StandardOpenOption.WRITE)) {
      assertTrue(vm.isOpen());
      assertRefused(3, "box", "rm", "web-1", "web-2");
    }
    assertTrue(Files.exists(disk("web-1")));
    assertRefused(4, "box", "rm", "web-1", "web-2", "nothing");
    assertTrue(Files.exists(disk("web-1")));

    String out = assertSucceeds("box", "rm", "web-1", "web-2");

    assertEquals("removed web-1, web-2; collected no base\n", out);
  }

  @Test
  void snapshots_are_named_with_their_box_or_apart() {
    assertSucceeds("snapshot", "create", "web-1@a");
    assertSucceeds("snapshot", "create", "web-1@web-1@b");
    assertSucceeds("snapshot", "create", "web-1", "c");

    assertSucceeds("snapshot", "restore", "web-1@a");
    assertSucceeds("snapshot", "restore", "web-1", "web-1@b");
    assertSucceeds("snapshot", "rename", "web-1@web-1@b", "b");
    assertRefused(4, "snapshot", "rm", "web-1@a", "web-1@none");
    assertSucceeds("snapshot", "rm", "web-1@a", "web-1@c");
    assertSucceeds("snapshot", "rm", "web-1", "b");
    assertEquals(List.of(), cli.jsonList("snapshot", "ls", "web-1"));
  }

  @Test
  void which_says_how_a_path_leads_to_a_file() throws Exception {
    Path link = Files.createSymbolicLink(home.resolveSibling("link"), disk("web-1"));
    Path other = Files.createLink(home.resolveSibling("other"), disk("web-1"));

    assertTrue(assertSucceeds("which", link.toString()).contains("a symbolic link to it"));
    String hard = assertSucceeds("which", other.toString());
    assertTrue(hard.contains("hard link") && hard.contains(disk("web-1").toString()), hard);
    assertFalse(assertSucceeds("which", disk("web-1").toString()).contains("link"));
    Path text = Files.writeString(home.resolveSibling("text"), "text");
    String refusal = assertRefused(4, "which", text.toString());
    assertTrue(refusal.contains("no readable qcow2 image"), refusal);
    assertTrue(
        assertRefused(4, "which", home.resolve("home.json").toString()).contains("in the home"));
  }
}
