package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.compact.Compactions.Compacted;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.BaseDiskStore;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.inject.Inject;

/** Compacts, or plans to compact, all boxes of the home. Thread-safe. */
final class CompactAll {

  private final BaseDiskStore store;

  @Inject
  CompactAll(BaseDiskStore store) {
    this.store = store;
  }

  /** Compacts a box, or plans to. */
  @FunctionalInterface
  interface Treatment {
    Outcome of(BoxId box);
  }

  /**
   * Treats one box after the other, and skips a box if its treatment fails.
   *
   * @throws StorageException if the store fails
   * @throws InterruptedOperationException if the thread is interrupted
   */
  FleetOutcome run(Treatment treatment) {
    ImmutableList.Builder<Compacted> compacted = ImmutableList.builder();
    Map<BoxId, String> skipped = new LinkedHashMap<>();
    for (Box box : store.read(view -> view.boxes().list())) {
      InterruptedOperationException.throwIfInterrupted(
          () -> "the compaction of all boxes was interrupted before box " + box.id());
      try {
        Outcome outcome = treatment.of(box.id());
        if (outcome instanceof Compacted done) {
          compacted.add(done);
        } else if (outcome instanceof Left left
            && !(left.reason() instanceof LeaveReason.ShortEnough)) {
          skipped.put(box.id(), left.reason().describe());
        }
      } catch (HomeUnusableException noBoxCanBe) {
        throw noBoxCanBe;
      } catch (RefusedException | InvalidImageException | NotFoundException e) {
        skipped.put(box.id(), String.valueOf(e.getMessage()));
      } catch (StorageException e) {
        // If the store has failed, this fails too and ends the loop.
        store.read(view -> view.boxes().find(box.id()));
        skipped.put(box.id(), String.valueOf(e.getMessage()));
      }
    }
    return new FleetOutcome(compacted.build(), ImmutableMap.copyOf(skipped));
  }
}
