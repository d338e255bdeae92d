package io.basedisk.domain.testing;

import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.HomeRecords;
import java.nio.file.Path;
import java.util.Optional;

/** The records of the home as a whole in an {@link InMemoryTransaction}. */
final class InMemoryHome implements HomeRecords {

  private final InMemoryTransaction transaction;

  InMemoryHome(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<HomeIdentity> findIdentity() {
    return Optional.ofNullable(transaction.state().identity);
  }

  @Override
  public long writeNumber() {
    return transaction.state().writeNumber;
  }

  @Override
  public Optional<Relocation> findRelocation() {
    return Optional.ofNullable(transaction.state().relocation);
  }

  @Override
  public Optional<UnknownUsePolicy> findUnknownUsePolicy() {
    return Optional.ofNullable(transaction.state().unknownUsePolicy);
  }

  @Override
  public void putIdentity(HomeIdentity identity) {
    transaction.change(
        () -> {
          transaction.state().identity = identity;
          return identity;
        });
  }

  @Override
  public long countWrite(long least) {
    return transaction.change(
        () -> {
          transaction.state().writeNumber = Math.max(transaction.state().writeNumber + 1, least);
          return transaction.state().writeNumber;
        });
  }

  @Override
  public void insertRelocation(Relocation relocation) {
    transaction.change(
        () -> {
          if (transaction.state().relocation != null) {
            throw new BusyException("the home", transaction.state().relocation.operation().value());
          }
          transaction.state().relocation = relocation;
          return relocation;
        });
  }

  @Override
  public void deleteRelocation() {
    transaction.change(
        () -> {
          transaction.state().relocation = null;
          return true;
        });
  }

  @Override
  public void movePaths(Path from, Path to) {
    transaction.change(
        () -> {
          new MovedPaths(from, to).applyTo(transaction.state());
          return true;
        });
  }

  @Override
  public void decideUnknownUsePolicy(UnknownUsePolicy decision) {
    transaction.change(
        () -> {
          UnknownUsePolicy made = transaction.state().unknownUsePolicy;
          if (made != null && made != decision) {
            throw new RefusedException("it was decided already to " + made.label());
          }
          transaction.state().unknownUsePolicy = decision;
          return decision;
        });
  }
}
