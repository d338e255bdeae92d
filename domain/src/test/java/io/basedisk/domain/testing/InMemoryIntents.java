package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.IntentRecords;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The intents in an {@link InMemoryTransaction}. */
final class InMemoryIntents implements IntentRecords {

  private final InMemoryTransaction transaction;

  InMemoryIntents(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<Intent> find(OperationId id) {
    return Optional.ofNullable(transaction.state().intents.get(id));
  }

  @Override
  public ImmutableList<Intent> list() {
    return ImmutableList.copyOf(transaction.state().intents.values());
  }

  @Override
  public ImmutableList<OperationId> listNaming(BaseDiskId base) {
    return transaction.state().intents.values().stream()
        .filter(intent -> intent.bases().contains(base))
        .map(Intent::id)
        .collect(toImmutableList());
  }

  @Override
  public void insert(Intent intent) {
    transaction.change(
        () -> {
          if (find(intent.id()).isPresent()) {
            throw new AlreadyExistsException("operation " + intent.id() + " exists already");
          }
          checkNothingTwice(intent);
          transaction.state().intents.values().forEach(other -> checkNoClaimOf(other, intent));
          intent
              .plannedBase()
              .ifPresent(planned -> transaction.bases().checkNew(planned.id(), planned.path()));
          intent.bases().forEach(transaction.bases()::checkExists);
          return transaction.state().intents.put(intent.id(), intent);
        });
  }

  @Override
  public void keepBase(OperationId id, BaseDiskId base) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(base);
          Intent intent = find(id).orElseThrow(() -> new NotFoundException("no operation " + id));
          if (!(intent instanceof ImportArtifactIntent importing)) {
            throw new IllegalArgumentException("operation " + id + " is no import");
          }
          return transaction.state().intents.put(id, importing.keeping(base));
        });
  }

  @Override
  public void delete(OperationId id) {
    transaction.change(() -> transaction.state().intents.remove(id));
  }

  private static void checkNothingTwice(Intent intent) {
    if (hasDuplicates(intent.boxes(), BoxClaim::box)
        || hasDuplicates(intent.disks(), DiskClaim::identity)) {
      throw new AlreadyExistsException("operation " + intent.id() + " names a box or disk twice");
    }
  }

  private static void checkNoClaimOf(Intent other, Intent intent) {
    for (BoxClaim claim : intent.boxes()) {
      for (BoxClaim held : other.boxes()) {
        checkFree(claim.box().equals(held.box()), "box " + claim.box(), other);
      }
    }
    for (DiskClaim claim : intent.disks()) {
      for (DiskClaim held : other.disks()) {
        checkFree(claim.identity().equals(held.identity()), "" + claim.path(), other);
      }
    }
    PlannedBase planned = intent.plannedBase().orElse(null);
    PlannedBase held = other.plannedBase().orElse(null);
    if (planned != null && held != null) {
      checkFree(planned.id().equals(held.id()), "base " + planned.id(), other);
      checkFree(Objects.equals(planned.path(), held.path()), "" + planned.path(), other);
      checkFree(
          planned.name() != null
              && planned.name().equals(held.name())
              && planned.sourceBoxId().equals(held.sourceBoxId()),
          "name " + planned.name(),
          other);
    }
  }

  private static void checkFree(boolean claimed, String what, Intent holder) {
    if (claimed) {
      throw new BusyException(what, holder.id().value());
    }
  }

  private static <T> boolean hasDuplicates(Collection<T> claims, Function<T, Object> key) {
    return claims.stream().map(key).distinct().count() < claims.size();
  }
}
