package io.basedisk.qcow2.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.CrippledSystem.Killed;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access of other users to a sealed file. Needs root. */
@EnabledOnOs(OS.LINUX)
class SealTest {

  private static final int FORMER = 61_234;
  private static final int HOME_OWNER = 64_321;
  private static final int OTHER = 65_001;
  private static final int GROUP = 62_345;

  @TempDir Path scratch;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "other users take root");
    Files.setAttribute(scratch, "unix:mode", 0711);
    file = Files.writeString(scratch.toRealPath().resolve("base.qcow2"), "content");
    Files.setAttribute(file, "unix:uid", FORMER);
    Files.setAttribute(file, "unix:gid", GROUP);
  }

  private void setMode(int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode);
  }

  private static void seal(OperatingSystem system, Path file) {
    new LocalDiskFiles(system).seal(file, HOME_OWNER);
  }

  private void seal() {
    seal(OperatingSystem.current(), file);
  }

  private FileStatus status() throws IOException {
    return OperatingSystem.current().status(file).orElseThrow();
  }

  private boolean groupCanRead() throws IOException {
    return UserAccess.by(
        0,
        "setpriv",
        "--reuid=" + OTHER,
        "--regid=" + GROUP,
        "--clear-groups",
        "--",
        "cat",
        file.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0400, 0600, 0640, 0660, 0604, 0644, 0666, 0740})
  void the_former_owner_reads_and_can_neither_write_nor_get_that_back(int mode) throws IOException {
    setMode(mode);
    boolean group = groupCanRead();
    boolean others = UserAccess.toRead(file, OTHER);
    seal();
    assertAll(
        () -> assertTrue(UserAccess.toRead(file, FORMER), "the former owner reads"),
        () -> assertFalse(UserAccess.toWrite(file, FORMER), "the former owner writes"),
        () ->
            assertFalse(
                UserAccess.by(FORMER, "chmod", "u+w", file.toString()), "the former owner changes"),
        () -> assertFalse(UserAccess.toWrite(file, OTHER), "another user writes"),
        () -> assertEquals(group, groupCanRead(), "the group reads"),
        () -> assertEquals(others, UserAccess.toRead(file, OTHER), "another user reads"),
        () -> assertEquals(HOME_OWNER, status().owner()),
        () -> assertEquals(GROUP, status().group()),
        () -> assertEquals(0, status().mode() & 0222));
  }

  @Test
  void a_file_that_all_can_read_gets_no_access_list() throws IOException {
    setMode(0644);
    seal();
    assertEquals(0444, status().mode());
    assertFalse(hasAccessList());
  }

  @Test
  void an_existing_access_list_is_kept_and_admits_no_other_user() throws IOException {
    setMode(0600);
    ScratchMount.run("setfacl", "-m", "u:" + OTHER + ":rw,m::---", file.toString());
    assertFalse(UserAccess.toRead(file, OTHER), "the mask keeps it from reading");
    seal();
    assertAll(
        () -> assertTrue(UserAccess.toRead(file, FORMER)),
        () -> assertFalse(UserAccess.toRead(file, OTHER)));
  }

  @Test
  void a_user_with_read_and_write_by_access_list_keeps_read() throws IOException {
    setMode(0600);
    ScratchMount.run("setfacl", "-m", "u:" + OTHER + ":rw", file.toString());
    assertTrue(UserAccess.toWrite(file, OTHER));
    seal();
    assertAll(
        () -> assertTrue(UserAccess.toRead(file, FORMER)),
        () -> assertTrue(UserAccess.toRead(file, OTHER)),
        () -> assertFalse(UserAccess.toWrite(file, OTHER)));
  }

  @Test
  void an_entry_that_kept_the_owner_out_lets_it_read() throws IOException {
    setMode(0600);
    ScratchMount.run("setfacl", "-m", "u:" + FORMER + ":---", file.toString());
    seal();
    assertTrue(UserAccess.toRead(file, FORMER));
  }

  @ParameterizedTest
  @ValueSource(ints = {0600, 0640, 0666})
  void a_killed_seal_is_completed_by_the_next(int mode) throws IOException {
    for (int changes = 0; changes < 4; changes++) {
      Files.delete(file);
      makeFile();
      setMode(mode);
      OperatingSystem killed = CrippledSystem.killedAfter(changes);
      boolean wasKilled = false;
      try {
        seal(killed, file);
      } catch (Killed e) {
        wasKilled = true;
      }
      assertTrue(UserAccess.toRead(file, FORMER), "killed after " + changes);
      seal();
      assertTrue(UserAccess.toRead(file, FORMER));
      assertFalse(UserAccess.toWrite(file, FORMER));
      assertEquals(HOME_OWNER, status().owner());
      assertEquals(0, status().mode() & 0222);
      if (!wasKilled) {
        return;
      }
    }
    throw new AssertionError("it was killed each time");
  }

  @Test
  void write_permissions_that_the_owner_restored_in_between_are_removed() throws IOException {
    setMode(0600);
    assertThrows(Killed.class, () -> seal(CrippledSystem.killedAfter(1), file));
    assertTrue(UserAccess.by(FORMER, "chmod", "666", file.toString()));
    seal();
    assertFalse(UserAccess.toWrite(file, FORMER));
    assertFalse(UserAccess.toWrite(file, OTHER));
  }

  @Test
  void the_owner_stays_where_there_are_no_access_lists() throws IOException {
    setMode(0600);
    seal(CrippledSystem.withoutAccessLists(), file);
    assertEquals(FORMER, status().owner());
    assertEquals(0400, status().mode());
  }

  @Test
  void the_owner_and_the_access_list_stay_where_the_file_can_t_be_given_away() throws IOException {
    setMode(0600);
    seal(CrippledSystem.withoutGivingAway(), file);
    assertEquals(FORMER, status().owner());
    assertEquals(0400, status().mode());
    assertFalse(hasAccessList());
  }

  private boolean hasAccessList() throws IOException {
    Process process =
        new ProcessBuilder("getfacl", "-c", "-n", file.toString())
            .redirectErrorStream(true)
            .start();
    String list = new String(process.getInputStream().readAllBytes(), UTF_8);
    return list.contains("user:" + FORMER) || list.contains("mask");
  }
}
