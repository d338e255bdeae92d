package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.ReferenceRecords;
import java.util.function.Predicate;

/** The references of boxes to bases in an {@link InMemoryTransaction}. */
final class InMemoryReferences implements ReferenceRecords {

  private final InMemoryTransaction transaction;

  InMemoryReferences(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public ImmutableList<Reference> list() {
    return ImmutableList.copyOf(transaction.state().references.values());
  }

  @Override
  public ImmutableList<Reference> listTo(BaseDiskId base) {
    return references(reference -> reference.base().equals(base));
  }

  @Override
  public ImmutableList<Reference> listOf(BoxId box) {
    return references(reference -> reference.box().equals(box));
  }

  @Override
  public ImmutableList<BoxId> listDependents(BaseDiskId base, int limit) {
    return listDependents(base).stream().limit(limit).collect(toImmutableList());
  }

  @Override
  public void put(Reference reference) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(reference.base());
          if (transaction.boxes().find(reference.box()).isEmpty()) {
            throw new NotFoundException("no box " + reference.box());
          }
          return transaction
              .state()
              .references
              .put(new InMemoryState.Seat(reference.box(), reference.slot()), reference);
        });
  }

  @Override
  public void delete(BoxId box, DiskSlot slot) {
    transaction.change(
        () -> transaction.state().references.remove(new InMemoryState.Seat(box, slot)));
  }

  @Override
  public ImmutableList<BaseDiskId> deleteOf(BoxId box) {
    return transaction.change(
        () -> {
          ImmutableList<BaseDiskId> bases =
              listOf(box).stream()
                  .map(Reference::base)
                  .distinct()
                  .sorted()
                  .collect(toImmutableList());
          transaction.state().references.keySet().removeIf(seat -> seat.box().equals(box));
          return bases;
        });
  }

  private ImmutableList<Reference> references(Predicate<Reference> filter) {
    return transaction.state().references.values().stream()
        .filter(filter)
        .collect(toImmutableList());
  }
}
