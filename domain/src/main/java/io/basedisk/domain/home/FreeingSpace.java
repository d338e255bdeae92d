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
 * Lets operations that free space succeed on a full file system. While a thread runs such an
 * operation, a write to the store that finds no space gives up the reserve and is tried again once.
 *
 * <p>The write is repeated and not the operation: the operation may have taken steps before, and a
 * write that failed has done nothing. Safe for many threads.
 */
@Singleton
public final class FreeingSpace {

  /** What one operation of one thread has done so far. */
  private static final class Run {
    private boolean gaveUp;
  }

  private final SpaceReserve reserve;
  private final Map<Thread, Run> runs = new ConcurrentHashMap<>();

  @Inject
  FreeingSpace(SpaceReserve reserve) {
    this.reserve = reserve;
  }

  /** Runs an operation that frees space; then, if it needed the reserve, keeps one again. */
  public <T> T run(Supplier<T> operation) {
    Thread thread = Thread.currentThread();
    Run run = new Run();
    if (runs.putIfAbsent(thread, run) != null) {
      // A part of another one, which keeps the reserve again at its end.
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

  /** Keeps a reserve if there is none and there is space for it. */
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
      // Also where it is gone: another process may have given it up just now.
      reserve.giveUp();
      run.gaveUp = true;
      return write.get();
    }
  }
}
