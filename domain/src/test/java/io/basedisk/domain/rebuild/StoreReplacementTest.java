package io.basedisk.domain.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.testing.InMemoryDisks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** At every instant of a replacement there is the whole old store, no store, or the new store. */
final class StoreReplacementTest {

  private static final Path STORE = Path.of("/db/store");
  private static final Path LOG = Path.of("/db/store-wal");
  private static final ImmutableList<String> COMPANIONS = ImmutableList.of("-wal", "-shm");

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void the_old_store_is_kept_with_its_log_and_the_new_one_takes_its_place() {
    InMemoryDisks disks = home();

    Optional<Path> kept = replacement(disks).replace();

    assertEquals(Optional.of(Path.of("/db/store.replaced-1")), kept);
    assertEquals("old", text(disks, Path.of("/db/store.replaced-1")));
    assertEquals("old log", text(disks, Path.of("/db/store.replaced-1-wal")));
    assertNewInPlace(disks);
  }

  @Test
  void what_was_kept_before_is_never_overwritten() {
    InMemoryDisks disks = home();
    disks.writeBytes(Path.of("/db/store.replaced-1"), "first".getBytes(UTF_8));
    disks.writeBytes(Path.of("/db/store.replaced-2-wal"), "second".getBytes(UTF_8));

    assertEquals(Optional.of(Path.of("/db/store.replaced-3")), replacement(disks).replace());

    assertEquals("first", text(disks, Path.of("/db/store.replaced-1")));
    assertEquals("second", text(disks, Path.of("/db/store.replaced-2-wal")));
  }

  @Test
  void where_no_store_was_nothing_is_kept() {
    InMemoryDisks disks = home();
    disks.remove(STORE);
    disks.remove(LOG);

    assertEquals(Optional.empty(), replacement(disks).replace());

    assertNewInPlace(disks);
  }

  @Test
  void a_log_without_a_store_is_kept_for_it_must_not_lie_beside_the_new_one() {
    InMemoryDisks disks = home();
    disks.remove(STORE);

    assertEquals(Optional.of(Path.of("/db/store.replaced-1")), replacement(disks).replace());

    assertEquals("old log", text(disks, Path.of("/db/store.replaced-1-wal")));
    assertNewInPlace(disks);
  }

  @Test
  void the_rest_of_an_interrupted_preparation_goes() {
    InMemoryDisks disks = home();
    disks.writeBytes(Path.of("/db/store.rebuilt-wal"), "rest".getBytes(UTF_8));

    replacement(disks).discardPrepared();

    assertFalse(disks.status(Path.of("/db/store.rebuilt")).isPresent());
    assertFalse(disks.status(Path.of("/db/store.rebuilt-wal")).isPresent());
    assertTrue(disks.status(STORE).isPresent());
  }

  @Test
  void a_replacement_that_is_killed_at_any_step_can_be_repeated() {
    int step = 0;
    while (killedAt(step, home())) {
      step++;
    }
    assertTrue(step >= 8, "the steps were " + step);
  }

  @Test
  void a_replacement_without_hard_links_that_is_killed_at_any_step_can_be_repeated() {
    int step = 0;
    while (killedWithoutLinksAt(step)) {
      step++;
    }
    assertTrue(step >= 8, "the steps were " + step);
  }

  @Test
  void a_power_cut_at_any_step_leaves_the_whole_old_store_or_none_or_the_new_one() {
    int step = 0;
    while (true) {
      InMemoryDisks disks = home();
      boolean isKilled = runUntil(step, disks, replacement(disks));
      for (long state = 0; state < disks.powerCutStates(); state++) {
        InMemoryDisks cut = disks.afterPowerCut(state);
        assertWholeStoreOrNone(cut);
        prepare(cut);
        replacement(cut).replace();
        assertNewInPlace(cut);
        assertOldIsSomewhere(cut);
      }
      if (!isKilled) {
        return;
      }
      step++;
    }
  }

  @Test
  void a_store_that_was_used_after_an_interrupted_replacement_is_kept_with_its_present_log() {
    InMemoryDisks disks = home();
    assertTrue(disks.link(STORE, Path.of("/db/store.replaced-1")));
    assertTrue(disks.link(LOG, Path.of("/db/store.replaced-1-wal")));
    disks.remove(LOG);
    disks.writeBytes(LOG, "later log".getBytes(UTF_8));

    assertEquals(Optional.of(Path.of("/db/store.replaced-1")), replacement(disks).replace());

    assertEquals("later log", text(disks, Path.of("/db/store.replaced-1-wal")));
  }

  private static boolean killedAt(int step, InMemoryDisks disks) {
    boolean isKilled = runUntil(step, disks, replacement(disks));
    assertWholeStoreOrNone(disks);
    prepare(disks);
    replacement(disks).replace();
    assertNewInPlace(disks);
    assertOldIsSomewhere(disks);
    return isKilled;
  }

  private static boolean killedWithoutLinksAt(int step) {
    InMemoryDisks disks = home();
    boolean isKilled =
        runUntil(step, disks, new StoreReplacement(withoutLinks(disks), STORE, COMPANIONS));
    assertWholeStoreOrNone(disks);
    prepare(disks);
    new StoreReplacement(withoutLinks(disks), STORE, COMPANIONS).replace();
    assertNewInPlace(disks);
    assertOldIsSomewhere(disks);
    return isKilled;
  }

  private static boolean runUntil(int step, InMemoryDisks disks, StoreReplacement replacement) {
    disks.beforeEachStep(killAt(step));
    try {
      replacement.replace();
      return false;
    } catch (Killed killed) {
      return true;
    } finally {
      disks.beforeEachStep(ignored -> {});
    }
  }

  private static Consumer<String> killAt(int step) {
    int[] passed = {0};
    return ignored -> {
      if (passed[0]++ == step) {
        throw new Killed();
      }
    };
  }

  private static void assertWholeStoreOrNone(InMemoryDisks disks) {
    if (disks.status(STORE).isEmpty()) {
      return;
    }
    String content = text(disks, STORE);
    if (content.equals("old")) {
      assertEquals("old log", text(disks, LOG));
    } else {
      assertNewInPlace(disks);
    }
  }

  private static void assertNewInPlace(InMemoryDisks disks) {
    assertEquals("new", text(disks, STORE));
    assertFalse(disks.status(LOG).isPresent(), "a log that is not the new store's");
  }

  private static void assertOldIsSomewhere(InMemoryDisks disks) {
    assertTrue(isAnyNamed(disks, "old", ""), () -> "no old store: " + disks.list());
    assertTrue(isAnyNamed(disks, "old log", "-wal"), () -> "no old log: " + disks.list());
  }

  private static boolean isAnyNamed(InMemoryDisks disks, String content, String suffix) {
    return disks.list(Path.of("/db")).stream()
        .filter(file -> file.toString().contains(".replaced-"))
        .filter(file -> suffix.isEmpty() || file.toString().endsWith(suffix))
        .anyMatch(file -> text(disks, file).equals(content));
  }

  private static InMemoryDisks home() {
    InMemoryDisks disks = new InMemoryDisks().withDirectory(STORE.getParent());
    write(disks, STORE, "old");
    write(disks, LOG, "old log");
    prepare(disks);
    return disks;
  }

  private static void prepare(InMemoryDisks disks) {
    write(disks, Path.of("/db/store.rebuilt"), "new");
  }

  private static void write(InMemoryDisks disks, Path file, String text) {
    disks.writeBytes(file, text.getBytes(UTF_8));
    disks.sync(ImmutableList.of(file, STORE.getParent()));
  }

  private static StoreReplacement replacement(InMemoryDisks disks) {
    return new StoreReplacement(disks, STORE, COMPANIONS);
  }

  private static String text(InMemoryDisks disks, Path file) {
    return new String(disks.readBytes(file), UTF_8);
  }

  /** Returns the same files on a file system that has no hard links. */
  private static DiskFiles withoutLinks(InMemoryDisks disks) {
    return (DiskFiles)
        Proxy.newProxyInstance(
            DiskFiles.class.getClassLoader(),
            new Class<?>[] {DiskFiles.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("link")) {
                return false;
              }
              try {
                return method.isDefault()
                    ? disks
                        .getClass()
                        .getMethod(method.getName(), method.getParameterTypes())
                        .invoke(disks, arguments)
                    : method.invoke(disks, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
