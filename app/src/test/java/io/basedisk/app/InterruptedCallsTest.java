package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.basedisk.app.LongCalls.Call;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An interrupt ends each long call, leaves everything as it was, and stays pending. */
class InterruptedCallsTest {

  @TempDir private Path directory;
  private LongCalls calls;

  @BeforeEach
  void make_a_home() throws IOException {
    calls = new LongCalls(directory.toRealPath());
  }

  @AfterEach
  void close() {
    boolean unused = Thread.interrupted();
    calls.close();
  }

  @ParameterizedTest
  @EnumSource
  void an_interrupt_before_a_call_ends_it(Call call) {
    ImmutableList<ImmutableSortedMap<String, String>> before = files();

    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedOperationException.class, () -> call.make(calls, Progress.NONE), call::name);

    assertEndedAndRepeatable(call, before);
  }

  static Stream<Call> callsWithProgress() {
    return Stream.of(Call.values()).filter(Call::looksBetweenReports);
  }

  @ParameterizedTest
  @MethodSource("callsWithProgress")
  void an_interrupt_during_a_call_ends_it(Call call) {
    ImmutableList<ImmutableSortedMap<String, String>> before = files();

    assertThrows(
        InterruptedOperationException.class,
        () -> call.make(calls, (done, total) -> Thread.currentThread().interrupt()),
        call::name);

    assertEndedAndRepeatable(call, before);
  }

  private void assertEndedAndRepeatable(
      Call call, ImmutableList<ImmutableSortedMap<String, String>> before) {
    assertTrue(Thread.interrupted(), "the interrupt stays pending");
    assertEquals(before, files(), "no file changed");
    assertHealthy();
    call.make(calls, Progress.NONE);
    assertHealthy();
  }

  private ImmutableList<ImmutableSortedMap<String, String>> files() {
    return ImmutableList.of(HomeListing.of(calls.home), HomeListing.of(calls.images));
  }

  private void assertHealthy() {
    assertEquals(
        ImmutableList.of(), calls.disks.doctor().examine(Doctor.Depth.METADATA).findings());
  }

  @Test
  void an_interrupted_relocation_changes_nothing() throws IOException {
    calls.close();
    Path moved = Files.move(calls.home, calls.home.resolveSibling("moved"));
    ImmutableSortedMap<String, String> before = HomeListing.of(moved);

    try (RelocatableHome home = BaseDisks.builder().home(moved).openRelocatable()) {
      Thread.currentThread().interrupt();
      assertThrows(
          InterruptedOperationException.class, () -> home.relocation().relocate(Declared.NOTHING));
      assertTrue(Thread.interrupted(), "the interrupt stays pending");
      assertEquals(before, HomeListing.of(moved));
      assertTrue(home.relocation().relocate(Declared.NOTHING).rewritten().size() > 0);
    }
  }

  @Test
  void an_interrupted_rebuild_changes_nothing() throws IOException {
    calls.close();
    Path database = calls.home.resolve("db/basedisk.db");
    Files.delete(database);
    Files.deleteIfExists(database.resolveSibling("basedisk.db-wal"));
    Files.deleteIfExists(database.resolveSibling("basedisk.db-shm"));
    ImmutableSortedMap<String, String> before = HomeListing.of(calls.home);

    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedOperationException.class,
        () -> HomeRebuild.of(calls.home).run(ImmutableList.of()));
    assertTrue(Thread.interrupted(), "the interrupt stays pending");
    assertEquals(before, HomeListing.of(calls.home));
    assertTrue(Files.notExists(database), "no new database");

    assertEquals(2, HomeRebuild.of(calls.home).run(ImmutableList.of()).plan().boxes().size());
  }
}
