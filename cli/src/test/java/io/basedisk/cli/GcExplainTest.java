package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.testing.Intents;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code gc --dry-run --explain} prints the reason for each base that stays. */
class GcExplainTest {

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  @BeforeEach
  void make_a_box() throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
    cli.json("box", "create", "web-1", "--size", "1M");
  }

  private String fork(String... kind) {
    String[] args = new String[3 + kind.length];
    System.arraycopy(new String[] {"base", "create", "web-1"}, 0, args, 0, 3);
    System.arraycopy(kind, 0, args, 3, kind.length);
    return (String) cli.json(args).get("id");
  }

  private String fork() {
    return fork("--kind", "clone_base");
  }

  private void change(Consumer<StoreTransaction> change) {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(home.resolve("db/basedisk.db"))) {
      store.change(tx -> change.accept(tx));
    }
  }

  /** Returns the reason of each base that stays, and checks that every base stays. */
  private Map<Object, Object> reasons() {
    Map<String, Object> report = cli.json("gc", "--dry-run", "--explain");
    assertEquals(List.of(), report.get("collected"));
    Map<Object, Object> reasons = new HashMap<>();
    for (Object kept : (List<?>) report.get("kept")) {
      reasons.put(((Map<?, ?>) kept).get("id"), ((Map<?, ?>) kept).get("reason"));
    }
    Set<Object> all = new HashSet<>();
    cli.jsonList("base", "ls").forEach(base -> all.add(((Map<?, ?>) base).get("id")));
    assertEquals(all, reasons.keySet());
    return reasons;
  }

  @Test
  void bases_that_records_keep() {
    String rootfs = fork("--kind", "rootfs", "--name", "ubuntu");
    String snapshot = fork("--kind", "snapshot", "--name", "daily");
    String below = fork();
    String top = fork();

    assertEquals(
        Map.of(
            rootfs, "it is the rootfs ubuntu",
            snapshot, "it is the snapshot daily of box web-1",
            below, "needed by base " + top,
            top, "needed by box web-1"),
        reasons());
  }

  @Test
  void a_base_that_another_operation_needs() {
    String base = fork();
    OperationId other = new OperationId(5);
    OperationLocks locks =
        FileOperationLocks.open(OperatingSystem.current(), home.resolve("db/operations.lock"));
    try (OperationLocks.Held owner = locks.tryAcquire(other).orElseThrow()) {
      change(tx -> tx.intents().insert(Intents.createBoxesOn(base, 5, "x")));
      cli.json("box", "rm", "web-1");

      assertEquals(
          Map.of(base, "needed by operation 5, which is under way"), reasons(), owner::toString);
    }
  }

  @Test
  void a_base_that_only_a_header_names() {
    String base = fork();
    change(tx -> tx.references().delete(BoxId.of("web-1"), DiskSlot.CONTAINER));

    assertEquals(
        Map.of(
            base,
            "the header of "
                + home.resolve("boxes/web-1/disks/disk.qcow2")
                + " names it as backing file"),
        reasons());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_base_that_a_process_has_open() throws IOException {
    String base = fork();
    Path file = home.resolve("bases/" + base + ".qcow2");
    try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
      cli.json("box", "rm", "web-1");

      assertTrue(((String) reasons().get(base)).startsWith("open in process "), reader::toString);
    }
  }

  @Test
  void the_text_is_a_line_for_each() {
    String base = fork();

    assertEquals(
        List.of("collected no base", "KEPT      WHY", base + "  needed by box web-1"),
        cli.run("gc", "--explain").out().lines().toList());
  }
}
