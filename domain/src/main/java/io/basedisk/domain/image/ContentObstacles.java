package io.basedisk.domain.image;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * The reasons why the content of a qcow2 image can't be opened, although its header is valid.
 *
 * @param encryption how the content is encrypted; null if it is not
 * @param dataFile name of the external data file, for display only; null without one. Empty if the
 *     header does not name it
 * @param rawDataFile whether the external data file is a raw image by itself
 * @param unknownFeatures names of the incompatible features that are not supported
 */
public record ContentObstacles(
    @Nullable Encryption encryption,
    @Nullable String dataFile,
    boolean rawDataFile,
    ImmutableList<String> unknownFeatures) {

  /** The content can be opened. */
  public static final ContentObstacles NONE =
      new ContentObstacles(null, null, false, ImmutableList.of());

  /**
   * The encryption of an image's content.
   *
   * @param format QEMU's name of the method: aes, luks, or the number of another one
   * @param luks the fields of a LUKS header; null for another method, or if the header is not valid
   */
  public record Encryption(String format, @Nullable Luks luks) {}

  /**
   * The fields of a LUKS header that QEMU shows.
   *
   * @param cipher the cipher with its key length in bits, such as aes-256
   * @param mode the cipher mode, such as xts
   * @param ivGenerator the generator of initial vectors, such as plain64
   * @param ivHash its hash; null if it has none
   * @param hash the hash of the keys
   * @param uuid the id of the volume
   * @param payload offset of the payload in bytes
   * @param iterations number of iterations for the master key
   * @param slots the key slots
   */
  public record Luks(
      String cipher,
      String mode,
      String ivGenerator,
      @Nullable String ivHash,
      String hash,
      String uuid,
      long payload,
      long iterations,
      ImmutableList<KeySlot> slots) {}

  /**
   * A key slot.
   *
   * @param active whether it holds a key
   * @param iterations number of iterations for its key; 0 if it holds none
   * @param keyOffset offset of the key material in bytes
   * @param stripes number of stripes of the key material; 0 if it holds none
   */
  public record KeySlot(boolean active, long iterations, long keyOffset, long stripes) {}
}
