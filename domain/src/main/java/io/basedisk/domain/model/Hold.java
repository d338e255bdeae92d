package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record that keeps a base until a user removes the base or releases all holds. A base has at
 * most one hold for each reason and path.
 *
 * @param base id of the kept base
 * @param reason why the base is kept
 * @param path the file that may need the base; null unless the reason is {@link
 *     Reason#FORGOTTEN_BOX}
 */
public record Hold(BaseDiskId base, Reason reason, @Nullable Path path) {

  /** Why a base is held. */
  public enum Reason {
    /** A box was unregistered, but its disk still exists and needs the base. */
    FORGOTTEN_BOX("forgotten_box"),
    /** The store was rebuilt from the files, and no file that was found needs the base. */
    REBUILT("rebuilt"),
    /** The base is a verified layer of an incomplete import. */
    IMPORTED("imported");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** {@return the name of this reason in the store and in JSON} */
    public String label() {
      return label;
    }

    /**
     * {@return the reason with a label}
     *
     * @param label the label
     * @throws IllegalArgumentException if no reason has the label
     */
    public static Reason ofLabel(String label) {
      return Arrays.stream(values())
          .filter(reason -> reason.label.equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("unknown reason of a hold: " + label));
    }
  }

  /**
   * Checks the values.
   *
   * @param base see {@link #base}
   * @param reason see {@link #reason}
   * @param path see {@link #path}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public Hold {
    Preconditions.checkArgument(
        (reason == Reason.FORGOTTEN_BOX) == (path != null),
        "a hold for the reason %s can't have the path %s",
        reason,
        path);
  }
}
