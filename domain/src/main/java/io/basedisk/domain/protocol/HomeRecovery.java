package io.basedisk.domain.protocol;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.port.EventListener;
import javax.inject.Inject;

/** What happens when a home is opened. Safe for many threads. */
public final class HomeRecovery {

  private final HomeGate gate;
  private final Operations operations;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final EventListener listener;

  @Inject
  HomeRecovery(
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
   * Finds out which home this is, settles what operations whose owners died have left, and collects
   * what waits for it. What can't be settled or collected now is told to the listener and left to a
   * later call; the home opens all the same. Then the reserve is kept, if there is space for it. In
   * a home that may not be changed, nothing changes.
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
