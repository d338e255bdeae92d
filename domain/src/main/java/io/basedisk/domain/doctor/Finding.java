package io.basedisk.domain.doctor;

import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One disagreement between the store, the files and their headers.
 *
 * @param kind what kind of disagreement it is
 * @param file the file that it is about
 * @param detail what is wrong, as a clause for people
 * @param remedy what a person can do about it
 * @param repair the change that a repair makes by itself, as the remedy; null if a person must act
 */
public record Finding(Kind kind, Path file, String detail, Remedy remedy, @Nullable Repair repair) {

  /** Makes a finding that a person has to deal with. */
  public Finding(Kind kind, Path file, String detail, Remedy remedy) {
    this(kind, file, detail, remedy, null);
  }

  /** Makes a finding that a repair deals with. */
  public Finding(Kind kind, Path file, String detail, Repair repair) {
    this(kind, file, detail, new Remedy.RepairWithDoctor(), repair);
  }

  /** What can be wrong. */
  public enum Kind {
    /** The home can't be changed as it is: its store is older, or was made for another place. */
    HOME_UNUSABLE,
    /** A directory is absent or empty that has recorded files: its file system is not mounted. */
    FILE_SYSTEM_AWAY,
    /** A base is recorded and its file is missing. */
    RECORD_WITHOUT_FILE,
    /** A file in the bases directory is named as a base and not recorded. */
    FILE_WITHOUT_RECORD,
    /** A directory among the boxes is no recorded box's. */
    BOX_WITHOUT_RECORD,
    /** A record of the home's own base names another file than the home keeps for that base. */
    RECORD_OUTSIDE,
    /** A temporary file of an operation is left. */
    LEFTOVER_TEMPORARY,
    /** A base's recorded parent is not the nearest base in its chain. */
    PARENT_DIFFERS,
    /** A disk's recorded base is not the nearest base in its chain. */
    REFERENCE_DIFFERS,
    /** The header of a disk or a base names a file that no record explains. */
    BACKS_ONTO_UNRECORDED,
    /** The disks directory of a box is another directory than was recorded. */
    DIRECTORY_DIFFERS,
    /** A box's disk is missing. */
    DISK_MISSING,
    /**
     * What is at a disk's path is not a regular file of one name, or a symbolic link is on the way
     * to it.
     */
    NOT_A_DISK,
    /** A file, or a file in its backing chain, can't be looked at or read. */
    FILE_UNREADABLE,
    /** A file in a backing chain is missing. */
    BACKING_FILE_MISSING,
    /** A backing chain is a cycle. */
    CYCLE,
    /** An image is not valid. */
    IMAGE_INVALID,
    /** The check of an image found errors. */
    IMAGE_DAMAGED,
    /** The check of a writable disk found clusters that nothing uses. */
    IMAGE_LEAKS,
    /** A base can be written to, or a directory of the home permits others too much. */
    WRONG_PERMISSIONS,
    /** A base's file has another owner than the home. */
    OWNER_DIFFERS,
    /** A base's file may have changed, or has, since it was recorded. */
    BASE_CHANGED,
    /** A base's file has its recorded content and another modification time. */
    BASE_TIME_DIFFERS,
    /** An operation's owner died, and its files allow no verdict. */
    STALE_INTENT;

    /** Returns the name of this kind in JSON. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
