package io.basedisk.domain.protocol;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.home.MountedParts;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Performs operations so that none stays half done. An operation has an intent in the store from
 * its start to its end, and holds a lock that tells that its process lives. If a step fails, the
 * operation is settled at once. If its process dies, the next process that needs its claims, or
 * that recovers, settles it. Thread-safe.
 */
@Singleton
public final class Operations {

  private final BaseDiskStore store;
  private final OperationLocks locks;
  private final EventListener listener;
  private final HomeGate gate;
  private final InstantSource clock;
  private final OperationTimeout timeout;
  private final MountedParts parts;
  private final ProtocolRegistry protocols;

  /**
   * @param gate says whether the home may be changed: nothing is settled where it may not
   */
  @Inject
  Operations(
      BaseDiskStore store,
      OperationLocks locks,
      EventListener listener,
      MountedParts parts,
      InstantSource clock,
      OperationTimeout timeout,
      HomeGate gate,
      ProtocolRegistry protocols) {
    this.store = store;
    this.locks = locks;
    this.listener = listener;
    this.gate = gate;
    this.parts = parts;
    this.protocols = protocols;
    this.clock = clock;
    this.timeout = timeout;
  }

  /**
   * Performs one operation: commits its intent, then runs its steps. The last step drops the
   * intent. If a step fails, the operation is settled at once; if it is rolled forward, this method
   * returns normally.
   *
   * @param intent the plan of the operation
   * @param alongside records or checks more in the transaction that commits the intent
   * @param steps the steps of the operation
   * @throws io.basedisk.domain.error.HomeUnusableException if the home may not be changed
   * @throws BusyException if a live operation has claimed what {@code intent} claims, and does not
   *     end before the timeout
   * @throws io.basedisk.domain.error.PartAwayException if the directory for the new files is an
   *     empty mount point: its file system is not mounted
   */
  public void perform(Intent intent, Consumer<? super StoreTransaction> alongside, Runnable steps) {
    gate.requireChangeable();
    Instant start = clock.instant();
    parts.requireFor(intent);
    try (OperationLocks.Held owner = lockOf(intent.id())) {
      boolean begun = false;
      try {
        begin(intent, alongside);
        begun = true;
        steps.run();
      } catch (RuntimeException | Error failure) {
        if (!isCompleteAfter(failure, intent.id(), begun)) {
          throw failure;
        }
      }
    }
    listener.on(new Event.Performed(intent, since(start)));
  }

  /** {@return the time since {@code start}; 0 if the clock was set back} */
  private Duration since(Instant start) {
    Duration took = Duration.between(start, clock.instant());
    return took.isNegative() ? Duration.ZERO : took;
  }

  /**
   * Settles all operations whose process is dead, if their files allow a verdict. A failure to
   * settle one does not stop the others.
   */
  public void recover() {
    if (gate.problem().isPresent()) {
      return;
    }
    for (Intent intent : store.read(view -> view.intents().list())) {
      try {
        recover(intent.id(), Duration.ZERO);
      } catch (BaseDiskException failure) {
        listener.on(new Event.LeftUndecided(intent, String.valueOf(failure.getMessage())));
      }
    }
  }

  /**
   * Returns once an operation's intent is gone. Settles the operation if its process is dead.
   *
   * @param id the operation
   * @param claimed what the operation has claimed, for messages
   * @throws BusyException if the operation does not end before the timeout, or if its files allow
   *     no verdict
   * @throws InterruptedOperationException if the thread is interrupted while it waits
   */
  public void awaitSettled(OperationId id, String claimed) {
    if (!recover(id, timeout.length())) {
      throw failureOfWait(timeout.length(), new BusyException(claimed, id.value()));
    }
  }

  /** {@return the error for a failed wait for another operation} */
  private static BaseDiskException failureOfWait(Duration limit, BusyException busy) {
    boolean waited = !limit.isZero() && !limit.isNegative();
    return waited && Thread.currentThread().isInterrupted()
        ? new InterruptedOperationException(busy.getMessage() + "; the wait was interrupted", busy)
        : busy;
  }

  /**
   * Settles an operation whose process is dead or, if its files allow no verdict, gives it up.
   *
   * @param id the operation
   * @param drop drops the given intent; called under the operation's lock
   * @return the intent that was found
   * @throws NotFoundException if there is no such operation
   * @throws RefusedException if the operation's process is alive
   */
  public Intent giveUp(OperationId id, Consumer<? super Intent> drop) {
    gate.requireChangeable();
    requireIntent(id);
    try (OperationLocks.Held held =
        locks
            .tryAcquire(id)
            .orElseThrow(
                () ->
                    new RefusedException("operation " + id + " is under way: wait for its end"))) {
      Intent intent = requireIntent(id);
      if (!isSettled(intent)) {
        drop.accept(intent);
      }
      return intent;
    }
  }

  private Intent requireIntent(OperationId id) {
    return store
        .read(view -> view.intents().find(id))
        .orElseThrow(
            () ->
                new NotFoundException(
                    "no operation " + id + " is recorded", new Remedy.FindOperation()));
  }

  private boolean isSettled(Intent intent) {
    try {
      return !(settle(intent) instanceof Settlement.Undecided);
    } catch (BaseDiskException cantSettle) {
      listener.on(new Event.LeftUndecided(intent, String.valueOf(cantSettle.getMessage())));
      return store.read(view -> view.intents().find(intent.id())).isEmpty();
    }
  }

  private void begin(Intent intent, Consumer<? super StoreTransaction> alongside) {
    Instant deadline = clock.instant().plus(timeout.length());
    while (true) {
      try {
        store.change(
            tx -> {
              tx.intents().insert(intent);
              alongside.accept(tx);
            });
        return;
      } catch (BusyException busy) {
        Duration left = Duration.between(clock.instant(), deadline);
        if (!recover(new OperationId(busy.holder()), left)) {
          throw failureOfWait(left, busy);
        }
      }
    }
  }

  /**
   * Settles a failed operation. Returns whether it was rolled forward.
   *
   * @param failure the failure of a step
   * @param id the operation
   * @param begun whether the intent's commit returned. If false, the intent may be committed too,
   *     because a commit can fail in its last step.
   */
  private boolean isCompleteAfter(Throwable failure, OperationId id, boolean begun) {
    // An interrupt that failed the operation must not fail its settlement too.
    boolean interrupted = Thread.interrupted();
    try {
      return settleIfStanding(id)
          .map(settlement -> settlement instanceof Settlement.RolledForward)
          .orElse(begun);
    } catch (RuntimeException | Error settling) {
      failure.addSuppressed(settling);
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits for an operation to end, settles it if its intent is left, and returns whether the intent
   * is gone.
   */
  private boolean recover(OperationId id, Duration limit) {
    gate.requireChangeable();
    Optional<OperationLocks.Held> lock = locks.acquire(id, limit);
    if (lock.isEmpty()) {
      return false;
    }
    try (OperationLocks.Held held = lock.get()) {
      return settleIfStanding(id)
          .map(settlement -> !(settlement instanceof Settlement.Undecided))
          .orElse(true);
    }
  }

  /** Settles an operation, if its intent, read again under its lock, still exists. */
  private Optional<Settlement> settleIfStanding(OperationId id) {
    return store.read(view -> view.intents().find(id)).map(this::settle);
  }

  private Settlement settle(Intent intent) {
    Settlement settlement = settle(protocols.of(intent), intent);
    listener.on(eventOf(settlement, intent));
    return settlement;
  }

  private static <I extends Intent> Settlement settle(Protocol<I> protocol, Intent intent) {
    return protocol.settle(protocol.intentType().cast(intent));
  }

  private static Event eventOf(Settlement settlement, Intent intent) {
    if (settlement instanceof Settlement.Undecided undecided) {
      return new Event.LeftUndecided(intent, undecided.reason());
    }
    return settlement instanceof Settlement.RolledBack
        ? new Event.RolledBack(intent)
        : new Event.RolledForward(intent);
  }

  private OperationLocks.Held lockOf(OperationId id) {
    return locks
        .tryAcquire(id)
        .orElseThrow(() -> new RefusedException("operation " + id + " exists already"));
  }
}
