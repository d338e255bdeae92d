package io.basedisk.domain.model;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why a base is kept. */
public sealed interface KeepReason {

  /** Maximum number of boxes or bases that a description names, before it adds "and others". */
  int MAX_NAMED = 10;

  /** {@return the reason as a clause for a message: {@code it is a snapshot}} */
  String describe();

  /**
   * The base is a snapshot, which only a user removes.
   *
   * @param box the box
   * @param name name of the snapshot; null if it has none
   */
  record IsSnapshot(BoxId box, @Nullable SnapshotName name) implements KeepReason {
    @Override
    public String describe() {
      return "it is " + (name == null ? "a snapshot" : "the snapshot " + name) + " of box " + box;
    }
  }

  /**
   * The base is an entry of the rootfs cache.
   *
   * @param key the entry's key
   */
  record IsRootfs(RootfsKey key) implements KeepReason {
    @Override
    public String describe() {
      return "it is the rootfs " + key;
    }
  }

  /**
   * Disks of boxes need the base.
   *
   * @param boxes the boxes, at least one; not all of them if there are many
   */
  record ReferencedBy(ImmutableList<BoxId> boxes) implements KeepReason {
    @Override
    public String describe() {
      return "needed by " + (boxes.size() == 1 ? "box " : "boxes ") + someOf(boxes);
    }
  }

  /**
   * Other bases need the base.
   *
   * @param children the bases, at least one; not all of them if there are many
   */
  record ParentOf(ImmutableList<BaseDiskId> children) implements KeepReason {
    @Override
    public String describe() {
      return "needed by " + (children.size() == 1 ? "base " : "bases ") + someOf(children);
    }
  }

  private static String someOf(ImmutableList<?> holders) {
    return holders.size() <= MAX_NAMED
        ? Joiner.on(", ").join(holders)
        : Joiner.on(", ").join(holders.subList(0, MAX_NAMED)) + " and others";
  }

  /**
   * A running operation needs the base.
   *
   * @param operation the operation
   */
  record NamedByIntent(OperationId operation) implements KeepReason {
    @Override
    public String describe() {
      return "needed by operation " + operation + ", which is under way";
    }
  }

  /**
   * A file backs onto the base, although the store has no record of that.
   *
   * @param file the file
   */
  record BackedOntoBy(Path file) implements KeepReason {
    @Override
    public String describe() {
      return "the header of " + file + " names it as backing file";
    }
  }

  /**
   * A hold keeps the base until it is released.
   *
   * @param hold the hold
   */
  record Held(Hold hold) implements KeepReason {

    @Override
    public String describe() {
      String reason =
          switch (hold.reason()) {
            case FORGOTTEN_BOX -> "the disk " + hold.path() + " of a forgotten box";
            case REBUILT -> "the rebuild of the store";
            case IMPORTED -> "an import that did not complete";
          };
      return "held for " + reason + " until it is released";
    }
  }

  /**
   * The base's file is foreign: basedisk did not create it and never deletes it.
   *
   * @param file the file
   */
  record IsForeign(Path file) implements KeepReason {

    @Override
    public String describe() {
      return file
          + " was not made by this home and is never deleted; nothing depends on it, so it can be given back";
    }
  }

  /**
   * The recorded file is not the base's file in the bases directory, so it is not deleted.
   *
   * @param file the recorded file
   */
  record IsOutside(Path file) implements KeepReason {

    @Override
    public String describe() {
      return "its record names " + file + ", which is not its file in the bases directory";
    }
  }

  /**
   * The base's file is missing and its directory is empty: the file system may not be mounted.
   *
   * @param file the file
   */
  record IsAway(Path file) implements KeepReason {

    @Override
    public String describe() {
      return file + " is missing in an empty directory; its file system may not be mounted";
    }
  }

  /**
   * A process has the base's file open.
   *
   * @param who the process, as a clause: {@code open in process 42 (qemu-system-x86)}
   */
  record OpenIn(String who) implements KeepReason {
    @Override
    public String describe() {
      return who;
    }
  }

  /**
   * {@return whether the store makes the base collect-pending again when this reason ends} If so,
   * the collector need not examine the base until then.
   */
  default boolean endsWithNotice() {
    return !(this instanceof NamedByIntent
        || this instanceof BackedOntoBy
        || this instanceof IsAway
        || this instanceof OpenIn);
  }
}
