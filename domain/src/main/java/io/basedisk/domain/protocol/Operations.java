package io.basedisk.domain.protocol;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.home.MountedParts;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
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
 * Performs operations so that none is ever left half done: under a lock that says that the owner
 * lives, between an intent and its end, settled at once if a step fails and by whoever meets it
 * next if the owner dies. Safe for many threads.
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
  private final Protocols protocols;

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
      Protocols protocols) {
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
   * Performs one operation: commits its intent, then takes its steps, the last of which drops the
   * intent. If a step fails, the operation is settled on the spot; if that completes it, this
   * returns as if nothing had failed.
   *
   * @param intent what is to be done
   * @param alongside what happens, or is checked, in the transaction that commits the intent
   * @param steps the operation itself
   * @throws io.basedisk.domain.error.HomeUnusableException if the home may not be changed
   * @throws BusyException if a live operation has claimed what {@code intent} claims, and does not
   *     end in time
   * @throws io.basedisk.domain.error.PartAwayException if the directory for what it makes is the
   *     empty mount point of a file system that is away
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

  /** Clocks may be set back meanwhile. */
  private Duration since(Instant start) {
    Duration took = Duration.between(start, clock.instant());
    return took.isNegative() ? Duration.ZERO : took;
  }

  /**
   * Settles every operation whose owner is dead, where its files allow a verdict. One that can't be
   * settled, for whatever reason, keeps none of the others from it.
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
   * Returns once the intent of an operation is gone, which this settles if its owner is dead.
   *
   * @param claimed what the operation has claimed, as it should read in a message
   * @throws BusyException if its owner does not end in time, or if its files allow no verdict
   * @throws InterruptedOperationException if the thread is interrupted while it waits
   */
  public void awaitSettled(OperationId id, String claimed) {
    if (!recover(id, timeout.length())) {
      throw failureOfWait(timeout.length(), new BusyException(claimed, id.value()));
    }
  }

  /** Returns the error for a wait for another operation that has ended without success. */
  private static BaseDiskException failureOfWait(Duration patience, BusyException busy) {
    boolean waited = !patience.isZero() && !patience.isNegative();
    return waited && Thread.currentThread().isInterrupted()
        ? new InterruptedOperationException(busy.getMessage() + "; the wait was interrupted", busy)
        : busy;
  }

  /**
   * Settles an operation whose owner is dead or, if its files allow no verdict, gives it up.
   *
   * @param drop drops the intent that it is given; it is called under the operation's lock
   * @return the intent that stood
   * @throws NotFoundException if there is no such operation
   * @throws RefusedException if its owner is alive
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
        .orElseThrow(() -> new NotFoundException("no operation " + id + " is recorded"));
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
   * Settles an operation that {@code failure} stopped, and returns whether it is complete after
   * all.
   *
   * @param begun whether its intent was seen to be committed; if not, it may be all the same, since
   *     a commit can fail in its last step
   */
  private boolean isCompleteAfter(Throwable failure, OperationId id, boolean begun) {
    // The steps of settling must not fail for the interrupt that may have failed the operation.
    boolean interrupted = Thread.interrupted();
    try {
      return settleIfStanding(id)
          .map(settlement -> settlement instanceof Settlement.Forward)
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
   * Waits for the operation's owner to end, settles the operation if that left it standing, and
   * returns whether its intent is gone.
   */
  private boolean recover(OperationId id, Duration patience) {
    gate.requireChangeable();
    Optional<OperationLocks.Held> lock = locks.acquire(id, patience);
    if (lock.isEmpty()) {
      return false;
    }
    try (OperationLocks.Held held = lock.get()) {
      return settleIfStanding(id)
          .map(settlement -> !(settlement instanceof Settlement.Undecided))
          .orElse(true);
    }
  }

  /** Settles the intent that stands under this id, read again under its lock. */
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
    return settlement instanceof Settlement.Back
        ? new Event.RolledBack(intent)
        : new Event.RolledForward(intent);
  }

  private OperationLocks.Held lockOf(OperationId id) {
    return locks
        .tryAcquire(id)
        .orElseThrow(() -> new RefusedException("operation " + id + " exists already"));
  }
}
