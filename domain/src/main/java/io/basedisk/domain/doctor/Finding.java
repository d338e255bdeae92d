package io.basedisk.domain.doctor;

import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One disagreement between the store, the files and their headers.
 *
 * @param kind the kind of disagreement
 * @param file the file that it is about
 * @param detail what is wrong, as a clause for people
 * @param remedy what the user can do about it
 * @param repair what {@link Doctor#repair} does about it, equal to {@code remedy}; null if the user
 *     must act
 */
public record Finding(Kind kind, Path file, String detail, Remedy remedy, @Nullable Repair repair) {

  /**
   * Creates a finding for the user to act on.
   *
   * @param kind the kind of disagreement
   * @param file the file that it is about
   * @param detail what is wrong, as a clause for people
   * @param remedy what the user can do about it
   */
  public Finding(Kind kind, Path file, String detail, Remedy remedy) {
    this(kind, file, detail, remedy, null);
  }

  /**
   * Creates a finding that {@link Doctor#repair} can repair.
   *
   * @param kind the kind of disagreement
   * @param file the file that it is about
   * @param detail what is wrong, as a clause for people
   * @param repair the repair
   */
  public Finding(Kind kind, Path file, String detail, Repair repair) {
    this(kind, file, detail, new Remedy.RepairWithDoctor(), repair);
  }

  /** The kinds of disagreement. */
  public enum Kind {
    /** The home may not be changed: its store is older, or was made for another path. */
    HOME_UNUSABLE,
    /** A directory with recorded files is missing or empty: its file system is not mounted. */
    FILE_SYSTEM_AWAY,
    /** A recorded base's file is missing. */
    RECORD_WITHOUT_FILE,
    /** A file in the bases directory has a base's name but no record. */
    FILE_WITHOUT_RECORD,
    /** A directory in the boxes directory has no recorded box. */
    BOX_WITHOUT_RECORD,
    /** The record of one of the home's own bases names a file that is not that base's. */
    RECORD_OUTSIDE,
    /** A temporary file of an operation was left. */
    LEFTOVER_TEMPORARY,
    /** A base's recorded parent is not the nearest base in its chain. */
    PARENT_DIFFERS,
    /** A disk's recorded base is not the nearest base in its chain. */
    REFERENCE_DIFFERS,
    /** The header of a disk or a base names a file that has no record. */
    BACKS_ONTO_UNRECORDED,
    /** The disks directory of a box is not the recorded one. */
    DIRECTORY_DIFFERS,
    /** A box's disk is missing. */
    DISK_MISSING,
    /**
     * A disk's path names something other than a regular file with one name, or has a symbolic link
     * in it.
     */
    NOT_A_DISK,
    /** The status or content of a file, or of a file in its backing chain, can't be read. */
    FILE_UNREADABLE,
    /** A file in a backing chain is missing. */
    BACKING_FILE_MISSING,
    /** A backing chain is a cycle. */
    CYCLE,
    /** An image is not valid. */
    IMAGE_INVALID,
    /** The check of an image found errors. */
    IMAGE_DAMAGED,
    /** The check of a writable disk found unused clusters. */
    IMAGE_LEAKS,
    /** A base is writable, or a directory of the home has too many permissions. */
    WRONG_PERMISSIONS,
    /** A base's file and the home have different owners. */
    OWNER_DIFFERS,
    /** A base's file has changed, or may have changed, since it was recorded. */
    BASE_CHANGED,
    /** A base's file has its recorded content but another modification time. */
    BASE_TIME_DIFFERS,
    /** The process of an operation died, and its files allow no verdict. */
    STALE_INTENT;

    /** {@return this kind's name in JSON} */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
