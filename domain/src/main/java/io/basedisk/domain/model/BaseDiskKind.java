package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kind of a base disk. It decides when the base is deleted. */
public enum BaseDiskKind {
  /** A user's snapshot: deleted only when the user removes it. */
  SNAPSHOT("snapshot"),
  /** The shared base of clones: collected when nothing needs it. */
  CLONE_BASE("clone_base"),
  /**
   * An entry of the rootfs cache: deleted by removal or eviction. If a newer entry has taken its
   * key, it is collected when nothing needs it.
   */
  ROOTFS("rootfs");

  private final String label;

  BaseDiskKind(String label) {
    this.label = label;
  }

  /** {@return the name of this kind in JSON, in the store and on the command line} */
  public String label() {
    return label;
  }

  /**
   * {@return the kind with a label}
   *
   * @param label the label
   * @throws InvalidArgumentException if no kind has the label
   */
  public static BaseDiskKind ofLabel(String label) {
    for (BaseDiskKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw new InvalidArgumentException(
        "invalid kind \""
            + Quoted.of(label)
            + "\": expected one of "
            + Arrays.stream(values()).map(BaseDiskKind::label).collect(Collectors.joining(", ")));
  }
}
