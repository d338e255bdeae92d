package io.basedisk.domain.model;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why a base stays. */
public sealed interface KeepReason {

  /** As many of those who need a base are named; that there are more is said. */
  int MOST_NAMED = 10;

  /** Returns the reason as a clause for people: {@code it is a snapshot}. */
  String describe();

  /** It is a user's snapshot, which only its removal takes away. */
  record IsSnapshot(BoxId box, @Nullable SnapshotName name) implements KeepReason {
    @Override
    public String describe() {
      return "it is " + (name == null ? "a snapshot" : "the snapshot " + name) + " of box " + box;
    }
  }

  /** It is an entry of the rootfs cache. */
  record IsRootfs(SnapshotName key) implements KeepReason {
    @Override
    public String describe() {
      return "it is the rootfs " + key;
    }
  }

  /**
   * Disks of these boxes need it.
   *
   * @param boxes one or more of them, of many only some
   */
  record ReferencedBy(ImmutableList<BoxId> boxes) implements KeepReason {
    @Override
    public String describe() {
      return "needed by " + (boxes.size() == 1 ? "box " : "boxes ") + someOf(boxes);
    }
  }

  /**
   * These bases stand on it.
   *
   * @param children one or more of them, of many only some
   */
  record ParentOf(ImmutableList<BaseDiskId> children) implements KeepReason {
    @Override
    public String describe() {
      return "needed by " + (children.size() == 1 ? "base " : "bases ") + someOf(children);
    }
  }

  private static String someOf(ImmutableList<?> holders) {
    return holders.size() <= MOST_NAMED
        ? Joiner.on(", ").join(holders)
        : Joiner.on(", ").join(holders.subList(0, MOST_NAMED)) + " and others";
  }

  /** An operation that is under way needs it. */
  record NamedByIntent(OperationId operation) implements KeepReason {
    @Override
    public String describe() {
      return "needed by operation " + operation + ", which is under way";
    }
  }

  /** The header of a file says that it backs onto it, though the store does not know. */
  record BackedOntoBy(Path file) implements KeepReason {
    @Override
    public String describe() {
      return "the header of " + file + " says that it backs onto it";
    }
  }

  /** A hold keeps it until it is released. */
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

  /** Its file is foreign: it was there before basedisk, which never deletes it. */
  record IsForeign(Path file) implements KeepReason {

    @Override
    public String describe() {
      return file + " was not made by this home and is never deleted; nothing depends on it now";
    }
  }

  /** Its file is not where the home keeps its bases, so it is not deleted. */
  record IsOutside(Path file) implements KeepReason {

    @Override
    public String describe() {
      return "its record names " + file + ", which is not its file in the bases directory";
    }
  }

  /** Its file is missing in an empty directory: the file system may not be mounted. */
  record IsAway(Path file) implements KeepReason {

    @Override
    public String describe() {
      return file + " is missing in an empty directory; its file system may not be mounted";
    }
  }

  /** A process has its file open. */
  record OpenIn(String who) implements KeepReason {
    @Override
    public String describe() {
      return who;
    }
  }

  /**
   * Returns whether this reason ends with a change of the store that notes the base for collection
   * again, so that it need not be looked at until then.
   */
  default boolean endsWithNotice() {
    return !(this instanceof NamedByIntent
        || this instanceof BackedOntoBy
        || this instanceof IsAway
        || this instanceof OpenIn);
  }
}
