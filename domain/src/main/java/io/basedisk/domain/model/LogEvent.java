package io.basedisk.domain.model;

import java.util.Arrays;

/** What an entry of the log reports. Each value reports one change of the home's records. */
public enum LogEvent {
  /** A disk was forked into a base and an empty overlay of it. */
  FORKED("forked"),
  /** A disk was copied to a base. */
  COPIED("copied"),
  /** Boxes were created. */
  BOX_CREATED("box_created"),
  /** A fork registered a box whose disks are outside the home. */
  BOX_REGISTERED("box_registered"),
  /** A disk that was there before basedisk became the disk of a box. */
  BOX_ADOPTED("box_adopted"),
  /** A box was renamed. The entry has both names, the old one first. */
  BOX_RENAMED("box_renamed"),
  /** A box was unregistered, and its disks were left where they are. */
  BOX_FORGOTTEN("box_forgotten"),
  /** A box was removed. Its disks are deleted after the entry. */
  BOX_REMOVED("box_removed"),
  /** A box was restored to a snapshot. */
  RESTORED("restored"),
  /** A box's disk got a shorter chain with the same content. */
  COMPACTED("compacted"),
  /** A box's disk got a larger virtual size. */
  RESIZED("resized"),
  /** The rootfs cache got a new entry. */
  ROOTFS_ADDED("rootfs_added"),
  /** A box got a guest-rootfs disk. */
  ROOTFS_ATTACHED("rootfs_attached"),
  /**
   * The layers of a box or of a snapshot were sent to another place. The entry has the top base.
   */
  EXPORTED("exported"),
  /** A layer of an artifact was received, and recorded as a base. */
  LAYER_IMPORTED("layer_imported"),
  /** A base became a snapshot of a box that is being imported. */
  SNAPSHOT_IMPORTED("snapshot_imported"),
  /** A box was created on the layers of an artifact. The entry has the top base. */
  BOX_IMPORTED("box_imported"),
  /** A snapshot lost its name. Its base is a clone base now. */
  SNAPSHOT_REMOVED("snapshot_removed"),
  /** A snapshot was renamed. */
  SNAPSHOT_RENAMED("snapshot_renamed"),
  /** A file that was there before basedisk was adopted as a base. */
  BASE_ADOPTED("base_adopted"),
  /** A file that no record named was recorded as a base. */
  BASE_RECORDED("base_recorded"),
  /** A user removed a base by its id, or the entry of a rootfs. Its file is deleted afterwards. */
  BASE_REMOVED("base_removed"),
  /** A collection removed a base that nothing needed. Its file is deleted afterwards. */
  COLLECTED("collected"),
  /** The record of a foreign base was removed. Its file stays. */
  GIVEN_BACK("given_back"),
  /** A hold on a base was released. */
  HOLD_RELEASED("hold_released"),
  /** An operation failed or its process died, and the operation was rolled back. */
  ROLLED_BACK("rolled_back"),
  /** A user had the intent of an operation dropped, because its files allowed no verdict. */
  SETTLED("settled"),
  /** A record was changed to agree with the files. */
  REPAIRED("repaired"),
  /** Orphans were deleted. */
  SWEPT("swept"),
  /** The home was relocated after a move or a copy. */
  RELOCATED("relocated"),
  /** The store was rebuilt from the files. Earlier entries are lost. */
  REBUILT("rebuilt");

  private final String label;

  LogEvent(String label) {
    this.label = label;
  }

  /** {@return the name of this event in the store and in JSON} */
  public String label() {
    return label;
  }

  /**
   * {@return the event with a label}
   *
   * @param label the label
   * @throws IllegalArgumentException if no event has the label
   */
  public static LogEvent ofLabel(String label) {
    return Arrays.stream(values())
        .filter(event -> event.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown event of the log: " + label));
  }
}
