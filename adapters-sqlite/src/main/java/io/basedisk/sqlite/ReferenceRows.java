package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static org.jooq.impl.DSL.excluded;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.ReferenceRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;

/** The records of references, from each disk of a box to its base: table {@code box_references}. */
final class ReferenceRows implements ReferenceRecords {

  private static final HotStatement OF_BOX =
      new HotStatement(
          (sql, values) ->
              references(sql, BOX_REFERENCES.BOX_ID.eq(values.of(BOX_REFERENCES.BOX_ID))));
  private static final HotStatement PUT =
      new HotStatement(
          (sql, values) ->
              values
                  .into(
                      sql,
                      BOX_REFERENCES,
                      BOX_REFERENCES.BOX_ID,
                      BOX_REFERENCES.SLOT,
                      BOX_REFERENCES.BASE_ID)
                  .onConflict(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT)
                  .doUpdate()
                  .set(BOX_REFERENCES.BASE_ID, excluded(BOX_REFERENCES.BASE_ID)));

  private final Session session;

  ReferenceRows(Session session) {
    this.session = session;
  }

  @Override
  public ImmutableList<Reference> list() {
    return session.list(references(session.sql(), DSL.noCondition()), row -> toReference(row::get));
  }

  @Override
  public ImmutableList<Reference> listTo(BaseDiskId base) {
    return session.list(
        references(session.sql(), BOX_REFERENCES.BASE_ID.eq(base.value())),
        row -> toReference(row::get));
  }

  @Override
  public ImmutableList<BoxId> listDependents(BaseDiskId base, int limit) {
    return session.list(
        session
            .sql()
            .selectDistinct(BOX_REFERENCES.BOX_ID)
            .from(BOX_REFERENCES)
            .where(BOX_REFERENCES.BASE_ID.eq(base.value()))
            .orderBy(BOX_REFERENCES.BOX_ID)
            .limit(limit),
        row -> new BoxId(row.value1()));
  }

  @Override
  public ImmutableList<Reference> listOf(BoxId box) {
    return session.list(
        OF_BOX.with(BOX_REFERENCES.BOX_ID, box.value()), ReferenceRows::toReference);
  }

  private static ResultQuery<?> references(DSLContext sql, Condition condition) {
    // The labels of the slots sort in the order of the slots.
    return sql.selectFrom(BOX_REFERENCES)
        .where(condition)
        .orderBy(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT);
  }

  private static Reference toReference(StoredRow row) {
    return new Reference(
        new BaseDiskId(row.get(BOX_REFERENCES.BASE_ID)),
        new BoxId(row.get(BOX_REFERENCES.BOX_ID)),
        DiskSlot.ofLabel(row.get(BOX_REFERENCES.SLOT)));
  }

  @Override
  public void put(Reference reference) {
    session.change(
        () -> {
          try {
            session.run(
                PUT.with(BOX_REFERENCES.BOX_ID, reference.box().value())
                    .with(BOX_REFERENCES.SLOT, reference.slot().label())
                    .with(BOX_REFERENCES.BASE_ID, reference.base().value()));
          } catch (ConstraintViolation e) {
            new BaseConflicts(session).checkExists(reference.base());
            if (!session.sql().fetchExists(BOXES, BOXES.ID.eq(reference.box().value()))) {
              throw new NotFoundException("no box " + reference.box());
            }
            throw e;
          }
        });
  }

  @Override
  public void delete(BoxId box, DiskSlot slot) {
    session.change(
        () -> {
          session
              .sql()
              .deleteFrom(BOX_REFERENCES)
              .where(BOX_REFERENCES.BOX_ID.eq(box.value()))
              .and(BOX_REFERENCES.SLOT.eq(slot.label()))
              .execute();
        });
  }

  @Override
  public ImmutableList<BaseDiskId> deleteOf(BoxId box) {
    return session.compute(
        () -> {
          ImmutableList<Reference> references = listOf(box);
          session
              .sql()
              .deleteFrom(BOX_REFERENCES)
              .where(BOX_REFERENCES.BOX_ID.eq(box.value()))
              .execute();
          return references.stream()
              .map(Reference::base)
              .collect(ImmutableSortedSet.toImmutableSortedSet(BaseDiskId::compareTo))
              .asList();
        });
  }
}
