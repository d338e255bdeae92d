package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.StoreView;
import java.util.HashMap;
import java.util.Map;

/**
 * The bases and boxes that a log says there are. An entry is there if and only if its change is, so
 * they agree with the records, however an operation ended. What no entry names is not looked at: a
 * test may have recorded it without an operation.
 */
final class LoggedRecords {

  private final Map<BaseDiskId, Boolean> bases = new HashMap<>();
  private final Map<BoxId, Boolean> boxes = new HashMap<>();

  private LoggedRecords() {}

  /** Checks that the log and the records agree. */
  static void check(StoreView view) {
    LoggedRecords logged = new LoggedRecords();
    for (LogEntry entry : view.log().list(LogFilter.ALL)) {
      logged.read(entry.change());
    }
    logged.bases.forEach(
        (base, isThere) ->
            assertEquals(
                isThere,
                view.bases().find(base).isPresent(),
                () -> "the log has base " + base + ": " + view.log().list(LogFilter.ALL)));
    logged.boxes.forEach(
        (box, isThere) ->
            assertEquals(
                isThere,
                view.boxes().find(box).isPresent(),
                () -> "the log has box " + box + ": " + view.log().list(LogFilter.ALL.on(box))));
  }

  private void read(LoggedChange change) {
    switch (change.event()) {
      case FORKED,
          COPIED,
          ROOTFS_ADDED,
          BASE_ADOPTED,
          BASE_RECORDED,
          LAYER_IMPORTED,
          SNAPSHOT_IMPORTED ->
          bases.put(change.base(), true);
      case COLLECTED, BASE_REMOVED, GIVEN_BACK -> bases.put(change.base(), false);
      case BOX_CREATED, BOX_REGISTERED, BOX_ADOPTED, BOX_IMPORTED ->
          change.boxes().forEach(box -> boxes.put(box, true));
      case BOX_REMOVED, BOX_FORGOTTEN -> change.boxes().forEach(box -> boxes.put(box, false));
      case BOX_RENAMED -> {
        boxes.put(change.boxes().get(0), false);
        boxes.put(change.boxes().get(1), true);
      }
      case RELOCATED -> change.boxes().forEach(box -> boxes.put(box, false));
      // A repair drops the record of a base that has no file.
      case REPAIRED -> bases.remove(change.base());
      default -> {}
    }
  }
}
