package io.basedisk.domain.testing;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.port.LayerRecords;
import java.util.Collection;
import java.util.Optional;

/** The bases as layers in an {@link InMemoryTransaction}. */
final class InMemoryLayers implements LayerRecords {

  private final InMemoryTransaction transaction;

  InMemoryLayers(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<ChainId> findChainId(BaseDiskId base) {
    return Optional.ofNullable(transaction.state().chainIds.get(base));
  }

  @Override
  public ImmutableList<BaseDisk> listByChainId(ChainId chain) {
    return InMemoryBases.newestFirst(
        transaction.state().bases.values(),
        BaseDisk::createdAt,
        base -> chain.equals(transaction.state().chainIds.get(base.id())));
  }

  @Override
  public ImmutableList<Chunk> listChunks(BaseDiskId base) {
    return transaction.state().chunks.getOrDefault(base, ImmutableList.of());
  }

  @Override
  public void putChainId(BaseDiskId base, ChainId chain) {
    transaction.change(
        () -> {
          requireDigest(base);
          return transaction.state().chainIds.put(base, chain);
        });
  }

  @Override
  public void putChunks(BaseDiskId base, ImmutableList<Chunk> chunks) {
    transaction.change(
        () -> {
          requireDigest(base);
          return transaction.state().chunks.put(base, chunks);
        });
  }

  private void requireDigest(BaseDiskId base) {
    transaction.bases().checkExists(base);
    BaseFingerprint fingerprint = transaction.state().fingerprints.get(base);
    Preconditions.checkArgument(
        fingerprint != null && fingerprint.digest() != null, "base %s has no digest", base);
  }

  /** Forgets all that follows from the digests of deleted bases. */
  void forget(Collection<BaseDiskId> bases) {
    transaction.state().chainIds.keySet().removeAll(bases);
    transaction.state().chunks.keySet().removeAll(bases);
  }

  /** Forgets the chain ids of a base and of all that are above it. */
  void forgetChainIds(BaseDiskId base) {
    boolean had = transaction.state().chainIds.remove(base) != null;
    if (had) {
      transaction.bases().listChildren(base).forEach(child -> forgetChainIds(child.id()));
    }
  }
}
