package io.basedisk.domain.protocol;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.port.EventListener;
import javax.inject.Inject;

/**
 * The steps that a home needs when it is opened: identification, recovery by {@link Operations},
 * and pending collections. Thread-safe.
 */
public final class HomeOpening {

  private final HomeGate gate;
  private final Operations operations;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final EventListener listener;

  @Inject
  HomeOpening(
      HomeGate gate,
      Operations operations,
      Collector collector,
      FreeingSpace freeing,
      EventListener listener) {
    this.gate = gate;
    this.operations = operations;
    this.collector = collector;
    this.freeing = freeing;
    this.listener = listener;
  }

  /**
   * Identifies the home, settles interrupted operations, and collects the collect-pending bases. If
   * one can't be settled or collected now, tells the listener and leaves it to a later call; the
   * home opens anyway. Then makes the space reserve, if there is space for it. Changes nothing in a
   * home that may not be changed.
   *
   * @throws io.basedisk.domain.error.HomeUnusableException if the store belongs to another home, or
   *     is lost
   */
  public void run() {
    gate.open();
    if (gate.problem().isPresent()) {
      return;
    }
    operations.recover();
    try {
      collector.collectPending(HeaderEvidence::none);
    } catch (BaseDiskException failure) {
      listener.on(new Event.CollectionPostponed(String.valueOf(failure.getMessage())));
    }
    freeing.keepReserve();
  }
}
