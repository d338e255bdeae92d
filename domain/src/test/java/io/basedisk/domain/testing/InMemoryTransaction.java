package io.basedisk.domain.testing;

import com.google.common.base.Preconditions;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.port.StoreTransaction;
import java.util.function.Supplier;

/**
 * A transaction of an {@link InMemoryBaseDiskStore}: to read, on the committed state; to write, on
 * a state of its own.
 */
final class InMemoryTransaction implements StoreTransaction, AutoCloseable {

  private final InMemoryState state;
  private final Thread owner = Thread.currentThread();
  private final InMemoryBases bases = new InMemoryBases(this);
  private final InMemoryLayers layers = new InMemoryLayers(this);
  private final InMemoryRootfs rootfs = new InMemoryRootfs(this);
  private final InMemoryBoxes boxes = new InMemoryBoxes(this);
  private final InMemoryReferences references = new InMemoryReferences(this);
  private final InMemoryIntents intents = new InMemoryIntents(this);
  private final InMemoryPendingDeletes pendingDeletes = new InMemoryPendingDeletes(this);
  private final InMemoryHolds holds = new InMemoryHolds(this);
  private final InMemoryHome home = new InMemoryHome(this);
  private final InMemoryLog log = new InMemoryLog(this);
  private boolean closed;
  private RuntimeException failure;

  InMemoryTransaction(InMemoryState state) {
    this.state = state;
  }

  @Override
  public InMemoryBases bases() {
    return bases;
  }

  @Override
  public InMemoryLayers layers() {
    return layers;
  }

  @Override
  public InMemoryRootfs rootfs() {
    return rootfs;
  }

  @Override
  public InMemoryBoxes boxes() {
    return boxes;
  }

  @Override
  public InMemoryReferences references() {
    return references;
  }

  @Override
  public InMemoryIntents intents() {
    return intents;
  }

  @Override
  public InMemoryPendingDeletes pendingDeletes() {
    return pendingDeletes;
  }

  @Override
  public InMemoryHolds holds() {
    return holds;
  }

  @Override
  public InMemoryHome home() {
    return home;
  }

  @Override
  public InMemoryLog log() {
    return log;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Returns the state, to the one thread that may see it and while it may. */
  InMemoryState state() {
    checkUsable();
    return state;
  }

  /** Makes a change; if that fails, the transaction is of no use any more. */
  @CanIgnoreReturnValue
  <T> T change(Supplier<T> change) {
    checkUsable();
    try {
      return change.get();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void checkUsable() {
    Preconditions.checkState(!closed, "the transaction has ended");
    Preconditions.checkState(
        Thread.currentThread() == owner, "the transaction belongs to another thread");
    if (failure != null) {
      throw new IllegalStateException("the transaction has failed before", failure);
    }
  }
}
