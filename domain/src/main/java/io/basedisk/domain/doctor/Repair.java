package io.basedisk.domain.doctor;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change of a record or of permissions that {@link Doctor#repair} makes. It loses no data. */
public sealed interface Repair {

  /** {@return the change as an instruction for people} */
  String describe();

  /**
   * {@return the change of the records for the log, without a detail; empty if there is none, or if
   * another entry reports it}
   */
  default Optional<LoggedChange> change() {
    return Optional.empty();
  }

  /**
   * Limits the permissions of a file or directory.
   *
   * @param path the file or directory
   * @param limit the permission bits that may stay
   */
  record LimitPermissions(Path path, int limit) implements Repair {
    @Override
    public String describe() {
      return String.format("limit its permissions to %04o", limit);
    }
  }

  /**
   * Records the parent that a base's header names.
   *
   * @param base the base
   * @param parent the parent; null for none
   */
  record SetParent(BaseDiskId base, @Nullable BaseDiskId parent) implements Repair {
    @Override
    public String describe() {
      return parent == null ? "record that it has no parent" : "record the parent " + parent;
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).onBase(base));
    }
  }

  /**
   * Records the base that a disk's header names.
   *
   * @param box the box
   * @param slot the disk
   * @param base the base; null for none
   */
  record SetReference(BoxId box, DiskSlot slot, @Nullable BaseDiskId base) implements Repair {
    @Override
    public String describe() {
      return base == null
          ? "record that the disk has no base"
          : "record the disk's base as " + base;
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).on(box));
    }
  }

  /**
   * Drops the record of an unneeded clone base that has no file.
   *
   * @param base the base
   */
  record DropRecord(BaseDiskId base) implements Repair {
    @Override
    public String describe() {
      return "drop the unneeded record";
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).onBase(base));
    }
  }

  /**
   * Drops the pending delete of a base. The file that it names stays.
   *
   * @param base the base
   */
  record DropDeleting(BaseDiskId base) implements Repair {
    @Override
    public String describe() {
      return "drop the pending delete; the file stays";
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).onBase(base));
    }
  }

  /**
   * Records a base that an image needs, or whose file says which base of this home it is.
   *
   * @param base the base
   * @param isNeeded whether a recorded disk or base backs onto it; if not, a hold keeps it
   */
  record RecordBase(BaseDiskId base, boolean isNeeded) implements Repair {
    @Override
    public String describe() {
      return isNeeded ? "record it, because an image backs onto it" : "record it, and hold it";
    }
  }

  /**
   * Records the files below an image as foreign bases, down to the first recorded one.
   *
   * @param image the image
   */
  record RecordForeign(Path image) implements Repair {
    @Override
    public String describe() {
      return "record the files that it backs onto as foreign bases";
    }
  }

  /**
   * Records the present modification time of a base's file.
   *
   * @param base the base
   * @param modifiedAt the time
   * @param digest the digest of the content with that time
   */
  record RecordTime(BaseDiskId base, Instant modifiedAt, String digest) implements Repair {
    @Override
    public String describe() {
      return "record the file's present modification time";
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).onBase(base));
    }
  }

  /**
   * Records the present inode number of a box's disks directory.
   *
   * @param box the box
   * @param inode the inode number
   */
  record RecordDirectory(BoxId box, long inode) implements Repair {
    @Override
    public String describe() {
      return "record this directory: its disk backs onto the recorded base";
    }

    @Override
    public Optional<LoggedChange> change() {
      return Optional.of(LoggedChange.of(LogEvent.REPAIRED).on(box));
    }
  }
}
