package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.CreateBoxesProtocol;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import io.basedisk.domain.protocol.Operations;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Creates boxes with new disks: empty disks, or overlays of a base. Thread-safe. */
public final class NewBoxes {

  private final Operations operations;
  private final CreateBoxesProtocol creation;
  private final BaseInspection inspection;
  private final NewBoxNames names;

  @Inject
  NewBoxes(
      Operations operations,
      CreateBoxesProtocol creation,
      BaseInspection inspection,
      NewBoxNames names) {
    this.operations = operations;
    this.creation = creation;
    this.inspection = inspection;
    this.names = names;
  }

  /**
   * Creates boxes in this home, all or none, and returns the operation.
   *
   * @param boxes their ids
   * @param disks what their disks are
   * @param progress receives the number of boxes that have their disks
   * @return the id of the operation
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; no
   *     box is created then
   */
  @CanIgnoreReturnValue
  public OperationId create(ImmutableList<BoxId> boxes, NewDisks disks, Progress progress) {
    return create(boxes, disks, progress, tx -> {});
  }

  @CanIgnoreReturnValue
  private OperationId create(
      ImmutableList<BoxId> boxes,
      NewDisks disks,
      Progress progress,
      Consumer<? super StoreTransaction> alongside) {
    CreateBoxesIntent intent = creation.plan(boxes, disks);
    operations.perform(
        intent,
        tx -> {
          names.requireFree(tx, intent.newBoxes());
          alongside.accept(tx);
        },
        () -> creation.run(intent, disks, progress));
    return intent.id();
  }

  /**
   * Creates a box whose disk is an empty overlay of a base, and returns the operation.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees, not less than the base's; null for the base's
   * @param owner the owner of the disk; null for the user of this process
   * @param alongside records or checks more in the transaction that commits the intent
   * @return the id of the operation
   */
  @CanIgnoreReturnValue
  public OperationId createOnBase(
      BoxId box,
      BaseDisk base,
      @Nullable ByteSize virtualSize,
      @Nullable FileOwner owner,
      Consumer<? super StoreTransaction> alongside) {
    inspection.requireIntact(base.id());
    ByteSize size = sizeOf("base " + base.id(), base.diskInfo().containerDiskBytes(), virtualSize);
    return create(
        ImmutableList.of(box), new NewDisks(base, size, null, owner), Progress.NONE, alongside);
  }

  static ByteSize sizeOf(String what, long least, @Nullable ByteSize wanted) {
    ByteSize size = wanted == null ? new ByteSize(least) : wanted.roundedUpTo(ByteSize.SECTOR);
    if (size.bytes() < least) {
      throw new InvalidArgumentException(
          "invalid size " + size + ": " + what + " is larger, " + least + " bytes");
    }
    return size;
  }
}
