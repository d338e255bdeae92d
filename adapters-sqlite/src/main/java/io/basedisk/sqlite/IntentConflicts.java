package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.INTENTS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BOXES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_DISKS;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import org.jooq.Condition;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.TableField;

/** Finds the error to report after the schema refused an intent. Runs only after a refusal. */
final class IntentConflicts {

  private final Session session;
  private final BaseConflicts bases;

  IntentConflicts(Session session) {
    this.session = session;
    this.bases = new BaseConflicts(session);
  }

  /**
   * {@return the reason why an intent could not be inserted, or {@code violation} if it finds none}
   *
   * @throws BusyException if another intent claims a box, disk, base or name of this one
   * @throws AlreadyExistsException if its planned base is recorded already
   * @throws io.basedisk.domain.error.NotFoundException if a base that it names is not recorded
   */
  RuntimeException explain(Intent intent, ConstraintViolation violation) {
    for (BoxClaim box : intent.boxes()) {
      checkUnclaimed(
          intent,
          "box " + box.box(),
          INTENT_BOXES.INTENT_ID,
          INTENT_BOXES.BOX_ID.eq(box.box().value()));
    }
    for (DiskClaim disk : intent.disks()) {
      checkUnclaimed(
          intent,
          disk.path().toString(),
          INTENT_DISKS.INTENT_ID,
          INTENT_DISKS
              .DEVICE
              .eq(disk.identity().device())
              .and(INTENT_DISKS.INODE.eq(disk.identity().inode())));
    }
    PlannedBase planned = intent.plannedBase().orElse(null);
    if (planned != null) {
      checkUnclaimed(
          intent, "base " + planned.id(), INTENTS.ID, INTENTS.PLANNED_ID.eq(planned.id().value()));
      checkUnclaimed(
          intent,
          planned.path().toString(),
          INTENTS.ID,
          INTENTS.PLANNED_PATH.eq(PathText.of(planned.path())));
      if (planned.name() != null) {
        checkUnclaimed(
            intent,
            "name " + planned.name(),
            INTENTS.ID,
            INTENTS
                .PLANNED_SOURCE_BOX_ID
                .eq(planned.sourceBoxId().value())
                .and(INTENTS.PLANNED_NAME.eq(planned.name().value())));
      }
      bases.checkNew(planned.id(), planned.path());
    }
    intent.bases().forEach(base -> bases.checkExists(base));
    if (namesSomethingTwice(intent)) {
      return new AlreadyExistsException("operation " + intent.id() + " names a box or disk twice");
    }
    return violation;
  }

  private void checkUnclaimed(
      Intent intent, String what, TableField<?, Long> holder, Condition claimed) {
    Select<Record1<Long>> holders =
        session
            .sql()
            .select(holder)
            .from(holder.getTable())
            .where(claimed.and(holder.ne(intent.id().value())));
    for (Record1<Long> other : session.sql().fetch(holders)) {
      throw new BusyException(what, other.value1());
    }
  }

  private static boolean namesSomethingTwice(Intent intent) {
    return intent.boxes().stream().map(BoxClaim::box).distinct().count() < intent.boxes().size()
        || intent.disks().stream().map(DiskClaim::identity).distinct().count()
            < intent.disks().size();
  }
}
