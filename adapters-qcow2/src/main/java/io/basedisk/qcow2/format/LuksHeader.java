package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.ContentObstacles.KeySlot;
import io.basedisk.domain.image.ContentObstacles.Luks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The LUKS header of an encrypted image, as far as {@code qemu-img info} shows it. No key is read.
 *
 * <p>Specification: "LUKS On-Disk Format Specification", version 1.2.3, "The partition header".
 */
public final class LuksHeader {

  private static final int LENGTH = 592;
  private static final long MAGIC = 0x4c554b53babeL; // "LUKS" 0xba 0xbe, 6 bytes.
  private static final int VERSION = 1;
  private static final int SECTOR = 512;
  private static final int SLOTS = 8;
  private static final int FIRST_SLOT = 208;
  private static final int SLOT_SIZE = 48;
  private static final int ACTIVE = 0x00ac71f3;

  private LuksHeader() {}

  /**
   * Reads the header to which an image's encryption extension leads.
   *
   * @param file the image's file
   * @param extension the encryption extension
   * @return the fields; empty if it is no LUKS header of version 1
   */
  public static Optional<Luks> read(FileBytes file, EncryptionHeaderExtension extension) {
    if (extension.start().bytes() < 0 || extension.length() < LENGTH) {
      return Optional.empty();
    }
    ByteBuffer bytes = file.read(extension.start(), LENGTH);
    if (bytes.getLong(0) >>> Short.SIZE != MAGIC || bytes.getShort(6) != VERSION) {
      return Optional.empty();
    }
    String mode = text(bytes, 40, 32);
    int dash = mode.indexOf('-');
    String chaining = dash < 0 ? mode : mode.substring(0, dash);
    String generator = dash < 0 ? "" : mode.substring(dash + 1);
    int colon = generator.indexOf(':');
    long keyBits = Integer.toUnsignedLong(bytes.getInt(108)) * Byte.SIZE;
    return Optional.of(
        new Luks(
            // Half of the key of XTS is the key of the cipher.
            text(bytes, 8, 32) + "-" + (chaining.equals("xts") ? keyBits / 2 : keyBits),
            chaining,
            colon < 0 ? generator : generator.substring(0, colon),
            colon < 0 ? null : generator.substring(colon + 1),
            text(bytes, 72, 32),
            text(bytes, 168, 40),
            Integer.toUnsignedLong(bytes.getInt(104)) * SECTOR,
            Integer.toUnsignedLong(bytes.getInt(164)),
            slots(bytes)));
  }

  private static ImmutableList<KeySlot> slots(ByteBuffer bytes) {
    ImmutableList.Builder<KeySlot> slots = ImmutableList.builder();
    for (int i = 0; i < SLOTS; i++) {
      ByteBuffer slot = bytes.slice(FIRST_SLOT + i * SLOT_SIZE, SLOT_SIZE);
      boolean active = slot.getInt(0) == ACTIVE;
      slots.add(
          new KeySlot(
              active,
              active ? Integer.toUnsignedLong(slot.getInt(4)) : 0,
              Integer.toUnsignedLong(slot.getInt(40)) * SECTOR,
              active ? Integer.toUnsignedLong(slot.getInt(44)) : 0));
    }
    return slots.build();
  }

  /** {@return a text that ends before a zero byte} */
  private static String text(ByteBuffer bytes, int at, int size) {
    String text = StandardCharsets.ISO_8859_1.decode(bytes.slice(at, size)).toString();
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
