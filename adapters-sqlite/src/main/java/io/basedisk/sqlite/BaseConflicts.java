package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.sqlite.jooq.tables.Bases;
import java.nio.file.Path;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Record2;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;

/**
 * Finds the error to report after the schema refused a change that names bases. Runs only after a
 * refusal.
 */
final class BaseConflicts {

  private static final Bases CHILD = BASES.as("child");

  private final Session session;

  BaseConflicts(Session session) {
    this.session = session;
  }

  /**
   * Checks that the id and the file of a new base are free. A base that is being deleted still has
   * both.
   *
   * @throws AlreadyExistsException if another base has one of them
   */
  void checkNew(BaseDiskId id, Path path) {
    String file = PathText.of(path);
    if (session.sql().fetchExists(BASES, BASES.ID.eq(id.value()))) {
      throw new AlreadyExistsException("base " + id + " exists already");
    }
    if (session.sql().fetchExists(DELETING_BASES, DELETING_BASES.ID.eq(id.value()))) {
      throw new AlreadyExistsException("base " + id + " is being deleted");
    }
    if (session.sql().fetchExists(BASES, BASES.BASE_PATH.eq(file))) {
      throw new AlreadyExistsException(path + ": is the file of another base");
    }
    if (session.sql().fetchExists(DELETING_BASES, DELETING_BASES.BASE_PATH.eq(file))) {
      throw new AlreadyExistsException(path + ": is the file of a base that is being deleted");
    }
  }

  /**
   * Checks that a base is recorded. Null passes.
   *
   * @throws NotFoundException if the base is not recorded
   */
  void checkExists(@Nullable BaseDiskId id) {
    if (id != null && !session.sql().fetchExists(BASES, BASES.ID.eq(id.value()))) {
      throw new NotFoundException("no base " + id);
    }
  }

  /**
   * Checks that a name is free among the bases of a source box. Null passes.
   *
   * @throws AlreadyExistsException if another base has one of them
   */
  void checkNameIsFree(BoxId sourceBox, @Nullable BaseName name) {
    if (name != null && isTaken(sourceBox, name)) {
      throw new AlreadyExistsException(
          sourceBox.equals(BoxId.GLOBAL)
              ? "rootfs " + name + " exists already"
              : "box " + sourceBox + " has a base called " + name + " already");
    }
  }

  private boolean isTaken(BoxId sourceBox, BaseName name) {
    return session
        .sql()
        .fetchExists(
            BASES, BASES.SOURCE_BOX_ID.eq(sourceBox.value()).and(BASES.NAME.eq(name.value())));
  }

  /**
   * Checks that no record needs one of the doomed bases, except another doomed base.
   *
   * @throws RefusedException if a record needs one
   */
  void checkUnneeded(Function<Bases, Condition> doomed) {
    Condition isDoomed = doomed.apply(BASES);
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, BOX_REFERENCES.BOX_ID)
            .from(BASES)
            .join(BOX_REFERENCES)
            .on(BOX_REFERENCES.BASE_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "box %s");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, CHILD.ID)
            .from(BASES)
            .join(CHILD)
            .on(CHILD.PARENT_ID.eq(BASES.ID))
            .where(isDoomed.andNot(doomed.apply(CHILD)))
            .limit(1),
        "base %s");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, DELETING_BASES.ID)
            .from(BASES)
            .join(DELETING_BASES)
            .on(DELETING_BASES.PARENT_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "base %s, which is being deleted");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, INTENT_BASES.INTENT_ID.cast(String.class))
            .from(BASES)
            .join(INTENT_BASES)
            .on(INTENT_BASES.BASE_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "operation %s");
  }

  private void refuseIfAny(Select<Record2<String, String>> baseAndHolder, String holder) {
    for (Record2<String, String> row : session.sql().fetch(baseAndHolder)) {
      throw new RefusedException(
          "base " + row.value1() + " is needed by " + String.format(holder, row.value2()));
    }
  }
}
