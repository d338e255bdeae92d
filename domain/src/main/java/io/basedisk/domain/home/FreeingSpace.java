package io.basedisk.domain.home;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.port.SpaceReserve;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations that free space work on a full file system. If such an operation's write to the
 * store finds no space, the home's space reserve is deleted and the write is tried again, once.
 *
 * <p>Only the write is repeated, not the operation: a failed write changes nothing, but the
 * operation may have taken steps before it. Thread-safe.
 */
@Singleton
public final class FreeingSpace {

  /** The state of one thread's operation. */
  private static final class Run {
    private boolean gaveUp;
  }

  private final SpaceReserve reserve;
  private final Map<Thread, Run> runs = new ConcurrentHashMap<>();

  @Inject
  FreeingSpace(SpaceReserve reserve) {
    this.reserve = reserve;
  }

  /**
   * Runs an operation that frees space. If it used the reserve, makes a new one at the end.
   *
   * @param <T> the type of the result
   * @param operation the operation
   * @return its result
   */
  public <T> T run(Supplier<T> operation) {
    Thread thread = Thread.currentThread();
    Run run = new Run();
    if (runs.putIfAbsent(thread, run) != null) {
      // Nested: the outer operation makes the new reserve.
      return operation.get();
    }
    try {
      return operation.get();
    } finally {
      runs.remove(thread);
      if (run.gaveUp) {
        reserve.keep();
      }
    }
  }

  /** Makes the reserve if it is missing and there is space for it. */
  public void keepReserve() {
    reserve.keep();
  }

  /**
   * Runs a write of the store; if it finds no space in a thread that frees space, gives up the
   * reserve and runs it again.
   */
  <T extends @Nullable Object> T write(Supplier<? extends T> write) {
    try {
      return write.get();
    } catch (NoSpaceException full) {
      Run run = runs.get(Thread.currentThread());
      if (run == null) {
        throw full;
      }
      // Retry even if the reserve is gone: another process may have just deleted it.
      reserve.giveUp();
      run.gaveUp = true;
      return write.get();
    }
  }
}
