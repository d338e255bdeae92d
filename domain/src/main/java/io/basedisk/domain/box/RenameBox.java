package io.basedisk.domain.box;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.UnclaimedRecords;
import javax.inject.Inject;

/** Renames a box: its records, and no file. Thread-safe. */
final class RenameBox {

  private final UnclaimedRecords records;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  RenameBox(UnclaimedRecords records, EventListener listener, LogWriter log) {
    this.records = records;
    this.listener = listener;
    this.log = log;
  }

  /** Renames a box as {@link Boxes#rename} does. */
  void run(BoxId box, BoxId newName) {
    // Both names: an operation that creates a box of the new name would fail at its commit.
    ImmutableSet<BoxId> names = ImmutableSet.of(box, newName);
    boolean unused =
        records.<Boolean>change(
            intent -> UnclaimedRecords.claimOn(intent, names), tx -> rename(tx, box, newName));
    listener.on(new Event.BoxRenamed(box, newName));
  }

  private boolean rename(StoreTransaction tx, BoxId box, BoxId newName) {
    RegisteredBoxes.require(tx, box);
    if (tx.boxes().find(newName).isPresent()) {
      throw new AlreadyExistsException(
          "box " + newName + " exists already", new Remedy.ChooseBoxName(newName.value()));
    }
    tx.boxes().rename(box, newName);
    log.append(tx, LoggedChange.of(LogEvent.BOX_RENAMED).on(box, newName));
    return true;
  }
}
