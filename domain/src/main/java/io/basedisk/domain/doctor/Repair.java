package io.basedisk.domain.doctor;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A change of a record or of permissions that a repair makes by itself. It loses nothing. */
public sealed interface Repair {

  /** Returns the change as an instruction for people. */
  String describe();

  /** Take from a file or directory what it permits beyond {@code most}, permission bits. */
  record LimitPermissions(Path path, int most) implements Repair {
    @Override
    public String describe() {
      return String.format("take away what it permits beyond %04o", most);
    }
  }

  /** Record the parent that the header names. */
  record SetParent(BaseDiskId base, @Nullable BaseDiskId parent) implements Repair {
    @Override
    public String describe() {
      return parent == null ? "record that it has no parent" : "record the parent " + parent;
    }
  }

  /** Record the base that a disk stands on by its header. */
  record SetReference(BoxId box, DiskSlot slot, @Nullable BaseDiskId base) implements Repair {
    @Override
    public String describe() {
      return base == null
          ? "record that the disk stands on no base"
          : "record that the disk stands on base " + base;
    }
  }

  /** Drop the record of a clone base that has no file and that nothing needs. */
  record DropRecord(BaseDiskId base) implements Repair {
    @Override
    public String describe() {
      return "drop the record, which nothing needs";
    }
  }

  /** Drop the note that a base is to be deleted; the file that it names stays. */
  record DropDeleting(BaseDiskId base) implements Repair {
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
  record RecordBase(BaseDiskId base, boolean isNeeded) implements Repair {
    @Override
    public String describe() {
      return isNeeded ? "record it, since something stands on it" : "record it, and hold it";
    }
  }

  /** Record the files below an image as foreign bases, down to the first recorded one. */
  record RecordForeign(Path image) implements Repair {
    @Override
    public String describe() {
      return "record the files that it stands on as foreign bases";
    }
  }

  /** Record the modification time that a base's file has now. */
  record RecordTime(BaseDiskId base, Instant modifiedAt, String digest) implements Repair {
    @Override
    public String describe() {
      return "record the time that the file has now";
    }
  }

  /** Record the inode number that a box's disks directory has now. */
  record RecordDirectory(BoxId box, long inode) implements Repair {
    @Override
    public String describe() {
      return "record the directory that is there: its disk stands on the recorded base";
    }
  }
}
