package io.basedisk.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store that is open read-only until there is space. */
class StoreOnFullFileSystemTest {

  private final InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();
  private final List<String> opened = new ArrayList<>();
  private boolean isFull = true;

  private final StoreOnFullFileSystem onFull =
      new StoreOnFullFileSystem(
          () -> open("read"),
          () -> {
            if (isFull) {
              throw new NoSpaceException("no space left", new Exception());
            }
            return open("write");
          });

  private BaseDiskStore open(String how) {
    opened.add(how);
    return store.reopen();
  }

  private long count() {
    return onFull.<Long>write(tx -> tx.home().countWrite(0));
  }

  @Test
  void it_reads_and_says_at_a_write_that_no_space_is_left() {
    assertEquals(0L, onFull.<Long>read(view -> view.home().writeNumber()));
    assertThrows(NoSpaceException.class, this::count);

    assertEquals(0L, onFull.<Long>read(view -> view.home().writeNumber()));
    assertEquals(List.of("read", "read"), opened);
    assertFalse(onFull.isReadOnly(), "to write fails for lack of space and for nothing else");
  }

  @Test
  void once_there_is_space_it_is_opened_for_writing_and_stays_so() {
    isFull = false;

    long first = count();
    long second = count();

    assertTrue(second > first);
    assertEquals(second, onFull.<Long>read(view -> view.home().writeNumber()));
    assertEquals(List.of("read", "write"), opened);
  }

  @Test
  void a_write_within_a_read_is_an_error_and_does_not_hang() {
    assertThrows(IllegalStateException.class, () -> onFull.<Long>read(view -> count()));
  }
}
