package io.basedisk.domain.doctor;

import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What mends a finding. A repair applies the {@link #isAutomatic automatic} ones, which lose
 * nothing; the others are for a person.
 */
public sealed interface Remedy {

  /** Returns what is done, as an instruction for people. */
  String describe();

  /** Returns whether it can lose anything. */
  default boolean isLossy() {
    return false;
  }

  /** Returns whether a repair applies it. */
  default boolean isAutomatic() {
    return true;
  }

  /** A remedy that a repair leaves to a person. */
  sealed interface ForPerson extends Remedy {
    @Override
    default boolean isAutomatic() {
      return false;
    }
  }

  // What a repair does.

  /** Take from a file or directory what it permits beyond {@code most}, permission bits. */
  record LimitPermissions(Path path, int most) implements Remedy {
    @Override
    public String describe() {
      return String.format("take away what it permits beyond %04o", most);
    }
  }

  /** Record the parent that the header names. */
  record SetParent(BaseDiskId base, @Nullable BaseDiskId parent) implements Remedy {
    @Override
    public String describe() {
      return parent == null ? "record that it has no parent" : "record the parent " + parent;
    }
  }

  /** Record the base that a disk stands on by its header. */
  record SetReference(BoxId box, DiskSlot slot, @Nullable BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return base == null
          ? "record that the disk stands on no base"
          : "record that the disk stands on base " + base;
    }
  }

  /** Drop the record of a clone base that has no file and that nothing needs. */
  record DropRecord(BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return "drop the record, which nothing needs";
    }
  }

  /** Drop the note that a base is to be deleted; the file that it names stays. */
  record DropDeleting(BaseDiskId base) implements Remedy {
    @Override
    public String describe() {
      return "drop the record; the file stays";
    }
  }

  /**
   * Record a base's file that something needs, or that says itself which base of this home it is.
   *
   * @param isNeeded whether a recorded disk or a base stands on it; if not, a hold keeps it
   */
  record RecordBase(BaseDiskId base, boolean isNeeded) implements Remedy {
    @Override
    public String describe() {
      return isNeeded ? "record it, since something stands on it" : "record it, and hold it";
    }
  }

  /** Record the files below an image as foreign bases, down to the first recorded one. */
  record RecordForeign(Path image) implements Remedy {
    @Override
    public String describe() {
      return "record the files that it stands on as foreign bases";
    }
  }

  /** Record the modification time that a base's file has now. */
  record RecordTime(BaseDiskId base, Instant modifiedAt, String digest) implements Remedy {
    @Override
    public String describe() {
      return "record the time that the file has now";
    }
  }

  /** Record the inode number that a box's disks directory has now. */
  record RecordDirectory(BoxId box, long inode) implements Remedy {
    @Override
    public String describe() {
      return "record the directory that is there: its disk stands on the recorded base";
    }
  }

  // What is for a person.

  /** Compare the content of a base with its digest, which tells whether it changed. */
  record CompareContent(BaseDiskId base) implements ForPerson {
    @Override
    public String describe() {
      return "compare its content with its digest";
    }
  }

  /** Take the content that a base has now as its content; there is no digest to compare it with. */
  record AcceptChanged(BaseDiskId base) implements ForPerson {
    @Override
    public String describe() {
      return "put the file back from a backup, or accept it as it is";
    }

    @Override
    public boolean isLossy() {
      return true;
    }
  }

  /** Mount the file system that has the files of a directory. */
  record BringBack(Path directory) implements ForPerson {
    @Override
    public String describe() {
      return "bring it back: mount its file system";
    }
  }

  /** Delete an orphan, which may be the only copy of a disk. */
  record DiscardOrphan(Path file) implements ForPerson {
    @Override
    public String describe() {
      return "copy it away if you need it, then discard it";
    }

    @Override
    public boolean isLossy() {
      return true;
    }
  }

  /** Drop the intent of an operation; the disk stays as it is now. */
  record Settle(OperationId operation) implements ForPerson {
    @Override
    public String describe() {
      return "bring back what it expects, or settle it with the disk as it is now";
    }
  }

  /** Decide what happened to the home as a whole. */
  record MendHome(Problem problem) implements ForPerson {
    @Override
    public String describe() {
      return switch (problem) {
        case ELSEWHERE, RELOCATING -> "relocate the home to where it is now";
        case OLDER_STORE -> "put the newest store back, or rebuild it from the files";
        case FOREIGN_STORE, LOST_STORE -> "put the store back, or rebuild it from the files";
        case READ_ONLY -> "make the file system and the store writable";
      };
    }
  }

  /** Leave it to a person, who may have to lose something. */
  record ByHand(String advice, boolean isLossy) implements ForPerson {
    @Override
    public String describe() {
      return advice;
    }
  }
}
